internal import TundishColumns

/// Reads doubles: digits, an optional point and an optional exponent.
enum DoubleReading {
  /// Whether a range holds the text of a double and nothing else.
  static func isDouble(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var i = range.lowerBound
    let end = range.upperBound
    func digits() -> Int {
      let start = i
      while i < end, NumberReading.isDigit(bytes[i]) { i += 1 }
      return i - start
    }
    if i < end, bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+") { i += 1 }
    let first = i
    let whole = digits()
    // `0012` is an identifier.
    if whole > 1, bytes[first] == UInt8(ascii: "0") { return false }
    var fraction = 0
    if i < end, bytes[i] == UInt8(ascii: ".") {
      i += 1
      fraction = digits()
    }
    guard whole + fraction > 0 else { return false }
    if i < end, bytes[i] | 0x20 == UInt8(ascii: "e") {
      // `1E5` is as likely a code as a number; a point or a sign makes it a number.
      let hasPoint = i > first + whole
      i += 1
      let hasSign = i < end && (bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+"))
      if hasSign { i += 1 }
      guard digits() > 0, hasPoint || hasSign else { return false }
    }
    return i == end
  }

  /// Reads the double nearest to a text; nil where it is none.
  static func double(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    if let value = plain(bytes, range) { return value }
    guard range.count <= 400 else { return nil }
    var text: [UInt8] = []
    text.append(bytes.extracting(range))
    let string = String(decoding: text, as: UTF8.self)
    guard let first = string.utf8.first,
      NumberReading.isDigit(first) || first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
        || first == UInt8(ascii: "."),
      !string.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") })
    else { return nil }
    // `1e400` is text: there is no infinity in tables.
    return Double(string).flatMap { $0.isFinite ? $0 : nil }
  }

  /// Reads up to 19 digits with a point among them and a power of ten; nil for other texts.
  private static func plain(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    var i = range.lowerBound
    let end = range.upperBound
    guard i < end else { return nil }
    let isNegative = bytes[i] == UInt8(ascii: "-")
    if isNegative { i &+= 1 }
    var mantissa: UInt64 = 0
    var digitCount = 0
    var point = -1
    while i < end, digitCount <= 19 {
      let digit = bytes[i] &- UInt8(ascii: "0")
      if digit <= 9 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        digitCount &+= 1
      } else if bytes[i] == UInt8(ascii: "."), point < 0 {
        point = digitCount
      } else {
        break
      }
      i &+= 1
    }
    guard digitCount > 0, digitCount <= 19 else { return nil }
    var exponent = point < 0 ? 0 : point &- digitCount
    if i < end {
      guard let power = power(bytes, i..<end) else { return nil }
      exponent &+= power
    }
    return DoubleText.nearest(mantissa, tenTo: exponent).map { isNegative ? -$0 : $0 }
  }

  /// Reads `e`, perhaps a sign, and one to three digits; nil for other texts.
  private static func power(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var i = range.lowerBound
    guard bytes[i] | 0x20 == UInt8(ascii: "e") else { return nil }
    i &+= 1
    guard i < range.upperBound else { return nil }
    let isNegative = bytes[i] == UInt8(ascii: "-")
    if isNegative || bytes[i] == UInt8(ascii: "+") { i &+= 1 }
    guard i < range.upperBound, range.upperBound &- i <= 3 else { return nil }
    var power = 0
    while i < range.upperBound {
      let digit = bytes[i] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      power = power &* 10 &+ Int(digit)
      i &+= 1
    }
    return isNegative ? -power : power
  }
}
