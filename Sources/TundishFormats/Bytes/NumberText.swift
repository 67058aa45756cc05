// Text of numbers, appended as bytes. These are here and not with the types because a call into
// another module costs more than writing the number (SWIFT.md, fact 3).
extension [UInt8] {
  /// Appends the bytes of a string.
  mutating func append(_ text: String) {
    append(contentsOf: text.utf8)
  }

  /// Appends an integer in decimal digits.
  mutating func appendInteger(_ value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    appendDigits(value.magnitude, minimumCount: 1)
  }

  /// Appends an integer of 128 bits in decimal digits.
  mutating func appendInteger(_ value: Int128) {
    if let small = Int64(exactly: value) { return appendInteger(small) }
    append(value.description)
  }

  /// Appends digits, with zeros in front up to a minimum count.
  mutating func appendDigits(_ magnitude: UInt64, minimumCount: Int) {
    var digitCount = 1
    var limit = magnitude / 10
    while limit > 0 {
      digitCount += 1
      limit /= 10
    }
    digitCount = Swift.max(digitCount, minimumCount)
    for _ in 0..<digitCount { append(UInt8(ascii: "0")) }
    var rest = magnitude
    var i = count
    while rest > 0 {
      i -= 1
      self[i] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  /// Appends a decimal with all digits of its scale.
  mutating func appendDecimal(_ unscaled: Int64, scale: Int) {
    guard scale > 0 else { return appendInteger(unscaled) }
    guard scale <= 18 else { return appendDecimal(Int128(unscaled), scale: scale) }
    var divisor: UInt64 = 1
    for _ in 0..<scale { divisor &*= 10 }
    if unscaled < 0 { append(UInt8(ascii: "-")) }
    let (whole, fraction) = unscaled.magnitude.quotientAndRemainder(dividingBy: divisor)
    appendDigits(whole, minimumCount: 1)
    append(UInt8(ascii: "."))
    appendDigits(fraction, minimumCount: scale)
  }

  /// Appends a decimal of 128 bits with all digits of its scale.
  mutating func appendDecimal(_ unscaled: Int128, scale: Int) {
    if scale <= 18, let small = Int64(exactly: unscaled) {
      return appendDecimal(small, scale: scale)
    }
    if unscaled < 0 { append(UInt8(ascii: "-")) }
    let digits = Array(unscaled.magnitude.description.utf8)
    let padded =
      [UInt8](repeating: UInt8(ascii: "0"), count: Swift.max(0, scale + 1 - digits.count))
      + digits
    append(contentsOf: padded[..<(padded.count - scale)])
    guard scale > 0 else { return }
    append(UInt8(ascii: "."))
    append(contentsOf: padded[(padded.count - scale)...])
  }

  /// Appends the shortest text that reads back as the same double: `0.1`, `5.0`, `1e+20`.
  mutating func appendDouble(_ value: Double) {
    // A number of at most 15 digits that reads back as the double is the only such number, and so
    // the shortest text; with at most four digits behind the point it is never written as a power.
    var power = 1.0
    for scale in 0...4 {
      let scaled = (value * power).rounded()
      if scaled / power == value, scaled.magnitude < 1e15, value != 0 {
        guard let unscaled = Int64(exactly: scaled) else { break }
        return appendDecimal(scale == 0 ? unscaled &* 10 : unscaled, scale: Swift.max(1, scale))
      }
      power *= 10
    }
    append(value.description)
  }
}
