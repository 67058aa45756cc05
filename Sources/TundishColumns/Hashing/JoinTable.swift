/// The build side of a hash join: for each distinct key, the rows that have it, in their order.
///
/// Immutable once built, and so shared by all workers; each probes through a `JoinProbe` of its
/// own. A row with NULL in a key that is not null-safe has no match.
package struct JoinTable: Sendable {
  /// The number of rows of the build side.
  package let rowCount: Int
  /// Whether a row of the build side has NULL in a key that is not null-safe.
  ///
  /// It makes `x NOT IN (...)` NULL where nothing matches.
  package let hasNullKey: Bool
  /// Whether no two rows have equal keys.
  package let isUnique: Bool
  /// Per key, whether NULL matches NULL.
  package let isNullSafe: [Bool]
  let groups: GroupTable
  /// The rows of group `g` are `rows[starts[g] ..< starts[g + 1]]`.
  let starts: [Int32]
  let rows: [Int32]

  /// Builds the table of all rows of the build side.
  package init(
    keys: [Column],
    keyTypes: [DataType],
    isNullSafe: [Bool],
    rowCount: Int
  ) throws(ExecutionError) {
    guard rowCount < Int(Int32.max) else {
      throw ExecutionError(.limit, "more than \(Int32.max) rows on one side of a join")
    }
    var groups = GroupTable(keyTypes: keyTypes)
    var ids = try groups.groupIDs(for: keys, rowCount: rowCount)
    hasNullKey = Self.dropNulls(&ids, keys: keys, isNullSafe: isNullSafe)
    self.groups = groups
    self.rowCount = rowCount
    self.isNullSafe = isNullSafe
    let byGroup = RowsByGroup(ids, groupCount: groups.groupCount)
    (starts, rows) = (byGroup.starts, byGroup.rows)
    isUnique = rows.count <= 1 || !Self.hasRepeats(starts)
  }

  /// Sets the group to -1 where a key that is not null-safe is NULL; returns whether there is one.
  static func dropNulls(
    _ groups: inout [Int32],
    keys: [Column],
    isNullSafe: [Bool]
  ) -> Bool {
    var hasNull = false
    for (key, isNullSafe) in zip(keys, isNullSafe) where !isNullSafe {
      guard let validity = key.validityPerRow() else { continue }
      for row in validity.indices where !validity[row] {
        groups[row] = -1
        hasNull = true
      }
    }
    return hasNull
  }

  private static func hasRepeats(_ starts: [Int32]) -> Bool {
    for group in 1..<starts.count where starts[group] - starts[group - 1] > 1 { return true }
    return false
  }
}

/// Finds the matches of probe rows, batch by batch; owned by one worker.
package struct JoinProbe {
  /// The table that is probed.
  package let table: JoinTable
  /// The group in the table of each row of the current batch; -1 where nothing matches.
  package private(set) var groups: [Int32] = []
  private var cache = GroupTable.LookupCache()
  /// Where the next output begins.
  private var nextRow = 0
  private var nextMatch: Int32 = 0

  /// Creates a probe.
  package init(_ table: JoinTable) {
    self.table = table
  }

  /// Begins with the rows of a batch.
  package mutating func begin(_ keys: [Column], rowCount: Int) {
    groups = table.groups.lookup(keys, rowCount: rowCount, cache: &cache)
    _ = JoinTable.dropNulls(&groups, keys: keys, isNullSafe: table.isNullSafe)
    nextRow = 0
    nextMatch = 0
  }

  /// Returns the next pairs of matching rows, at most `limit`; nil when the batch is done.
  ///
  /// Pairs are in the order of probe rows, those of one probe row in the order of build rows. Where
  /// `keepsUnmatched`, a probe row without match is paired with -1.
  package mutating func next(
    limit: Int,
    keepsUnmatched: Bool = false
  ) -> (probeRows: [Int32], buildRows: [Int32])? {
    guard nextRow < groups.count else { return nil }
    var probeRows: [Int32] = []
    var buildRows: [Int32] = []
    probeRows.reserveCapacity(min(limit, groups.count))
    buildRows.reserveCapacity(min(limit, groups.count))
    let (table, groups) = (self.table, self.groups)
    let starts = table.starts.span
    let rows = table.rows.span
    var row = nextRow
    var match = nextMatch
    while row < groups.count, probeRows.count < limit {
      let group = Int(groups[row])
      // A group whose rows all had a NULL key is empty.
      let first = group < 0 ? 0 : starts[group]
      let end = group < 0 ? 0 : starts[group + 1]
      if first == end {
        if keepsUnmatched {
          probeRows.append(Int32(truncatingIfNeeded: row))
          buildRows.append(-1)
        }
        row &+= 1
        continue
      }
      var position = first + match
      let last = min(end, position + Int32(truncatingIfNeeded: limit - probeRows.count))
      while position < last {
        probeRows.append(Int32(truncatingIfNeeded: row))
        buildRows.append(rows[Int(position)])
        position += 1
      }
      if position == end {
        row &+= 1
        match = 0
      } else {
        match = position - first
      }
    }
    nextRow = row
    nextMatch = match
    return (probeRows, buildRows)
  }

  /// Whether each row of the batch has a match, for semi, anti and mark joins.
  package func hasMatch() -> [Bool] {
    groups.map { group in
      group >= 0 && table.starts[Int(group)] < table.starts[Int(group) + 1]
    }
  }
}

/// Marks which rows of a build side found a match, for right and full joins.
package struct JoinMatches: Sendable {
  private var isMatched: [Bool]

  /// Creates marks for so many rows.
  package init(rowCount: Int) {
    isMatched = [Bool](repeating: false, count: rowCount)
  }

  /// Marks rows; negative ones are passed over.
  package mutating func mark(_ buildRows: [Int32]) {
    for row in buildRows where row >= 0 { isMatched[Int(row)] = true }
  }

  /// Adds the marks of another worker.
  package mutating func merge(_ other: JoinMatches) {
    for row in isMatched.indices where other.isMatched[row] { isMatched[row] = true }
  }

  /// The rows without match, ascending.
  package func unmatchedRows() -> [Int32] {
    positionsOfTrue(isMatched.map { !$0 }, validity: nil)
  }
}
