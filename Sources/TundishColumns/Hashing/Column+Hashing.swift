/// The hash of NULL; NULLs are equal to each other where rows are grouped.
let nullHash: UInt64 = 0x6A09_E667_F3BC_C908

/// Hashes an integer; every bit of the input reaches every bit of the result.
@inline(__always)
func integerHash(_ value: Int64) -> UInt64 {
  foldedProduct(UInt64(bitPattern: value) ^ 0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93)
}

/// Hashes a number so that equal numbers have equal hashes: -0.0 as 0.0, and all NaN alike.
@inline(__always)
func doubleHash(_ value: Double) -> UInt64 {
  integerHash(Int64(bitPattern: canonicalBits(value)))
}

/// The bits of a number, with -0.0 as 0.0 and all NaN alike.
@inline(__always)
func canonicalBits(_ value: Double) -> UInt64 {
  if value == 0 { return 0 }
  return value.isNaN ? 0x7FF8_0000_0000_0000 : value.bitPattern
}

/// Joins the hash of a further column to the hash of those before it.
@inline(__always)
func combinedHash(_ hash: UInt64, _ next: UInt64) -> UInt64 {
  foldedProduct(hash ^ 0x9E37_79B9_7F4A_7C15, next ^ 0xA076_1D64_78BD_642F)
}

extension Column {
  /// Returns the hash of each row; equal values hash alike in every representation.
  package func rowHashes() -> [UInt64] {
    if isConstant {
      guard count > 0 else { return [] }
      let single = Column(type: type, data: data, validity: validity, count: 1)
      return [UInt64](repeating: single.rowHashes()[0], count: count)
    }
    var hashes: [UInt64]
    switch data {
    case .boolean(let values): hashes = values.map { integerHash($0 ? 1 : 0) }
    case .int64(let values): hashes = values.map { integerHash($0) }
    case .int128(let values):
      hashes = values.map { value in
        combinedHash(
          integerHash(Int64(truncatingIfNeeded: value)),
          UInt64(truncatingIfNeeded: value >> 64)
        )
      }
    case .float64(let values): hashes = values.map { doubleHash($0) }
    case .text(let values): hashes = values.hashes()
    case .dictionary(let codes, let dictionary):
      hashes = gatheredElements(dictionary.hashes, at: codes)
    case .interval(let values):
      // Equal spans may be written differently: 30 days is one month, 24 hours is one day.
      hashes = values.map { integerHash(Int64(truncatingIfNeeded: $0.normalizedMicroseconds)) }
    case .list(let lists):
      let elements = lists.child.rowHashes()
      hashes = lists.ranges.map { range in
        var hash = integerHash(Int64(range.count))
        for element in range { hash = combinedHash(hash, elements[Int(element)]) }
        return hash
      }
    case .structure(let columns, let count):
      hashes = [UInt64](repeating: integerHash(Int64(columns.count)), count: count)
      for column in columns {
        let next = column.rowHashes()
        for row in hashes.indices { hashes[row] = combinedHash(hashes[row], next[row]) }
      }
    }
    if let validity {
      for row in validity.indices where !validity[row] { hashes[row] = nullHash }
    }
    return hashes
  }

  /// Returns the hash of each row of several columns of one row count.
  package static func rowHashes(_ columns: [Column], rowCount: Int) -> [UInt64] {
    guard let first = columns.first else {
      return [UInt64](repeating: 0, count: rowCount)
    }
    var hashes = first.rowHashes()
    for column in columns.dropFirst() {
      let next = column.rowHashes()
      for row in hashes.indices { hashes[row] = combinedHash(hashes[row], next[row]) }
    }
    return hashes
  }
}

extension Interval {
  /// The span with a month as 30 days and a day as 24 hours, by which intervals compare.
  package var normalizedMicroseconds: Int128 {
    (Int128(months) * 30 + Int128(days)) * 86_400_000_000 + Int128(microseconds)
  }
}
