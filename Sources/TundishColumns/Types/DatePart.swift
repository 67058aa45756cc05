/// A part of a date or time, as `date_part`, `date_trunc` and `date_diff` name it.
package enum DatePart: Sendable, Hashable, CaseIterable {
  case year
  case month
  case day
  case hour
  case minute
  case second
  case millisecond
  case microsecond
  case nanosecond
  case week
  case quarter
  case decade
  case century
  case millennium
  case era
  /// 0 for Sunday to 6 for Saturday
  case dayOfWeek
  /// 1 for Monday to 7 for Sunday
  case isoDayOfWeek
  case dayOfYear
  case isoYear
  /// The ISO year times 100 plus the week
  case yearWeek
  /// Seconds since 1970-01-01, with fraction
  case epoch
  case julian
  case timezone
  case timezoneHour
  case timezoneMinute
  /// The fiscal year, named by the calendar year in which it ends
  case fiscalYear
  /// The fiscal quarter, 1 to 4
  case fiscalQuarter

  /// The names, in lower case; the first is canonical.
  package var names: [String] {
    switch self {
    case .year: ["year", "years", "y", "yr", "yrs"]
    case .month: ["month", "months", "mon", "mons"]
    case .day: ["day", "days", "d", "dayofmonth"]
    case .hour: ["hour", "hours", "h", "hr", "hrs"]
    case .minute: ["minute", "minutes", "m", "min", "mins"]
    case .second: ["second", "seconds", "s", "sec", "secs"]
    case .millisecond: ["millisecond", "milliseconds", "ms", "msec", "msecs"]
    case .microsecond: ["microsecond", "microseconds", "us", "usec", "usecs"]
    case .nanosecond: ["nanosecond", "nanoseconds", "ns"]
    case .week: ["week", "weeks", "w", "weekofyear"]
    case .quarter: ["quarter", "quarters"]
    case .decade: ["decade", "decades", "dec", "decs"]
    case .century: ["century", "centuries", "cent", "c"]
    case .millennium: ["millennium", "millennia", "millenium", "mil", "mils"]
    case .era: ["era"]
    case .dayOfWeek: ["dow", "dayofweek", "weekday"]
    case .isoDayOfWeek: ["isodow"]
    case .dayOfYear: ["doy", "dayofyear"]
    case .isoYear: ["isoyear"]
    case .yearWeek: ["yearweek"]
    case .epoch: ["epoch"]
    case .julian: ["julian"]
    case .timezone: ["timezone"]
    case .timezoneHour: ["timezone_hour"]
    case .timezoneMinute: ["timezone_minute"]
    case .fiscalYear: ["fiscal_year", "fiscal_years"]
    case .fiscalQuarter: ["fiscal_quarter", "fiscal_quarters"]
    }
  }

  private static let byName: [String: DatePart] = {
    var parts: [String: DatePart] = [:]
    for part in allCases {
      for name in part.names { parts[name] = part }
    }
    return parts
  }()

  /// Finds a part by any of its names, compared case-insensitively.
  package init?(_ name: String) {
    guard let part = Self.byName[foldedKey(name)] else { return nil }
    self = part
  }

  /// The span that a part counts: days for the number of a day, seconds for `epoch`.
  package var span: DatePart {
    switch self {
    case .dayOfWeek, .isoDayOfWeek, .dayOfYear, .julian: .day
    case .yearWeek: .week
    case .epoch: .second
    case .year, .month, .day, .hour, .minute, .second, .millisecond, .microsecond, .nanosecond,
      .week, .quarter, .decade, .century, .millennium, .era, .isoYear, .timezone, .timezoneHour,
      .timezoneMinute, .fiscalYear, .fiscalQuarter:
      self
    }
  }

  /// Whether it is shorter than a day.
  package var isOfClock: Bool {
    switch self {
    case .hour, .minute, .second, .millisecond, .microsecond, .nanosecond, .epoch: true
    case .year, .month, .day, .week, .quarter, .decade, .century, .millennium, .era, .dayOfWeek,
      .isoDayOfWeek, .dayOfYear, .isoYear, .yearWeek, .julian, .timezone, .timezoneHour,
      .timezoneMinute, .fiscalYear, .fiscalQuarter:
      false
    }
  }

  /// Whether `date_trunc`, `date_diff` and `date_sub` can count in it.
  package var isSpan: Bool {
    switch self {
    case .year, .month, .day, .hour, .minute, .second, .millisecond, .microsecond, .week, .quarter,
      .decade, .century, .millennium, .isoYear, .fiscalYear, .fiscalQuarter, .dayOfWeek,
      .isoDayOfWeek, .dayOfYear, .yearWeek, .epoch, .julian:
      true
    case .nanosecond, .era, .timezone, .timezoneHour, .timezoneMinute: false
    }
  }
}
