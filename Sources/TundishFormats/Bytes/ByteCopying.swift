// Copying spans into arrays by pointer is several times faster than byte by byte (readers copy every
// text value once). Both sides are checked: spans know their bounds, arrays grow.
extension [UInt8] {
  /// Appends the bytes of a span.
  @inline(__always)
  mutating func append(_ span: Span<UInt8>) {
    if span.count <= 4 {
      for i in span.indices { append(span[i]) }
    } else {
      unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
  }
}

extension Span<UInt8> {
  /// Returns the eight bytes at an offset as an integer, with zeros behind the last of `count`.
  @inline(__always)
  func word(at offset: Int, count wanted: Int) -> UInt64 {
    precondition(wanted >= 0 && offset >= 0 && offset &+ wanted <= count, "a word is in its span")
    if offset &+ 8 <= count {
      // Eight bytes are within the span, and any bits form an integer.
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      return wanted >= 8
        ? word.littleEndian
        : word.littleEndian & ((1 &<< UInt64(truncatingIfNeeded: wanted &* 8)) &- 1)
    }
    var word: UInt64 = 0
    var i = Swift.min(wanted, 8)
    while i > 0 {
      i &-= 1
      word = word &<< 8 | UInt64(self[offset &+ i])
    }
    return word
  }
}
