internal import Synchronization

/// The rows of a table in memory: immutable row groups of narrow columns.
///
/// Changing a table makes a new one that shares the row groups which did not change. Text columns
/// with repeating values are coded over one dictionary for the whole table, so codes of different
/// row groups can be compared.
package struct StoredTable: Sendable {
  /// The columns.
  package let schema: Schema
  /// The number of rows.
  package let rowCount: Int
  let groups: [RowGroup]
  /// Per column, the dictionary of its codes; nil where it is not coded.
  let dictionaries: [TextDictionary?]
  /// The rows that a full row group has.
  let rowGroupRowCount: Int
  private let derived: DerivedStatistics

  /// The rows that a row group has unless a test asks for fewer.
  package static let preferredRowGroupRowCount = 65_536

  /// Creates an empty table.
  package init(schema: Schema) {
    self.init(
      schema: schema,
      groups: [],
      dictionaries: schema.fields.map { _ in nil },
      rowGroupRowCount: Self.preferredRowGroupRowCount
    )
  }

  init(
    schema: Schema,
    groups: [RowGroup],
    dictionaries: [TextDictionary?],
    rowGroupRowCount: Int
  ) {
    self.schema = schema
    self.groups = groups
    self.dictionaries = dictionaries
    self.rowGroupRowCount = rowGroupRowCount
    rowCount = groups.reduce(0) { $0 + $1.rowCount }
    derived = DerivedStatistics()
  }

  /// Creates a table of the rows of some batches.
  package init(
    schema: Schema,
    batches: [Batch],
    rowGroupRowCount: Int = StoredTable.preferredRowGroupRowCount
  ) throws(ExecutionError) {
    var builder = StoredTableBuilder(schema: schema, rowGroupRowCount: rowGroupRowCount)
    for batch in batches { try builder.append(batch) }
    self = try builder.finish()
  }

  /// Some consecutive rows of all columns.
  struct RowGroup: Sendable {
    /// One segment per column, each of `rowCount` rows.
    var segments: [ColumnSegment]
    /// The number of rows.
    let rowCount: Int
  }

  /// Statistics that are computed on first use.
  private final class DerivedStatistics: Sendable {
    private static let count = Atomic<UInt64>(0)

    /// Another one for every table.
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    let byColumn = Mutex<[Int: Statistics]>([:])
    let partitions = Mutex<[Int: EntityPartition]>([:])
  }

  /// Tells a table from every other one of the process, also from those that are gone; copies of a
  /// table have the same.
  package var identity: UInt64 { derived.number }

  /// The index by entity of a column, if it was made.
  func knownPartition(byColumn column: Int) -> EntityPartition? {
    derived.partitions.withLock { $0[column] }
  }

  /// Keeps an index by entity; returns the one that is kept, should another thread be first.
  func keep(_ partition: EntityPartition, byColumn column: Int) -> EntityPartition {
    derived.partitions.withLock { known in
      if let first = known[column] { return first }
      known[column] = partition
      return partition
    }
  }
}

// Reading.
extension StoredTable {
  /// The number of row groups.
  package var rowGroupCount: Int { groups.count }

  /// Returns the number of rows of a row group.
  package func rowCount(ofRowGroup group: Int) -> Int { groups[group].rowCount }

  /// Returns some rows of one row group, counted within it; all where `rows` is nil.
  ///
  /// The batch has the columns at the given positions, in that order.
  package func scan(rowGroup group: Int, columns: [Int], rows: Range<Int>? = nil) -> Batch {
    let rows = rows ?? 0..<groups[group].rowCount
    return Batch(
      columns: columns.map { column(rowGroup: group, column: $0, rows: rows) },
      rowCount: rows.count
    )
  }

  /// Returns some rows of one column of one row group.
  package func column(rowGroup group: Int, column: Int, rows: Range<Int>) -> Column {
    groups[group].segments[column].column(
      rows,
      type: schema.fields[column].type,
      dictionary: dictionaries[column]
    )
  }

  /// Returns all rows as batches; for small tables and tests.
  package func batches(ofRowCount count: Int = Batch.preferredRowCount) -> [Batch] {
    var batches: [Batch] = []
    let columns = Array(schema.fields.indices)
    for group in groups.indices {
      var start = 0
      while start < groups[group].rowCount {
        let end = min(start + count, groups[group].rowCount)
        batches.append(scan(rowGroup: group, columns: columns, rows: start..<end))
        start = end
      }
    }
    return batches
  }

  /// The dictionary that all codes of a column refer to; nil where the column is not coded.
  package func dictionary(ofColumn column: Int) -> TextDictionary? { dictionaries[column] }

  /// Returns what is known of a column in a row group, to skip it or to choose how to run.
  package func zone(rowGroup group: Int, column: Int) -> ZoneMap {
    groups[group].segments[column].zone
  }

  /// Returns the bytes that a column takes, its dictionary included.
  package func memoryBytes(ofColumn column: Int) -> Int {
    groups.reduce(0) { $0 + $1.segments[column].memoryBytes }
      + (dictionaries[column].map { $0.values.views.count * 8 + $0.values.bytes.count } ?? 0)
  }

  /// Whether the index by the entity that a column names was made.
  package func isIndexed(byColumn column: Int) -> Bool { knownPartition(byColumn: column) != nil }

  /// The bytes of the index by entity of a column, with the columns in its order; nil where no query
  /// has made one.
  package func memoryBytes(ofIndexByColumn column: Int) -> Int? {
    knownPartition(byColumn: column)?.memoryBytes
  }

  /// The bytes that all columns take.
  package var memoryBytes: Int {
    schema.fields.indices.reduce(0) { $0 + memoryBytes(ofColumn: $1) }
  }
}

// Statistics.
extension StoredTable {
  /// What is known of the values of a column of the whole table.
  package struct Statistics: Sendable {
    /// The least value; nil where there is none, or it is not known.
    package var minimum: Value?
    /// The greatest value; nil where there is none, or it is not known.
    package var maximum: Value?
    /// The least and greatest value where the physical type is 64-bit integers.
    package var integers: ClosedRange<Int64>?
    /// The number of NULLs.
    package var nullCount: Int
    /// The number of distinct values: for dictionaries an upper bound that is exact unless rows
    /// were deleted, else an estimate.
    package var distinctCount: Int
    /// Whether rows are known to ascend by this column, NULLs aside.
    package var isSorted: Bool
  }

  /// Returns what is known of a column; computed on first use from zone maps and a sample.
  package func statistics(ofColumn column: Int) -> Statistics {
    if let known = derived.byColumn.withLock({ $0[column] }) { return known }
    let statistics = computeStatistics(ofColumn: column)
    derived.byColumn.withLock { $0[column] = statistics }
    return statistics
  }

  private func computeStatistics(ofColumn column: Int) -> Statistics {
    let zones = groups.map { $0.segments[column].zone }
    var statistics = Statistics(
      nullCount: zones.reduce(0) { $0 + $1.nullCount },
      distinctCount: 0,
      isSorted: true
    )
    var last: ZoneMap?
    var isBounded = true
    for (group, zone) in zip(groups, zones) where zone.nullCount < group.rowCount {
      statistics.isSorted = statistics.isSorted && zone.isSorted
      if let last, let before = last.maximum, let next = zone.minimum {
        statistics.isSorted = statistics.isSorted && !Self.isLess(next, before)
      }
      last = zone
      if let integers = zone.integers {
        let old = statistics.integers ?? integers
        statistics.integers =
          min(old.lowerBound, integers.lowerBound)...max(old.upperBound, integers.upperBound)
      }
      guard let minimum = zone.minimum, let maximum = zone.maximum else {
        isBounded = false
        continue
      }
      if let old = statistics.minimum, !Self.isLess(minimum, old) {
      } else {
        statistics.minimum = minimum
      }
      if let old = statistics.maximum, !Self.isLess(old, maximum) {
      } else {
        statistics.maximum = maximum
      }
    }
    if !isBounded {
      statistics.minimum = nil
      statistics.maximum = nil
    }
    statistics.isSorted = statistics.isSorted && last != nil
    statistics.distinctCount = estimatedDistinctCount(ofColumn: column, statistics)
    return statistics
  }

  /// Compares two values of one ordered fixed-size type.
  private static func isLess(_ lhs: Value, _ rhs: Value) -> Bool {
    switch (lhs, rhs) {
    case (.integer(let lhs), .integer(let rhs)): lhs < rhs
    case (.hugeint(let lhs), .hugeint(let rhs)): lhs < rhs
    case (.decimal(let lhs, _), .decimal(let rhs, _)): lhs < rhs
    case (.double(let lhs), .double(let rhs)): lhs < rhs
    case (.date(let lhs), .date(let rhs)): lhs < rhs
    case (.time(let lhs), .time(let rhs)): lhs < rhs
    case (.timestamp(let lhs), .timestamp(let rhs)): lhs < rhs
    case (.timestampTZ(let lhs), .timestampTZ(let rhs)): lhs < rhs
    case (.boolean(let lhs), .boolean(let rhs)): !lhs && rhs
    default: false
    }
  }

  /// Estimates the number of distinct values from a sample: values that occur once in it stand for
  /// more than themselves.
  private func estimatedDistinctCount(ofColumn column: Int, _ statistics: Statistics) -> Int {
    if let dictionary = dictionaries[column] { return dictionary.count }
    let valueCount = rowCount - statistics.nullCount
    guard valueCount > 0 else { return 0 }
    var occurrences: [UInt64: Int] = [:]
    var sampled = 0
    let perGroup = max(64, 8_192 / groups.count)
    for group in groups.indices {
      let end = min(perGroup, groups[group].rowCount)
      let part = self.column(rowGroup: group, column: column, rows: 0..<end)
      let hashes = part.rowHashes()
      for row in 0..<end where part.isValid(at: row) {
        occurrences[hashes[row], default: 0] += 1
        sampled += 1
      }
      if sampled > 65_536 { break }
    }
    guard sampled > 0, sampled < valueCount else { return max(1, occurrences.count) }
    let once = occurrences.values.lazy.filter { $0 == 1 }.count
    let growth = (Double(valueCount) / Double(sampled)).squareRoot()
    var estimate =
      once * 10 >= sampled * 9
      ? valueCount : Int(Double(once) * growth) + occurrences.count - once
    if let integers = statistics.integers {
      let width = UInt64(bitPattern: integers.upperBound &- integers.lowerBound)
      if width < UInt64(estimate) { estimate = Int(width) + 1 }
    }
    return max(1, min(estimate, valueCount))
  }
}
