/// Exact decimals as text: an unscaled integer and a scale.
package enum DecimalText {
  /// The powers of ten that fit 128 bits: `powers[n]` is 10 to the n.
  package static let powers: [Int128] = {
    var powers: [Int128] = [1]
    for i in 0..<38 { powers.append(powers[i] * 10) }
    return powers
  }()

  /// Reads a number as a decimal, rounded half away from zero to the scale; nil if it is no number
  /// or has more digits than the precision allows.
  package static func parse(_ bytes: Span<UInt8>, precision: Int, scale: Int) -> Int128? {
    if precision <= DataType.maximumShortDecimalPrecision,
      let short = parseShort(bytes, precision: precision, scale: scale)
    {
      return Int128(short)
    }
    guard let number = NumberScanner.scan(bytes, NumberScanner.trimmed(bytes)),
      let unscaled = scaled(number, to: scale), fits(unscaled, precision: precision)
    else { return nil }
    return unscaled
  }

  /// Reads plain digits with a point, at most 18 of them and none to round away.
  ///
  /// Nearly every value of a file looks so; nil leaves the others to `parse`.
  package static func parseShort(
    _ bytes: Span<UInt8>,
    precision: Int,
    scale: Int
  ) -> Int64? {
    guard bytes.count <= 18, bytes.count > 0, precision <= 18 else { return nil }
    var position = 0
    let isNegative = bytes[0] == 0x2D
    if isNegative { position = 1 }
    var value: Int64 = 0
    var digitCount = 0
    var fractionStart = -1
    while position < bytes.count {
      let digit = bytes[position] &- 0x30
      if digit <= 9 {
        value = value &* 10 &+ Int64(digit)
        digitCount &+= 1
      } else if bytes[position] == 0x2E, fractionStart < 0 {
        fractionStart = digitCount
      } else {
        return nil
      }
      position &+= 1
    }
    guard digitCount > 0 else { return nil }
    let missing = scale - (fractionStart < 0 ? 0 : digitCount - fractionStart)
    guard missing >= 0, digitCount + missing <= 18 else { return nil }
    for _ in 0..<missing { value = value &* 10 }
    guard value < Int64(powers[precision]) else { return nil }
    return isNegative ? 0 &- value : value
  }

  /// Appends a decimal with all digits of its scale: `-0.50`.
  package static func append(_ unscaled: Int128, scale: Int, to bytes: inout [UInt8]) {
    guard scale > 0 else { return IntegerText.append(unscaled, to: &bytes) }
    if unscaled < 0 { bytes.append(0x2D) }
    let start = bytes.count
    let magnitude = unscaled.magnitude
    if let small = UInt64(exactly: magnitude) {
      IntegerText.appendDigits(small, minimumCount: scale + 1, to: &bytes)
    } else {
      let (high, low) = magnitude.quotientAndRemainder(dividingBy: 10_000_000_000_000_000_000)
      // At most 39 digits, so `high` has at most 20.
      IntegerText.appendDigits(
        UInt64(truncatingIfNeeded: high),
        minimumCount: max(1, scale + 1 - 19),
        to: &bytes
      )
      IntegerText.appendDigits(UInt64(low), minimumCount: 19, to: &bytes)
    }
    bytes.insert(0x2E, at: max(start, bytes.count - scale))
  }

  /// Whether an unscaled value has at most so many digits.
  package static func fits(_ unscaled: Int128, precision: Int) -> Bool {
    unscaled.magnitude < powers[precision].magnitude
  }

  /// Returns the unscaled value at another scale, rounded half away from zero; nil on overflow.
  package static func rescaled(_ unscaled: Int128, from scale: Int, to target: Int) -> Int128? {
    if target >= scale {
      guard target - scale <= 38 else { return unscaled == 0 ? 0 : nil }
      let (product, overflow) = unscaled.multipliedReportingOverflow(by: powers[target - scale])
      return overflow ? nil : product
    }
    return dividedHalfAwayFromZero(unscaled, powerOfTen: scale - target)
  }

  /// Divides by a power of ten, half away from zero.
  package static func dividedHalfAwayFromZero(_ value: Int128, powerOfTen: Int) -> Int128 {
    guard powerOfTen <= 38 else { return 0 }
    let divisor = powers[powerOfTen]
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    if remainder.magnitude >= (divisor.magnitude + 1) / 2, divisor > 1 {
      return value < 0 ? quotient - 1 : quotient + 1
    }
    return quotient
  }

  /// The unscaled value of a number at a scale; nil on overflow.
  static func scaled(_ number: ScannedNumber, to scale: Int) -> Int128? {
    // Digits were dropped: what keeps them all does not fit.
    if number.isInexact, scale > -number.exponent { return nil }
    guard var mantissa = signed(number) else { return nil }
    if mantissa == 0 { return 0 }
    if number.isInexact, number.roundsUp, scale == -number.exponent {
      let (rounded, overflow) = mantissa.addingReportingOverflow(number.isNegative ? -1 : 1)
      guard !overflow else { return nil }
      mantissa = rounded
    }
    return rescaled(mantissa, from: -number.exponent, to: scale)
  }

  /// The digits with their sign; nil where 128 bits do not hold them.
  private static func signed(_ number: ScannedNumber) -> Int128? {
    guard number.isNegative else { return Int128(exactly: number.mantissa) }
    if number.mantissa == Int128.min.magnitude { return .min }
    return Int128(exactly: number.mantissa).map { 0 - $0 }
  }
}
