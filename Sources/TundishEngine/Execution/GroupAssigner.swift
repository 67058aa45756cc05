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

  /// The rows that are given groups before the cancellation flag is looked at; so many that a table
  /// is rarely made anew for keys that the first of them did not have.
  private static let portionRowCount = 1_048_576

  /// Returns the group of each row of many, adding groups that are new, unless the run is cancelled.
  func assign(
    _ columns: [Column],
    rowCount: Int,
    run: QueryRun
  ) throws(RuntimeFailure) -> [Int32] {
    if rowCount <= Self.portionRowCount { return try assign(columns, rowCount: rowCount) }
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
