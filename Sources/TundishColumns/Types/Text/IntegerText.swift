/// Integers as text.
package enum IntegerText {
  /// Reads an optional sign and digits, and nothing else; nil if they are not a 64-bit integer.
  ///
  /// This is what columns of integers in files look like; `parseLenient` reads what a cast accepts.
  package static func parse(_ bytes: Span<UInt8>) -> Int64? {
    var position = 0
    var isNegative = false
    if bytes.count > 1, bytes[0] == 0x2D || bytes[0] == 0x2B {
      isNegative = bytes[0] == 0x2D
      position = 1
    }
    guard position < bytes.count else { return nil }
    // 18 digits cannot overflow.
    if bytes.count - position <= 18 {
      var value: Int64 = 0
      while position < bytes.count {
        let digit = bytes[position] &- 0x30
        guard digit <= 9 else { return nil }
        value = value &* 10 &+ Int64(digit)
        position &+= 1
      }
      return isNegative ? 0 &- value : value
    }
    guard let wide = parse128(bytes) else { return nil }
    return Int64(exactly: wide)
  }

  /// Reads an optional sign and digits, and nothing else; nil if they are not a 128-bit integer.
  package static func parse128(_ bytes: Span<UInt8>) -> Int128? {
    var position = 0
    var isNegative = false
    if bytes.count > 1, bytes[0] == 0x2D || bytes[0] == 0x2B {
      isNegative = bytes[0] == 0x2D
      position = 1
    }
    guard position < bytes.count else { return nil }
    var value: Int128 = 0
    while position < bytes.count {
      let digit = bytes[position] &- 0x30
      guard digit <= 9 else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      // Counting downwards reaches the least value too.
      let (sum, underflow) = product.subtractingReportingOverflow(Int128(digit))
      if overflow || underflow { return nil }
      value = sum
      position &+= 1
    }
    if isNegative { return value }
    return value == .min ? nil : 0 - value
  }

  /// Reads what a cast to an integer accepts: spaces around, hexadecimal digits after `0x`, binary
  /// ones after `0b`, underscores, a fraction (rounded half away from zero) and an exponent.
  package static func parseLenient(_ bytes: Span<UInt8>) -> Int128? {
    let range = NumberScanner.trimmed(bytes)
    if let value = parse128(bytes.extracting(range)) { return value }
    if range.count > 2, bytes[range.lowerBound] == 0x30 {
      let digits = range.lowerBound + 2..<range.upperBound
      if bytes[range.lowerBound + 1] | 0x20 == 0x78 { return parseHexadecimal(bytes, digits) }
      if bytes[range.lowerBound + 1] | 0x20 == 0x62 { return parseBinary(bytes, digits) }
    }
    guard let number = NumberScanner.scan(bytes, range) else { return nil }
    return DecimalText.scaled(number, to: 0)
  }

  private static func parseHexadecimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int128? {
    guard !range.isEmpty else { return nil }
    var value: Int128 = 0
    for i in range {
      if isSeparator(bytes, i, range) { continue }
      guard let digit = hexadecimalValue(bytes[i]), value >> 123 == 0 else { return nil }
      value = value << 4 | Int128(digit)
    }
    return value
  }

  /// Whether a byte is an underscore between two digits.
  private static func isSeparator(
    _ bytes: Span<UInt8>,
    _ position: Int,
    _ range: Range<Int>
  ) -> Bool {
    bytes[position] == 0x5F && position > range.lowerBound && position + 1 < range.upperBound
      && bytes[position - 1] != 0x5F && bytes[position + 1] != 0x5F
  }

  private static func parseBinary(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int128? {
    guard !range.isEmpty else { return nil }
    var value: Int128 = 0
    for i in range {
      if isSeparator(bytes, i, range) { continue }
      guard bytes[i] == 0x30 || bytes[i] == 0x31, value >> 126 == 0 else { return nil }
      value = value << 1 | Int128(bytes[i] & 1)
    }
    return value
  }

  /// The value of a hexadecimal digit; nil if the byte is none.
  package static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  /// Appends an integer in decimal digits.
  package static func append(_ value: Int64, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(0x2D) }
    appendDigits(value.magnitude, minimumCount: 1, to: &bytes)
  }

  /// Appends a 128-bit integer in decimal digits.
  package static func append(_ value: Int128, to bytes: inout [UInt8]) {
    if let small = Int64(exactly: value) { return append(small, to: &bytes) }
    if value < 0 { bytes.append(0x2D) }
    let billion: UInt128 = 1_000_000_000_000_000_000
    let (high, low) = value.magnitude.quotientAndRemainder(dividingBy: billion)
    let (highest, middle) = high.quotientAndRemainder(dividingBy: billion)
    if highest > 0 {
      appendDigits(UInt64(highest), minimumCount: 1, to: &bytes)
      appendDigits(UInt64(middle), minimumCount: 18, to: &bytes)
    } else {
      appendDigits(UInt64(middle), minimumCount: 1, to: &bytes)
    }
    appendDigits(UInt64(low), minimumCount: 18, to: &bytes)
  }

  /// Appends digits, padded with zeros on the left.
  package static func appendDigits(
    _ value: UInt64,
    minimumCount: Int,
    to bytes: inout [UInt8]
  ) {
    if value < 100, minimumCount <= 2 {
      if value >= 10 || minimumCount == 2 { bytes.append(0x30 &+ UInt8(value / 10)) }
      bytes.append(0x30 &+ UInt8(value % 10))
      return
    }
    var count = 1
    var power: UInt64 = 10
    while count < 20, value >= power {
      count += 1
      if count == 20 { break }
      power &*= 10
    }
    let start = bytes.count
    let total = max(count, minimumCount)
    bytes.append(contentsOf: repeatElement(0x30, count: total))
    var rest = value
    var position = start + total - 1
    while rest > 0 {
      bytes[position] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      position -= 1
    }
  }
}
