/// The row of a batch that is the best of each group so far, for groups that have one.
///
/// Costs as much as there are winners, not as there are groups; kept from batch to batch.
struct BatchWinners {
  /// Per group the row, or -1; all -1 between batches.
  private var rows: [Int32] = []
  /// The groups that have a row.
  private var groups: [Int32] = []

  /// Makes room for groups `0 ..< groupCount`.
  mutating func resize(groupCount: Int) {
    guard groupCount > rows.count else { return }
    rows.append(contentsOf: repeatElement(-1, count: groupCount - rows.count))
  }

  /// The row of a group; nil where it has none.
  @inline(__always)
  subscript(group: Int) -> Int32? { rows[group] < 0 ? nil : rows[group] }

  /// Makes a row its group's.
  @inline(__always)
  mutating func set(_ row: Int32, of group: Int) {
    if rows[group] < 0 { groups.append(Int32(truncatingIfNeeded: group)) }
    rows[group] = row
  }

  /// Offers the rows of a batch in turn with their keys: a row with a key above its group's best so
  /// far is the group's from then on, and its key the best.
  ///
  /// Keys of `Int64.min` are passed to `least`, which says whether such a row is its group's.
  @inline(__always)
  mutating func offer(
    _ keys: borrowing Span<Int64>,
    _ groupsOfRows: borrowing Span<Int32>,
    turn: Int64,
    best: inout [Int64],
    least: (_ group: Int) -> Bool
  ) {
    var found = groups
    groups = []
    defer { groups = found }
    // Spans, so that an element is changed without asking each time whose array it is.
    var best = best.mutableSpan
    var rows = rows.mutableSpan
    for row in groupsOfRows.indices {
      let group = Int(groupsOfRows[row])
      let key = keys[row] ^ turn
      if key > best[group] {
        best[group] = key
      } else if key != .min || best[group] != .min || !least(group) {
        continue
      }
      if rows[group] < 0 { found.append(Int32(truncatingIfNeeded: group)) }
      rows[group] = Int32(truncatingIfNeeded: row)
    }
  }

  /// Returns the rows, in the order in which their groups came, and forgets them.
  mutating func take() -> [Int32] {
    let groups = groups
    self.groups = []
    let groupsFound = groups.span
    var rows = rows.mutableSpan
    return [Int32](capacity: groups.count) { taken in
      for index in groupsFound.indices {
        let group = Int(groupsFound[index])
        taken.append(rows[group])
        rows[group] = -1
      }
    }
  }
}
