internal import TundishColumns

/// How numbers with a unit are shown to people: `63.2 %`, `€ 1,234.50`, `57.0`,
/// `1.09`.
///
/// Rounding is half to even on the shortest decimal text of the number, so that what is shown follows
/// from what the other formats write.
struct UnitFormat {
  /// The shape of the number.
  enum Shape: Hashable {
    /// A fraction as a percentage with one decimal
    case percentage
    /// Thousands separated, after a currency
    case money(prefix: String, fractionDigitCount: Int)
    /// One decimal
    case days
    /// Two decimals
    case ratio
  }

  /// The shape of the number.
  let shape: Shape

  /// The text of NULL, where the unit has its own.
  var nullText: String? {
    shape == .percentage ? "–" : nil
  }

  /// Returns the format of a unit, or nil where numbers of the type are shown as they are.
  init?(unit: Unit, type: DataType) {
    guard type.isNumeric else { return nil }
    switch unit {
    case .none: return nil
    case .rate, .percent: shape = .percentage
    case .days: shape = .days
    case .ratio: shape = .ratio
    case .money(let currency):
      let prefix = currency.map { (Self.symbols[$0] ?? $0) + " " } ?? ""
      shape = .money(prefix: prefix, fractionDigitCount: Self.fractionDigitCount(type, currency))
    case .mixedMoney:
      shape = .money(prefix: "", fractionDigitCount: Self.fractionDigitCount(type, nil))
    }
  }

  private static let symbols = [
    "EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "KRW": "₩",
    "UAH": "₴", "ILS": "₪", "VND": "₫", "NGN": "₦", "PHP": "₱", "TRY": "₺", "RUB": "₽",
  ]

  private static func fractionDigitCount(_ type: DataType, _ currency: String?) -> Int {
    if type.isInteger || currency == "JPY" || currency == "KRW" { return 0 }
    if case .decimal(_, 0) = type { return 0 }
    return 2
  }

  /// Appends a number.
  func append(_ value: Value, to bytes: inout [UInt8]) {
    guard var digits = RoundedDigits(value) else {
      return CellStyle(textForm: .visible, nullText: "NULL").appendNested(value, to: &bytes)
    }
    switch shape {
    case .percentage:
      digits.shift(by: 2)
      digits.round(toScale: 1)
      digits.append(to: &bytes, prefix: "", groups: true)
      bytes.append(" %")
    case .days:
      digits.round(toScale: 1)
      digits.append(to: &bytes, prefix: "", groups: true)
    case .ratio:
      digits.round(toScale: 2)
      digits.append(to: &bytes, prefix: "", groups: true)
    case .money(let prefix, let fractionDigitCount):
      digits.round(toScale: fractionDigitCount)
      digits.append(to: &bytes, prefix: prefix, groups: true)
    }
  }
}

/// A decimal number as digits, for rounding half to even.
struct RoundedDigits {
  private var isNegative: Bool
  /// The digits, most significant first.
  private var digits: [UInt8]
  /// How many of the digits are behind the point; negative where zeros follow the digits.
  private var scale: Int

  /// Creates the digits of a finite number, or nil.
  init?(_ value: Value) {
    switch value {
    case .integer(let number): self.init(unscaled: Int128(number), scale: 0)
    case .hugeint(let number): self.init(unscaled: number, scale: 0)
    case .decimal(let unscaled, let scale): self.init(unscaled: unscaled, scale: scale)
    case .double(let number):
      guard number.isFinite else { return nil }
      self.init(text: number.description)
    case .null, .boolean, .text, .blob, .date, .time, .timestamp, .timestampTZ, .interval, .list,
      .structure, .map:
      return nil
    }
  }

  private init(unscaled: Int128, scale: Int) {
    isNegative = unscaled < 0
    digits = unscaled.magnitude.description.utf8.map { $0 - UInt8(ascii: "0") }
    self.scale = scale
  }

  /// Reads `-12.5e-07`.
  private init(text: String) {
    isNegative = false
    digits = []
    scale = 0
    var isFraction = false
    for (position, byte) in zip(text.utf8.indices, text.utf8) {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits.append(byte - UInt8(ascii: "0"))
        if isFraction { scale += 1 }
      default:
        scale -= Int(text[text.utf8.index(after: position)...]) ?? 0
        return
      }
    }
  }

  /// Moves the point to the right.
  mutating func shift(by count: Int) {
    scale -= count
  }

  /// Rounds half to even, or adds zeros, so that a number of digits is behind the point.
  mutating func round(toScale wanted: Int) {
    if scale <= wanted {
      // A double has at most 309 digits before the point.
      digits.append(contentsOf: [UInt8](repeating: 0, count: wanted - scale))
      scale = wanted
      return
    }
    let dropped = scale - wanted
    if dropped > digits.count {
      digits = [UInt8](repeating: 0, count: wanted + 1)
      scale = wanted
      return
    }
    let kept = digits.count - dropped
    let next = digits[kept]
    let isTie = next == 5 && !digits[(kept + 1)...].contains { $0 != 0 }
    let isOdd = kept > 0 && digits[kept - 1] % 2 == 1
    digits.removeSubrange(kept...)
    scale = wanted
    if next > 5 || (next == 5 && !isTie) || (isTie && isOdd) { increment() }
  }

  /// Writes zeros out that stand in front of the point behind the digits.
  mutating func fillWhole() {
    if scale < 0 { round(toScale: 0) }
  }

  private mutating func increment() {
    for i in digits.indices.reversed() {
      if digits[i] < 9 {
        digits[i] += 1
        return
      }
      digits[i] = 0
    }
    digits.insert(1, at: 0)
  }

  /// Appends sign, prefix, whole digits with separators and the digits behind the point.
  func append(to bytes: inout [UInt8], prefix: String, groups: Bool) {
    var all = digits
    if all.count <= scale {
      all.insert(contentsOf: [UInt8](repeating: 0, count: scale + 1 - all.count), at: 0)
    }
    let whole = all[..<(all.count - scale)].drop { $0 == 0 }
    if isNegative, all.contains(where: { $0 != 0 }) { bytes.append(UInt8(ascii: "-")) }
    bytes.append(prefix)
    if whole.isEmpty { bytes.append(UInt8(ascii: "0")) }
    for i in whole.indices {
      let left = whole.endIndex - i
      if groups, i > whole.startIndex, left % 3 == 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(UInt8(ascii: "0") + whole[i])
    }
    guard scale > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    for digit in all[(all.count - scale)...] { bytes.append(UInt8(ascii: "0") + digit) }
  }
}
