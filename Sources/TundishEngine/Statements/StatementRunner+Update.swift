internal import TundishColumns
internal import TundishSyntax

// UPDATE and DELETE: a query over the table with numbered rows finds what changes.
extension StatementRunner {
  /// Changes rows of a table.
  func run(_ update: Update) throws(StatementFailure) -> StatementResult {
    var entry = try table(update.table)
    let range = update.table.range
    let fields = entry.table.schema.fields
    let positions = try positions(of: update.assignments.map(\.column), in: fields)
    try refuseRows(update.assignments, positions.map { fields[$0].type })
    for (index, position) in positions.enumerated() where positions[..<index].contains(position) {
      let column = update.assignments[index].column
      throw StatementFailure([.duplicateName("column", column.text, at: column.range)])
    }
    for (assignment, position) in zip(update.assignments, positions) {
      try refuseGenerated(position, of: entry, at: assignment.column.range)
    }
    let builder = SQLBuilder(range)
    let alias = update.alias?.text ?? entry.shortName
    var items = [SelectItem(expression: builder.name(alias, Self.rowNumberName))]
    for (assignment, position) in zip(update.assignments, positions) {
      var value = assignment.value
      if case .defaultValue = value.kind {
        value =
          entry.constraints.defaults[position]
          ?? Expression(.literal(.null), range: value.range)
      }
      items.append(SelectItem(expression: value))
    }
    let target = TableReference(.table(update.table), alias: update.alias, range: range)
    var select = builder.select(items, from: target, where: update.filter)
    // The relations of FROM do not see the table that changes.
    select.from = update.from + select.from
    let catalog = try storing(range) { () throws(ExecutionError) in
      try self.catalog(numbering: entry)
    }
    let (rows, values) = try changedRows(
      builder.query(select, with: update.with),
      catalog,
      fields: update.assignments.map(\.column),
      places: update.assignments.map(\.value.range),
      of: entry,
      range: range
    )
    let table = entry.table
    entry.table = try storing(range) { () throws(ExecutionError) in
      try table.replacing(rows: rows, columns: positions, with: values)
    }
    try regenerate(&entry, range: range)
    try verify(entry, range: range)
    store(entry)
    try verifyForeignKeys(of: entry, range: range)
    let changed = entry.table
    let returned =
      update.returning.isEmpty
      ? []
      : try storing(range) { () throws(ExecutionError) in
        [
          try Batch.concatenated(changed.batches(), types: changed.schema.fields.map(\.type))
            .gathered(rows.map { Int32($0) })
        ]
      }
    return try result(
      returning: update.returning,
      from: returned,
      of: entry,
      named: alias,
      changed: rows.count,
      verb: "updated",
      range: range
    )
  }

  /// A row of values that did not fit the columns before `=` stands behind each of them.
  func refuseRows(
    _ assignments: [Assignment],
    _ types: [DataType]
  ) throws(StatementFailure) {
    for (assignment, type) in zip(assignments, types) {
      guard case .row(let values) = assignment.value.kind else { continue }
      let columns = assignments.filter { $0.value.range == assignment.value.range }.count
      if columns == 1, case .structure = type { continue }
      throw StatementFailure([
        .wrongColumnCount(
          columns > 1 ? "SET (...)" : "SET \(assignment.column.text)",
          wanted: columns,
          found: values.count,
          at: assignment.value.range
        )
      ])
    }
  }

  /// Removes rows of a table.
  func run(_ delete: Delete) throws(StatementFailure) -> StatementResult {
    var entry = try table(delete.table)
    let range = delete.table.range
    let builder = SQLBuilder(range)
    let alias = delete.alias?.text ?? entry.shortName
    let target = TableReference(.table(delete.table), alias: delete.alias, range: range)
    var select = builder.select(
      [SelectItem(expression: builder.name(alias, Self.rowNumberName))],
      from: target,
      where: delete.filter,
      distinct: !delete.using.isEmpty
    )
    select.from = delete.using + select.from
    let before = entry.table
    let catalog = try storing(range) { () throws(ExecutionError) in
      try self.catalog(numbering: entry)
    }
    let (_, batches) = try answerRows(
      of: builder.query(select, with: delete.with),
      in: catalog
    )
    var mask = [Bool](repeating: false, count: before.rowCount)
    var removed: [Int32] = []
    for batch in batches {
      for row in 0..<batch.rowCount {
        guard case .integer(let number) = batch.columns[0].value(at: row) else { continue }
        mask[Int(number)] = true
        removed.append(Int32(number))
      }
    }
    entry.table = try storing(range) { () throws(ExecutionError) in try before.deleting(mask) }
    store(entry)
    try verifyForeignKeys(of: entry, range: range)
    let returned =
      delete.returning.isEmpty
      ? []
      : try storing(range) { () throws(ExecutionError) in
        [
          try Batch.concatenated(before.batches(), types: before.schema.fields.map(\.type))
            .gathered(removed)
        ]
      }
    return try result(
      returning: delete.returning,
      from: returned,
      of: entry,
      named: alias,
      changed: removed.count,
      verb: "deleted",
      range: range
    )
  }

  /// Runs a query whose first column is a row's number and whose others are its new values.
  ///
  /// Of several rows for one number the first counts, unless `refusing` says that they may not be.
  /// `places` is where the new values are written.
  func changedRows(
    _ query: Query,
    _ catalog: Catalog,
    fields names: [Identifier],
    places: [SourceRange],
    of entry: TableEntry,
    range: SourceRange,
    refusing repeated: Diagnostic? = nil
  ) throws(StatementFailure) -> (rows: [Int], values: Batch) {
    let (schema, batches) = try answerRows(of: query, in: catalog)
    let fields = entry.table.schema.fields
    let targets = try positions(of: names, in: fields)
    let types = targets.map { fields[$0].type }
    let (numbers, chosen) = try storing(range) { () throws(ExecutionError) in
      let all = try Batch.concatenated(batches, types: schema.fields.map(\.type))
      var order: [(number: Int, row: Int32)] = []
      for row in 0..<all.rowCount {
        guard case .integer(let number) = all.columns[0].value(at: row) else { continue }
        order.append((Int(number), Int32(row)))
      }
      order.sort { ($0.number, $0.row) < ($1.number, $1.row) }
      var kept: [(number: Int, row: Int32)] = []
      for item in order where kept.last?.number != item.number { kept.append(item) }
      return (kept.map(\.number), all.gathered(kept.map(\.row)))
    }
    if let repeated, numbers.count < batches.reduce(0, { $0 + $1.rowCount }) {
      throw StatementFailure([repeated])
    }
    var columns: [Column] = []
    for (position, column) in chosen.columns.dropFirst().enumerated() {
      if let declared = entry.constraints.declared[targets[position]] {
        columns.append(
          try checked(column, as: declared, types[position], range: places[position])
        )
        continue
      }
      columns.append(
        try storing(places[position]) { () throws(ExecutionError) in
          do throws(ExecutionError) {
            return try Cast.convert(column, to: types[position], context: self.context)
          } catch {
            guard !query.setsLiteral(position + 1),
              let bad = column.firstFailure(as: types[position], self.context)
            else { throw error }
            let row = "in row \(numbers[bad] + 1) of \(entry.name)"
            throw ExecutionError(error.kind, "\(error.message) \(row)")
          }
        }
      )
    }
    return (numbers, Batch(columns: columns, rowCount: numbers.count))
  }

  /// The column of RETURNING that says what MERGE did with a row.
  private static let mergeActionName = "merge_action"

  /// `*` is the table's columns alone.
  private static func withoutMergeAction(_ item: SelectItem) -> SelectItem {
    guard case .star(var star) = item.expression.kind else { return item }
    star.excluded.append(QualifiedName([Identifier(mergeActionName, range: item.expression.range)]))
    var item = item
    item.expression = Expression(.star(star), range: item.expression.range)
    return item
  }

  /// The result of a statement that changed rows: a count, or what RETURNING asks for.
  func result(
    returning items: [SelectItem],
    from batches: [Batch],
    of entry: TableEntry,
    named alias: String? = nil,
    actions: [String]? = nil,
    changed: Int,
    verb: String,
    range: SourceRange
  ) throws(StatementFailure) -> StatementResult {
    guard !items.isEmpty else {
      let noun = changed == 1 ? "row" : "rows"
      return StatementResult(
        changedRowCount: changed,
        messages: ["\(verb) \(changed) \(noun)"],
        diagnostics: warnings
      )
    }
    var catalog = session.catalog
    var rows = entry
    rows.table = try storing(range) { () throws(ExecutionError) in
      let table = try StoredTable(schema: entry.table.schema, batches: batches)
      guard let actions else { return table }
      return try table.setting(
        Field(name: Self.mergeActionName, type: .varchar),
        to: .values(actions.map { .text($0) }, type: .varchar)
      )
    }
    catalog.tables[foldedKey(entry.name)] = rows
    let builder = SQLBuilder(range)
    let items = actions == nil ? items : items.map(Self.withoutMergeAction)
    let query = builder.query(
      builder.select(items, from: builder.stored(entry.name, as: alias ?? entry.shortName))
    )
    let (schema, output) = try self.answerRows(of: query, in: catalog)
    return StatementResult(
      schema: schema,
      batches: output,
      changedRowCount: changed,
      diagnostics: warnings
    )
  }
}

extension Query {
  /// Whether a select item is a literal, which fails for every row alike.
  func setsLiteral(_ position: Int) -> Bool {
    guard case .select(let select) = body, position < select.items.count,
      case .literal = select.items[position].expression.unwrapped.kind
    else { return false }
    return true
  }
}
