/// CREATE METRIC, FUNNEL, TARGET and SCORE.
extension Parser {
  /// create-metric → "METRIC" identifier [ macro-parameters ] "AS" metric-body [ "ON" role ] {
  ///   metric-option }.
  mutating func parseCreateMetric(orReplace: Bool, from start: Int) -> Statement.Kind {
    advance()
    let name = parseName("a metric's name", mayBeReserved: true)
    let parameters = at(.leftParenthesis) ? parseMacroParameters() : []
    expect(.as)
    var metric = CreateMetric(
      orReplace: orReplace,
      name: name,
      parameters: parameters,
      body: parseMetricBody(),
      role: eat(.on) ? parseRole() : nil,
      options: [],
      range: range(from: start)
    )
    while let option = parseMetricOption() { metric.options.append(option) }
    metric.range = range(from: start)
    return .createMetric(metric)
  }

  /// metric-body → "RATE" "(" named-part "," named-part ")" | ( "COUNT" | "MONEY" | "DAYS" |
  ///   "VALUE" ) "(" expression ")" | expression.
  private mutating func parseMetricBody() -> MetricBody {
    guard peek(1).symbol == .leftParenthesis else { return .derived(parseExpression()) }
    let keyword = current.keyword
    switch keyword {
    case .rate:
      position += 2
      let (numerator, numeratorName) = parseNamedPart()
      expect(.comma)
      let (denominator, denominatorName) = parseNamedPart()
      close(.rightParenthesis)
      return .rate(
        numerator: numerator,
        numeratorName,
        denominator: denominator,
        denominatorName
      )
    case .count, .money, .days, .value:
      position += 2
      let value = parseExpression()
      close(.rightParenthesis)
      switch keyword {
      case .count: return .count(value)
      case .money: return .money(value)
      case .days: return .days(value)
      default: return .value(value)
      }
    default:
      return .derived(parseExpression())
    }
  }

  /// named-part → expression "AS" label.
  private mutating func parseNamedPart() -> (Expression, Identifier) {
    let value = parseExpression()
    expect(.as)
    return (value, parseLabel("a name for the part"))
  }

  /// metric-option → ( "COHORT" | "PERIOD" ) "BY" expression | "SNAPSHOT" | "WHERE"
  ///   sales-expression | "OF" identifier "AS" metric-body [ "ON" role ] | "TO" identifier "AS"
  ///   metric-body | "NULL" "WHEN" expression "THEN" string | "REQUIRES" role [ string ] |
  ///   "SYNONYMS" "(" string { "," string } ")" | "BETTER" ( "HIGHER" | "LOWER" ) | "COMMENT"
  ///   string.
  private mutating func parseMetricOption() -> MetricOption? {
    switch current.keyword {
    case .cohort:
      advance()
      expect(.by)
      return .cohort(parseExpression())
    case .period:
      advance()
      expect(.by)
      return .period(parseExpression())
    case .snapshot:
      advance()
      return .snapshot
    case .where:
      advance()
      return .filter(parseSalesExpression(units: true))
    case .of:
      advance()
      let name = parseName("the denominator's name")
      expect(.as)
      let body = parseMetricBody()
      return .of(name, body, eat(.on) ? parseRole() : nil)
    case .to:
      advance()
      let name = parseName("the milestone")
      expect(.as)
      return .to(name, parseMetricBody())
    case .null where peek(1).keyword == .when:
      position += 2
      let condition = parseCondition()
      expect(.then)
      return .nullWhen(condition, reason: parseString("the reason in quotes")?.text ?? "")
    case .requires:
      advance()
      guard let role = parseRole() else { return nil }
      let message = current.kind == .string ? parseString("a message")?.text : nil
      return .requires(role, message: message)
    case .synonyms:
      advance()
      expect(.leftParenthesis)
      let names = parseListBody(until: .rightParenthesis) { parser in
        parser.parseString("a name in quotes")?.text ?? ""
      }
      return .synonyms(names)
    case .better:
      advance()
      return parseChoice([.higher: true, .lower: false], "HIGHER or LOWER")
        .map { .better(isHigher: $0) }
    case .comment:
      advance()
      return .comment(parseString("a comment in quotes")?.text ?? "")
    default:
      return parseMistypedOption()
    }
  }

  private mutating func parseMistypedOption() -> MetricOption? {
    let words: [Keyword] = [
      .cohort, .period, .snapshot, .where, .requires, .synonyms, .better, .comment,
    ]
    guard let meant = mistyped(words) else { return nil }
    reportMistyped(meant)
    skip { $0.keyword.map(words.contains) ?? false }
    errorPosition = position
    return nil
  }

  // MARK: - Funnels

  /// create-funnel → "FUNNEL" identifier "ON" qualified-name [ "OF" role ] "(" { funnel-role "," }
  ///   funnel-step { "," funnel-member } ")" [ "WITHIN" duration ] { policy }.
  mutating func parseCreateFunnel(orReplace: Bool, from start: Int) -> Statement.Kind {
    advance()
    let name = parseName("a funnel's name", mayBeReserved: true)
    expect(.on)
    let sourceRole = role(current)
    let table = parseQualifiedName("LEADS, OPPORTUNITIES, HISTORY or a table")
    let of = eat(.of) ? parseRole() : nil
    var funnel = CreateFunnel(
      orReplace: orReplace,
      name: name,
      source: .table(table),
      key: nil,
      at: nil,
      steps: [],
      excluding: [],
      holding: [],
      within: nil,
      policies: FunnelPolicies(),
      range: range(from: start)
    )
    expect(.leftParenthesis)
    _ = parseListBody(until: .rightParenthesis) { $0.parseFunnelMember(&funnel) }
    if let sourceRole, funnel.key == nil, table.parts.count == 1 {
      funnel.source = .role(sourceRole, of: of)
    }
    if funnel.steps.isEmpty {
      reportEarlier(.missingStep("expected at least one STEP", at: name.range))
    }
    if eat(.within) { funnel.within = parseDuration() }
    while at(anyOf: [.steps, .entry, .skips, .regressions, .ties]) {
      parsePolicy(&funnel.policies)
    }
    funnel.range = range(from: start)
    return .createFunnel(funnel)
  }

  /// funnel-member → funnel-role | funnel-step | "EXCLUDING" sales-expression | "HOLDING"
  ///   expression { "," expression }.
  ///
  /// funnel-role → "KEY" expression | "AT" expression.
  private mutating func parseFunnelMember(_ funnel: inout CreateFunnel) {
    switch current.keyword {
    case .key:
      advance()
      funnel.key = parseExpression()
    case .at:
      advance()
      funnel.at = parseExpression()
    case .excluding:
      advance()
      funnel.excluding.append(parseSalesExpression(units: true))
    case .holding:
      advance()
      funnel.holding.append(parseExpression())
      while at(.comma), !startsFunnelMember(peek(1)), peek(1).symbol != .rightParenthesis {
        advance()
        funnel.holding.append(parseExpression())
      }
    default:
      guard expect(.step) else { return }
      funnel.steps.append(parseFunnelStep())
    }
  }

  private func startsFunnelMember(_ token: Token) -> Bool {
    token.keyword.map { [.key, .at, .step, .excluding, .holding].contains($0) } ?? false
  }

  /// funnel-step → "STEP" milestone [ "OPTIONAL" ] [ "WHEN" sales-expression ] [ "WITHIN" duration
  ///   ].
  private mutating func parseFunnelStep() -> FunnelStep {
    let name = parseMilestone()
    let isOptional = eat(.optional)
    let condition = eat(.when) ? parseSalesExpression(units: true) : nil
    let within = eat(.within) ? parseDuration() : nil
    return FunnelStep(name: name, isOptional: isOptional, condition: condition, within: within)
  }

  // MARK: - Targets and scores

  /// create-target → "TARGET" identifier "=" sales-expression [ "PER" grain ] [ "FOR"
  ///   sales-expression ] [ "DURING" period ].
  mutating func parseCreateTarget(orReplace: Bool) -> Statement.Kind {
    advance()
    let metric = parseName("a metric")
    expect(.equal)
    var target = CreateTarget(
      orReplace: orReplace,
      metric: metric,
      value: parseSalesExpression(units: true),
      grain: nil,
      filter: nil,
      period: nil
    )
    if eat(.per) { target.grain = parseGrain() }
    if eat(.for) { target.filter = parseSalesExpression(units: true) }
    if eat(.during) { target.period = parsePeriod() }
    return .createTarget(target)
  }

  /// create-score → "SCORE" identifier "ON" role "AS" "(" expression { "," expression } ")" [
  ///   "HALF_LIFE" duration ] [ "QUALIFIED" "WHEN" comparison-operator value ].
  mutating func parseCreateScore(orReplace: Bool) -> Statement.Kind {
    advance()
    let name = parseName("a score's name", mayBeReserved: true)
    expect(.on)
    let role = parseRole() ?? .leads
    expect(.as)
    expect(.leftParenthesis)
    let rules = parseListBody(until: .rightParenthesis) { $0.parseExpression() }
    var score = CreateScore(
      orReplace: orReplace,
      name: name,
      role: role,
      rules: rules,
      qualifiedOperator: nil,
      qualifiedThreshold: nil
    )
    if eat(.halfLife) { score.halfLife = parseDuration() }
    if eat(.qualified) {
      expect(.when)
      if let binary = current.symbol.flatMap({ BinaryOperator.bySymbol[$0] }), binary.isComparison {
        advance()
        score.qualifiedOperator = binary
        score.qualifiedThreshold = parseExpression(.other)
      } else {
        fail("a comparison such as '>= 3'")
      }
    }
    return .createScore(score)
  }
}
