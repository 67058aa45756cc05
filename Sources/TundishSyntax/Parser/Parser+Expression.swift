/// Operators, by precedence climbing.
extension Parser {
  /// expression → conjunction { "OR" conjunction }.
  ///
  /// conjunction → negation { "AND" negation }.
  ///
  /// negation → "NOT" negation | test.
  ///
  /// test → comparison { is-suffix }.
  ///
  /// comparison → membership [ comparison-operator ( membership | quantifier "(" ( query |
  ///   expression ) ")" ) ].
  ///
  /// membership → value { membership-suffix }.
  ///
  /// value → [ "~" ] sum { other-operator sum }.
  ///
  /// sum → product { ( "+" | "-" ) product }.
  ///
  /// product → power { ( "*" | "/" | "//" | "%" ) power }.
  ///
  /// power → zoned { ( "^" | "**" ) zoned }.
  ///
  /// zoned → collated { "AT" "TIME" "ZONE" collated }.
  ///
  /// collated → signed { "COLLATE" label }.
  ///
  /// signed → ( "-" | "+" ) signed | postfix-expression.
  ///
  /// Reads operators that bind at least as tightly as `minimum`.
  mutating func parseExpression(_ minimum: Precedence = .lowest) -> Expression {
    guard enter() else { return missingExpression() }
    defer { leave() }
    let start = position
    var left = parsePrefix(minimum)
    var chainLength = 0
    var lastComparison = -1
    var lastLevel = Precedence.postfix
    while let level = infixLevel(), level >= minimum, level > .lowest {
      // `x ISNULL = y`: the left side is complete although it binds less tightly.
      if level > lastLevel { left = Expression(.parenthesized(left), range: left.range) }
      lastLevel = level
      if level == .comparison {
        if lastComparison >= 0 { report(.chainedComparison(at: current.range)) }
        lastComparison = position
      }
      chainLength += binaryOperator() == nil ? Self.chainLimit / Self.suffixLimit : 1
      guard chainLength <= Self.chainLimit else {
        giveUp(.chainTooLong(of: "operators", limit: Self.chainLimit, at: current.range))
        return left
      }
      left = parseInfix(left, level: level, from: start)
    }
    return left
  }

  func missingExpression() -> Expression {
    let offset = current.range.lowerBound
    return Expression(.missing, range: SourceRange(offset, offset))
  }

  // MARK: - Prefix operators

  /// An operator that binds less tightly than its place allows is read as if in parentheses.
  private mutating func parsePrefix(_ minimum: Precedence) -> Expression {
    switch current.kind {
    case .word where at(.not):
      return parsePrefixOperator(.not, operand: .not, level: .not, minimum)
    case .symbol(.minus):
      return parsePrefixOperator(.minus, operand: .unary, level: .unary, minimum)
    case .symbol(.plus):
      return parsePrefixOperator(.plus, operand: .unary, level: .unary, minimum)
    case .symbol(.tilde):
      return parsePrefixOperator(
        .bitwiseNot,
        operand: .additive,
        level: .other,
        minimum
      )
    case .symbol(.star) where peek(1).keyword == .columns && peek(2).symbol == .leftParenthesis:
      let start = position
      advance()
      let columns = parsePrimary()
      return Expression(.unary(.unpack, columns), range: range(from: start))
    case .word, .quotedName, .string, .blob, .integer, .decimal, .double, .parameter, .symbol,
      .comment, .unknown, .end:
      return parsePostfix()
    }
  }

  private mutating func parsePrefixOperator(
    _ kind: UnaryOperator,
    operand: Precedence,
    level: Precedence,
    _ minimum: Precedence
  ) -> Expression {
    let start = position
    advance()
    let value = parseExpression(operand)
    let whole = Expression(.unary(kind, value), range: range(from: start))
    return level < minimum ? Expression(.parenthesized(whole), range: whole.range) : whole
  }

  // MARK: - Infix operators

  /// The level of the operator at the current token, if there is one.
  private func infixLevel() -> Precedence? {
    if let symbol = current.symbol {
      if symbol == .percent, endsAtPercent, !isFactor(offset: 1) { return nil }
      if let binary = BinaryOperator.bySymbol[symbol] { return binary.precedence }
      switch symbol {
      case .tilde, .tildeStar, .notTilde, .notTildeStar: return .other
      case .doubleTilde, .doubleTildeStar, .notDoubleTilde, .notDoubleTildeStar, .tripleTilde:
        return .membership
      default: return nil
      }
    }
    switch current.keyword {
    case .or: return .or
    case .and: return .and
    case .is, .isnull, .notnull: return .is
    case .between, .in, .like, .ilike, .glob: return .membership
    case .similar: return peek(1).keyword == .to ? .membership : nil
    case .not: return negatedLevel()
    case .at: return peek(1).keyword == .time ? .atTimeZone : nil
    case .collate: return .collate
    default: return nil
    }
  }

  private func negatedLevel() -> Precedence? {
    switch peek(1).keyword {
    case .between, .in, .like, .ilike, .similar, .glob: .membership
    case .null: .is
    default: nil
    }
  }

  /// Reads one operator of the level and its right operand.
  private mutating func parseInfix(
    _ left: Expression,
    level: Precedence,
    from start: Int
  )
    -> Expression
  {
    if let binary = binaryOperator() { return parseBinary(left, binary, from: start) }
    switch level {
    case .is: return parseIs(left, from: start)
    case .membership: return parseMembership(left, from: start)
    case .other: return parseRegexMatch(left, from: start)
    case .atTimeZone:
      advance()
      advance()
      expect(.zone)
      let zone = parseExpression(.collate)
      return Expression(.atTimeZone(left, zone), range: range(from: start))
    case .collate:
      advance()
      let name = parseLabel("the name of a collation")
      return Expression(.collate(left, name), range: range(from: start))
    case .lowest, .or, .and, .not, .comparison, .additive, .multiplicative, .power, .unary,
      .postfix:
      advance()
      return left
    }
  }

  private func binaryOperator() -> BinaryOperator? {
    if let symbol = current.symbol { return BinaryOperator.bySymbol[symbol] }
    switch current.keyword {
    case .or: return .or
    case .and: return .and
    default: return nil
    }
  }

  /// comparison-operator → "=" | "==" | "<>" | "!=" | "<" | "<=" | ">" | ">=".
  ///
  /// other-operator → "||" | "->" | "->>" | "&" | "|" | "<<" | ">>" | "@>" | "<@" | "&&" | "^@" |
  ///   "~" | "~*" | "!~" | "!~*".
  private mutating func parseBinary(
    _ left: Expression,
    _ binary: BinaryOperator,
    from start: Int
  ) -> Expression {
    advance()
    if binary.isComparison, let quantified = parseQuantified(left, binary, from: start) {
      return quantified
    }
    let right = parseExpression(binary.precedence.tighter)
    guard binary.isAssociative, binaryOperator() == binary else {
      return Expression(.binary(binary, left, right), range: range(from: start))
    }
    var operands = [left, right]
    while binaryOperator() == binary {
      advance()
      operands.append(parseExpression(binary.precedence.tighter))
    }
    return fold(operands[...], binary)
  }

  /// Chains of associative operators lean left while short, and are balanced when long, so that
  /// `a OR b OR ...` of any length stays shallow.
  private func fold(_ operands: ArraySlice<Expression>, _ binary: BinaryOperator) -> Expression {
    if operands.count <= Self.leftDeepLimit, let first = operands.first {
      return operands.dropFirst().reduce(first) { left, right in
        Expression(.binary(binary, left, right), range: left.range.union(right.range))
      }
    }
    let middle = operands.startIndex + operands.count / 2
    let left = fold(operands[..<middle], binary)
    let right = fold(operands[middle...], binary)
    return Expression(.binary(binary, left, right), range: left.range.union(right.range))
  }

  /// quantifier → "ANY" | "SOME" | "ALL".
  private mutating func parseQuantified(
    _ left: Expression,
    _ binary: BinaryOperator,
    from start: Int
  ) -> Expression? {
    let quantifier: Quantifier
    switch current.keyword {
    case .any?, Keyword.some?: quantifier = .any
    case .all: quantifier = .all
    default: return nil
    }
    guard peek(1).symbol == .leftParenthesis else { return nil }
    advance()
    advance()
    let saved = enterGroup()
    let operand: QuantifiedOperand =
      atQuery() ? .query(parseQuery()) : parseQuantifiedList()
    close(.rightParenthesis)
    leaveGroup(saved)
    return Expression(.quantified(binary, left, quantifier, operand), range: range(from: start))
  }

  private mutating func parseQuantifiedList() -> QuantifiedOperand {
    let start = position
    let value = parseExpression()
    guard let query = query(of: value) else { return .list(value) }
    guard atQueryTail() else {
      // As after IN, a query in further parentheses means its rows.
      return isQueryTail(query) ? .query(query.withoutParentheses) : .list(value)
    }
    return .query(extend(query, value, from: start))
  }

  /// is-suffix → "IS" [ "NOT" ] ( "NULL" | "TRUE" | "FALSE" | "UNKNOWN" | "DISTINCT" "FROM"
  ///   comparison ) | "ISNULL" | "NOTNULL" | "NOT" "NULL".
  private mutating func parseIs(_ left: Expression, from start: Int) -> Expression {
    if eat(.isnull) {
      return Expression(.isNull(left, isNegated: false), range: range(from: start))
    }
    if eat(.notnull) || eat(.not, .null) {
      return Expression(.isNull(left, isNegated: true), range: range(from: start))
    }
    advance()
    let isNegated = eat(.not)
    let kind: Expression.Kind
    switch current.keyword {
    case .null:
      advance()
      kind = .isNull(left, isNegated: isNegated)
    case .true:
      advance()
      kind = .isTruth(left, true, isNegated: isNegated)
    case .false:
      advance()
      kind = .isTruth(left, false, isNegated: isNegated)
    case .unknown:
      advance()
      kind = .isTruth(left, nil, isNegated: isNegated)
    case .distinct where peek(1).keyword == .from:
      advance()
      advance()
      kind = .isDistinctFrom(left, parseExpression(.comparison), isNegated: isNegated)
    default:
      fail("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM after IS")
      kind = .isNull(left, isNegated: isNegated)
    }
    return Expression(kind, range: range(from: start))
  }

  /// membership-suffix → [ "NOT" ] ( "BETWEEN" value "AND" value | "IN" in-operand | ( "LIKE" |
  ///   "ILIKE" | "GLOB" | "SIMILAR" "TO" ) value [ "ESCAPE" value ] ) | ( "~~" | "~~*" | "~~~" |
  ///   "!~~" | "!~~*" ) value.
  private mutating func parseMembership(_ left: Expression, from start: Int) -> Expression {
    var isNegated = eat(.not)
    let token = advance()
    let like: LikeKind
    switch token.keyword {
    case .between:
      let lower = parseExpression(.other)
      expect(.and)
      let upper = parseExpression(.other)
      return Expression(
        .between(left, lower: lower, upper: upper, isNegated: isNegated),
        range: range(from: start)
      )
    case .in:
      return parseIn(left, isNegated: isNegated, from: start)
    case .similar:
      advance()
      like = .similar
    case .ilike: like = .caseInsensitiveLike
    case .glob: like = .glob
    case .like: like = .like
    default:
      isNegated = token.symbol == .notDoubleTilde || token.symbol == .notDoubleTildeStar
      switch token.symbol {
      case .doubleTildeStar, .notDoubleTildeStar: like = .caseInsensitiveLike
      case .tripleTilde: like = .glob
      default: like = .like
      }
    }
    let pattern = parseExpression(.other)
    let escape = eat(.escape) ? parseExpression(.other) : nil
    return Expression(
      .like(like, left, pattern: pattern, escape: escape, isNegated: isNegated),
      range: range(from: start)
    )
  }

  private mutating func parseRegexMatch(_ left: Expression, from start: Int) -> Expression {
    let symbol = advance().symbol
    let isNegated = symbol == .notTilde || symbol == .notTildeStar
    let kind: LikeKind =
      symbol == .tildeStar || symbol == .notTildeStar ? .caseInsensitiveRegex : .regex
    let pattern = parseExpression(.additive)
    return Expression(
      .like(kind, left, pattern: pattern, escape: nil, isNegated: isNegated),
      range: range(from: start)
    )
  }

  /// in-operand → "(" ( query | expression { "," expression } ) ")" | name-or-call.
  ///
  /// `x IN list` stands for `list_contains(list, x)`.
  private mutating func parseIn(_ left: Expression, isNegated: Bool, from start: Int) -> Expression
  {
    guard at(.leftParenthesis) else {
      let name = Identifier("list_contains", range: current.range)
      let list = parseExpression(.unary)
      let call = FunctionCall(
        name: QualifiedName([name]),
        arguments: [.init(value: list), .init(value: left)]
      )
      let whole = Expression(.call(call), range: range(from: start))
      guard isNegated else { return whole }
      let negated = Expression(.unary(.not, whole), range: whole.range)
      return Expression(.parenthesized(negated), range: whole.range)
    }
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    if atQuery() {
      let query = parseQuery()
      close(.rightParenthesis)
      return Expression(.inQuery(left, query, isNegated: isNegated), range: range(from: start))
    }
    let members = parseListBody(until: .rightParenthesis) { parser in
      let first = parser.position
      let value = parser.parseMember()
      guard let query = parser.query(of: value), parser.atQueryTail() else { return value }
      // `IN ((SELECT a) ORDER BY 1)`: the parentheses begin a larger query.
      let whole = parser.extend(query, value, from: first)
      return Expression(.scalarQuery(whole), range: parser.range(from: first))
    }
    if members.count == 1, case .scalarQuery(let query) = members[0].kind, isQueryTail(query) {
      return Expression(
        .inQuery(left, query.withoutParentheses, isNegated: isNegated),
        range: range(from: start)
      )
    }
    return Expression(.inList(left, members, isNegated: isNegated), range: range(from: start))
  }

  /// Whether `IN ((SELECT ...))` means the query's rows: as in PostgreSQL, always.
  private func isQueryTail(_ query: Query) -> Bool {
    if case .sales = query.body { return false }
    return true
  }

  // MARK: - Groups

  /// The rules of a place in the text that pause inside parentheses, brackets and braces.
  struct Surroundings {
    /// Outside parentheses in a clause of the sales door.
    var isSalesExpression: Bool
    /// In an argument of a call, which may end in `IGNORE NULLS`.
    var isArgument: Bool
    /// In LIMIT, whose value may end in `%`.
    var endsAtPercent: Bool
  }

  /// Enters parentheses, brackets or braces, where the rules of the surroundings pause.
  mutating func enterGroup() -> Surroundings {
    let saved = Surroundings(
      isSalesExpression: isSalesExpression,
      isArgument: isArgument,
      endsAtPercent: endsAtPercent
    )
    isSalesExpression = false
    isArgument = false
    endsAtPercent = false
    return saved
  }

  mutating func leaveGroup(_ saved: Surroundings) {
    isSalesExpression = saved.isSalesExpression
    isArgument = saved.isArgument
    endsAtPercent = saved.endsAtPercent
  }

  /// sales-expression → expression.
  ///
  /// Reads a condition, where an unknown word between two operands was meant to be AND or OR.
  mutating func parseCondition() -> Expression {
    let start = position
    var condition = parseExpression()
    while let meant = mistypedClause([.and, .or]) {
      reportMistyped(meant)
      advance()
      let right = parseExpression(.not)
      condition = Expression(
        .binary(meant == .and ? .and : .or, condition, right),
        range: range(from: start)
      )
    }
    return condition
  }
}

extension Query {
  /// The query inside parentheses that add nothing.
  var withoutParentheses: Query {
    guard with == nil, orderBy == nil, limit == nil, case .parenthesized(let inner) = body else {
      return self
    }
    return inner.withoutParentheses
  }
}
