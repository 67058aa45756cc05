/// Scripts: statements with `;` between them, and the header of parameters.
extension Parser {
  /// script → [ statement ] { ";" [ statement ] }.
  mutating func parseScript() -> [Statement] {
    var statements: [Statement] = []
    while !isAtEnd {
      if eat(.semicolon) { continue }
      let start = position
      statementStart = start
      questionMarkCount = 0
      statements.append(parseStatement())
      finishStatement()
      if position == start { advance() }
    }
    return statements
  }

  /// Looks for the `;` after a statement; what else stands there is reported, and skipped unless it
  /// begins a line and so looks like the next statement.
  private mutating func finishStatement() {
    if isAtEnd || at(.semicolon) { return }
    if errorPosition != position {
      let line = forgottenStatement()
      if let line {
        let token = tokens[line]
        reportEarlier(
          .missingSeparator(
            before: found(token),
            at: token.range,
            previousEnd: tokens[line - 1].range.upperBound
          )
        )
        position = line
        return
      }
      reportUnexpected()
    }
    repeat {
      advance()
    } while !isAtEnd && !at(.semicolon) && !(current.startsLine && atStatementWord())
  }

  /// The token that begins the line of the current one, if a statement can begin there.
  private func forgottenStatement() -> Int? {
    if lineStartingAlias > statementStart, lineStartingAlias == position - 1 {
      return lineStartingAlias
    }
    guard current.startsLine, position > statementStart,
      atStatementWord() || isName(current)
    else { return nil }
    return position
  }

  private mutating func reportUnexpected() {
    let keywords: [Keyword] = [
      .from, .where, .group, .having, .order, .limit, .qualify, .union, .join, .on, .and, .or,
    ]
    if let meant = mistyped(keywords) {
      reportMistyped(meant)
      return
    }
    if atStatementWord(), position > statementStart {
      let previous = tokens[position - 1].range.upperBound
      report(
        .missingSeparator(before: found(current), at: current.range, previousEnd: previous)
      )
      return
    }
    fail("';' or the end of the statement")
  }

  // MARK: - Header

  /// Reads the `-- param name: type in (choices) = default` lines at the top of a script.
  mutating func parseHeader(_ comments: [Token]) -> [ScriptParameter] {
    var parameters: [ScriptParameter] = []
    let firstToken = tokens[0].range.lowerBound
    for comment in comments where comment.range.lowerBound < firstToken {
      let line = text(of: comment)
      guard line.hasPrefix("--") else { continue }
      let body = trimmed(line.dropFirst(2))
      guard body.lowercased().hasPrefix("param "), body.contains(":") else { continue }
      if let parameter = parseHeaderLine(trimmed(body.dropFirst(6)), at: comment.range) {
        if parameters.contains(where: { $0.name == parameter.name }) {
          reportEarlier(
            .scriptParameter(
              "the parameter '\(parameter.name)' is declared twice",
              at: comment.range
            )
          )
        } else {
          parameters.append(parameter)
        }
      }
    }
    return parameters
  }

  private mutating func parseHeaderLine(
    _ line: Substring,
    at range: SourceRange
  )
    -> ScriptParameter?
  {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    let name = trimmed(line[..<colon])
    var rest = trimmed(line[line.index(after: colon)...])
    let isNameValid =
      name.utf8.allSatisfy { Lexer.isNamePart($0) }
      && name.utf8.first.map(Lexer.isNameStart) ?? false
    guard isNameValid else {
      reportEarlier(.scriptParameter("expected the parameter's name before ':'", at: range))
      return nil
    }
    let type = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    rest = trimmed(rest.dropFirst(type.count))
    guard !type.isEmpty else {
      reportEarlier(.scriptParameter("expected the parameter's type after ':'", at: range))
      return nil
    }
    var choices: [String] = []
    if rest.lowercased().hasPrefix("in") {
      rest = trimmed(rest.dropFirst(2))
      guard rest.first == "(", let end = rest.firstIndex(of: ")") else {
        reportEarlier(.scriptParameter("expected the choices in parentheses after 'in'", at: range))
        return nil
      }
      let list = rest[rest.index(after: rest.startIndex)..<end]
      choices = list.split(separator: ",").map { unquoted(trimmed($0)) }
      rest = trimmed(rest[rest.index(after: end)...])
    }
    var defaultValue: String?
    if rest.first == "=" {
      defaultValue = unquoted(trimmed(rest.dropFirst()))
    } else if !rest.isEmpty {
      reportEarlier(.scriptParameter("expected '=' and a default, found '\(rest)'", at: range))
    }
    return ScriptParameter(
      name: String(name),
      type: String(type),
      choices: choices,
      defaultValue: defaultValue,
      range: range
    )
  }

  private func trimmed(_ text: some StringProtocol) -> Substring {
    var text = Substring(text).drop { $0.isWhitespace }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return text
  }

  private func unquoted(_ text: Substring) -> String {
    guard text.count >= 2, text.first == "'", text.last == "'" else { return String(text) }
    return Literals.string(ArraySlice(text.utf8))
  }
}
