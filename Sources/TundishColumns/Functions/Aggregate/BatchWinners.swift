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

  /// Returns the rows, in the order in which their groups came, and forgets them.
  mutating func take() -> [Int32] {
    var taken: [Int32] = []
    taken.reserveCapacity(groups.count)
    for group in groups {
      taken.append(rows[Int(group)])
      rows[Int(group)] = -1
    }
    groups.removeAll(keepingCapacity: true)
    return taken
  }
}
