/// What stands in parentheses, brackets and braces.
extension Parser {
  /// group → query | expression | expression "," [ expression { "," expression } ].
  mutating func parseGroup() -> Expression {
    let start = position
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    if atQuery() {
      let query = parseQuery()
      close(.rightParenthesis)
      return Expression(.scalarQuery(query), range: range(from: start))
    }
    if at(.rightParenthesis) {
      advance()
      return Expression(.row([]), range: range(from: start))
    }
    let first = parseExpression()
    if let query = query(of: first), atQueryTail() {
      let whole = extend(query, first, from: start + 1)
      close(.rightParenthesis)
      return Expression(.scalarQuery(whole), range: range(from: start))
    }
    guard eat(.comma) else {
      close(.rightParenthesis)
      return Expression(.parenthesized(first), range: range(from: start))
    }
    let rest = parseListBody(until: .rightParenthesis) { $0.parseExpression() }
    return Expression(.row([first] + rest), range: range(from: start))
  }

  /// The query that an expression consists of, with parentheses around it or without.
  func query(of expression: Expression) -> Query? {
    var layers: [SourceRange] = []
    var inner = expression
    while case .parenthesized(let next) = inner.kind {
      layers.append(inner.range)
      inner = next
    }
    guard case .scalarQuery(let query) = inner.kind else { return nil }
    return layers.isEmpty
      ? query
      : layers.dropLast().reversed().reduce(Query(body: .parenthesized(query), range: inner.range))
      {
        Query(body: .parenthesized($0), range: $1)
      }
  }

  /// Reads on where a query in parentheses turned out to begin a larger one.
  mutating func extend(_ query: Query, _ first: Expression, from start: Int) -> Query {
    parseQueryTail(Query(body: .parenthesized(query), range: first.range), from: start)
  }

  /// Reads an expression, or a query that begins with one in parentheses.
  mutating func parseMember() -> Expression {
    let start = position
    let first = parseExpression()
    guard let query = query(of: first), atSetOperator() else { return first }
    return Expression(.scalarQuery(extend(query, first, from: start)), range: range(from: start))
  }

  private func atSetOperator() -> Bool {
    switch current.keyword {
    case .union, .intersect, .except, .limit, .offset, .fetch: true
    default: false
    }
  }

  /// row-expression → "ROW" "(" [ expression { "," expression } ] ")".
  mutating func parseRow() -> Expression {
    let start = position
    advance()
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let members = parseListBody(until: .rightParenthesis) { $0.parseExpression() }
    return Expression(.row(members), range: range(from: start))
  }

  /// list → "[" [ expression { "," expression } ] "]" | "[" expression "FOR" identifier [ ","
  ///   identifier ] "IN" expression [ "IF" expression ] "]".
  mutating func parseList() -> Expression {
    let start = position
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    if eat(.rightBracket) { return Expression(.list([]), range: range(from: start)) }
    let first = parseExpression()
    if eat(.for) { return parseComprehension(first, from: start) }
    guard eat(.comma) else {
      close(.rightBracket)
      return Expression(.list([first]), range: range(from: start))
    }
    let rest = parseListBody(until: .rightBracket) { $0.parseExpression() }
    return Expression(.list([first] + rest), range: range(from: start))
  }

  private mutating func parseComprehension(_ value: Expression, from start: Int) -> Expression {
    var variables = [parseName("a variable's name")]
    if eat(.comma) { variables.append(parseName("a name for the index")) }
    expect(.in)
    let list = parseExpression()
    let condition = eat(.if) ? parseExpression() : nil
    close(.rightBracket)
    return Expression(
      .listComprehension(value, variables: variables, list: list, condition: condition),
      range: range(from: start)
    )
  }

  /// array-expression → "ARRAY" ( list | "(" query ")" ).
  mutating func parseArray() -> Expression {
    let start = position
    var offset = 1
    while peek(offset).symbol == .leftParenthesis { offset += 1 }
    if offset > 1, atQuery(offset: offset) { return parseArrayQuery() }
    advance()
    guard at(.leftBracket) else {
      fail("'[' or a query in parentheses after ARRAY")
      return missingExpression()
    }
    let list = parseList()
    return Expression(list.kind, range: range(from: start))
  }

  private mutating func parseArrayQuery() -> Expression {
    let start = position
    let word = advance()
    let query = parseGroup()
    let call = FunctionCall(
      name: QualifiedName([Identifier("array", range: word.range)]),
      arguments: [FunctionArgument(value: query)]
    )
    return Expression(.call(call), range: range(from: start))
  }

  /// structure → "{" [ structure-entry { "," structure-entry } ] "}".
  mutating func parseStructure() -> Expression {
    let start = position
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let entries = parseListBody(until: .rightBrace) { $0.parseStructureEntry() }
    return Expression(.structure(entries), range: range(from: start))
  }

  /// map-expression → "MAP" "{" [ map-entry { "," map-entry } ] "}".
  ///
  /// map-entry → expression ":" expression.
  ///
  /// `MAP {k: v}` stands for `map([k], [v])`.
  mutating func parseMap() -> Expression {
    let start = position
    let word = advance()
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let entries = parseListBody(until: .rightBrace) { parser in
      let key = parser.parseExpression()
      parser.expect(.colon)
      return (key, parser.parseExpression())
    }
    let whole = range(from: start)
    let lists = [entries.map(\.0), entries.map(\.1)].map { Expression(.list($0), range: whole) }
    let call = FunctionCall(
      name: QualifiedName([Identifier("map", range: word.range)]),
      arguments: lists.map { FunctionArgument(value: $0) }
    )
    return Expression(.call(call), range: whole)
  }

  /// structure-entry → ( string | label ) ":" expression.
  private mutating func parseStructureEntry() -> StructEntry {
    let name: Identifier
    if current.kind == .string {
      let token = advance()
      name = Identifier(stringValue(token), range: token.range, isQuoted: true)
    } else {
      name = parseLabel("a member's name")
    }
    expect(.colon)
    return StructEntry(name: name, value: parseExpression())
  }
}
