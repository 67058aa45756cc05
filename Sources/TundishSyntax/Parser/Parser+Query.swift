/// Queries: WITH, set operations, ORDER BY and LIMIT around their parts.
extension Parser {
  /// How many levels a query counts for the nesting limit.
  static let queryLevels = 5

  /// Whether a query begins here.
  func atQuery(offset: Int = 0) -> Bool {
    let next = peek(offset + 1)
    switch peek(offset).keyword {
    case .select, .with, .from, .table, .pivot, .unpivot: return true
    case .values: return next.symbol == .leftParenthesis
    case .measure, .funnel, .flow, .survival: return atSalesQuery(offset: offset)
    default: return false
    }
  }

  /// Whether a sales query begins here, where a table or column of that name could stand too:
  /// a name must follow that is no join word and no operator.
  func atSalesQuery(offset: Int = 0) -> Bool {
    let next = peek(offset + 1)
    switch peek(offset).keyword {
    case .measure, .flow: return isName(next) && !isInfixWord(next)
    case .funnel: return next.kind == .string || isName(next) && !isInfixWord(next)
    case .survival: return next.keyword == .from
    default: return false
    }
  }

  private func isInfixWord(_ token: Token) -> Bool {
    switch token.keyword {
    case .semi, .anti, .asof, .positional, .between, .at, .over, .escape, .within, .filter: true
    default: false
    }
  }

  /// query → [ with-clause ] { ( query-term | sales-query ) set-operator } ( query-term [
  ///   order-clause ] [ limit-clause ] | sales-query ).
  mutating func parseQuery(after written: WithClause? = nil, from begin: Int? = nil) -> Query {
    guard enter(Self.queryLevels) else { return missingQuery() }
    defer { leave(Self.queryLevels) }
    let savedUnits = allowsUnits
    let savedGroup = enterGroup()
    allowsUnits = false
    defer {
      allowsUnits = savedUnits
      leaveGroup(savedGroup)
    }
    let start = begin ?? position
    let with = written ?? (at(.with) ? parseWith() : nil)
    let first = parseQueryTerm()
    var query = parseQueryTail(first, from: start)
    if let with {
      // A parenthesized or sales query has its own tail; WITH goes around all of it.
      if query.with != nil { query = Query(body: .parenthesized(query), range: query.range) }
      query.with = with
      query.range = range(from: start)
    }
    return query
  }

  func missingQuery() -> Query {
    let offset = current.range.lowerBound
    let range = SourceRange(offset, offset)
    return Query(body: .select(Select(items: [], range: range)), range: range)
  }

  /// Whether what follows a parenthesized query belongs to a larger query.
  func atQueryTail() -> Bool {
    switch current.keyword {
    case .union, .intersect, .except, .order, .limit, .offset, .fetch: true
    default: false
    }
  }

  /// Reads set operations, ORDER BY and LIMIT after a first term.
  mutating func parseQueryTail(_ first: Query, from start: Int) -> Query {
    var query = parseSetOperations(first, from: start)
    if atQueryTail() || mistypedClause([.order, .limit, .union]) != nil {
      if query.orderBy != nil || query.limit != nil || query.with != nil {
        query = Query(body: .parenthesized(query), range: query.range)
      }
      parseOrderAndLimit(&query)
      query.range = range(from: start)
    }
    return query
  }

  // MARK: - Set operations

  /// set-operator → ( "UNION" | "EXCEPT" | "INTERSECT" ) [ "ALL" | "DISTINCT" ] [ "BY" "NAME" ].
  private mutating func parseSetOperations(_ first: Query, from start: Int) -> Query {
    var left = parseIntersections(first, from: start)
    var chainLength = 0
    while at(.union) || at(.except) {
      left = parseSetOperation(left, from: start) { parser in
        let rightStart = parser.position
        return parser.parseIntersections(parser.parseQueryTerm(), from: rightStart)
      }
      chainLength += 1
      if tooLong(chainLength) { break }
    }
    return left
  }

  private mutating func parseIntersections(_ first: Query, from start: Int) -> Query {
    var left = first
    var chainLength = 0
    while at(.intersect) {
      left = parseSetOperation(left, from: start) { $0.parseQueryTerm() }
      chainLength += 1
      if tooLong(chainLength) { break }
    }
    return left
  }

  private mutating func tooLong(_ chainLength: Int) -> Bool {
    guard chainLength >= Self.chainLimit else { return false }
    giveUp(.chainTooLong(of: "set operations", limit: Self.chainLimit, at: current.range))
    return true
  }

  private mutating func parseSetOperation(
    _ left: Query,
    from start: Int,
    right: (inout Parser) -> Query
  ) -> Query {
    let kind: SetOperator = at(.union) ? .union : at(.except) ? .except : .intersect
    advance()
    let isAll = eat(.all)
    if !isAll { _ = eat(.distinct) }
    let byName = eat(.by, .name)
    let right = right(&self)
    return Query(
      body: .setOperation(kind, isAll: isAll, byName: byName, left, right),
      range: range(from: start)
    )
  }

  // MARK: - Terms

  /// query-term → select | values | "TABLE" qualified-name | "(" query ")" | pivot-statement |
  ///   unpivot-statement.
  mutating func parseQueryTerm() -> Query {
    let start = position
    let body: QueryBody
    switch current.keyword {
    case .values: body = parseValues()
    case .table:
      advance()
      body = .table(parseQualifiedName("a table's name"))
    case .pivot: body = parsePivotStatement()
    case .unpivot: body = parseUnpivotStatement()
    case .measure, .funnel, .flow, .survival: body = .sales(parseSalesQuery())
    case .select, .from: body = .select(parseSelect())
    case .describe, .summarize, .show: body = .describe(parseStatement())
    default:
      if at(.leftParenthesis) {
        body = parseParenthesizedQuery()
      } else if let meant = mistyped([.select, .from, .values, .with]), meant != .with {
        reportMistyped(meant)
        body = .select(parseSelect(mistypedAs: meant))
      } else {
        fail("a query (SELECT, FROM, VALUES, MEASURE ...)")
        return missingQuery()
      }
    }
    return Query(body: body, range: range(from: start))
  }

  private mutating func parseParenthesizedQuery() -> QueryBody {
    advance()
    let query = parseQuery()
    close(.rightParenthesis)
    return .parenthesized(query)
  }

  /// values → "VALUES" value-row { "," value-row }.
  private mutating func parseValues() -> QueryBody {
    advance()
    var rows: [[Expression]] = []
    repeat {
      guard at(.leftParenthesis) else {
        if rows.isEmpty { fail("'(' and a row of values") }
        break
      }
      rows.append(parseValueRow())
    } while eat(.comma)
    return .values(rows)
  }

  /// value-row → "(" expression { "," expression } ")".
  private mutating func parseValueRow() -> [Expression] {
    advance()
    if at(.rightParenthesis) { fail("a value") }
    return parseListBody(until: .rightParenthesis) { $0.parseExpression() }
  }

  // MARK: - WITH

  /// with-clause → "WITH" [ "RECURSIVE" ] common-table { "," common-table }.
  mutating func parseWith() -> WithClause {
    advance()
    let isRecursive = eat(.recursive)
    var items: [CommonTableExpression] = []
    repeat {
      if at(.select) || at(.from) { break }
      items.append(parseCommonTable())
    } while eat(.comma)
    return WithClause(isRecursive: isRecursive, items: items)
  }

  /// common-table → identifier [ name-list ] "AS" [ [ "NOT" ] "MATERIALIZED" ] "(" ( query | insert |
  ///   update | delete | merge ) ")".
  private mutating func parseCommonTable() -> CommonTableExpression {
    let start = position
    let name = parseName("the name of a query")
    let columns = at(.leftParenthesis) ? parseNameList("a column's name") : []
    expect(.as)
    var isMaterialized: Bool?
    if eat(.materialized) { isMaterialized = true }
    if eat(.not, .materialized) { isMaterialized = false }
    expect(.leftParenthesis)
    let change = parseTableChange()
    // A change has no query; its name stands there.
    let query =
      change == nil
      ? parseQuery() : Query(body: .table(QualifiedName([name])), range: name.range)
    close(.rightParenthesis)
    return CommonTableExpression(
      name: name,
      columns: columns,
      isMaterialized: isMaterialized,
      query: query,
      change: change,
      range: range(from: start)
    )
  }

  /// A statement that changes rows, if one stands here.
  private mutating func parseTableChange() -> TableChange? {
    guard at(.insert) || at(.replace, .into) || at(.update) || at(.delete) || atMerge else {
      return nil
    }
    // Such statements may have queries with such clauses in them.
    guard enter(1) else { return nil }
    defer { leave(1) }
    switch current.keyword {
    case .insert, .replace: return TableChange(parseInsert())
    case .update: return TableChange(parseUpdate())
    case .delete: return TableChange(parseDelete())
    default: return TableChange(parseMerge())
    }
  }

  // MARK: - Order and limit

  /// order-clause → "ORDER" "BY" ( "ALL" [ direction ] | order-item { "," order-item } ).
  private mutating func parseOrderBy() -> OrderBy {
    advance()
    expect(.by)
    if at(.all) {
      let token = advance()
      let (isDescending, nullsFirst) = parseDirection()
      return .all(isDescending: isDescending, nullsFirst: nullsFirst, token.range)
    }
    return .items(parseOrderItems())
  }

  /// order-items → order-item { "," order-item }.
  mutating func parseOrderItems() -> [OrderItem] {
    var items: [OrderItem] = []
    repeat {
      if !items.isEmpty, atListEnd() { break }
      items.append(parseOrderItem())
    } while eat(.comma)
    return items
  }

  /// order-item → expression [ direction ].
  private mutating func parseOrderItem() -> OrderItem {
    let expression = parseExpression()
    let (isDescending, nullsFirst) = parseDirection()
    return OrderItem(
      expression: expression,
      isDescending: isDescending,
      nullsFirst: nullsFirst
    )
  }

  /// direction → [ "ASC" | "DESC" ] [ "NULLS" ( "FIRST" | "LAST" ) ].
  private mutating func parseDirection() -> (isDescending: Bool?, nullsFirst: Bool?) {
    var isDescending: Bool?
    if eat(.asc) { isDescending = false } else if eat(.desc) { isDescending = true }
    if eat(.nulls, .first) { return (isDescending, true) }
    if eat(.nulls, .last) { return (isDescending, false) }
    return (isDescending, nil)
  }

  private mutating func parseOrderAndLimit(_ query: inout Query) {
    if let meant = mistypedClause([.order, .limit]) {
      reportMistyped(meant)
      if meant == .order { query.orderBy = parseOrderBy() }
    } else if at(.order) {
      query.orderBy = parseOrderBy()
    }
    parseLimits(&query)
    if at(.order) {
      report(.clauseOutOfOrder(.order, after: .limit, at: current.range))
      query.orderBy = parseOrderBy()
    }
  }

  /// Whether LIMIT, OFFSET or FETCH follows.
  func atLimit() -> Bool { limitKeyword() != nil }

  /// Reads the limits of a query whose order is read.
  mutating func parseLimits(_ query: inout Query) {
    var limit = LimitClause(count: nil)
    var hasLimit = false
    var seen: Set<Keyword> = []
    while let clause = limitKeyword() {
      if current.keyword == nil { reportMistyped(clause) }
      if !seen.insert(clause).inserted {
        report(.clauseTwice(clause.spelling, at: current.range))
      }
      hasLimit = true
      parseLimitPart(clause, &limit)
    }
    if hasLimit { query.limit = limit }
  }

  private func limitKeyword() -> Keyword? {
    switch current.keyword {
    case .limit: .limit
    case .offset: .offset
    case .fetch: .fetch
    default: mistypedClause([.limit, .offset])
    }
  }

  /// limit-clause → "LIMIT" ( "ALL" | percentage | expression [ "PERCENT" ] ) [ "OFFSET"
  ///   expression [ "ROW" | "ROWS" ] ] | "OFFSET" expression [ "ROW" | "ROWS" ] | "FETCH" (
  ///   "FIRST" | "NEXT" ) [ value ] ( "ROW" | "ROWS" ) ( "ONLY" | "WITH" "TIES" ).
  private mutating func parseLimitPart(_ clause: Keyword, _ limit: inout LimitClause) {
    advance()
    switch clause {
    case .offset:
      limit.offset = parseExpression()
      if !eat(.rows) { _ = eat(.row) }
    case .fetch:
      if !eat(.first) { expect(.next) }
      let one = Expression(.literal(.integer("1")), range: current.range)
      let isRow = at(.row) && peek(1).symbol == .leftParenthesis
      limit.count = !isRow && (at(.row) || at(.rows)) ? one : parseExpression(.other)
      if !eat(.rows) { expect(.row) }
      if eat(.with, .ties) { limit.withTies = true } else { expect(.only) }
    default:
      if eat(.all) { return }
      limit.count = parseLimitCount(&limit.isPercentage)
    }
  }

  private mutating func parseLimitCount(_ isPercentage: inout Bool) -> Expression {
    if current.isNumber, peek(1).symbol == .percent, !isFactor(offset: 2) {
      let allowed = allowsUnits
      allowsUnits = false
      let number = parseNumber()
      allowsUnits = allowed
      advance()
      isPercentage = true
      return number
    }
    endsAtPercent = true
    let count = parseExpression()
    endsAtPercent = false
    if eat(.percent as Keyword) || eat(.percent as Symbol) { isPercentage = true }
    return count
  }

  /// Whether a token can begin an operand.
  func isOperand(_ token: Token) -> Bool {
    switch token.kind {
    case .integer, .decimal, .double, .string, .blob, .parameter, .quotedName,
      .symbol(.leftParenthesis), .symbol(.questionMark), .symbol(.minus):
      true
    case .word: token.keyword.map { $0.wordClass == .soft && $0 != .offset } ?? true
    case .symbol, .comment, .unknown, .end: false
    }
  }

  /// Whether a token can begin the right side of a `%`, which is then the modulo of a LIMIT and not
  /// its percent sign.
  func isFactor(offset: Int) -> Bool {
    let token = peek(offset)
    if isOperand(token) { return true }
    switch token.symbol {
    case .leftBracket, .leftBrace, .plus: return true
    default: break
    }
    guard let keyword = token.keyword else { return false }
    return Self.operandWords.contains(keyword)
      || keyword.wordClass == .typeOrFunction && peek(offset + 1).symbol == .leftParenthesis
  }

  /// The reserved words that begin an operand.
  private static let operandWords: Set<Keyword> = functionsWithoutParentheses.union([
    .null, .true, .false, .case, .cast, .array, .user,
  ])

  /// Whether a list can end here after a comma, which is then one too many but allowed.
  func atListEnd() -> Bool {
    switch current.kind {
    case .end, .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.semicolon): true
    case .word: current.keyword.map(Self.clauseKeywords.contains) ?? false
    case .quotedName, .string, .blob, .integer, .decimal, .double, .parameter, .symbol, .comment,
      .unknown:
      false
    }
  }
}
