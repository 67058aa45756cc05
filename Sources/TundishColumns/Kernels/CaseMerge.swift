/// Puts together a column from pieces that were computed for some of its rows each: CASE, COALESCE,
/// AND and OR, whose later operands see only the rows that reach them.
package struct CaseMerge {
  private let type: DataType
  private let rowCount: Int
  private var columns: [Column] = []
  private var positions: [Int32]
  private var filledCount: Int32 = 0

  /// Creates a merge in which every row is NULL so far.
  package init(type: DataType, rowCount: Int) {
    self.type = type
    self.rowCount = rowCount
    self.positions = [Int32](repeating: -1, count: rowCount)
  }

  /// Gives some rows their values: row `rows[i]` gets row `i` of the column.
  package mutating func set(_ rows: [Int32], to column: Column) {
    precondition(rows.count == column.count, "a piece has one value for each of its rows")
    guard !rows.isEmpty else { return }
    for (i, row) in rows.enumerated() { positions[Int(row)] = filledCount &+ Int32(i) }
    filledCount &+= Int32(rows.count)
    columns.append(column.retyped(type))
  }

  /// Returns the column.
  package consuming func finish() throws(ExecutionError) -> Column {
    guard let first = columns.first else { return .nulls(type: type, count: rowCount) }
    if columns.count == 1, first.isConstant, filledCount == Int32(rowCount) { return first }
    return try Column.concatenated(columns, type: type).gathered(positions)
  }
}
