internal import Synchronization

/// The rows of a table brought together by the value of one column: an index by entity.
///
/// Entities stand in the order in which they first occur, the rows of each in the order of the
/// table, so that funnels, time in stage and the like read one entity after the other. Built once
/// by a counting sort and kept with the table; a column is brought into the same order when it is
/// first read, as narrow as the table holds it. Rows are cut into parts, and no entity spans two of
/// them, so that parts can be worked on apart.
package final class EntityPartition: Sendable {
  /// The rows of a part, if no entity has more: few enough for the groups that they make to stay in
  /// the processor's caches.
  private static let partRowCount = 32_768

  /// The number of entities, NULL being one.
  package let entityCount: Int
  /// Per part, its range of `rows`.
  package let parts: [Range<Int>]
  /// The rows of the table, entity by entity.
  private let rows: [Int32]
  private let table: StoredTable
  /// Per column, the segments of all parts.
  private let segments = Mutex<[Int: [ColumnSegment]]>([:])

  /// Sorts the rows of a table by the entity that a column names.
  ///
  /// Linear in the rows. `check` is called once per row group and may throw to stop.
  init?(
    _ table: StoredTable,
    column: Int,
    check: () throws(ExecutionError) -> Void
  ) throws(ExecutionError) {
    guard table.rowCount <= Int(Int32.max) else { return nil }
    var assigner = GroupTable(keyTypes: [table.schema.fields[column].type])
    var entities: [Int32] = []
    entities.reserveCapacity(table.rowCount)
    for group in 0..<table.rowGroupCount {
      try check()
      let keys = table.column(
        rowGroup: group,
        column: column,
        rows: 0..<table.rowCount(ofRowGroup: group)
      )
      entities += try assigner.groupIDs(for: [keys], rowCount: keys.count)
    }
    self.table = table
    entityCount = assigner.groupCount
    let sorted = RowsByGroup(entities, groupCount: assigner.groupCount)
    rows = sorted.rows
    parts = Self.parts(sorted.starts, rowCount: min(table.rowGroupRowCount, Self.partRowCount))
    try check()
  }

  /// Puts entities together until a part has at least so many rows.
  private static func parts(_ starts: [Int32], rowCount: Int) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var first = 0
    for start in starts.dropFirst() where Int(start) - first >= rowCount {
      parts.append(first..<Int(start))
      first = Int(start)
    }
    if let end = starts.last, Int(end) > first { parts.append(first..<Int(end)) }
    return parts
  }

  /// The numbers of the rows of the table at some positions of a part, entity by entity.
  package func rowNumbers(part: Int, _ range: Range<Int>) -> [Int64] {
    let first = parts[part].lowerBound
    let all = rows
    let numbers = all.span
    return [Int64](capacity: range.count) { output in
      for place in range { output.append(Int64(numbers[first &+ place])) }
    }
  }

  /// Returns a column at some positions of a part.
  ///
  /// The first read of a column brings all of it into order: linear in the rows of the table.
  package func column(
    part: Int,
    column: Int,
    rows range: Range<Int>
  ) throws(ExecutionError) -> Column {
    try ordered(column)[part].column(
      range,
      type: table.schema.fields[column].type,
      dictionary: table.dictionary(ofColumn: column)
    )
  }

  /// The bytes that the index takes, with the columns that were read.
  package var memoryBytes: Int {
    rows.count * 4
      + segments.withLock { $0.values.reduce(0) { $0 + $1.reduce(0) { $0 + $1.memoryBytes } } }
  }

  private func ordered(_ column: Int) throws(ExecutionError) -> [ColumnSegment] {
    // Held while a column is brought into order, so that threads do not do the same work.
    try segments.withLock { (known) throws(ExecutionError) in
      if let segments = known[column] { return segments }
      let segments = try sorted(column)
      known[column] = segments
      return segments
    }
  }

  private func sorted(_ column: Int) throws(ExecutionError) -> [ColumnSegment] {
    let type = table.schema.fields[column].type
    let dictionary = table.dictionary(ofColumn: column)
    let whole = try Column.concatenated(
      (0..<table.rowGroupCount).map {
        table.column(rowGroup: $0, column: column, rows: 0..<table.rowCount(ofRowGroup: $0))
      },
      type: type
    )
    var encoder = SegmentEncoder(
      type: type,
      dictionary: dictionary,
      rowCount: table.rowCount,
      mayCode: dictionary != nil
    )
    var segments: [ColumnSegment] = []
    for part in parts { segments.append(try encoder.encode([whole.gathered(Array(rows[part]))])) }
    return segments
  }
}

extension StoredTable {
  /// Returns the table's index by the entity that a column names, made on first use.
  ///
  /// Nil for tables of more than 2^31 rows. `check` may throw to stop while it is made.
  package func partition(
    byColumn column: Int,
    check: () throws(ExecutionError) -> Void
  ) throws(ExecutionError) -> EntityPartition? {
    if let known = knownPartition(byColumn: column) { return known }
    guard let made = try EntityPartition(self, column: column, check: check) else { return nil }
    return keep(made, byColumn: column)
  }
}
