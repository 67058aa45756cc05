extension Batch {
  /// Returns some consecutive rows.
  package func sliced(_ range: Range<Int>) -> Batch {
    if range.count == rowCount { return self }
    return Batch(columns: columns.map { $0.sliced(range) }, rowCount: range.count)
  }

  /// Returns the rows at some positions, in that order; a negative position gives a row of NULLs.
  package func gathered(_ rows: [Int32]) -> Batch {
    Batch(columns: columns.map { $0.gathered(rows) }, rowCount: rows.count)
  }

  /// Returns the rows where a `BOOLEAN` column is true.
  package func filtered(by predicate: Column) -> Batch {
    let rows = predicate.selectedRows()
    return rows.count == rowCount ? self : gathered(rows)
  }

  /// Returns some of the columns, in a given order.
  package func projected(_ positions: [Int]) -> Batch {
    Batch(columns: positions.map { columns[$0] }, rowCount: rowCount)
  }

  /// Returns the values of a row; for the borders of the engine.
  package func row(at row: Int) -> [Value] {
    columns.map { $0.value(at: row) }
  }

  /// Returns the rows of several batches with the same column types, one after the other.
  package static func concatenated(
    _ batches: [Batch],
    types: [DataType]
  ) throws(ExecutionError) -> Batch {
    if batches.count == 1 { return batches[0] }
    var columns: [Column] = []
    for (position, type) in types.enumerated() {
      columns.append(
        try Column.concatenated(batches.map { $0.columns[position] }, type: type)
      )
    }
    return Batch(columns: columns, rowCount: batches.reduce(0) { $0 + $1.rowCount })
  }
}
