/// Ranks text values by binary collation.
///
/// Rows are sorted by eight bytes after the prefix that all values share, by radix, and then, where
/// those bytes are equal, in the same way by the bytes that follow.
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
    sortTies(&rows, windows, values, depth: depth)
    return rows
  }

  /// The number of bytes that all values of some rows begin with, where those up to `depth` are known
  /// to be the same.
  private static func commonPrefixLength(
    _ values: TextVector,
    _ rows: some Collection<Int32>,
    from depth: Int = 0
  ) -> Int {
    let bytes = values.bytes.span
    guard let first = rows.first.map({ values.views[Int($0)].range }) else { return 0 }
    var common = first.count
    for row in rows {
      let range = values.views[Int(row)].range
      common = min(common, range.count)
      // Most values agree in all that is left.
      let isSame = bytesEqual(
        bytes.extracting(first.lowerBound + depth..<first.lowerBound + common),
        bytes.extracting(range.lowerBound + depth..<range.lowerBound + common)
      )
      if isSame { continue }
      var length = depth
      while bytes[range.lowerBound + length] == bytes[first.lowerBound + length] { length &+= 1 }
      common = length
      if common == depth { return depth }
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
        let count = max(0, min(8, range.upperBound &- start))
        for offset in 0..<count {
          window |= UInt64(bytes[start &+ offset]) &<< UInt64(56 &- 8 &* offset)
        }
        output.append(window)
      }
    }
  }

  /// Rows that agree in their bytes up to a depth, in the order in which they came.
  private struct Ties {
    let places: Range<Int>
    let depth: Int
  }

  /// The rows up to which comparing is quicker than looking at the next bytes of all of them.
  private static let comparedCount = 64

  /// Sorts the runs of rows with equal windows: by the next bytes that differ, run by run, and so on;
  /// short runs by comparison.
  ///
  /// Each round looks at every byte once, so that long texts that begin alike cost what they are long
  /// and not that times the number of comparisons.
  private static func sortTies(
    _ rows: inout [Int32],
    _ windows: [UInt64],
    _ values: TextVector,
    depth: Int
  ) {
    var open = ties(windows, at: 0, depth: depth + 8)
    var looked = 0
    while let ties = open.popLast() {
      looked &+= ties.places.count
      if looked > 65_536 {
        // Whoever asked is told that the query was cancelled.
        if Cancellation.isRequested { return }
        looked = 0
      }
      let places = ties.places
      let lengths = rows[places].map { Int(values.views[Int($0)].length) }
      let shortest = lengths.min() ?? 0
      let longest = lengths.max() ?? 0
      // Nothing follows that could differ, not even a zero byte.
      if shortest == longest, longest <= ties.depth { continue }
      // A value that ends before the depth looks as one with zero bytes does.
      guard places.count > comparedCount, shortest >= ties.depth else {
        rows[places].sort { lhs, rhs in
          let order = values.compare(at: Int(lhs), with: values, at: Int(rhs))
          return order == 0 ? lhs < rhs : order < 0
        }
        continue
      }
      let known = commonPrefixLength(values, rows[places], from: ties.depth)
      if known == longest { continue }
      var part = Array(rows[places])
      var next = Self.windows(of: values, part, depth: known)
      RadixSort.sort(&next, &part, bits: 64)
      rows.replaceSubrange(places, with: part)
      open += Self.ties(next, at: places.lowerBound, depth: known + 8)
    }
  }

  /// The runs of more than one row with equal windows.
  private static func ties(_ windows: [UInt64], at first: Int, depth: Int) -> [Ties] {
    var ties: [Ties] = []
    var start = 0
    while start < windows.count {
      var end = start + 1
      while end < windows.count, windows[end] == windows[start] { end += 1 }
      if end - start > 1 { ties.append(Ties(places: first + start..<first + end, depth: depth)) }
      start = end
    }
    return ties
  }
}
