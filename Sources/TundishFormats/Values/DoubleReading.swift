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
}
