/// One picked value per group, of any type.
///
/// Picked values are appended to a pool of columns; a group's value is a row of it. The pool is
/// compacted when most of it has been replaced.
struct PickedRows {
  private var pool: [Column] = []
  private var poolCount = 0
  /// The pool row of each group, or -1.
  private(set) var rows: [Int32] = []
  private let type: DataType

  init(type: DataType) {
    self.type = type
  }

  mutating func resize(groupCount: Int) {
    guard groupCount > rows.count else { return }
    rows.append(contentsOf: repeatElement(-1, count: groupCount - rows.count))
  }

  /// Makes rows of a column the values of their groups.
  mutating func pick(
    _ picked: [Int32],
    of column: Column,
    groups: (Int32) -> Int
  ) throws(ExecutionError) {
    guard !picked.isEmpty else { return }
    for (offset, row) in picked.enumerated() {
      rows[groups(row)] = Int32(poolCount + offset)
    }
    pool.append(column.gathered(picked))
    poolCount += picked.count
    if poolCount > 4 * rows.count + 65_536 { try compact() }
  }

  /// Returns the values of groups, NULL where none was picked.
  func finish(groupCount: Int) throws(ExecutionError) -> Column {
    let all = try Column.concatenated(pool, type: type)
    guard all.count > 0 else { return .nulls(type: type, count: groupCount) }
    return all.gathered(Array(rows.prefix(groupCount)))
  }

  private mutating func compact() throws(ExecutionError) {
    let live = try Column.concatenated(pool, type: type)
      .gathered(rows.filter { $0 >= 0 })
    var next: Int32 = 0
    for group in rows.indices where rows[group] >= 0 {
      rows[group] = next
      next += 1
    }
    pool = [live]
    poolCount = live.count
  }
}
