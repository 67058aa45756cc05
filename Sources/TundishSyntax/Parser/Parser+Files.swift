/// Statements about files.
extension Parser {
  /// load → "LOAD" string [ "AS" label ] [ file-options ] [ "ON" "ERROR" ( "FAIL" | "SKIP" |
  ///   "NULL" ) ].
  mutating func parseLoad() -> Statement.Kind {
    let word = text(of: advance())
    guard let (path, pathRange) = parsePath(after: word) else {
      return .load(Load(path: "", pathRange: current.range))
    }
    var load = Load(path: path, pathRange: pathRange)
    if eat(.as) { load.alias = parseLabel("a table's name") }
    load.options = parseFileOptions()
    if let option = parseErrorOption() { load.options.append(option) }
    if at(.leftParenthesis) { load.options += parseFileOptions() }
    return .load(load)
  }

  /// Reads a path in quotes; a path without them is reported as a whole.
  private mutating func parsePath(after word: String) -> (String, SourceRange)? {
    if let path = current.kind == .string ? parseString("a path in quotes") : nil {
      return (path.text, path.range)
    }
    let what = "a path in quotes"
    if current.kind == .word || current.symbol == .slash || current.symbol == .dot
      || current.symbol == .dotDot || current.symbol == .tilde
    {
      let start = position
      advance()
      while current.touchesPrevious, !at(.semicolon), !isAtEnd { advance() }
      let range = range(from: start)
      let isClause = tokens[start].keyword.map { salesClause(for: $0) != nil } ?? false
      errorPosition = position
      reportEarlier(
        isClause
          ? .metricNamedLikeStatement(word, expected: what, found: found(tokens[start]), at: range)
          : .expected(
            what,
            found: "'\(text(of: range))'",
            at: range,
            fix: .init(range: range, replacement: "'\(text(of: range))'")
          )
      )
      skipToStatementEnd()
      errorPosition = position
      return nil
    }
    fail(what)
    return nil
  }

  /// file-options → "(" file-option { "," file-option } ")".
  mutating func parseFileOptions() -> [FileOption] {
    guard at(.leftParenthesis) else { return [] }
    advance()
    return parseListBody(until: .rightParenthesis) { $0.parseFileOption() }
  }

  /// file-option → label [ "=" ] [ expression ].
  private mutating func parseFileOption() -> FileOption {
    let name = parseLabel("an option such as DELIMITER")
    _ = eat(.equal)
    if at(.comma) || at(.rightParenthesis) { return FileOption(name: name, value: nil) }
    return FileOption(name: name, value: parseExpression())
  }

  private mutating func parseErrorOption() -> FileOption? {
    let start = position
    guard eat(.on, .error) else { return nil }
    let name = Identifier("on_error", range: range(from: start))
    let words: Set<Keyword> = [.fail, .skip, .null]
    if !at(anyOf: words) {
      guard let meant = mistyped(words) else {
        fail("FAIL, SKIP or NULL")
        return nil
      }
      reportMistyped(meant)
    }
    let token = advance()
    let value = Expression(.name([makeName(token)]), range: token.range)
    return FileOption(name: name, value: value)
  }

  /// sniff → "SNIFF" string [ file-options ].
  mutating func parseSniff() -> Statement.Kind {
    let word = text(of: advance())
    guard let (path, range) = parsePath(after: word) else {
      return .sniff(path: "", pathRange: current.range, options: [])
    }
    return .sniff(path: path, pathRange: range, options: parseFileOptions())
  }

  /// copy → "COPY" ( "(" query ")" | qualified-name [ name-list ] ) ( "TO" | "FROM" ) string [ [
  ///   "WITH" ] file-options ].
  mutating func parseCopy() -> Statement.Kind {
    let word = text(of: advance())
    let subject: Copy.Subject
    if eat(.leftParenthesis) {
      let query = parseQuery()
      close(.rightParenthesis)
      subject = .query(query)
    } else {
      let table = parseQualifiedName("a table or a query in parentheses")
      subject = .table(table, columns: at(.leftParenthesis) ? parseNameList("a column") : [])
    }
    var isExport = true
    if eat(.from) { isExport = false } else { expect(.to) }
    let (path, range) = parsePath(after: word) ?? ("", current.range)
    if at(.with), peek(1).symbol == .leftParenthesis { advance() }
    return .copy(
      Copy(
        subject: subject,
        isExport: isExport,
        path: path,
        pathRange: range,
        options: parseFileOptions()
      )
    )
  }

  /// export → "EXPORT" "DATABASE" string [ file-options ].
  mutating func parseExport() -> Statement.Kind {
    let word = text(of: advance())
    expect(.database)
    let path = parsePath(after: word)?.0 ?? ""
    return .exportDatabase(path: path, options: parseFileOptions())
  }

  /// import → "IMPORT" "DATABASE" string.
  mutating func parseImport() -> Statement.Kind {
    let word = text(of: advance())
    expect(.database)
    return .importDatabase(path: parsePath(after: word)?.0 ?? "")
  }
}
