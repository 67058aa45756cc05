/// Which of two numbers of a date is the day.
package enum DayOrder: String, Sendable, Hashable {
  /// 31/12/2026
  case dayFirst = "d/m/y"
  /// 12/31/2026
  case monthFirst = "m/d/y"
}

/// A date, perhaps with a time, whose day and month may still be in doubt.
struct WrittenMoment {
  var year: Int64 = 0
  /// The month, or the first of two numbers in doubt.
  var first: Int64 = 0
  /// The day, or the second of two numbers in doubt.
  var second: Int64 = 0
  /// Whether `first` and `second` stand as written, and an order decides.
  var isInDoubt = false
  /// Microseconds since midnight; nil where there is no time.
  var time: Int64?
  /// The offset of the zone from UTC in seconds; nil where there is none.
  var offsetSeconds: Int64?

  /// The day number under an order; nil where there is no such day.
  func days(_ order: DayOrder) -> Int64? {
    if isInDoubt, order == .dayFirst {
      return CivilDate.days(year: year, month: second, day: first)
    }
    return CivilDate.days(year: year, month: first, day: second)
  }

  /// Microseconds since 1970, in UTC where there is a zone.
  func microseconds(_ order: DayOrder) -> Int64? {
    guard let days = days(order) else { return nil }
    let midnight = days &* 86_400_000_000
    return midnight &+ (time ?? 0) &- (offsetSeconds ?? 0) &* 1_000_000
  }
}

/// Reads dates, times and durations as people and machines write them.
enum TemporalReading {
  /// Reads a date with or without a time that fills a range of bytes.
  static func moment(_ bytes: Span<UInt8>, _ range: Range<Int>) -> WrittenMoment? {
    guard range.count >= 6, range.count <= TextCursor.capacity else { return nil }
    var cursor = TextCursor(bytes, range)
    guard var moment = date(&cursor) else { return nil }
    if cursor.isAtEnd { return moment }
    if !cursor.skip(UInt8(ascii: "T")), !cursor.skip(UInt8(ascii: "t")) {
      _ = cursor.skip(UInt8(ascii: ","))
      guard cursor.skipSpaces() else { return nil }
    }
    guard let time = timeOfDay(&cursor) else { return nil }
    moment.time = time
    if cursor.isAtEnd { return moment }
    guard let offset = zone(&cursor), cursor.isAtEnd else { return nil }
    moment.offsetSeconds = offset
    return moment
  }

  /// Reads a time of day that fills a range of bytes.
  static func time(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard range.count >= 4, range.count <= 32 else { return nil }
    var cursor = TextCursor(bytes, range)
    guard let time = timeOfDay(&cursor), cursor.isAtEnd else { return nil }
    return time
  }

  /// Reads a duration such as `1 day, 16:26:23` or `30:00:00`.
  static func duration(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>
  ) -> (days: Int64, microseconds: Int64)? {
    guard range.count >= 4, range.count <= 48 else { return nil }
    var cursor = TextCursor(bytes, range)
    let isNegative = cursor.skip(UInt8(ascii: "-"))
    guard let (first, _) = cursor.digits(upTo: 6) else { return nil }
    var days: Int64 = 0
    var hours = first
    if cursor.skipSpaces() {
      guard cursor.skip(word: "day") else { return nil }
      _ = cursor.skip(UInt8(ascii: "s"))
      days = first
      if cursor.isAtEnd { return (isNegative ? -days : days, 0) }
      _ = cursor.skip(UInt8(ascii: ","))
      guard cursor.skipSpaces(), let (number, _) = cursor.digits(upTo: 6) else { return nil }
      hours = number
    }
    guard let rest = minutesAndSeconds(&cursor), cursor.isAtEnd else { return nil }
    let microseconds = hours &* 3_600_000_000 &+ rest
    return isNegative ? (-days, -microseconds) : (days, microseconds)
  }

  /// Reads `20260131`, years 1900 to 2100.
  static func compactDate(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard range.count == 8 else { return nil }
    var cursor = TextCursor(bytes, range)
    guard let number = cursor.digits(exactly: 8) else { return nil }
    let year = number / 10_000
    guard year >= 1_900, year <= 2_100 else { return nil }
    return CivilDate.days(year: year, month: number / 100 % 100, day: number % 100)
  }

  private static func date(_ cursor: inout TextCursor) -> WrittenMoment? {
    if let month = cursor.monthAfterWeekday() {
      // Apr 15, 2021
      _ = cursor.skip(UInt8(ascii: "."))
      guard cursor.skipSeparator() else { return nil }
      guard let (day, _) = cursor.digits(upTo: 2) else { return nil }
      _ = cursor.skip(UInt8(ascii: ","))
      guard cursor.skipSeparator(), let year = cursor.year() else { return nil }
      return WrittenMoment(year: year, first: month, second: day)
    }
    guard let (first, length) = cursor.digits(upTo: 4), length != 3 else { return nil }
    if length == 4 {
      if cursor.skip(sign: .year) { return dateBySigns(&cursor, year: first) }
      guard let mark = cursor.dateMark() else { return nil }
      guard let (month, _) = cursor.digits(upTo: 2), cursor.skip(mark),
        let (day, _) = cursor.digits(upTo: 2)
      else { return nil }
      guard CivilDate.days(year: first, month: month, day: day) != nil else { return nil }
      return WrittenMoment(year: first, first: month, second: day)
    }
    let start = cursor
    if dayEnd(&cursor), let month = cursor.month() {
      // 15 Apr, 2021; 15-Apr-21; 15 de abril de 2021
      _ = cursor.skip(UInt8(ascii: "."))
      _ = cursor.skip(UInt8(ascii: ","))
      guard cursor.skipSeparator() else { return nil }
      if cursor.skip(word: "de"), !cursor.skipSpaces() { return nil }
      guard let year = cursor.year() else { return nil }
      return WrittenMoment(year: year, first: month, second: first)
    }
    cursor = start
    guard let mark = cursor.dateMark(), let (second, _) = cursor.digits(upTo: 2),
      cursor.skip(mark), let year = cursor.year(twoDigitsAfter: (mark, length))
    else { return nil }
    guard first >= 1, second >= 1 else { return nil }
    if mark == UInt8(ascii: ".") {
      // Nobody writes the month first with points.
      guard CivilDate.days(year: year, month: second, day: first) != nil else { return nil }
      return WrittenMoment(year: year, first: second, second: first)
    }
    return WrittenMoment(year: year, first: first, second: second, isInDoubt: true)
  }

  /// Reads what stands between a day and the name of a month.
  private static func dayEnd(_ cursor: inout TextCursor) -> Bool {
    if cursor.skip(UInt8(ascii: "-")) { return true }
    // 3. März, 1er janvier, 3 de enero
    if !cursor.skip(UInt8(ascii: ".")) { _ = cursor.skip(word: "er") }
    guard cursor.skipSpaces() else { return false }
    let start = cursor
    if !cursor.skip(word: "de") || !cursor.skipSpaces() { cursor = start }
    return true
  }

  /// Reads month and day of `2026年1月31日` or `2026년 1월 31일`.
  private static func dateBySigns(_ cursor: inout TextCursor, year: Int64) -> WrittenMoment? {
    _ = cursor.skipSpaces()
    guard let (month, _) = cursor.digits(upTo: 2), cursor.skip(sign: .month) else { return nil }
    _ = cursor.skipSpaces()
    guard let (day, _) = cursor.digits(upTo: 2), cursor.skip(sign: .day),
      CivilDate.days(year: year, month: month, day: day) != nil
    else { return nil }
    return WrittenMoment(year: year, first: month, second: day)
  }

  private static func timeOfDay(_ cursor: inout TextCursor) -> Int64? {
    guard let (written, _) = cursor.digits(upTo: 2) else { return nil }
    guard var rest = minutesAndSeconds(&cursor) else { return nil }
    var hours = written
    let afterDigits = cursor
    _ = cursor.skipSpaces()
    if let isAfternoon = cursor.halfOfDay() {
      guard hours >= 1, hours <= 12 else { return nil }
      hours = hours % 12 + (isAfternoon ? 12 : 0)
    } else {
      cursor = afterDigits
    }
    guard hours <= 23 else { return nil }
    rest &+= hours &* 3_600_000_000
    return rest
  }

  /// Reads `:MM`, `:MM:SS` or `:MM:SS.ffffff`; digits beyond microseconds are passed over.
  private static func minutesAndSeconds(_ cursor: inout TextCursor) -> Int64? {
    guard cursor.skip(UInt8(ascii: ":")), let minutes = cursor.digits(exactly: 2), minutes < 60
    else { return nil }
    guard cursor.skip(UInt8(ascii: ":")) else { return minutes &* 60_000_000 }
    guard let seconds = cursor.digits(exactly: 2), seconds < 60 else { return nil }
    var fraction: Int64 = 0
    if cursor.skip(UInt8(ascii: ".")) || cursor.skip(UInt8(ascii: ",")) {
      guard let (digits, length) = cursor.digits(upTo: 6) else { return nil }
      fraction = digits
      for _ in length..<6 { fraction &*= 10 }
      while cursor.skipDigit() {}
    }
    return (minutes &* 60 &+ seconds) &* 1_000_000 &+ fraction
  }

  static func zone(_ cursor: inout TextCursor) -> Int64? {
    if cursor.skip(UInt8(ascii: "Z")) || cursor.skip(UInt8(ascii: "z")) { return 0 }
    _ = cursor.skipSpaces()
    if cursor.skip(word: "utc") || cursor.skip(word: "gmt") || cursor.skip(word: "z") {
      if cursor.isAtEnd { return 0 }
    }
    let isWest = cursor.skip(UInt8(ascii: "-"))
    guard isWest || cursor.skip(UInt8(ascii: "+")) else { return nil }
    guard let hours = cursor.digits(exactly: 2), hours <= 18 else { return nil }
    var seconds = hours &* 3_600
    let hasColon = cursor.skip(UInt8(ascii: ":"))
    if let (minutes, length) = cursor.digits(upTo: 2) {
      guard length == 2, minutes < 60 else { return nil }
      seconds &+= minutes &* 60
    } else if hasColon {
      return nil
    }
    return isWest ? -seconds : seconds
  }
}
