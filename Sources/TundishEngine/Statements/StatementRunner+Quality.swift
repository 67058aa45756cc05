internal import TundishColumns
internal import TundishSyntax

// CHECK and DEDUPE: what is wrong with the data, and removing what is double.
extension StatementRunner {
  /// Executes `CHECK [t]`: counts what tends to be wrong, column by column.
  func check(
    _ name: QualifiedName?,
    range: SourceRange
  ) throws(StatementFailure)
    -> StatementResult
  {
    let entries: [TableEntry]
    if let name, name.parts.count == 1, foldedKey(name.last) == "model",
      session.catalog.tables["model"] == nil
    {
      return try checkModel(range: range)
    }
    if let name {
      entries = [try table(name)]
    } else {
      entries = session.catalog.tables.values.sorted { $0.name < $1.name }
    }
    var rows: [[Value]] = []
    for entry in entries {
      for (position, field) in entry.table.schema.fields.enumerated() {
        let statistics = entry.table.statistics(ofColumn: position)
        let count = entry.table.rowCount
        let nulls = statistics.nullCount
        var findings: [String] = []
        if count > 0, nulls == count { findings.append("always NULL") }
        if nulls > 0, nulls < count { findings.append("\(Self.grouped(nulls)) NULL") }
        if statistics.distinctCount == 1, count > 1, nulls == 0 { findings.append("one value") }
        if !findings.isEmpty {
          rows.append([
            .text(entry.name), .text(field.name), .text(findings.joined(separator: ", ")),
          ])
        }
      }
    }
    return relation(
      [
        Field(name: "table", type: .varchar), Field(name: "column", type: .varchar),
        Field(name: "finding", type: .varchar),
      ],
      rows
    )
  }

  /// Executes `CHECK MODEL`: what makes the numbers of the model's roles doubtful.
  private func checkModel(range: SourceRange) throws(StatementFailure) -> StatementResult {
    let catalog = session.catalog
    var check = ModelCheck(
      catalog: catalog,
      lookup: SchemaLookup(catalog: catalog, runner: self)
    )
    try check.run()
    var result = relation(ModelCheck.fields, check.rows)
    if catalog.model.items.isEmpty {
      result.messages.append("no sales model to check; CREATE MODEL makes one")
    } else if check.findings.isEmpty {
      result.messages.append("nothing doubtful found")
    }
    return result
  }

  /// Executes `DEDUPE t ON <key>, ... [ORDER BY ...]`: keeps the first row of each key.
  func dedupe(
    _ name: QualifiedName,
    _ keys: [Expression],
    _ order: [OrderItem],
    range: SourceRange
  ) throws(StatementFailure) -> StatementResult {
    var entry = try table(name)
    let builder = SQLBuilder(range)
    let number = builder.name(entry.shortName, Self.rowNumberName)
    var select = builder.select(
      [SelectItem(expression: number)],
      from: builder.table(name)
    )
    // A row without a key is like no other: two leads without an address are two leads.
    let isKeyless = builder.either(keys.map { builder.isNull($0) })
    select.distinct = .on(keys + (isKeyless.map { [builder.choose([($0, number)])] } ?? []))
    let query = builder.query(select, orderBy: order + [OrderItem(expression: number)])
    let before = entry.table
    let numbered = entry
    let catalog = try storing(range) { () throws(ExecutionError) in
      try self.catalog(numbering: numbered)
    }
    let (_, batches) = try answerRows(of: query, in: catalog)
    var mask = [Bool](repeating: true, count: before.rowCount)
    for batch in batches {
      for row in 0..<batch.rowCount {
        if case .integer(let kept) = batch.columns[0].value(at: row) { mask[Int(kept)] = false }
      }
    }
    entry.table = try storing(range) { () throws(ExecutionError) in try before.deleting(mask) }
    store(entry)
    let removed = before.rowCount - entry.table.rowCount
    return StatementResult(
      changedRowCount: removed,
      messages: [
        "removed \(Self.grouped(removed)) of \(Self.grouped(before.rowCount)) rows of \(entry.name)"
      ]
    )
  }
}
