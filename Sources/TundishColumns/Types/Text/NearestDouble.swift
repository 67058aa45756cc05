/// Returns the double nearest to an integer.
///
/// The standard library's conversion from 128 bits takes half a microsecond.
@inline(__always)
package func nearestDouble(_ value: Int128) -> Double {
  let narrow = Int64(truncatingIfNeeded: value)
  return Int128(narrow) == value ? Double(narrow) : nearestDouble(ofWide: value)
}

private func nearestDouble(ofWide value: Int128) -> Double {
  let magnitude = value.magnitude
  // The 64 highest bits, the last of them set where any below is: enough to round once.
  let shift = 64 - magnitude.leadingZeroBitCount
  guard shift > 0 else {
    let whole = Double(UInt64(truncatingIfNeeded: magnitude))
    return value < 0 ? -whole : whole
  }
  var high = UInt64(truncatingIfNeeded: magnitude >> UInt128(shift))
  if magnitude & ((1 << UInt128(shift)) - 1) != 0 { high |= 1 }
  let whole = Double(high) * powerOfTwo(shift)
  return value < 0 ? -whole : whole
}

extension DoubleText {
  /// Returns the double nearest to a whole number times a power of ten; nil where that takes more
  /// than 128 bits.
  ///
  /// The exact product, or the quotient with its remainder, is rounded once, half to even.
  package static func nearest(_ mantissa: UInt64, tenTo exponent: Int) -> Double? {
    guard mantissa != 0 else { return 0 }
    guard exponent.magnitude < UInt(wholePowers.count) else { return nil }
    if exponent >= 0 {
      let product = mantissa.multipliedFullWidth(by: wholePowers[exponent])
      return nearestDouble(ofProduct: product)
    }
    let power = wholePowers[-exponent]
    let mantissaShift = mantissa.leadingZeroBitCount
    let powerShift = power.leadingZeroBitCount
    // Both have their highest bit set, so that the quotient has 63 or 64 bits and fits.
    let dividend = mantissa << UInt64(mantissaShift)
    let divisor = power << UInt64(powerShift)
    var (quotient, remainder) = divisor.dividingFullWidth((dividend >> 1, dividend << 63))
    if remainder != 0 { quotient |= 1 }
    return Double(quotient) * powerOfTwo(powerShift - mantissaShift - 63)
  }

  private static func nearestDouble(ofProduct product: (high: UInt64, low: UInt64)) -> Double {
    guard product.high != 0 else { return Double(product.low) }
    let shift = 64 - product.high.leadingZeroBitCount
    let whole = UInt128(product.high) << 64 | UInt128(product.low)
    var high = UInt64(truncatingIfNeeded: whole >> UInt128(shift))
    if whole & ((1 << UInt128(shift)) - 1) != 0 { high |= 1 }
    return Double(high) * powerOfTwo(shift)
  }

  /// The powers of ten of 64 bits.
  private static let wholePowers: [UInt64] = (0...19).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}

/// Returns 2 to a power between -1022 and 1023.
private func powerOfTwo(_ exponent: Int) -> Double {
  Double(bitPattern: UInt64(truncatingIfNeeded: 1_023 + exponent) << 52)
}
