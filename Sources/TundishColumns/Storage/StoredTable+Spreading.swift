extension StoredTable {
  /// Returns a table of more columns, of which this table has some.
  ///
  /// The others have no values: nobody may look at them.
  ///
  /// - Parameters:
  ///   - schema: The columns of the table.
  ///   - positions: Where in `schema` the columns of this table stand.
  /// - Returns: A table with a column for each field of `schema`.
  package func spread(over schema: Schema, at positions: [Int]) -> StoredTable {
    precondition(
      positions.count == self.schema.fields.count,
      "every column has a place"
    )
    var dictionaries = [TextDictionary?](repeating: nil, count: schema.fields.count)
    for (column, position) in positions.enumerated() {
      dictionaries[position] = self.dictionaries[column]
    }
    let groups = groups.map { group in
      let nothing = ColumnSegment(
        data: .nulls,
        validity: nil,
        rowCount: group.rowCount,
        zone: ZoneMap(nullCount: group.rowCount)
      )
      var segments = [ColumnSegment](repeating: nothing, count: schema.fields.count)
      for (column, position) in positions.enumerated() {
        segments[position] = group.segments[column]
      }
      return RowGroup(segments: segments, rowCount: group.rowCount)
    }
    return StoredTable(
      schema: schema,
      groups: groups,
      dictionaries: dictionaries,
      rowGroupRowCount: rowGroupRowCount
    )
  }
}
