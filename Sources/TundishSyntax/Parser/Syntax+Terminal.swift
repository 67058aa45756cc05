/// What terminals and readers of files need before a text is parsed for good.
extension Syntax {
  /// Whether Enter runs the text: it ends in `;`, or it is one of the statements that need none.
  ///
  /// Sales statements, EXPLAIN of one, DEDUPE, LOAD, SNIFF, SET, RESET, SHOW, DESCRIBE, SUMMARIZE
  /// and CHECK run when nothing is open and the text does not end in a comma or operator. One that
  /// has a mistake runs too, to show it, unless more text could mend it.
  package static func runsOnEnter(_ text: String) -> Bool {
    let lexed = Lexer.lex(Array(text.utf8))
    guard lexed.openConstruct == nil, !lexed.endsInContinuation,
      let last = lexed.tokens.dropLast().last
    else { return false }
    switch last.symbol {
    case .semicolon: return true
    case .rightParenthesis, .rightBracket, .rightBrace, .questionMark, nil: break
    default: return false
    }
    let result = parse(text)
    guard !result.isIncomplete, let statement = result.script.statements.last else { return false }
    return needsNoSemicolon(statement)
  }

  /// Whether a statement runs in a terminal without `;`.
  private static func needsNoSemicolon(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .query(let query):
      if case .sales = query.body { return true }
      return false
    case .explain(_, let inner): return needsNoSemicolon(inner)
    case .dedupe, .load, .sniff, .set, .reset, .setVariable, .resetVariable, .show, .describe,
      .summarize, .check, .why:
      return true
    case .createTable, .createView, .createMacro, .createType, .createSchema, .createIndex,
      .createSequence, .drop,
      .alterTable,
      .insert, .update, .delete, .merge, .truncate, .copy, .exportDatabase, .importDatabase,
      .assert,
      .prepare, .execute, .deallocate, .begin, .commit, .rollback, .createModel, .alterModel,
      .dropModelItem, .createMetric, .createFunnel, .createTarget, .createScore:
      return false
    }
  }

  /// Returns the text of a file or pipe, or says which byte is not UTF-8.
  package static func decode(_ bytes: [UInt8]) -> Result<String, DecodingFailure> {
    if let text = String(validating: bytes, as: UTF8.self) { return .success(text) }
    let repaired = String(decoding: bytes, as: UTF8.self).utf8
    let offset = zip(bytes, repaired).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    return .failure(DecodingFailure(diagnostic: .invalidUTF8(at: offset ?? repaired.count)))
  }

  /// Why bytes are no text.
  package struct DecodingFailure: Error {
    /// The byte that is not UTF-8.
    package let diagnostic: Diagnostic
  }
}
