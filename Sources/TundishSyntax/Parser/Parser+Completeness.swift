/// What a terminal needs to know about a text that is still being typed.
extension Parser {
  /// The diagnostics in the order of the text.
  ///
  /// Of a text that is no query at all only the first errors are of use.
  func sortedDiagnostics() -> [Diagnostic] {
    let errors = diagnostics.filter { $0.severity == .error }
    let kept = errors.count > Self.diagnosticLimit ? errors : diagnostics
    let sorted = kept.enumerated().sorted { first, second in
      let (left, right) = (
        first.element.range?.lowerBound ?? -1, second.element.range?.lowerBound ?? -1
      )
      return left == right ? first.offset < second.offset : left < right
    }.map(\.element)
    return errors.count > Self.diagnosticLimit ? Array(sorted.prefix(Self.diagnosticLimit)) : sorted
  }

  /// The most errors that are reported about one text.
  private static let diagnosticLimit = 100

  /// Whether more text could mend what is wrong: something is open, or expected, at the end.
  func isIncomplete(_ lexed: Lexer.Output) -> Bool {
    if lexed.openConstruct != nil || lexed.endsInContinuation { return true }
    if openBracket() != nil { return true }
    let end = tokens[tokens.count - 1].range.lowerBound
    return diagnostics.contains { $0.range?.lowerBound == end }
  }

  /// What the continuation prompt shows.
  func openConstruct(_ lexed: Lexer.Output) -> String? {
    lexed.openConstruct ?? openBracket()?.rawValue
  }

  /// The innermost bracket that the last statement leaves open.
  private func openBracket() -> Symbol? {
    var open: [Symbol] = []
    for token in tokens {
      switch token.symbol {
      case .leftParenthesis, .leftBracket, .leftBrace: token.symbol.map { open.append($0) }
      case .rightParenthesis, .rightBracket, .rightBrace: _ = open.popLast()
      case .semicolon: open = []
      default: break
      }
    }
    return open.last
  }
}
