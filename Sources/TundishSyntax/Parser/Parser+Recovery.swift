/// Reporting, and finding the way back.
extension Parser {
  /// The reserved words that begin a clause or join: where skipping stops.
  static let clauseKeywords: Set<Keyword> = [
    .select, .from, .where, .group, .having, .window, .qualify, .order, .limit, .offset, .fetch,
    .union, .intersect, .except, .on, .using, .join, .returning,
  ]

  /// Reports that something else was expected here, unless this token was reported already.
  mutating func fail(_ what: String, notes: [String] = [], fix: Diagnostic.Fix? = nil) {
    report(.expected(what, found: found(current), at: current.range, notes: notes, fix: fix))
  }

  /// Reports at the current token, unless it was reported already.
  mutating func report(_ diagnostic: Diagnostic) {
    guard errorPosition != position else { return }
    errorPosition = position
    // The lexer has reported characters that begin no token.
    if current.kind != .unknown { diagnostics.append(diagnostic) }
  }

  /// Reports about text that was already read.
  mutating func reportEarlier(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
  }

  /// How a token is named in a message.
  func found(_ token: Token) -> String {
    switch token.kind {
    case .end: return "the end of the text"
    case .word, .quotedName, .string, .blob, .integer, .decimal, .double, .parameter, .symbol,
      .comment, .unknown:
      let text = text(of: token)
      if token.kind == .string { return "the text \(shortened(text))" }
      return "'\(shortened(text))'"
    }
  }

  private func shortened(_ text: String) -> String {
    let line = text.prefix { $0 != "\n" }
    return line.count > 32 || line.count < text.count ? "\(line.prefix(29))..." : text
  }

  /// Reports, and reads no more of this statement.
  mutating func giveUp(_ diagnostic: Diagnostic) {
    report(diagnostic)
    skipToStatementEnd()
    errorPosition = position
  }

  mutating func skipToStatementEnd() {
    while !isAtEnd, !at(.semicolon) { advance() }
  }

  /// Skips to a token that satisfies the condition, over balanced parentheses; stops at `;`, the
  /// end and a closing parenthesis that was opened outside.
  mutating func skip(until isTarget: (Token) -> Bool) {
    var openCount = 0
    while !isAtEnd, !at(.semicolon) {
      if openCount == 0, isTarget(current) { return }
      switch current.symbol {
      case .leftParenthesis, .leftBracket, .leftBrace: openCount += 1
      case .rightParenthesis, .rightBracket, .rightBrace:
        if openCount == 0 { return }
        openCount -= 1
      default: break
      }
      advance()
    }
  }

  /// Skips to the next clause.
  mutating func skipToClause() {
    skip { token in token.keyword.map(Self.clauseKeywords.contains) ?? false }
  }

  /// Takes the symbol that closes a group, or reports what stands there and skips to it.
  mutating func close(_ symbol: Symbol, expected: String? = nil) {
    if eat(symbol) { return }
    fail(expected ?? "'\(symbol.rawValue)'")
    skipToClause()
    if !eat(symbol) { errorPosition = position }
  }

  // MARK: - Slips of the hand

  /// The keyword that the current, unknown word was probably meant to be.
  func mistyped(_ keywords: some Sequence<Keyword>) -> Keyword? {
    guard current.kind == .word, current.keyword == nil else { return nil }
    return Suggestion.closest(to: text(of: current), in: keywords.map(\.rawValue)).flatMap {
      Keyword(rawValue: $0)
    }
  }

  mutating func reportMistyped(_ keyword: Keyword) {
    report(.mistyped(text(of: current), keyword: keyword, at: current.range))
  }

  /// The clause or join word that the current word was probably meant to be, judged also by what
  /// follows it: an alias is not followed by an operand.
  func mistypedClause(_ keywords: [Keyword]) -> Keyword? {
    guard let keyword = mistyped(keywords) else { return nil }
    let next = peek(1)
    switch keyword {
    case .group, .order: return next.keyword == .by ? keyword : nil
    default: break
    }
    switch next.kind {
    case .word:
      let isOperand = next.keyword.map {
        $0.wordClass != .reserved || Self.operandWords.contains($0)
      }
      return isOperand ?? true ? keyword : nil
    case .quotedName, .string, .blob, .integer, .decimal, .double, .parameter: return keyword
    case .symbol(.leftParenthesis), .symbol(.star): return keyword
    case .symbol, .comment, .unknown, .end: return nil
    }
  }

  private static let operandWords: Set<Keyword> = [
    .case, .cast, .not, .null, .true, .false, .array, .lateral, .all,
  ]
}
