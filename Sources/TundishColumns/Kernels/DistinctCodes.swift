/// Numbers for the distinct values of one column, in order of first occurrence.
struct DistinctCodes {
  /// The number of each row's value; unspecified where the row is NULL.
  let codes: [Int32]
  /// A row that holds each value.
  let representatives: [Int32]

  /// The number of distinct values.
  var count: Int { representatives.count }

  /// Numbers the values of a column.
  init(_ column: Column) throws(ExecutionError) {
    let flat = column.expanded()
    switch flat.data {
    case .boolean, .int64, .int128, .float64, .text, .dictionary: try self.init(keys: flat)
    case .interval(let values):
      let lengths = values.map { Int128($0.approximateMicroseconds) }
      let keys = Column(
        type: .hugeint,
        data: .int128(lengths),
        validity: flat.validity,
        count: flat.count
      )
      try self.init(keys: keys)
    case .list, .structure:
      try self.init(keys: .integers(OrderKeys.make(flat), validity: flat.validity))
    }
  }

  /// Numbers the groups of a column whose equal values are one group.
  private init(keys: Column) throws(ExecutionError) {
    var table = GroupTable(keyTypes: [keys.type])
    guard let validity = keys.validity else {
      (codes, representatives) = try table.insert([keys], rowCount: keys.count)
      return
    }
    // NULL would be a group of its own.
    let rows = positionsOfTrue(validity, validity: nil)
    let known = try table.insert([keys.gathered(rows)], rowCount: rows.count)
    var codes = [Int32](repeating: 0, count: keys.count)
    for (row, code) in zip(rows, known.groups) { codes[Int(row)] = code }
    self.codes = codes
    representatives = gatheredElements(rows, at: known.newRows)
  }
}
