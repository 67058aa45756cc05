internal import Glibc

/// The functions of the C mathematics library; the one file that imports it.
enum Maths {
  /// Rounds to the nearest integer, halves to the even one.
  static func roundedHalfEven(_ value: Double) -> Double { rint(value) }
  /// Rounds to the nearest integer, halves away from zero.
  static func roundedHalfAway(_ value: Double) -> Double { round(value) }
  /// The greatest integer that is not greater.
  static func floored(_ value: Double) -> Double { floor(value) }
  /// The least integer that is not less.
  static func ceiled(_ value: Double) -> Double { ceil(value) }
  /// The integer part.
  static func truncated(_ value: Double) -> Double { trunc(value) }
  static func squareRoot(_ value: Double) -> Double { sqrt(value) }
  /// The cube root; that of a cube exactly, which not every library gives.
  static func cubeRoot(_ value: Double) -> Double {
    let root = cbrt(value)
    let nearest = rint(root)
    return nearest * nearest * nearest == value ? nearest : root
  }
  static func exponential(_ value: Double) -> Double { exp(value) }
  static func naturalLogarithm(_ value: Double) -> Double { log(value) }
  static func binaryLogarithm(_ value: Double) -> Double { log2(value) }
  static func decimalLogarithm(_ value: Double) -> Double { log10(value) }
  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
  static func remainder(_ dividend: Double, _ divisor: Double) -> Double { fmod(dividend, divisor) }
  static func complementaryError(_ value: Double) -> Double { erfc(value) }
  static func gamma(_ value: Double) -> Double { tgamma(value) }
  static func logarithmOfGamma(_ value: Double) -> Double { lgamma(value) }
  static func next(_ value: Double, towards target: Double) -> Double { nextafter(value, target) }
  static func sine(_ value: Double) -> Double { sin(value) }
  static func cosine(_ value: Double) -> Double { cos(value) }
  static func tangent(_ value: Double) -> Double { tan(value) }
  static func arcSine(_ value: Double) -> Double { asin(value) }
  static func arcCosine(_ value: Double) -> Double { acos(value) }
  static func arcTangent(_ value: Double) -> Double { atan(value) }
  static func arcTangent(_ y: Double, over x: Double) -> Double { atan2(y, x) }
  static func hyperbolicSine(_ value: Double) -> Double { sinh(value) }
  static func hyperbolicCosine(_ value: Double) -> Double { cosh(value) }
  static func hyperbolicTangent(_ value: Double) -> Double { tanh(value) }
  static func inverseHyperbolicSine(_ value: Double) -> Double { asinh(value) }
  static func inverseHyperbolicCosine(_ value: Double) -> Double { acosh(value) }
  static func inverseHyperbolicTangent(_ value: Double) -> Double { atanh(value) }
}
