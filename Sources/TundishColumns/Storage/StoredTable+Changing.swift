// Rows.
extension StoredTable {
  /// Returns the table with the rows of some batches at its end.
  package func appending(_ batches: [Batch]) throws(ExecutionError) -> StoredTable {
    var builder = StoredTableBuilder(appendingTo: self)
    for batch in batches { try builder.append(batch) }
    return try builder.finish()
  }

  /// Returns the table without the rows where a mask, which has one element per row, is true.
  package func deleting(_ mask: [Bool]) throws(ExecutionError) -> StoredTable {
    precondition(mask.count == rowCount, "a mask has one element per row")
    let encoders = ColumnEncoders(self, rowCount: rowCount)
    var kept: [RowGroup] = []
    var start = 0
    for (position, group) in groups.enumerated() {
      let isDeleted = Array(mask[start..<start + group.rowCount])
      start += group.rowCount
      let rows = positionsOfTrue(isDeleted.map { !$0 }, validity: nil)
      if rows.count == group.rowCount {
        kept.append(group)
      } else if !rows.isEmpty {
        var segments: [ColumnSegment] = []
        for field in schema.fields.indices {
          let column = column(rowGroup: position, column: field, rows: 0..<group.rowCount)
          segments.append(try encoders.encode([column.gathered(rows)], column: field))
        }
        kept.append(RowGroup(segments: segments, rowCount: rows.count))
      }
    }
    return try encoders.table(
      schema: schema,
      groups: kept,
      oldDictionaries: dictionaries,
      rowGroupRowCount: rowGroupRowCount
    )
  }

  /// Returns the table with other values in some columns of some rows.
  ///
  /// The rows ascend and are distinct; the batch has one column per changed column and one row per
  /// changed row.
  package func replacing(
    rows: [Int],
    columns: [Int],
    with values: Batch
  ) throws(ExecutionError) -> StoredTable {
    precondition(
      values.rowCount == rows.count && values.columns.count == columns.count,
      "new values are given for every row and column to change"
    )
    let encoders = ColumnEncoders(self, rowCount: rowCount)
    var changed = groups
    var start = 0
    var next = 0
    for group in groups.indices {
      let count = groups[group].rowCount
      let first = next
      while next < rows.count, rows[next] < start + count { next += 1 }
      if next > first {
        // Positions at or beyond `count` take the new values.
        var sources = (0..<Int32(count)).map { $0 }
        for position in first..<next {
          sources[rows[position] - start] = Int32(count + position - first)
        }
        for (position, column) in columns.enumerated() {
          let old = self.column(rowGroup: group, column: column, rows: 0..<count)
          let new = values.columns[position].sliced(first..<next)
          let joined = try Column.concatenated([old, new], type: schema.fields[column].type)
          changed[group].segments[column] = try encoders.encode(
            [joined.gathered(sources)],
            column: column
          )
        }
      }
      start += count
    }
    return try encoders.table(
      schema: schema,
      groups: changed,
      oldDictionaries: dictionaries,
      rowGroupRowCount: rowGroupRowCount
    )
  }
}

// Columns.
extension StoredTable {
  /// Returns the table with another name, or another unit, of a column.
  package func redeclaring(column: Int, as field: Field) -> StoredTable {
    precondition(
      field.type == schema.fields[column].type,
      "declaring a column anew keeps its type"
    )
    var fields = schema.fields
    fields[column] = field
    return StoredTable(
      schema: Schema(fields),
      groups: groups,
      dictionaries: dictionaries,
      rowGroupRowCount: rowGroupRowCount
    )
  }

  /// Returns the table without a column.
  package func dropping(column: Int) -> StoredTable {
    selecting(columns: schema.fields.indices.filter { $0 != column })
  }

  /// Returns the table with some of its columns, in a given order.
  package func selecting(columns: [Int]) -> StoredTable {
    StoredTable(
      schema: Schema(columns.map { schema.fields[$0] }),
      groups: groups.map { group in
        RowGroup(segments: columns.map { group.segments[$0] }, rowCount: group.rowCount)
      },
      dictionaries: columns.map { dictionaries[$0] },
      rowGroupRowCount: rowGroupRowCount
    )
  }

  /// Returns the table with another column in place of the one at a position, or with one more at
  /// the end where the position is nil.
  ///
  /// The values are one per row; a constant column is fine.
  package func setting(
    _ field: Field,
    to values: Column,
    at column: Int? = nil
  ) throws(ExecutionError) -> StoredTable {
    precondition(values.count == rowCount, "a column has one value per row of its table")
    let single = try Self.split(
      values,
      field: field,
      rowCounts: groups.map(\.rowCount),
      rowGroupRowCount: rowGroupRowCount
    )
    var fields = schema.fields
    var allDictionaries = dictionaries
    let position = column ?? fields.count
    if column == nil {
      fields.append(field)
      allDictionaries.append(single.dictionaries[0])
    } else {
      fields[position] = field
      allDictionaries[position] = single.dictionaries[0]
    }
    var changed = groups
    for group in groups.indices {
      let segment = single.groups[group].segments[0]
      if column == nil {
        changed[group].segments.append(segment)
      } else {
        changed[group].segments[position] = segment
      }
    }
    return StoredTable(
      schema: Schema(fields),
      groups: changed,
      dictionaries: allDictionaries,
      rowGroupRowCount: rowGroupRowCount
    )
  }

  /// Returns a table of one column whose row groups have given numbers of rows.
  private static func split(
    _ values: Column,
    field: Field,
    rowCounts: [Int],
    rowGroupRowCount: Int
  ) throws(ExecutionError) -> StoredTable {
    let schema = Schema([field])
    let empty = StoredTable(
      schema: schema,
      groups: [],
      dictionaries: [nil],
      rowGroupRowCount: rowGroupRowCount
    )
    let encoders = ColumnEncoders(empty, rowCount: 0)
    var groups: [RowGroup] = []
    var start = 0
    for count in rowCounts {
      let segment = try encoders.encode([values.sliced(start..<start + count)], column: 0)
      groups.append(RowGroup(segments: [segment], rowCount: count))
      start += count
    }
    return try encoders.table(
      schema: schema,
      groups: groups,
      oldDictionaries: [nil],
      rowGroupRowCount: rowGroupRowCount
    )
  }
}
