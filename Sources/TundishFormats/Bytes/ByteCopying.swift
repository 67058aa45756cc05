// Copying spans into arrays by pointer is several times faster than byte by byte (readers copy every
// text value once). Both sides are checked: spans know their bounds, arrays grow.
extension Span<UInt8> {
  /// Whether a test that looks at 16 bytes at a time is true for any byte.
  @inline(__always)
  func holds(_ test: (SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>>) -> Bool {
    var found = SIMDMask<SIMD16<Int8>>(repeating: false)
    var i = 0
    while i &+ 16 <= count {
      // Sixteen bytes are within the span, and any bits form integers.
      found
        .|= test(
          unsafe bytes.unsafeLoadUnaligned(fromByteOffset: i, as: SIMD16<UInt8>.self)
        )
      i &+= 16
    }
    if i < count {
      if count >= 16 {
        found
          .|= test(
            unsafe bytes.unsafeLoadUnaligned(fromByteOffset: count &- 16, as: SIMD16<UInt8>.self)
          )
      } else {
        // The first byte takes the places that are left over.
        var rest = SIMD16<UInt8>(repeating: self[0])
        var lane = 0
        while lane < count {
          rest[lane] = self[lane]
          lane &+= 1
        }
        found .|= test(rest)
      }
    }
    return any(found)
  }

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
