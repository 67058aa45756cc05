/// Periods, dates and as-of.
extension Parser {
  /// Whether a period begins here.
  func atPeriod() -> Bool {
    current.keyword.map { SalesClauseName.words[$0] == .period } ?? false || atPeriodLiteral()
  }

  /// Whether a year, a date or a parameter begins here.
  func atPeriodLiteral() -> Bool {
    switch current.kind {
    case .integer, .parameter, .symbol(.questionMark): true
    case .word: fiscalYear(current) != nil || at(.date) && peek(1).kind == .string
    case .quotedName, .string, .blob, .decimal, .double, .symbol, .comment, .unknown, .end: false
    }
  }

  /// period → ( "THIS" | "LAST" | "NEXT" ) grain | ( "LAST" | "PAST" ) positive-integer grain |
  ///   "SINCE" date | "TODAY" | "YESTERDAY" | "MTD" | "QTD" | "YTD" | date ".." date | calendar-period.
  mutating func parsePeriod() -> Period? {
    let start = position
    guard let kind = parsePeriodKind() else { return nil }
    return Period(kind, range: range(from: start))
  }

  /// How many buckets a period has: one or more.
  private mutating func parsePeriodCount(_ what: String) -> Int {
    if current.isInteger, Int(numberText(current)) == 0 {
      fail("a number above 0")
      advance()
      return 0
    }
    return parseCount(what)
  }

  private mutating func parsePeriodKind() -> Period.Kind? {
    switch current.keyword {
    case .this:
      advance()
      return parseGrain().map { .this($0) }
    case .next:
      advance()
      return parseGrain().map { .next($0) }
    case .last:
      advance()
      guard current.isInteger else { return parseGrain().map { .last($0) } }
      let count = parsePeriodCount("a number")
      return parseGrain().map { .lastCount(count, $0) }
    case .past:
      advance()
      let count = parsePeriodCount("a number such as '3 months'")
      return parseGrain().map { .pastCount(count, $0) }
    case .since:
      advance()
      return .since(parseDate())
    case .today:
      advance()
      return .today
    case .yesterday:
      advance()
      return .yesterday
    case .mtd:
      advance()
      return .monthToDate
    case .qtd:
      advance()
      return .quarterToDate
    case .ytd:
      advance()
      return .yearToDate
    default:
      return parseWrittenPeriod()
    }
  }

  private mutating func parseWrittenPeriod() -> Period.Kind? {
    guard atPeriodLiteral() else {
      fail("a period such as 'this quarter', 'last 3 months', 2026 or 2026-Q1")
      return nil
    }
    if current.isInteger || fiscalYear(current) != nil, !atBareDate() {
      return parseCalendarPeriod()
    }
    let start = position
    let first = parseDate()
    guard eat(.dotDot) else {
      let range = range(from: start)
      if case .bareDate = first.kind {
        reportEarlier(.singleDay(text(of: range), at: range))
      } else {
        fail("'..' and the last day")
      }
      return .between(first, first)
    }
    return .between(first, parseDate())
  }

  /// calendar-period → year | year-quarter | year-month | year-week | fiscal-year | fiscal-quarter.
  private mutating func parseCalendarPeriod() -> Period.Kind? {
    let start = position
    let token = advance()
    if let year = fiscalYear(token) {
      if at(.minus), current.touchesPrevious, let quarter = numbered(peek(1), letter: "q") {
        position += 2
        return checked(1...4, quarter, "quarter", from: start)
          ? .fiscalQuarter(year: year, quarter: quarter) : .fiscalYear(year)
      }
      return .fiscalYear(year)
    }
    guard token.range.upperBound - token.range.lowerBound == 4, let year = Int(text(of: token)),
      year > 0
    else {
      errorPosition = start
      reportEarlier(
        .expected(
          "a period such as 2026, 2026-Q1 or 2026-03",
          found: found(token),
          at: token.range
        )
      )
      return nil
    }
    guard at(.minus), current.touchesPrevious, peek(1).touchesPrevious else { return .year(year) }
    if let quarter = numbered(peek(1), letter: "q") {
      position += 2
      guard checked(1...4, quarter, "quarter", from: start) else { return .year(year) }
      return .quarter(year: year, quarter: quarter)
    }
    if let week = numbered(peek(1), letter: "w") {
      position += 2
      guard checked(1...53, week, "week", from: start) else { return .year(year) }
      return .week(year: year, week: week)
    }
    if peek(1).isInteger, let month = Int(text(of: peek(1))) {
      position += 2
      guard checked(1...12, month, "month", from: start) else { return .year(year) }
      return .month(year: year, month: month)
    }
    return .year(year)
  }

  private mutating func checked(
    _ bounds: ClosedRange<Int>,
    _ number: Int,
    _ what: String,
    from start: Int
  ) -> Bool {
    if bounds.contains(number) { return true }
    let range = range(from: start)
    reportEarlier(.noSuchDate("\(what) \(text(of: range))", at: range))
    return false
  }

  /// The year of `FY2026`.
  private func fiscalYear(_ token: Token) -> Int? {
    guard token.kind == .word else { return nil }
    let word = text(of: token)
    guard word.utf8.count == 6, word.lowercased().hasPrefix("fy") else { return nil }
    return Int(word.dropFirst(2))
  }

  /// The number of `Q1` or `W07`.
  private func numbered(_ token: Token, letter: Character) -> Int? {
    guard token.kind == .word, token.touchesPrevious else { return nil }
    let word = text(of: token).lowercased()
    guard word.first == letter, (2...3).contains(word.utf8.count),
      word.utf8.dropFirst().allSatisfy(Lexer.isDigit)
    else { return nil }
    return Int(word.dropFirst())
  }

  // MARK: - Dates

  /// Whether `2026-01-31` stands here: five tokens that touch.
  func atBareDate() -> Bool {
    guard current.isInteger, current.range.upperBound - current.range.lowerBound == 4 else {
      return false
    }
    return peek(1).symbol == .minus && peek(1).touchesPrevious && peek(2).isInteger
      && peek(2).touchesPrevious && peek(3).symbol == .minus && peek(3).touchesPrevious
      && peek(4).isInteger && peek(4).touchesPrevious
  }

  /// date → bare-date | "DATE" string | parameter.
  mutating func parseDate() -> Expression {
    let start = position
    if current.kind == .parameter || at(.questionMark) { return parseParameter() }
    if at(.date), peek(1).kind == .string, let literal = parseTypedLiteral() { return literal }
    guard atBareDate() else {
      fail("a date such as 2026-01-31")
      return missingExpression()
    }
    let parts = [0, 2, 4].map { Int(text(of: peek($0))) ?? 0 }
    position += 5
    let range = range(from: start)
    if !isDate(parts[0], parts[1], parts[2]) {
      reportEarlier(.noSuchDate("day \(text(of: range))", at: range))
      return Expression(.bareDate(year: max(1, parts[0]), month: 1, day: 1), range: range)
    }
    return Expression(.bareDate(year: parts[0], month: parts[1], day: parts[2]), range: range)
  }

  private func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
    guard year > 0, (1...12).contains(month), day > 0 else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return day <= lengths[month - 1]
  }

  /// closing-clause → "CLOSING" period.
  mutating func parseClosing() -> Period? {
    advance()
    return parsePeriod()
  }

  /// as-of → "AS" "OF" ( date | "TIMESTAMP" string | "NOW" | "DATA" ).
  mutating func parseAsOf() -> AsOf? {
    advance()
    advance()
    if eat(.now) { return .now }
    if eat(.data) { return .data }
    if at(.timestamp), let literal = parseTypedLiteral() { return .timestamp(literal) }
    guard atPeriodLiteral() else {
      fail("a date, TIMESTAMP '...', now or data")
      return nil
    }
    return .date(parseDate())
  }
}
