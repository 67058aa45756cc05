import TundishColumns

/// A POSIX `TZ` rule such as `CET-1CEST,M3.5.0,M10.5.0/3`: the footer of a time-zone file, which
/// says when clocks change in years that the file does not list.
struct TimeZoneRule {
  /// A day of change: `M<month>.<week>.<weekday>[/<time>]`.
  private struct Change {
    var month: Int
    var week: Int
    var weekday: Int
    var seconds: Int64
  }

  private let standardOffset: Int64
  private let daylightOffset: Int64
  private let start: Change
  private let end: Change

  /// Reads a rule; nil where there is no daylight saving time, or its dates are of another form.
  init?(_ text: String) {
    var rest = Substring(text)
    guard TimeZoneRule.skipName(&rest), let standard = TimeZoneRule.seconds(&rest),
      TimeZoneRule.skipName(&rest)
    else { return nil }
    standardOffset = -standard
    if rest.first != ",", let daylight = TimeZoneRule.seconds(&rest) {
      daylightOffset = -daylight
    } else {
      daylightOffset = -standard + 3_600
    }
    guard let start = TimeZoneRule.change(&rest), let end = TimeZoneRule.change(&rest) else {
      return nil
    }
    self.start = start
    self.end = end
  }

  /// The instants of change in some years, in order.
  func transitions(years: ClosedRange<Int>) -> [TimeZoneFileReader.Transition] {
    years.flatMap { year in
      [
        TimeZoneFileReader.Transition(
          instant: instant(of: start, year: year) - standardOffset,
          offset: daylightOffset
        ),
        TimeZoneFileReader.Transition(
          instant: instant(of: end, year: year) - daylightOffset,
          offset: standardOffset
        ),
      ]
    }.sorted { $0.instant < $1.instant }
  }

  /// The local time of a change in seconds since 1970.
  private func instant(of change: Change, year: Int) -> Int64 {
    let first = days(year, change.month, 1)
    // 1970-01-01 was a Thursday, weekday 4.
    let firstWeekday = ((first + 4) % 7 + 7) % 7
    var day = first + (change.weekday - firstWeekday + 7) % 7 + (change.week - 1) * 7
    let next = change.month == 12 ? days(year + 1, 1, 1) : days(year, change.month + 1, 1)
    while day >= next { day -= 7 }
    return Int64(day) * 86_400 + change.seconds
  }

  /// Days since 1970-01-01 of a date in the years 1970 to 2201.
  private func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let before = year - 1
    let leapDays = before / 4 - before / 100 + before / 400 - 477
    let monthDays = lengths[..<(month - 1)].reduce(0, +) + (isLeap && month > 2 ? 1 : 0)
    return (year - 1970) * 365 + leapDays + monthDays + day - 1
  }

  private static func skipName(_ rest: inout Substring) -> Bool {
    let before = rest.count
    if rest.first == "<" {
      rest = rest.drop { $0 != ">" }.dropFirst()
    } else {
      rest = rest.drop { $0.isLetter }
    }
    return rest.count < before
  }

  /// Reads `[+-]hh[:mm[:ss]]` as seconds.
  private static func seconds(_ rest: inout Substring) -> Int64? {
    var sign: Int64 = 1
    if rest.first == "-" || rest.first == "+" {
      sign = rest.first == "-" ? -1 : 1
      rest = rest.dropFirst()
    }
    guard var total = number(&rest).map({ Int64($0) * 3_600 }) else { return nil }
    var unit: Int64 = 60
    while rest.first == ":" {
      rest = rest.dropFirst()
      guard let part = number(&rest) else { return nil }
      total += Int64(part) * unit
      unit = 1
    }
    return sign * total
  }

  private static func number(_ rest: inout Substring) -> Int? {
    let digits = rest.prefix { $0.isNumber }
    guard !digits.isEmpty, digits.count <= 3 else { return nil }
    rest = rest.dropFirst(digits.count)
    return Int(digits)
  }

  private static func change(_ rest: inout Substring) -> Change? {
    guard rest.hasPrefix(",M") else { return nil }
    rest = rest.dropFirst(2)
    var parts: [Int] = []
    for index in 0..<3 {
      if index > 0 {
        guard rest.first == "." else { return nil }
        rest = rest.dropFirst()
      }
      guard let part = number(&rest) else { return nil }
      parts.append(part)
    }
    guard (1...12).contains(parts[0]), (1...5).contains(parts[1]), (0...6).contains(parts[2])
    else { return nil }
    var time: Int64 = 7_200
    if rest.first == "/" {
      rest = rest.dropFirst()
      guard let seconds = seconds(&rest) else { return nil }
      time = seconds
    }
    return Change(month: parts[0], week: parts[1], weekday: parts[2], seconds: time)
  }
}
