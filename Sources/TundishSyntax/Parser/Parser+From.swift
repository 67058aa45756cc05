/// The relations of FROM.
extension Parser {
  /// Soft words that are never bare aliases of tables.
  private static let noAlias: Set<Keyword> = [.semi, .anti, .asof, .positional, .set]

  /// from-clause → "FROM" table-reference { "," table-reference }.
  mutating func parseFrom() -> [TableReference] {
    var references: [TableReference] = []
    repeat {
      if !references.isEmpty, atListEnd() { break }
      references.append(parseTableReference())
    } while eat(.comma)
    return references
  }

  /// table-reference → table-primary { join | nested-join }.
  mutating func parseTableReference() -> TableReference {
    let start = position
    var left = parseTablePrimary()
    var chain: [TableReference] = []
    var chainLength = 0
    while let join = parseJoin(left, from: start) {
      chain.append(join)
      while atJoinCondition(), let nested = parseNestedJoin(&chain, from: start) {
        chain.append(nested)
      }
      left = chain.last ?? join
      chainLength += 1
      guard chainLength <= Self.chainLimit else {
        giveUp(.chainTooLong(of: "joins", limit: Self.chainLimit, at: current.range))
        break
      }
    }
    return left
  }

  // MARK: - Joins

  /// join → ( [ "NATURAL" ] [ join-kind ] | "ASOF" [ asof-kind ] ) "JOIN" table-primary [ "ON"
  ///   expression | "USING" name-list ].
  ///
  /// asof-kind → "INNER" | ( "LEFT" | "RIGHT" | "FULL" ) [ "OUTER" ] | "SEMI" | "ANTI".
  private mutating func parseJoin(_ left: TableReference, from start: Int) -> TableReference? {
    guard atJoin() else { return nil }
    let isNatural = eat(.natural)
    let isAsOf = eat(.asof)
    let kind = parseJoinKind()
    expect(.join)
    let right = parseTablePrimary()
    let condition = parseJoinCondition() ?? (isNatural ? .natural : .none)
    let join = JoinClause(
      left: left,
      right: right,
      kind: kind,
      isAsOf: isAsOf,
      condition: condition
    )
    return TableReference(.join(join), range: range(from: start))
  }

  private func atJoinCondition() -> Bool {
    at(.on) && !atConflict() || at(.using) && peek(1).keyword != .sample
  }

  private mutating func parseJoinCondition() -> JoinClause.Condition? {
    guard atJoinCondition() else { return nil }
    guard advance().keyword == .on else { return .using(parseNameList("a column's name")) }
    return .on(parseCondition())
  }

  /// nested-join → [ "INNER" | ( "LEFT" | "RIGHT" | "FULL" ) [ "OUTER" ] ] "JOIN" table-primary [
  ///   "INNER" | ( "LEFT" | "RIGHT" | "FULL" ) [ "OUTER" ] ] "JOIN" table-primary "ON" expression "ON"
  ///   expression.
  ///
  /// A condition after the condition of a join belongs to the nearest join before it that has none; all
  /// joins between the two are on its right: `a JOIN b JOIN c ON x ON y` is `a JOIN (b JOIN c ON x) ON y`.
  /// `chain` is each join with those before it on its left; those that moved are taken off it.
  private mutating func parseNestedJoin(
    _ chain: inout [TableReference],
    from start: Int
  ) -> TableReference? {
    let waiting = chain.lastIndex { reference in
      guard case .join(let join) = reference.kind, case .none = join.condition else { return false }
      return join.kind != .cross && join.kind != .positional
    }
    guard let waiting, waiting < chain.count - 1, case .join(let outer) = chain[waiting].kind else {
      return nil
    }
    var right = outer.right
    for reference in chain[(waiting + 1)...] {
      guard case .join(var join) = reference.kind else { return nil }
      join.left = right
      let range = SourceRange(right.range.lowerBound, reference.range.upperBound)
      right = TableReference(.join(join), range: range)
    }
    guard let condition = parseJoinCondition() else { return nil }
    chain.removeSubrange(waiting...)
    var join = outer
    join.right = right
    join.condition = condition
    return TableReference(.join(join), range: range(from: start))
  }

  /// Whether `ON CONFLICT` of INSERT stands here.
  private func atConflict() -> Bool {
    at(.on, .conflict) && (peek(2).keyword == .do || peek(2).symbol == .leftParenthesis)
  }

  private func atJoin() -> Bool {
    switch current.keyword {
    case .join, .inner, .left, .right, .full, .cross, .natural: return true
    case .semi, .anti, .positional: return peek(1).keyword == .join
    case .asof:
      switch peek(1).keyword {
      case .join, .inner, .left, .right, .full, .semi, .anti: return true
      default: return false
      }
    default: return mistypedClause([.join]) != nil
    }
  }

  /// join-kind → "INNER" | ( "LEFT" | "RIGHT" | "FULL" ) [ "OUTER" ] | "CROSS" | "SEMI" | "ANTI" |
  ///   "POSITIONAL".
  private mutating func parseJoinKind() -> JoinClause.Kind {
    let kind: JoinClause.Kind
    switch current.keyword {
    case .left: kind = .left
    case .right: kind = .right
    case .full: kind = .full
    case .inner: kind = .inner
    case .cross: kind = .cross
    case .semi: kind = .semi
    case .anti: kind = .anti
    case .positional: kind = .positional
    default: return .inner
    }
    advance()
    _ = eat(.outer)
    return kind
  }

  // MARK: - Relations

  /// table-primary → ( identifier ":" relation-item | relation-item [ table-alias ] )
  ///   [ "TABLESAMPLE" sample ] { ( pivot | unpivot ) [ table-alias ] [ "TABLESAMPLE" sample ] }.
  ///
  /// relation-item → qualified-name | string | table-function | [ "LATERAL" ] "(" query ")" | values
  ///   | "(" table-reference ")".
  ///
  /// table-function → qualified-name call-arguments [ "WITH" "ORDINALITY" ].
  mutating func parseTablePrimary() -> TableReference {
    guard enter(2) else { return missingTable() }
    defer { leave(2) }
    let start = position
    var prefixAlias: Identifier?
    if isName(current), peek(1).symbol == .colon {
      prefixAlias = makeName(advance())
      advance()
    }
    var reference = parseRelation()
    if let prefixAlias { reference.alias = prefixAlias } else { parseTableAlias(&reference) }
    if eat(.tablesample) { reference.sample = parseSample() }
    reference.range = range(from: start)
    var chainLength = 0
    while at(.pivot) || at(.unpivot), chainLength < Self.pivotLimit {
      reference = at(.pivot) ? parsePivot(reference) : parseUnpivot(reference)
      parseTableAlias(&reference)
      if eat(.tablesample) { reference.sample = parseSample() }
      reference.range = range(from: start)
      chainLength += 1
    }
    return reference
  }

  private func missingTable() -> TableReference {
    let offset = current.range.lowerBound
    let range = SourceRange(offset, offset)
    return TableReference(.table(QualifiedName([Identifier("", range: range)])), range: range)
  }

  private mutating func parseRelation() -> TableReference {
    let start = position
    let isLateral = eat(.lateral)
    switch current.kind {
    case .string:
      let token = advance()
      return TableReference(.file(stringValue(token)), range: token.range)
    case .symbol(.leftParenthesis):
      return parseTableGroup(isLateral: isLateral)
    default: break
    }
    if at(.values), peek(1).symbol == .leftParenthesis {
      let query = parseQueryTerm()
      return TableReference(.query(query, isLateral: false), range: range(from: start))
    }
    if at(.columns) || current.keyword?.wordClass == .typeOrFunction,
      peek(1).symbol == .leftParenthesis
    {
      let call = parseCall(QualifiedName([makeName(advance())]))
      return TableReference(.function(call, withOrdinality: false), range: range(from: start))
    }
    guard isName(current) else {
      fail("a table, a file in quotes or '('", notes: tableNotes())
      return missingTable()
    }
    let name = parseQualifiedName("a table")
    guard at(.leftParenthesis) else {
      return TableReference(.table(name), range: range(from: start))
    }
    let call = parseCall(name)
    let withOrdinality = eat(.with, .ordinality)
    return TableReference(
      .function(call, withOrdinality: withOrdinality),
      range: range(from: start)
    )
  }

  private func tableNotes() -> [String] {
    guard let keyword = current.keyword, keyword.wordClass == .reserved,
      !Self.clauseKeywords.contains(keyword)
    else { return [] }
    return ["a table with this name is written \"\(text(of: current))\""]
  }

  /// `(query)`, or a join in parentheses.
  private mutating func parseTableGroup(isLateral: Bool) -> TableReference {
    let start = position
    advance()
    if atQuery() || at(.describe) || at(.summarize) || at(.show) {
      let query = parseQuery()
      close(.rightParenthesis)
      return TableReference(.query(query, isLateral: isLateral), range: range(from: start))
    }
    var inner = parseTableReference()
    if case .query(let query, _) = inner.kind, inner.alias == nil, atQueryTail() {
      let first = Query(body: .parenthesized(query), range: inner.range)
      let whole = parseQueryTail(first, from: start + 1)
      close(.rightParenthesis)
      return TableReference(.query(whole, isLateral: isLateral), range: range(from: start))
    }
    close(.rightParenthesis)
    inner.range = range(from: start)
    return inner
  }

  /// table-alias → "AS" ( label | string ) [ name-list ] | identifier [ name-list ].
  private mutating func parseTableAlias(_ reference: inout TableReference) {
    if eat(.as) {
      if current.kind == .string {
        let token = advance()
        reference.alias = Identifier(stringValue(token), range: token.range, isQuoted: true)
      } else {
        reference.alias = parseLabel("a name after AS")
      }
    } else if atBareTableAlias() {
      if current.startsLine { lineStartingAlias = position }
      reference.alias = makeName(advance())
    } else {
      return
    }
    if at(.leftParenthesis) { reference.columnAliases = parseNameList("a column's name") }
  }

  private func atBareTableAlias() -> Bool {
    guard isName(current), errorPosition != position else { return false }
    if let keyword = current.keyword, Self.noAlias.contains(keyword) { return false }
    let clauses: [Keyword] = [
      .join, .where, .group, .having, .order, .limit, .qualify, .union, .window, .select,
    ]
    return mistypedClause(clauses) == nil
  }

  // MARK: - Pivots

  /// pivot → "PIVOT" "(" select-item { "," select-item } "FOR" pivot-column { identifier "IN" "("
  ///   select-item { "," select-item } ")" } [ "GROUP" "BY" expression { "," expression } ] ")".
  private mutating func parsePivot(_ source: TableReference) -> TableReference {
    advance()
    expect(.leftParenthesis)
    let aggregates = parseSelectItems()
    expect(.for)
    var columns = [parsePivotColumn()]
    while !at(.rightParenthesis), !at(.group), isOperand(current) {
      columns.append(parsePivotColumn())
    }
    let groupBy = eat(.group, .by) ? parseExpressions() : []
    close(.rightParenthesis)
    let pivot = Pivot(aggregates: aggregates, columns: columns, groupBy: groupBy)
    return TableReference(.pivot(source, pivot), range: source.range)
  }

  /// pivot-column → value [ "IN" "(" select-item { "," select-item } ")" ].
  private mutating func parsePivotColumn() -> PivotColumn {
    let expression = parseExpression(.other)
    guard eat(.in) else { return PivotColumn(expression: expression) }
    expect(.leftParenthesis)
    if at(.rightParenthesis) { fail("a value") }
    let values = parseListBody(until: .rightParenthesis) { $0.parseSelectItem() }
    return PivotColumn(expression: expression, values: values)
  }

  /// unpivot → "UNPIVOT" [ "INCLUDE" "NULLS" ] "(" unpivot-values "FOR" identifier "IN" "("
  ///   select-item { "," select-item } ")" ")".
  private mutating func parseUnpivot(_ source: TableReference) -> TableReference {
    advance()
    let includesNulls = eat(.include, .nulls)
    if !includesNulls { _ = eat(.exclude, .nulls) }
    expect(.leftParenthesis)
    let values = parseUnpivotValues()
    expect(.for)
    let name = parseName("the column for the names")
    expect(.in)
    expect(.leftParenthesis)
    let columns = parseListBody(until: .rightParenthesis) { $0.parseSelectItem() }
    close(.rightParenthesis)
    let unpivot = Unpivot(
      includesNulls: includesNulls,
      valueColumns: values,
      nameColumn: name,
      columns: columns
    )
    return TableReference(.unpivot(source, unpivot), range: source.range)
  }

  /// unpivot-values → identifier | name-list.
  private mutating func parseUnpivotValues() -> [Identifier] {
    at(.leftParenthesis)
      ? parseNameList("a column for values") : [parseName("the column for the values")]
  }

  mutating func parseExpressions() -> [Expression] {
    var expressions: [Expression] = []
    repeat {
      if !expressions.isEmpty, atListEnd() { break }
      expressions.append(parseExpression())
    } while eat(.comma)
    return expressions
  }

  /// pivot-statement → "PIVOT" table-primary [ "ON" pivot-column { "," pivot-column } ] [
  ///   "USING" select-item { "," select-item } ] [ "GROUP" "BY" expression { "," expression } ].
  mutating func parsePivotStatement() -> QueryBody {
    advance()
    let source = parseTableReference()
    var pivot = Pivot(aggregates: [], columns: [])
    if at(.on), !atConflict() {
      advance()
      repeat {
        if !pivot.columns.isEmpty, atListEnd() { break }
        pivot.columns.append(parsePivotColumn())
      } while eat(.comma)
    }
    if eat(.using) { pivot.aggregates = parseSelectItems() }
    if eat(.group, .by) { pivot.groupBy = parseExpressions() }
    return .pivot(PivotStatement(source: source, pivot: pivot))
  }

  /// unpivot-statement → "UNPIVOT" table-primary "ON" select-item { "," select-item } [ "INTO"
  ///   "NAME" identifier "VALUE" identifier { "," identifier } ].
  mutating func parseUnpivotStatement() -> QueryBody {
    let token = advance()
    let source = parseTableReference()
    let includesNulls = eat(.include, .nulls)
    expect(.on)
    let columns = parseSelectItems()
    var unpivot = Unpivot(
      includesNulls: includesNulls,
      valueColumns: [Identifier("value", range: token.range)],
      nameColumn: Identifier("name", range: token.range),
      columns: columns
    )
    if eat(.into) {
      expect(.name)
      unpivot.nameColumn = parseName("the column for the names")
      expect(.value)
      unpivot.valueColumns = [parseName("the column for the values")]
      while eat(.comma) { unpivot.valueColumns.append(parseName("a column for values")) }
    }
    return .unpivot(UnpivotStatement(source: source, unpivot: unpivot))
  }
}
