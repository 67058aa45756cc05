internal import Synchronization
internal import TundishColumns

/// The rows of a table in memory, entity by entity; a morsel is some whole entities.
///
/// After the table's columns it has one more: the number of the row in the table.
final class PartitionedTableSource: TableSource {
  /// The table.
  let table: StoredTable
  /// The position of the column that names the entity.
  let entityColumn: Int
  private let built = Mutex<EntityPartition?>(nil)

  /// Creates a source; nothing is sorted yet.
  init(_ table: StoredTable, entityColumn: Int) {
    self.table = table
    self.entityColumn = entityColumn
  }

  /// The position of the row number.
  var rowNumberPosition: Int { table.schema.fields.count }

  /// Brings the table's rows into order, once; to be called before rows are read.
  func build(_ run: QueryRun) throws(RuntimeFailure) {
    let cancellation = run.context.cancellation
    let partition = try blaming(.nowhere) { () throws(ExecutionError) -> EntityPartition in
      let made = try table.partition(byColumn: entityColumn) { () throws(ExecutionError) in
        if cancellation.isCancelled { throw ExecutionError.cancelled }
      }
      guard let made else {
        throw ExecutionError(.limit, "more than \(Int32.max) rows in one table")
      }
      return made
    }
    built.withLock { $0 = partition }
  }

  private var partition: EntityPartition {
    guard let partition = built.withLock({ $0 }) else {
      preconditionFailure("a partition is built before its rows are read")
    }
    return partition
  }

  var schema: Schema { table.schema }
  var rowCount: Int? { table.rowCount }
  var morselCount: Int { partition.parts.count }

  /// The same as of the table, so that plans over either are the same.
  func statistics(ofColumn position: Int) -> ColumnStatistics? {
    guard position < rowNumberPosition else { return nil }
    return StoredTableSource(table).statistics(ofColumn: position)
  }

  func rowCount(ofMorsel morsel: Int) -> Int { partition.parts[morsel].count }

  func column(
    morsel: Int,
    position: Int,
    rows: Range<Int>
  ) throws(ExecutionError) -> Column {
    guard position < rowNumberPosition else {
      return .integers(partition.rowNumbers(part: morsel, rows), type: .bigint)
    }
    return try partition.column(part: morsel, column: position, rows: rows)
  }

  func cursor(
    morsel: Int,
    columns: [Int],
    predicates: [ZonePredicate],
    batchRowCount: Int
  ) throws(ExecutionError) -> any BatchCursor {
    PartitionCursor(self, morsel: morsel, columns: columns, batchRowCount: batchRowCount)
  }
}

/// Reads one part.
private final class PartitionCursor: BatchCursor {
  private let source: PartitionedTableSource
  private let morsel: Int
  private let columns: [Int]
  private let batchRowCount: Int
  private var position = 0

  init(_ source: PartitionedTableSource, morsel: Int, columns: [Int], batchRowCount: Int) {
    self.source = source
    self.morsel = morsel
    self.columns = columns
    self.batchRowCount = batchRowCount
  }

  func next() throws(ExecutionError) -> Batch? {
    let rowCount = source.rowCount(ofMorsel: morsel)
    guard position < rowCount else { return nil }
    let rows = position..<min(position + batchRowCount, rowCount)
    position = rows.upperBound
    var read: [Column] = []
    for column in columns {
      read.append(try source.column(morsel: morsel, position: column, rows: rows))
    }
    return Batch(columns: read, rowCount: rows.count)
  }
}
