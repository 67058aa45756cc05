/// The clauses of the sales door, in any order.
extension Parser {
  /// The clause that a word begins.
  func salesClause(for keyword: Keyword) -> SalesClauseName? {
    SalesClauseName.words[keyword]
  }

  /// The clause that begins at the current token.
  private func clauseHere() -> SalesClauseName? {
    if at(.as) { return peek(1).keyword == .of ? .asOf : .chart }
    // WITH NO DATA belongs to CREATE TABLE.
    if at(.with, .no) || at(.with, .data) { return nil }
    if let keyword = current.keyword, let clause = salesClause(for: keyword) { return clause }
    return atPeriodLiteral() ? .period : nil
  }

  /// Whether AS begins a clause and not an alias.
  func atAsClause() -> Bool { isAsClause(offset: 0) }

  private func isAsClause(offset: Int) -> Bool {
    guard peek(offset).keyword == .as else { return false }
    let next = peek(offset + 1)
    guard next.kind == .word else { return false }
    return next.keyword == .of || ChartForm(rawValue: text(of: next).lowercased()) != nil
  }

  /// clause → by-clause | over-clause | period | closing-clause | where-filter | having-filter |
  ///   basis | as-of | within-clause | "EXCLUDING" "DISQUALIFIED" | "CALENDAR" "DAYS" | "CURRENCY"
  ///   identifier | compare-clause | versus-clause | attribution | with-items | ranking |
  ///   sort-clause | "LIMIT" integer | chart-clause.
  mutating func parseClauses(in kind: SalesStatementKind) -> ParsedClauses {
    var parsed = ParsedClauses()
    while true {
      if let clause = clauseHere() {
        let start = position
        if !parsed.seen.insert(clause).inserted {
          report(.clauseTwice(clause == .asOf ? "as of" : text(of: current), at: current.range))
          // The first one counts; the second is read for its own mistakes.
          var ignored = ParsedClauses()
          parseClause(clause, &ignored, in: kind)
        } else {
          if !kind.allows(clause) {
            report(.clauseNotHere(text(of: current), in: kind.rawValue, at: current.range))
          }
          parseClause(clause, &parsed, in: kind)
        }
        // Every clause begins with a word, so each turn of the loop moves on.
        if position == start { advance() }
        parsed.clauses.ranges.append(range(from: start))
        if at(.comma) { dropStrayComma() }
      } else if !recoverClause() {
        return parsed
      }
    }
  }

  /// Whether a comma stands before a clause; it is then reported and taken.
  mutating func dropCommaBeforeClause() -> Bool {
    guard at(.comma) else { return false }
    let comma = current.range
    position += 1
    guard atCertainClause() else {
      position -= 1
      return false
    }
    reportEarlier(.commaBeforeClause(text(of: current), at: comma))
    return true
  }

  private mutating func dropStrayComma() {
    if dropCommaBeforeClause() { return }
    fail("a clause or the end of the statement")
    skip { $0.keyword.map { SalesClauseName.words[$0] != nil } ?? false }
    errorPosition = position
  }

  /// Whether the words here can only be a clause, so that a comma before them is one too many.
  private func atCertainClause() -> Bool {
    let next = peek(1)
    switch current.keyword {
    case .where, .having, .with, .order, .limit, .as: return true
    case .by: return isName(next) || next.kind == .string
    case .over, .this, .next: return grain(next) != nil
    case .last, .past: return grain(next) != nil || next.isInteger
    case .since: return next.isInteger || next.kind == .parameter || next.keyword == .date
    case .within, .top, .bottom: return next.isInteger
    case .compare: return [.previous, .same, .last, .this].contains(next.keyword)
    case .vs: return next.keyword == .target || next.keyword == .benchmark
    case .attributed: return next.keyword == .by
    case .excluding: return next.keyword == .disqualified
    case .calendar: return next.keyword == .days
    case .list:
      return [.won, .lost, .open, .counted, .leftOut, .dropped, .converted].contains(next.keyword)
    default: return false
    }
  }

  /// Finds the way back to a clause; returns false where the statement ends.
  private mutating func recoverClause() -> Bool {
    switch current.kind {
    case .end, .symbol(.semicolon), .symbol(.rightParenthesis), .symbol(.rightBracket):
      return false
    case .word:
      if let keyword = current.keyword, keyword.wordClass == .reserved { return false }
      if peek(1).keyword == .nulls { return false }
      if let meant = mistyped(SalesClauseName.words.keys) {
        if current.startsLine, peek(1).kind == .end || peek(1).symbol == .semicolon {
          return false
        }
        reportMistyped(meant)
        return parseMistypedClause(meant)
      }
    case .quotedName, .string, .blob, .integer, .decimal, .double, .parameter, .symbol, .comment,
      .unknown:
      break
    }
    if current.startsLine, atStatementWord() || isName(current) { return false }
    let notes = current.kind == .word ? [] : [String]()
    fail("a clause such as by, over or where", notes: notes)
    skip { $0.keyword.map { SalesClauseName.words[$0] != nil } ?? false }
    errorPosition = position
    return clauseHere() != nil
  }

  /// Reads on after a slip in a clause's first word: drops the word, and what it introduced.
  private mutating func parseMistypedClause(_ meant: Keyword) -> Bool {
    guard let clause = SalesClauseName.words[meant] else { return false }
    if clause == .period {
      advance()
      if current.isInteger { advance() }
      if grain(current) != nil { advance() }
      return true
    }
    var ignored = ParsedClauses()
    parseClause(clause, &ignored, in: .funnel)
    return true
  }

  private mutating func parseClause(
    _ clause: SalesClauseName,
    _ parsed: inout ParsedClauses,
    in kind: SalesStatementKind
  ) {
    switch clause {
    case .by: parsed.clauses.dimensions = parseDimensions()
    case .over: parseOver(&parsed.clauses)
    case .period: parsed.clauses.period = parsePeriod()
    case .closing: parsed.clauses.closing = parseClosing()
    case .where: parsed.clauses.filter = parseFilter()
    case .having: parsed.clauses.having = parseFilter()
    case .basis: parsed.clauses.basis = parseBasis()
    case .asOf: parsed.clauses.asOf = parseAsOf()
    case .within: parsed.clauses.within = parseWithin()
    case .excluding:
      advance()
      parsed.clauses.excludesDisqualified = expect(.disqualified)
    case .calendar:
      advance()
      parsed.clauses.usesCalendarDays = expect(.days)
    case .currency:
      advance()
      parsed.clauses.currency = parseName("a currency such as EUR")
    case .compare: parsed.clauses.compare = parseCompare()
    case .vs: parsed.clauses.versus = parseVersus()
    case .attributed: parsed.clauses.attribution = parseAttribution()
    case .with: parseWithItems(&parsed.clauses)
    case .top: parsed.clauses.ranking = parseRanking()
    case .order: parsed.clauses.orderBy = parseSort()
    case .limit:
      advance()
      parsed.clauses.limit = parseCount("a number of rows")
    case .list: parsed.clauses.list = parseList(in: kind)
    case .chart: parsed.clauses.chart = parseChart()
    case .horizon:
      advance()
      parsed.horizon = parseDuration()
    case .amount:
      advance()
      expect(.per)
      parsed.amountPerStep = expect(.step)
    case .steps, .entry, .skips, .regressions, .ties:
      parsePolicy(&parsed.policies)
    }
  }

  // MARK: - Dimensions and conditions

  /// by-clause → "BY" dimension { "," dimension }.
  private mutating func parseDimensions() -> [Dimension] {
    advance()
    var dimensions = [parseDimension()]
    while at(.comma), !dropCommaBeforeClause() {
      advance()
      dimensions.append(parseDimension())
    }
    return dimensions
  }

  /// dimension → sales-expression [ "AS" label ] [ "AT" ( "ENTRY" | "CLOSE" | "NOW" | "STEP" ) ].
  mutating func parseDimension() -> Dimension {
    let start = position
    var dimension = Dimension(
      expression: parseSalesExpression(units: false),
      range: range(from: start)
    )
    if at(.as), !atAsClause() {
      advance()
      dimension.alias = parseLabel("a name after 'as'")
    }
    if at(.at) {
      advance()
      let words: [Keyword: Dimension.Moment] = [
        .entry: .entry, .close: .close, .now: .now, .step: .step,
      ]
      dimension.moment = parseChoice(words, "entry, close, now or step")
    }
    dimension.range = range(from: start)
    return dimension
  }

  /// Reads an expression in which, outside parentheses, clause words end it.
  mutating func parseSalesExpression(units: Bool) -> Expression {
    let (savedSales, savedUnits) = (isSalesExpression, allowsUnits)
    isSalesExpression = true
    allowsUnits = units
    defer { (isSalesExpression, allowsUnits) = (savedSales, savedUnits) }
    return units ? parseCondition() : parseExpression()
  }

  /// where-filter → "WHERE" sales-expression.
  ///
  /// having-filter → "HAVING" sales-expression.
  private mutating func parseFilter() -> Expression {
    advance()
    return parseSalesExpression(units: true)
  }

  /// over-clause → "OVER" grain.
  private mutating func parseOver(_ clauses: inout SalesClauses) {
    let start = position
    advance()
    clauses.over = parseGrain()
    clauses.overRange = range(from: start)
  }

  /// basis → "COHORT" | "PERIOD" | "SNAPSHOT".
  private mutating func parseBasis() -> MetricBasis? {
    MetricBasis(rawValue: text(of: advance()).lowercased())
  }

  /// within-clause → "WITHIN" ( duration { "," duration } | integer { "," integer } unit ).
  private mutating func parseWithin() -> [Duration] {
    advance()
    var amounts: [(text: String, range: SourceRange)] = []
    var durations: [Duration] = []
    repeat {
      guard current.kind == .integer || current.kind == .decimal else {
        fail("a duration such as '30 days'")
        break
      }
      let token = advance()
      amounts.append((numberText(token), token.range))
      if let unit = unit(current) {
        advance()
        durations += amounts.map { Duration(amount: $0.text, unit: unit, range: $0.range) }
        amounts = []
      }
      if at(.comma), dropCommaBeforeClause() { break }
    } while eat(.comma)
    if let last = amounts.last {
      let unit = parseUnit() ?? .day
      _ = last
      durations += amounts.map { Duration(amount: $0.text, unit: unit, range: $0.range) }
    }
    return durations
  }

  // MARK: - Comparison

  /// compare-clause → "COMPARE" ( "PREVIOUS" [ grain ] | "SAME" grain "LAST" grain | period ).
  private mutating func parseCompare() -> Comparison? {
    let start = position
    advance()
    if eat(.previous) {
      let grain = grain(current) == nil ? nil : parseGrain()
      return .previous(grain, range(from: start))
    }
    if eat(.same) {
      guard let inner = parseGrain() else { return nil }
      expect(.last)
      guard let outer = parseGrain() else { return nil }
      return .sameLast(inner, outer, range(from: start))
    }
    guard atPeriod() else {
      if let meant = mistyped([.previous, .same]) {
        reportMistyped(meant)
        advance()
        if grain(current) != nil { advance() }
        return .previous(nil, range(from: start))
      }
      fail("previous, same or a period")
      return nil
    }
    return parsePeriod().map { .period($0) }
  }

  /// versus-clause → "VS" ( "TARGET" | "BENCHMARK" [ string ] ).
  private mutating func parseVersus() -> Versus? {
    advance()
    if eat(.target) { return .target }
    if eat(.benchmark) {
      return .benchmark(current.kind == .string ? parseString("an industry")?.text : nil)
    }
    let words: [Keyword: Versus] = [.target: .target, .benchmark: .benchmark(nil)]
    return parseChoice(words, "target or benchmark")
  }

  /// attribution → "ATTRIBUTED" "BY" identifier [ "(" duration ")" ] [ "LOOKBACK" duration ].
  private mutating func parseAttribution() -> Attribution {
    advance()
    expect(.by)
    let model = parseName("an attribution model such as linear")
    var duration: Duration?
    if eat(.leftParenthesis) {
      duration = parseDuration()
      close(.rightParenthesis)
    }
    let lookback = eat(.lookback) ? parseDuration() : nil
    return Attribution(model: model, duration: duration, lookback: lookback)
  }

  // MARK: - What is shown

  /// with-items → "WITH" with-item { "," with-item }.
  private mutating func parseWithItems(_ clauses: inout SalesClauses) {
    advance()
    repeat {
      parseWithItem(&clauses)
      if at(.comma), dropCommaBeforeClause() { break }
    } while eat(.comma)
  }

  /// with-item → "TOTALS" | "SHARE" | "EMPTY" | "RUNNING" | "CI" percentage.
  private mutating func parseWithItem(_ clauses: inout SalesClauses) {
    let words: [Keyword: Keyword] = [
      .totals: .totals, .share: .share, .empty: .empty, .running: .running, .ci: .ci,
    ]
    switch parseChoice(words, "totals, share, empty, running or ci") {
    case .totals: clauses.withTotals = true
    case .share: clauses.withShare = true
    case .empty: clauses.withEmpty = true
    case .running: clauses.withRunning = true
    case .ci: clauses.confidence = parsePercentage()
    default: break
    }
  }

  /// percentage → ( integer | decimal ) "%".
  mutating func parsePercentage() -> String? {
    guard current.kind == .integer || current.kind == .decimal else {
      fail("a percentage such as 90%")
      return nil
    }
    let text = numberText(advance())
    expect(.percent as Symbol)
    return text
  }

  /// ranking → ( "TOP" | "BOTTOM" ) integer [ "BY" identifier ].
  private mutating func parseRanking() -> Ranking {
    let isBottom = at(.bottom)
    advance()
    let count = parseCount("a number after '\(isBottom ? "bottom" : "top")'")
    var metric: Identifier?
    // A list, a path or an expression after BY is the clause; one name may be a metric.
    let isAlias = peek(2).keyword == .as && !isAsClause(offset: 2)
    if at(.by), isName(peek(1)), !continuesDimension(peek(2)), !isAlias {
      advance()
      metric = makeName(advance())
    }
    return Ranking(isBottom: isBottom, count: count, metric: metric)
  }

  /// The words that carry an expression or dimension on after a name.
  private static let continuingWords: Set<Keyword> = [
    .at, .and, .or, .is, .in, .like, .ilike, .between, .not, .collate, .similar, .glob, .isnull,
    .notnull,
  ]

  private func continuesDimension(_ token: Token) -> Bool {
    switch token.kind {
    case .symbol(.semicolon), .symbol(.rightParenthesis), .end: false
    case .symbol: true
    case .word: token.keyword.map(Self.continuingWords.contains) ?? false
    case .quotedName, .string, .blob, .integer, .decimal, .double, .parameter, .comment, .unknown:
      false
    }
  }

  /// sort-clause → "ORDER" "BY" sort-item { "," sort-item }.
  ///
  /// sort-item → sales-expression [ direction ].
  private mutating func parseSort() -> [OrderItem] {
    advance()
    expect(.by)
    let (savedSales, savedUnits) = (isSalesExpression, allowsUnits)
    isSalesExpression = true
    defer { (isSalesExpression, allowsUnits) = (savedSales, savedUnits) }
    return parseOrderItems()
  }

  /// list-clause → "LIST" ( "WON" | "LOST" | "OPEN" | "COUNTED" | "LEFT_OUT" ).
  ///
  /// funnel-list → "LIST" ( "DROPPED" | "CONVERTED" | "OPEN" ) "AT" milestone.
  private mutating func parseList(in kind: SalesStatementKind) -> MetricList? {
    advance()
    let outcomes: [Keyword: StepOutcome] = [
      .dropped: .dropped, .converted: .converted, .open: .open,
    ]
    if let outcome = current.keyword.flatMap({ outcomes[$0] }),
      kind == .funnel || peek(1).keyword == .at
    {
      advance()
      expect(.at)
      return .atStep(outcome, parseMilestone())
    }
    if kind == .funnel {
      fail("dropped, converted or open, and 'at' with a step")
      return nil
    }
    let lists: [Keyword: MetricList] = [
      .won: .won, .lost: .lost, .open: .open, .counted: .counted, .leftOut: .leftOut,
    ]
    return parseChoice(lists, "won, lost, open, counted or left_out")
  }

  /// chart-clause → "AS" ( "TABLE" | "BAR" | "LINE" | "FUNNEL" | "GRID" | "HISTOGRAM" ).
  private mutating func parseChart() -> ChartForm? {
    advance()
    let charts: [Keyword: ChartForm] = [
      .table: .table, .bar: .bar, .line: .line, .funnel: .funnel, .grid: .grid,
      .histogram: .histogram,
    ]
    return parseChoice(charts, "of, table, bar, line, funnel, grid or histogram")
  }

  // MARK: - Policies

  /// policy → "STEPS" ( "ORDERED" | "ANY" | "STRICT" ) | "ENTRY" ( "FIRST" | "LAST" | "EVERY" ) |
  ///   "SKIPS" ( "COUNT" | "EXCLUDE" | "TOUCH" ) | "REGRESSIONS" ( "IGNORE" | "RESET" | "COUNT" )
  ///   | "TIES" ( "ORDERED" | "UNORDERED" | "BREAK" ).
  mutating func parsePolicy(_ policies: inout FunnelPolicies) {
    switch advance().keyword {
    case .steps:
      policies.steps = parseChoice(
        [.ordered: .ordered, .any: .any, .strict: .strict],
        "ordered, any or strict"
      )
    case .entry:
      policies.entry = parseChoice(
        [.first: .first, .last: .last, .every: .every],
        "first, last or every"
      )
    case .skips:
      policies.skips = parseChoice(
        [.count: .count, .exclude: .exclude, .touch: .touch],
        "count, exclude or touch"
      )
    case .regressions:
      policies.regressions = parseChoice(
        [.ignore: .ignore, .reset: .reset, .count: .count],
        "ignore, reset or count"
      )
    default:
      policies.ties = parseChoice(
        [.ordered: .ordered, .unordered: .unordered, .break: .break],
        "ordered, unordered or break"
      )
    }
  }
}
