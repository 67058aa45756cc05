import Testing

@testable import TundishColumns

@Suite("Formats, JSON and statistics")
struct FormatAndStatisticsTests {
  private func check(
    _ name: String,
    _ arguments: Literal...,
    gives expected: Literal,
    location: SourceLocation = #_sourceLocation
  ) throws {
    try ScalarCall.check(name, arguments, gives: expected, location)
  }

  @Test("formats are Python's and C's")
  func formats() throws {
    try check("format", "{} {}", "a", 1, gives: "a 1")
    try check("format", "{:,}", 1_234_567, gives: "1,234,567")
    try check("format", "{:.2f}|{:,.1f}", 1.234, 1_234_567.25, gives: "1.23|1,234,567.2")
    try check("format", "{1} {0}", 1, 2, gives: "2 1")
    try check(
      "format",
      "{:>5}|{:<5}|{:^5}|{:*^5}",
      "a",
      "b",
      "c",
      "d",
      gives: "    a|b    |  c  |**d**"
    )
    try check("format", "{:05.1f} {:+d} {:x} {{}}", 2.25, 3, 255, gives: "002.2 +3 ff {}")
    try check(
      "format",
      "{:e} {:g} {:.3g}",
      1_234.5,
      1e20,
      0.00012345,
      gives: "1.234500e+03 1e+20 0.000123"
    )
    try check("format", "{} {}", 1.0, true, gives: "1.0 true")
    try check("format", "{} {:.1f}", .decimal(1_050, 2), .decimal(1_050, 2), gives: "10.50 10.5")
    try check("printf", "%d %s %.1f", 1, "a", 2.55, gives: "1 a 2.5")
    try check("printf", "%05d|%-5s|%5s|%%|%x", 42, "a", "b", 255, gives: "00042|a    |    b|%|ff")
    for text in ["{", "}", "{:", "{9}", "{:99999}", "{:d}"] {
      #expect(throws: ExecutionError.self) { try ScalarCall("format", .text(text), "a").result() }
    }
    #expect(throws: ExecutionError.self) { try ScalarCall("printf", "%d %d", 1).result() }
  }

  @Test("decimal expansions are exact")
  func expansions() {
    #expect(ExactDecimal.fixed(0.125, places: 2) == "0.12")
    #expect(ExactDecimal.fixed(0.375, places: 2) == "0.38")
    #expect(ExactDecimal.fixed(2.675, places: 2) == "2.67")
    #expect(ExactDecimal.fixed(0.1, places: 20) == "0.10000000000000000555")
    #expect(ExactDecimal.fixed(-0.5, places: 0) == "-0")
    #expect(ExactDecimal.fixed(1.5, places: 0) == "2")
    #expect(ExactDecimal.fixed(9.99, places: 1) == "10.0")
    #expect(ExactDecimal.fixed(1e22, places: 1) == "10000000000000000000000.0")
    #expect(ExactDecimal.fixed(123456789.125, places: 2) == "123456789.12")
    #expect(ExactDecimal.scientific(9.9996, places: 3) == "1.000e+01")
    #expect(ExactDecimal.scientific(.leastNonzeroMagnitude, places: 2) == "4.94e-324")
    #expect(ExactDecimal.scientific(1.7976931348623157e308, places: 3) == "1.798e+308")
    #expect(ExactDecimal.scientific(0, places: 1) == "0.0e+00")
    #expect(ExactDecimal.scientific(12_350, places: 2) == "1.24e+04")
    #expect(ExactDecimal.scientific(12_250, places: 2) == "1.22e+04")
    #expect(ExactDecimal.general(100_000, digits: 6) == "100000")
    #expect(ExactDecimal.general(1_000_000, digits: 6) == "1e+06")
    #expect(ExactDecimal.general(0.0001, digits: 6) == "0.0001")
  }

  @Test("bars and sizes")
  func bars() throws {
    try check("bar", 5, 0, 10, 10, gives: "█████     ")
    try check("bar", 1, 0, 3, 10, gives: "███▎      ")
    try check("bar", 20, 0, 10, 5, gives: "█████")
    try check("bar", -1, 0, 10, 3, gives: "   ")
    try check("format_bytes", 16_384, gives: "16.0 KiB")
    try check("format_bytes", 1_000, gives: "1000 bytes")
    try check("format_bytes", .integer(.min), gives: "-8192.0 PiB")
    try check("formatreadabledecimalsize", 16_000, gives: "16.0 kB")
  }

  @Test("JSON is read strictly")
  func json() throws {
    let text: Literal = #"{"a": [1, {"b": "x\u00e9\n"}], "c": null, "d e": -1.5e3}"#
    try check("json_extract", text, "$.a[1].b", gives: #""x\u00e9\n""#)
    try check("->>", text, "$.a[1].b", gives: "xé\n")
    try check("->", text, "a", gives: #"[1,{"b":"x\u00e9\n"}]"#)
    try check("->", text, "/a/0", gives: "1")
    try check("->", text, "$.\"d e\"", gives: "-1.5e3")
    try check("->>", text, "c", gives: .null)
    try check("->", text, "c", gives: "null")
    try check("->", text, "zzz", gives: .null)
    try check("->", "[1, 2, 3]", -1, gives: "3")
    try check("->", "[1, 2, 3]", "$[#-2]", gives: "2")
    try check("->", "{", "a", gives: .null)
    try check("json_array_length", "[1, [2], {}]", gives: 3)
    try check("json_type", text, "$.a", gives: "ARRAY")
    try check("json_type", "-1", gives: "BIGINT")
    try check("json_keys", text, gives: ["a", "c", "d e"])
    for valid in ["{}", "[]", " 1 ", "-0.5E+2", #""\ud83d\ude00""#, "true", "[[],{}]"] {
      try check("json_valid", .text(valid), gives: true)
    }
    for wrong in [
      "", "{", "[1,]", "{a:1}", "01", "1.", "+1", "'a'", "\"a", "nul", "[1 2]", "{\"a\" 1}",
      "\"\t\"",
      #""\x""#, "1 2", "{\"a\":1,}", String(repeating: "[", count: 100_000),
    ] {
      try check("json_valid", .text(wrong), gives: false)
    }
    try check("json", #"{ "a" : [ 1 ] }"#, gives: #"{"a":[1]}"#)
    try check("to_json", [1, .null], gives: "[1,null]")
    try check("to_json", "a\"b\u{1}", gives: #""a\"b\u0001""#)
    try check("json_object", "a", 1, "b", .null, gives: #"{"a":1,"b":null}"#)
    try check("json_array", 1, "a", gives: #"[1,"a"]"#)
    #expect(throws: ExecutionError.self) { try ScalarCall("->", "{}", "$.*").result() }
  }

  /// The worked numbers of the metrics' definition.
  @Test(
    "Wilson intervals in percent",
    arguments: [
      (20, 100, 13.34, 28.88), (35, 150, 17.28, 30.72), (50, 300, 12.88, 21.30),
      (10, 50, 11.24, 33.04), (1, 2, 9.45, 90.55), (0, 5, 0.00, 43.45), (5, 5, 56.55, 100.00),
      (12, 20, 38.7, 78.1), (36, 80, 34.6, 55.9),
    ]
  )
  func wilson(successes: Int64, trials: Int64, low: Double, high: Double) throws {
    for (name, expected) in [("wilson_low", low), ("wilson_high", high)] {
      let value = try ScalarCall(name, .integer(successes), .integer(trials)).result()
      guard case .double(let bound) = value else {
        Issue.record("\(name) gives \(value)")
        continue
      }
      // The published numbers are rounded to one or two places.
      #expect(abs(bound * 100 - expected) < (low == 38.7 || low == 34.6 ? 0.051 : 0.0051))
    }
  }

  private func number(_ name: String, _ arguments: Literal...) throws -> Double? {
    guard case .double(let number) = try ScalarCall(name: name, arguments: arguments).result()
    else { return nil }
    return number
  }

  @Test("comparisons of two rates")
  func comparisons() throws {
    #expect(try abs(#require(try number("two_proportion_z", 12, 20, 8, 20)) - 1.26) < 0.005)
    #expect(try abs(#require(try number("two_proportion_p", 12, 20, 8, 20)) - 0.21) < 0.005)
    #expect(try abs(#require(try number("two_proportion_z", 9, 10, 2, 10)) - 3.15) < 0.005)
    #expect(try abs(#require(try number("two_proportion_p", 9, 10, 2, 10)) - 0.0017) < 0.00005)
    #expect(try abs(#require(try number("two_proportion_z", 35, 150, 20, 100)) - 0.62) < 0.005)
    #expect(try abs(#require(try number("two_proportion_p", 35, 150, 20, 100)) - 0.53) < 0.005)
    #expect(try abs(#require(try number("newcombe_low", 35, 150, 20, 100)) + 0.074) < 0.0005)
    #expect(try abs(#require(try number("newcombe_high", 35, 150, 20, 100)) - 0.133) < 0.0005)
    #expect(try number("wilson_low", 1, 0) == nil)
    #expect(try number("wilson_low", 3, 2) == nil)
    #expect(try number("two_proportion_z", 0, 5, 0, 5) == nil)
    #expect(try number("wilson_low", 0, 5) == 0)
    #expect(throws: ExecutionError.self) { try number("wilson_low", 1, 2, 1.5) }
    #expect(abs(Statistics.z(confidence: 0.99) - 2.5758293035489) < 1e-12)
    #expect(abs(Statistics.z(confidence: 0.9) - 1.6448536269514722) < 1e-12)
    #expect(abs(Statistics.z(confidence: 0.5) - 0.6744897501960817) < 1e-12)
    #expect(abs(Statistics.z(confidence: 0.01) - 0.012533469508069276) < 1e-12)
  }

  @Test("every function has a summary and two examples, and no name is taken twice")
  func entries() {
    var names: [String: Int] = [:]
    for function in StandardFunctions.scalar {
      #expect(function.summary.hasSuffix("."), "\(function.name)")
      #expect(function.examples.count >= 2, "\(function.name)")
      for name in [function.name] + function.aliases {
        #expect(name == foldedKey(name))
        names[name, default: 0] += 1
      }
    }
    #expect(names.filter { $0.value > 1 }.isEmpty)
    names = [:]
    for function in StandardFunctions.aggregate {
      #expect(function.summary.hasSuffix("."), "\(function.name)")
      #expect(function.examples.count >= 2, "\(function.name)")
      for name in [function.name] + function.aliases { names[name, default: 0] += 1 }
    }
    #expect(names.filter { $0.value > 1 }.isEmpty)
  }
}
