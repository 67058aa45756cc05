internal import TundishColumns
internal import TundishSyntax

// What statements that change tables have in common.
extension StatementRunner {
  /// The table that a name stands for.
  func table(_ name: QualifiedName) throws(StatementFailure) -> TableEntry {
    let key = session.catalog.key(of: name, current: session.settings.schema)
    if let entry = session.catalog.tables[key] { return entry }
    if session.catalog.views[key] != nil {
      throw StatementFailure([
        .otherKind(name.last, is: "view", not: "table", at: name.range)
      ])
    }
    if let schema = Catalog.schema(of: name), !session.catalog.hasSchema(schema) {
      throw StatementFailure([unknownSchema(name.parts[name.parts.count - 2])])
    }
    let names = session.catalog.tables.values.map(\.name)
    throw StatementFailure([
      .unknownTable(
        name.last,
        at: name.range,
        closest: Suggestion.closest(to: name.last, in: names)
      )
    ])
  }

  /// Puts a changed table into the catalog.
  func store(_ entry: TableEntry) {
    session.catalog.tables[foldedKey(entry.name)] = entry
  }

  /// The type that a name stands for.
  func resolve(_ name: TypeName) throws(StatementFailure) -> DataType {
    let binder = Binder(environment())
    guard let type = binder.resolve(name) else { throw StatementFailure(binder.diagnostics) }
    return type
  }

  /// The value of an expression without columns, converted to a type.
  func constant(
    _ expression: Expression,
    as type: DataType? = nil
  ) throws(StatementFailure) -> Value {
    let builder = SQLBuilder(expression.range)
    let query = builder.query(builder.select([SelectItem(expression: expression)], from: nil))
    let (schema, batches) = try answerRows(of: query)
    guard let column = batches.first(where: { $0.rowCount > 0 })?.columns.first else {
      return .null
    }
    guard let type, schema.fields[0].type != type else { return column.value(at: 0) }
    return try storing(expression.range) { () throws(ExecutionError) in
      try Cast.convert(column, to: type, context: self.context).value(at: 0)
    }
  }

  /// Runs what may fail on data, and says where.
  func storing<Result>(
    _ range: SourceRange,
    _ body: () throws(ExecutionError) -> Result
  ) throws(StatementFailure) -> Result {
    do {
      return try body()
    } catch {
      throw StatementFailure([RuntimeFailure(error, at: range).diagnostic])
    }
  }

  /// Converts the columns of batches to the types of a table.
  func cast(_ batches: [Batch], to fields: [Field]) throws(ExecutionError) -> [Batch] {
    var converted: [Batch] = []
    for batch in batches {
      var columns: [Column] = []
      for (column, field) in zip(batch.columns, fields) {
        columns.append(try Cast.convert(column, to: field.type, context: context))
      }
      converted.append(Batch(columns: columns, rowCount: batch.rowCount))
    }
    return converted
  }

  /// A catalog in which a table has one more column `__row`, the number of each row.
  func catalog(numbering entry: TableEntry) throws(ExecutionError) -> Catalog {
    var catalog = session.catalog
    var numbered = entry
    let numbers = Column(
      type: .bigint,
      data: .int64((0..<Int64(entry.table.rowCount)).map { $0 }),
      count: entry.table.rowCount
    )
    numbered.table = try entry.table.setting(
      Field(name: Self.rowNumberName, type: .bigint),
      to: numbers
    )
    catalog.tables[foldedKey(entry.name)] = numbered
    return catalog
  }

  /// The name of the column that numbers the rows of a table while it is changed.
  static let rowNumberName = "__row"

  /// Checks that the rows of a table satisfy its constraints.
  func verify(_ entry: TableEntry, range: SourceRange) throws(StatementFailure) {
    let fields = entry.table.schema.fields
    for position in entry.constraints.notNull.sorted()
    where (entry.table.statistics(ofColumn: position).nullCount) > 0 {
      throw StatementFailure([
        .constraintFailed("column '\(fields[position].name)' is NOT NULL", at: range)
      ])
    }
    var catalog = session.catalog
    catalog.tables[foldedKey(entry.name)] = entry
    for check in entry.constraints.checks { try verify(check, of: entry, in: catalog, range) }
    if !entry.constraints.primaryKey.isEmpty {
      try verifyUnique(
        entry.constraints.primaryKey,
        "primary key",
        of: entry,
        in: catalog,
        range
      )
    }
    for key in entry.constraints.allUniqueKeys {
      try verifyUnique(key, "unique key", of: entry, in: catalog, range)
    }
  }

  private func verify(
    _ check: Expression,
    of entry: TableEntry,
    in catalog: Catalog,
    _ range: SourceRange
  ) throws(StatementFailure) {
    let builder = SQLBuilder(check.range)
    let query = builder.query(
      builder.select(
        [SelectItem(expression: builder.integer(1))],
        from: builder.stored(entry.name),
        where: builder.not(check)
      ),
      limit: 1
    )
    if try answerRows(of: query, in: catalog).batches.contains(where: { $0.rowCount > 0 }) {
      throw StatementFailure([
        .constraintFailed("a row does not satisfy CHECK (\(Syntax.format(check)))", at: range)
      ])
    }
  }

  private func verifyUnique(
    _ key: [Int],
    _ what: String,
    of entry: TableEntry,
    in catalog: Catalog,
    _ range: SourceRange
  ) throws(StatementFailure) {
    let builder = SQLBuilder(range)
    let names = key.map { builder.name(entry.table.schema.fields[$0].name) }
    var select = builder.select(
      names.map { SelectItem(expression: $0) },
      from: builder.stored(entry.name),
      where: builder.all(names.map { builder.isNull($0, not: true) }),
      groupBy: .elements(names.map { .expressions([$0]) })
    )
    select.having = builder.binary(
      .greater,
      builder.call("count", [builder.expression(.star(Star()))]),
      builder.integer(1)
    )
    let (_, batches) = try answerRows(of: builder.query(select, limit: 1), in: catalog)
    guard let first = batches.first(where: { $0.rowCount > 0 })?.row(at: 0) else { return }
    let values = first.map { ValueText.text(of: $0) }.joined(separator: ", ")
    throw StatementFailure([
      .constraintFailed("the \(what) of '\(entry.name)' occurs twice: \(values)", at: range)
    ])
  }
}
