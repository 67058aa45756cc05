/// How dates are written, as a user says it: `dd.mm.yyyy hh:mi:ss` or `%d.%m.%Y %H:%M:%S`.
struct DateFormat: Hashable {
  private enum Part: Hashable {
    case year, shortYear, month, monthName, day, hour, halfHour, minute, second, fraction
    case halfOfDay, zone
    case literal(UInt8)
  }

  private let parts: [Part]

  /// Whether there is a time in it.
  var hasTime: Bool {
    parts.contains { $0 == .hour || $0 == .halfHour || $0 == .minute }
  }

  /// Which of day and month in digits comes first; nil where the year does, or one is missing.
  var dayOrder: DayOrder? {
    guard let day = parts.firstIndex(of: .day), let month = parts.firstIndex(of: .month) else {
      return nil
    }
    if let year = parts.firstIndex(where: { $0 == .year || $0 == .shortYear }), year < day {
      return nil
    }
    return day < month ? .dayFirst : .monthFirst
  }

  /// Creates a format; nil where the text is none.
  init?(_ text: String) {
    guard let parts = text.contains("%") ? Self.percentParts(text) : Self.letterParts(text) else {
      return nil
    }
    self.parts = parts
  }

  private static func percentParts(_ text: String) -> [Part]? {
    var parts: [Part] = []
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        parts.append(.literal(byte))
        continue
      }
      guard var directive = bytes.popFirst() else { return nil }
      if directive == UInt8(ascii: "-") {
        guard let next = bytes.popFirst() else { return nil }
        directive = next
      }
      switch directive {
      case UInt8(ascii: "Y"): parts.append(.year)
      case UInt8(ascii: "y"): parts.append(.shortYear)
      case UInt8(ascii: "m"): parts.append(.month)
      case UInt8(ascii: "b"), UInt8(ascii: "B"): parts.append(.monthName)
      case UInt8(ascii: "d"): parts.append(.day)
      case UInt8(ascii: "H"): parts.append(.hour)
      case UInt8(ascii: "I"): parts.append(.halfHour)
      case UInt8(ascii: "M"): parts.append(.minute)
      case UInt8(ascii: "S"): parts.append(.second)
      case UInt8(ascii: "f"), UInt8(ascii: "g"), UInt8(ascii: "n"): parts.append(.fraction)
      case UInt8(ascii: "p"): parts.append(.halfOfDay)
      case UInt8(ascii: "z"), UInt8(ascii: "Z"): parts.append(.zone)
      case UInt8(ascii: "%"): parts.append(.literal(UInt8(ascii: "%")))
      case UInt8(ascii: "T"):
        parts += [.hour, .literal(58), .minute, .literal(58), .second]
      case UInt8(ascii: "x"): parts += [.year, .literal(45), .month, .literal(45), .day]
      default: return nil
      }
    }
    return parts.isEmpty ? nil : parts
  }

  private static func letterParts(_ text: String) -> [Part]? {
    var parts: [Part] = []
    var rest = Substring(text)
    let words: [(String, Part)] = [
      ("yyyy", .year), ("yy", .shortYear), ("mmmm", .monthName), ("mmm", .monthName),
      ("mon", .monthName), ("mi", .minute), ("dd", .day), ("d", .day), ("hh24", .hour),
      ("hh12", .halfHour), ("hh", .hour), ("h", .hour), ("ss", .second), ("s", .second),
      ("ffffff", .fraction), ("fff", .fraction), ("am", .halfOfDay), ("pm", .halfOfDay),
      ("tz", .zone), ("z", .zone),
    ]
    var hasHour = false
    while let first = rest.first {
      let lower = rest.lowercased()
      if first == "m" || first == "M", !lower.hasPrefix("mmm"), !lower.hasPrefix("mi"),
        !lower.hasPrefix("mon")
      {
        // Behind the hour `mm` means minutes.
        parts.append(hasHour ? .minute : .month)
        rest.removeFirst(lower.hasPrefix("mm") ? 2 : 1)
        continue
      }
      if let (word, part) = words.first(where: { lower.hasPrefix($0.0) }) {
        parts.append(part)
        if part == .hour || part == .halfHour { hasHour = true }
        rest.removeFirst(word.count)
        continue
      }
      guard !first.isLetter || first == "T" || first == "t" else { return nil }
      parts += String(first).utf8.map { .literal($0) }
      rest.removeFirst()
    }
    return parts.contains(.day) || parts.contains(.year) || parts.contains(.shortYear) ? parts : nil
  }

  /// Reads a text of this form as microseconds since 1970.
  func microseconds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard range.count <= TextCursor.capacity else { return nil }
    var cursor = TextCursor(bytes, range)
    var year: Int64 = 1_970
    var month: Int64 = 1
    var day: Int64 = 1
    var hour: Int64 = 0
    var micros: Int64 = 0
    var isAfternoon: Bool?
    for part in parts {
      switch part {
      case .literal(let byte):
        guard cursor.skip(byte) else { return nil }
      case .year:
        guard let value = cursor.digits(exactly: 4) else { return nil }
        year = value
      case .shortYear:
        guard let value = cursor.digits(exactly: 2) else { return nil }
        year = value < 70 ? 2_000 + value : 1_900 + value
      case .monthName:
        guard let value = cursor.month() else { return nil }
        month = value
      case .month:
        guard let (value, _) = cursor.digits(upTo: 2) else { return nil }
        month = value
      case .day:
        guard let (value, _) = cursor.digits(upTo: 2) else { return nil }
        day = value
      case .hour, .halfHour:
        guard let (value, _) = cursor.digits(upTo: 2), value < 24 else { return nil }
        hour = value
      case .minute:
        guard let (value, _) = cursor.digits(upTo: 2), value < 60 else { return nil }
        micros &+= value &* 60_000_000
      case .second:
        guard let (value, _) = cursor.digits(upTo: 2), value < 60 else { return nil }
        micros &+= value &* 1_000_000
      case .fraction:
        guard let (value, length) = cursor.digits(upTo: 6) else { return nil }
        var fraction = value
        for _ in length..<6 { fraction &*= 10 }
        while cursor.skipDigit() {}
        micros &+= fraction
      case .halfOfDay:
        guard let half = cursor.halfOfDay() else { return nil }
        isAfternoon = half
      case .zone:
        guard let offset = TemporalReading.zone(&cursor) else { return nil }
        micros &-= offset &* 1_000_000
      }
    }
    guard cursor.isAtEnd, let days = CivilDate.days(year: year, month: month, day: day) else {
      return nil
    }
    if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
    return days &* 86_400_000_000 &+ hour &* 3_600_000_000 &+ micros
  }
}
