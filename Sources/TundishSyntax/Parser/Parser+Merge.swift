/// MERGE.
extension Parser {
  /// Whether `MERGE INTO` stands here; any other `merge` is a metric's name.
  var atMerge: Bool { at(.merge, .into) }

  /// merge → "MERGE" "INTO" qualified-name [ alias ] "USING" table-primary ( "ON" expression |
  ///   "USING" name-list ) merge-clause { merge-clause } [ returning-clause ].
  mutating func parseMerge() -> Statement.Kind {
    advance()
    expect(.into)
    let table = parseQualifiedName("a table")
    var alias: Identifier?
    if eat(.as) {
      alias = parseLabel("a name after AS")
    } else if isName(current), mistyped([.using]) == nil {
      alias = makeName(advance())
    }
    expect(.using)
    let source = parseTablePrimary()
    var condition = JoinClause.Condition.none
    if eat(.using) {
      condition = .using(parseNameList("a column's name"))
    } else if expect(.on) {
      condition = .on(parseCondition())
    }
    var merge = Merge(table: table, alias: alias, source: source, condition: condition)
    if !at(.when), errorPosition != position { fail("WHEN MATCHED or WHEN NOT MATCHED") }
    while at(.when) { merge.clauses.append(parseMergeClause()) }
    merge.returning = parseReturning()
    return .merge(merge)
  }

  /// merge-clause → "WHEN" ( "MATCHED" | "NOT" "MATCHED" "BY" "SOURCE" ) [ "AND" expression ] "THEN"
  ///   merge-change | "WHEN" "NOT" "MATCHED" [ "BY" "TARGET" ] [ "AND" expression ] "THEN"
  ///   merge-addition.
  private mutating func parseMergeClause() -> MergeClause {
    let start = position
    advance()
    var match = MergeClause.Match.matched
    if eat(.not) { match = .notMatchedByTarget }
    expect(.matched)
    if match == .notMatchedByTarget, eat(.by) {
      if eat(.source) {
        match = .notMatchedBySource
      } else if !eat(.target) {
        fail("SOURCE or TARGET")
      }
    }
    let filter = eat(.and) ? parseCondition() : nil
    expect(.then)
    let action = parseMergeAction(match)
    return MergeClause(match: match, filter: filter, action: action, range: range(from: start))
  }

  /// merge-change → "UPDATE" [ "SET" ( "*" | assignment { "," assignment } ) | "BY" "NAME" ] |
  ///   "DELETE" | merge-refusal.
  ///
  /// merge-addition → "INSERT" [ "*" | "BY" "NAME" [ "*" ] | "DEFAULT" "VALUES" | [ name-list ]
  ///   "VALUES" value-row ] | merge-refusal.
  ///
  /// merge-refusal → "DO" "NOTHING" | "ERROR" [ expression ].
  private mutating func parseMergeAction(_ match: MergeClause.Match) -> MergeClause.Action {
    if eat(.do) {
      expect(.nothing)
      return .nothing
    }
    if eat(.error) {
      let ends = atMergeActionEnd || at(.rightParenthesis)
      return .error(ends ? nil : parseExpression())
    }
    if match == .notMatchedByTarget {
      if eat(.insert) { return parseMergeInsert() }
      fail("INSERT, DO NOTHING or ERROR, as there is no row of the table")
      skipToMergeClause()
      return .nothing
    }
    if eat(.delete) { return .delete }
    if eat(.update) { return parseMergeUpdate() }
    fail("UPDATE, DELETE, DO NOTHING or ERROR")
    skipToMergeClause()
    return .nothing
  }

  private mutating func parseMergeUpdate() -> MergeClause.Action {
    if eat(.by, .name) { return .updateAll(byName: true) }
    guard eat(.set) else { return .updateAll(byName: false) }
    if eat(.star) { return .updateAll(byName: false) }
    return .update(parseAssignments())
  }

  private mutating func parseMergeInsert() -> MergeClause.Action {
    if eat(.default, .values) { return .insertDefaults }
    if eat(.by, .name) {
      _ = eat(.star)
      return .insertAll(byName: true)
    }
    if eat(.star) { return .insertAll(byName: false) }
    let columns = at(.leftParenthesis) ? parseNameList("a column's name") : []
    guard at(.values) || !columns.isEmpty else { return .insertAll(byName: false) }
    expect(.values)
    expect(.leftParenthesis)
    let values = parseListBody(until: .rightParenthesis) { $0.parseExpression() }
    return .insert(columns: columns, values: values)
  }

  private var atMergeActionEnd: Bool {
    at(.when) || at(.returning) || at(.semicolon) || current.kind == .end
  }

  private mutating func skipToMergeClause() {
    while !atMergeActionEnd { advance() }
  }
}
