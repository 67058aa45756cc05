/// A week as `%U`, `%W` or `%G` and `%V` count them.
enum DateOfWeek: Sendable {
  /// Week 1 begins on the year's first Sunday, the days before are week 0.
  case sunday(Int64)
  /// Week 1 begins on the year's first Monday.
  case monday(Int64)
  /// Week 1 has the year's first Thursday and begins on a Monday; the year is the weeks' own.
  case iso(year: Int64, week: Int64)

  var number: Int64 {
    switch self {
    case .sunday(let week), .monday(let week), .iso(_, let week): week
    }
  }

  var isISO: Bool {
    if case .iso = self { true } else { false }
  }

  /// The day of a weekday in the week, or the week's first; nil where there is no such date.
  ///
  /// ISO weeks go with ISO weekdays, the others with those from Sunday; the other kind of weekday
  /// says nothing.
  func day(inYear year: Int64, weekday: Int64?, isoWeekday: Int64?) -> Int64? {
    switch self {
    case .sunday(let week):
      guard let january = Calendar.checkedDays(year: year, month: 1, day: 1) else { return nil }
      let sunday = january + (7 - Calendar.isoWeekday(january)) % 7
      return sunday + (week - 1) * 7 + (weekday ?? 0)
    case .monday(let week):
      guard let january = Calendar.checkedDays(year: year, month: 1, day: 1) else { return nil }
      let monday = january + (8 - Calendar.isoWeekday(january)) % 7
      return monday + (week - 1) * 7 + ((weekday ?? 1) + 6) % 7
    case .iso(let year, let week):
      guard let january = Calendar.checkedDays(year: year, month: 1, day: 4) else { return nil }
      let monday = january - (Calendar.isoWeekday(january) - 1)
      return monday + (week - 1) * 7 + ((isoWeekday ?? 1) - 1)
    }
  }
}
