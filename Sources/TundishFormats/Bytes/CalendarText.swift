// Text of dates, times and intervals, appended as bytes.
extension [UInt8] {
  /// Microseconds in a day.
  static var microsecondsPerDay: Int64 { 86_400_000_000 }

  /// Appends a date as `2026-01-31`; years before 1 as `0044-01-01 (BC)`.
  mutating func appendDate(_ days: Int64) {
    if let infinity = CivilDate.infinity(days: days) { return append(infinity) }
    let (year, month, day) = CivilDate.from(days: days)
    appendDigits(UInt64(truncatingIfNeeded: year > 0 ? year : 1 - year), minimumCount: 4)
    append(UInt8(ascii: "-"))
    appendDigits(UInt64(truncatingIfNeeded: month), minimumCount: 2)
    append(UInt8(ascii: "-"))
    appendDigits(UInt64(truncatingIfNeeded: day), minimumCount: 2)
    if year <= 0 { append(" (BC)") }
  }

  /// Appends a time of day as `10:00:00`, with a fraction only where it is not zero.
  mutating func appendTime(_ microseconds: Int64) {
    let seconds = UInt64(truncatingIfNeeded: Swift.max(0, microseconds) / 1_000_000)
    appendDigits(seconds / 3_600, minimumCount: 2)
    append(UInt8(ascii: ":"))
    appendDigits(seconds / 60 % 60, minimumCount: 2)
    append(UInt8(ascii: ":"))
    appendDigits(seconds % 60, minimumCount: 2)
    var fraction = UInt64(truncatingIfNeeded: Swift.max(0, microseconds) % 1_000_000)
    guard fraction > 0 else { return }
    var digitCount = 6
    while fraction % 10 == 0 {
      fraction /= 10
      digitCount -= 1
    }
    append(UInt8(ascii: "."))
    appendDigits(fraction, minimumCount: digitCount)
  }

  /// Appends a timestamp as `2026-01-31 10:00:00.5`.
  mutating func appendTimestamp(_ microseconds: Int64) {
    var days = microseconds / Self.microsecondsPerDay
    var rest = microseconds % Self.microsecondsPerDay
    if rest < 0 {
      rest += Self.microsecondsPerDay
      days -= 1
    }
    if let infinity = CivilDate.infinity(days: days) { return append(infinity) }
    appendDate(days)
    append(UInt8(ascii: " "))
    appendTime(rest)
  }

  /// Appends an instant as the clock of a zone shows it: `2026-01-31 11:00:00+01`.
  mutating func appendTimestampTZ(_ microseconds: Int64, offsetSeconds: Int) {
    if CivilDate.infinity(days: microseconds / Self.microsecondsPerDay) != nil {
      return appendTimestamp(microseconds)
    }
    let (shifted, overflow) = microseconds.addingReportingOverflow(Int64(offsetSeconds) * 1_000_000)
    appendTimestamp(overflow ? microseconds : shifted)
    append(UInt8(ascii: offsetSeconds < 0 ? "-" : "+"))
    let seconds = UInt64(offsetSeconds.magnitude)
    appendDigits(seconds / 3_600, minimumCount: 2)
    guard seconds % 3_600 != 0 else { return }
    append(UInt8(ascii: ":"))
    appendDigits(seconds / 60 % 60, minimumCount: 2)
    guard seconds % 60 != 0 else { return }
    append(UInt8(ascii: ":"))
    appendDigits(seconds % 60, minimumCount: 2)
  }

  /// Appends an interval as `1 year 2 months 3 days 04:05:06`.
  mutating func appendInterval(months: Int32, days: Int32, microseconds: Int64) {
    let start = count
    appendPart(Int64(months / 12), of: "year", from: start)
    appendPart(Int64(months % 12), of: "month", from: start)
    appendPart(Int64(days), of: "day", from: start)
    guard microseconds != 0 || count == start else { return }
    if count > start { append(UInt8(ascii: " ")) }
    if microseconds < 0 { append(UInt8(ascii: "-")) }
    appendTime(Int64(clamping: microseconds.magnitude))
  }

  private mutating func appendPart(_ value: Int64, of unit: String, from start: Int) {
    guard value != 0 else { return }
    if count > start { append(UInt8(ascii: " ")) }
    appendInteger(value)
    append(value == 1 || value == -1 ? " \(unit)" : " \(unit)s")
  }
}

/// Conversions between days since 1970-01-01 and year, month, day of the proleptic Gregorian
/// calendar, by counting in 400-year cycles that begin on 1 March.
enum CivilDate {
  /// The days of the years -290,000 to 290,000: the day after and the day before are infinite.
  private static let finiteDays: ClosedRange<Int64> = -106_639_853...105_201_162

  /// Returns how an infinite date is written, or nil for one that is finite.
  @inline(__always)
  static func infinity(days: Int64) -> String? {
    if finiteDays.contains(days) { return nil }
    return days < 0 ? "-infinity" : "infinity"
  }

  /// Returns year, month and day of a day number.
  @inline(__always)
  static func from(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days &+ 719_468
    let cycle = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
    let dayOfCycle = shifted &- cycle &* 146_097
    let yearOfCycle =
      (dayOfCycle &- dayOfCycle / 1_460 &+ dayOfCycle / 36_524 &- dayOfCycle / 146_096) / 365
    let dayOfYear =
      dayOfCycle &- (365 &* yearOfCycle &+ yearOfCycle / 4 &- yearOfCycle / 100)
    let marchMonth = (5 &* dayOfYear &+ 2) / 153
    let day = dayOfYear &- (153 &* marchMonth &+ 2) / 5 &+ 1
    let month = marchMonth < 10 ? marchMonth &+ 3 : marchMonth &- 9
    return (yearOfCycle &+ cycle &* 400 &+ (month <= 2 ? 1 : 0), month, day)
  }

  /// Whether all days are in the years 1 to 9999.
  static func haveFourDigitYears(_ days: [Int64]) -> Bool {
    var isFine = true
    // Under NULL there is a zero.
    for day in days { isFine = isFine && day >= -719_162 && day <= 2_932_896 }
    return isFine
  }

  /// Returns the day number of a date that exists, or nil.
  @inline(__always)
  static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
    guard month >= 1, month <= 12, day >= 1, day <= 31, year > -100_000, year < 1_000_000 else {
      return nil
    }
    if day > 28, day > dayCount(year: year, month: month) { return nil }
    let marchYear = month <= 2 ? year &- 1 : year
    let cycle = (marchYear >= 0 ? marchYear : marchYear &- 399) / 400
    let yearOfCycle = marchYear &- cycle &* 400
    let marchMonth = month > 2 ? month &- 3 : month &+ 9
    let dayOfYear = (153 &* marchMonth &+ 2) / 5 &+ day &- 1
    let dayOfCycle = yearOfCycle &* 365 &+ yearOfCycle / 4 &- yearOfCycle / 100 &+ dayOfYear
    return cycle &* 146_097 &+ dayOfCycle &- 719_468
  }

  /// Returns the number of days of a month.
  static func dayCount(year: Int64, month: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
