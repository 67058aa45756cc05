internal import TundishColumns

/// What a column is read as, and why.
struct TypeDecision {
  /// How its texts become values.
  var reading: ColumnReading
  /// The unit of the values.
  var unit = Unit.none
  /// Why, in one line.
  var evidence: String
  /// What the user should know, beside the evidence: something was not guessed.
  var warning: String?
  /// Whether more rows could still decide otherwise: a tie.
  var isTie = false
}

/// What other columns and the user say, for columns that cannot decide alone.
struct LocaleHints {
  /// The order of day and month that other columns prove, or the user gives.
  var dayOrder: DayOrder?
  /// The decimal mark that other columns prove, or the user gives.
  var decimalMark: UInt8?
  /// Whether the user gave the mark.
  var isMarkGiven = false
  /// Whether fields are separated by semicolons, as where the comma is the decimal mark.
  var usesSemicolons = false
  /// Whether a column whose name asks a question has nothing but 1 and empty fields.
  var writesFalseAsEmpty = false
}

extension TypeEvidence {
  /// The order of day and month that this column proves alone.
  var provenDayOrder: DayOrder? {
    guard possible.contains(.moment), dayFirstCount == 0 || monthFirstCount == 0 else { return nil }
    return dayFirstCount > 0 ? .dayFirst : monthFirstCount > 0 ? .monthFirst : nil
  }

  /// The decimal mark that this column proves alone.
  var provenDecimalMark: UInt8? {
    switch (possible.contains(.pointNumber), possible.contains(.commaNumber)) {
    case (true, false): point.proofCount > 0 ? UInt8(ascii: ".") : nil
    case (false, true): comma.proofCount > 0 ? UInt8(ascii: ",") : nil
    default: nil
    }
  }

  /// Decides how a column is read.
  ///
  /// - Parameters:
  ///   - name: The name of the column, which may say that digits are dates.
  ///   - hints: What else is known of the file.
  ///   - line: Gives the line of an offset.
  /// - Returns: The decision.
  func decision(name: String, hints: LocaleHints, line: (Int) -> Int) -> TypeDecision {
    guard valueCount > 0 else {
      return TypeDecision(reading: .text, evidence: "no values")
    }
    if keepsEmptyTexts, nullCount > 0 {
      return TypeDecision(reading: .text, evidence: "FORCE_NOT_NULL makes empty values texts")
    }
    guard markers.isEmpty else { return decisionWithMarkers(name: name, hints: hints, line: line) }
    if let (format, isDate) = givenFormat {
      return TypeDecision(
        reading: .formatted(format, isDate: isDate),
        evidence: "all values have the given format"
      )
    }
    if possible.contains(.boolean), let words = booleanWords {
      return TypeDecision(reading: .boolean, evidence: "all values are \(words)")
    }
    if possible.contains(.compactDate), Self.namesDate(name) {
      return TypeDecision(
        reading: .compactDate,
        evidence: "all values are dates of 8 digits and the name says so"
      )
    }
    if possible.contains(.compactDate), valueCount >= 3, Self.isUnnamed(name) {
      return TypeDecision(reading: .compactDate, evidence: "all values are dates of 8 digits")
    }
    if possible.contains(.pointNumber), !point.isDecorated, !point.hasDecimalMark,
      Self.namesIdentifier(name)
    {
      return TypeDecision(reading: .text, evidence: "the name says that its digits are no quantity")
    }
    if let number = numberDecision(name: name, hints: hints, line: line) { return number }
    if possible.contains(.moment) {
      var hints = hints
      if let givenOrder { hints.dayOrder = givenOrder }
      return formatDoubt ?? momentDecision(hints: hints, line: line)
    }
    if possible.contains(.time) {
      return TypeDecision(reading: .time, evidence: "all values are times of day")
    }
    if possible.contains(.duration) {
      return TypeDecision(reading: .duration, evidence: "all values are durations")
    }
    return textDecision(line: line)
  }

  /// Where the user says how dates are written, dates that are written in another way are text.
  ///
  /// Those with the year in front, which nobody reads in two ways, are dates nevertheless, and so
  /// are those that have day and month in the order given, but other marks between them.
  private var formatDoubt: TypeDecision? {
    let hasDoubts = dayFirstCount + monthFirstCount + doubtCount > 0
    let isGiven = timeOfDayCount > 0 ? isTimestampFormatGiven : isDateFormatGiven
    guard hasDoubts, isGiven else { return nil }
    switch givenOrder {
    case .dayFirst where monthFirstCount == 0: return nil
    case .monthFirst where dayFirstCount == 0: return nil
    case .dayFirst, .monthFirst, nil: break
    }
    return TypeDecision(
      reading: .text,
      evidence: "dates that do not have the given format",
      warning: "stays VARCHAR: not all of its dates have the given format"
    )
  }

  private var booleanWords: String? {
    // One letter alone may be anything, `t` and `f` together are what PostgreSQL writes.
    guard booleanForms >= 3 else { return nil }
    if booleanForms == 3 { return "t/f" }
    for (i, family) in BooleanReading.families.enumerated()
    where booleanFamilies & (1 << UInt32(i)) != 0 {
      let isPaired = BooleanReading.pairedFamilies & (1 << UInt32(i)) != 0
      if isPaired, metTruths & metFalsehoods & (1 << UInt32(i)) == 0 { continue }
      return "\(family.truth)/\(family.falsehood)"
    }
    return nil
  }

  private static func namesDate(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["date", "datum", "day", "dt", "fecha", "tag", "jour"].contains {
      name.hasPrefix($0) || name.hasSuffix($0)
    }
  }

  /// Whether a column has the name that is given to those without one, which says nothing.
  private static func isUnnamed(_ name: String) -> Bool {
    name.hasPrefix("column") && !name.dropFirst(6).isEmpty
      && name.dropFirst(6).allSatisfy(\.isNumber)
  }

  /// Telephone numbers and postal codes are digits that nobody adds up, and some begin with zero.
  private static func namesIdentifier(_ name: String) -> Bool {
    // Bytes, as files of a hundred columns are asked about each of them.
    let name = Array(name.lowercased().utf8)
    return identifierWords.contains { word in
      name.indices.contains { name[$0] == word[0] && name[$0...].starts(with: word) }
    }
  }

  private static let identifierWords = [
    "phone", "postal", "postcode", "zip", "fax", "telefoon", "telefon", "plz",
  ].map { Array($0.utf8) }

  /// Whether the column speaks for a file that writes true as 1 and false as nothing.
  func writesFalseAsEmpty(name: String) -> Bool {
    onlyOnes && nullCount > 0 && Self.namesFlag(name)
  }

  private static func namesFlag(_ name: String) -> Bool {
    for prefix in ["is", "has"] where name.lowercased().hasPrefix(prefix) {
      guard let next = name.dropFirst(prefix.count).first else { continue }
      if next == "_" || next.isUppercase { return true }
    }
    return false
  }

  /// Words such as N/A keep a column text; the message says what it would be without them.
  private func decisionWithMarkers(
    name: String,
    hints: LocaleHints,
    line: (Int) -> Int
  ) -> TypeDecision {
    guard valueCount > markers.reduce(0, { $0 + $1.count }), !possible.isEmpty else {
      return TypeDecision(reading: .text, evidence: "text")
    }
    var plain = self
    plain.markers = []
    let other = plain.decision(name: name, hints: hints, line: line)
    guard other.reading != .text else { return other }
    let texts = markers.map { "'\($0.text)'" }.joined(separator: ", ")
    let option = markers.count == 1 ? texts : "[\(texts)]"
    let count = markers.reduce(0) { $0 + $1.count }
    return TypeDecision(
      reading: .text,
      evidence: "\(texts) in \(count) of \(valueCount) values",
      warning:
        "stays VARCHAR because of \(texts) (first in line \(line(markers[0].offset))); "
        + "with NULLSTR \(option) it would be \(other.reading.type)"
    )
  }

  private func textDecision(line: (Int) -> Int) -> TypeDecision {
    guard let firstText, valueCount > 1, !before.isSuperset(of: .all) else {
      return TypeDecision(reading: .text, evidence: "text")
    }
    return TypeDecision(
      reading: .text,
      evidence: "'\(firstText.text)' in line \(line(firstText.offset)) is text"
    )
  }

  private func numberDecision(
    name: String,
    hints: LocaleHints,
    line: (Int) -> Int
  ) -> TypeDecision? {
    if onlyOnes, nullCount > 0 || hints.writesFalseAsEmpty, Self.namesFlag(name) {
      return TypeDecision(
        reading: .oneOrEmpty,
        evidence: "all values are 1 or empty, and the name asks a question; empty is false"
      )
    }
    let canBePoint = possible.contains(.pointNumber)
    let canBeComma = possible.contains(.commaNumber)
    guard canBePoint || canBeComma else {
      guard possible.contains(.double) else { return nil }
      guard hasFloatingForm || point.hasDecimalMark else {
        return TypeDecision(reading: .text, evidence: "digits that no number holds exactly")
      }
      return TypeDecision(reading: .double, evidence: "numbers with exponents")
    }
    // Where no value has a mark, both styles read the same.
    let isSame =
      canBePoint && canBeComma && !point.hasDecimalMark && !comma.hasDecimalMark
      && point.scale == comma.scale
    if canBePoint, canBeComma, !isSame {
      return ambiguousNumber(hints: hints)
    }
    return decided(
      mark: canBePoint ? UInt8(ascii: ".") : UInt8(ascii: ","),
      because: nil,
      line: line
    )
  }

  /// All marks stand in front of exactly three digits: thousands or thousandths.
  private func ambiguousNumber(hints: LocaleHints) -> TypeDecision {
    let decorated = point.isDecorated
    if let mark = hints.decimalMark {
      let source = hints.isMarkGiven ? "the option DECIMAL" : "other columns"
      return decided(mark: mark, because: source, line: { $0 })
    }
    if currency != nil, point.hasDecimalMark != comma.hasDecimalMark {
      // None of the currencies that are read has a third digit behind its decimal mark.
      return decided(
        mark: UInt8(ascii: point.hasDecimalMark ? "," : "."),
        because: "money has no thousandths",
        line: { $0 }
      )
    }
    if !hints.usesSemicolons {
      // `1.234` is a plain number; `1,234` inside a file of commas is quoted on purpose.
      let reason = decorated ? "commas stand in front of three digits only" : nil
      return decided(mark: UInt8(ascii: "."), because: reason, line: { $0 })
    }
    return TypeDecision(
      reading: .text,
      evidence: "every mark stands in front of three digits: thousands or decimals",
      warning:
        "stays VARCHAR: its marks could separate thousands or decimals; "
        + "DECIMAL ',' or DECIMAL '.' decides",
      isTie: true
    )
  }

  private func decided(
    mark: UInt8,
    because reason: String?,
    line: (Int) -> Int
  ) -> TypeDecision {
    let isPoint = mark == UInt8(ascii: ".")
    let facts = isPoint ? point : comma
    let precision = facts.integerDigitCount + facts.scale
    if !facts.isDecorated, facts.scale == 0, !facts.hasDecimalMark {
      guard facts.integerDigitCount <= DataType.maximumShortDecimalPrecision else {
        return TypeDecision(
          reading: .text,
          evidence: "digits too many for a number (\(facts.integerDigitCount)): identifiers"
        )
      }
      return TypeDecision(reading: .integer, evidence: "whole numbers")
    }
    guard precision <= DataType.maximumDecimalPrecision else {
      if possible.contains(.double), facts.scale > 0 {
        return TypeDecision(reading: .double, evidence: "numbers of more than 38 digits")
      }
      return TypeDecision(reading: .text, evidence: "numbers of more than 38 digits")
    }
    let width =
      precision <= DataType.maximumShortDecimalPrecision
      ? DataType.maximumShortDecimalPrecision : DataType.maximumDecimalPrecision
    if !facts.isDecorated, facts.scale >= 15, possible.contains(.double) {
      return TypeDecision(
        reading: .double,
        evidence: "numbers with up to \(facts.scale) decimals: written from floating point"
      )
    }
    if !facts.isDecorated {
      return TypeDecision(
        reading: .decimal(precision: width, scale: facts.scale),
        evidence: "numbers with up to \(facts.scale) decimals"
      )
    }
    if hasSeveralCurrencies {
      return TypeDecision(
        reading: .text,
        evidence: "amounts in several currencies",
        warning: "stays VARCHAR: its amounts are in several currencies"
      )
    }
    if percentCount > 0, percentCount < numberCount {
      return TypeDecision(
        reading: .text,
        evidence: "\(percentCount) of \(numberCount) numbers are percentages",
        warning: "stays VARCHAR: only \(percentCount) of \(numberCount) numbers have a % sign"
      )
    }
    var evidence = "numbers with decimal \(isPoint ? "point" : "comma")"
    if let proof = facts.firstProof {
      evidence += " ('\(proof.text)' in line \(line(proof.offset)))"
    } else if let reason {
      evidence += " (\(reason))"
    }
    var unit = Unit.none
    if percentCount > 0 {
      unit = .percent
      evidence += ", all with %"
    } else if let currency {
      let code = NumberReading.currencies[currency.index].code
      unit = .money(code)
      evidence += ", in \(code)"
    }
    return TypeDecision(
      reading: .number(precision: width, scale: facts.scale, decimalMark: mark),
      unit: unit,
      evidence: evidence
    )
  }

  private func momentDecision(hints: LocaleHints, line: (Int) -> Int) -> TypeDecision {
    var order = DayOrder.monthFirst
    var evidence = "dates"
    let doubtful = dayFirstCount + monthFirstCount + doubtCount
    if dayFirstCount > 0, monthFirstCount > 0, let day = firstDayFirst, let month = firstMonthFirst
    {
      return TypeDecision(
        reading: .text,
        evidence: "dates in both orders",
        warning:
          "stays VARCHAR: '\(day.text)' (line \(line(day.offset))) has the day first, "
          + "'\(month.text)' (line \(line(month.offset))) the month"
      )
    }
    if dayFirstCount > 0, let example = firstDayFirst {
      order = .dayFirst
      evidence =
        "\(dayFirstCount) of \(momentCount) dates can only be d/m/y "
        + "(first '\(example.text)' in line \(line(example.offset)))"
    } else if monthFirstCount > 0, let example = firstMonthFirst {
      evidence =
        "\(monthFirstCount) of \(momentCount) dates can only be m/d/y "
        + "(first '\(example.text)' in line \(line(example.offset)))"
    } else if doubtCount > 0 {
      guard let hint = hints.dayOrder else {
        return TypeDecision(
          reading: .text,
          evidence: "\(doubtCount) of \(doubtful) dates could be d/m/y or m/d/y",
          warning:
            "stays VARCHAR: no day is above 12, so its dates could be d/m/y or m/d/y; "
            + "DATE_FORMAT 'd/m/yyyy' or DATE_FORMAT 'm/d/yyyy' decides",
          isTie: true
        )
      }
      order = hint
      evidence = "dates, read as \(hint.rawValue) like the other columns or the locale"
    }
    guard timeOfDayCount > 0 else { return TypeDecision(reading: .date(order), evidence: evidence) }
    if zoneCount == 0 {
      return TypeDecision(reading: .timestamp(order), evidence: evidence + " with times")
    }
    if zoneCount == momentCount {
      return TypeDecision(
        reading: .timestampTZ(order),
        evidence: evidence + " with times and zones"
      )
    }
    return TypeDecision(
      reading: .text,
      evidence: "\(zoneCount) of \(momentCount) times have a zone",
      warning: "stays VARCHAR: only \(zoneCount) of \(momentCount) times have a zone"
    )
  }
}
