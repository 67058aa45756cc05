internal import CByteMasks

/// Which rows of a row group are chosen: a bit per row, 64 to a word.
package struct RowMask: Sendable {
  private var words: [UInt64]
  /// The number of rows, chosen or not.
  package let rowCount: Int

  /// Chooses all rows.
  package init(allOf rowCount: Int) {
    precondition(rowCount >= 0, "a count is not negative")
    self.rowCount = rowCount
    words = [UInt64](repeating: .max, count: (rowCount + 63) / 64)
    let rest = rowCount % 64
    if rest != 0 { words[words.count - 1] = 1 &<< UInt64(rest) &- 1 }
  }

  /// The number of chosen rows.
  package var chosenCount: Int { words.reduce(0) { $0 &+ $1.nonzeroBitCount } }

  /// The chosen rows, ascending.
  package var rows: [Int32] {
    let count = chosenCount
    return Self.gathersBits ? gatheredRows(count) : countedRows(count)
  }

  private static let gathersBits = tundish_has_bit_gathering() != 0

  private func gatheredRows(_ count: Int) -> [Int32] {
    unsafe [Int32](unsafeUninitializedCapacity: count + 8) { rows, written in
      guard let start = rows.baseAddress else { return }
      // As many are written as bits are set, and there is room for 8 more.
      unsafe words.withUnsafeBufferPointer { words in
        guard let first = words.baseAddress else { return }
        written = unsafe tundish_write_places(first, words.count, start)
      }
    }
  }

  /// The same on any processor.
  func countedRows(_ count: Int) -> [Int32] {
    var output = [Int32](repeating: 0, count: count)
    var rows = output.mutableSpan
    var place = 0
    for index in words.indices {
      var word = words[index]
      let start = Int32(truncatingIfNeeded: index &* 64)
      while word != 0 {
        rows[place] = start &+ Int32(truncatingIfNeeded: word.trailingZeroBitCount)
        place &+= 1
        word &= word &- 1
      }
    }
    return output
  }

  /// Chooses no row any more.
  mutating func removeAll() {
    for index in words.indices { words[index] = 0 }
  }

  /// Keeps those rows for which `holds`, asked for rows that are still chosen.
  @inline(__always)
  mutating func keep(where holds: (Int) -> Bool) {
    for index in words.indices where words[index] != 0 {
      words[index] &= Self.bits(index &* 64..<min(index &* 64 &+ 64, rowCount), holds)
    }
  }

  /// Keeps the rows that are chosen in another mask of as many rows.
  mutating func formIntersection(_ other: RowMask) {
    precondition(rowCount == other.rowCount, "both masks are of the same rows")
    for index in words.indices { words[index] &= other.words[index] }
  }

  /// Chooses the rows that are chosen in another mask of as many rows, too.
  mutating func formUnion(_ other: RowMask) {
    precondition(rowCount == other.rowCount, "both masks are of the same rows")
    for index in words.indices { words[index] |= other.words[index] }
  }

  /// Keeps the rows that are not chosen in another mask of as many rows.
  mutating func subtract(_ other: RowMask) {
    precondition(rowCount == other.rowCount, "both masks are of the same rows")
    for index in words.indices { words[index] &= ~other.words[index] }
  }

  /// Keeps the rows whose value lies in a range of the stored type, or those whose value does not.
  mutating func keep<Stored: MaskableInteger>(
    _ values: [Stored],
    _ range: ClosedRange<Stored>,
    isInside: Bool
  ) {
    precondition(values.count == rowCount, "there is a value for each row")
    let flip: UInt64 = isInside ? 0 : .max
    let full = rowCount / 64
    for index in 0..<full where words[index] != 0 {
      words[index] &=
        Stored.within(values.span.extracting(index &* 64..<index &* 64 &+ 64), range) ^ flip
    }
    if full < words.count, words[full] != 0 {
      words[full] &= Self.bits(full &* 64..<rowCount) { range.contains(values[$0]) == isInside }
    }
  }

  /// Keeps the rows whose truth is `truth`.
  mutating func keep(_ truths: [Bool], where truth: Bool) {
    precondition(truths.count == rowCount, "there is a truth for each row")
    let wanted: UInt8 = truth ? 1 : 0
    let full = rowCount / 64
    for index in 0..<full where words[index] != 0 {
      words[index] &= truthBits(truths.span.extracting(index &* 64..<index &* 64 &+ 64), wanted)
    }
    if full < words.count, words[full] != 0 {
      words[full] &= Self.bits(full &* 64..<rowCount) { truths[$0] == truth }
    }
  }

  /// The bits of at most 64 rows.
  @inline(__always)
  private static func bits(_ rows: Range<Int>, _ holds: (Int) -> Bool) -> UInt64 {
    var bits: UInt64 = 0
    for row in rows {
      bits |= (holds(row) ? 1 : 0) &<< UInt64(truncatingIfNeeded: row &- rows.lowerBound)
    }
    return bits
  }
}

/// Which of 64 truths are the wanted one.
private func truthBits(_ truths: Span<Bool>, _ wanted: UInt8) -> UInt64 {
  precondition(truths.count == 64, "a word has 64 bits")
  return unsafe truths.withUnsafeBytes { bytes in
    // `Bool` is stored as a byte, 0 or 1; there are 64.
    guard let start = bytes.baseAddress else { return 0 }
    return unsafe tundish_within_8(start.assumingMemoryBound(to: UInt8.self), wanted, 0)
  }
}

/// An integer as row groups hold it, of which 64 are compared with a range together.
protocol MaskableInteger: FixedWidthInteger {
  /// Which of 64 values lie in a range; bit `i` stands for value `i`.
  static func within(_ values: Span<Self>, _ range: ClosedRange<Self>) -> UInt64
}

// The functions of CByteMasks read 64 values, which is what each is given.

extension UInt8: MaskableInteger {
  @inline(__always)
  static func within(_ values: Span<UInt8>, _ range: ClosedRange<UInt8>) -> UInt64 {
    precondition(values.count == 64, "a word has 64 bits")
    return unsafe values.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress else { return 0 }
      return unsafe tundish_within_8(start, range.lowerBound, range.upperBound &- range.lowerBound)
    }
  }
}

extension UInt16: MaskableInteger {
  @inline(__always)
  static func within(_ values: Span<UInt16>, _ range: ClosedRange<UInt16>) -> UInt64 {
    precondition(values.count == 64, "a word has 64 bits")
    return unsafe values.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress else { return 0 }
      return unsafe tundish_within_16(start, range.lowerBound, range.upperBound &- range.lowerBound)
    }
  }
}

extension UInt32: MaskableInteger {
  @inline(__always)
  static func within(_ values: Span<UInt32>, _ range: ClosedRange<UInt32>) -> UInt64 {
    precondition(values.count == 64, "a word has 64 bits")
    return unsafe values.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress else { return 0 }
      return unsafe tundish_within_32(start, range.lowerBound, range.upperBound &- range.lowerBound)
    }
  }
}

extension Int32: MaskableInteger {
  @inline(__always)
  static func within(_ values: Span<Int32>, _ range: ClosedRange<Int32>) -> UInt64 {
    precondition(values.count == 64, "a word has 64 bits")
    let low = UInt32(bitPattern: range.lowerBound)
    let width = UInt32(bitPattern: range.upperBound) &- low
    return unsafe values.withUnsafeBytes { values in
      guard let start = values.baseAddress else { return 0 }
      // The same 32 bits; distances from the lower bound are the same without the sign.
      return unsafe tundish_within_32(start.assumingMemoryBound(to: UInt32.self), low, width)
    }
  }
}

extension Int64: MaskableInteger {
  @inline(__always)
  static func within(_ values: Span<Int64>, _ range: ClosedRange<Int64>) -> UInt64 {
    precondition(values.count == 64, "a word has 64 bits")
    let width = UInt64(bitPattern: range.upperBound &- range.lowerBound)
    return unsafe values.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress else { return 0 }
      return unsafe tundish_within_64(start, range.lowerBound, width)
    }
  }
}
