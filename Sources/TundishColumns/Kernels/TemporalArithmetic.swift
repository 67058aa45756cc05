/// Arithmetic on dates, times and intervals; leaving the calendar is an error.
enum TemporalArithmetic {
  /// Moves a date by days.
  static func moved(_ day: Int64, by days: Int64) throws(ExecutionError) -> Int64 {
    if !Calendar.isValid(days: day) { return day }
    let (moved, overflow) = day.addingReportingOverflow(days)
    if overflow || !Calendar.isValid(days: moved) { throw outOfRange("date") }
    return moved
  }

  /// Moves an instant by an interval.
  static func moved(_ instant: Int64, by interval: Interval) throws(ExecutionError) -> Int64 {
    if !Calendar.isValid(microseconds: instant) { return instant }
    guard let moved = Calendar.adding(interval, toMicroseconds: instant) else {
      throw outOfRange("timestamp")
    }
    return moved
  }

  /// Moves an instant back by an interval.
  static func moved(_ instant: Int64, backBy interval: Interval) throws(ExecutionError) -> Int64 {
    guard let negated = interval.negated else { throw outOfRange("timestamp") }
    return try moved(instant, by: negated)
  }

  /// Moves an instant by an interval on a zone's clock: a day is a day there, also where it has 23
  /// hours.
  static func moved(
    _ instant: Int64,
    by interval: Interval,
    zone: some TimeZoneSource
  ) throws(ExecutionError) -> Int64 {
    let calendarPart = Interval(months: interval.months, days: interval.days)
    var moved = instant
    if interval.months != 0 || interval.days != 0 {
      moved = zone.instant(
        ofLocal: try self.moved(zone.local(ofInstant: instant), by: calendarPart)
      )
    }
    return try self.moved(moved, by: Interval(microseconds: interval.microseconds))
  }

  /// Moves a time of day by the clock part of an interval, round the clock.
  static func movedTime(_ time: Int64, by microseconds: Int64) -> Int64 {
    let day = Calendar.microsecondsPerDay
    let sum = (time + microseconds % day) % day
    return sum < 0 ? sum + day : sum
  }

  /// The interval between two instants: whole days and the rest.
  static func difference(_ end: Int64, _ start: Int64) throws(ExecutionError) -> Interval {
    guard Calendar.isValid(microseconds: end), Calendar.isValid(microseconds: start) else {
      throw ExecutionError(.invalidArgument, "infinite timestamps have no difference")
    }
    // Both are timestamps, so that the difference of any two fits with one bit to spare.
    let (difference, overflow) = end.subtractingReportingOverflow(start)
    let wide = overflow ? Int128(end) - Int128(start) : Int128(difference)
    let day = Int128(Calendar.microsecondsPerDay)
    return Interval(days: Int32(clamping: wide / day), microseconds: Int64(wide % day))
  }

  /// Adds intervals part by part.
  static func sum(_ a: Interval, _ b: Interval) throws(ExecutionError) -> Interval {
    guard let sum = a.adding(b) else { throw outOfRange("interval") }
    return sum
  }

  /// Multiplies the parts of an interval by a whole number.
  static func multiplied(_ interval: Interval, by factor: Int64) throws(ExecutionError) -> Interval
  {
    let months = Int64(interval.months).multipliedReportingOverflow(by: factor)
    let days = Int64(interval.days).multipliedReportingOverflow(by: factor)
    let microseconds = interval.microseconds.multipliedReportingOverflow(by: factor)
    guard !months.overflow, !days.overflow, !microseconds.overflow,
      let wholeMonths = Int32(exactly: months.partialValue),
      let wholeDays = Int32(exactly: days.partialValue)
    else { throw outOfRange("interval") }
    return Interval(
      months: wholeMonths,
      days: wholeDays,
      microseconds: microseconds.partialValue
    )
  }

  /// Scales an interval by a function that multiplies or divides.
  ///
  /// Fractions of months become days of 1/30, and fractions of days hours of 1/24, each rounded to
  /// microseconds as PostgreSQL does, so that a third of three days is a day and no less.
  static func scaled(
    _ interval: Interval,
    _ scale: (Double) -> Double
  ) throws(ExecutionError) -> Interval {
    let months = scale(Double(interval.months))
    let wholeMonths = Maths.truncated(months)
    let fromMonths = roundedToMillionths((months - wholeMonths) * 30)
    let days = scale(Double(interval.days))
    let fraction = days - Maths.truncated(days) + fromMonths - Maths.truncated(fromMonths)
    var seconds = roundedToMillionths(fraction * 86_400)
    var wholeDays = Maths.truncated(days) + Maths.truncated(fromMonths)
    if seconds.magnitude >= 86_400 {
      wholeDays += Maths.truncated(seconds / 86_400)
      seconds -= Maths.truncated(seconds / 86_400) * 86_400
    }
    let microseconds = Maths.roundedHalfEven(
      scale(Double(interval.microseconds)) + seconds * 1e6
    )
    guard let m = Int32(exactly: wholeMonths), let d = Int32(exactly: wholeDays),
      let u = Int64(exactly: microseconds)
    else { throw outOfRange("interval") }
    return Interval(months: m, days: d, microseconds: u)
  }

  private static func roundedToMillionths(_ value: Double) -> Double {
    Maths.roundedHalfEven(value * 1e6) / 1e6
  }

  /// The instant of a time on a day; an infinite day stays what it is.
  static func instant(_ day: Int64, at time: Int64) -> Int64 {
    Calendar.isValid(days: day)
      ? day &* Calendar.microsecondsPerDay &+ time : day &* Calendar.microsecondsPerDay
  }

  static func outOfRange(_ what: String) -> ExecutionError {
    ExecutionError(.overflow, "the result lies outside the range of \(what)s")
  }
}
