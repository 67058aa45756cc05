/// The exact decimal expansion of a double, digit by digit.
///
/// Formatting with a given number of digits must round the binary value itself, half to even, as C
/// does; two thousand digits at most, whatever the locale.
struct ExactDecimal {
  /// The digits before the point, without leading zeros; empty for 0.
  private(set) var integerDigits: [UInt8] = []
  /// The bits behind the point, lowest word first.
  private var fraction: [UInt32] = []
  private var fractionBitCount = 0

  /// Expands the magnitude of a finite number.
  init(_ value: Double) {
    let magnitude = value.magnitude
    guard magnitude > 0 else { return }
    let isNormal = magnitude.isNormal
    let mantissa = magnitude.significandBitPattern | (isNormal ? 1 << 52 : 0)
    let exponent = (isNormal ? Int(magnitude.exponentBitPattern) : 1) - 1_075
    if exponent >= 0 {
      integerDigits = ExactDecimal.digits(of: mantissa, shiftedBy: exponent)
      return
    }
    fractionBitCount = -exponent
    let whole = fractionBitCount < 64 ? mantissa >> UInt64(fractionBitCount) : 0
    integerDigits = ExactDecimal.digits(of: whole, shiftedBy: 0)
    fraction = Array(repeating: 0, count: fractionBitCount / 32 + 1)
    let rest = fractionBitCount < 64 ? mantissa & ((1 << UInt64(fractionBitCount)) - 1) : mantissa
    fraction[0] = UInt32(truncatingIfNeeded: rest)
    if fraction.count > 1 { fraction[1] = UInt32(truncatingIfNeeded: rest >> 32) }
  }

  /// Returns digits before and behind the point, rounded to a number of places.
  func rounded(places: Int) -> (integer: [UInt8], fraction: [UInt8]) {
    var source = self
    var digits = integerDigits
    for _ in 0..<places { digits.append(source.nextDigit()) }
    let isOdd = (digits.last ?? 0) & 1 == 1
    var carries = source.isAboveHalf || (source.isHalf && isOdd)
    var position = digits.count - 1
    while carries, position >= 0 {
      digits[position] += 1
      carries = digits[position] == 10
      if carries { digits[position] = 0 }
      position -= 1
    }
    if carries { digits.insert(1, at: 0) }
    let split = digits.count - places
    return (Array(digits[..<split]), Array(digits[split...]))
  }

  /// Takes the next digit behind the point.
  private mutating func nextDigit() -> UInt8 {
    var carry: UInt64 = 0
    for index in fraction.indices {
      let product = UInt64(fraction[index]) * 10 + carry
      fraction[index] = UInt32(truncatingIfNeeded: product)
      carry = product >> 32
    }
    guard fractionBitCount > 0 else { return 0 }
    // The digit stands above the fraction's bits.
    let word = fractionBitCount / 32
    let shift = UInt32(fractionBitCount % 32)
    let high = (UInt64(carry) << 32 | UInt64(fraction[word])) >> UInt64(shift)
    fraction[word] &= (1 << shift) - 1
    return UInt8(truncatingIfNeeded: high)
  }

  private var highestBit: Bool {
    guard fractionBitCount > 0 else { return false }
    let bit = fractionBitCount - 1
    return fraction[bit / 32] >> UInt32(bit % 32) & 1 == 1
  }

  private var hasLowerBits: Bool {
    guard fractionBitCount > 0 else { return false }
    let bit = fractionBitCount - 1
    for index in fraction.indices {
      let word =
        index == bit / 32 ? fraction[index] & ((1 << UInt32(bit % 32)) - 1) : fraction[index]
      if index <= bit / 32, word != 0 { return true }
    }
    return false
  }

  private var isHalf: Bool { highestBit && !hasLowerBits }
  private var isAboveHalf: Bool { highestBit && hasLowerBits }

  private static func digits(of value: UInt64, shiftedBy shift: Int) -> [UInt8] {
    var limbs: [UInt64] = [value % 1_000_000_000, value / 1_000_000_000]
    var left = shift
    while left > 0 {
      let step = min(left, 29)
      var carry: UInt64 = 0
      for index in limbs.indices {
        let product = limbs[index] << UInt64(step) + carry
        limbs[index] = product % 1_000_000_000
        carry = product / 1_000_000_000
      }
      while carry > 0 {
        limbs.append(carry % 1_000_000_000)
        carry /= 1_000_000_000
      }
      left -= step
    }
    var digits: [UInt8] = []
    for limb in limbs {
      var rest = limb
      for _ in 0..<9 {
        digits.append(UInt8(rest % 10))
        rest /= 10
      }
      if rest > 0 { digits.append(contentsOf: String(rest).utf8.reversed().map { $0 - 0x30 }) }
    }
    while digits.last == 0 { digits.removeLast() }
    return digits.reversed()
  }
}

extension ExactDecimal {
  /// The greatest number of places that a format may ask for.
  static let maximumPlaces = 1_000

  /// Returns a number with a fixed number of places: `1.50`.
  static func fixed(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let (integer, fraction) = ExactDecimal(value).rounded(places: places)
    let sign = value.sign == .minus ? "-" : ""
    let whole = integer.isEmpty ? "0" : text(integer)
    return places == 0 ? sign + whole : sign + whole + "." + text(fraction)
  }

  /// Returns a number with one digit before the point: `1.50e+00`.
  static func scientific(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return fixed(value, places: 0) }
    var digits: [UInt8] = [0]
    var exponent = 0
    if value != 0 {
      // Round at the place of the last wanted digit, again if rounding adds a digit.
      exponent = decimalExponent(value)
      digits = significant(value, exponent: exponent, count: places + 1)
      if digits.count > places + 1 {
        exponent += 1
        digits.removeLast()
      }
    } else {
      digits = Array(repeating: 0, count: places + 1)
    }
    let sign = value.sign == .minus ? "-" : ""
    let mantissa =
      text(Array(digits.prefix(1))) + (places > 0 ? "." + text(Array(digits[1...])) : "")
    let size = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
    return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + size
  }

  /// Returns a number with so many significant digits, without trailing zeros: `1.5`, `1e+20`.
  static func general(_ value: Double, digits count: Int) -> String {
    guard value.isFinite else { return fixed(value, places: 0) }
    let count = max(count, 1)
    let rounded = scientific(value, places: count - 1)
    let exponent = rounded.split(separator: "e").last.flatMap { Int($0) } ?? 0
    let text =
      exponent < -4 || exponent >= count
      ? rounded : fixed(value, places: max(0, count - 1 - exponent))
    let parts = text.split(separator: "e")
    guard let mantissa = parts.first, mantissa.contains(".") else { return text }
    var trimmed = mantissa[...]
    while trimmed.last == "0" { trimmed = trimmed.dropLast() }
    if trimmed.last == "." { trimmed = trimmed.dropLast() }
    return String(trimmed) + (parts.count > 1 ? "e" + parts[1] : "")
  }

  private static func decimalExponent(_ value: Double) -> Int {
    let expansion = ExactDecimal(value)
    if !expansion.integerDigits.isEmpty { return expansion.integerDigits.count - 1 }
    var source = expansion
    var exponent = -1
    while source.nextDigit() == 0 { exponent -= 1 }
    return exponent
  }

  private static func significant(_ value: Double, exponent: Int, count: Int) -> [UInt8] {
    let places = count - 1 - exponent
    let expansion = ExactDecimal(value)
    if places >= 0 {
      let (integer, fraction) = expansion.rounded(places: places)
      let all = integer + fraction
      return Array(all.drop { $0 == 0 })
    }
    // Fewer digits than stand before the point: round among the integer digits.
    var digits = Array(expansion.integerDigits.prefix(count))
    let rest = expansion.integerDigits.dropFirst(count)
    let isTie =
      rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
      && !expansion.highestBit && !expansion.hasLowerBits
    let isAbove = (rest.first ?? 0) >= 5 && !isTie
    guard isAbove || (isTie && (digits.last ?? 0) & 1 == 1) else { return digits }
    var position = digits.count - 1
    while position >= 0 {
      digits[position] += 1
      guard digits[position] == 10 else { return digits }
      digits[position] = 0
      position -= 1
    }
    return [1] + digits
  }

  private static func text(_ digits: [UInt8]) -> String {
    String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
  }
}
