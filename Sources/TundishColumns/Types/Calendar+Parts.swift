extension Calendar {
  /// Returns an integer part of an instant given in microseconds; `epoch` and `julian` truncated.
  package static func part(
    _ part: DatePart,
    ofMicroseconds instant: Int64,
    firstMonth: Int = 1
  ) -> Int64 {
    switch part {
    case .hour: timeOfDay(ofMicroseconds: instant) / microsecondsPerHour
    case .minute: timeOfDay(ofMicroseconds: instant) / microsecondsPerMinute % 60
    case .second: timeOfDay(ofMicroseconds: instant) / microsecondsPerSecond % 60
    case .millisecond: timeOfDay(ofMicroseconds: instant) % microsecondsPerMinute / 1_000
    case .microsecond: timeOfDay(ofMicroseconds: instant) % microsecondsPerMinute
    case .nanosecond: timeOfDay(ofMicroseconds: instant) % microsecondsPerMinute * 1_000
    case .epoch: floorDivided(instant, microsecondsPerSecond)
    case .year, .month, .day, .week, .quarter, .decade, .century, .millennium, .era, .dayOfWeek,
      .isoDayOfWeek, .dayOfYear, .isoYear, .yearWeek, .julian, .timezone, .timezoneHour,
      .timezoneMinute, .fiscalYear, .fiscalQuarter:
      Self.part(part, ofDays: day(ofMicroseconds: instant), firstMonth: firstMonth)
    }
  }

  /// Returns an integer part of a date; parts of the clock are 0.
  package static func part(_ part: DatePart, ofDays days: Int64, firstMonth: Int = 1) -> Int64 {
    switch part {
    case .year: return civil(days).year
    case .month: return civil(days).month
    case .day: return civil(days).day
    case .quarter: return (civil(days).month - 1) / 3 + 1
    case .decade: return civil(days).year / 10
    case .century: return century(civil(days).year, years: 100)
    case .millennium: return century(civil(days).year, years: 1_000)
    case .era: return civil(days).year > 0 ? 1 : 0
    case .dayOfWeek: return isoWeekday(days) % 7
    case .isoDayOfWeek: return isoWeekday(days)
    case .dayOfYear: return dayOfYear(days)
    case .week: return isoWeek(days).week
    case .isoYear: return isoWeek(days).year
    case .yearWeek:
      let (year, week) = isoWeek(days)
      return year * 100 + (year > 0 ? week : -week)
    case .epoch: return days &* 86_400
    case .julian: return days &+ 2_440_588
    case .fiscalYear: return fiscalYear(ofDays: days, firstMonth: firstMonth)
    case .fiscalQuarter: return fiscalQuarter(ofDays: days, firstMonth: firstMonth)
    case .hour, .minute, .second, .millisecond, .microsecond, .nanosecond, .timezone,
      .timezoneHour, .timezoneMinute:
      return 0
    }
  }

  /// The century or millennium of a year; there is no century 0.
  private static func century(_ year: Int64, years: Int64) -> Int64 {
    year > 0 ? (year - 1) / years + 1 : year / years - 1
  }

  /// Returns the first day of the span in which a day lies; spans below a day give the day.
  ///
  /// `weekStart` is 1 for Monday to 7 for Sunday, `firstMonth` that of the fiscal year.
  package static func truncated(
    days: Int64,
    to part: DatePart,
    weekStart: Int = 1,
    firstMonth: Int = 1
  ) -> Int64 {
    switch part {
    case .year: return Self.days(year: civil(days).year, month: 1, day: 1)
    case .quarter:
      let date = civil(days)
      return Self.days(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1)
    case .month:
      let date = civil(days)
      return days &- date.day &+ 1
    case .week:
      let sinceStart = (isoWeekday(days) - Int64(weekStart) + 7) % 7
      return days &- sinceStart
    case .decade: return firstDay(ofYearsIn: 10, days)
    case .century: return firstDay(ofYearsIn: 100, days)
    case .millennium: return firstDay(ofYearsIn: 1_000, days)
    case .fiscalYear, .fiscalQuarter:
      let date = civil(days)
      let sinceStart = (date.month - Int64(firstMonth) + 12) % 12
      let first = days &- date.day &+ 1
      let back = part == .fiscalYear ? sinceStart : sinceStart % 3
      return addingMonths(-back, toDays: first) ?? validDays.lowerBound
    case .isoYear, .yearWeek:
      let week = isoWeek(days).week
      return days &- (isoWeekday(days) - 1) &- (week - 1) * 7
    case .day, .hour, .minute, .second, .millisecond, .microsecond, .nanosecond, .era, .dayOfWeek,
      .isoDayOfWeek, .dayOfYear, .epoch, .julian, .timezone, .timezoneHour, .timezoneMinute:
      return days
    }
  }

  private static func firstDay(ofYearsIn span: Int64, _ days: Int64) -> Int64 {
    Self.days(year: floorDivided(civil(days).year, span) * span, month: 1, day: 1)
  }

  /// Returns the first instant of the span in which an instant lies.
  package static func truncated(
    microseconds instant: Int64,
    to part: DatePart,
    weekStart: Int = 1,
    firstMonth: Int = 1
  ) -> Int64 {
    switch part {
    case .hour: return floorDivided(instant, microsecondsPerHour) &* microsecondsPerHour
    case .minute: return floorDivided(instant, microsecondsPerMinute) &* microsecondsPerMinute
    case .second, .epoch:
      return floorDivided(instant, microsecondsPerSecond) &* microsecondsPerSecond
    case .millisecond: return floorDivided(instant, 1_000) &* 1_000
    case .microsecond, .nanosecond: return instant
    case .year, .month, .day, .week, .quarter, .decade, .century, .millennium, .era, .dayOfWeek,
      .isoDayOfWeek, .dayOfYear, .isoYear, .yearWeek, .julian, .timezone, .timezoneHour,
      .timezoneMinute, .fiscalYear, .fiscalQuarter:
      let day = truncated(
        days: day(ofMicroseconds: instant),
        to: part,
        weekStart: weekStart,
        firstMonth: firstMonth
      )
      return max(day, validDays.lowerBound) &* microsecondsPerDay
    }
  }

  /// Returns the number of boundaries of a span between two instants: what `date_diff` counts.
  package static func boundaries(
    of part: DatePart,
    from start: Int64,
    to end: Int64,
    weekStart: Int = 1,
    firstMonth: Int = 1
  ) -> Int64 {
    let startDay = day(ofMicroseconds: start)
    let endDay = day(ofMicroseconds: end)
    switch part {
    case .year: return civil(endDay).year - civil(startDay).year
    case .quarter: return quarterNumber(endDay) - quarterNumber(startDay)
    case .month: return monthNumber(endDay) - monthNumber(startDay)
    case .decade:
      return floorDivided(civil(endDay).year, 10) - floorDivided(civil(startDay).year, 10)
    case .century:
      return floorDivided(civil(endDay).year, 100) - floorDivided(civil(startDay).year, 100)
    case .millennium:
      return floorDivided(civil(endDay).year, 1_000) - floorDivided(civil(startDay).year, 1_000)
    case .isoYear, .yearWeek: return isoWeek(endDay).year - isoWeek(startDay).year
    case .fiscalYear:
      return fiscalYear(ofDays: endDay, firstMonth: firstMonth)
        - fiscalYear(ofDays: startDay, firstMonth: firstMonth)
    case .fiscalQuarter:
      let shift = Int64(firstMonth) - 1
      return floorDivided(monthNumber(endDay) - shift, 3)
        - floorDivided(monthNumber(startDay) - shift, 3)
    case .week:
      let first = truncated(days: startDay, to: .week, weekStart: weekStart)
      let last = truncated(days: endDay, to: .week, weekStart: weekStart)
      return (last - first) / 7
    case .hour:
      return floorDivided(end, microsecondsPerHour) - floorDivided(start, microsecondsPerHour)
    case .minute:
      return floorDivided(end, microsecondsPerMinute) - floorDivided(start, microsecondsPerMinute)
    case .second, .epoch:
      return floorDivided(end, microsecondsPerSecond) - floorDivided(start, microsecondsPerSecond)
    case .millisecond: return floorDivided(end, 1_000) - floorDivided(start, 1_000)
    case .microsecond, .nanosecond: return end.subtractingReportingOverflow(start).partialValue
    case .day, .era, .dayOfWeek, .isoDayOfWeek, .dayOfYear, .julian, .timezone, .timezoneHour,
      .timezoneMinute:
      return endDay - startDay
    }
  }

  /// Returns the number of whole spans between two instants: what `date_sub` counts.
  package static func wholeSpans(of part: DatePart, from start: Int64, to end: Int64) -> Int64 {
    switch part {
    case .month: return wholeMonths(from: start, to: end)
    case .quarter, .fiscalQuarter: return wholeMonths(from: start, to: end) / 3
    case .year, .isoYear, .fiscalYear: return wholeMonths(from: start, to: end) / 12
    case .decade: return wholeMonths(from: start, to: end) / 120
    case .century: return wholeMonths(from: start, to: end) / 1_200
    case .millennium: return wholeMonths(from: start, to: end) / 12_000
    case .week: return (end &- start) / (7 * microsecondsPerDay)
    case .hour: return (end &- start) / microsecondsPerHour
    case .minute: return (end &- start) / microsecondsPerMinute
    case .second, .epoch: return (end &- start) / microsecondsPerSecond
    case .millisecond: return (end &- start) / 1_000
    case .microsecond, .nanosecond: return end &- start
    case .day, .era, .dayOfWeek, .isoDayOfWeek, .dayOfYear, .yearWeek, .julian, .timezone,
      .timezoneHour, .timezoneMinute:
      return (end &- start) / microsecondsPerDay
    }
  }

  /// The months that pass wholly from one instant to another; negative backwards.
  private static func wholeMonths(from start: Int64, to end: Int64) -> Int64 {
    if start > end { return -wholeMonths(from: end, to: start) }
    let startDay = day(ofMicroseconds: start)
    let endDay = day(ofMicroseconds: end)
    let months = monthNumber(endDay) - monthNumber(startDay)
    // A month has passed once the same day and time are reached, or its shorter end.
    let reached = addingMonths(months, toDays: startDay) ?? startDay
    let time = timeOfDay(ofMicroseconds: start)
    let isComplete =
      endDay > reached || (endDay == reached && timeOfDay(ofMicroseconds: end) >= time)
    return isComplete ? months : months - 1
  }

  private static func monthNumber(_ days: Int64) -> Int64 {
    let date = civil(days)
    return date.year * 12 + date.month - 1
  }

  private static func quarterNumber(_ days: Int64) -> Int64 {
    floorDivided(monthNumber(days), 3)
  }

  /// Returns the interval between two instants in years, months, days and time: what `age` gives.
  package static func age(from start: Int64, to end: Int64) -> Interval {
    if start > end {
      return age(from: end, to: start).negated ?? Interval()
    }
    let first = civil(day(ofMicroseconds: start))
    let last = civil(day(ofMicroseconds: end))
    var months = (last.year - first.year) * 12 + last.month - first.month
    var days = last.day - first.day
    var time = timeOfDay(ofMicroseconds: end) - timeOfDay(ofMicroseconds: start)
    if time < 0 {
      time += microsecondsPerDay
      days -= 1
    }
    // What is missing is borrowed from the month in which the span begins, as in PostgreSQL.
    if days < 0 {
      days += daysInMonth(year: first.year, month: first.month)
      months -= 1
    }
    return Interval(
      months: Int32(clamping: months),
      days: Int32(clamping: days),
      microseconds: time
    )
  }

  /// Returns the fiscal year, named by the calendar year in which it ends.
  package static func fiscalYear(ofDays days: Int64, firstMonth: Int) -> Int64 {
    let date = civil(days)
    return firstMonth > 1 && date.month >= Int64(firstMonth) ? date.year + 1 : date.year
  }

  /// Returns the fiscal quarter, 1 to 4.
  package static func fiscalQuarter(ofDays days: Int64, firstMonth: Int) -> Int64 {
    (civil(days).month - Int64(firstMonth) + 12) % 12 / 3 + 1
  }
}
