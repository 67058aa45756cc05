/// Unsigned integers in the order of the values that they stand for: equal exactly where values
/// are equal, smaller exactly where values are smaller.
///
/// Numbers keep their distances; text, intervals and nested values are replaced by their ranks
/// among the rows.
struct OrderWords {
  /// One word per row; unspecified under NULL.
  let words: [UInt64]
  /// True where there is a value; nil where no row is NULL.
  let validity: [Bool]?

  /// The words of a column that is not constant.
  init(_ column: Column) {
    precondition(!column.isConstant, "a constant has no order to speak of")
    validity = column.validity
    switch column.data {
    case .boolean(let values): words = values.map { $0 ? 1 : 0 }
    case .int64(let values): words = values.map { Self.word($0) }
    case .float64(let values): words = values.map { Self.word($0) }
    case .text(let values):
      words =
        Self.labelWords(values, type: column.type)
        ?? TextRanks.ranks(of: values, validity: column.validity)
    case .dictionary(let codes, let dictionary):
      if let labels = Self.labelWords(dictionary.values, type: column.type) {
        words = codes.map { labels[Int($0)] }
      } else if dictionary.count > codes.count * 2 {
        words = TextRanks.ranks(of: column.textValues(), validity: column.validity)
      } else {
        let ranks = dictionary.ranks
        words = codes.map { UInt64(UInt32(bitPattern: ranks[Int($0)])) }
      }
    case .int128(let values):
      words = Self.narrowWords(values, column.validity) ?? Self.ranksByComparison(column)
    case .interval, .list, .structure: words = Self.ranksByComparison(column)
    }
  }

  /// The words of wide integers, sums mostly; nil where one does not fit into a word.
  private static func narrowWords(_ values: [Int128], _ validity: [Bool]?) -> [UInt64]? {
    var words = [UInt64](repeating: 0, count: values.count)
    for row in values.indices {
      if let validity, !validity[row] { continue }
      guard let value = Int64(exactly: values[row]) else { return nil }
      words[row] = word(value)
    }
    return words
  }

  /// The word of an integer.
  @inline(__always)
  static func word(_ value: Int64) -> UInt64 {
    UInt64(bitPattern: value) ^ 1 << 63
  }

  /// The word of a number: -0.0 is 0.0, and NaN is greater than all others.
  @inline(__always)
  static func word(_ value: Double) -> UInt64 {
    let bits = canonicalBits(value)
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  /// The positions of labels in their `ENUM`; nil for other types.
  private static func labelWords(_ values: TextVector, type: DataType) -> [UInt64]? {
    guard case .enumeration(let labels) = type else { return nil }
    let declared = TextDictionary(distinct: TextVector(labels))
    return values.views.indices.map { row in
      UInt64(max(0, declared.code(of: values.byteArray(at: row)) ?? 0))
    }
  }

  private static func ranksByComparison(_ column: Column) -> [UInt64] {
    let rows = (0..<column.count).filter { column.isValid(at: $0) }
    let order = rows.sortedUnlessCancelled { lhs, rhs in
      let order = column.compare(row: lhs, with: rhs)
      return order == 0 ? lhs < rhs : order < 0
    }
    var ranks = [UInt64](repeating: 0, count: column.count)
    var rank: UInt64 = 0
    for (position, row) in order.enumerated() {
      if position > 0, column.compare(row: order[position - 1], with: row) != 0 { rank += 1 }
      ranks[row] = rank
    }
    return ranks
  }
}

extension Column {
  /// Compares the values of two rows: negative, zero or positive.
  ///
  /// The slow path, for types that have no order-preserving word. NULLs inside of lists and structs
  /// are greater than all values. Nesting is bounded by the type's.
  package func compare(row lhs: Int, with rhs: Int) -> Int {
    switch (isValid(at: lhs), isValid(at: rhs)) {
    case (false, false): return 0
    case (false, true): return 1
    case (true, false): return -1
    case (true, true): break
    }
    let (left, right) = (position(of: lhs), position(of: rhs))
    switch data {
    case .boolean(let values):
      return (values[left] ? 1 : 0) - (values[right] ? 1 : 0)
    case .int64(let values): return Self.order(values[left], values[right])
    case .int128(let values): return Self.order(values[left], values[right])
    case .float64(let values):
      return Self.order(OrderWords.word(values[left]), OrderWords.word(values[right]))
    case .text(let values): return values.compare(at: left, with: values, at: right)
    case .dictionary(let codes, let dictionary):
      if case .enumeration = type { return Self.order(codes[left], codes[right]) }
      let values = dictionary.values
      return values.compare(at: Int(codes[left]), with: values, at: Int(codes[right]))
    case .interval(let values):
      return Self.order(
        values[left].normalizedMicroseconds,
        values[right].normalizedMicroseconds
      )
    case .list(let lists):
      let (leftRange, rightRange) = (lists.ranges[left], lists.ranges[right])
      for (leftElement, rightElement) in zip(leftRange, rightRange) {
        let order = lists.child.compare(row: Int(leftElement), with: Int(rightElement))
        if order != 0 { return order }
      }
      return leftRange.count - rightRange.count
    case .structure(let columns, _):
      for column in columns {
        let order = column.compare(row: left, with: right)
        if order != 0 { return order }
      }
      return 0
    }
  }

  private static func order<Number: Comparable>(_ lhs: Number, _ rhs: Number) -> Int {
    lhs < rhs ? -1 : lhs == rhs ? 0 : 1
  }
}
