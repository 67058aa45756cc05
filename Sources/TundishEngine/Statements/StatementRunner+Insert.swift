internal import TundishColumns
internal import TundishSyntax

// INSERT.
extension StatementRunner {
  /// Adds rows to a table.
  func run(_ insert: Insert) throws(StatementFailure) -> StatementResult {
    var entry = try table(insert.table)
    let added = try newRows(insert, for: entry)
    let outcome: (changed: Int, rows: [Batch])
    if let conflict = insert.conflict {
      outcome = try resolve(conflict, added, in: &entry, insert)
    } else {
      let table = entry.table
      entry.table = try storing(insert.table.range) { () throws(ExecutionError) in
        try table.appending(added)
      }
      try verify(entry, range: insert.table.range)
      outcome = (added.reduce(0) { $0 + $1.rowCount }, added)
    }
    store(entry)
    try verifyForeignKeys(of: entry, range: insert.table.range)
    return try result(
      returning: insert.returning,
      from: outcome.rows,
      of: entry,
      named: insert.alias?.text,
      changed: outcome.changed,
      verb: "inserted",
      range: insert.table.range
    )
  }

  /// The rows of an INSERT in the table's column order and types, defaults filled in.
  func newRows(
    _ insert: Insert,
    for entry: TableEntry
  ) throws(StatementFailure) -> [Batch] {
    let fields = entry.table.schema.fields
    guard let query = insert.query else {
      let row = try fields.indices.map { (position) throws(StatementFailure) in
        try defaultColumn(position, of: entry, count: 1)
      }
      return try generating(
        [Batch(columns: row, rowCount: 1)],
        for: entry,
        range: insert.table.range
      )
    }
    let replaced = try replacingDefaults(in: query, insert, entry)
    let (schema, batches) = try answerRows(of: replaced)
    let targets = try targets(insert, schema, entry)
    var result: [Batch] = []
    var rowCount = 0
    for batch in batches where batch.rowCount > 0 {
      var columns: [Column] = []
      for (position, field) in fields.enumerated() {
        guard let source = targets[position] else {
          columns.append(try defaultColumn(position, of: entry, count: batch.rowCount))
          continue
        }
        columns.append(
          try converted(
            batch.columns[source],
            to: field.type,
            entry.constraints.declared[position],
            insert,
            source,
            after: rowCount
          )
        )
      }
      rowCount += batch.rowCount
      result.append(Batch(columns: columns, rowCount: batch.rowCount))
    }
    return try generating(result, for: entry, range: insert.table.range)
  }

  /// Converts a column of the new rows; a value of VALUES that does not convert is pointed at.
  private func converted(
    _ column: Column,
    to type: DataType,
    _ declared: CheckedType?,
    _ insert: Insert,
    _ source: Int,
    after rowsBefore: Int
  ) throws(StatementFailure) -> Column {
    if let declared {
      do {
        return try checked(column, as: declared, type, range: insert.table.range)
      } catch {
        if case .values(let rows)? = insert.query?.body {
          for row in rows.prefix(Self.searchedRows) where source < row.count {
            if case .defaultValue = row[source].kind { continue }
            let cast = SQLBuilder(row[source].range).cast(row[source], declared.rawValue)
            _ = try constant(cast, as: type)
          }
        }
        throw error
      }
    }
    do {
      return try Cast.convert(column, to: type, context: context)
    } catch {
      if case .values(let rows)? = insert.query?.body {
        for row in rows.prefix(Self.searchedRows) where source < row.count {
          if case .defaultValue = row[source].kind { continue }
          _ = try constant(row[source], as: type)
        }
      }
      let place = column.firstFailure(as: type, context)
      let row = place.map { " in row \(rowsBefore + $0 + 1) of the query" } ?? ""
      let named = ExecutionError(error.kind, error.message + row)
      throw StatementFailure([RuntimeFailure(named, at: insert.table.range).diagnostic])
    }
  }

  /// How many rows of VALUES are searched for the one that an error is about.
  private static let searchedRows = 1_000

  /// Per position in the table, the position in the query.
  private func targets(
    _ insert: Insert,
    _ schema: Schema,
    _ entry: TableEntry
  ) throws(StatementFailure) -> [Int: Int] {
    let fields = entry.table.schema.fields
    var positions: [Int]
    if insert.byName {
      positions = []
      for field in schema.fields {
        positions.append(
          try position(of: Identifier(field.name, range: insert.table.range), in: fields)
        )
      }
    } else {
      positions = try writtenPositions(insert, entry)
    }
    for (index, position) in positions.enumerated() {
      let isNamed = !insert.byName && index < insert.columns.count
      let range = isNamed ? insert.columns[index].range : insert.table.range
      try refuseGenerated(position, of: entry, at: range)
    }
    guard positions.count == schema.fields.count else {
      throw StatementFailure([
        .wrongColumnCount(
          "INSERT INTO \(insert.table.last)",
          wanted: positions.count,
          found: schema.fields.count,
          at: insert.query?.range ?? insert.table.range
        )
      ])
    }
    for (index, position) in positions.enumerated() where positions[..<index].contains(position) {
      let range = insert.byName ? insert.table.range : insert.columns[index].range
      throw StatementFailure([.duplicateName("column", fields[position].name, at: range)])
    }
    return Dictionary(uniqueKeysWithValues: zip(positions, positions.indices))
  }

  /// The columns that an INSERT names, or all that are not generated.
  private func writtenPositions(
    _ insert: Insert,
    _ entry: TableEntry
  ) throws(StatementFailure) -> [Int] {
    let fields = entry.table.schema.fields
    guard insert.columns.isEmpty else { return try positions(of: insert.columns, in: fields) }
    return fields.indices.filter { entry.constraints.generated[$0] == nil }
  }

  private func defaultColumn(
    _ position: Int,
    of entry: TableEntry,
    count: Int
  ) throws(StatementFailure) -> Column {
    let type = entry.table.schema.fields[position].type
    guard let value = entry.constraints.defaults[position] else {
      return .nulls(type: type, count: count)
    }
    return try defaultValues(value, as: type, count: count)
  }

  /// `DEFAULT` inside VALUES becomes the column's default, and each value is cast by itself: a common
  /// type of all rows could cut digits off that the column has room for.
  private func replacingDefaults(
    in query: Query,
    _ insert: Insert,
    _ entry: TableEntry
  ) throws(StatementFailure) -> Query {
    guard case .values(let rows) = query.body else { return query }
    let positions = try writtenPositions(insert, entry)
    if let first = rows.first, first.count != positions.count,
      rows.allSatisfy({ $0.count == first.count })
    {
      throw StatementFailure([
        .wrongColumnCount(
          "INSERT INTO \(insert.table.last)",
          wanted: positions.count,
          found: first.count,
          at: query.range
        )
      ])
    }
    var query = query
    query.body = .values(
      rows.map { row in
        row.enumerated().map { index, value in
          guard index < positions.count else { return value }
          let position = positions[index]
          if case .defaultValue = value.kind {
            return entry.constraints.defaults[position]
              ?? Expression(.literal(.null), range: value.range)
          }
          let declared = entry.constraints.declared[position]?.rawValue
          let type =
            declared.map { TypeName(.named($0, arguments: []), range: value.range) }
            ?? entry.table.schema.fields[position].type.written(at: value.range)
          return Expression(.cast(value, type, isTry: false), range: value.range)
        }
      }
    )
    return query
  }

  /// ON CONFLICT: leaves out or merges the rows whose key is there already.
  private func resolve(
    _ conflict: Insert.Conflict,
    _ added: [Batch],
    in entry: inout TableEntry,
    _ insert: Insert
  ) throws(StatementFailure) -> (changed: Int, rows: [Batch]) {
    let range = insert.table.range
    let schema = entry.table.schema
    let key = try conflictKey(conflict, entry, range)
    let isSilent = conflict.assignments == nil && !conflict.replacesRow
    let otherKeys = isSilent && conflict.target.isEmpty ? otherKeys(than: key, of: entry) : []
    let existing = entry.table
    let new = try storing(range) { () throws(ExecutionError) in
      try StoredTable(schema: schema, batches: added)
    }
    // Among equal new rows the first one is inserted; DO UPDATE may not touch a row twice.
    let (fresh, matched) = try storing(range) { () throws(ExecutionError) in
      var (fresh, matched) = try ConflictMatch.match(new, with: existing, key: key)
      for other in otherKeys {
        let without = try ConflictMatch.match(new, with: existing, key: other).fresh
        fresh = fresh.filter(Set(without).contains)
        matched = []
      }
      return (fresh, matched)
    }
    var updated: [Batch] = []
    var table = existing
    if let assignments = try assignments(conflict, insert, entry), !matched.isEmpty {
      let (rows, values) = try updates(
        assignments,
        conflict.filter,
        matched,
        new: new,
        entry,
        named: insert.alias?.text ?? entry.shortName,
        range
      )
      let positions = try assignments.map { (assignment) throws(StatementFailure) in
        try position(of: assignment.column, in: schema.fields)
      }
      let current = table
      (table, updated) = try storing(range) { () throws(ExecutionError) in
        let replaced = try current.replacing(rows: rows, columns: positions, with: values)
        let all = try Batch.concatenated(replaced.batches(), types: schema.fields.map(\.type))
        return (replaced, [all.gathered(rows.map { Int32($0) })])
      }
    }
    let inserted = try storing(range) { () throws(ExecutionError) in
      try Batch.concatenated(new.batches(), types: schema.fields.map(\.type)).gathered(fresh)
    }
    let current = table
    entry.table = try storing(range) { () throws(ExecutionError) in
      try current.appending([inserted])
    }
    try regenerate(&entry, range: range)
    try verify(entry, range: range)
    let changed = updated + [inserted]
    return (changed.reduce(0) { $0 + $1.rowCount }, changed)
  }

  /// ON CONFLICT DO NOTHING without columns is about every key.
  private func otherKeys(than key: [Int], of entry: TableEntry) -> [[Int]] {
    ([entry.constraints.primaryKey] + entry.constraints.allUniqueKeys)
      .filter { !$0.isEmpty && $0 != key }
  }

  private func conflictKey(
    _ conflict: Insert.Conflict,
    _ entry: TableEntry,
    _ range: SourceRange
  ) throws(StatementFailure) -> [Int] {
    let keys = [entry.constraints.primaryKey] + entry.constraints.allUniqueKeys
    if conflict.target.isEmpty {
      if conflict.assignments != nil, keys.filter({ !$0.isEmpty }).count > 1 {
        throw StatementFailure([
          .wrongState(
            "'\(entry.name)' has several keys; name the columns, as in ON CONFLICT (a) DO UPDATE",
            at: range
          )
        ])
      }
      guard let key = keys.first(where: { !$0.isEmpty }) else {
        throw StatementFailure([
          .wrongState(
            "'\(entry.name)' has no PRIMARY KEY or UNIQUE key to conflict with",
            at: range
          )
        ])
      }
      return key
    }
    let target = try positions(of: conflict.target, in: entry.table.schema.fields)
    guard keys.contains(where: { Set($0) == Set(target) }) else {
      throw StatementFailure([
        .wrongState(
          "the ON CONFLICT columns are no PRIMARY KEY or UNIQUE key of '\(entry.name)'",
          at: range
        )
      ])
    }
    return target
  }

  /// What changes in a row that is there; OR REPLACE sets the columns that the INSERT names.
  private func assignments(
    _ conflict: Insert.Conflict,
    _ insert: Insert,
    _ entry: TableEntry
  ) throws(StatementFailure) -> [Assignment]? {
    let schema = entry.table.schema
    guard conflict.replacesRow else {
      for assignment in conflict.assignments ?? [] {
        let position = try position(of: assignment.column, in: schema.fields)
        try refuseRows([assignment], [schema.fields[position].type])
        try refuseGenerated(position, of: entry, at: assignment.column.range)
      }
      return conflict.assignments
    }
    let builder = SQLBuilder(insert.table.range)
    let named =
      insert.columns.isEmpty
      ? schema.fields.indices.filter { entry.constraints.generated[$0] == nil }
      : try positions(of: insert.columns, in: schema.fields)
    return named.map { position in
      let name = schema.fields[position].name
      return Assignment(
        column: builder.identifier(name),
        value: builder.name("excluded", name)
      )
    }
  }

  /// The values of DO UPDATE, computed by a query over the old rows and `excluded`.
  private func updates(
    _ assignments: [Assignment],
    _ filter: Expression?,
    _ matched: [(old: Int32, new: Int32)],
    new: StoredTable,
    _ entry: TableEntry,
    named name: String,
    _ range: SourceRange
  ) throws(StatementFailure) -> (rows: [Int], values: Batch) {
    let schema = entry.table.schema
    let builder = SQLBuilder(range)
    let oldRows = matched.map(\.old)
    guard Set(oldRows).count == oldRows.count else {
      throw StatementFailure([
        .constraintFailed(
          "two of the new rows have one key, and DO UPDATE would change its row twice",
          at: range
        )
      ])
    }
    let existing = entry.table
    var catalog = session.catalog
    let pair = try storing(range) { () throws(ExecutionError) in
      let numbers = Column(
        type: .bigint,
        data: .int64(oldRows.map { Int64($0) }),
        count: oldRows.count
      )
      let old = try Batch.concatenated(existing.batches(), types: schema.fields.map(\.type))
        .gathered(oldRows)
      let added = try Batch.concatenated(new.batches(), types: schema.fields.map(\.type))
        .gathered(matched.map(\.new))
      let wide = Schema(schema.fields + [Field(name: Self.rowNumberName, type: .bigint)])
      return (
        try StoredTable(
          schema: wide,
          batches: [Batch(columns: old.columns + [numbers], rowCount: old.rowCount)]
        ),
        try StoredTable(schema: schema, batches: [added])
      )
    }
    var oldEntry = entry
    oldEntry.table = pair.0
    catalog.tables[foldedKey(entry.name)] = oldEntry
    catalog.tables["excluded"] = TableEntry(name: "excluded", table: pair.1)
    var values: [SelectItem] = [
      SelectItem(expression: builder.name(name, Self.rowNumberName))
    ]
    for assignment in assignments {
      values.append(
        SelectItem(
          expression: assignment.value.qualified(by: name, columns: schema.fields.map(\.name))
        )
      )
    }
    let join = TableReference(
      .join(
        JoinClause(
          left: builder.stored(entry.name, as: name),
          right: builder.stored("excluded"),
          kind: .positional,
          condition: .none
        )
      ),
      range: range
    )
    let condition = filter?.qualified(by: name, columns: schema.fields.map(\.name))
    let query = builder.query(builder.select(values, from: join, where: condition))
    return try changedRows(
      query,
      catalog,
      fields: assignments.map(\.column),
      places: assignments.map(\.value.range),
      of: entry,
      range: range
    )
  }
}
