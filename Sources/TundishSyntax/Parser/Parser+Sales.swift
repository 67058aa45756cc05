/// The statements of the sales door.
extension Parser {
  /// sales-query → "MEASURE" metric-statement | funnel | flow | survival.
  mutating func parseSalesQuery() -> SalesQuery {
    switch current.keyword {
    case .funnel: return .funnel(parseFunnel())
    case .flow: return parseFlow()
    case .survival: return .survival(parseSurvival())
    default:
      let start = position
      _ = eat(.measure)
      var statement = parseMetricStatement()
      statement.range = range(from: start)
      return .measure(statement)
    }
  }

  /// metric-statement → metric { "," metric } { clause | list-clause }.
  mutating func parseMetricStatement(kind: SalesStatementKind = .metric) -> MetricStatement {
    let start = position
    var metrics = [parseMetric()]
    while at(.comma), !dropCommaBeforeClause() {
      advance()
      metrics.append(parseMetric())
    }
    let parsed = parseClauses(in: kind)
    return MetricStatement(
      metrics: metrics,
      clauses: parsed.clauses,
      range: range(from: start)
    )
  }

  /// why → "WHY" metric-statement.
  mutating func parseWhy() -> Statement.Kind {
    advance()
    return .why(parseMetricStatement(kind: .why))
  }

  // MARK: - Metrics

  /// metric → identifier [ "(" metric-argument { "," metric-argument } ")" ] { metric-part }.
  mutating func parseMetric() -> MetricReference {
    let start = position
    guard isName(current) else {
      fail("a metric", notes: metricNotes())
      return MetricReference(name: Identifier("", range: current.range), range: current.range)
    }
    var metric = MetricReference(name: makeName(advance()), range: range(from: start))
    if eat(.leftParenthesis) {
      metric.arguments = parseListBody(until: .rightParenthesis) { $0.parseMetricArgument() }
    }
    while parseMetricPart(&metric) {}
    metric.range = range(from: start)
    return metric
  }

  private func metricNotes() -> [String] {
    guard current.kind == .word, let keyword = current.keyword,
      !Self.clauseKeywords.contains(keyword)
    else { return [] }
    return ["a metric with this name is written \"\(text(of: current))\""]
  }

  /// metric-part → "OF" identifier [ "(" duration ")" ] | [ "FROM" milestone ] "TO" milestone |
  ///   "FOR" ( "WON" | "LOST" | "CLOSED" ) | "PER" identifier | "AS" label.
  private mutating func parseMetricPart(_ metric: inout MetricReference) -> Bool {
    switch current.keyword {
    case .of where isName(peek(1)):
      checkTwice(metric.denominator != nil, "of")
      advance()
      metric.denominator = makeName(advance())
      if at(.leftParenthesis) {
        advance()
        metric.denominatorDuration = parseDuration()
        close(.rightParenthesis)
      }
    case .from:
      checkTwice(metric.from != nil, "from")
      advance()
      metric.from = parseMilestone()
      expect(.to)
      metric.to = parseMilestone()
    case .to:
      checkTwice(metric.to != nil, "to")
      advance()
      metric.to = parseMilestone()
    case .for:
      checkTwice(metric.outcome != nil, "for")
      advance()
      metric.outcome = parseOutcome()
    case .per where isName(peek(1)):
      checkTwice(metric.per != nil, "per")
      advance()
      metric.per = makeName(advance())
    case .as where !atAsClause():
      checkTwice(metric.alias != nil, "as")
      advance()
      metric.alias = parseLabel("a name after 'as'")
    default: return false
    }
    return true
  }

  private mutating func checkTwice(_ isSet: Bool, _ name: String) {
    if isSet { report(.clauseTwice(name, at: current.range)) }
  }

  private mutating func parseOutcome() -> MetricOutcome? {
    let words: [Keyword: MetricOutcome] = [.won: .won, .lost: .lost, .closed: .closed]
    return parseChoice(words, "won, lost or closed")
  }

  /// Reads one of several words, or a slip of one.
  mutating func parseChoice<Value>(_ words: [Keyword: Value], _ what: String) -> Value? {
    if let value = current.keyword.flatMap({ words[$0] }) {
      advance()
      return value
    }
    if let meant = mistyped(words.keys), let value = words[meant] {
      report(
        .expected(
          what,
          found: "'\(text(of: current))'",
          at: current.range,
          fix: .init(range: current.range, replacement: meant.rawValue)
        )
      )
      advance()
      return value
    }
    fail(what)
    return nil
  }

  /// metric-argument → "SHARE" "WITHIN" duration | string | percentile | identifier.
  private mutating func parseMetricArgument() -> MetricArgument {
    let start = position
    if eat(.share, .within) {
      return parseDuration().map { .shareWithin($0) }
        ?? .name(Identifier("share", range: tokens[start].range))
    }
    if current.kind == .string {
      let token = advance()
      return .text(stringValue(token), token.range)
    }
    let name = parseName("an argument such as median or p90")
    guard let first = name.text.utf8.first, first | 0x20 == UInt8(ascii: "p"), !name.isQuoted,
      name.text.utf8.dropFirst().allSatisfy(Lexer.isDigit), name.text.utf8.count > 1
    else { return .name(name) }
    var digits = String(name.text.dropFirst())
    if current.kind == .decimal, current.touchesPrevious, text(of: current).hasPrefix(".") {
      digits += text(of: advance())
    }
    guard let value = Double(digits), value <= 100 else { return .name(name) }
    return .percentile(value, range(from: start))
  }

  /// milestone → identifier | string.
  mutating func parseMilestone() -> Milestone {
    if current.kind == .string {
      let token = advance()
      return Milestone(name: stringValue(token), isLabel: true, range: token.range)
    }
    let name = parseName("a milestone or a stage in quotes")
    return Milestone(name: name.text, isLabel: name.isQuoted, range: name.range)
  }

  // MARK: - Funnels

  /// funnel → "FUNNEL" ( identifier | step-list [ "ON" event-source ] ) { clause | policy |
  ///   funnel-list | "AMOUNT" "PER" "STEP" }.
  private mutating func parseFunnel() -> FunnelStatement {
    let start = position
    advance()
    let subject: FunnelStatement.Subject
    if current.kind == .string || peek(1).symbol == .arrow {
      let steps = parseStepList()
      let source = !atConflictClause() && eat(.on) ? parseEventSource() : nil
      subject = .adHoc(steps: steps, source: source)
    } else {
      subject = .named(parseName("a funnel's name, or steps such as lead -> customer"))
    }
    let parsed = parseClauses(in: .funnel)
    return FunnelStatement(
      subject: subject,
      clauses: parsed.clauses,
      policies: parsed.policies,
      amountPerStep: parsed.amountPerStep,
      range: range(from: start)
    )
  }

  /// step-list → milestone "->" milestone { "->" milestone }.
  private mutating func parseStepList() -> [Milestone] {
    var steps = [parseMilestone()]
    if !at(.arrow) { fail("'->' and the next step") }
    while eat(.arrow) { steps.append(parseMilestone()) }
    return steps
  }

  /// Whether ON is that of the INSERT which the funnel stands in.
  private func atConflictClause() -> Bool {
    guard at(.on), peek(1).keyword == .conflict else { return false }
    guard peek(2).symbol == .leftParenthesis else { return peek(2).keyword == .do }
    return peek(4).symbol == .comma || peek(4).symbol == .rightParenthesis
  }

  /// event-source → qualified-name "(" "KEY" expression "," "AT" expression [ "," "STEP"
  ///   expression ] ")".
  private mutating func parseEventSource() -> EventSource {
    let start = position
    let table = parseQualifiedName("a table")
    var roles: [Keyword: Expression] = [:]
    expect(.leftParenthesis)
    let saved = enterGroup()
    _ = parseListBody(until: .rightParenthesis) { $0.parseEventRole(&roles) }
    leaveGroup(saved)
    for role in [Keyword.key, .at] where roles[role] == nil {
      reportEarlier(
        .missingStep("expected '\(role.rawValue)' and a column", at: range(from: start))
      )
    }
    let missing = missingExpression()
    return EventSource(
      table: table,
      key: roles[.key] ?? missing,
      at: roles[.at] ?? missing,
      step: roles[.step]
    )
  }

  private mutating func parseEventRole(_ roles: inout [Keyword: Expression]) {
    guard at(anyOf: [.key, .at, .step]), let role = current.keyword else {
      fail("key, at or step and a column")
      return
    }
    checkTwice(roles[role] != nil, role.rawValue)
    advance()
    roles[role] = parseExpression()
  }

  /// flow → "FLOW" identifier { clause }.
  private mutating func parseFlow() -> SalesQuery {
    let start = position
    advance()
    let name = parseName("the name of a funnel or 'pipeline'")
    let parsed = parseClauses(in: .flow)
    return .flow(name: name, parsed.clauses, range(from: start))
  }

  /// survival → "SURVIVAL" "FROM" milestone "TO" milestone { clause | "HORIZON" duration }.
  private mutating func parseSurvival() -> SurvivalStatement {
    let start = position
    advance()
    expect(.from)
    let from = parseMilestone()
    expect(.to)
    let to = parseMilestone()
    let parsed = parseClauses(in: .survival)
    return SurvivalStatement(
      from: from,
      to: to,
      clauses: parsed.clauses,
      horizon: parsed.horizon,
      range: range(from: start)
    )
  }
}
