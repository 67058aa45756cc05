internal import TundishColumns

/// The rows of a table in memory with their numbers, by which they can be found again.
///
/// After the table's columns it has one more: the number of the row in the table.
final class NumberedTableSource: RandomAccessSource {
  /// The table.
  let table: StoredTable
  private let source: StoredTableSource
  /// The number of the first row of each row group; one more element than there are groups.
  private let starts: [Int]

  /// Creates a source.
  init(_ source: StoredTableSource) {
    self.source = source
    table = source.table
    var starts = [0]
    for group in 0..<table.rowGroupCount {
      starts.append(starts[group] + table.rowCount(ofRowGroup: group))
    }
    self.starts = starts
  }

  /// The position of the row number.
  var rowNumberPosition: Int { table.schema.fields.count }

  var schema: Schema { source.schema }
  var rowCount: Int? { source.rowCount }
  var morselCount: Int { source.morselCount }

  func statistics(ofColumn position: Int) -> ColumnStatistics? {
    position < rowNumberPosition ? source.statistics(ofColumn: position) : nil
  }

  func rowCount(ofMorsel morsel: Int) -> Int { source.rowCount(ofMorsel: morsel) }

  func isExcluded(morsel: Int, by predicates: [ZonePredicate]) -> Bool {
    source.isExcluded(morsel: morsel, by: predicates)
  }

  func column(morsel: Int, position: Int, rows: Range<Int>) -> Column {
    guard position == rowNumberPosition else {
      return source.column(morsel: morsel, position: position, rows: rows)
    }
    let first = starts[morsel]
    return .integers(rows.map { Int64(first + $0) }, type: .bigint)
  }

  func column(morsel: Int, position: Int, places: [Int32]) -> Column {
    guard position == rowNumberPosition else {
      return source.column(morsel: morsel, position: position, places: places)
    }
    let first = starts[morsel]
    return .integers(places.map { Int64(first + Int($0)) }, type: .bigint)
  }

  var storedTable: StoredTable { table }

  func cursor(
    morsel: Int,
    columns: [Int],
    predicates: [ZonePredicate],
    batchRowCount: Int
  ) throws(ExecutionError) -> any BatchCursor {
    RandomAccessCursor(
      self,
      morsel: morsel,
      columns: columns,
      rowCount: isExcluded(morsel: morsel, by: predicates) ? 0 : rowCount(ofMorsel: morsel),
      batchRowCount: batchRowCount
    )
  }

  /// Returns the values of a column in some rows of the table, in the order of their numbers as given.
  func column(position: Int, ofRows rows: [Int64]) throws(ExecutionError) -> Column {
    var values: [Column] = []
    values.reserveCapacity(rows.count)
    for row in rows {
      let morsel = group(of: Int(row))
      let place = Int(row) - starts[morsel]
      values.append(source.column(morsel: morsel, position: position, rows: place..<place + 1))
    }
    return try Column.concatenated(values, type: schema.fields[position].type)
  }

  /// The row group that holds a row: the last one that does not begin after it.
  private func group(of row: Int) -> Int {
    var low = 0
    var high = starts.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= row { low = middle } else { high = middle }
    }
    return low
  }
}
