import Testing

@testable import TundishColumns

@Suite("Regular expressions")
struct RegexTests {
  private func spans(_ pattern: String, _ text: String) throws -> String {
    let matcher = RegexMatcher(try RegularExpression(pattern))
    let bytes = Array(text.utf8)
    let match = matcher.firstMatch(bytes, in: 0..<bytes.count)
    #expect(matcher.isMatch(bytes, in: 0..<bytes.count) == (match != nil), "\(pattern) on \(text)")
    guard let match else { return "-" }
    return match.map { $0.map { "\($0.lowerBound),\($0.upperBound)" } ?? "x" }
      .joined(separator: ";")
  }

  @Test("first matches and groups are those of Python")
  func matchesAsPython() throws {
    let lines = RegexFacts.spans.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count > 200)
    for index in stride(from: 0, to: lines.count - 1, by: 2) {
      let pattern = String(lines[index])
      let expected = lines[index + 1].split(separator: " ").map { String($0) }
      for (text, spansOfText) in zip(RegexFacts.texts, expected) {
        #expect(try spans(pattern, text) == spansOfText, "\(pattern) on '\(text)'")
      }
    }
  }

  @Test(
    "scalars beyond ASCII",
    arguments: [
      ("é+", "caféé", "3,7"), (".", "é", "0,2"), ("[α-ω]+", "xαβγ", "1,7"), ("(?i)É", "é", "0,2"),
      ("^..$", "né", "0,3"), (#"\p{Lu}\p{Ll}+"#, "der Öl", "4,7"), ("[^a]", "€", "0,3"),
      (#"\x{20ac}"#, "€", "0,3"), ("^.$", "😀", "0,4"), (#"\pL+"#, "1ßx", "1,4"),
    ]
  )
  func matchesUnicode(pattern: String, text: String, expected: String) throws {
    #expect(try spans(pattern, text) == expected)
  }

  @Test(
    "patterns that do not compile",
    arguments: [
      "(", ")", "[a", "a**", "*a", #"\"#, "a{2,1}", "(?=a)", "(?<!a)", "[z-a]", #"\y"#, "a{1001}",
      "((((a{100}){100}){100}){100})", "(?z)a", "[[:nope:]]", #"\p{Nope}"#, "(?P<a",
    ]
  )
  func refusesPattern(pattern: String) {
    #expect(throws: ExecutionError.self) { try RegularExpression(pattern) }
  }

  @Test("deep nesting is an error, not a crash")
  func refusesDeepNesting() {
    let pattern = String(repeating: "(", count: 10_000) + String(repeating: ")", count: 10_000)
    #expect(throws: ExecutionError.self) { try RegularExpression(pattern) }
  }

  @Test("both machines find the same", arguments: 0..<10)
  func machinesAgree(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let atoms = [
      "a", "b", "[ab]", ".", "é", "(a)", "(b|a)", "(a*)", "(?:ab?)", "^", "$", "\\b", "(a|ab)", "",
      "(|b)", "[^a]",
    ]
    let suffixes = ["", "", "", "*", "+", "?", "*?", "+?", "{1,2}", "??"]
    for _ in 0..<30 {
      var pattern = ""
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        pattern += "(" + (atoms.randomElement(using: &random) ?? "")
        if Bool.random(using: &random) {
          pattern += "|" + (atoms.randomElement(using: &random) ?? "")
        }
        pattern += ")" + (suffixes.randomElement(using: &random) ?? "")
      }
      guard let expression = try? RegularExpression(pattern) else { continue }
      let matcher = RegexMatcher(expression)
      for _ in 0..<4 {
        let letters = ["a", "b", "é", " ", "\n"]
        let length = Int.random(in: 0...9, using: &random)
        let text = (0..<length).map { _ in letters.randomElement(using: &random) ?? "" }.joined()
        let bytes = Array(text.utf8)
        let start = Int.random(in: 0...bytes.count, using: &random)
        let stepped = matcher.steppedMatch(bytes, in: 0..<bytes.count, from: start)
        let tried = matcher.firstMatch(bytes, in: 0..<bytes.count, from: start)
        #expect(tried == stepped, "\(pattern) on '\(text)' from \(start)")
      }
    }
  }

  @Test("patterns that hang backtracking matchers take linear time")
  func staysLinear() throws {
    let text = String(repeating: "a", count: 2_000)
    let bytes = Array(text.utf8)
    for pattern in ["(a+)+b", "(a|aa)*b", "(a*)*b", "(?:a?){30}a{30}b", "(.*)*x"] {
      let matcher = RegexMatcher(try RegularExpression(pattern))
      #expect(matcher.firstMatch(bytes, in: 0..<bytes.count) == nil)
    }
  }

  @Test("a range is a text of its own")
  func respectsRange() throws {
    let bytes = Array("xxabyy".utf8)
    let matcher = RegexMatcher(try RegularExpression("^ab$"))
    #expect(matcher.isMatch(bytes, in: 2..<4))
    #expect(!matcher.isMatch(bytes, in: 1..<4))
    let boundary = RegexMatcher(try RegularExpression(#"\bab\b"#))
    #expect(boundary.isMatch(bytes, in: 2..<4))
    #expect(!boundary.isMatch(bytes, in: 1..<4))
  }

  @Test("full matches")
  func matchesFully() throws {
    let matcher = RegexMatcher(try RegularExpression("a|ab", isFullMatch: true))
    for (text, expected) in [("a", true), ("ab", true), ("abc", false), ("", false)] {
      #expect(matcher.isMatch(Array(text.utf8), in: 0..<text.utf8.count) == expected)
    }
  }
}
