/// Reads a short text from left to right.
///
/// The bytes are copied, with zeros behind them, so that looking ahead needs no checks.
struct TextCursor {
  private var bytes: [64 of UInt8]
  private var position = 0
  private let end: Int

  /// The bytes of the longest text, a zero behind it aside.
  static let capacity = 63

  /// Creates a cursor over a range of at most `capacity` bytes.
  @inline(__always)
  init(_ source: Span<UInt8>, _ range: Range<Int>) {
    precondition(range.count <= Self.capacity, "a cursor is for short texts")
    bytes = [64 of UInt8](repeating: 0)
    end = range.count
    for i in 0..<range.count { bytes[i] = source[range.lowerBound &+ i] }
  }

  /// Whether all bytes are read.
  var isAtEnd: Bool { position == end }

  /// Reads at most so many digits, at least one.
  @inline(__always)
  mutating func digits(upTo count: Int) -> (value: Int64, length: Int)? {
    var value: Int64 = 0
    var length = 0
    while length < count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      value = value &* 10 &+ Int64(digit)
      length &+= 1
      position &+= 1
    }
    return length > 0 ? (value, length) : nil
  }

  /// Reads a number of exactly so many digits.
  mutating func digits(exactly count: Int) -> Int64? {
    guard let (value, length) = digits(upTo: count), length == count else { return nil }
    return value
  }

  /// Reads one byte if it is next.
  @inline(__always)
  mutating func skip(_ byte: UInt8) -> Bool {
    guard position < end, bytes[position] == byte else { return false }
    position &+= 1
    return true
  }

  /// Reads a digit if one is next.
  mutating func skipDigit() -> Bool {
    guard bytes[position] &- UInt8(ascii: "0") < 10 else { return false }
    position &+= 1
    return true
  }

  /// Reads spaces; false if there are none.
  mutating func skipSpaces() -> Bool {
    let start = position
    while position < end, bytes[position] == 0x20 { position &+= 1 }
    // The narrow no-break space in front of AM and PM
    if position &+ 3 <= end, bytes[position] == 0xE2, bytes[position &+ 1] == 0x80,
      bytes[position &+ 2] == 0xAF
    {
      position &+= 3
    }
    return position > start
  }

  /// Reads spaces, or one dash or slash.
  mutating func skipSeparator() -> Bool {
    skipSpaces() || skip(UInt8(ascii: "-")) || skip(UInt8(ascii: "/"))
  }

  /// Reads a mark between the numbers of a date.
  mutating func dateMark() -> UInt8? {
    let mark = bytes[position]
    switch mark {
    case UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "."):
      position &+= 1
      return mark
    default: return nil
    }
  }

  /// Reads a word of lower-case letters, whatever its case in the text.
  mutating func skip(word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard position &+ length <= end else { return false }
    let start = position
    let matches = word.withUTF8Buffer { letters in
      for i in 0..<length where unsafe bytes[start &+ i] | 0x20 != letters[i] { return false }
      return true
    }
    if matches { position &+= length }
    return matches
  }

  /// Reads AM or PM; true is PM.
  mutating func halfOfDay() -> Bool? {
    let start = position
    let letter = bytes[position] | 0x20
    guard letter == UInt8(ascii: "a") || letter == UInt8(ascii: "p") else { return nil }
    position &+= 1
    let hasPoint = skip(UInt8(ascii: "."))
    guard skip(UInt8(ascii: "m")) || skip(UInt8(ascii: "M")) else {
      position = start
      return nil
    }
    if hasPoint { _ = skip(UInt8(ascii: ".")) }
    return letter == UInt8(ascii: "p")
  }

  /// Reads a year of four digits, or of two after a month's name.
  mutating func year() -> Int64? {
    let start = position
    if let (year, length) = digits(upTo: 4) {
      if length == 4 { return year }
      if length == 2 { return Self.fullYear(year) }
    }
    position = start
    return nil
  }

  /// Reads a year of four digits, or of two where the mark and the first number make a date likely.
  mutating func year(twoDigitsAfter lead: (mark: UInt8, length: Int)) -> Int64? {
    guard let (year, length) = digits(upTo: 4) else { return nil }
    if length == 4 { return year }
    // `1.2.10` is a version, `01.02.10` a date.
    guard length == 2, lead.mark == UInt8(ascii: "/") || lead.length == 2 else { return nil }
    return Self.fullYear(year)
  }

  private static func fullYear(_ year: Int64) -> Int64 {
    year < 70 ? 2_000 + year : 1_900 + year
  }

  /// Reads a month's name, with a weekday in front of it passed over.
  mutating func monthAfterWeekday() -> Int64? {
    guard Self.isLetter(bytes[position]) else { return nil }
    if let month = month() { return month }
    let start = position
    while Self.isLetter(bytes[position]) { position &+= 1 }
    let isWeekday = position &- start >= 3 && skip(UInt8(ascii: ",")) && skipSpaces()
    if isWeekday, let month = month() { return month }
    position = start
    return nil
  }

  /// Reads a month's name in English, Dutch, German, French, Spanish or Italian, or its beginning.
  mutating func month() -> Int64? {
    let start = position
    var word: [UInt8] = []
    while position < end, Self.isLetter(bytes[position]) || bytes[position] >= 0x80 {
      word.append(bytes[position] < 0x80 ? bytes[position] | 0x20 : bytes[position])
      position &+= 1
    }
    if word.count >= 3, let month = Self.months[String(decoding: word, as: UTF8.self)] {
      return month
    }
    position = start
    return nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  private static let months: [String: Int64] = {
    let names = [
      "jan january januari januar janvier enero gennaio gen",
      "feb february februari februar février fevrier fev febrero febbraio",
      "mar march maart mrt märz mrz mars marzo",
      "apr april avr avril abr abril aprile",
      "may mei mai mayo maggio mag",
      "jun june juni juin junio giugno giu",
      "jul july juli juil juillet julio luglio lug",
      "aug august augustus août aout agosto ago",
      "sep sept september septembre septiembre settembre set",
      "oct october okt oktober octobre octubre ottobre ott",
      "nov november novembre noviembre",
      "dec december dez dezember déc décembre decembre dic diciembre dicembre",
    ]
    var months: [String: Int64] = [:]
    for (position, list) in names.enumerated() {
      for name in list.split(separator: " ") { months[String(name)] = Int64(position + 1) }
    }
    return months
  }()
}
