/// Intervals as text.
package enum IntervalText {
  /// Reads `3 days`, `1 year 2 months`, `-1.5 hours`, `01:30:00`, `2 days ago` and their
  /// combinations; nil if it is no such text.
  ///
  /// A fraction goes to the next smaller part: half a month is 15 days, half a day 12 hours.
  package static func parse(_ bytes: Span<UInt8>) -> Interval? {
    let range = NumberScanner.trimmed(bytes)
    var position = range.lowerBound
    let end = range.upperBound
    guard position < end else { return nil }
    // PostgreSQL writes `@ 2 months` in one of its styles.
    if bytes[position] == 0x40 { position += 1 }
    var sum = Interval()
    var isEmpty = true
    while position < end {
      if NumberScanner.isSpace(bytes[position]) {
        position += 1
        continue
      }
      if !isEmpty, isAgo(bytes, position, end) { return sum.negated }
      let start = position
      position = endOfNumber(bytes, position, end)
      if position < end, bytes[position] == 0x3A {
        guard let clock = clock(bytes, start, &position, end), add(clock, to: &sum) else {
          return nil
        }
      } else {
        guard position > start, let number = NumberScanner.scan(bytes, start..<position) else {
          return nil
        }
        // A number alone is seconds, as in PostgreSQL.
        let isAlone = isEmpty && position == end
        guard let part = isAlone ? .second : part(bytes, &position, end),
          add(number, part, to: &sum)
        else { return nil }
      }
      isEmpty = false
    }
    return isEmpty ? nil : sum
  }

  private static func isAgo(_ bytes: Span<UInt8>, _ position: Int, _ end: Int) -> Bool {
    end - position == 3 && bytes[position] | 0x20 == 0x61 && bytes[position + 1] | 0x20 == 0x67
      && bytes[position + 2] | 0x20 == 0x6F
  }

  private static func endOfNumber(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var position = start
    if position < end, bytes[position] == 0x2D || bytes[position] == 0x2B { position += 1 }
    while position < end, bytes[position] &- 0x30 <= 9 || bytes[position] == 0x2E { position += 1 }
    return position
  }

  /// Reads `[+-]hh:mm[:ss[.f]]` of any number of hours.
  private static func clock(
    _ bytes: Span<UInt8>,
    _ start: Int,
    _ position: inout Int,
    _ end: Int
  ) -> Interval? {
    var cursor = start
    var isNegative = false
    if bytes[cursor] == 0x2D || bytes[cursor] == 0x2B {
      isNegative = bytes[cursor] == 0x2D
      cursor += 1
    }
    guard let hours = DateText.number(bytes, &cursor, end, maximumDigits: 9), cursor < end,
      bytes[cursor] == 0x3A
    else { return nil }
    cursor += 1
    guard let minutes = DateText.number(bytes, &cursor, end, maximumDigits: 2), minutes < 60 else {
      return nil
    }
    var total =
      hours * Calendar.microsecondsPerHour + minutes * Calendar.microsecondsPerMinute
    if cursor < end, bytes[cursor] == 0x3A {
      cursor += 1
      guard let seconds = DateText.number(bytes, &cursor, end, maximumDigits: 2), seconds < 60
      else {
        return nil
      }
      total += seconds * Calendar.microsecondsPerSecond
      if cursor < end, bytes[cursor] == 0x2E {
        cursor += 1
        guard let fraction = DateText.microseconds(bytes, &cursor, end) else { return nil }
        total += fraction
      }
    }
    position = cursor
    return Interval(microseconds: isNegative ? -total : total)
  }

  private static func part(
    _ bytes: Span<UInt8>,
    _ position: inout Int,
    _ end: Int
  ) -> DatePart? {
    while position < end, NumberScanner.isSpace(bytes[position]) { position += 1 }
    var word = ""
    while position < end, (bytes[position] | 0x20) &- 0x61 < 26, word.utf8.count < 16 {
      word.unicodeScalars.append(Unicode.Scalar(bytes[position] | 0x20))
      position += 1
    }
    guard let part = shortPart(word) ?? DatePart(word), part.isSpan, part != .isoYear,
      part != .fiscalYear, part != .fiscalQuarter
    else { return nil }
    return part
  }

  /// Names that only intervals know.
  private static func shortPart(_ word: String) -> DatePart? {
    switch word {
    case "msecond", "mseconds": .millisecond
    case "usecond", "useconds": .microsecond
    case "dec", "decs": .decade
    case "c", "cent": .century
    case "mil", "mils", "millenniums": .millennium
    default: nil
    }
  }

  private static func add(_ number: ScannedNumber, _ part: DatePart, to sum: inout Interval) -> Bool
  {
    // Micro-units of the part are exact for every fraction that intervals can hold.
    guard let millionths = DecimalText.scaled(number, to: 6) else { return false }
    return make(millionths: millionths, of: part).map { add($0, to: &sum) } ?? false
  }

  /// The interval of some millionths of a part; nil if it does not fit.
  static func make(millionths: Int128, of part: DatePart) -> Interval? {
    let million: Int128 = 1_000_000
    switch part {
    case .year, .month, .quarter, .decade, .century, .millennium:
      let months: Int128 =
        switch part {
        case .year: 12
        case .quarter: 3
        case .decade: 120
        case .century: 1_200
        case .millennium: 12_000
        default: 1  // month, the rest being excluded above
        }
      let (product, overflow) = millionths.multipliedReportingOverflow(by: months)
      guard !overflow, let whole = Int32(exactly: product / million) else { return nil }
      guard let rest = make(millionths: product % million * 30, of: .day) else { return nil }
      return Interval(months: whole, days: rest.days, microseconds: rest.microseconds)
    case .week, .day:
      let (product, overflow) = millionths.multipliedReportingOverflow(by: part == .week ? 7 : 1)
      guard !overflow, let whole = Int32(exactly: product / million) else { return nil }
      let rest = Int64(product % million) * (Calendar.microsecondsPerDay / 1_000_000)
      return Interval(days: whole, microseconds: rest)
    case .hour: return clock(millionths, Calendar.microsecondsPerHour)
    case .minute: return clock(millionths, Calendar.microsecondsPerMinute)
    case .second: return clock(millionths, Calendar.microsecondsPerSecond)
    case .millisecond: return clock(millionths, 1_000)
    case .microsecond: return clock(millionths, 1)
    case .nanosecond, .era, .dayOfWeek, .isoDayOfWeek, .dayOfYear, .isoYear, .yearWeek, .epoch,
      .julian, .timezone, .timezoneHour, .timezoneMinute, .fiscalYear, .fiscalQuarter:
      return nil
    }
  }

  private static func clock(_ millionths: Int128, _ unit: Int64) -> Interval? {
    let (product, overflow) = millionths.multipliedReportingOverflow(by: Int128(unit))
    guard !overflow, let microseconds = Int64(exactly: product / 1_000_000) else { return nil }
    return Interval(microseconds: microseconds)
  }

  private static func add(_ interval: Interval, to sum: inout Interval) -> Bool {
    guard let added = sum.adding(interval) else { return false }
    sum = added
    return true
  }

  /// Appends the parts that are not zero: `1 year 2 months -1 day 01:30:00`; `00:00:00` for none.
  package static func append(_ interval: Interval, to bytes: inout [UInt8]) {
    let start = bytes.count
    appendPart(Int64(interval.months) / 12, "year", start, &bytes)
    appendPart(Int64(interval.months) % 12, "month", start, &bytes)
    appendPart(Int64(interval.days), "day", start, &bytes)
    guard interval.microseconds != 0 || bytes.count == start else { return }
    if bytes.count > start { bytes.append(0x20) }
    if interval.microseconds < 0 { bytes.append(0x2D) }
    DateText.append(timeOfDay: interval.microseconds, to: &bytes)
  }

  private static func appendPart(
    _ count: Int64,
    _ name: String,
    _ start: Int,
    _ bytes: inout [UInt8]
  ) {
    guard count != 0 else { return }
    if bytes.count > start { bytes.append(0x20) }
    IntegerText.append(count, to: &bytes)
    bytes.append(0x20)
    bytes.append(contentsOf: name.utf8)
    if count != 1, count != -1 { bytes.append(0x73) }
  }
}

extension Interval {
  /// The sum, part by part; nil on overflow.
  package func adding(_ other: Interval) -> Interval? {
    let months = months.addingReportingOverflow(other.months)
    let days = days.addingReportingOverflow(other.days)
    let microseconds = microseconds.addingReportingOverflow(other.microseconds)
    if months.overflow || days.overflow || microseconds.overflow { return nil }
    return Interval(
      months: months.partialValue,
      days: days.partialValue,
      microseconds: microseconds.partialValue
    )
  }
}
