/// A pattern of `strftime` and `strptime`, taken apart once: `%d.%m.%Y`.
package struct DateFormat: Sendable {
  private enum Item: Sendable {
    case literal([UInt8])
    case field(Field, isPadded: Bool)
  }

  private enum Field: UInt8, Sendable {
    case shortWeekday = 0x61  // a
    case weekday = 0x41  // A
    case weekdayNumber = 0x77  // w
    case isoWeekdayNumber = 0x75  // u
    case day = 0x64  // d
    case shortMonth = 0x62  // b
    case monthName = 0x42  // B
    case month = 0x6D  // m
    case shortYear = 0x79  // y
    case year = 0x59  // Y
    case hour = 0x48  // H
    case hour12 = 0x49  // I
    case half = 0x70  // p
    case minute = 0x4D  // M
    case second = 0x53  // S
    case milliseconds = 0x67  // g
    case microseconds = 0x66  // f
    case nanoseconds = 0x6E  // n
    case offset = 0x7A  // z
    case zoneName = 0x5A  // Z
    case dayOfYear = 0x6A  // j
    case sundayWeek = 0x55  // U
    case mondayWeek = 0x57  // W
    case isoYear = 0x47  // G
    case isoWeek = 0x56  // V
  }

  private let items: [Item]

  /// Takes a pattern apart; nil if it has a letter without meaning after `%`.
  package init?(_ pattern: String) {
    var items: [Item] = []
    var literal: [UInt8] = []
    let bytes = Array(pattern.utf8)
    var position = 0
    while position < bytes.count {
      guard bytes[position] == 0x25 else {
        literal.append(bytes[position])
        position += 1
        continue
      }
      position += 1
      var isPadded = true
      if position < bytes.count, bytes[position] == 0x2D {
        isPadded = false
        position += 1
      }
      guard position < bytes.count else { return nil }
      let letter = bytes[position]
      position += 1
      if letter == 0x25 {
        literal.append(letter)
        continue
      }
      if let expanded = Self.expansions[letter], isPadded, let whole = DateFormat(expanded) {
        if !literal.isEmpty { items.append(.literal(literal)) }
        literal = []
        items.append(contentsOf: whole.items)
        continue
      }
      // %h is another name of %b.
      guard let field = letter == 0x68 ? .shortMonth : Field(rawValue: letter) else { return nil }
      if !literal.isEmpty { items.append(.literal(literal)) }
      literal = []
      items.append(.field(field, isPadded: isPadded))
    }
    if !literal.isEmpty { items.append(.literal(literal)) }
    self.items = items
  }

  /// The shorthands.
  private static let expansions: [UInt8: String] = [
    0x63: "%Y-%m-%d %H:%M:%S", 0x78: "%Y-%m-%d", 0x58: "%H:%M:%S",
  ]

  /// The English names of the months.
  package static let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
  /// The English names of the weekdays, from Monday.
  package static let weekdayNames = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]

  // MARK: - Writing

  /// Appends a timestamp as the pattern says; the offset and name are those of its zone.
  package func append(
    _ timestamp: Int64,
    offsetSeconds: Int64 = 0,
    zoneName: String = "",
    to bytes: inout [UInt8]
  ) {
    if !Calendar.isValid(microseconds: timestamp) {
      return DateText.appendInfinity(isNegative: timestamp < 0, to: &bytes)
    }
    let day = Calendar.day(ofMicroseconds: timestamp)
    let date = Calendar.civil(day)
    let time = timestamp &- day &* Calendar.microsecondsPerDay
    for item in items {
      switch item {
      case .literal(let text): bytes.append(contentsOf: text)
      case .field(.offset, _): DateText.append(offsetSeconds: offsetSeconds, to: &bytes)
      case .field(.zoneName, _): bytes.append(contentsOf: zoneName.utf8)
      case .field(let field, let isPadded):
        if let name = Self.name(field, day, date, time) {
          bytes.append(contentsOf: name.utf8)
        } else {
          let (value, width) = Self.number(field, day, date, time)
          if value < 0 { bytes.append(0x2D) }
          IntegerText.appendDigits(
            value.magnitude,
            minimumCount: isPadded ? width : 1,
            to: &bytes
          )
        }
      }
    }
  }

  private static func name(
    _ field: Field,
    _ day: Int64,
    _ date: Calendar.Civil,
    _ time: Int64
  ) -> String? {
    switch field {
    case .weekday: weekdayNames[Int(Calendar.isoWeekday(day)) - 1]
    case .shortWeekday: String(weekdayNames[Int(Calendar.isoWeekday(day)) - 1].prefix(3))
    case .monthName: monthNames[Int(date.month) - 1]
    case .shortMonth: String(monthNames[Int(date.month) - 1].prefix(3))
    case .half: time < 12 * Calendar.microsecondsPerHour ? "AM" : "PM"
    case .weekdayNumber, .isoWeekdayNumber, .day, .month, .shortYear, .year, .hour, .hour12,
      .minute, .second, .milliseconds, .microseconds, .nanoseconds, .offset, .zoneName, .dayOfYear,
      .sundayWeek, .mondayWeek, .isoYear, .isoWeek:
      nil
    }
  }

  /// A field's number and the digits it is padded to.
  private static func number(
    _ field: Field,
    _ day: Int64,
    _ date: Calendar.Civil,
    _ time: Int64
  ) -> (Int64, Int) {
    let hour = time / Calendar.microsecondsPerHour
    switch field {
    case .day: return (date.day, 2)
    case .month: return (date.month, 2)
    case .year: return (date.year, 4)
    case .shortYear: return ((date.year % 100 + 100) % 100, 2)
    case .hour: return (hour, 2)
    case .hour12: return ((hour + 11) % 12 + 1, 2)
    case .minute: return (time / Calendar.microsecondsPerMinute % 60, 2)
    case .second: return (time / Calendar.microsecondsPerSecond % 60, 2)
    case .milliseconds: return (time / 1_000 % 1_000, 3)
    case .microseconds: return (time % 1_000_000, 6)
    case .nanoseconds: return (time % 1_000_000 * 1_000, 9)
    case .dayOfYear: return (Calendar.dayOfYear(day), 3)
    case .weekdayNumber: return (Calendar.isoWeekday(day) % 7, 1)
    case .isoWeekdayNumber: return (Calendar.isoWeekday(day), 1)
    case .isoYear: return (Calendar.isoWeek(day).year, 4)
    case .isoWeek: return (Calendar.isoWeek(day).week, 2)
    case .sundayWeek:
      return ((Calendar.dayOfYear(day) + 6 - Calendar.isoWeekday(day) % 7) / 7, 2)
    case .mondayWeek:
      return ((Calendar.dayOfYear(day) + 6 - (Calendar.isoWeekday(day) - 1)) / 7, 2)
    case .weekday, .shortWeekday, .monthName, .shortMonth, .half, .offset, .zoneName: return (0, 1)
    }
  }

  // MARK: - Reading

  private struct Parts {
    var year: Int64 = 1_900
    var month: Int64 = 1
    var day: Int64 = 1
    var dayOfYear: Int64?
    var hour: Int64 = 0
    var isAfternoon: Bool?
    var minute: Int64 = 0
    var second: Int64 = 0
    var microseconds: Int64 = 0
    var offsetSeconds: Int64?
    /// Whether a month or day was read; then weeks and weekdays say nothing new.
    var hasDate = false
    var hasYear = false
    var week: DateOfWeek?
    /// From Sunday, 0 to 6.
    var weekday: Int64?
    /// From Monday, 1 to 7.
    var isoWeekday: Int64?
  }

  /// Reads text as the pattern says, with spaces around; nil if it does not fit.
  ///
  /// What the pattern leaves out is that of 1900-01-01 00:00:00.
  package func parse(_ bytes: Span<UInt8>) -> DateText.ParsedTimestamp? {
    let range = NumberScanner.trimmed(bytes)
    var position = range.lowerBound
    var parts = Parts()
    for item in items {
      switch item {
      case .literal(let text):
        guard Self.skip(text, bytes, &position, range.upperBound) else { return nil }
      case .field(let field, _):
        guard Self.read(field, bytes, &position, range.upperBound, &parts) else { return nil }
      }
    }
    guard position == range.upperBound else { return nil }
    return Self.timestamp(parts)
  }

  /// What is read whatever the pattern is: `infinity`, `-infinity`, `epoch`.
  package func parseSpecial(_ bytes: Span<UInt8>) -> DateText.ParsedTimestamp? {
    DateText.special(bytes, NumberScanner.trimmed(bytes)).map {
      DateText.ParsedTimestamp(local: $0 &* Calendar.microsecondsPerDay, offsetSeconds: 0)
    }
  }

  private static func timestamp(_ parts: Parts) -> DateText.ParsedTimestamp? {
    var hour = parts.hour
    if let isAfternoon = parts.isAfternoon {
      guard hour >= 1, hour <= 12 else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard hour < 24, parts.minute < 60, parts.second < 60 else { return nil }
    let day: Int64
    if let dayOfYear = parts.dayOfYear {
      guard dayOfYear >= 1, dayOfYear <= (Calendar.isLeap(parts.year) ? 366 : 365),
        let first = Calendar.checkedDays(year: parts.year, month: 1, day: 1)
      else { return nil }
      day = first + dayOfYear - 1
    } else if let week = parts.week, !parts.hasDate {
      guard
        let date = week.day(
          inYear: parts.year,
          weekday: parts.weekday,
          isoWeekday: parts.isoWeekday
        )
      else { return nil }
      day = date
    } else {
      guard
        let date = Calendar.checkedDays(year: parts.year, month: parts.month, day: parts.day)
      else { return nil }
      day = date
    }
    let time =
      hour * Calendar.microsecondsPerHour + parts.minute * Calendar.microsecondsPerMinute
      + parts.second * Calendar.microsecondsPerSecond + parts.microseconds
    return DateText.ParsedTimestamp(
      local: day * Calendar.microsecondsPerDay + time,
      offsetSeconds: parts.offsetSeconds
    )
  }

  /// Skips literal text; a space stands for any number of them.
  private static func skip(
    _ text: [UInt8],
    _ bytes: Span<UInt8>,
    _ position: inout Int,
    _ end: Int
  ) -> Bool {
    for byte in text {
      if byte == 0x20 {
        guard position < end, NumberScanner.isSpace(bytes[position]) else { return false }
        while position < end, NumberScanner.isSpace(bytes[position]) { position += 1 }
      } else {
        guard position < end, bytes[position] == byte else { return false }
        position += 1
      }
    }
    return true
  }

  private static func read(
    _ field: Field,
    _ bytes: Span<UInt8>,
    _ position: inout Int,
    _ end: Int,
    _ parts: inout Parts
  ) -> Bool {
    func number(
      _ digits: Int,
      _ target: WritableKeyPath<Parts, Int64>,
      _ position: inout Int
    )
      -> Bool
    {
      guard let value = DateText.number(bytes, &position, end, maximumDigits: digits) else {
        return false
      }
      parts[keyPath: target] = value
      return true
    }
    switch field {
    case .day:
      parts.hasDate = true
      return number(2, \.day, &position)
    case .month:
      parts.hasDate = true
      return number(2, \.month, &position)
    case .year:
      // A year of the calendar takes the place of an ISO week.
      if let week = parts.week, week.isISO { parts.week = nil }
      parts.hasYear = true
      return number(4, \.year, &position)
    case .hour, .hour12: return number(2, \.hour, &position)
    case .minute: return number(2, \.minute, &position)
    case .second: return number(2, \.second, &position)
    case .shortYear:
      guard let value = DateText.number(bytes, &position, end, maximumDigits: 2) else {
        return false
      }
      parts.year = value < 69 ? 2_000 + value : 1_900 + value
      parts.hasYear = true
      return true
    case .dayOfYear:
      guard parts.week == nil else { return false }
      parts.dayOfYear = DateText.number(bytes, &position, end, maximumDigits: 3)
      return parts.dayOfYear != nil
    case .milliseconds, .microseconds, .nanoseconds:
      let start = position
      guard let value = DateText.microseconds(bytes, &position, end),
        position - start <= (field == .milliseconds ? 3 : field == .microseconds ? 6 : 9)
      else { return false }
      let isUp = position - start > 6 && bytes[start + 6] >= UInt8(ascii: "5")
      parts.microseconds = value + (isUp ? 1 : 0)
      return true
    case .offset:
      let start = position
      parts.offsetSeconds = DateText.offset(bytes, &position, end)
      return parts.offsetSeconds != nil && isWholeOffset(bytes, start..<position)
    case .monthName, .shortMonth:
      parts.hasDate = true
      guard let index = name(monthNames, bytes, &position, end) else { return false }
      parts.month = Int64(index) + 1
      return true
    case .weekday, .shortWeekday: return name(weekdayNames, bytes, &position, end) != nil
    case .half:
      guard let index = name(["AM", "PM"], bytes, &position, end) else { return false }
      parts.isAfternoon = index == 1
      return true
    case .weekdayNumber:
      parts.weekday = DateText.number(bytes, &position, end, maximumDigits: 1)
      return parts.weekday.map { $0 <= 6 } ?? false
    case .isoWeekdayNumber:
      parts.isoWeekday = DateText.number(bytes, &position, end, maximumDigits: 1)
      return parts.isoWeekday.map { (1...7).contains($0) } ?? false
    case .sundayWeek, .mondayWeek, .isoWeek:
      let number = DateText.number(bytes, &position, end, maximumDigits: 2)
      return number.map { setWeek(field, $0, &parts) } ?? false
    case .isoYear:
      guard let year = DateText.number(bytes, &position, end, maximumDigits: 4) else {
        return false
      }
      if parts.hasYear { return true }
      guard parts.dayOfYear == nil, parts.week?.isISO ?? true else { return false }
      parts.week = .iso(year: year, week: parts.week?.number ?? 1)
      return true
    case .zoneName:
      let start = position
      while position < end, isZoneLetter(bytes[position]) { position += 1 }
      return position > start
    }
  }

  /// Keeps the number of a week; false where it is out of range or another count of weeks, or the
  /// day of the year, was read before.
  private static func setWeek(_ field: Field, _ number: Int64, _ parts: inout Parts) -> Bool {
    guard parts.dayOfYear == nil, number <= 53 else { return false }
    if field == .isoWeek {
      guard number >= 1, !parts.hasYear else { return false }
      switch parts.week {
      case nil: parts.week = .iso(year: parts.year, week: number)
      case .iso(let year, _): parts.week = .iso(year: year, week: number)
      case .sunday, .monday: return false
      }
      return true
    }
    guard parts.week == nil else { return false }
    parts.week = field == .sundayWeek ? .sunday(number) : .monday(number)
    return true
  }

  /// Whether hours and minutes of an offset have two digits each; `Z` has none.
  private static func isWholeOffset(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.count { bytes[$0] &- 0x30 <= 9 }.isMultiple(of: 2)
  }

  private static func isZoneLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 <= 9 || byte == 0x2F || byte == 0x5F
      || byte == 0x2B || byte == 0x2D
  }

  /// The index of the name, whole or its first three letters, that stands here in any case.
  private static func name(
    _ names: [String],
    _ bytes: Span<UInt8>,
    _ position: inout Int,
    _ end: Int
  ) -> Int? {
    for (index, name) in names.enumerated() {
      let letters = Array(name.utf8)
      var matched = 0
      while matched < letters.count, position + matched < end,
        bytes[position + matched] | 0x20 == letters[matched] | 0x20
      {
        matched += 1
      }
      if matched == letters.count || (matched >= 3 && !isLetter(bytes, position + 3, end)) {
        position += matched == letters.count ? matched : 3
        return index
      }
    }
    return nil
  }

  private static func isLetter(_ bytes: Span<UInt8>, _ position: Int, _ end: Int) -> Bool {
    position < end && (bytes[position] | 0x20) &- 0x61 < 26
  }
}
