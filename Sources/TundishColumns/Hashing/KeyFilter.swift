/// Which values the keys of a join's collected side have, so that a scan of the other side can drop
/// rows that no key matches before anything else is done with them.
///
/// Exact for integers of a small range and for codes; otherwise some rows pass that match nothing.
/// Immutable, and shared by all threads.
package final class KeyFilter: Sendable {
  /// The least and greatest key, where keys are integers; nil where there is no key at all.
  package let bounds: ClosedRange<Int64>?
  private let form: Form
  private let bits: [UInt64]

  private enum Form: Sendable {
    /// A bit per integer from a base on.
    case integers(base: Int64)
    /// Two bits per integer, at places that its hash gives; words are a power of two.
    case hashes
    /// A bit per code of a dictionary.
    case codes(TextDictionary)
  }

  /// The bits per key that a range of integers may take.
  private static let bitsPerKey = 64
  /// The bits that it may take however few keys there are.
  private static let leastBitLimit = 1 << 20

  /// Creates the filter of the values of a column that are not NULL; nil for types that have none.
  package init?(_ column: Column) {
    let column = column.expanded()
    switch column.data {
    case .int64(let values):
      let words = KeyWords(values: .words(values), validity: column.validity)
      bounds = words.bounds()
      let limit = max(Self.leastBitLimit, Self.bitsPerKey * values.count)
      if let bounds, let width = Self.width(of: bounds, limit: limit) {
        form = .integers(base: bounds.lowerBound)
        bits = Self.bits(values, column.validity, base: bounds.lowerBound, width: width)
      } else {
        form = .hashes
        bits = Self.hashedBits(values, column.validity)
      }
    case .dictionary(let codes, let dictionary):
      bounds = nil
      form = .codes(dictionary)
      bits = Self.bits(codes, column.validity, base: 0, width: dictionary.count)
    case .boolean, .float64, .int128, .text, .interval, .list, .structure: return nil
    }
  }

  /// Returns those of some rows of a column (nil for all) whose value may be a key, NULL being none;
  /// nil where that is all of them, or cannot be told.
  package func narrowed(_ rows: [Int32]?, of column: Column) -> [Int32]? {
    guard !column.isConstant else { return rows }
    let bits = bits
    let kept: [Int32]
    switch (column.data, form) {
    case (.int64(let values), .integers(let base)):
      kept = Self.kept(values, column.validity, rows) { Self.holds($0, bits.span, base: base) }
    case (.int64(let values), .hashes):
      kept = Self.kept(values, column.validity, rows) { Self.mayHold($0, hashedIn: bits.span) }
    case (.dictionary(let codes, let dictionary), .codes(let own)) where dictionary === own:
      kept = Self.kept(codes, column.validity, rows) { Self.holds(Int64($0), bits.span, base: 0) }
    case _: return rows
    }
    return kept.count == column.count ? nil : kept
  }

  /// The dictionary whose codes the keys are; nil where they are integers.
  var dictionary: TextDictionary? {
    if case .codes(let dictionary) = form { return dictionary }
    return nil
  }

  /// Whether an integer or code may be a key.
  @inline(__always)
  func mayHold(_ value: Int64) -> Bool {
    let bits = bits
    switch form {
    case .integers(let base): return Self.holds(value, bits.span, base: base)
    case .hashes: return Self.mayHold(value, hashedIn: bits.span)
    case .codes: return Self.holds(value, bits.span, base: 0)
    }
  }

  /// Keeps the rows of a mask whose value, an offset from `base`, may be a key.
  func narrow<Offset: FixedWidthInteger>(_ mask: inout RowMask, _ offsets: [Offset], base: Int64) {
    let bits = bits
    // Sums and differences wrap around, and back.
    switch form {
    case .integers(let first):
      let shift = base &- first
      mask.keep { Self.holds(Int64(truncatingIfNeeded: offsets[$0]) &+ shift, bits.span, base: 0) }
    case .codes:
      mask.keep { Self.holds(Int64(truncatingIfNeeded: offsets[$0]), bits.span, base: 0) }
    case .hashes:
      mask.keep {
        Self.mayHold(Int64(truncatingIfNeeded: offsets[$0]) &+ base, hashedIn: bits.span)
      }
    }
  }

  @inline(__always)
  private static func holds(_ value: Int64, _ bits: Span<UInt64>, base: Int64) -> Bool {
    // A value below the base wraps around to a large distance.
    let distance = UInt64(bitPattern: value &- base)
    guard distance < UInt64(bits.count) &* 64 else { return false }
    return bits[Int(truncatingIfNeeded: distance &>> 6)] &>> (distance & 63) & 1 != 0
  }

  @inline(__always)
  private static func mayHold(_ value: Int64, hashedIn bits: Span<UInt64>) -> Bool {
    let hash = integerHash(value)
    let wanted = 1 &<< (hash & 63) | 1 &<< (hash &>> 6 & 63) as UInt64
    return bits[Int(truncatingIfNeeded: hash &>> 12 & UInt64(bits.count - 1))] & wanted == wanted
  }

  @inline(__always)
  private static func kept<Element>(
    _ values: [Element],
    _ validity: [Bool]?,
    _ rows: [Int32]?,
    _ passes: (Element) -> Bool
  ) -> [Int32] {
    // Every row is written, and the place moves on where it passes.
    var output = [Int32](repeating: 0, count: rows?.count ?? values.count)
    var found = 0
    if let rows {
      for row in rows {
        output[found] = row
        let isKept = validity?[Int(row)] != false && passes(values[Int(row)])
        found &+= isKept ? 1 : 0
      }
    } else {
      for row in values.indices {
        output[found] = Int32(truncatingIfNeeded: row)
        let isKept = validity?[row] != false && passes(values[row])
        found &+= isKept ? 1 : 0
      }
    }
    output.removeLast(output.count - found)
    return output
  }

  private static func width(of bounds: ClosedRange<Int64>, limit: Int) -> Int? {
    let (distance, overflow) = bounds.upperBound.subtractingReportingOverflow(bounds.lowerBound)
    return overflow || distance >= Int64(limit) ? nil : Int(distance) + 1
  }

  private static func bits<Word: FixedWidthInteger>(
    _ values: [Word],
    _ validity: [Bool]?,
    base: Int64,
    width: Int
  ) -> [UInt64] {
    var bits = [UInt64](repeating: 0, count: width / 64 + 1)
    for row in values.indices where validity?[row] != false {
      let place = Int(Int64(truncatingIfNeeded: values[row]) &- base)
      bits[place >> 6] |= 1 &<< UInt64(place & 63)
    }
    return bits
  }

  private static func hashedBits(_ values: [Int64], _ validity: [Bool]?) -> [UInt64] {
    // About sixteen bits per key: one of a hundred others passes.
    var wordCount = 1
    while wordCount * 4 < values.count { wordCount *= 2 }
    var bits = [UInt64](repeating: 0, count: wordCount)
    let mask = UInt64(wordCount - 1)
    for row in values.indices where validity?[row] != false {
      let hash = integerHash(values[row])
      bits[Int(truncatingIfNeeded: hash &>> 12 & mask)] |=
        1 &<< (hash & 63) | 1 &<< (hash &>> 6 & 63)
    }
    return bits
  }
}
