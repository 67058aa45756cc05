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

  /// Reads one character of three bytes if it is next.
  mutating func skip(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    guard position &+ 3 <= end, bytes[position] == first, bytes[position &+ 1] == second,
      bytes[position &+ 2] == third
    else { return false }
    position &+= 3
    return true
  }

  /// Reads the year, month or day sign behind a number, Chinese and Japanese or Korean.
  mutating func skip(sign: CalendarSign) -> Bool {
    switch sign {
    case .year: skip(0xE5, 0xB9, 0xB4) || skip(0xEB, 0x85, 0x84)
    case .month: skip(0xE6, 0x9C, 0x88) || skip(0xEC, 0x9B, 0x94)
    case .day: skip(0xE6, 0x97, 0xA5) || skip(0xEC, 0x9D, 0xBC)
    }
  }

  /// What a number of a date counts.
  enum CalendarSign { case year, month, day }

  /// Reads a month's name or its beginning in a dozen European languages, as it stands in dates.
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
      "jan january januari januar jänner janvier janv enero gennaio gen janeiro stycznia styczeń sty "
        + "ianuarie ian ledna",
      "feb february februari februar februarie février févr fév fevrier fev febrero febbraio "
        + "fevereiro lutego luty lut února",
      "mar march maart mrt märz mrz mars marts marzo março marco marca marzec martie března",
      "apr april avr avril abr abril aprile aprilie kwietnia kwiecień kwi dubna",
      "may mei mai maj mayo maggio mag maio maja května",
      "jun june juni juin junio giugno giu junho czerwca czerwiec cze iunie iun června",
      "jul july juli juil juillet julio luglio lug julho lipca lipiec lip iulie iul července",
      "aug august augustus augusti août aout agosto ago sierpnia sierpień sie srpna",
      "sep sept september septembre septiembre settembre set setembro września wrzesień wrz "
        + "septembrie září",
      "oct october okt oktober octobre octubre ottobre ott outubro out października październik "
        + "paź octombrie října",
      "nov november novembre noviembre novembro listopada listopad lis noiembrie noi listopadu",
      "dec december dez dezember déc décembre decembre dic diciembre dicembre dezembro grudnia "
        + "grudzień gru decembrie prosince",
    ]
    var months: [String: Int64] = [:]
    for (position, list) in names.enumerated() {
      for name in list.split(separator: " ") { months[String(name)] = Int64(position + 1) }
    }
    return months
  }()
}
