/// Ranks text values by binary collation.
///
/// Rows are sorted by eight bytes after the prefix that all values share, by radix, and then by
/// comparison where those bytes are equal.
enum TextRanks {
  /// Returns the rank of each row's value among the distinct values; unspecified under NULL.
  static func ranks(of values: TextVector, validity: [Bool]?) -> [UInt64] {
    var ranks = [UInt64](repeating: 0, count: values.count)
    let order = sortedRows(of: values, validity: validity)
    var rank: UInt64 = 0
    for position in order.indices {
      let row = Int(order[position])
      if position > 0, !values.isEqual(at: row, to: values, at: Int(order[position - 1])) {
        rank += 1
      }
      ranks[row] = rank
    }
    return ranks
  }

  /// Returns the rows that have a value in the order of their values, equal ones as they come.
  static func sortedRows(of values: TextVector, validity: [Bool]?) -> [Int32] {
    var rows: [Int32] =
      if let validity {
        positionsOfTrue(validity, validity: nil)
      } else {
        (0..<Int32(values.count)).map { $0 }
      }
    guard rows.count > 1 else { return rows }
    let depth = commonPrefixLength(values, rows)
    var windows = windows(of: values, rows, depth: depth)
    RadixSort.sort(&windows, &rows, bits: 64)
    sortTies(&rows, windows, values)
    return rows
  }

  /// The number of bytes that all values begin with.
  private static func commonPrefixLength(_ values: TextVector, _ rows: [Int32]) -> Int {
    let bytes = values.bytes.span
    let first = bytes.extracting(values.views[Int(rows[0])].range)
    var common = first.count
    for row in rows {
      let value = bytes.extracting(values.views[Int(row)].range)
      common = min(common, value.count)
      var length = 0
      while length < common, value[length] == first[length] { length &+= 1 }
      common = length
      if common == 0 { return 0 }
    }
    return common
  }

  /// Eight bytes of each value from a depth on as a number whose order is the bytes' order; values
  /// that end before are filled up with zeros.
  private static func windows(
    of values: TextVector,
    _ rows: [Int32],
    depth: Int
  ) -> [UInt64] {
    let bytes = values.bytes.span
    let views = values.views.span
    let rows = rows.span
    return [UInt64](capacity: rows.count) { output in
      for i in rows.indices {
        let range = views[Int(rows[i])].range
        var window: UInt64 = 0
        let start = range.lowerBound &+ depth
        let count = min(8, range.upperBound &- start)
        for offset in 0..<count {
          window |= UInt64(bytes[start &+ offset]) &<< UInt64(56 &- 8 &* offset)
        }
        output.append(window)
      }
    }
  }

  /// Sorts the runs of rows with equal windows.
  private static func sortTies(
    _ rows: inout [Int32],
    _ windows: [UInt64],
    _ values: TextVector
  ) {
    var start = 0
    while start < rows.count {
      var end = start + 1
      while end < rows.count, windows[end] == windows[start] { end += 1 }
      if end - start > 1 {
        rows[start..<end].sort { lhs, rhs in
          let order = values.compare(at: Int(lhs), with: values, at: Int(rhs))
          return order == 0 ? lhs < rhs : order < 0
        }
      }
      start = end
    }
  }
}
