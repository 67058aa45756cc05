/// Rows sorted by their group, by counting: the rows of one group are next to each other, in order.
package struct RowsByGroup: Sendable {
  /// The rows of group `g` are `rows[starts[g] ..< starts[g + 1]]`.
  package let starts: [Int32]
  /// The rows, those of group -1 left out.
  package let rows: [Int32]

  /// Sorts rows by the group of each, which is less than `groupCount`; -1 leaves a row out.
  package init(_ groups: [Int32], groupCount: Int) {
    var starts = [Int32](repeating: 0, count: groupCount + 2)
    for group in groups where group >= 0 { starts[Int(group) + 2] += 1 }
    for group in 2..<max(2, starts.count) { starts[group] += starts[group - 1] }
    var rows = [Int32](repeating: 0, count: Int(starts[groupCount + 1]))
    for row in groups.indices where groups[row] >= 0 {
      // The start of the next group advances to its end while rows are placed.
      let next = Int(groups[row]) + 1
      rows[Int(starts[next])] = Int32(truncatingIfNeeded: row)
      starts[next] += 1
    }
    starts.removeLast()
    self.starts = starts
    self.rows = rows
  }
}
