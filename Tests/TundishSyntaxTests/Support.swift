import Testing

@testable import TundishSyntax

/// Parses a text that is expected to be one statement without mistakes.
func parsed(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Statement? {
  let result = Syntax.parse(text)
  let messages = DiagnosticRenderer(text: text).render(result.diagnostics)
  #expect(result.diagnostics.isEmpty, "\(messages)", sourceLocation: sourceLocation)
  #expect(result.script.statements.count == 1, "\(text)", sourceLocation: sourceLocation)
  return result.script.statements.first
}

/// Expects that a statement prints as text that parses to an equal tree and prints the same.
func expectRoundTrip(
  _ statement: Statement,
  from text: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let printed = Syntax.format(statement)
  guard let again = parsed(printed, sourceLocation: sourceLocation) else { return }
  #expect(
    firstDifference(Syntax.dumpTree(statement), Syntax.dumpTree(again)) == nil,
    "\(text)\n\(printed)",
    sourceLocation: sourceLocation
  )
  #expect(Syntax.format(again) == printed, sourceLocation: sourceLocation)
}

/// The first lines in which two texts differ.
func firstDifference(_ first: String, _ second: String) -> String? {
  let (left, right) = (first.split(separator: "\n"), second.split(separator: "\n"))
  for (one, other) in zip(left, right) where one != other { return "\(one) / \(other)" }
  return left.count == right.count ? nil : "\(left.count) / \(right.count) lines"
}

/// The diagnostics of a text as people see them.
func rendered(_ text: String) -> String {
  DiagnosticRenderer(text: text).render(Syntax.parse(text).diagnostics)
}

/// A small generator of random numbers: the same seed gives the same numbers everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
