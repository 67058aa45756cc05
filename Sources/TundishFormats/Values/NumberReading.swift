/// A number as people write it: sign, currency, digits with marks, suffix.
struct WrittenNumber {
  /// The digits without marks, as an integer; at most 38 digits.
  var magnitude: Int128 = 0
  /// Whether it is below zero.
  var isNegative = false
  /// The number of digits in front of the decimal mark.
  var integerDigitCount = 0
  /// The number of digits behind it.
  var scale = 0
  /// Whether a mark between groups of digits was met.
  var isGrouped = false
  /// Whether a decimal mark was met.
  var hasDecimalMark = false
  /// Whether there is anything but digits, a minus in front and a decimal point.
  var isDecorated = false
  /// Whether a `%` follows.
  var isPercent = false
  /// The power of ten of a suffix such as `K`.
  var power = 0
  /// The currency; empty where there is none.
  var currency: StaticText = .none

  /// A short text that needs no allocation.
  struct StaticText: Hashable {
    let index: Int
    static let none = StaticText(index: -1)
  }

  /// The scale when suffix and percent sign are taken into account.
  var finalScale: Int { max(0, scale + (isPercent ? 2 : 0) - power) }
  /// The digits before the point when they are taken into account.
  var finalIntegerDigitCount: Int { max(1, integerDigitCount - (isPercent ? 2 : 0) + power) }

  /// Returns the number as an integer of units of `10^-target`, nil where it has more digits.
  func unscaled(toScale target: Int) -> Int128? {
    var shift = target - scale - (isPercent ? 2 : 0) + power
    var value = magnitude
    while shift > 0 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
      shift -= 1
    }
    while shift < 0 {
      let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
      if remainder != 0 { return nil }
      value = quotient
      shift += 1
    }
    return isNegative ? -value : value
  }
}

/// Reads numbers with marks, currencies and suffixes.
enum NumberReading {
  /// Currency signs and codes, with the code that each stands for.
  static let currencies: [(text: [UInt8], code: String)] = [
    ("R$", "BRL"), ("US$", "USD"), ("A$", "AUD"), ("C$", "CAD"), ("NZ$", "NZD"), ("HK$", "HKD"),
    ("€", "EUR"), ("$", "USD"), ("£", "GBP"), ("¥", "JPY"), ("₹", "INR"), ("₩", "KRW"),
    ("₽", "RUB"), ("₺", "TRY"), ("₴", "UAH"), ("₪", "ILS"), ("zł", "PLN"), ("Kč", "CZK"),
    ("EUR", "EUR"), ("USD", "USD"), ("GBP", "GBP"), ("CHF", "CHF"), ("JPY", "JPY"),
    ("SEK", "SEK"), ("NOK", "NOK"), ("DKK", "DKK"), ("PLN", "PLN"), ("CZK", "CZK"),
    ("HUF", "HUF"), ("AUD", "AUD"), ("CAD", "CAD"), ("NZD", "NZD"), ("INR", "INR"),
    ("BRL", "BRL"), ("MXN", "MXN"), ("CNY", "CNY"), ("ZAR", "ZAR"), ("SGD", "SGD"),
    ("HKD", "HKD"), ("AED", "AED"), ("TRY", "TRY"), ("RUB", "RUB"), ("ILS", "ILS"),
    ("lei", "RON"), ("Lei", "RON"), ("RON", "RON"), ("Ft", "HUF"), ("лв", "BGN"), ("BGN", "BGN"),
    ("₫", "VND"), ("฿", "THB"), ("円", "JPY"), ("元", "CNY"), ("Rs.", "INR"), ("Rs", "INR"),
    ("TL", "TRY"), ("S$", "SGD"), ("MX$", "MXN"), ("COP", "COP"), ("ARS", "ARS"), ("CLP", "CLP"),
    ("KRW", "KRW"),
  ].map { (text: Array($0.0.utf8), code: $0.1) }

  private static let maximumDigitCount = 38

  /// Reads a number that fills a range of bytes; nil where it is none.
  static func number(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    decimalMark: UInt8
  ) -> WrittenNumber? {
    var number = WrittenNumber()
    var start = range.lowerBound
    var end = range.upperBound
    guard start < end else { return nil }
    if bytes[start] == 0xEF { return fullWidthNumber(bytes, range, decimalMark) }
    var isParenthesized = false
    var hasSign = false
    // Sign, or parentheses, and currency stand in either order in front, one of each.
    while start < end {
      let byte = bytes[start]
      if byte == UInt8(ascii: "("), bytes[end - 1] == UInt8(ascii: ")"), !hasSign, !isParenthesized
      {
        isParenthesized = true
        number.isNegative = true
        number.isDecorated = true
        start += 1
        end -= 1
      } else if byte == UInt8(ascii: "-"), !hasSign, !isParenthesized {
        hasSign = true
        number.isNegative = true
        if start > range.lowerBound { number.isDecorated = true }
        start += 1
      } else if let length = minusLength(bytes, start, end), !hasSign, !isParenthesized {
        hasSign = true
        number.isNegative = true
        number.isDecorated = true
        start += length
      } else if let length = spaceLength(bytes, start, end), start > range.lowerBound {
        start += length
      } else if !isDigit(byte), byte != decimalMark, number.currency == .none,
        let currency = currency(bytes, start, end, isPrefix: true)
      {
        number.currency = WrittenNumber.StaticText(index: currency)
        number.isDecorated = true
        start += currencies[currency].text.count
      } else {
        break
      }
    }
    if start == end, hasSign, number.currency != .none {
      // Accounting formats write zero as a dash beside the currency.
      number.isNegative = false
      number.integerDigitCount = 1
      return number
    }
    guard trimEnd(bytes, start, &end, &number, allowsMinus: !hasSign && !isParenthesized) else {
      return nil
    }
    return digits(bytes, start..<end, decimalMark, &number) ? number : nil
  }

  /// Reads a number in full-width digits and marks, as East Asian keyboards write them.
  private static func fullWidthNumber(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ decimalMark: UInt8
  ) -> WrittenNumber? {
    var plain: [UInt8] = []
    var i = range.lowerBound
    while i < range.upperBound {
      if bytes[i] == 0xEF, i + 2 < range.upperBound {
        switch (bytes[i + 1], bytes[i + 2]) {
        case (0xBC, 0x81...0xBF): plain.append(bytes[i + 2] &- 0x60)
        case (0xBF, 0xA5): plain += [0xC2, 0xA5]
        case _: return nil
        }
        i += 3
      } else {
        plain.append(bytes[i])
        i += 1
      }
    }
    guard plain.first != 0xEF,
      var number = number(plain.span, 0..<plain.count, decimalMark: decimalMark)
    else { return nil }
    number.isDecorated = true
    return number
  }

  /// Takes percent sign, suffix, currency and minus off the end.
  private static func trimEnd(
    _ bytes: Span<UInt8>,
    _ start: Int,
    _ end: inout Int,
    _ number: inout WrittenNumber,
    allowsMinus: Bool
  ) -> Bool {
    var allowsMinus = allowsMinus
    while end > start, !isDigit(bytes[end - 1]) {
      let last = bytes[end - 1]
      if last == UInt8(ascii: "%"), !number.isPercent, number.currency == .none {
        number.isPercent = true
        end -= 1
      } else if let length = wholeMarkLength(bytes, start, end) {
        end -= length
        number.isDecorated = true
        return true
      } else if last == UInt8(ascii: "-"), allowsMinus {
        allowsMinus = false
        number.isNegative = true
        end -= 1
      } else if let length = trailingSpaceLength(bytes, start, end) {
        end -= length
      } else if number.currency != .none, number.power == 0, let power = power(last) {
        number.power = power
        end -= 1
      } else if number.currency == .none, !number.isPercent,
        let currency = currency(bytes, start, end, isPrefix: false)
      {
        number.currency = WrittenNumber.StaticText(index: currency)
        end -= currencies[currency].text.count
      } else {
        // A decimal mark may end a number: `5.`
        return last == UInt8(ascii: ".") || last == UInt8(ascii: ",")
      }
      number.isDecorated = true
    }
    return end > start
  }

  /// The length of the dashes of `1.250,-` and `€ 12,--`, which stand for cents that there are none of;
  /// nil for a minus.
  private static func wholeMarkLength(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var i = end
    while i > start {
      if bytes[i - 1] == UInt8(ascii: "-") {
        i -= 1
      } else if i - start >= 3, bytes[i - 3] == 0xE2, bytes[i - 2] == 0x80,
        bytes[i - 1] == 0x93 || bytes[i - 1] == 0x94
      {
        i -= 3
      } else {
        break
      }
    }
    guard i < end, i - start >= 2,
      bytes[i - 1] == UInt8(ascii: ",") || bytes[i - 1] == UInt8(ascii: "."),
      isDigit(bytes[i - 2])
    else { return nil }
    return end - i
  }

  private static func power(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "K"), UInt8(ascii: "k"): 3
    case UInt8(ascii: "M"), UInt8(ascii: "m"): 6
    case UInt8(ascii: "B"), UInt8(ascii: "b"): 9
    default: nil
    }
  }

  /// Reads digits with marks between groups of three and one decimal mark.
  private static func digits(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ decimalMark: UInt8,
    _ number: inout WrittenNumber
  ) -> Bool {
    var groupMark: UInt8 = 0
    var groupLength = 0
    // Indian numbers have two digits in all groups but the last: `1,23,456`.
    var groupCount = 0
    var firstLength = 0
    var isIndian = false
    var i = range.lowerBound
    while i < range.upperBound {
      let byte = bytes[i]
      if isDigit(byte) {
        guard number.integerDigitCount + number.scale < maximumDigitCount else { return false }
        number.magnitude = number.magnitude &* 10 &+ Int128(byte - UInt8(ascii: "0"))
        if number.hasDecimalMark {
          number.scale += 1
        } else {
          number.integerDigitCount += 1
          groupLength += 1
        }
        i += 1
        continue
      }
      if byte == decimalMark {
        guard !number.hasDecimalMark, !number.isGrouped || groupLength == 3 else { return false }
        number.hasDecimalMark = true
        if byte == UInt8(ascii: ",") { number.isDecorated = true }
        i += 1
        continue
      }
      guard !number.hasDecimalMark, number.integerDigitCount > 0,
        let (mark, length) = groupMarkLength(bytes, i, range.upperBound, decimalMark)
      else { return false }
      if number.isGrouped {
        guard mark == groupMark else { return false }
        if groupLength == 2, mark == UInt8(ascii: ","),
          isIndian || groupCount == 1 && firstLength < 3
        {
          isIndian = true
        } else if groupLength != 3 || isIndian {
          return false
        }
      } else if groupLength > 3 {
        return false
      } else {
        firstLength = groupLength
      }
      groupCount += 1
      groupMark = mark
      groupLength = 0
      number.isGrouped = true
      number.isDecorated = true
      i += length
    }
    if number.isGrouped, !number.hasDecimalMark, groupLength != 3 { return false }
    guard number.integerDigitCount + number.scale > 0 else { return false }
    // `007` is an identifier, `0.07` and `0` are numbers.
    let first = bytes[range.lowerBound]
    return first != UInt8(ascii: "0") || number.integerDigitCount <= 1
  }

  private static func groupMarkLength(
    _ bytes: Span<UInt8>,
    _ i: Int,
    _ end: Int,
    _ decimalMark: UInt8
  ) -> (mark: UInt8, length: Int)? {
    let byte = bytes[i]
    if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ".") { return (byte, 1) }
    if byte == UInt8(ascii: "'") { return (byte, 1) }
    // ’ as Swiss exports write it
    if byte == 0xE2, i + 2 < end, bytes[i + 1] == 0x80, bytes[i + 2] == 0x99 { return (0x27, 3) }
    return spaceLength(bytes, i, end).map { (0x20, $0) }
  }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10
  }

  /// The length of a space at an offset: plain, no-break or narrow no-break.
  private static func spaceLength(_ bytes: Span<UInt8>, _ i: Int, _ end: Int) -> Int? {
    switch bytes[i] {
    case 0x20: return 1
    case 0xC2: return i + 1 < end && bytes[i + 1] == 0xA0 ? 2 : nil
    case 0xE2:
      guard i + 2 < end, bytes[i + 1] == 0x80 else { return nil }
      return bytes[i + 2] == 0xAF || bytes[i + 2] == 0x89 ? 3 : nil
    default: return nil
    }
  }

  private static func trailingSpaceLength(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    for length in 1...3 where end - length > start {
      if spaceLength(bytes, end - length, end) == length { return length }
    }
    return nil
  }

  /// The length of a true minus sign at an offset.
  private static func minusLength(_ bytes: Span<UInt8>, _ i: Int, _ end: Int) -> Int? {
    guard i + 2 < end, bytes[i] == 0xE2, bytes[i + 1] == 0x88, bytes[i + 2] == 0x92 else {
      return nil
    }
    return 3
  }

  private static func currency(
    _ bytes: Span<UInt8>,
    _ start: Int,
    _ end: Int,
    isPrefix: Bool
  ) -> Int? {
    let first = isPrefix ? bytes[start] : bytes[end - 1]
    guard first >= 0x41 || first == UInt8(ascii: "$") else { return nil }
    for (index, currency) in currencies.enumerated() {
      let count = currency.text.count
      guard end - start > count else { continue }
      let offset = isPrefix ? start : end - count
      var i = 0
      while i < count, bytes[offset + i] == currency.text[i] { i += 1 }
      if i == count { return index }
    }
    return nil
  }
}
