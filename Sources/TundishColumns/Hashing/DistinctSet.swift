/// Tells which rows bring a value that their group did not have before: `count(DISTINCT x)`.
package struct DistinctSet: Sendable {
  private var table: GroupTable

  /// Creates a set of values of some types per group.
  package init(types: [DataType]) {
    table = GroupTable(keyTypes: [.bigint] + types)
  }

  /// The number of values of all groups together.
  package var count: Int { table.groupCount }

  /// Returns the rows whose values are new in their groups, ascending; all rows belong to group 0
  /// where `groups` is nil.
  package mutating func newRows(
    _ arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) -> [Int32] {
    let group: Column =
      if let groups {
        .integers(groups.map { Int64($0) })
      } else {
        .constant(.integer(0), type: .bigint, count: rowCount)
      }
    return try table.insert([group] + arguments, rowCount: rowCount).newRows
  }

  /// Adds the values of another set, whose group `g` is this set's group `mapping[g]`; returns the
  /// groups and values that are new.
  package mutating func merge(
    _ other: DistinctSet,
    mapping: [Int32]
  ) throws(ExecutionError) -> (groups: [Int32], arguments: [Column]) {
    let columns = try other.table.keyColumns()
    let count = other.table.groupCount
    let groups = columns[0].int64Values().map { mapping[Int($0)] }
    let arguments = Array(columns.dropFirst())
    let rows = try newRows(arguments, groups: groups, rowCount: count)
    return (rows.map { groups[Int($0)] }, arguments.map { $0.gathered(rows) })
  }
}
