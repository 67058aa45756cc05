import TundishSyntax

/// Cuts what has been typed into statements that can run and the rest.
enum StatementSplitter {
  /// Splits a text after the last semicolon that ends a statement.
  ///
  /// Semicolons in strings, comments and parentheses end none. In a terminal, a text that needs no
  /// semicolon (LANGUAGE, "Ends") is complete as it is.
  static func split(_ text: String, isInteractive: Bool) -> (complete: String, rest: String) {
    var depth = 0
    var end: Int?
    for token in Syntax.tokens(of: text) {
      switch token.symbol {
      case .leftParenthesis, .leftBracket, .leftBrace: depth += 1
      case .rightParenthesis, .rightBracket, .rightBrace: depth -= 1
      case .semicolon where depth <= 0:
        end = token.range.upperBound
        depth = 0
      case .some, .none: break
      }
    }
    let bytes = Array(text.utf8)
    let cut = end ?? 0
    let complete = String(decoding: bytes[..<cut], as: UTF8.self)
    let rest = String(decoding: bytes[cut...], as: UTF8.self)
    if isInteractive, !rest.allSatisfy(\.isWhitespace), Syntax.runsOnEnter(rest) {
      return (text, "")
    }
    return (complete, rest)
  }

  /// Whether a text has spaces and whole comments only.
  static func isBlank(_ text: String) -> Bool {
    let parsed = Syntax.parse(text)
    return parsed.script.statements.isEmpty && parsed.diagnostics.isEmpty
  }
}
