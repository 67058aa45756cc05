package import TundishColumns
internal import TundishSyntax

/// A source whose rows can be read by position, so that a scan may read the columns of its
/// condition first and the others only for the rows that pass.
protocol RandomAccessSource: TableSource {
  /// The number of rows of a morsel.
  func rowCount(ofMorsel morsel: Int) -> Int
  /// Whether the whole morsel can be passed over.
  func isExcluded(morsel: Int, by predicates: [ZonePredicate]) -> Bool
  /// Some consecutive rows of one column of a morsel.
  func column(morsel: Int, position: Int, rows: Range<Int>) -> Column
  /// The rows at some places, which ascend, of one column of a morsel.
  func column(morsel: Int, position: Int, places: [Int32]) -> Column
  /// The table whose row groups are the morsels, and whose columns are the first ones of the source.
  var storedTable: StoredTable { get }
}

/// The rows of a table in memory; a morsel is a row group.
package final class StoredTableSource: RandomAccessSource {
  /// The table.
  package let table: StoredTable

  /// Creates a source.
  package init(_ table: StoredTable) {
    self.table = table
  }

  package var schema: Schema { table.schema }
  package var stored: StoredTableSource? { self }
  package var rowCount: Int? { table.rowCount }
  package var morselCount: Int { table.rowGroupCount }

  package func statistics(ofColumn position: Int) -> ColumnStatistics? {
    let known = table.statistics(ofColumn: position)
    return ColumnStatistics(
      minimum: known.minimum,
      maximum: known.maximum,
      nullCount: known.nullCount,
      distinctCount: known.distinctCount,
      isSorted: known.isSorted
    )
  }

  package func cursor(
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

  func rowCount(ofMorsel morsel: Int) -> Int { table.rowCount(ofRowGroup: morsel) }

  func isExcluded(morsel: Int, by predicates: [ZonePredicate]) -> Bool {
    let rowCount = rowCount(ofMorsel: morsel)
    return predicates.contains { predicate in
      let zone = table.zone(rowGroup: morsel, column: predicate.position)
      return zone.excludes(predicate.comparison, predicate.value, rowCount: rowCount)
    }
  }

  func column(morsel: Int, position: Int, rows: Range<Int>) -> Column {
    table.column(rowGroup: morsel, column: position, rows: rows)
  }

  func column(morsel: Int, position: Int, places: [Int32]) -> Column {
    table.column(rowGroup: morsel, column: position, rows: places)
  }

  var storedTable: StoredTable { table }
}

extension ZoneMap {
  /// Whether no row of the zone can satisfy `<column> <comparison> <value>`.
  func excludes(_ comparison: ComparisonOperator, _ value: Value, rowCount: Int) -> Bool {
    if nullCount == rowCount {
      switch comparison {
      case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: return true
      case .notDistinct: return !value.isNull
      case .distinct: return value.isNull
      }
    }
    if let number = value.zoneInteger, let integers {
      return excludes(comparison, number, integers.lowerBound, integers.upperBound)
    }
    guard case .double(let number) = value, case .double(let low)? = minimum,
      case .double(let high)? = maximum
    else { return false }
    return excludes(comparison, number, low, high)
  }

  private func excludes<Number: Comparable>(
    _ comparison: ComparisonOperator,
    _ value: Number,
    _ low: Number,
    _ high: Number
  ) -> Bool {
    switch comparison {
    case .equal, .notDistinct: value < low || value > high
    case .less: low >= value
    case .lessOrEqual: low > value
    case .greater: high <= value
    case .greaterOrEqual: high < value
    case .notEqual: low == value && high == value
    case .distinct: nullCount == 0 && low == value && high == value
    }
  }
}

extension Value {
  /// The number by which zone maps hold the value, where its physical type is 64-bit integers.
  var zoneInteger: Int64? {
    switch self {
    case .integer(let number), .time(let number), .timestamp(let number),
      .timestampTZ(let number):
      number
    case .date(let days): Int64(days)
    case .decimal(let unscaled, _): Int64(exactly: unscaled)
    case .null, .boolean, .hugeint, .double, .text, .blob, .interval, .list, .structure, .map: nil
    }
  }
}

/// Reads one morsel of a source that can be read by position.
final class RandomAccessCursor: BatchCursor {
  private let source: any RandomAccessSource
  private let morsel: Int
  private let columns: [Int]
  private let rowCount: Int
  private let batchRowCount: Int
  private var position = 0

  init(
    _ source: any RandomAccessSource,
    morsel: Int,
    columns: [Int],
    rowCount: Int,
    batchRowCount: Int
  ) {
    self.source = source
    self.morsel = morsel
    self.columns = columns
    self.rowCount = rowCount
    self.batchRowCount = batchRowCount
  }

  func next() throws(ExecutionError) -> Batch? {
    guard position < rowCount else { return nil }
    let rows = position..<min(position + batchRowCount, rowCount)
    position = rows.upperBound
    return Batch(
      columns: columns.map { source.column(morsel: morsel, position: $0, rows: rows) },
      rowCount: rows.count
    )
  }
}
