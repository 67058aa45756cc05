import Foundation
import Testing

@testable import TundishSyntax

/// The files in `grammar/` and the parser say the same.
@Suite struct GrammarTests {
  private func file(_ name: String) throws -> String {
    try String(contentsOf: Grammar.root.appending(path: "grammar/\(name)"), encoding: .utf8)
  }

  @Test("tundish.ebnf holds the productions that the parse functions cite")
  func productions() throws {
    let expected = try Grammar().ebnf
    if ProcessInfo.processInfo.environment["TUNDISH_UPDATE"] != nil {
      try expected.write(
        to: Grammar.root.appending(path: "grammar/tundish.ebnf"),
        atomically: true,
        encoding: .utf8
      )
    }
    #expect(try file("tundish.ebnf") == expected)
  }

  @Test("every name in the grammar is defined once, and used")
  func names() throws {
    let grammar = try Grammar()
    let defined = grammar.productions.map(\.name)
    #expect(Set(defined).count == defined.count)
    let lexical = try file("lexical.ebnf").split(separator: "\n").compactMap { line in
      line.range(of: " = ").map { String(line[..<$0.lowerBound]) }
    }
    let used = Set(
      grammar.productions.flatMap { production in
        production.text.split(separator: " ").map(String.init).filter { token in
          token.first?.isLetter ?? false
        }
      }
    )
    #expect(used.subtracting(defined).subtracting(lexical).isEmpty)
    #expect(Set(defined).subtracting(used) == ["script"])
    #expect(Set(SentenceGenerator.lexical.keys).isSubset(of: lexical))
  }

  @Test("words in the grammar are keywords, and keywords.txt lists them with their classes")
  func keywords() throws {
    let listed = try file("keywords.txt").split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: " ").map(String.init) }
    let expected = Keyword.allCases.map { [$0.spelling, $0.wordClass.rawValue] }
    #expect(listed == expected.sorted { $0[0] < $1[0] })
    let words = Set(
      try Grammar().productions.flatMap { production in
        production.text.split(separator: " ").filter { token in
          token.hasPrefix("\"") && token.dropFirst().first?.isLetter ?? false
        }.map { $0.dropFirst().dropLast().lowercased() }
      }
    )
    let unknown = words.filter { Keyword(rawValue: $0) == nil }
    #expect(unknown.sorted() == ["restrict"])
  }

  @Test("precedence.txt lists the parser's levels")
  func precedence() throws {
    var expected =
      "# Operators, loosest first; those of one line bind equally and group to the left.\n"
    for level in Precedence.allCases where !level.spellings.isEmpty {
      let name = "\(level)"
      let padding = String(repeating: " ", count: max(1, 16 - name.count))
      expected += name + padding + level.spellings.joined(separator: "  ") + "\n"
    }
    if ProcessInfo.processInfo.environment["TUNDISH_UPDATE"] != nil {
      try expected.write(
        to: Grammar.root.appending(path: "grammar/precedence.txt"),
        atomically: true,
        encoding: .utf8
      )
    }
    #expect(try file("precedence.txt") == expected)
  }

  @Test(
    "random sentences of the grammar parse, and survive printing",
    arguments: 1...(ProcessInfo.processInfo.environment["TUNDISH_SEEDS"].flatMap(UInt64.init) ?? 20)
  )
  func sentences(seed: UInt64) throws {
    var generator = SentenceGenerator(rules: try Grammar().rules(), seed: seed)
    for round in 0..<100 {
      let text = generator.sentence(of: "statement")
      let result = Syntax.parse(text)
      let messages = DiagnosticRenderer(text: text).render(result.diagnostics)
      #expect(result.diagnostics.isEmpty, "seed \(seed) round \(round): \(text)\n\(messages)")
      guard result.diagnostics.isEmpty else { continue }
      for statement in result.script.statements { expectRoundTrip(statement, from: text) }
    }
  }
}
