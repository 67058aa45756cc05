/// Statements of the sales door.
extension Formatter {
  /// A sales query; `needsWord` where MEASURE has to say that it is one.
  mutating func salesQuery(_ query: SalesQuery, needsWord: Bool) -> Layout {
    switch query {
    case .measure(let statement):
      let measure: Layout = needsWord ? [keyword("MEASURE"), " "] : .empty
      return [measure, metricStatement(statement, isFirst: !needsWord)]
    case .funnel(let funnel): return self.funnel(funnel)
    case .flow(let name, let clauses, _):
      return parts([keyword("FLOW"), .text(" " + self.name(name))], self.clauses(clauses))
    case .survival(let survival):
      var clauses = self.clauses(survival.clauses)
      if let horizon = survival.horizon {
        clauses.append([keyword("HORIZON"), .text(" " + duration(horizon))])
      }
      let head: Layout = [
        keyword("SURVIVAL FROM"), .text(" \(milestone(survival.from)) "), keyword("TO"),
        .text(" " + milestone(survival.to)),
      ]
      return parts(head, clauses)
    }
  }

  private func parts(_ head: Layout, _ clauses: [Layout]) -> Layout {
    .group([head, .nest(.sequence(clauses.map { [.line, $0] }))])
  }

  /// A metric statement; the first metric of a statement is quoted if it is a statement word.
  mutating func metricStatement(_ statement: MetricStatement, isFirst: Bool = false) -> Layout {
    let metrics = statement.metrics.enumerated().map { index, metric in
      self.metric(metric, isFirst: isFirst && index == 0)
    }
    return parts(metrics.commaSeparated, clauses(statement.clauses))
  }

  private func metric(_ metric: MetricReference, isFirst: Bool) -> Layout {
    var text = name(metric.name)
    if isFirst, let keyword = Keyword(rawValue: text.lowercased()),
      Parser.statementWords.contains(keyword)
    {
      text = quoted(text)
    }
    if !metric.arguments.isEmpty {
      text += "(" + metric.arguments.map(argument).joined(separator: ", ") + ")"
    }
    if let denominator = metric.denominator {
      text += " \(word("of")) \(name(denominator))"
      if let duration = metric.denominatorDuration { text += "(\(self.duration(duration)))" }
    }
    if let from = metric.from { text += " \(word("from")) \(milestone(from))" }
    if let to = metric.to { text += " \(word("to")) \(milestone(to))" }
    if let outcome = metric.outcome { text += " \(word("for")) \(word(outcome.rawValue))" }
    if let per = metric.per { text += " \(word("per")) \(name(per))" }
    if let alias = metric.alias { text += " \(word("as")) \(clauseSafe(alias))" }
    return .text(text)
  }

  /// An alias that is not taken for `as of` or `as bar`.
  private func clauseSafe(_ alias: Identifier) -> String {
    let isClause =
      alias.text.lowercased() == "of" || ChartForm(rawValue: alias.text.lowercased()) != nil
    return isClause ? quoted(alias.text) : label(alias)
  }

  private func argument(_ argument: MetricArgument) -> String {
    switch argument {
    case .name(let identifier): name(identifier)
    case .percentile(let value, _): "p" + number(value)
    case .shareWithin(let duration): "\(word("share within")) \(self.duration(duration))"
    case .text(let text, _): string(text)
    }
  }

  private func number(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  func milestone(_ milestone: Milestone) -> String {
    if milestone.isLabel { return string(milestone.name) }
    return name(Identifier(milestone.name, range: milestone.range))
  }

  // MARK: - Funnels

  private mutating func funnel(_ funnel: FunnelStatement) -> Layout {
    var head: [Layout] = [keyword("FUNNEL"), " "]
    switch funnel.subject {
    case .named(let name): head.append(.text(self.name(name)))
    case .adHoc(let steps, let source):
      head.append(.text(steps.map(milestone).joined(separator: " -> ")))
      if let source { head += [" ", eventSource(source)] }
    }
    var clauses = self.clauses(funnel.clauses) + policies(funnel.policies)
    if funnel.amountPerStep { clauses.append(keyword("amount per step")) }
    return parts(.sequence(head), clauses)
  }

  private mutating func eventSource(_ source: EventSource) -> Layout {
    var roles: [Layout] = [
      [keyword("key"), " ", expression(source.key)], [keyword("at"), " ", expression(source.at)],
    ]
    if let step = source.step { roles.append([keyword("step"), " ", expression(step)]) }
    return [keyword("on"), .text(" \(name(source.table)) "), roles.inParentheses]
  }

  func policies(_ policies: FunnelPolicies) -> [Layout] {
    var parts: [Layout] = []
    if let steps = policies.steps { parts.append(keyword("steps \(steps.rawValue)")) }
    if let entry = policies.entry { parts.append(keyword("entry \(entry.rawValue)")) }
    if let skips = policies.skips { parts.append(keyword("skips \(skips.rawValue)")) }
    if let regressions = policies.regressions {
      parts.append(keyword("regressions \(regressions.rawValue)"))
    }
    if let ties = policies.ties { parts.append(keyword("ties \(ties.rawValue)")) }
    return parts
  }

  // MARK: - Clauses

  /// The clauses in canonical order.
  private mutating func clauses(_ clauses: SalesClauses) -> [Layout] {
    var parts: [Layout] = []
    if !clauses.dimensions.isEmpty {
      let list = clauses.dimensions.map { dimension($0) }
      parts.append([keyword("by"), " ", list.joined(by: ", ")])
    }
    if let over = clauses.over { parts.append(keyword("over \(over.rawValue)")) }
    if let period = clauses.period { parts.append(self.period(period)) }
    if let closing = clauses.closing { parts.append([keyword("closing"), " ", period(closing)]) }
    if let filter = clauses.filter { parts.append([keyword("where"), " ", expression(filter)]) }
    if let having = clauses.having { parts.append([keyword("having"), " ", expression(having)]) }
    if let basis = clauses.basis { parts.append(keyword(basis.rawValue)) }
    if let asOf = clauses.asOf { parts.append(self.asOf(asOf)) }
    if !clauses.within.isEmpty {
      let list = clauses.within.map(duration).joined(separator: ", ")
      parts.append([keyword("within"), .text(" " + list)])
    }
    if clauses.excludesDisqualified { parts.append(keyword("excluding disqualified")) }
    if clauses.usesCalendarDays { parts.append(keyword("calendar days")) }
    if let currency = clauses.currency {
      parts.append([keyword("currency"), .text(" " + name(currency))])
    }
    if let compare = clauses.compare { parts.append(comparison(compare)) }
    return parts + shownClauses(clauses)
  }

  private mutating func shownClauses(_ clauses: SalesClauses) -> [Layout] {
    var parts: [Layout] = []
    switch clauses.versus {
    case .target: parts.append(keyword("vs target"))
    case .benchmark(let industry):
      let suffix = industry.map { " " + string($0) } ?? ""
      parts.append([keyword("vs benchmark"), .text(suffix)])
    case nil: break
    }
    if let attribution = clauses.attribution { parts.append(self.attribution(attribution)) }
    let items = withItems(clauses)
    if !items.isEmpty { parts.append(keyword("with " + items.joined(separator: ", "))) }
    if let ranking = clauses.ranking {
      let metric = ranking.metric.map { " \(word("by")) \(name($0))" } ?? ""
      let words = word(ranking.isBottom ? "bottom" : "top")
      parts.append(.text("\(words) \(ranking.count)\(metric)"))
    }
    if !clauses.orderBy.isEmpty {
      parts.append([keyword("order by"), " ", orderItems(clauses.orderBy)])
    }
    if let limit = clauses.limit { parts.append(keyword("limit \(limit)")) }
    if let list = clauses.list { parts.append(self.list(list)) }
    if let chart = clauses.chart { parts.append(keyword("as \(chart.rawValue)")) }
    return parts
  }

  private func withItems(_ clauses: SalesClauses) -> [String] {
    var items: [String] = []
    if clauses.withTotals { items.append("totals") }
    if clauses.withShare { items.append("share") }
    if clauses.withEmpty { items.append("empty") }
    if clauses.withRunning { items.append("running") }
    if let confidence = clauses.confidence { items.append("ci \(confidence)%") }
    return items
  }

  private mutating func dimension(_ dimension: Dimension) -> Layout {
    var parts = [expression(dimension.expression)]
    if let alias = dimension.alias {
      parts += [" ", keyword("as"), .text(" " + clauseSafe(alias))]
    }
    if let moment = dimension.moment { parts += [" ", keyword("at \(moment.rawValue)")] }
    return .sequence(parts)
  }

  private func list(_ list: MetricList) -> Layout {
    switch list {
    case .won: keyword("list won")
    case .lost: keyword("list lost")
    case .open: keyword("list open")
    case .counted: keyword("list counted")
    case .leftOut: keyword("list left_out")
    case .atStep(let outcome, let step):
      [keyword("list \(outcome.rawValue) at"), .text(" " + milestone(step))]
    }
  }

  private func attribution(_ attribution: Attribution) -> Layout {
    var text = "\(word("attributed by")) \(name(attribution.model))"
    if let duration = attribution.duration { text += "(\(self.duration(duration)))" }
    if let lookback = attribution.lookback {
      text += " \(word("lookback")) \(duration(lookback))"
    }
    return .text(text)
  }

  // MARK: - Time

  mutating func period(_ period: Period) -> Layout {
    switch period.kind {
    case .this(let grain): return keyword("this \(grain.rawValue)")
    case .last(let grain): return keyword("last \(grain.rawValue)")
    case .next(let grain): return keyword("next \(grain.rawValue)")
    case .lastCount(let count, let grain): return keyword("last \(count) \(plural(grain, count))")
    case .pastCount(let count, let grain): return keyword("past \(count) \(plural(grain, count))")
    case .since(let date): return [keyword("since"), " ", expression(date)]
    case .between(let first, let last): return [expression(first), " .. ", expression(last)]
    case .today: return keyword("today")
    case .yesterday: return keyword("yesterday")
    case .monthToDate: return keyword("mtd")
    case .quarterToDate: return keyword("qtd")
    case .yearToDate: return keyword("ytd")
    case .year(let year): return .text(padded(year, 4))
    case .quarter(let year, let quarter): return .text("\(padded(year, 4))-Q\(quarter)")
    case .month(let year, let month): return .text("\(padded(year, 4))-\(padded(month, 2))")
    case .week(let year, let week): return .text("\(padded(year, 4))-W\(padded(week, 2))")
    case .fiscalYear(let year): return .text("FY\(padded(year, 4))")
    case .fiscalQuarter(let year, let quarter): return .text("FY\(padded(year, 4))-Q\(quarter)")
    }
  }

  private func plural(_ grain: Grain, _ count: Int) -> String {
    count == 1 ? grain.rawValue : grain.rawValue + "s"
  }

  private mutating func asOf(_ asOf: AsOf) -> Layout {
    switch asOf {
    case .date(let date), .timestamp(let date): return [keyword("as of"), " ", expression(date)]
    case .now: return keyword("as of now")
    case .data: return keyword("as of data")
    }
  }

  private mutating func comparison(_ comparison: Comparison) -> Layout {
    switch comparison {
    case .previous(let grain, _):
      return keyword("compare previous" + (grain.map { " " + $0.rawValue } ?? ""))
    case .sameLast(let inner, let outer, _):
      return keyword("compare same \(inner.rawValue) last \(outer.rawValue)")
    case .period(let period): return [keyword("compare"), " ", self.period(period)]
    }
  }
}
