internal import TundishColumns

/// The rows of a join's build side by key: group numbers, and the rows of each group in order.
///
/// Without keys all rows are one group, which makes a cross product of it.
final class JoinIndex {
  private let assigner: GroupAssigner?
  private let isNullSafe: [Bool]
  /// Where each group's rows begin in `rows`; one more element than there are groups.
  private(set) var starts: [Int32]
  /// The rows, group by group, ascending within a group.
  private(set) var rows: [Int32]
  /// Whether no group has more than one row.
  let isUnique: Bool

  /// Creates the index of `rowCount` rows by key columns.
  init(
    keys: [Column],
    isNullSafe: [Bool],
    rowCount: Int,
    run: QueryRun
  ) throws(RuntimeFailure) {
    self.isNullSafe = isNullSafe
    guard !keys.isEmpty else {
      assigner = nil
      starts = [0, Int32(rowCount)]
      rows = [Int32](0..<Int32(rowCount))
      isUnique = rowCount <= 1
      return
    }
    let assigner = GroupAssigner(types: keys.map(\.type))
    var groups = try assigner.assign(keys, rowCount: rowCount, run: run)
    self.assigner = assigner
    Self.clearNulls(&groups, keys: keys, isNullSafe: isNullSafe)
    try run.checkCancellation()
    (starts, rows) = Self.sorted(groups, groupCount: assigner.groupCount)
    isUnique = rows.count <= assigner.groupCount && Self.hasSingles(starts)
  }

  /// Puts the rows of each group in the order of a column, NULLs last.
  func sort(by column: Column) {
    var groups = [Int64](repeating: -1, count: column.count)
    for group in 0..<starts.count - 1 {
      for place in starts[group]..<starts[group + 1] {
        groups[Int(rows[Int(place)])] = Int64(group)
      }
    }
    let order = EngineKernels.sortOrder(
      [(.integers(groups, type: .bigint), SortDirection()), (column, SortDirection())],
      rowCount: column.count
    )
    // Rows without a group come first.
    rows = Array(order[(order.count - rows.count)...])
  }

  /// Returns the group of each probe row, -1 where no build row matches.
  func groups(
    of keys: [Column],
    rowCount: Int,
    cache: inout GroupTable.LookupCache
  ) -> [Int32] {
    guard let assigner else {
      return [Int32](repeating: rows.isEmpty ? -1 : 0, count: rowCount)
    }
    var groups = assigner.find(keys, rowCount: rowCount, cache: &cache)
    Self.clearNulls(&groups, keys: keys, isNullSafe: isNullSafe)
    return groups
  }

  /// The positions in `rows` of a group's rows.
  @inline(__always)
  func range(of group: Int32) -> Range<Int> {
    group < 0 ? 0..<0 : Int(starts[Int(group)])..<Int(starts[Int(group) + 1])
  }

  /// Pairs probe rows, of which the group is given, with the rows of their groups; nil where these
  /// are more pairs than a portion may have.
  func pairs(of groups: [Int32]) -> (probeRows: [Int32], buildRows: [Int32])? {
    var total = 0
    for group in groups where group >= 0 {
      total += Int(starts[Int(group) + 1] - starts[Int(group)])
    }
    guard total <= ExecutionLimits.joinPairs else { return nil }
    var probeRows = [Int32](repeating: 0, count: total)
    var buildRows = [Int32](repeating: 0, count: total)
    Self.fill(&probeRows, &buildRows, groups, starts, rows)
    return (probeRows, buildRows)
  }

  private static func fill(
    _ probeRows: inout [Int32],
    _ buildRows: inout [Int32],
    _ groups: [Int32],
    _ starts: [Int32],
    _ rows: [Int32]
  ) {
    var probeRows = probeRows.mutableSpan
    var buildRows = buildRows.mutableSpan
    let groups = groups.span
    let starts = starts.span
    let rows = rows.span
    var pair = 0
    for row in groups.indices where groups[row] >= 0 {
      let group = Int(groups[row])
      var position = Int(starts[group])
      let end = Int(starts[group &+ 1])
      while position < end {
        probeRows[pair] = Int32(truncatingIfNeeded: row)
        buildRows[pair] = rows[position]
        pair &+= 1
        position &+= 1
      }
    }
  }

  /// For an index without duplicates: the build row of each group, -1 for groups without rows.
  func singleRows() -> [Int32] {
    (0..<starts.count - 1).map { starts[$0] == starts[$0 + 1] ? -1 : rows[Int(starts[$0])] }
  }

  private static func clearNulls(_ groups: inout [Int32], keys: [Column], isNullSafe: [Bool]) {
    for (key, isSafe) in zip(keys, isNullSafe) where !isSafe {
      guard let validity = key.validityPerRow() else { continue }
      for row in groups.indices where !validity[row] { groups[row] = -1 }
    }
  }

  private static func hasSingles(_ starts: [Int32]) -> Bool {
    (1..<starts.count).allSatisfy { starts[$0] - starts[$0 - 1] <= 1 }
  }

  /// A counting sort of row numbers by group; rows without a group are left out.
  private static func sorted(_ groups: [Int32], groupCount: Int) -> ([Int32], [Int32]) {
    var starts = [Int32](repeating: 0, count: groupCount + 1)
    for group in groups where group >= 0 { starts[Int(group) + 1] += 1 }
    for group in 0..<groupCount { starts[group + 1] += starts[group] }
    var rows = [Int32](repeating: 0, count: Int(starts[groupCount]))
    var next = starts
    for (row, group) in groups.enumerated() where group >= 0 {
      rows[Int(next[Int(group)])] = Int32(row)
      next[Int(group)] += 1
    }
    return (starts, rows)
  }
}
