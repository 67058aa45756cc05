/// The proleptic Gregorian calendar in integers: days since 1970-01-01, microseconds since then.
///
/// Years are astronomical: 0 is 1 BC. Dates lie in years -290,000 to 290,000, so that every date is
/// also a timestamp; `isValid` tells, and whatever makes a date from user data must ask.
package enum Calendar {
  /// The microseconds of a day.
  package static let microsecondsPerDay: Int64 = 86_400_000_000
  /// The microseconds of an hour.
  package static let microsecondsPerHour: Int64 = 3_600_000_000
  /// The microseconds of a minute.
  package static let microsecondsPerMinute: Int64 = 60_000_000
  /// The microseconds of a second.
  package static let microsecondsPerSecond: Int64 = 1_000_000

  /// The years in which dates may lie.
  package static let validYears: ClosedRange<Int64> = -290_000...290_000
  /// The days that are dates.
  package static let validDays: ClosedRange<Int64> = {
    days(
      year: validYears.lowerBound,
      month: 1,
      day: 1
    )...days(
      year: validYears.upperBound,
      month: 12,
      day: 31
    )
  }()
  /// The instants that are timestamps.
  package static let validMicroseconds: ClosedRange<Int64> = {
    validDays.lowerBound * microsecondsPerDay...(validDays.upperBound + 1) * microsecondsPerDay - 1
  }()

  /// The days that stand for `infinity` and `-infinity`: those next to the valid ones.
  ///
  /// So they sort as they should, and a cast between DATE and TIMESTAMP keeps them; what computes
  /// on dates asks `isValid` and lets them pass, or gives NULL.
  package static let infiniteDays = (
    negative: validDays.lowerBound - 1, positive: validDays.upperBound + 1
  )
  /// The instants that stand for `infinity` and `-infinity`.
  package static let infiniteInstants = (
    negative: infiniteDays.negative * microsecondsPerDay,
    positive: infiniteDays.positive * microsecondsPerDay
  )

  /// A day of the calendar.
  package struct Civil: Sendable, Hashable {
    /// The astronomical year.
    package var year: Int64
    /// The month, 1 to 12.
    package var month: Int64
    /// The day of the month, 1 to 31.
    package var day: Int64

    /// Creates a day.
    package init(year: Int64, month: Int64, day: Int64) {
      self.year = year
      self.month = month
      self.day = day
    }
  }

  /// Returns the days from 1970-01-01 to a day; the parts must be in range.
  ///
  /// Counts from 1 March, so that the leap day is a year's last, in eras of 400 years.
  package static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year &- 1 : year
    let era = floorDivided(shifted, 400)
    let yearOfEra = shifted &- era &* 400
    let monthFromMarch = month > 2 ? month &- 3 : month &+ 9
    let dayOfYear = (153 &* monthFromMarch &+ 2) / 5 &+ day &- 1
    let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
    return era &* 146_097 &+ dayOfEra &- 719_468
  }

  /// Returns the days from 1970-01-01 to a day; nil if there is no such day.
  package static func checkedDays(year: Int64, month: Int64, day: Int64) -> Int64? {
    guard validYears.contains(year), month >= 1, month <= 12, day >= 1,
      day <= daysInMonth(year: year, month: month)
    else { return nil }
    return days(year: year, month: month, day: day)
  }

  /// Returns the year, month and day of a date; meaningless, but harmless, for other numbers.
  package static func civil(_ days: Int64) -> Civil {
    CivilTable.shared.civil(days)
  }

  /// Returns the year, month and day of a date by arithmetic.
  ///
  /// Euclidean affine functions (Neri and Schneider, "Euclidean affine functions and their
  /// application to calendar algorithms", 2022): multiplications in place of most divisions.
  static func computedCivil(_ days: Int64) -> Civil {
    // 800 cycles of 400 years make every valid day positive, and 4 times it fit 32 bits.
    let shifted = UInt32(truncatingIfNeeded: days &+ (719_468 + 146_097 * 800))
    let centuryNumerator = 4 &* shifted &+ 3
    let century = centuryNumerator / 146_097
    let dayOfCentury = centuryNumerator % 146_097 / 4
    let yearProduct = 2_939_745 &* UInt64(4 &* dayOfCentury &+ 3)
    let yearOfCentury = UInt32(truncatingIfNeeded: yearProduct >> 32)
    let dayOfYear = UInt32(truncatingIfNeeded: yearProduct) / 2_939_745 / 4
    let monthNumerator = 2_141 &* dayOfYear &+ 197_913
    let month = Int64(monthNumerator >> 16)
    let day = Int64((monthNumerator & 0xFFFF) / 2_141) &+ 1
    // The computational year begins in March.
    let isNextYear = dayOfYear >= 306
    let year = Int64(100 &* century &+ yearOfCentury) &- 400 * 800 &+ (isNextYear ? 1 : 0)
    return Civil(year: year, month: isNextYear ? month &- 12 : month, day: day)
  }

  /// Whether a year has a 29 February.
  package static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// Returns the number of days of a month, 1 to 12.
  package static func daysInMonth(year: Int64, month: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Whether a number of days is a date.
  package static func isValid(days: Int64) -> Bool {
    validDays.contains(days)
  }

  /// Whether a number of microseconds is a timestamp.
  package static func isValid(microseconds: Int64) -> Bool {
    validMicroseconds.contains(microseconds)
  }

  /// Returns the day on which an instant falls.
  package static func day(ofMicroseconds microseconds: Int64) -> Int64 {
    floorDivided(microseconds, microsecondsPerDay)
  }

  /// Returns the microseconds since midnight of an instant.
  package static func timeOfDay(ofMicroseconds microseconds: Int64) -> Int64 {
    microseconds &- floorDivided(microseconds, microsecondsPerDay) &* microsecondsPerDay
  }

  /// Returns the weekday, 1 for Monday to 7 for Sunday.
  package static func isoWeekday(_ days: Int64) -> Int64 {
    let shifted = (days &+ 3) % 7
    return (shifted < 0 ? shifted &+ 7 : shifted) &+ 1
  }

  /// Returns the ISO 8601 year and week, which belong to the week's Thursday.
  package static func isoWeek(_ days: Int64) -> (year: Int64, week: Int64) {
    let thursday = days &- isoWeekday(days) &+ 4
    let year = civil(thursday).year
    return (year, (thursday &- Self.days(year: year, month: 1, day: 1)) / 7 &+ 1)
  }

  /// Returns the day of the year, from 1.
  package static func dayOfYear(_ days: Int64) -> Int64 {
    days &- Self.days(year: civil(days).year, month: 1, day: 1) &+ 1
  }

  /// Returns the day some months later, clamped to the end of its month; nil outside the calendar.
  package static func addingMonths(_ months: Int64, toDays days: Int64) -> Int64? {
    let start = civil(days)
    let count = start.year &* 12 &+ start.month &- 1 &+ months
    let year = floorDivided(count, 12)
    guard validYears.contains(year) else { return nil }
    let month = count &- year &* 12 &+ 1
    return Self.days(
      year: year,
      month: month,
      day: min(start.day, daysInMonth(year: year, month: month))
    )
  }

  /// Returns an instant moved by an interval: months first, then days, then microseconds; nil
  /// outside the calendar.
  package static func adding(_ interval: Interval, toMicroseconds instant: Int64) -> Int64? {
    var day = day(ofMicroseconds: instant)
    let time = instant &- day &* microsecondsPerDay
    if interval.months != 0 {
      guard let moved = addingMonths(Int64(interval.months), toDays: day) else { return nil }
      day = moved
    }
    day &+= Int64(interval.days)
    guard isValid(days: day) else { return nil }
    let (moved, overflow) = (day &* microsecondsPerDay &+ time)
      .addingReportingOverflow(interval.microseconds)
    return overflow || !isValid(microseconds: moved) ? nil : moved
  }

  /// Divides towards negative infinity; the divisor is positive.
  package static func floorDivided(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient &- 1 : quotient
  }
}

extension Interval {
  /// The length by which intervals are compared: a month is 30 days and a day 24 hours.
  package var comparisonKey: Int128 {
    let days = Int128(months) * 30 + Int128(self.days)
    return days * Int128(Calendar.microsecondsPerDay) + Int128(microseconds)
  }

  /// The interval with each part negated; nil on overflow.
  package var negated: Interval? {
    let months = Int32(0).subtractingReportingOverflow(months)
    let days = Int32(0).subtractingReportingOverflow(days)
    let microseconds = Int64(0).subtractingReportingOverflow(microseconds)
    if months.overflow || days.overflow || microseconds.overflow { return nil }
    return Interval(
      months: months.partialValue,
      days: days.partialValue,
      microseconds: microseconds.partialValue
    )
  }
}
