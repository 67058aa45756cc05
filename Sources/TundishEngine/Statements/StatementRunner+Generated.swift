internal import TundishColumns
internal import TundishSyntax

// Columns that are computed from others, and columns whose declared type has no storage of its own.
//
// A generated column is computed when rows are stored, whether it is declared VIRTUAL or STORED:
// its expression reads only its own row, so nobody can tell.
extension StatementRunner {
  /// Computes the generated columns of a table anew, each after those that it reads.
  func regenerate(_ entry: inout TableEntry, range: SourceRange) throws(StatementFailure) {
    let fields = entry.table.schema.fields
    for position in try generatedOrder(entry.constraints.generated, fields.map(\.name), range) {
      guard let expression = entry.constraints.generated[position] else { continue }
      let values = try column(of: expression, as: fields[position].type, over: entry)
      guard values.count == entry.table.rowCount else {
        throw StatementFailure([
          .callForm("a generated column is computed row by row", at: expression.range)
        ])
      }
      let table = entry.table
      entry.table = try storing(expression.range) { () throws(ExecutionError) in
        try table.setting(fields[position], to: values, at: position)
      }
    }
  }

  /// New rows of a table with their generated columns computed.
  func generating(
    _ batches: [Batch],
    for entry: TableEntry,
    range: SourceRange
  ) throws(StatementFailure) -> [Batch] {
    guard !entry.constraints.generated.isEmpty else { return batches }
    var added = entry
    added.table = try storing(range) { () throws(ExecutionError) in
      try StoredTable(schema: entry.table.schema, batches: batches)
    }
    try regenerate(&added, range: range)
    return added.table.batches()
  }

  /// The positions of generated columns in an order in which each reads earlier ones only.
  func generatedOrder(
    _ generated: [Int: Expression],
    _ names: [String],
    _ range: SourceRange
  ) throws(StatementFailure) -> [Int] {
    var waiting = generated.keys.sorted()
    var order: [Int] = []
    while !waiting.isEmpty {
      let open = Set(waiting.map { foldedKey(names[$0]) })
      let ready = waiting.filter { generated[$0]?.columnNames.isDisjoint(with: open) ?? true }
      guard !ready.isEmpty else {
        let circle = waiting.map { "'\(names[$0])'" }.joined(separator: ", ")
        throw StatementFailure([
          .wrongState(
            "generated columns read each other in a circle: \(circle)",
            at: waiting.first.flatMap { generated[$0]?.range } ?? range
          )
        ])
      }
      order += ready
      waiting.removeAll { ready.contains($0) }
    }
    return order
  }

  /// The values of an expression over the rows of a table.
  func column(
    of expression: Expression,
    as type: DataType,
    over entry: TableEntry
  ) throws(StatementFailure) -> Column {
    var catalog = session.catalog
    catalog.tables[foldedKey(entry.name)] = entry
    let builder = SQLBuilder(expression.range)
    let query = builder.query(
      builder.select([SelectItem(expression: expression)], from: builder.stored(entry.name))
    )
    let (_, batches) = try answerRows(of: query, in: catalog)
    return try storing(expression.range) { () throws(ExecutionError) in
      let columns = batches.map { $0.columns[0] }
      guard let first = columns.first else { return .nulls(type: type, count: 0) }
      return try Cast.convert(
        try Column.concatenated(columns, type: first.type),
        to: type,
        context: self.context
      )
    }
  }

  /// The values of DEFAULT for so many new rows; it may give each row another value.
  func defaultValues(
    _ expression: Expression,
    as type: DataType,
    count: Int
  ) throws(StatementFailure) -> Column {
    if case .literal = expression.kind {
      return .constant(try constant(expression, as: type), type: type, count: count)
    }
    let rows = try storing(expression.range) { () throws(ExecutionError) in
      let numbers = Column(type: .bigint, data: .int64((0..<Int64(count)).map { $0 }), count: count)
      return try StoredTable(
        schema: Schema([Field(name: Self.rowNumberName, type: .bigint)]),
        batches: [Batch(columns: [numbers], rowCount: count)]
      )
    }
    return try column(
      of: expression,
      as: type,
      over: TableEntry(name: Self.rowNumberName, table: rows)
    )
  }

  /// Values as a declared type without storage of its own takes them.
  func checked(
    _ values: Column,
    as declared: CheckedType,
    _ type: DataType,
    range: SourceRange
  ) throws(StatementFailure) -> Column {
    guard values.type != .null, values.count > 0 else {
      return .nulls(type: type, count: values.count)
    }
    let rows = try storing(range) { () throws(ExecutionError) in
      try StoredTable(
        schema: Schema([Field(name: Self.rowNumberName, type: values.type)]),
        batches: [Batch(columns: [values], rowCount: values.count)]
      )
    }
    let builder = SQLBuilder(range)
    return try column(
      of: builder.cast(builder.name(Self.rowNumberName), declared.rawValue),
      as: type,
      over: TableEntry(name: Self.rowNumberName, table: rows)
    )
  }

  /// The columns of batches as declared types without storage of their own take them.
  func checked(
    _ batches: [Batch],
    as declared: [CheckedType?],
    _ fields: [Field],
    range: SourceRange
  ) throws(StatementFailure) -> [Batch] {
    guard declared.contains(where: { $0 != nil }) else { return batches }
    var result: [Batch] = []
    for batch in batches {
      var columns = batch.columns
      for (position, type) in declared.enumerated() {
        guard let type else { continue }
        let values = columns[position]
        columns[position] = try checked(values, as: type, fields[position].type, range: range)
      }
      result.append(Batch(columns: columns, rowCount: batch.rowCount))
    }
    return result
  }

  /// Refuses a value for a column that is computed.
  func refuseGenerated(
    _ position: Int,
    of entry: TableEntry,
    at range: SourceRange
  ) throws(StatementFailure) {
    guard let expression = entry.constraints.generated[position] else { return }
    throw StatementFailure([
      .wrongState(
        "column '\(entry.table.schema.fields[position].name)' is generated as"
          + " \(Syntax.format(expression)) and takes no value",
        at: range
      )
    ])
  }
}
