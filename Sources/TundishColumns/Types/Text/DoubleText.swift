/// Floating-point numbers as text.
package enum DoubleText {
  /// The powers of ten that a Double holds exactly.
  static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// Reads a number, `nan`, `inf` or `infinity`, with spaces around; nil if it is none of these.
  ///
  /// The result is the nearest Double. Up to 15 digits with a small exponent are computed without
  /// allocation, because both factors are exact then.
  package static func parse(_ bytes: Span<UInt8>) -> Double? {
    let range = NumberScanner.trimmed(bytes)
    guard let number = NumberScanner.scan(bytes, range) else {
      return parseName(bytes.extracting(range))
    }
    if number.mantissa < 1 << 53, !number.isInexact, number.exponent.magnitude <= 22 {
      let mantissa = Double(UInt64(number.mantissa))
      let power = exactPowers[Int(number.exponent.magnitude)]
      let value = number.exponent < 0 ? mantissa / power : mantissa * power
      return number.isNegative ? -value : value
    }
    if !number.isInexact, let mantissa = UInt64(exactly: number.mantissa),
      let value = nearest(mantissa, tenTo: number.exponent)
    {
      return number.isNegative ? -value : value
    }
    var text = number.isNegative ? "-" : ""
    text += "\(number.mantissa)e\(number.exponent)"
    return Double(text)
  }

  private static func parseName(_ bytes: Span<UInt8>) -> Double? {
    guard bytes.count >= 3, bytes.count <= 9 else { return nil }
    var word = ""
    // The letter bit leaves signs as they are.
    for i in bytes.indices { word.unicodeScalars.append(Unicode.Scalar(bytes[i] | 0x20)) }
    switch word {
    case "nan", "-nan", "+nan": return .nan
    case "inf", "infinity", "+inf", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
  }

  /// Appends the shortest digits that read back as the same Double: `0.1`, `1e+20`, `nan`.
  package static func append(_ value: Double, to bytes: inout [UInt8]) {
    if value.magnitude >= 1e16, value.isFinite { return appendScientific(value, to: &bytes) }
    if value.magnitude >= 9_007_199_254_740_992, value.isFinite {
      // The standard library turns to powers of ten here already.
      IntegerText.append(Int64(value), to: &bytes)
      bytes.append(contentsOf: ".0".utf8)
      return
    }
    bytes.append(contentsOf: value.description.utf8)
  }

  /// Writes what the standard library would spell out with 17 digits as a power of ten instead.
  private static func appendScientific(_ value: Double, to bytes: inout [UInt8]) {
    let text = Array(value.description.utf8)
    guard !text.contains(0x65), let point = text.firstIndex(of: 0x2E) else {
      bytes.append(contentsOf: text)
      return
    }
    let signCount = value < 0 ? 1 : 0
    var digits = Array(text[signCount..<point])
    let exponent = digits.count - 1
    while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
    if signCount == 1 { bytes.append(0x2D) }
    bytes.append(digits[0])
    if digits.count > 1 {
      bytes.append(0x2E)
      bytes.append(contentsOf: digits[1...])
    }
    bytes.append(contentsOf: "e+\(exponent)".utf8)
  }
}
