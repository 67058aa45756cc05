/// Names, and the small literals that statements have outside of expressions.
extension Parser {
  /// Reads a name; reports and returns an empty one where there is none.
  ///
  /// `mayBeReserved` is for places where nothing else can stand: there a reserved word is read as
  /// the name that was meant, with a report.
  mutating func parseName(_ what: String, mayBeReserved: Bool = false) -> Identifier {
    if isName(current) { return makeName(advance()) }
    if current.kind == .word, mayBeReserved || current.keyword?.wordClass == .typeOrFunction {
      report(.reservedWord(text(of: current), what: what, at: current.range))
      return makeName(advance())
    }
    fail(what)
    return Identifier("", range: SourceRange(current.range.lowerBound, current.range.lowerBound))
  }

  /// Reads the name after AS or a dot, where every word may stand.
  mutating func parseLabel(_ what: String) -> Identifier {
    switch current.kind {
    case .word, .quotedName: return makeName(advance())
    case .string, .blob, .integer, .decimal, .double, .parameter, .symbol, .comment, .unknown,
      .end:
      return parseName(what)
    }
  }

  func makeName(_ token: Token) -> Identifier {
    let slice = bytes[token.range.lowerBound..<token.range.upperBound]
    let isQuoted = token.kind == .quotedName
    let text = isQuoted ? Literals.quotedName(slice) : String(decoding: slice, as: UTF8.self)
    return Identifier(text, range: token.range, isQuoted: isQuoted)
  }

  /// qualified-name → identifier { "." label }.
  mutating func parseQualifiedName(_ what: String, mayBeReserved: Bool = false) -> QualifiedName {
    var parts = [parseName(what, mayBeReserved: mayBeReserved)]
    while at(.dot), parts.count < QualifiedName.maximumPartCount {
      advance()
      parts.append(parseLabel("a name after '.'"))
    }
    return QualifiedName(parts)
  }

  /// name-list → "(" identifier { "," identifier } ")".
  mutating func parseNameList(_ what: String) -> [Identifier] {
    expect(.leftParenthesis)
    return parseListBody(until: .rightParenthesis) { parser in
      parser.parseName(what, mayBeReserved: true)
    }
  }

  /// Reads members up to the closing symbol and takes it; a comma may stand before it.
  mutating func parseListBody<Element>(
    until closing: Symbol,
    member: (inout Parser) -> Element
  ) -> [Element] {
    var members: [Element] = []
    while !at(closing), !isAtEnd, !at(.semicolon) {
      members.append(member(&self))
      if eat(.comma) { continue }
      if at(closing) { break }
      fail("',' or '\(closing.rawValue)'")
      skip { token in
        token.symbol == .comma || token.keyword.map(Self.clauseKeywords.contains) ?? false
      }
      if !eat(.comma) { break }
    }
    close(closing)
    return members
  }

  /// The value of a string token.
  func stringValue(_ token: Token) -> String {
    Literals.string(bytes[token.range.lowerBound..<token.range.upperBound])
  }

  /// Reads a string; reports and returns nil where there is none.
  mutating func parseString(_ what: String) -> (text: String, range: SourceRange)? {
    guard current.kind == .string else {
      fail(what)
      return nil
    }
    let token = advance()
    return (stringValue(token), token.range)
  }

  /// The digits of a number token, with a report where it is too large.
  mutating func numberText(_ token: Token) -> String {
    let slice = bytes[token.range.lowerBound..<token.range.upperBound]
    if let text = Literals.number(slice) { return text }
    reportEarlier(.numberTooLarge(at: token.range))
    return "0"
  }

  /// Reads a count; reports and returns 0 where there is none.
  mutating func parseCount(_ what: String) -> Int {
    guard current.isInteger else {
      fail(what)
      return 0
    }
    let token = advance()
    if let value = Int(numberText(token)), value < 1_000_000_000_000_000_000 { return value }
    reportEarlier(.countTooLarge(at: token.range))
    return 0
  }

  // MARK: - Units of time

  /// The unit that a word names, in singular or plural.
  static let units: [Keyword: IntervalUnit] = [
    .microsecond: .microsecond, .microseconds: .microsecond, .millisecond: .millisecond,
    .milliseconds: .millisecond, .second: .second, .seconds: .second, .minute: .minute,
    .minutes: .minute, .hour: .hour, .hours: .hour, .day: .day, .days: .day, .week: .week,
    .weeks: .week, .month: .month, .months: .month, .quarter: .quarter, .quarters: .quarter,
    .year: .year, .years: .year, .decade: .decade, .decades: .decade, .century: .century,
    .centuries: .century, .millennium: .millennium, .millennia: .millennium,
  ]

  /// The grain that a word names, in singular or plural.
  static let grains: [Keyword: Grain] = [
    .day: .day, .days: .day, .week: .week, .weeks: .week, .month: .month, .months: .month,
    .quarter: .quarter, .quarters: .quarter, .year: .year, .years: .year,
    .fiscalQuarter: .fiscalQuarter, .fiscalQuarters: .fiscalQuarter, .fiscalYear: .fiscalYear,
    .fiscalYears: .fiscalYear,
  ]

  func unit(_ token: Token) -> IntervalUnit? {
    token.keyword.flatMap { Self.units[$0] }
  }

  func grain(_ token: Token) -> Grain? {
    token.keyword.flatMap { Self.grains[$0] }
  }

  /// duration → ( integer | decimal ) unit.
  mutating func parseDuration() -> Duration? {
    let start = position
    guard current.kind == .integer || current.kind == .decimal else {
      fail("a duration such as '30 days'")
      return nil
    }
    let amount = numberText(advance())
    guard let unit = parseUnit() else { return nil }
    return Duration(amount: amount, unit: unit, range: range(from: start))
  }

  /// unit → "MICROSECOND" | "MILLISECOND" | "SECOND" | "MINUTE" | "HOUR" | "DAY" | "WEEK" |
  ///   "MONTH" | "QUARTER" | "YEAR" | "DECADE" | "CENTURY" | "MILLENNIUM" | "DAYS" | "MONTHS".
  mutating func parseUnit() -> IntervalUnit? {
    if let unit = unit(current) {
      advance()
      return unit
    }
    let words = Self.units.keys
    if let meant = mistyped(words), let unit = Self.units[meant] {
      reportMistyped(meant)
      advance()
      return unit
    }
    fail("a unit of time such as 'days'")
    return nil
  }

  /// grain → "DAY" | "WEEK" | "MONTH" | "QUARTER" | "YEAR" | "FISCAL_QUARTER" | "FISCAL_YEAR".
  mutating func parseGrain() -> Grain? {
    if let grain = grain(current) {
      advance()
      return grain
    }
    if let meant = mistyped(Self.grains.keys), let grain = Self.grains[meant] {
      reportMistyped(meant)
      advance()
      return grain
    }
    fail("day, week, month, quarter, year, fiscal_quarter or fiscal_year")
    return nil
  }
}
