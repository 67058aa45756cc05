/// Integers that stand for the values of one column in its order.
///
/// Within one column, `keys[a] < keys[b]` exactly where value `a` sorts before value `b`, and equal
/// keys are equal values. Numbers map directly; text and nested values by their rank in the column.
/// Keys of different columns do not compare. The keys of NULLs are unspecified.
enum OrderKeys {
  /// Returns the keys, one per row.
  static func make(_ column: Column) -> [Int64] {
    let flat = column.expanded()
    switch flat.data {
    case .boolean(let values): return values.map { $0 ? 1 : 0 }
    case .int64(let values): return values
    case .float64(let values): return values.map { orderedBits($0) }
    case .dictionary(let codes, let dictionary):
      if case .enumeration = column.type { return codes.map { Int64($0) } }
      let ranks = dictionary.ranks
      return codes.map { Int64(ranks[Int($0)]) }
    case .text(let values):
      return TextRanks.ranks(of: values, validity: flat.validity).map { Int64($0) }
    case .int128(let values):
      return ranks(count: values.count) { lhs, rhs in
        values[lhs] < values[rhs] ? -1 : values[lhs] > values[rhs] ? 1 : 0
      }
    case .interval(let values):
      let lengths = values.map { $0.approximateMicroseconds }
      return ranks(count: lengths.count) { lhs, rhs in
        lengths[lhs] < lengths[rhs] ? -1 : lengths[lhs] > lengths[rhs] ? 1 : 0
      }
    case .list, .structure:
      let values = flat.allValues()
      return ranks(count: values.count) { lhs, rhs in values[lhs].order(values[rhs]) }
    }
  }

  /// Returns an integer that orders doubles: numbers, then NaN; both zeros are equal.
  @inline(__always)
  static func orderedBits(_ value: Double) -> Int64 {
    guard !value.isNaN else { return Int64.max }
    let bits = Int64(bitPattern: (value == 0 ? 0 : value).bitPattern)
    return bits < 0 ? bits ^ Int64.max : bits
  }

  /// Returns the double of `orderedBits`.
  static func double(ofOrderedBits bits: Int64) -> Double {
    guard bits != Int64.max else { return .nan }
    return Double(bitPattern: UInt64(bitPattern: bits < 0 ? bits ^ Int64.max : bits))
  }

  private static func ranks(count: Int, _ compare: (Int, Int) -> Int) -> [Int64] {
    var keys = Array(repeating: Int64(0), count: count)
    let order = (0..<count).sortedUnlessCancelled { compare($0, $1) < 0 }
    var rank: Int64 = 0
    for (position, row) in order.enumerated() {
      if position > 0, compare(order[position - 1], row) != 0 { rank += 1 }
      keys[row] = rank
    }
    return keys
  }
}

extension Interval {
  /// The length with months of 30 days and days of 24 hours, by which intervals compare.
  var approximateMicroseconds: Int128 {
    (Int128(months) * 30 + Int128(days)) * 86_400_000_000 + Int128(microseconds)
  }
}

extension Value {
  /// Compares two values of one type, NULL last: negative, zero or positive.
  ///
  /// Recursion is bounded by the nesting of the type.
  func order(_ other: Value) -> Int {
    switch (self, other) {
    case (.null, .null): return 0
    case (.null, _): return 1
    case (_, .null): return -1
    case (.boolean(let left), .boolean(let right)): return (left ? 1 : 0) - (right ? 1 : 0)
    case (.integer(let left), .integer(let right)): return Self.compare(left, right)
    case (.hugeint(let left), .hugeint(let right)): return Self.compare(left, right)
    case (.decimal(let left, _), .decimal(let right, _)): return Self.compare(left, right)
    case (.double(let left), .double(let right)):
      return Self.compare(OrderKeys.orderedBits(left), OrderKeys.orderedBits(right))
    case (.text(let left), .text(let right)):
      return left == right ? 0 : left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    case (.blob(let left), .blob(let right)):
      return left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    case (.date(let left), .date(let right)): return Self.compare(left, right)
    case (.time(let left), .time(let right)): return Self.compare(left, right)
    case (.timestamp(let left), .timestamp(let right)): return Self.compare(left, right)
    case (.timestampTZ(let left), .timestampTZ(let right)): return Self.compare(left, right)
    case (.interval(let left), .interval(let right)):
      return Self.compare(left.approximateMicroseconds, right.approximateMicroseconds)
    case (.list(let left), .list(let right)): return Self.compare(left, right)
    case (.map(let left), .map(let right)):
      return Self.compare(
        left.flatMap { [$0.key, $0.value] },
        right.flatMap { [$0.key, $0.value] }
      )
    case (.structure(let left), .structure(let right)):
      return Self.compare(left.map(\.value), right.map(\.value))
    default:
      // Values of one column have one type.
      return 0
    }
  }

  private static func compare<Key: Comparable>(_ left: Key, _ right: Key) -> Int {
    left < right ? -1 : left > right ? 1 : 0
  }

  private static func compare(_ left: [Value], _ right: [Value]) -> Int {
    for (leftElement, rightElement) in zip(left, right) {
      let order = leftElement.order(rightElement)
      if order != 0 { return order }
    }
    return left.count - right.count
  }
}
