/// What parsing a text gives: always a tree, and what is wrong with the text.
package struct ParseResult: Sendable {
  /// The statements that were recognised, in order.
  package let script: Script
  /// What is wrong, ordered by range.
  package let diagnostics: [Diagnostic]
  /// Whether the text ends inside a statement, a string, a comment or a parenthesis, so that more
  /// text could mend it (a terminal then shows a continuation prompt).
  package let isIncomplete: Bool
  /// What is open at the end, for the continuation prompt: `'`, `"`, `(`, `/*`, `$$`, or nil.
  package let openConstruct: String?

  /// Creates a result.
  package init(
    script: Script,
    diagnostics: [Diagnostic],
    isIncomplete: Bool,
    openConstruct: String?
  ) {
    self.script = script
    self.diagnostics = diagnostics
    self.isIncomplete = isIncomplete
    self.openConstruct = openConstruct
  }
}

/// The doors of this module: what other modules call.
package enum Syntax {
  /// Parses the name of a type, such as `DECIMAL(4, 2)[]`.
  ///
  /// - Parameters:
  ///   - text: The name alone.
  ///   - range: Where the name counts as standing.
  /// - Returns: The type; nil where the text is no type's name.
  package static func parseType(_ text: String, at range: SourceRange) -> TypeName? {
    let bytes = Array(text.utf8)
    var parser = Parser(bytes: bytes, lexed: Lexer.lex(bytes))
    let type = parser.parseType()
    guard parser.current.kind == .end, parser.sortedDiagnostics().isEmpty else { return nil }
    return type.moved(to: range)
  }

  /// Parses a script: statements separated by `;`.
  package static func parse(_ text: String) -> ParseResult {
    let bytes = Array(text.utf8)
    let lexed = Lexer.lex(bytes)
    var parser = Parser(bytes: bytes, lexed: lexed)
    let parameters = parser.parseHeader(lexed.comments)
    let statements = parser.parseScript()
    let diagnostics = parser.sortedDiagnostics()
    return ParseResult(
      script: Script(parameters: parameters, statements: statements),
      diagnostics: diagnostics,
      isIncomplete: parser.isIncomplete(lexed),
      openConstruct: parser.openConstruct(lexed)
    )
  }
}
