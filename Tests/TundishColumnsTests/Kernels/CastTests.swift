import Testing

@testable import TundishColumns

@Suite("Casts")
struct CastTests {
  private let context = FunctionContext(nowMicroseconds: 0)

  /// The text of a string cast to a type; `error: ...` where that fails.
  private func read(_ text: String, _ type: DataType) -> String {
    show { () throws(ExecutionError) in
      try Cast.convert(.strings([text]), to: type, context: context)
    }
  }

  private func show(_ make: () throws(ExecutionError) -> Column) -> String {
    do {
      let column = try make()
      var bytes: [UInt8] = []
      ColumnPrinter(column).append(0, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    } catch {
      return "error: \(error.message)"
    }
  }

  private func convert(_ value: Value, _ source: DataType, _ target: DataType) -> String {
    show { () throws(ExecutionError) in
      try Cast.convert(.constant(value, type: source, count: 1), to: target, context: context)
    }
  }

  @Test(
    "text is read as integers",
    arguments: [
      ("12", "12"), (" 12 ", "12"), ("1.5", "2"), ("2.5", "3"), ("-2.5", "-3"), ("1e3", "1000"),
      ("+5", "5"), ("-0", "0"), ("1_000", "1000"), ("0x1F", "31"),
      ("2147483647", "2147483647"), ("-2147483648", "-2147483648"),
      ("2147483648", "error: could not convert '2147483648' to INTEGER"),
      ("abc", "error: could not convert 'abc' to INTEGER"),
      ("", "error: could not convert '' to INTEGER"),
      ("1__0", "error: could not convert '1__0' to INTEGER"),
      ("1 2", "error: could not convert '1 2' to INTEGER"),
      ("-", "error: could not convert '-' to INTEGER"),
      (".", "error: could not convert '.' to INTEGER"),
      ("1e", "error: could not convert '1e' to INTEGER"),
      ("1e999999999999", "error: could not convert '1e999999999999' to INTEGER"),
    ]
  )
  func integers(text: String, expected: String) {
    #expect(read(text, .integer) == expected)
  }

  @Test("64-bit and 128-bit bounds")
  func bounds() {
    #expect(read("9223372036854775807", .bigint) == "9223372036854775807")
    #expect(read("-9223372036854775808", .bigint) == "-9223372036854775808")
    #expect(read("9223372036854775808", .bigint).hasPrefix("error"))
    let greatest = "170141183460469231731687303715884105727"
    #expect(read(greatest, .hugeint) == greatest)
    #expect(read("-170141183460469231731687303715884105728", .hugeint).hasSuffix("728"))
    #expect(read("170141183460469231731687303715884105728", .hugeint).hasPrefix("error"))
  }

  @Test(
    "text is read as decimals",
    arguments: [
      ("1.005", 5, 2, "1.01"), ("1e2", 10, 2, "100.00"), ("  1.5 ", 4, 1, "1.5"),
      (".5", 4, 1, "0.5"), ("5.", 4, 1, "5.0"), ("-.5", 4, 1, "-0.5"), ("1.25", 4, 1, "1.3"),
      ("-1.25", 4, 1, "-1.3"), ("-0.05", 4, 2, "-0.05"), ("123.45", 38, 10, "123.4500000000"),
      ("99999999999999999999999999999999999999", 38, 0, "99999999999999999999999999999999999999"),
      (
        "0.00000000000000000000000000000000000001", 38, 38,
        "0.00000000000000000000000000000000000001"
      ),
      ("123456", 5, 2, "error: could not convert '123456' to DECIMAL(5,2)"),
      ("999.995", 5, 2, "error: could not convert '999.995' to DECIMAL(5,2)"),
    ] as [(String, Int, Int, String)]
  )
  func decimals(text: String, precision: Int, scale: Int, expected: String) {
    #expect(read(text, .decimal(precision: precision, scale: scale)) == expected)
  }

  @Test(
    "doubles are read exactly and printed shortest",
    arguments: [
      ("1e20", "1e+20"), ("0.1", "0.1"), ("1e15", "1000000000000000.0"), ("1e16", "1e+16"),
      ("123456789012345680", "1.2345678901234568e+17"),
      ("12345678901234567", "1.2345678901234568e+16"),
      ("1e-5", "1e-05"), ("0.0001", "0.0001"), ("1.5e-7", "1.5e-07"), ("1", "1.0"),
      ("nan", "nan"), ("inf", "inf"), ("-Infinity", "-inf"), ("12345678.9", "12345678.9"),
      (".5", "0.5"), ("1e400", "inf"), ("1e-400", "0.0"), ("-1e16", "-1e+16"),
      ("0.1234567890123456789012345678901234567890123", "0.12345678901234568"),
      ("1,5", "error: could not convert '1,5' to DOUBLE"),
    ]
  )
  func doubles(text: String, expected: String) {
    #expect(read(text, .double) == expected)
  }

  @Test(
    "dates, times and timestamps",
    arguments: [
      ("2020-1-5", .date, "2020-01-05"), ("2020/01/05", .date, "2020-01-05"),
      (" 2020-01-05 ", .date, "2020-01-05"), ("2020-01-05 10:00:00", .date, "2020-01-05"),
      ("0020-01-05", .date, "0020-01-05"), ("12020-01-05", .date, "12020-01-05"),
      ("-0044-03-15", .date, "0045-03-15 (BC)"), ("0044-03-15 (BC)", .date, "0044-03-15 (BC)"),
      ("2020-02-30", .date, "error: could not convert '2020-02-30' to DATE"),
      ("20200105", .date, "error: could not convert '20200105' to DATE"),
      ("10:00", .time, "10:00:00"), ("10:00:00.5", .time, "10:00:00.5"),
      ("1:2:3", .time, "01:02:03"),
      ("25:00", .time, "error: could not convert '25:00' to TIME"),
      ("2020-01-05 10:00:00.123456789", .timestamp, "2020-01-05 10:00:00.123456"),
      ("2020-01-05", .timestamp, "2020-01-05 00:00:00"),
      ("2020-01-05T10:00:00Z", .timestamp, "2020-01-05 10:00:00"),
      ("2020-01-05 10:00:00+02", .timestamp, "2020-01-05 10:00:00"),
      ("2020-01-05 10:00:00+02:30", .timestampTZ, "2020-01-05 07:30:00+00"),
      ("2020-01-05 10:00:00-0500", .timestampTZ, "2020-01-05 15:00:00+00"),
    ] as [(String, DataType, String)]
  )
  func temporal(text: String, type: DataType, expected: String) {
    #expect(read(text, type) == expected)
  }

  @Test(
    "intervals",
    arguments: [
      ("3 days", "3 days"), ("1 year 2 months", "1 year 2 months"), ("01:30:00", "01:30:00"),
      ("1 day 02:00:00", "1 day 02:00:00"), ("-3 days", "-3 days"), ("1.5 days", "1 day 12:00:00"),
      ("2 weeks", "14 days"), ("3 hours ago", "-03:00:00"), ("1 quarter", "3 months"),
      ("5 min", "00:05:00"), ("1h30m", "01:30:00"), ("1.5 months", "1 month 15 days"),
      ("-14 months", "-1 year -2 months"), ("0 day", "00:00:00"),
      ("1 month -1 day", "1 month -1 day"), ("25 hours", "25:00:00"),
      ("-01:30:00", "-01:30:00"), ("1 month 1 day 01:02:03.5", "1 month 1 day 01:02:03.5"),
      ("P1Y", "error: could not convert 'P1Y' to INTERVAL"),
      ("99999999999 years", "error: could not convert '99999999999 years' to INTERVAL"),
    ]
  )
  func intervals(text: String, expected: String) {
    #expect(read(text, .interval) == expected)
  }

  @Test("lists, structs, labels and blobs")
  func nested() {
    let fields = [StructField(name: "a", type: .integer), StructField(name: "b", type: .varchar)]
    #expect(read("[1, null, 3]", .list(.integer)) == "[1, NULL, 3]")
    #expect(read("[a, 'b c', \"d\"]", .list(.varchar)) == "[a, b c, d]")
    #expect(read("[]", .list(.integer)) == "[]")
    #expect(read("[[1],[2,3]]", .list(.list(.integer))) == "[[1], [2, 3]]")
    #expect(read("[1, x]", .list(.integer)) == "error: could not convert 'x' to INTEGER")
    #expect(read("{a: 1, b: x}", .structure(fields)) == "{'a': 1, 'b': x}")
    #expect(read("{'b': 'x,y'}", .structure(fields)) == "{'a': NULL, 'b': 'x,y'}")
    #expect(read("b", .enumeration(["a", "b"])) == "b")
    #expect(read("c", .enumeration(["a", "b"])).hasPrefix("error: could not convert 'c' to ENUM"))
    #expect(read("\\x41b\\x00", .blob) == "Ab\\x00")
    #expect(read("yes", .boolean) == "true")
    #expect(read("on", .boolean) == "error: could not convert 'on' to BOOLEAN")
    let texts = Column.values(
      [.list(["it's", "", "1,2", "NULL", "x"].map { .text($0) } + [.null])],
      type: .list(.varchar)
    )
    #expect(show { texts } == "['it\\'s', '', '1,2', 'NULL', x, NULL]")
  }

  @Test("numbers convert with rounding and range checks")
  func numbers() {
    let short = DataType.decimal(precision: 7, scale: 2)
    #expect(convert(.decimal(unscaled: 150, scale: 2), short, .integer) == "2")
    #expect(convert(.decimal(unscaled: -250, scale: 2), short, .integer) == "-3")
    #expect(convert(.double(2.5), .double, .integer) == "2")
    #expect(convert(.double(3.5), .double, .integer) == "4")
    #expect(
      convert(.double(.nan), .double, .integer) == "error: the value nan does not fit INTEGER"
    )
    #expect(convert(.double(1e20), .double, .bigint).hasPrefix("error"))
    #expect(
      convert(.integer(300), .integer, .tinyint) == "error: the value 300 does not fit TINYINT"
    )
    #expect(
      convert(.decimal(unscaled: 1_234_565, scale: 2), short, .decimal(precision: 6, scale: 1))
        == "12345.7"
    )
    #expect(
      convert(.decimal(unscaled: 1_234_567, scale: 2), short, .decimal(precision: 5, scale: 1))
        .hasPrefix("error")
    )
    #expect(convert(.double(0.15), .double, .decimal(precision: 4, scale: 1)) == "0.2")
    #expect(convert(.double(1.005), .double, .decimal(precision: 5, scale: 2)) == "1.00")
    #expect(convert(.decimal(unscaled: 1_234_567, scale: 2), short, .double) == "12345.67")
    #expect(convert(.boolean(true), .boolean, .decimal(precision: 4, scale: 1)) == "1.0")
    #expect(convert(.integer(5), .integer, .boolean) == "true")
    #expect(convert(.date(18_262), .date, .timestamp) == "2020-01-01 00:00:00")
  }

  @Test("TRY gives NULL, and NULL stays NULL")
  func tries() throws {
    let column = Column.strings(["1", "x", nil, "300"])
    let result = try Cast.convert(column, to: .tinyint, isTry: true, context: context)
    #expect(result.allValues() == [.integer(1), .null, .null, .null])
    #expect(throws: ExecutionError.self) {
      try Cast.convert(column, to: .tinyint, context: context)
    }
  }

  @Test("coded text is read by value, and only values that occur can fail")
  func dictionaries() throws {
    let dictionary = TextDictionary(distinct: TextVector(["1", "x", "3"]))
    let codes: [Int32] = (0..<2_049).map { $0 % 2 == 0 ? 0 : 2 }
    let validity = (0..<2_049).map { $0 % 5 != 0 }
    let column = Column.codes(codes, dictionary, validity: validity)
    let result = try Cast.convert(column, to: .integer, context: context)
    for row in 0..<2_049 {
      let expected = validity[row] ? Value.integer(codes[row] == 0 ? 1 : 3) : .null
      #expect(result.value(at: row) == expected)
    }
  }
}
