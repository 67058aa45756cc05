/// Dates, times and timestamps as text.
package enum DateText {
  // MARK: - Reading

  /// Reads `2026-01-31`, also with `/`, `\` or spaces for the signs, with spaces around; nil if it
  /// is no day.
  package static func parseDate(_ bytes: Span<UInt8>) -> Int64? {
    let range = NumberScanner.trimmed(bytes)
    var position = range.lowerBound
    guard let day = date(bytes, &position, range.upperBound) else { return special(bytes, range) }
    return position == range.upperBound ? day : nil
  }

  /// The day that `epoch`, `infinity` and `-infinity` stand for, in any case and also as `inf`.
  static func special(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard range.count >= 3, range.count <= 9 else { return nil }
    var word = ""
    // The letter bit leaves the sign as it is.
    for position in range {
      word.unicodeScalars.append(Unicode.Scalar(bytes[position] | 0x20))
    }
    switch word {
    case "epoch": return 0
    case "inf", "infinity": return Calendar.infiniteDays.positive
    case "-inf", "-infinity": return Calendar.infiniteDays.negative
    default: return nil
    }
  }

  /// Reads `10:00`, `10:00:05` or `10:00:05.25`, with spaces around, as microseconds; nil if it is
  /// no time of day.
  package static func parseTime(_ bytes: Span<UInt8>) -> Int64? {
    let range = NumberScanner.trimmed(bytes)
    var position = range.lowerBound
    guard let time = time(bytes, &position, range.upperBound) else { return nil }
    if position == range.upperBound { return time }
    // What a clock showed, wherever it hung: an offset does not move it.
    guard offset(bytes, &position, range.upperBound) != nil else { return nil }
    return position == range.upperBound ? time : nil
  }

  /// A timestamp as its text spells it.
  package struct ParsedTimestamp {
    /// The clock's reading, in microseconds since 1970-01-01 00:00:00.
    package let local: Int64
    /// The offset from UTC in seconds, if the text gives one.
    package let offsetSeconds: Int64?
  }

  /// Reads a date, optionally followed by a space or `T`, a time, and `Z` or an offset such as
  /// `+02`, `+02:30` or `-0500`; nil if it is no such text.
  package static func parseTimestamp(_ bytes: Span<UInt8>) -> ParsedTimestamp? {
    let range = NumberScanner.trimmed(bytes)
    let end = range.upperBound
    var position = range.lowerBound
    guard let day = date(bytes, &position, end) else {
      return special(bytes, range).map {
        ParsedTimestamp(local: $0 &* Calendar.microsecondsPerDay, offsetSeconds: 0)
      }
    }
    let midnight = day &* Calendar.microsecondsPerDay
    if position == end { return ParsedTimestamp(local: midnight, offsetSeconds: nil) }
    if bytes[position] | 0x20 == 0x74 {
      position += 1
    } else {
      guard NumberScanner.isSpace(bytes[position]) else { return nil }
      while position < end, NumberScanner.isSpace(bytes[position]) { position += 1 }
    }
    guard let time = time(bytes, &position, end) else { return nil }
    let local = midnight &+ time
    guard Calendar.isValid(microseconds: local) else { return nil }
    while position < end, NumberScanner.isSpace(bytes[position]) { position += 1 }
    if position == end { return ParsedTimestamp(local: local, offsetSeconds: nil) }
    guard let offset = offset(bytes, &position, end), position == end else { return nil }
    return ParsedTimestamp(local: local, offsetSeconds: offset)
  }

  /// A timestamp with the name of a zone after it.
  package struct ZonedTimestamp {
    /// The clock's reading, in microseconds since 1970-01-01 00:00:00.
    package let local: Int64
    /// The zone as it is written; whether there is one of this name is not looked up.
    package let zone: String
  }

  /// Reads a date, a time and a zone's name such as `Europe/Berlin`; nil if it is no such text.
  package static func parseZonedTimestamp(_ bytes: Span<UInt8>) -> ZonedTimestamp? {
    let range = NumberScanner.trimmed(bytes)
    var start = range.upperBound
    while start > range.lowerBound, !NumberScanner.isSpace(bytes[start - 1]) { start -= 1 }
    guard start > range.lowerBound, start < range.upperBound,
      let parsed = parseTimestamp(bytes.extracting(range.lowerBound..<start)),
      parsed.offsetSeconds == nil
    else { return nil }
    var name: [UInt8] = []
    for position in start..<range.upperBound { name.append(bytes[position]) }
    return ZonedTimestamp(local: parsed.local, zone: String(decoding: name, as: UTF8.self))
  }

  /// Reads `Z`, `UTC`, or a sign, hours and optional minutes, as seconds.
  static func offset(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Int64? {
    guard position < end else { return nil }
    if bytes[position] | 0x20 == 0x7A {
      position += 1
      return 0
    }
    if end - position >= 3, bytes[position] | 0x20 == 0x75, bytes[position + 1] | 0x20 == 0x74,
      bytes[position + 2] | 0x20 == 0x63
    {
      position += 3
      return 0
    }
    guard bytes[position] == 0x2B || bytes[position] == 0x2D else { return nil }
    let isNegative = bytes[position] == 0x2D
    position += 1
    guard let hours = number(bytes, &position, end, maximumDigits: 2), hours <= 18 else {
      return nil
    }
    var seconds = hours * 3_600
    if position < end {
      if bytes[position] == 0x3A { position += 1 }
      guard let minutes = number(bytes, &position, end, maximumDigits: 2), minutes < 60 else {
        return nil
      }
      seconds += minutes * 60
    }
    if position < end, bytes[position] == 0x3A {
      position += 1
      guard let rest = number(bytes, &position, end, maximumDigits: 2), rest < 60 else {
        return nil
      }
      seconds += rest
    }
    return isNegative ? -seconds : seconds
  }

  private static func date(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Int64? {
    var isNegative = false
    if position < end, bytes[position] == 0x2D {
      isNegative = true
      position += 1
    }
    guard let magnitude = number(bytes, &position, end, maximumDigits: 6), position < end else {
      return nil
    }
    let separator = bytes[position]
    guard [0x2D, 0x2F, 0x20, 0x5C].contains(separator) else { return nil }
    position += 1
    guard let month = number(bytes, &position, end, maximumDigits: 2), position < end,
      bytes[position] == separator
    else { return nil }
    position += 1
    guard let day = number(bytes, &position, end, maximumDigits: 2) else { return nil }
    var year = isNegative ? -magnitude : magnitude
    if isBeforeChrist(bytes, position, end) {
      position += 5
      year = 1 - year
    }
    return Calendar.checkedDays(year: year, month: month, day: day)
  }

  /// Whether ` (BC)` stands at a position.
  private static func isBeforeChrist(_ bytes: Span<UInt8>, _ position: Int, _ end: Int) -> Bool {
    guard end - position >= 5, bytes[position] == 0x20, bytes[position + 1] == 0x28 else {
      return false
    }
    return bytes[position + 2] == 0x42 && bytes[position + 3] == 0x43 && bytes[position + 4] == 0x29
  }

  private static func time(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Int64? {
    guard let hour = number(bytes, &position, end, maximumDigits: 2), position < end,
      bytes[position] == 0x3A
    else { return nil }
    position += 1
    guard let minute = number(bytes, &position, end, maximumDigits: 2) else { return nil }
    var second: Int64 = 0
    var fraction: Int64 = 0
    if position < end, bytes[position] == 0x3A {
      position += 1
      guard let value = number(bytes, &position, end, maximumDigits: 2) else { return nil }
      second = value
      if position < end, bytes[position] == 0x2E {
        position += 1
        guard let value = microseconds(bytes, &position, end) else { return nil }
        fraction = value
      }
    }
    guard hour < 24 || (hour == 24 && minute == 0 && second == 0 && fraction == 0),
      minute < 60, second < 60
    else { return nil }
    return hour &* Calendar.microsecondsPerHour &+ minute &* Calendar.microsecondsPerMinute
      &+ second &* Calendar.microsecondsPerSecond &+ fraction
  }

  /// Reads the digits of a fraction of a second; digits past the sixth are ignored.
  static func microseconds(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Int64? {
    var value: Int64 = 0
    var count = 0
    while position < end, bytes[position] &- 0x30 <= 9 {
      if count < 6 { value = value * 10 + Int64(bytes[position] &- 0x30) }
      count += 1
      position += 1
    }
    guard count > 0 else { return nil }
    while count < 6 {
      value *= 10
      count += 1
    }
    return value
  }

  /// Reads one to `maximumDigits` digits.
  static func number(
    _ bytes: Span<UInt8>,
    _ position: inout Int,
    _ end: Int,
    maximumDigits: Int
  ) -> Int64? {
    var value: Int64 = 0
    let limit = min(end, position + maximumDigits)
    let start = position
    while position < limit {
      let digit = bytes[position] &- 0x30
      guard digit <= 9 else { break }
      value = value &* 10 &+ Int64(digit)
      position += 1
    }
    return position > start ? value : nil
  }

  // MARK: - Writing

  /// Appends `2026-01-31`; years before 1 are followed by ` (BC)`.
  package static func append(days: Int64, to bytes: inout [UInt8]) {
    if !Calendar.isValid(days: days) { return appendInfinity(isNegative: days < 0, to: &bytes) }
    let date = Calendar.civil(days)
    let isBeforeChrist = date.year <= 0
    let year = isBeforeChrist ? 1 - date.year : date.year
    IntegerText.appendDigits(year.magnitude, minimumCount: 4, to: &bytes)
    bytes.append(0x2D)
    appendTwo(date.month, to: &bytes)
    bytes.append(0x2D)
    appendTwo(date.day, to: &bytes)
    if isBeforeChrist { bytes.append(contentsOf: " (BC)".utf8) }
  }

  /// Appends `infinity` or `-infinity`.
  static func appendInfinity(isNegative: Bool, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: (isNegative ? "-infinity" : "infinity").utf8)
  }

  /// Appends `10:00:05`, with the fraction that is not zero: `.25`.
  package static func append(timeOfDay: Int64, to bytes: inout [UInt8]) {
    let magnitude = timeOfDay.magnitude
    IntegerText.appendDigits(magnitude / 3_600_000_000, minimumCount: 2, to: &bytes)
    bytes.append(0x3A)
    appendTwo(Int64(magnitude / 60_000_000 % 60), to: &bytes)
    bytes.append(0x3A)
    appendTwo(Int64(magnitude / 1_000_000 % 60), to: &bytes)
    let fraction = magnitude % 1_000_000
    guard fraction != 0 else { return }
    bytes.append(0x2E)
    IntegerText.appendDigits(fraction, minimumCount: 6, to: &bytes)
    while bytes.last == 0x30 { bytes.removeLast() }
  }

  /// Appends `2026-01-31 10:00:05`, with the fraction that is not zero.
  package static func append(timestamp: Int64, to bytes: inout [UInt8]) {
    if !Calendar.isValid(microseconds: timestamp) {
      return appendInfinity(isNegative: timestamp < 0, to: &bytes)
    }
    let day = Calendar.day(ofMicroseconds: timestamp)
    append(days: day, to: &bytes)
    bytes.append(0x20)
    append(timeOfDay: timestamp &- day &* Calendar.microsecondsPerDay, to: &bytes)
  }

  /// Appends an instant as a zone's clock shows it, with its offset: `2026-01-31 10:00:05+01`.
  package static func append(
    timestampTZ instant: Int64,
    zone: some TimeZoneSource,
    to bytes: inout [UInt8]
  ) {
    if !Calendar.isValid(microseconds: instant) {
      return appendInfinity(isNegative: instant < 0, to: &bytes)
    }
    let seconds = Calendar.floorDivided(instant, Calendar.microsecondsPerSecond)
    let offset = zone.offsetSeconds(atUTC: seconds)
    append(timestamp: instant &+ offset &* Calendar.microsecondsPerSecond, to: &bytes)
    append(offsetSeconds: offset, to: &bytes)
  }

  /// Appends an offset from UTC: `+02`, `-03:30`, and with seconds before there was standard time.
  static func append(offsetSeconds offset: Int64, to bytes: inout [UInt8]) {
    bytes.append(offset < 0 ? 0x2D : 0x2B)
    let magnitude = Int64(clamping: offset.magnitude)
    appendTwo(magnitude / 3_600, to: &bytes)
    guard magnitude % 3_600 != 0 else { return }
    bytes.append(0x3A)
    appendTwo(magnitude / 60 % 60, to: &bytes)
    guard magnitude % 60 != 0 else { return }
    bytes.append(0x3A)
    appendTwo(magnitude % 60, to: &bytes)
  }

  /// Appends at least two digits.
  static func appendTwo(_ value: Int64, to bytes: inout [UInt8]) {
    bytes.append(0x30 &+ UInt8(truncatingIfNeeded: value / 10 % 10))
    bytes.append(0x30 &+ UInt8(truncatingIfNeeded: value % 10))
  }
}

extension TimeZoneSource {
  /// The instant at which a zone's clock shows a local time.
  ///
  /// A time that occurs twice is the second of the two, as in PostgreSQL; one that is skipped is read
  /// with the offset from before the gap.
  package func instant(ofLocal local: Int64) -> Int64 {
    if !Calendar.isValid(microseconds: local) { return local }
    let seconds = Calendar.floorDivided(local, Calendar.microsecondsPerSecond)
    // The offset a day earlier is the one before a change that is near, if one is.
    let before = offsetSeconds(atUTC: seconds - 86_400)
    let after = offsetSeconds(atUTC: seconds + 86_400)
    // A reading that comes twice is the later one, in standard time, as in PostgreSQL.
    if offsetSeconds(atUTC: seconds - after) == after {
      return local &- after &* Calendar.microsecondsPerSecond
    }
    return local &- before &* Calendar.microsecondsPerSecond
  }

  /// What a zone's clock shows at an instant.
  package func local(ofInstant instant: Int64) -> Int64 {
    if !Calendar.isValid(microseconds: instant) { return instant }
    let seconds = Calendar.floorDivided(instant, Calendar.microsecondsPerSecond)
    return instant &+ offsetSeconds(atUTC: seconds) &* Calendar.microsecondsPerSecond
  }
}
