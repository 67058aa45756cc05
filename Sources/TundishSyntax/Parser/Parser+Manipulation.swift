/// INSERT, UPDATE, DELETE, TRUNCATE.
extension Parser {
  /// insert → "INSERT" [ "OR" ( "REPLACE" | "IGNORE" ) ] "INTO" qualified-name [ "AS" label ] [
  ///   name-list ] [ "BY" "NAME" ] ( query | "DEFAULT" "VALUES" ) [ conflict-clause ] [ returning-clause ].
  mutating func parseInsert() -> Statement.Kind {
    advance()
    var conflict: Insert.Conflict?
    if eat(.or, .replace) {
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

  private mutating func parseAssignments() -> [Assignment] {
    var assignments: [Assignment] = []
    repeat {
      if !assignments.isEmpty, atListEnd() { break }
      assignments.append(parseAssignment())
    } while eat(.comma)
    return assignments
  }

  /// assignment → identifier "=" expression.
  private mutating func parseAssignment() -> Assignment {
    let column = parseName("a column")
    expect(.equal)
    return Assignment(column: column, value: parseExpression())
  }

  /// returning-clause → "RETURNING" select-item { "," select-item }.
  private mutating func parseReturning() -> [SelectItem] {
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
