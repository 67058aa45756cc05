/// Orders values row by row, of any type: the slow path for nested values.
enum RowOrder {
  /// Returns whether a value is less (negative), equal (0) or greater (positive) than another;
  /// NULL equals NULL and is greater than every value.
  static func compare(_ left: Column, _ leftRow: Int, _ right: Column, _ rightRow: Int) -> Int {
    let isLeftValid = left.isValid(at: leftRow)
    let isRightValid = right.isValid(at: rightRow)
    guard isLeftValid, isRightValid else {
      return (isLeftValid ? 0 : 1) - (isRightValid ? 0 : 1)
    }
    let a = left.position(of: leftRow)
    let b = right.position(of: rightRow)
    switch (left.data, right.data) {
    case (.int64(let x), .int64(let y)): return Comparison.threeWay(x[a], y[b])
    case (.int128(let x), .int128(let y)): return Comparison.threeWay(x[a], y[b])
    case (.boolean(let x), .boolean(let y)): return (x[a] ? 1 : 0) - (y[b] ? 1 : 0)
    case (.float64(let x), .float64(let y)): return compareDoubles(x[a], y[b])
    case (.interval(let x), .interval(let y)):
      return Comparison.threeWay(x[a].comparisonKey, y[b].comparisonKey)
    case (.list(let x), .list(let y)): return compareLists(x, a, y, b)
    case (.structure(let x, _), .structure(let y, _)):
      for (first, second) in zip(x, y) {
        let order = compare(first, a, second, b)
        if order != 0 { return order }
      }
      return 0
    default: return compareText(left, a, right, b)
    }
  }

  /// Orders doubles with NaN equal to itself and greater than every number.
  static func compareDoubles(_ left: Double, _ right: Double) -> Int {
    if left.isNaN || right.isNaN { return (left.isNaN ? 1 : 0) - (right.isNaN ? 1 : 0) }
    return Comparison.threeWay(left, right)
  }

  private static func compareLists(
    _ left: ListVector,
    _ a: Int,
    _ right: ListVector,
    _ b: Int
  )
    -> Int
  {
    let x = left.ranges[a]
    let y = right.ranges[b]
    for (i, j) in zip(x, y) {
      let order = compare(left.child, Int(i), right.child, Int(j))
      if order != 0 { return order }
    }
    return x.count - y.count
  }

  private static func compareText(_ left: Column, _ a: Int, _ right: Column, _ b: Int) -> Int {
    if case .enumeration(let labels) = left.type {
      let x = TextComparison.ordinals(left, labels)[a]
      let y = TextComparison.ordinals(right, labels)[b]
      return Comparison.threeWay(x, y)
    }
    let x = TextArgument(left)
    let y = TextArgument(right)
    return bytesCompare(
      x.bytes.span.extracting(x.range(a)),
      y.bytes.span.extracting(y.range(b))
    )
  }
}
