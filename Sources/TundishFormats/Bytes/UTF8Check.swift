/// Checks UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
package enum UTF8Check {
  /// Returns the offset of the first byte that is not part of a valid character, or nil.
  package static func firstInvalid(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var i = range.lowerBound
    let end = range.upperBound
    while i < end {
      if bytes[i] < 0x80 {
        // 32, then eight at a time where all are ASCII.
        while i &+ 32 <= end, !hasHighBit(bytes, i) { i &+= 32 }
        while i &+ 8 <= end, bytes.word(at: i, count: 8) & 0x8080_8080_8080_8080 == 0 { i &+= 8 }
        while i < end, bytes[i] < 0x80 { i &+= 1 }
        continue
      }
      let length = characterLength(bytes, i, end)
      if length == 0 { return i }
      i &+= length
    }
    return nil
  }

  /// Whether one of the 32 bytes from an offset on, all within the span, is at or above 0x80.
  @inline(__always)
  private static func hasHighBit(_ bytes: Span<UInt8>, _ i: Int) -> Bool {
    let words =
      bytes.word(at: i, count: 8) | bytes.word(at: i &+ 8, count: 8)
      | bytes.word(at: i &+ 16, count: 8) | bytes.word(at: i &+ 24, count: 8)
    return words & 0x8080_8080_8080_8080 != 0
  }

  /// Returns the length of the character of several bytes at an offset; zero where it is not valid.
  @inline(__always)
  static func characterLength(_ bytes: Span<UInt8>, _ i: Int, _ end: Int) -> Int {
    let first = bytes[i]
    func isContinuation(_ offset: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
      i &+ offset < end && bytes[i &+ offset] >= low && bytes[i &+ offset] <= high
    }
    switch first {
    case 0xC2...0xDF: return isContinuation(1) ? 2 : 0
    case 0xE0: return isContinuation(1, 0xA0) && isContinuation(2) ? 3 : 0
    case 0xED: return isContinuation(1, 0x80, 0x9F) && isContinuation(2) ? 3 : 0
    case 0xE1...0xEF: return isContinuation(1) && isContinuation(2) ? 3 : 0
    case 0xF0: return isContinuation(1, 0x90) && isContinuation(2) && isContinuation(3) ? 4 : 0
    case 0xF4:
      return isContinuation(1, 0x80, 0x8F) && isContinuation(2) && isContinuation(3) ? 4 : 0
    case 0xF1...0xF3: return isContinuation(1) && isContinuation(2) && isContinuation(3) ? 4 : 0
    default: return 0
    }
  }
}
