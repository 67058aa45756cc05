internal import TundishColumns
internal import TundishSyntax

// WITH clauses that change rows.
extension StatementRunner {
  /// Runs a statement whose WITH clause changes rows.
  ///
  /// The items up to the last change run in the order they are written in, once each, read or not; each
  /// sees what those before it changed, and so does the statement behind them. All of it is one
  /// statement: if a part fails, nothing has changed.
  func run(
    _ statement: Statement,
    changing with: WithClause
  ) throws(StatementFailure) -> StatementResult {
    let before = session.catalog.tables.keys
    defer {
      for key in session.catalog.tables.keys
      where key.hasPrefix(Self.heldPrefix) && !before.contains(key) {
        session.catalog.tables[key] = nil
      }
    }
    var rest = statement.kind
    rest.with = try running(with)
    // The plan reads rows that are gone when the statement is: it is not kept.
    readsPassingRows = true
    return try run(Statement(rest, range: statement.range))
  }

  /// What the tables that hold such rows are called; nobody can write this name.
  private static let heldPrefix = "\u{1}with "

  /// The clause with the rows of its items in the place of the statements that gave them.
  private func running(_ with: WithClause) throws(StatementFailure) -> WithClause {
    var with = with
    guard let last = with.items.lastIndex(where: { $0.change != nil }) else { return with }
    if with.isRecursive, let change = with.items[last].change {
      throw StatementFailure([
        .wrongState(
          "\(change.verb) cannot be part of WITH RECURSIVE; write WITH",
          at: with.items[last].range
        )
      ])
    }
    for index in 0...last {
      let item = with.items[index]
      let key = foldedKey(item.name.text)
      guard !with.items[..<index].contains(where: { foldedKey($0.name.text) == key }) else {
        throw StatementFailure([
          .duplicateName("common table", item.name.text, at: item.name.range)
        ])
      }
      let earlier = WithClause(isRecursive: false, items: Array(with.items[..<index]))
      guard let (schema, batches) = try rows(of: item, after: earlier) else {
        with.items[index] = item.spent
        continue
      }
      let name = "\(Self.heldPrefix)\(session.catalog.tables.count) \(key)"
      let table = try storing(item.range) { () throws(ExecutionError) in
        try StoredTable(schema: schema, batches: batches)
      }
      session.catalog.tables[name] = TableEntry(name: name, table: table)
      let builder = SQLBuilder(item.name.range)
      with.items[index].change = nil
      with.items[index].query = Query(
        body: .table(
          QualifiedName([builder.identifier(Catalog.mainSchema), builder.identifier(name)])
        ),
        range: item.query.range
      )
    }
    return with
  }

  /// The rows that an item gives; nil for a change without RETURNING.
  private func rows(
    of item: CommonTableExpression,
    after earlier: WithClause
  ) throws(StatementFailure) -> (schema: Schema, batches: [Batch])? {
    guard let change = item.change else {
      let whole = Query(body: .parenthesized(item.query), range: item.query.range)
      return try answerRows(of: earlier.items.isEmpty ? item.query : whole.adding(earlier))
    }
    let statement = Statement(change.statement.adding(earlier), range: item.range)
    let result = try run(statement)
    guard let schema = result.schema, !change.returning.isEmpty else { return nil }
    return (schema, result.batches)
  }
}
