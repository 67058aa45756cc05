import Testing

@testable import TundishColumns

@Suite("Arithmetic")
struct ArithmeticTests {
  private let call = Call()
  private let money = DataType.decimal(precision: 10, scale: 2)

  @Test("result types")
  func types() {
    #expect(call.type("+", .tinyint, .smallint) == "SMALLINT")
    #expect(call.type("+", .integer, .hugeint) == "HUGEINT")
    #expect(call.type("+", money, .integer) == "DECIMAL(13,2)")
    #expect(call.type("+", money, .decimal(precision: 12, scale: 4)) == "DECIMAL(13,4)")
    #expect(call.type("*", money, money) == "DECIMAL(20,4)")
    #expect(call.type("*", money, .double) == "DOUBLE")
    #expect(call.type("/", .integer, .bigint) == "DOUBLE")
    #expect(call.type("/", money, .integer) == "DECIMAL(14,6)")
    #expect(call.type("%", money, .decimal(precision: 12, scale: 4)) == "DECIMAL(12,4)")
    #expect(call.type("-", .date, .date) == "BIGINT")
    #expect(call.type("-", .date, .timestamp) == "INTERVAL")
    #expect(call.type("+", .date, .integer) == "DATE")
    #expect(call.type("+", .interval, .date) == "TIMESTAMP")
    #expect(call.type("-", .tinyint) == "TINYINT")
    #expect(call.type("+", .boolean, .integer).contains("wrongArgumentTypes"))
    #expect(call.type("+", .varchar, .integer).contains("wrongArgumentTypes"))
    #expect(call.type("nonesuch").contains("unknownFunction"))
    #expect(call.type("bit_count").contains("wrongArgumentCount"))
  }

  @Test("integers overflow with an error, at each width")
  func overflow() {
    #expect(
      call.show("+", ("2147483647", .integer), ("1", .integer))
        == "error: overflow in INTEGER addition: 2147483647 + 1"
    )
    #expect(
      call.show("+", ("127", .tinyint), ("1", .tinyint)).hasPrefix("error: overflow in TINYINT")
    )
    #expect(
      call.show("*", ("9223372036854775807", .bigint), ("2", .bigint))
        == "error: overflow in BIGINT multiplication: 9223372036854775807 * 2"
    )
    #expect(call.show("-", ("-128", .tinyint)) == "error: overflow in TINYINT negation: -128")
    #expect(call.show("//", ("-128", .tinyint), ("-1", .tinyint)).hasPrefix("error"))
    #expect(call.show("-", ("-9223372036854775808", .bigint)).hasPrefix("error"))
    #expect(call.show("<<", ("1", .integer), ("31", .integer)).hasPrefix("error: overflow"))
    #expect(call.show("<<", ("1", .integer), ("30", .integer)) == "1073741824")
  }

  @Test("overflow under NULL means nothing")
  func overflowUnderNull() throws {
    let left = Column.integers([Int64.max, 1], validity: [false, true])
    let right = Column.integers([1, 1])
    #expect(try call.run("+", [left, right], rowCount: 2).allValues() == [.null, .integer(2)])
    let decimals = Column.integers(
      [Int64.max, 100],
      type: .decimal(precision: 18, scale: 2),
      validity: [false, true]
    )
    for name in ["+", "-", "*", "/", "//", "%"] {
      #expect(try call.run(name, [decimals, decimals], rowCount: 2).value(at: 0) == .null)
    }
    let dates = Column.integers([Int64.max, 0], type: .date, validity: [false, true])
    #expect(try call.run("+", [dates, right], rowCount: 2).value(at: 0) == .null)
    #expect(try call.run("-", [dates, dates], rowCount: 2).value(at: 0) == .null)
  }

  @Test("decimals are exact")
  func decimals() {
    #expect(call.show("+", ("1.5", money), ("2.255", .decimal(precision: 6, scale: 3))) == "3.755")
    #expect(call.show("*", ("-1.25", money), ("1.5", money)) == "-1.8750")
    #expect(call.show("/", ("1", money), ("3", money)) == "0.333333")
    #expect(call.show("/", ("2", money), ("3", .integer)) == "0.666667")
    #expect(call.show("/", ("0.01", money), ("20000", .integer)) == "0.000000")
    #expect(call.show("/", ("0.03", money), ("20000", .integer)) == "0.000002")
    #expect(call.show("/", ("-1", money), ("0", money)) == "NULL")
    #expect(call.show("/", ("10", .integer), ("2.50", money)) == "4.000000")
    #expect(call.show("%", ("5.5", money), ("-2", .integer)) == "1.50")
    #expect(call.show("//", ("-5.5", money), ("2", .integer)) == "-2")
    let long = DataType.decimal(precision: 38, scale: 0)
    let nines = String(repeating: "9", count: 38)
    #expect(
      call.show("+", (nines, long), ("1", .integer)).hasPrefix("error: overflow in DECIMAL(38,0)")
    )
    #expect(call.show("*", (nines, long), ("10", .integer)).hasPrefix("error: overflow"))
    let fine = DataType.decimal(precision: 38, scale: 30)
    #expect(call.show("/", ("1", fine), ("3", fine)).hasPrefix("0.333333333333333333333333333333"))
    #expect(call.type("*", fine, fine) == "DOUBLE")
  }

  @Test("division and remainder by zero are NULL")
  func zero() {
    for type in [DataType.integer, .double, .hugeint, money] {
      for name in ["/", "//", "%"] {
        #expect(call.show(name, ("1", type), ("0", type)) == "NULL")
      }
    }
    #expect(call.show("/", ("3 days", .interval), ("0", .double)) == "NULL")
    #expect(call.show("^", ("0", .double), ("-1", .double)) == "NULL")
  }

  @Test("doubles never become infinite")
  func doubles() {
    #expect(
      call.show("*", ("1e308", .double), ("10", .double)).hasPrefix("error: overflow in DOUBLE")
    )
    #expect(call.show("/", ("1e308", .double), ("1e-10", .double)).hasPrefix("error: overflow"))
    #expect(call.show("^", ("10", .double), ("400", .double)).hasPrefix("error: overflow"))
    #expect(call.show("^", ("-8", .double), ("0.5", .double)).hasPrefix("error: a negative"))
    #expect(call.show("+", ("inf", .double), ("1", .double)) == "inf")
  }

  @Test("integers against a scalar loop", arguments: [0, 1, 2_047, 2_048, 2_049])
  func loops(count: Int) throws {
    var random = SystemSeed(state: UInt64(count) &+ 7)
    let left = (0..<count).map { _ in Int64(random.next(1_000)) - 500 }
    let right = (0..<count).map { _ in Int64(random.next(10)) - 5 }
    let validity = (0..<count).map { _ in random.next(5) > 0 }
    let columns = [Column.integers(left, validity: validity), Column.integers(right)]
    let operations: [(String, (Int64, Int64) -> Value)] = [
      ("+", { .integer($0 + $1) }), ("-", { .integer($0 - $1) }), ("*", { .integer($0 * $1) }),
      ("/", { $1 == 0 ? .null : .double(Double($0) / Double($1)) }),
      ("//", { $1 == 0 ? .null : .integer($0 / $1) }),
      ("%", { $1 == 0 ? .null : .integer($0 % $1) }),
      ("&", { .integer($0 & $1) }), ("|", { .integer($0 | $1) }), ("xor", { .integer($0 ^ $1) }),
    ]
    for (name, reference) in operations {
      let result = try call.run(name, columns, rowCount: count)
      let expected = (0..<count).map { validity[$0] ? reference(left[$0], right[$0]) : .null }
      #expect(result.allValues() == expected, "\(name)")
      guard count > 0 else { continue }
      let constant = Column.constant(.integer(right[0]), type: .bigint, count: count)
      let withConstant = try call.run(name, [columns[0], constant], rowCount: count)
      let expectedWithConstant = (0..<count).map {
        validity[$0] ? reference(left[$0], right[0]) : .null
      }
      #expect(withConstant.allValues() == expectedWithConstant, "\(name)")
    }
    let nulls = Column.nulls(type: .bigint, count: count)
    #expect(
      try call.run("+", [columns[1], nulls], rowCount: count).allValues().allSatisfy(\.isNull)
    )
  }

  @Test("dates, times and intervals")
  func temporal() {
    #expect(call.show("+", ("2026-01-31", .date), ("1", .integer)) == "2026-02-01")
    #expect(call.show("+", ("2020-01-31", .date), ("1 month", .interval)) == "2020-02-29 00:00:00")
    #expect(call.show("-", ("2020-03-31", .date), ("1 month", .interval)) == "2020-02-29 00:00:00")
    #expect(
      call.show("-", ("2020-01-01 10:00:00", .timestamp), ("2019-01-01", .timestamp))
        == "365 days 10:00:00"
    )
    #expect(call.show("+", ("23:30", .time), ("1 hour", .interval)) == "00:30:00")
    #expect(call.show("-", ("10:00", .time), ("11 hours", .interval)) == "23:00:00")
    #expect(call.show("+", ("2020-01-01", .date), ("10:00", .time)) == "2020-01-01 10:00:00")
    #expect(call.show("*", ("1 month", .interval), ("1.5", .double)) == "1 month 15 days")
    #expect(call.show("/", ("1 year", .interval), ("5", .double)) == "2 months 12 days")
    #expect(call.show("*", ("1 day", .interval), ("2", .integer)) == "2 days")
    #expect(call.show("+", ("2020-01-01", .date), ("999999999", .integer)).hasPrefix("error"))
    #expect(
      call.show("+", ("2020-01-01", .date), ("100000000 months", .interval)).hasPrefix("error")
    )
  }
}
