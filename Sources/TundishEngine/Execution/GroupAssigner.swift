internal import TundishColumns
internal import TundishSyntax

/// A group table with an identity, for operators that share it with their readers.
///
/// NULLs equal each other, -0.0 equals 0.0, and NaN equals NaN; groups are numbered as they first
/// occur.
final class GroupAssigner {
  private var table: GroupTable

  /// `bounds` are those of the integers that a key can have, where they are known; rows with the
  /// same value of `adjacentKey`, if there is one, come one after the other.
  init(types: [DataType], bounds: [ClosedRange<Int64>?]? = nil, adjacentKey: Int? = nil) {
    table = GroupTable(keyTypes: types, integers: bounds, adjacentKey: adjacentKey)
  }

  /// The groups that tables of so many groups have room for: they double when they are full.
  static func capacity(of groupCount: Int) -> Int {
    groupCount <= 1 ? groupCount : 1 << (Int.bitWidth - (groupCount - 1).leadingZeroBitCount)
  }

  /// The bytes that the groups take once there are `count` more, roughly: two slots for each group
  /// that there is room for, and half of that while they are made anew; words; and texts, which have
  /// as much room again.
  func heldByteCount(withFurther count: Int = 0) -> Int {
    Self.capacity(of: groupCount + count) * (40 + 10 * table.keyTypes.count)
      + 2 * table.textByteCount
  }

  /// Per key, the range of the integers seen so far.
  var seenBounds: [ClosedRange<Int64>?] { table.seenIntegers }

  /// The number of groups so far.
  var groupCount: Int { table.groupCount }

  /// The name of the table's strategy, for profiles.
  var strategyName: String { table.strategyName }

  /// Returns the group of each row, adding groups that are new.
  func assign(_ columns: [Column], rowCount: Int) throws(RuntimeFailure) -> [Int32] {
    try blaming(.nowhere) { () throws(ExecutionError) in
      try table.groupIDs(for: columns, rowCount: rowCount)
    }
  }

  /// The rows that are given groups at once where memory is short; so many that a table is rarely
  /// made anew for keys that the first of them did not have.
  private static let portionRowCount = 1_048_576
  /// The bytes per row that are held only while all rows are given groups at once: words, packed
  /// words, words by region and the slots of regions.
  private static let passingByteCount = 64

  /// Returns the group of each row of many, adding groups that are new, on the threads of a run;
  /// fails where the run is cancelled.
  func assign(
    _ columns: [Column],
    rowCount: Int,
    run: QueryRun
  ) throws(RuntimeFailure) -> [Int32] {
    let byteCount = rowCount * Self.passingByteCount
    if run.memory.tryReserve(byteCount) {
      defer { run.memory.release(byteCount) }
      return try blaming(.nowhere) { () throws(ExecutionError) in
        try table.groupIDs(for: columns, rowCount: rowCount, by: RunPieces(run: run))
      }
    }
    var groups: [Int32] = []
    groups.reserveCapacity(rowCount)
    for start in stride(from: 0, to: rowCount, by: Self.portionRowCount) {
      try run.checkCancellation()
      let rows = start..<min(start + Self.portionRowCount, rowCount)
      groups += try assign(columns.map { $0.sliced(rows) }, rowCount: rows.count)
    }
    return groups
  }

  /// Adds the groups of another table; returns the group here of each group there.
  func merge(_ other: GroupAssigner) throws(RuntimeFailure) -> [Int32] {
    try blaming(.nowhere) { () throws(ExecutionError) in try table.merge(other.table) }
  }

  /// Returns the group of each row, -1 where there is none; each thread has a cache of its own.
  func find(
    _ columns: [Column],
    rowCount: Int,
    cache: inout GroupTable.LookupCache
  ) -> [Int32] {
    table.lookup(columns, rowCount: rowCount, cache: &cache)
  }

  /// The keys of all groups, by group number.
  func keyColumns() throws(RuntimeFailure) -> [Column] {
    try blaming(.nowhere) { () throws(ExecutionError) in try table.keyColumns() }
  }

  /// Returns the rows whose combination has not occurred before.
  func firstRows(_ columns: [Column], rowCount: Int) throws(RuntimeFailure) -> [Int32] {
    try blaming(.nowhere) { () throws(ExecutionError) in
      try table.insert(columns, rowCount: rowCount).newRows
    }
  }
}
