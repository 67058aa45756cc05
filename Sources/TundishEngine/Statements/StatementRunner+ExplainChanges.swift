internal import TundishColumns
internal import TundishSyntax

// EXPLAIN of statements that change rows: the plan of the query that finds them.
extension StatementRunner {
  /// The query that finds what a statement changes; nil for statements of other kinds.
  func changesQuery(_ statement: Statement) throws(StatementFailure) -> Query? {
    switch statement.kind {
    case .update(let update): try changesQuery(update)
    case .delete(let delete): try changesQuery(delete)
    case .merge(let merge): try changesQuery(merge)
    default: nil  // queries and definitions
    }
  }

  private func changesQuery(_ update: Update) throws(StatementFailure) -> Query {
    let entry = try table(update.table)
    let fields = entry.table.schema.fields
    let positions = try positions(of: update.assignments.map(\.column), in: fields)
    let items = zip(update.assignments, positions).map { assignment, position in
      SelectItem(
        expression: Self.filling(assignment.value, of: entry, position),
        alias: assignment.column
      )
    }
    let builder = SQLBuilder(update.table.range)
    let target = TableReference(
      .table(update.table),
      alias: update.alias,
      range: update.table.range
    )
    var select = builder.select(items, from: target, where: update.filter)
    select.from = update.from + select.from
    return builder.query(select, with: update.with)
  }

  private func changesQuery(_ delete: Delete) throws(StatementFailure) -> Query {
    let entry = try table(delete.table)
    let builder = SQLBuilder(delete.table.range)
    let name = delete.alias ?? builder.identifier(entry.shortName)
    let target = TableReference(
      .table(delete.table),
      alias: delete.alias,
      range: delete.table.range
    )
    let star = builder.expression(.star(Star(qualifier: [name])))
    var select = builder.select(
      [SelectItem(expression: star)],
      from: target,
      where: delete.filter,
      distinct: !delete.using.isEmpty
    )
    select.from = delete.using + select.from
    return builder.query(select, with: delete.with)
  }

  /// The pairs of rows that the clauses choose from.
  private func changesQuery(_ merge: Merge) throws(StatementFailure) -> Query {
    _ = try table(merge.table)
    let builder = SQLBuilder(merge.table.range)
    let target = TableReference(.table(merge.table), alias: merge.alias, range: merge.table.range)
    let needsBoth = merge.clauses.contains { $0.match == .notMatchedBySource }
    let join = JoinClause(
      left: merge.source,
      right: target,
      kind: needsBoth ? .full : .left,
      condition: merge.condition
    )
    let select = builder.select(
      [SelectItem(expression: builder.star)],
      from: TableReference(.join(join), range: merge.table.range)
    )
    return builder.query(select, with: merge.with)
  }
}
