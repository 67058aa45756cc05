/// A number as its text spells it: `mantissa * 10^exponent`, not yet of any type.
struct ScannedNumber {
  /// The significant digits, at most 38, or 39 where they fit; later ones are dropped and counted in
  /// the exponent.
  var mantissa: UInt128
  var exponent: Int
  var isNegative: Bool
  /// Whether digits were dropped.
  var isInexact: Bool
  /// Whether the first digit that was dropped is 5 or more.
  var roundsUp = false
}

/// Reads numbers byte by byte; no allocation.
enum NumberScanner {
  /// The most significant digits that are kept.
  static let maximumDigits = 38

  /// Reads `[+-] digits [. digits] [e [+-] digits]`, with single underscores between digits; nil if
  /// the bytes are anything else.
  static func scan(_ bytes: Span<UInt8>, _ range: Range<Int>) -> ScannedNumber? {
    var position = range.lowerBound
    let end = range.upperBound
    var number = ScannedNumber(mantissa: 0, exponent: 0, isNegative: false, isInexact: false)
    if position < end, bytes[position] == 0x2D || bytes[position] == 0x2B {
      number.isNegative = bytes[position] == 0x2D
      position += 1
    }
    var state = DigitState()
    digits(bytes, &position, end, isFraction: false, &number, &state)
    if state.endsInUnderscore { return nil }
    if position < end, bytes[position] == 0x2E {
      position += 1
      digits(bytes, &position, end, isFraction: true, &number, &state)
    }
    guard state.hasDigits, !state.endsInUnderscore else { return nil }
    if position < end, bytes[position] | 0x20 == 0x65 {
      position += 1
      guard let exponent = exponent(bytes, &position, end) else { return nil }
      number.exponent += exponent
    }
    return position == end ? number : nil
  }

  private struct DigitState {
    var significant = 0
    /// Whether no further digit is kept.
    var isFull = false
    /// Whether a digit was dropped.
    var drops = false
    var hasDigits = false
    var endsInUnderscore = false
  }

  private static func digits(
    _ bytes: Span<UInt8>,
    _ position: inout Int,
    _ end: Int,
    isFraction: Bool,
    _ number: inout ScannedNumber,
    _ state: inout DigitState
  ) {
    var follows = false
    while position < end {
      let digit = bytes[position] &- 0x30
      if digit > 9 {
        guard bytes[position] == 0x5F, follows else { return }
        follows = false
        state.endsInUnderscore = true
        position += 1
        continue
      }
      follows = true
      state.hasDigits = true
      state.endsInUnderscore = false
      position += 1
      if state.significant < maximumDigits {
        number.mantissa = number.mantissa &* 10 &+ UInt128(digit)
        if number.mantissa != 0 { state.significant += 1 }
        if isFraction { number.exponent -= 1 }
      } else if state.significant == maximumDigits, !state.isFull,
        number.mantissa <= (UInt128.max - UInt128(digit)) / 10
      {
        // The greatest HUGEINT has 39 digits.
        number.mantissa = number.mantissa * 10 + UInt128(digit)
        state.isFull = true
        if isFraction { number.exponent -= 1 }
      } else {
        if !state.drops { number.roundsUp = digit >= 5 }
        state.isFull = true
        state.drops = true
        if digit != 0 { number.isInexact = true }
        if !isFraction { number.exponent += 1 }
      }
    }
  }

  private static func exponent(
    _ bytes: Span<UInt8>,
    _ position: inout Int,
    _ end: Int
  ) -> Int? {
    var isNegative = false
    if position < end, bytes[position] == 0x2D || bytes[position] == 0x2B {
      isNegative = bytes[position] == 0x2D
      position += 1
    }
    guard position < end else { return nil }
    var value = 0
    var follows = false
    while position < end {
      let digit = bytes[position] &- 0x30
      if bytes[position] == 0x5F, follows, position + 1 < end {
        follows = false
        position += 1
        continue
      }
      guard digit <= 9 else { return nil }
      follows = true
      // Far beyond every type's range either way; the cap keeps the sum from overflowing.
      value = min(value * 10 + Int(digit), 100_000)
      position += 1
    }
    return isNegative ? -value : value
  }

  /// Returns the range without spaces, tabs and line ends around it.
  static func trimmed(_ bytes: Span<UInt8>) -> Range<Int> {
    var lower = 0
    var upper = bytes.count
    while lower < upper, isSpace(bytes[lower]) { lower += 1 }
    while upper > lower, isSpace(bytes[upper - 1]) { upper -= 1 }
    return lower..<upper
  }

  /// Whether a byte is a space, a tab or part of a line end.
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
  }
}
