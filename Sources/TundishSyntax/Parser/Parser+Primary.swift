/// Operands: literals, names, groups and what follows them.
extension Parser {
  /// postfix-expression → primary { "::" type | "[" subscript "]" | "." label [ call-arguments ] }.
  mutating func parsePostfix() -> Expression {
    let start = position
    var value = parsePrimary()
    var chainLength = 0
    while true {
      switch current.symbol {
      case .doubleColon:
        advance()
        value = Expression(.cast(value, parseType(), isTry: false), range: range(from: start))
      case .leftBracket:
        value = parseSubscript(value, from: start)
      case .dot:
        value = parseMember(value, from: start)
      default:
        return value
      }
      chainLength += 1
      guard chainLength <= Self.suffixLimit else {
        giveUp(
          .chainTooLong(of: "casts and subscripts", limit: Self.suffixLimit, at: current.range)
        )
        return value
      }
    }
  }

  /// subscript → expression | [ expression ] ":" [ "-" | expression ] [ ":" expression ].
  ///
  /// `list[from:to:step]` stands for `list_slice(list, from, to, step)`; a lone `-` is the end.
  private mutating func parseSubscript(_ value: Expression, from start: Int) -> Expression {
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let lower = at(.colon) ? nil : parseExpression()
    if eat(.colon) {
      var upper: Expression?
      if at(.minus), peek(1).symbol == .colon || peek(1).symbol == .rightBracket {
        advance()
      } else if !at(.rightBracket), !at(.colon) {
        upper = parseExpression()
      }
      if eat(.colon) { return parseStep(value, lower, upper, from: start) }
      close(.rightBracket)
      return Expression(.slice(value, lower: lower, upper: upper), range: range(from: start))
    }
    close(.rightBracket)
    return Expression(.index(value, lower ?? missingExpression()), range: range(from: start))
  }

  private mutating func parseStep(
    _ value: Expression,
    _ lower: Expression?,
    _ upper: Expression?,
    from start: Int
  ) -> Expression {
    let step = parseExpression()
    close(.rightBracket)
    let whole = range(from: start)
    let first = Expression(.literal(.integer("1")), range: whole)
    let last = Expression(.unary(.minus, first), range: whole)
    var isBackwards = false
    if case .unary(.minus, _) = step.kind { isBackwards = true }
    let bounds = [lower ?? (isBackwards ? last : first), upper ?? (isBackwards ? first : last)]
    let call = FunctionCall(
      name: QualifiedName([Identifier("list_slice", range: whole)]),
      arguments: ([value] + bounds + [step]).map { FunctionArgument(value: $0) }
    )
    return Expression(.call(call), range: whole)
  }

  mutating func parseMember(_ value: Expression, from start: Int) -> Expression {
    advance()
    let name = parseLabel("a name after '.'")
    guard at(.leftParenthesis) else {
      return Expression(.member(value, name), range: range(from: start))
    }
    // `value.f(x)` stands for `f(value, x)`, where a reserved word would need quotes.
    let isReserved = Keyword(rawValue: name.text.lowercased())?.wordClass == .reserved
    let function = Identifier(name.text, range: name.range, isQuoted: name.isQuoted || isReserved)
    var call = parseCall(QualifiedName([function]))
    call.arguments.insert(FunctionArgument(value: value), at: 0)
    return Expression(.call(call), range: range(from: start))
  }

  /// primary → number | string | blob | parameter | "NULL" | "TRUE" | "FALSE" | typed-literal |
  ///   interval-literal | name-or-call | "(" group ")" | row-expression | list | array-expression
  ///   | structure | map-expression | case-expression | cast-expression | exists-expression | columns-expression |
  ///   extract-call | trim-call | substring-call | position-call | overlay-call | bare-function.
  mutating func parsePrimary() -> Expression {
    switch current.kind {
    case .integer, .decimal, .double: return parseNumber()
    case .string, .blob: return parseText()
    case .parameter: return parseParameter()
    case .quotedName: return parseNameOrCall()
    case .word: return parseWord()
    case .symbol(.leftParenthesis): return parseGroup()
    case .symbol(.leftBracket): return parseList()
    case .symbol(.leftBrace): return parseStructure()
    case .symbol(.star): return parseStar(qualifier: [], from: position)
    case .symbol(.questionMark): return parseParameter()
    case .symbol, .comment, .unknown, .end:
      fail("an expression")
      return missingExpression()
    }
  }

  private mutating func parseWord() -> Expression {
    let next = peek(1)
    switch current.keyword {
    case .null, .true, .false, .default: return parseConstantWord()
    case .case: return parseCase()
    case .cast: return parseCast(isTry: false)
    case .tryCast: return parseCast(isTry: true)
    case .array: return parseArray()
    case .exists where next.symbol == .leftParenthesis: return parseExists()
    case .extract where next.symbol == .leftParenthesis: return parseExtract()
    case .trim where next.symbol == .leftParenthesis: return parseTrim()
    case .substring where next.symbol == .leftParenthesis: return parseSubstring()
    case .position where next.symbol == .leftParenthesis: return parsePosition()
    case .overlay where next.symbol == .leftParenthesis: return parseOverlay()
    case .columns where next.symbol == .leftParenthesis: return parseColumns()
    case .row where next.symbol == .leftParenthesis: return parseRow()
    case .map where next.symbol == .leftBrace: return parseMap()
    case .interval where isIntervalOperand(next): return parseInterval()
    default: break
    }
    if let literal = parseTypedLiteral() { return literal }
    if let keyword = current.keyword { return parseKeywordOperand(keyword, next: next) }
    return parseNameOrCall()
  }

  /// Words with a class: soft ones are names, those of functions need a parenthesis.
  private mutating func parseKeywordOperand(_ keyword: Keyword, next: Token) -> Expression {
    switch keyword.wordClass {
    case .soft:
      return parseNameOrCall()
    case .typeOrFunction where next.symbol == .leftParenthesis:
      return parseNameOrCall()
    case .reserved, .typeOrFunction:
      if Self.functionsWithoutParentheses.contains(keyword) { return parseBareFunction() }
      if keyword == .user { return parseNameOrCall(isQuoted: next.symbol == .dot) }
      if isMeantAsName(keyword, next: next) {
        report(.reservedWord(text(of: current), what: "a column", at: current.range))
        return parseNameOrCall()
      }
      fail("an expression", notes: reservedNote(keyword, next: next))
      return missingExpression()
    }
  }

  static let functionsWithoutParentheses: Set<Keyword> = [
    .currentDate, .currentTime, .currentTimestamp, .localtime, .localtimestamp, .currentUser,
    .currentRole, .currentCatalog, .currentSchema, .sessionUser,
  ]

  /// Whether a reserved word stands where only a column makes sense: `SELECT order, a`.
  private func isMeantAsName(_ keyword: Keyword, next: Token) -> Bool {
    let inner: Set<Keyword> = [
      .as, .on, .and, .or, .then, .when, .else, .end, .asc, .desc, .from, .where, .in, .not,
    ]
    return next.symbol == .comma && keyword.wordClass == .reserved && !inner.contains(keyword)
  }

  private func reservedNote(_ keyword: Keyword, next: Token) -> [String] {
    let isClause = Self.clauseKeywords.contains(keyword) || keyword == .as || keyword == .then
    let looksLikeName =
      next.symbol == .comma || next.symbol == .rightParenthesis || next.symbol == .equal
    guard !isClause || looksLikeName, keyword != .and, keyword != .or else { return [] }
    return ["a column with this name is written \"\(keyword.rawValue)\""]
  }

  /// bare-function → "CURRENT_DATE" | "CURRENT_TIME" | "CURRENT_TIMESTAMP" | "LOCALTIME" |
  ///   "LOCALTIMESTAMP".
  private mutating func parseBareFunction() -> Expression {
    let start = position
    let name = QualifiedName([makeName(advance())])
    if at(.leftParenthesis), peek(1).symbol == .rightParenthesis {
      advance()
      advance()
    }
    return Expression(.call(FunctionCall(name: name, arguments: [])), range: range(from: start))
  }

  // MARK: - Names

  /// name-or-call → qualified-name [ call-arguments ].
  ///
  /// `isQuoted`: the first word names a table although it is reserved, as in `user.id`.
  mutating func parseNameOrCall(isQuoted: Bool = false) -> Expression {
    let start = position
    let first = makeName(advance())
    var parts = [
      Identifier(first.text, range: first.range, isQuoted: first.isQuoted || isQuoted)
    ]
    while at(.dot), parts.count < QualifiedName.maximumPartCount {
      if peek(1).symbol == .star {
        advance()
        return parseStar(qualifier: parts, from: start)
      }
      advance()
      parts.append(parseLabel("a name after '.'"))
    }
    guard at(.leftParenthesis) else {
      return Expression(.name(parts), range: range(from: start))
    }
    let call = parseCall(QualifiedName(parts))
    return Expression(.call(call), range: range(from: start))
  }

  /// star-pattern → [ "NOT" ] ( "LIKE" | "ILIKE" | "SIMILAR" "TO" ) string.
  private mutating func parseStarPattern(_ star: inout Star) {
    let offset = at(.not) ? 1 : 0
    let width: Int
    switch peek(offset).keyword {
    case .like: (star.patternKind, width) = (.like, 1)
    case .ilike: (star.patternKind, width) = (.caseInsensitiveLike, 1)
    case .similar where peek(offset + 1).keyword == .to:
      (star.patternKind, width) = (.similar, 2)
    default: return
    }
    guard peek(offset + width).kind == .string else {
      star.patternKind = .like
      return
    }
    position += offset + width
    star.isPatternNegated = offset == 1
    star.pattern = parsePrimary()
  }

  /// star → [ qualified-name "." ] "*" [ star-pattern ] [ "EXCLUDE" exclusions ] [ "REPLACE" "("
  ///   replacement { "," replacement } ")" ] [ "RENAME" "(" renaming { "," renaming } ")" ].
  ///
  /// The pattern may stand after EXCLUDE, and one replacement without parentheses, as in DuckDB;
  /// they are written in this way.
  ///
  /// exclusions → qualified-name | "(" qualified-name { "," qualified-name } ")".
  ///
  /// replacement → expression "AS" label.
  ///
  /// renaming → qualified-name "AS" label.
  mutating func parseStar(qualifier: [Identifier], from start: Int) -> Expression {
    advance()
    var star = Star(qualifier: qualifier)
    parseStarPattern(&star)
    if at(.exclude), peek(1).symbol == .leftParenthesis || isName(peek(1)) {
      advance()
      star.excluded = parseOneOrSeveral { $0.parseQualifiedName("a column to exclude") }
      if star.pattern == nil { parseStarPattern(&star) }
    }
    if at(.replace), isOperand(peek(1)) {
      advance()
      star.replacements = parseOneOrSeveral { parser in
        let expression = parser.parseExpression()
        parser.expect(.as)
        return StarReplacement(
          expression: expression,
          name: parser.parseLabel("the column to replace")
        )
      }
    }
    if at(.rename), peek(1).symbol == .leftParenthesis || isName(peek(1)) {
      advance()
      star.renames = parseOneOrSeveral { parser in
        let name = parser.parseQualifiedName("a column to rename")
        parser.expect(.as)
        return StarRename(
          qualifier: Array(name.parts.dropLast()),
          name: name.parts.last ?? Identifier("", range: name.range),
          newName: parser.parseLabel("the column's new name")
        )
      }
    }
    return Expression(.star(star), range: range(from: start))
  }

  private mutating func parseOneOrSeveral<Element>(
    _ member: (inout Parser) -> Element
  ) -> [Element] {
    guard eat(.leftParenthesis) else { return [member(&self)] }
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    return parseListBody(until: .rightParenthesis, member: member)
  }

  /// columns-expression → "COLUMNS" "(" argument ")".
  private mutating func parseColumns() -> Expression {
    let start = position
    advance()
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let selection = parseArgument().value
    close(.rightParenthesis)
    return Expression(.columns(selection), range: range(from: start))
  }

  // MARK: - Keyword expressions

  /// case-expression → "CASE" [ expression ] case-branch { case-branch } [ "ELSE" expression ]
  ///   "END".
  private mutating func parseCase() -> Expression {
    let start = position
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let operand = at(.when) ? nil : parseExpression()
    var branches: [CaseBranch] = []
    while at(.when) { branches.append(parseCaseBranch()) }
    if branches.isEmpty { fail("WHEN") }
    let otherwise = eat(.else) ? parseExpression() : nil
    if !eat(.end) {
      fail("WHEN, ELSE or END")
      skip { $0.keyword == .end || $0.keyword.map(Self.clauseKeywords.contains) ?? false }
      if !eat(.end) { errorPosition = position }
    }
    return Expression(
      .caseWhen(operand: operand, branches: branches, otherwise: otherwise),
      range: range(from: start)
    )
  }

  /// case-branch → "WHEN" expression "THEN" expression.
  private mutating func parseCaseBranch() -> CaseBranch {
    advance()
    let condition = parseExpression()
    expect(.then)
    return CaseBranch(condition: condition, result: parseExpression())
  }

  /// cast-expression → ( "CAST" | "TRY_CAST" ) "(" expression "AS" type ")".
  private mutating func parseCast(isTry: Bool) -> Expression {
    let start = position
    advance()
    expect(.leftParenthesis)
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let value = parseExpression()
    expect(.as)
    let type = parseType()
    close(.rightParenthesis)
    return Expression(.cast(value, type, isTry: isTry), range: range(from: start))
  }

  /// exists-expression → "EXISTS" "(" query ")".
  private mutating func parseExists() -> Expression {
    let start = position
    advance()
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let query = parseQuery()
    close(.rightParenthesis)
    return Expression(.exists(query), range: range(from: start))
  }
}
