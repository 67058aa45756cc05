/// The model, metrics, funnels, targets and scores.
extension Formatter {
  // MARK: - Model

  mutating func createModel(_ model: CreateModel) -> Layout {
    let words = model.orReplace ? "CREATE OR REPLACE MODEL (" : "CREATE MODEL ("
    let items = model.items.map { modelItem($0) }.joined(by: [",", .hardLine])
    return [.text(words), .nest([.hardLine, items]), .hardLine, ")"]
  }

  mutating func modelItem(_ item: ModelItem) -> Layout {
    switch item {
    case .role(let role, let table, let attributes, _):
      let list = attributes.map { attribute($0) }
      return [.text("\(role.rawValue) \(name(table)) "), list.inParentheses]
    case .stages(let stages, _):
      return ["STAGES ", stages.map { .text(stage($0)) }.inParentheses]
    case .links(let links, _):
      return .group(["LINK ", .nest(links.map { .text(link($0)) }.commaSeparated)])
    }
  }

  private mutating func attribute(_ attribute: ModelAttribute) -> Layout {
    switch attribute {
    case .value(let name, let value, let currency, let maps, _):
      var parts: [Layout] = [.text(label(name) + " "), expression(value)]
      if let currency { parts += [" CURRENCY ", expression(currency)] }
      if !maps.isEmpty {
        let list = maps.map { Layout.text("\(string($0.text)) AS \(label($0.meaning))") }
        parts += [" MAPS ", list.inParentheses]
      }
      return .sequence(parts)
    case .condition(let name, let condition, _):
      return [.text(label(name) + " WHEN "), expression(condition)]
    case .milestone(let name, let at, _):
      return [.text("MILESTONE \(self.name(name)) AT "), expression(at)]
    case .of(let role, _): return .text("OF \(role.rawValue)")
    case .kept: return "..."
    }
  }

  private func stage(_ stage: StageDefinition) -> String {
    let label = stage.label.isQuoted ? string(stage.label.text) : name(stage.label)
    let probability = stage.probability.map { " \($0)%" } ?? ""
    return "\(label) \(stage.kind.rawValue)\(probability)"
  }

  private func link(_ link: LinkDefinition) -> String {
    let show = link.show.map { " SHOW " + name($0) } ?? ""
    return "\(name(link.source)) -> \(name(link.target))\(show)"
  }

  func dropModelItem(_ reference: ModelItemReference) -> Layout {
    switch reference {
    case .role(let role, let of, _):
      .text("ALTER MODEL DROP \(role.rawValue)" + (of.map { " OF " + $0.rawValue } ?? ""))
    case .stages: "ALTER MODEL DROP STAGES"
    case .link(let name): .text("ALTER MODEL DROP LINK \(self.name(name))")
    }
  }

  // MARK: - Metrics

  mutating func createMetric(_ metric: CreateMetric) -> Layout {
    let words = metric.orReplace ? "CREATE OR REPLACE METRIC " : "CREATE METRIC "
    var head: [Layout] = [.text(words + name(metric.name))]
    if !metric.parameters.isEmpty { head.append(parameters(metric.parameters)) }
    head += [" AS ", metricBody(metric.body)]
    if let role = metric.role { head.append(.text(" ON " + role.rawValue)) }
    let options = metric.options.map { [.line, option($0)] as Layout }
    return .group([.sequence(head), .nest(.sequence(options))])
  }

  private mutating func metricBody(_ body: MetricBody) -> Layout {
    switch body {
    case .rate(let numerator, let numeratorName, let denominator, let denominatorName):
      let parts: [Layout] = [
        [expression(numerator), .text(" AS " + label(numeratorName))],
        [expression(denominator), .text(" AS " + label(denominatorName))],
      ]
      return ["RATE ", parts.inParentheses]
    case .count(let value): return ["COUNT (", expression(value), ")"]
    case .money(let value): return ["MONEY (", expression(value), ")"]
    case .days(let value): return ["DAYS (", expression(value), ")"]
    case .value(let value): return ["VALUE (", expression(value), ")"]
    case .derived(let value): return expression(value)
    }
  }

  private mutating func option(_ option: MetricOption) -> Layout {
    switch option {
    case .cohort(let value): return ["COHORT BY ", expression(value)]
    case .period(let value): return ["PERIOD BY ", expression(value)]
    case .snapshot: return "SNAPSHOT"
    case .filter(let condition): return ["WHERE ", expression(condition)]
    case .of(let name, let body, let role):
      let suffix = role.map { " ON " + $0.rawValue } ?? ""
      return [.text("OF \(self.name(name)) AS "), metricBody(body), .text(suffix)]
    case .to(let name, let body):
      return [.text("TO \(self.name(name)) AS "), metricBody(body)]
    case .nullWhen(let condition, let reason):
      return ["NULL WHEN ", expression(condition), .text(" THEN " + string(reason))]
    case .requires(let role, let message):
      return .text("REQUIRES \(role.rawValue)" + (message.map { " " + string($0) } ?? ""))
    case .synonyms(let names):
      return ["SYNONYMS ", names.map { .text(string($0)) }.inParentheses]
    case .better(let isHigher): return isHigher ? "BETTER HIGHER" : "BETTER LOWER"
    case .comment(let text): return .text("COMMENT " + string(text))
    }
  }

  // MARK: - Funnels

  mutating func createFunnel(_ funnel: CreateFunnel) -> Layout {
    let words = funnel.orReplace ? "CREATE OR REPLACE FUNNEL" : "CREATE FUNNEL"
    let source: String
    switch funnel.source {
    case .role(let role, let of): source = role.rawValue + (of.map { " OF " + $0.rawValue } ?? "")
    case .table(let name): source = self.name(name)
    }
    var members: [Layout] = []
    if let key = funnel.key { members.append(["KEY ", expression(key)]) }
    if let at = funnel.at { members.append(["AT ", expression(at)]) }
    members += funnel.steps.map { step($0) }
    members += funnel.excluding.map { ["EXCLUDING ", expression($0)] }
    if !funnel.holding.isEmpty { members.append(["HOLDING ", expressions(funnel.holding)]) }
    var parts: [Layout] = [
      .text("\(words) \(name(funnel.name)) ON \(source) "), members.inParentheses,
    ]
    if let within = funnel.within { parts.append(.text(" WITHIN " + duration(within))) }
    parts += policies(funnel.policies).map { [" ", $0] }
    return .sequence(parts)
  }

  private mutating func step(_ step: FunnelStep) -> Layout {
    var parts: [Layout] = [.text("STEP " + milestone(step.name))]
    if step.isOptional { parts.append(" OPTIONAL") }
    if let condition = step.condition { parts += [" WHEN ", expression(condition)] }
    if let within = step.within { parts.append(.text(" WITHIN " + duration(within))) }
    return .sequence(parts)
  }

  // MARK: - Targets and scores

  mutating func createTarget(_ target: CreateTarget) -> Layout {
    let words = target.orReplace ? "CREATE OR REPLACE TARGET" : "CREATE TARGET"
    var parts: [Layout] = [.text("\(words) \(name(target.metric)) = "), expression(target.value)]
    if let grain = target.grain { parts.append(.text(" PER " + grain.rawValue)) }
    if let filter = target.filter { parts += [" FOR ", expression(filter)] }
    if let period = target.period { parts += [" DURING ", self.period(period)] }
    return .sequence(parts)
  }

  mutating func createScore(_ score: CreateScore) -> Layout {
    let words = score.orReplace ? "CREATE OR REPLACE SCORE" : "CREATE SCORE"
    var parts: [Layout] = [
      .text("\(words) \(name(score.name)) ON \(score.role.rawValue) AS "),
      score.rules.map { expression($0) }.inParentheses,
    ]
    if let halfLife = score.halfLife { parts.append(.text(" HALF_LIFE " + duration(halfLife))) }
    if let binary = score.qualifiedOperator, let threshold = score.qualifiedThreshold {
      parts += [.text(" QUALIFIED WHEN \(binary.rawValue) "), expression(threshold, .other)]
    }
    return .sequence(parts)
  }
}
