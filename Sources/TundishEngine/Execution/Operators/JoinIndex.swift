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
    let hasNulls = Self.clearNulls(&groups, keys: keys, isNullSafe: isNullSafe)
    if assigner.groupCount == rowCount && !hasNulls {
      // As groups are numbered in the order of their first rows, each row is that of its number.
      starts = [Int32](0...Int32(rowCount))
      rows = [Int32](0..<Int32(rowCount))
      isUnique = true
      return
    }
    (starts, rows) = try Self.sorted(groups, groupCount: assigner.groupCount, run: run)
    isUnique = rows.count <= assigner.groupCount && Self.hasSingles(starts)
  }

  /// Puts the rows of each group in the order of a column, NULLs last.
  func sort(by column: Column, run: QueryRun) throws(RuntimeFailure) {
    var groups = [Int64](repeating: -1, count: column.count)
    for group in 0..<starts.count - 1 {
      for place in starts[group]..<starts[group + 1] {
        groups[Int(rows[Int(place)])] = Int64(group)
      }
    }
    let order = try EngineKernels.sortOrder(
      [(.integers(groups, type: .bigint), SortDirection()), (column, SortDirection())],
      rowCount: column.count,
      run: run
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

  /// The positions in `rows` of a group's rows whose value in a range is not NULL.
  @inline(__always)
  func knownRange(of group: Int32, _ range: RangeValues) -> Range<Int> {
    group < 0 ? 0..<0 : Int(starts[Int(group)])..<Int(range.knownEnds[Int(group)])
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

  /// Takes the rows out of their groups that NULL keeps from matching; returns whether there are any.
  @discardableResult
  private static func clearNulls(
    _ groups: inout [Int32],
    keys: [Column],
    isNullSafe: [Bool]
  ) -> Bool {
    var hasNulls = false
    for (key, isSafe) in zip(keys, isNullSafe) where !isSafe {
      guard let validity = key.validityPerRow() else { continue }
      for row in groups.indices where !validity[row] {
        groups[row] = -1
        hasNulls = true
      }
    }
    return hasNulls
  }

  private static func hasSingles(_ starts: [Int32]) -> Bool {
    (1..<starts.count).allSatisfy { starts[$0] - starts[$0 - 1] <= 1 }
  }

  /// A counting sort of row numbers by group; rows without a group are left out.
  private static func sorted(
    _ groups: [Int32],
    groupCount: Int,
    run: QueryRun
  ) throws(RuntimeFailure) -> ([Int32], [Int32]) {
    var starts = [Int32](repeating: 0, count: groupCount + 1)
    for rows in portions(of: groups.count) {
      try run.checkCancellation()
      count(groups, rows, into: &starts)
    }
    for group in 0..<groupCount { starts[group + 1] += starts[group] }
    var rows = [Int32](repeating: 0, count: Int(starts[groupCount]))
    var next = starts
    for portion in portions(of: groups.count) {
      try run.checkCancellation()
      place(groups, portion, into: &rows, &next)
    }
    return (starts, rows)
  }

  /// The rows that are sorted between two looks at the cancellation flag.
  private static func portions(of count: Int) -> [Range<Int>] {
    let size = 16 * ExecutionLimits.rowsBetweenLooks
    return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  /// Counts the rows of each group in the element after the group's.
  private static func count(_ groups: [Int32], _ rows: Range<Int>, into counts: inout [Int32]) {
    let groups = groups.span
    var counts = counts.mutableSpan
    for row in rows where groups[row] >= 0 { counts[Int(groups[row]) &+ 1] &+= 1 }
  }

  /// Puts each row into the next place of its group.
  private static func place(
    _ groups: [Int32],
    _ range: Range<Int>,
    into rows: inout [Int32],
    _ next: inout [Int32]
  ) {
    let groups = groups.span
    var rows = rows.mutableSpan
    var next = next.mutableSpan
    for row in range where groups[row] >= 0 {
      let group = Int(groups[row])
      rows[Int(next[group])] = Int32(truncatingIfNeeded: row)
      next[group] &+= 1
    }
  }
}
