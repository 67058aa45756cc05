import Testing

@testable import TundishSyntax

/// No text crashes or hangs, and what parses prints.
@Suite struct FuzzTests {
  @Test("mutated statements are read", arguments: [1, 2, 3, 4])
  func mutations(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let words = Keyword.allCases.map(\.rawValue) + Symbol.allCases.map(\.rawValue)
    for round in 0..<250 {
      var bytes = Array(samples[Int.random(in: 0..<samples.count, using: &random)].utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        mutate(&bytes, words, &random)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let result = Syntax.parse(text)
      _ = DiagnosticRenderer(text: text).render(result.diagnostics)
      _ = Syntax.runsOnEnter(text)
      for diagnostic in result.diagnostics {
        #expect((diagnostic.range?.upperBound ?? 0) <= text.utf8.count)
      }
      for statement in result.script.statements {
        if result.diagnostics.isEmpty {
          let printed = Syntax.format(statement)
          let again = Syntax.parse(printed)
          #expect(again.diagnostics.isEmpty, "seed \(seed) round \(round): \(text)\n\(printed)")
          #expect(
            again.script.statements.map(Syntax.dumpTree) == [Syntax.dumpTree(statement)],
            "seed \(seed) round \(round): \(text)\n\(printed)"
          )
        } else {
          _ = Syntax.format(statement)
        }
      }
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ words: [String], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let position = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes.remove(at: position)
    case 1: bytes[position] = UInt8.random(in: 32..<127, using: &random)
    case 2:
      let word = words[Int.random(in: 0..<words.count, using: &random)]
      bytes.insert(contentsOf: Array(" \(word) ".utf8), at: position)
    case 3:
      let end = min(bytes.count, position + Int.random(in: 1...12, using: &random))
      bytes.removeSubrange(position..<end)
    default:
      let end = min(bytes.count, position + Int.random(in: 1...20, using: &random))
      let piece = Array(bytes[position..<end])
      bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
    }
  }
}
