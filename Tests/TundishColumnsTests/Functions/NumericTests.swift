import Testing

@testable import TundishColumns

@Suite("Numeric functions")
struct NumericTests {
  private let call = Call()
  private let exact = DataType.decimal(precision: 6, scale: 3)

  @Test("rounding")
  func rounding() {
    #expect(call.show("round", ("2.5", exact)) == "3")
    #expect(call.show("round", ("-2.5", exact)) == "-3")
    #expect(call.show("round", ("2.567", exact), ("1", .integer)) == "2.600")
    #expect(call.show("round", ("123.456", exact), ("-1", .integer)) == "120.000")
    #expect(call.show("round", ("123.456", exact), ("-3", .integer)) == "0.000")
    #expect(call.show("round", ("999.999", exact), ("0", .integer)).hasPrefix("error"))
    #expect(call.show("round", ("999.999", exact)) == "1000")
    #expect(call.show("round", ("1250", .integer), ("-2", .integer)) == "1300")
    #expect(call.show("round", ("127", .tinyint), ("-1", .integer)).hasPrefix("error"))
    #expect(call.show("round", ("2.675", .double), ("2", .integer)) == "2.68")
    #expect(call.show("round", ("1.005", .double), ("2", .integer)) == "1.0")
    #expect(call.show("round", ("-1.55", .double), ("1", .integer)) == "-1.6")
    #expect(call.show("round", ("1e300", .double), ("2", .integer)) == "1e+300")
    #expect(call.show("round", ("1234.5", .double), ("-2", .integer)) == "1200.0")
    #expect(call.show("round", ("2.5", .double), ("400", .integer)) == "2.5")
    #expect(call.show("round", ("2.5", .double), ("-400", .integer)) == "0.0")
    #expect(call.show("trunc", ("-2.7", .double)) == "-2.0")
    #expect(call.show("trunc", ("2.567", exact), ("1", .integer)) == "2.500")
    #expect(call.show("trunc", ("-1.567", .double), ("1", .integer)) == "-1.5")
    #expect(call.show("trunc", ("0.29", .double), ("2", .integer)) == "0.29")
    #expect(call.show("ceil", ("-1.5", exact)) == "-1")
    #expect(call.show("floor", ("-1.5", exact)) == "-2")
    #expect(call.show("ceil", ("999.001", exact)) == "1000")
    #expect(call.show("even", ("-2.3", .double)) == "-4.0")
    #expect(call.type("round", exact) == "DECIMAL(4,0)")
    let resolved = FunctionRegistry.standard.resolveScalar(
      name: "round",
      argumentTypes: [exact, .integer],
      constants: [nil, .integer(1)]
    )
    #expect((try? resolved.get())?.resultType == .decimal(precision: 5, scale: 1))
  }

  @Test("undefined results are errors")
  func undefined() {
    #expect(call.show("sqrt", ("-1", .double)) == "error: sqrt(-1.0) is not defined")
    #expect(call.show("ln", ("0", .double)) == "error: there is no logarithm of 0.0")
    #expect(call.show("log", ("2", .double), ("-1", .double)).hasPrefix("error"))
    #expect(call.show("acos", ("2", .double)).hasPrefix("error"))
    #expect(call.show("exp", ("1000", .double)).hasPrefix("error"))
    #expect(call.show("exp", (nil, .double)) == "NULL")
    #expect(call.show("abs", ("-128", .tinyint)).hasPrefix("error"))
    #expect(call.show("factorial", ("34", .integer)).hasPrefix("error"))
  }

  @Test("integers")
  func integers() {
    #expect(call.show("gcd", ("-4", .integer), ("6", .integer)) == "2")
    #expect(call.show("lcm", ("4", .integer), ("6", .integer)) == "12")
    #expect(call.show("factorial", ("33", .integer)) == "8683317618811886495518194401280000000")
    #expect(call.show("bit_count", ("-1", .tinyint)) == "8")
    #expect(call.show("hex", ("-1", .bigint)) == "FFFFFFFFFFFFFFFF")
    #expect(call.show("hex", ("0", .bigint)) == "0")
    #expect(call.show("bin", ("5", .integer)) == "101")
    #expect(call.show("to_base", ("10", .integer), ("36", .integer)) == "A")
    #expect(
      call.show("width_bucket", ("9.99", .double), ("0", .double), ("10", .double), ("5", .integer))
        == "5"
    )
    #expect(
      call.show("width_bucket", ("2", .double), ("10", .double), ("0", .double), ("5", .integer))
        == "5"
    )
    #expect(call.show("unhex", ("414", .varchar)) == "\\x04\\x14")
  }

  @Test("choices")
  func choices() throws {
    #expect(call.show("greatest", ("1", .integer), ("2.5", exact)) == "2.500")
    #expect(call.show("least", (nil, .integer), ("2", .integer), ("3", .integer)) == "2")
    #expect(call.show("greatest", (nil, .integer), (nil, .integer)) == "NULL")
    #expect(call.show("greatest", ("b", .varchar), ("a", .varchar)) == "b")
    let numbers = try call.run("random", [], rowCount: 2_049)
    #expect(numbers.doubleValues().allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(Set(numbers.doubleValues()).count > 2_000)
    _ = try call.run("setseed", [.doubles([0.25])], rowCount: 1)
    let first = try call.run("random", [], rowCount: 3).doubleValues()
    _ = try call.run("setseed", [.doubles([0.25])], rowCount: 1)
    #expect(try call.run("random", [], rowCount: 3).doubleValues() == first)
  }

  @Test("dictionary-coded text is computed per value", arguments: [1, 2_048, 2_049])
  func coded(count: Int) throws {
    let words = (0..<count).map { $0 % 7 == 0 ? nil : "w\($0 % 3)" }
    let plain = Column.strings(words)
    let coded = try plain.dictionaryCoded()
    let expected = try call.run("hex", [plain], rowCount: count).allValues()
    for _ in 0..<2 {
      #expect(try call.run("hex", [coded], rowCount: count).allValues() == expected)
    }
  }
}
