/// INSERT, UPDATE, DELETE, TRUNCATE.
extension Parser {
  /// insert → ( "INSERT" [ "OR" ( "REPLACE" | "IGNORE" ) ] | "REPLACE" ) "INTO" qualified-name [ "AS"
  ///   label ] [ name-list ] [ "BY" "NAME" ] ( query | "DEFAULT" "VALUES" ) [ conflict-clause ] [
  ///   returning-clause ].
  mutating func parseInsert() -> Statement.Kind {
    let word = advance().keyword
    var conflict: Insert.Conflict?
    if word == .replace || eat(.or, .replace) {
      conflict = Insert.Conflict(target: [], assignments: nil, replacesRow: true)
    } else if eat(.or, .ignore) {
      conflict = Insert.Conflict(target: [], assignments: nil)
    }
    expect(.into)
    let table = parseQualifiedName("a table")
    var insert = Insert(table: table, query: nil, conflict: conflict)
    if eat(.as) { insert.alias = parseLabel("a name after AS") }
    if at(.leftParenthesis), isName(peek(1)), !atQuery(offset: 1) {
      insert.columns = parseNameList("a column's name")
    }
    if eat(.by, .name) { insert.byName = true }
    if !eat(.default, .values) { insert.query = parseQuery() }
    if at(.on, .conflict) { insert.conflict = parseConflict() }
    insert.returning = parseReturning()
    return .insert(insert)
  }

  /// conflict-clause → "ON" "CONFLICT" [ name-list ] "DO" ( "NOTHING" | "UPDATE" "SET" assignment
  ///   { "," assignment } [ "WHERE" expression ] ).
  private mutating func parseConflict() -> Insert.Conflict {
    advance()
    advance()
    let target = at(.leftParenthesis) ? parseNameList("a column's name") : []
    expect(.do)
    if eat(.nothing) { return Insert.Conflict(target: target, assignments: nil) }
    expect(.update)
    expect(.set)
    let assignments = parseAssignments()
    let filter = eat(.where) ? parseCondition() : nil
    return Insert.Conflict(target: target, assignments: assignments, filter: filter)
  }

  mutating func parseAssignments() -> [Assignment] {
    var assignments: [Assignment] = []
    repeat {
      if !assignments.isEmpty, atListEnd() { break }
      assignments += parseAssignment()
    } while eat(.comma)
    return assignments
  }

  /// assignment → identifier "=" expression | name-list "=" ( [ "ROW" ] value-row | "(" query ")" ).
  private mutating func parseAssignment() -> [Assignment] {
    guard at(.leftParenthesis) else {
      let column = parseName("a column")
      expect(.equal)
      return [Assignment(column: column, value: parseExpression())]
    }
    let columns = parseNameList("a column's name")
    expect(.equal)
    let isRow = eat(.row)
    let start = position
    guard at(.leftParenthesis) else {
      expect(.leftParenthesis)
      return []
    }
    let values: [Expression]
    let group = parseGroup()
    switch group.kind {
    case .scalarQuery(let query) where !isRow: return assignments(columns, to: query, from: start)
    case .row(let members): values = members
    case .parenthesized(let value): values = [value]
    default: values = [group]
    }
    guard values.count == columns.count else {
      // Whoever knows the columns says what is wrong with the row.
      let row = Expression(.row(values), range: range(from: start))
      return columns.map { Assignment(column: $0, value: row) }
    }
    return zip(columns, values).map { Assignment(column: $0, value: $1) }
  }

  /// `(a, b) = (SELECT x, y ...)`: each column is set to its column of the query, by position.
  private func assignments(
    _ columns: [Identifier],
    to query: Query,
    from start: Int
  ) -> [Assignment] {
    let range = range(from: start)
    return columns.enumerated().map { index, column in
      let name = Expression(
        .name([Identifier("#\(index + 1)", range: range, isQuoted: true)]),
        range: range
      )
      let select = Select(
        items: [SelectItem(expression: name)],
        from: [TableReference(.query(query, isLateral: false), range: range)],
        range: range
      )
      let value = Query(body: .select(select), range: range)
      return Assignment(column: column, value: Expression(.scalarQuery(value), range: range))
    }
  }

  /// returning-clause → "RETURNING" select-item { "," select-item }.
  mutating func parseReturning() -> [SelectItem] {
    eat(.returning) ? parseSelectItems() : []
  }

  /// update → "UPDATE" qualified-name [ alias ] "SET" assignment { "," assignment } [ from-clause
  ///   ] [ where-clause ] [ returning-clause ].
  mutating func parseUpdate() -> Statement.Kind {
    advance()
    let table = parseQualifiedName("a table")
    var update = Update(table: table, assignments: [])
    if eat(.as) {
      update.alias = parseLabel("a name after AS")
    } else if isName(current), !at(.set), mistyped([.set]) == nil {
      update.alias = makeName(advance())
    }
    expect(.set)
    update.assignments = parseAssignments()
    if eat(.from) { update.from = parseFrom() }
    if eat(.where) { update.filter = parseCondition() }
    update.returning = parseReturning()
    return .update(update)
  }

  /// delete → "DELETE" "FROM" qualified-name [ alias ] [ "USING" table-reference { ","
  ///   table-reference } ] [ where-clause ] [ returning-clause ].
  mutating func parseDelete() -> Statement.Kind {
    advance()
    expect(.from)
    let table = parseQualifiedName("a table")
    var delete = Delete(table: table)
    if eat(.as) {
      delete.alias = parseLabel("a name after AS")
    } else if isName(current), mistypedClause([.where]) == nil {
      delete.alias = makeName(advance())
    }
    if eat(.using) { delete.using = parseFrom() }
    if at(.where) || mistypedClause([.where]) != nil {
      expect(.where)
      delete.filter = parseCondition()
    }
    delete.returning = parseReturning()
    return .delete(delete)
  }

  /// truncate → "TRUNCATE" [ "TABLE" ] qualified-name.
  mutating func parseTruncate() -> Statement.Kind {
    advance()
    _ = eat(.table)
    return .truncate(parseQualifiedName("a table"))
  }
}
