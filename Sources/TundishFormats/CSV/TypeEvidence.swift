internal import TundishColumns

/// What the texts of a column allow it to be, counted value by value.
///
/// A reading stays possible as long as every value fits it. Nothing is guessed: where day and month,
/// or point and comma, could be either way in all values, the column stays text with a message that
/// names the option.
struct TypeEvidence {
  /// The readings of a column that are still possible.
  struct Possible: OptionSet {
    let rawValue: UInt16
    static let boolean = Possible(rawValue: 1)
    static let pointNumber = Possible(rawValue: 2)
    static let commaNumber = Possible(rawValue: 4)
    static let double = Possible(rawValue: 8)
    static let moment = Possible(rawValue: 16)
    static let time = Possible(rawValue: 32)
    static let duration = Possible(rawValue: 64)
    static let compactDate = Possible(rawValue: 128)
    /// The user's form of dates.
    static let dateFormat = Possible(rawValue: 256)
    /// The user's form of timestamps.
    static let timestampFormat = Possible(rawValue: 512)
    static let all: Possible = [
      .boolean, .pointNumber, .commaNumber, .double, .moment, .time, .duration, .compactDate,
    ]
  }

  /// What was seen of numbers in one style.
  struct NumberFacts {
    var integerDigitCount = 0
    var scale = 0
    var isDecorated = false
    var hasDecimalMark = false
    /// Values that only this style allows.
    var proofCount = 0
    var firstProof: Example?
  }

  /// A value and where it stands.
  struct Example: Hashable {
    let text: String
    /// The offset in the input.
    let offset: Int
  }

  /// The readings that all values fit.
  private(set) var possible = Possible.all
  /// The values that are not empty.
  private(set) var valueCount = 0
  /// The empty ones.
  private(set) var nullCount = 0
  /// Words such as `N/A` among values that are otherwise no text.
  var markers: [(text: String, count: Int, offset: Int)] = []
  private(set) var point = NumberFacts()
  private(set) var comma = NumberFacts()
  private(set) var currency: WrittenNumber.StaticText?
  private(set) var hasSeveralCurrencies = false
  private(set) var percentCount = 0
  /// Whether a value has a point or an exponent, without which digits too many for a number are kept
  /// as text: floating point would lose some of them.
  private(set) var hasFloatingForm = false
  private(set) var numberCount = 0
  private(set) var booleanFamilies = UInt32.max
  /// The families of whose words one for true, or for false, was met.
  private(set) var metTruths: UInt32 = 0
  private(set) var metFalsehoods: UInt32 = 0
  /// Of booleans, 1 where a `t` was met, 2 where an `f` was, 4 where a word was.
  private(set) var booleanForms: UInt8 = 0
  private(set) var timeOfDayCount = 0
  private(set) var zoneCount = 0
  private(set) var momentCount = 0
  private(set) var dayFirstCount = 0
  private(set) var monthFirstCount = 0
  private(set) var doubtCount = 0
  private(set) var firstDayFirst: Example?
  private(set) var firstMonthFirst: Example?
  private(set) var onlyOnes = true
  /// The first value that is not plain text's opposite: what made the column text.
  private(set) var firstText: Example?
  /// What the column could have been before `firstText`.
  private(set) var before = Possible.all

  /// Whether empty values are texts, so that a column with any is text.
  var keepsEmptyTexts = false
  /// Whether the user says how dates are written.
  var isDateFormatGiven: Bool { dateFormat != nil }
  /// Whether the user says how timestamps are written.
  var isTimestampFormatGiven: Bool { timestampFormat != nil }

  /// The order of day and month that the user gives, for dates or, where there are times, for them.
  var givenOrder: DayOrder? {
    (timeOfDayCount > 0 ? timestampFormat ?? dateFormat : dateFormat)?.dayOrder
  }

  private let dateFormat: DateFormat?
  private let timestampFormat: DateFormat?

  /// Creates evidence without values.
  init(dateFormat: DateFormat? = nil, timestampFormat: DateFormat? = nil) {
    self.dateFormat = dateFormat
    self.timestampFormat = timestampFormat
    if dateFormat != nil { possible.insert(.dateFormat) }
    if timestampFormat != nil { possible.insert(.timestampFormat) }
    before = possible
  }

  /// Whether every value but those set aside fits the user's form of dates, or of timestamps.
  var givenFormat: (format: DateFormat, isDate: Bool)? {
    if possible.contains(.timestampFormat), let timestampFormat {
      return (timestampFormat, !timestampFormat.hasTime)
    }
    if possible.contains(.dateFormat), let dateFormat { return (dateFormat, !dateFormat.hasTime) }
    return nil
  }

  /// Takes an empty value.
  mutating func addNull() { nullCount &+= 1 }

  /// Takes a value without spaces around it, not empty.
  mutating func add(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    valueCount &+= 1
    if possible.isEmpty { return }
    let previous = possible
    let first = bytes[range.lowerBound]
    if range.count != 1 || first != UInt8(ascii: "1") { onlyOnes = false }
    if range.count > TextCursor.capacity {
      possible = []
    } else {
      addNumber(bytes, range)
      addWord(bytes, range)
      addMoment(bytes, range)
    }
    guard possible.isEmpty else { return }
    if isMarker(bytes, range) {
      // Set aside: it says nothing about the other values.
      possible = previous
      let text = String(decoding: bytesArray(bytes, range), as: UTF8.self)
      if let i = markers.firstIndex(where: { $0.text == text }) {
        markers[i].count += 1
      } else {
        markers.append((text: text, count: 1, offset: range.lowerBound))
      }
      return
    }
    before = previous
    firstText = example(bytes, range)
  }

  private mutating func addWord(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard possible.contains(.boolean) else { return }
    let (truths, falsehoods) = BooleanReading.familyBits(bytes, range)
    booleanFamilies &= truths | falsehoods
    metTruths |= truths
    metFalsehoods |= falsehoods
    if booleanFamilies == 0 { possible.remove(.boolean) }
    let letter = BooleanReading.letterBit(bytes, range)
    booleanForms |= letter == 0 ? 4 : letter
  }

  private mutating func addNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard !possible.isDisjoint(with: [.pointNumber, .commaNumber, .double]) else { return }
    let inPoint =
      possible.contains(.pointNumber)
      ? NumberReading.number(bytes, range, decimalMark: UInt8(ascii: ".")) : nil
    let inComma =
      possible.contains(.commaNumber)
      ? NumberReading.number(bytes, range, decimalMark: UInt8(ascii: ",")) : nil
    if possible.contains(.double), inPoint == nil || inPoint?.isDecorated == true,
      !DoubleReading.isDouble(bytes, range)
    {
      possible.remove(.double)
    }
    if inPoint == nil {
      possible.remove(.pointNumber)
      for i in range where bytes[i] == UInt8(ascii: ".") || bytes[i] | 0x20 == UInt8(ascii: "e") {
        hasFloatingForm = true
      }
    }
    if inComma == nil { possible.remove(.commaNumber) }
    guard let number = inPoint ?? inComma else { return }
    numberCount &+= 1
    if number.isPercent { percentCount &+= 1 }
    if number.currency != .none {
      if let currency, currency != number.currency,
        NumberReading.currencies[currency.index].code
          != NumberReading.currencies[number.currency.index].code
      {
        hasSeveralCurrencies = true
      }
      currency = number.currency
    }
    if let inPoint { Self.note(inPoint, in: &point) }
    if let inComma { Self.note(inComma, in: &comma) }
    if inPoint != nil, inComma == nil, possible.contains(.pointNumber) {
      point.proofCount &+= 1
      if point.firstProof == nil { point.firstProof = example(bytes, range) }
    } else if inPoint == nil, inComma != nil {
      comma.proofCount &+= 1
      if comma.firstProof == nil { comma.firstProof = example(bytes, range) }
    }
  }

  private static func note(_ number: WrittenNumber, in facts: inout NumberFacts) {
    facts.integerDigitCount = max(facts.integerDigitCount, number.finalIntegerDigitCount)
    facts.scale = max(facts.scale, number.finalScale)
    if number.isDecorated { facts.isDecorated = true }
    if number.hasDecimalMark { facts.hasDecimalMark = true }
  }

  private mutating func addMoment(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    if possible.contains(.dateFormat), dateFormat?.microseconds(bytes, range) == nil {
      possible.remove(.dateFormat)
    }
    if possible.contains(.timestampFormat), timestampFormat?.microseconds(bytes, range) == nil {
      possible.remove(.timestampFormat)
    }
    if possible.contains(.compactDate), TemporalReading.compactDate(bytes, range) == nil {
      possible.remove(.compactDate)
    }
    if possible.contains(.time), TemporalReading.time(bytes, range) == nil {
      possible.remove(.time)
    }
    if possible.contains(.duration), TemporalReading.duration(bytes, range) == nil {
      possible.remove(.duration)
    }
    guard possible.contains(.moment) else { return }
    guard let moment = TemporalReading.moment(bytes, range) else {
      possible.remove(.moment)
      return
    }
    momentCount &+= 1
    if moment.time != nil { timeOfDayCount &+= 1 }
    if moment.offsetSeconds != nil { zoneCount &+= 1 }
    guard moment.isInDoubt else { return }
    let dayFirst = moment.days(.dayFirst)
    let monthFirst = moment.days(.monthFirst)
    if dayFirst == nil, monthFirst == nil {
      possible.remove(.moment)
    } else if monthFirst == nil {
      dayFirstCount &+= 1
      if firstDayFirst == nil { firstDayFirst = example(bytes, range) }
    } else if dayFirst == nil {
      monthFirstCount &+= 1
      if firstMonthFirst == nil { firstMonthFirst = example(bytes, range) }
    } else if dayFirst != monthFirst {
      doubtCount &+= 1
    }
  }

  private func isMarker(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count <= 9, markers.count < 4 else { return false }
    let text = String(decoding: bytesArray(bytes, range), as: UTF8.self).lowercased()
    return Self.markerWords.contains(text)
  }

  private static let markerWords: Set<String> = [
    "null", "n/a", "na", "#n/a", "nan", "-", "--", "–", "—", "?", "none", "nil", "\\n", "(null)",
    "(blank)", "(none)", "unknown", "undefined", "tbd", "n.a.", "#null!", "#div/0!", "#value!",
    "#ref!", "missing", "inf", "-inf",
  ]

  private func example(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Example {
    Example(text: Excerpt.text(bytes, range), offset: range.lowerBound)
  }

  private func bytesArray(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var copy: [UInt8] = []
    copy.append(bytes.extracting(range))
    return copy
  }
}

/// Pieces of an input for messages.
enum Excerpt {
  private static let maximumByteCount = 80

  /// Returns the text of a range, made visible and shortened.
  static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    var end = min(range.upperBound, range.lowerBound + maximumByteCount)
    // Not in the middle of a character.
    while end > range.lowerBound, end < range.upperBound, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    var visible: [UInt8] = []
    visible.appendVisible(bytes.extracting(range.lowerBound..<end))
    let text = String(decoding: visible, as: UTF8.self)
    return end < range.upperBound ? text + "…" : text
  }

  /// Returns some of the line in front of an offset and behind it.
  static func around(_ bytes: Span<UInt8>, _ offset: Int) -> String {
    let place = min(offset, bytes.count)
    var start = place
    let first = max(0, place - 30)
    while start > first, bytes[start - 1] != 0x0A, bytes[start - 1] != 0x0D { start -= 1 }
    // Not in the middle of a character, and without spaces in front.
    while start < place, bytes[start] & 0xC0 == 0x80 || bytes[start] <= 0x20 { start += 1 }
    var end = place
    let last = min(bytes.count, place + 30)
    while end < last, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
    for _ in 0..<3 where end < bytes.count && bytes[end] & 0xC0 == 0x80 { end += 1 }
    return text(bytes, start..<end)
  }
}
