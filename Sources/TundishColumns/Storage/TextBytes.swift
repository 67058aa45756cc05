internal import CByteMasks
internal import Glibc

// Comparing, hashing and copying bytes is the one place in this folder where pointers are used:
// `memcmp`, `memcpy` and eight-byte loads are several times faster than loops over checked spans, and
// every call passes a buffer and its own count.

/// Whether two byte strings are equal.
@inline(__always)
package func bytesEqual(_ lhs: Span<UInt8>, _ rhs: Span<UInt8>) -> Bool {
  lhs.count == rhs.count && comparePrefixes(lhs, rhs, lhs.count) == 0
}

/// Compares two byte strings by binary collation: negative, zero or positive.
@inline(__always)
package func bytesCompare(_ lhs: Span<UInt8>, _ rhs: Span<UInt8>) -> Int {
  let order = comparePrefixes(lhs, rhs, min(lhs.count, rhs.count))
  return order != 0 ? order : lhs.count - rhs.count
}

/// Compares the first `count` bytes of two spans that both have them.
@inline(__always)
private func comparePrefixes(_ lhs: Span<UInt8>, _ rhs: Span<UInt8>, _ count: Int) -> Int {
  precondition(count <= lhs.count && count <= rhs.count, "both spans hold the bytes compared")
  return unsafe lhs.withUnsafeBufferPointer { left in
    unsafe rhs.withUnsafeBufferPointer { right in
      guard let left = left.baseAddress, let right = right.baseAddress else { return 0 }
      // Both spans hold `count` bytes.
      return unsafe Int(memcmp(left, right, count))
    }
  }
}

/// Returns the offset of the first occurrence of a byte string at or after an offset; nil if none.
///
/// Sixteen places are looked at together, or eight in shorter texts, by the needle's first and last
/// byte: many texts begin alike without going on alike.
package func bytesFirstIndex(
  of needle: Span<UInt8>,
  in bytes: Span<UInt8>,
  from start: Int = 0
) -> Int? {
  guard needle.count > 0 else { return start <= bytes.count ? start : nil }
  precondition(start >= 0, "a search begins within the bytes")
  let distance = needle.count &- 1
  // Where the needle cannot begin any more.
  let end = bytes.count &- distance
  if end &- start >= 16 { return bytesFirstIndex(of: needle, in: bytes, start..<end) }
  let ones: UInt64 = 0x0101_0101_0101_0101
  let first = UInt64(needle[0]) &* ones
  let last = UInt64(needle[distance]) &* ones
  // Bytes have no padding, so all of them may be read as raw memory.
  let raw = unsafe bytes.bytes
  var position = start
  while position < end {
    if position &+ 8 > end {
      // The last places once more, with some that were looked at already, or too few for a word.
      guard end &- start >= 8 else { break }
      position = end &- 8
    }
    // Words at places from `start` to `end - 8`; with `distance`, within `bytes.count - 8`. Any bits
    // form an integer.
    let heads = unsafe raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
    let tails = unsafe raw.unsafeLoadUnaligned(
      fromByteOffset: position &+ distance,
      as: UInt64.self
    )
    let difference = (UInt64(littleEndian: heads) ^ first) | (UInt64(littleEndian: tails) ^ last)
    // The high bit of each byte that is zero, and perhaps of some after it.
    var zeros = (difference &- ones) & ~difference & (ones << 7)
    while zeros != 0 {
      let place = position &+ zeros.trailingZeroBitCount >> 3
      if bytesEqual(needle, bytes.extracting(place..<place &+ needle.count)) { return place }
      zeros &= zeros &- 1
    }
    position &+= 8
  }
  while position < end {
    if bytes[position] == needle[0],
      bytesEqual(needle, bytes.extracting(position..<position &+ needle.count))
    {
      return position
    }
    position &+= 1
  }
  return nil
}

/// Returns the first of at least sixteen places at which a byte string begins.
private func bytesFirstIndex(
  of needle: Span<UInt8>,
  in bytes: Span<UInt8>,
  _ places: Range<Int>
) -> Int? {
  let distance = needle.count &- 1
  let first = needle[0]
  let last = needle[distance]
  var position = places.lowerBound
  while position < places.upperBound {
    // The last places once more, with some that were looked at already.
    if position &+ 16 > places.upperBound { position = places.upperBound &- 16 }
    // Sixteen bytes from a place at most `upperBound - 16`, which with `distance` is within
    // `bytes.count - 16`.
    var found = unsafe bytes.withUnsafeBufferPointer { buffer -> UInt32 in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe tundish_find_ends(base + position, distance, first, last)
    }
    while found != 0 {
      let place = position &+ found.trailingZeroBitCount
      if bytesEqual(needle, bytes.extracting(place..<place &+ needle.count)) { return place }
      found &= found &- 1
    }
    position &+= 16
  }
  return nil
}

/// Hashes a byte string; equal strings have equal hashes in every representation of a column.
///
/// Multiply-and-fold over eight-byte words; not resistant to chosen keys.
@inline(__always)
package func bytesHash(_ bytes: Span<UInt8>) -> UInt64 {
  // Bytes have no padding, so all of them may be read as raw memory.
  let raw = unsafe bytes.bytes
  let count = raw.byteCount
  var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
  if count >= 8 {
    var offset = 0
    while offset &+ 8 <= count {
      // `offset + 8` is within the span, and any bits form an integer.
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      hash = foldedProduct(hash ^ word, 0xA076_1D64_78BD_642F)
      offset &+= 8
    }
    if offset < count {
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      hash = foldedProduct(hash ^ word, 0xE703_7ED1_A0B4_28DB)
    }
  } else if count >= 4 {
    let first = unsafe raw.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self)
    let last = unsafe raw.unsafeLoadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
    hash = foldedProduct(hash ^ (UInt64(first) | UInt64(last) << 32), 0xA076_1D64_78BD_642F)
  } else if count > 0 {
    let word =
      UInt64(bytes[0]) | UInt64(bytes[count >> 1]) << 8 | UInt64(bytes[count &- 1]) << 16
    hash = foldedProduct(hash ^ word, 0xA076_1D64_78BD_642F)
  }
  return foldedProduct(hash, 0x8EBC_6AF0_9C88_C6E3)
}

/// The upper and lower halves of a 128-bit product, combined: a fast, well-mixing step.
@inline(__always)
func foldedProduct(_ lhs: UInt64, _ rhs: UInt64) -> UInt64 {
  let product = lhs.multipliedFullWidth(by: rhs)
  return product.high ^ product.low
}

extension [UInt8] {
  /// Appends a copy of some bytes.
  @inline(__always)
  mutating func append(copying bytes: Span<UInt8>) {
    // The array copies the buffer while the span borrows it.
    unsafe bytes.withUnsafeBufferPointer { buffer in unsafe append(contentsOf: buffer) }
  }

  /// Whether two arrays share one buffer, which makes copying between them needless.
  func sharesBuffer(with other: [UInt8]) -> Bool {
    guard count == other.count else { return false }
    // Only the addresses are compared; nothing is read.
    return unsafe withUnsafeBufferPointer { left in
      unsafe other.withUnsafeBufferPointer { right in
        unsafe left.baseAddress == right.baseAddress
      }
    }
  }
}

extension [UInt8] {
  /// Appends the bytes of a span.
  @inline(__always)
  package mutating func append(_ span: Span<UInt8>) {
    if span.count <= 4 {
      for i in span.indices { append(span[i]) }
    } else {
      // The span knows its bounds, and the array grows.
      unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
  }
}
