internal import TundishSyntax

/// A point on the session's calendar and clock, in microseconds since 1970-01-01 00:00:00.
struct LocalInstant: Hashable, Comparable {
  /// The microseconds.
  let microseconds: Int64

  static let microsecondsPerDay: Int64 = 86_400_000_000

  init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// The first instant of a day.
  init(_ day: CivilDay) {
    microseconds = Int64(day.number) * Self.microsecondsPerDay
  }

  static func < (left: LocalInstant, right: LocalInstant) -> Bool {
    left.microseconds < right.microseconds
  }

  /// The day that the instant lies in.
  var day: CivilDay {
    let quotient = microseconds / Self.microsecondsPerDay
    let isBefore = microseconds % Self.microsecondsPerDay < 0
    return CivilDay(number: Int(quotient) - (isBefore ? 1 : 0))
  }

  /// Whether a day begins here.
  var isMidnight: Bool { microseconds % Self.microsecondsPerDay == 0 }

  /// The last day that has begun before the instant.
  var lastDay: CivilDay { LocalInstant(microseconds: microseconds - 1).day }
}

extension LocalInstant: CustomStringConvertible {
  /// `2026-01-31`, or `2026-01-31 10:00:00.5`.
  var description: String {
    if isMidnight { return day.description }
    let rest = microseconds - LocalInstant(day).microseconds
    let seconds = Int(rest / 1_000_000)
    var text =
      "\(day) \(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    let fraction = Int(rest % 1_000_000)
    if fraction > 0 { text += "." + padded(fraction, 6) }
    return text
  }
}

/// A day of the proleptic Gregorian calendar, counted from 1970-01-01.
struct CivilDay: Hashable, Comparable {
  /// Days since 1970-01-01.
  let number: Int

  init(number: Int) {
    self.number = number
  }

  /// Creates a day; months below 1 or above 12 count into other years.
  ///
  /// Days are counted from March 1 of year 0, so that leap days end their year.
  init(year: Int, month: Int, day: Int) {
    let months = year * 12 + month - 1
    let year = Self.floorDivide(months, 12)
    let month = months - year * 12 + 1
    let marchYear = month <= 2 ? year - 1 : year
    let era = Self.floorDivide(marchYear, 400)
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    number = era * 146_097 + dayOfEra - 719_468
  }

  /// Reads text such as `2026-01-31`; nil for other text or days that do not exist.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), (0...9999).contains(year), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    self.init(year: year, month: month, day: day)
    guard components == (year, month, day) else { return nil }
  }

  static func < (left: CivilDay, right: CivilDay) -> Bool { left.number < right.number }

  static func + (day: CivilDay, count: Int) -> CivilDay { CivilDay(number: day.number + count) }

  /// Year, month and day of month.
  var components: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = Self.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, day)
  }

  /// 1 for Monday to 7 for Sunday.
  var weekday: Int {
    let rest = (number + 3) % 7
    return (rest < 0 ? rest + 7 : rest) + 1
  }

  /// The same day of the month that many months later, or that month's last day.
  func adding(months: Int) -> CivilDay {
    let (year, month, day) = components
    let first = CivilDay(year: year, month: month + months, day: 1)
    let next = CivilDay(year: year, month: month + months + 1, day: 1)
    return first + min(day - 1, next.number - first.number - 1)
  }

  static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
  }
}

extension CivilDay: CustomStringConvertible {
  /// The day as text such as `2026-01-31`.
  var description: String {
    let (year, month, day) = components
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

/// A number with leading zeros.
func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// A number with separators between groups of three digits: `2,089`.
func groupedDigits(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  var text = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return text
}

/// The calendar of a session: where weeks and fiscal years start.
struct SalesCalendar {
  /// 1 for Monday to 7 for Sunday.
  let weekStart: Int
  /// 1 for January to 12.
  let fiscalYearStart: Int

  /// The first day of the bucket that a day lies in.
  func start(of grain: Grain, at day: CivilDay) -> CivilDay {
    let (year, month, _) = day.components
    switch grain {
    case .day: return day
    case .week: return day + -((day.weekday - weekStart + 7) % 7)
    case .month: return CivilDay(year: year, month: month, day: 1)
    case .quarter: return CivilDay(year: year, month: (month - 1) / 3 * 3 + 1, day: 1)
    case .year: return CivilDay(year: year, month: 1, day: 1)
    case .fiscalQuarter:
      let months = (month - fiscalYearStart + 12) % 3
      return CivilDay(year: year, month: month - months, day: 1)
    case .fiscalYear:
      let months = (month - fiscalYearStart + 12) % 12
      return CivilDay(year: year, month: month - months, day: 1)
    }
  }

  /// The first day of the bucket that is `count` buckets after the one that starts on a day.
  func advance(_ start: CivilDay, by count: Int, _ grain: Grain) -> CivilDay {
    switch grain {
    case .day: start + count
    case .week: start + 7 * count
    case .month: start.adding(months: count)
    case .quarter, .fiscalQuarter: start.adding(months: 3 * count)
    case .year, .fiscalYear: start.adding(months: 12 * count)
    }
  }

  /// The first day of the fiscal year that is named by the calendar year in which it ends.
  func fiscalYear(_ year: Int) -> CivilDay {
    CivilDay(year: fiscalYearStart == 1 ? year : year - 1, month: fiscalYearStart, day: 1)
  }

  /// The length of one bucket.
  static func length(of grain: Grain) -> (count: Int, unit: IntervalUnit) {
    switch grain {
    case .day: (1, .day)
    case .week: (7, .day)
    case .month: (1, .month)
    case .quarter, .fiscalQuarter: (3, .month)
    case .year, .fiscalYear: (12, .month)
    }
  }
}
