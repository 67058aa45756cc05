/// Formats scripts for `tundish format`: each statement in canonical form, comments kept.
///
/// A comment inside a statement stands before the token that it stood before; where the canonical
/// form does not have that token, the statement is left as it was written.
struct ScriptFormatter {
  private let bytes: [UInt8]
  private let lexed: Lexer.Output
  private let statements: [Statement]

  init(_ text: String, statements: [Statement]) {
    bytes = Array(text.utf8)
    lexed = Lexer.lex(bytes)
    self.statements = statements
  }

  func formatted() -> String {
    var output = ""
    var end = 0
    for (index, statement) in statements.enumerated() {
      let upper = separatorEnd(after: statement.range.upperBound)
      output += commentsBetween(end, statement.range.lowerBound, isFirst: index == 0)
      output += body(statement) + ";"
      output += trailingComment(after: upper) + "\n"
      end = lineEnd(ofCommentAfter: upper)
    }
    output += commentsBetween(end, bytes.count, isFirst: statements.isEmpty)
    return output
  }

  // MARK: - Between statements

  /// The offset after the `;` of a statement.
  private func separatorEnd(after offset: Int) -> Int {
    let token = lexed.tokens.first { $0.range.lowerBound >= offset }
    return token?.symbol == .semicolon ? token?.range.upperBound ?? offset : offset
  }

  /// Comments on their own lines, with at most one empty line between.
  private func commentsBetween(_ lower: Int, _ upper: Int, isFirst: Bool) -> String {
    let comments = lexed.comments.filter {
      $0.range.lowerBound >= lower && $0.range.upperBound <= upper
    }
    var output = ""
    var previous = lower
    for comment in comments {
      if hasEmptyLine(previous, comment.range.lowerBound), !(isFirst && output.isEmpty) {
        output += "\n"
      }
      output += text(comment.range) + "\n"
      previous = comment.range.upperBound
    }
    if upper < bytes.count, hasEmptyLine(previous, upper), !(isFirst && output.isEmpty) {
      output += "\n"
    }
    return output
  }

  private func hasEmptyLine(_ lower: Int, _ upper: Int) -> Bool {
    bytes[lower..<upper].reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) } > 1
  }

  /// A comment on the line where a statement ends.
  private func commentOnLine(after offset: Int) -> Token? {
    lexed.comments.first { comment in
      comment.range.lowerBound >= offset
        && !bytes[offset..<comment.range.lowerBound].contains { $0 != 0x20 && $0 != 0x09 }
    }
  }

  private func trailingComment(after offset: Int) -> String {
    commentOnLine(after: offset).map { "  " + text($0.range) } ?? ""
  }

  private func lineEnd(ofCommentAfter offset: Int) -> Int {
    commentOnLine(after: offset)?.range.upperBound ?? offset
  }

  // MARK: - Inside statements

  private func body(_ statement: Statement) -> String {
    let canonical = Syntax.format(statement)
    let comments = lexed.comments.filter {
      $0.range.lowerBound > statement.range.lowerBound
        && $0.range.upperBound < statement.range.upperBound
    }
    if comments.isEmpty { return canonical }
    return interleaved(canonical, comments, statement) ?? text(statement.range)
  }

  /// The canonical text with each comment before the token that it stood before.
  private func interleaved(
    _ canonical: String,
    _ comments: [Token],
    _ statement: Statement
  )
    -> String?
  {
    let canonicalBytes = Array(canonical.utf8)
    let canonicalTokens = Lexer.lex(canonicalBytes).tokens
    let originals = lexed.tokens.filter {
      $0.range.lowerBound >= statement.range.lowerBound
        && $0.range.upperBound <= statement.range.upperBound
    }
    var insertions: [(offset: Int, text: String)] = []
    for comment in comments {
      guard
        let next = originals.firstIndex(where: { $0.range.lowerBound >= comment.range.upperBound })
      else { return nil }
      let spelled = text(originals[next].range).lowercased()
      let earlier = originals[..<next].filter { text($0.range).lowercased() == spelled }.count
      let matches = canonicalTokens.filter { token in
        String(
          decoding: canonicalBytes[token.range.lowerBound..<token.range.upperBound],
          as: UTF8.self
        ).lowercased() == spelled
      }
      guard earlier < matches.count else { return nil }
      insertions.append((matches[earlier].range.lowerBound, text(comment.range)))
    }
    return insert(insertions, into: canonicalBytes)
  }

  private func insert(
    _ insertions: [(offset: Int, text: String)],
    into canonical: [UInt8]
  )
    -> String
  {
    var output: [UInt8] = []
    var position = 0
    for insertion in insertions.sorted(by: { $0.offset < $1.offset }) {
      output += canonical[position..<insertion.offset]
      position = insertion.offset
      while output.last == 0x20 || output.last == 0x0A { output.removeLast() }
      output += Array((output.isEmpty ? "" : " ").utf8) + Array(insertion.text.utf8)
      output += Array("\n  ".utf8)
    }
    output += canonical[position...]
    return String(decoding: output, as: UTF8.self)
  }

  private func text(_ range: SourceRange) -> String {
    String(decoding: bytes[range.lowerBound..<range.upperBound], as: UTF8.self)
  }
}

extension Syntax {
  /// Formats a script and keeps its comments; a script with mistakes comes back unchanged.
  package static func formatScript(_ text: String) -> (text: String, diagnostics: [Diagnostic]) {
    let result = parse(text)
    guard result.diagnostics.allSatisfy({ $0.severity != .error }) else {
      return (text, result.diagnostics)
    }
    let formatter = ScriptFormatter(text, statements: result.script.statements)
    return (formatter.formatted(), result.diagnostics)
  }
}
