internal import TundishColumns
internal import TundishSyntax

// What stands under the box: definitions, dates, as-of, and the rows that each rule left out.
extension MetricExpander {
  /// The lines of the footer; those that depend on the data are computed where they are shown.
  func footer() throws(StatementFailure) -> [FooterItem] {
    var items: [FooterItem] = []
    let visible = metrics.filter { !$0.isHidden }
    let isSingle = visible.count == 1
    for metric in visible {
      let line = "\(metric.name) = \(metric.formula)"
      let groups = metric.groups.sorted().map { binder.groups[$0] }
      items += try definitionLine(
        line,
        groups: groups,
        isCohort: metric.isCohort,
        endsWithAsOf: isSingle
      )
    }
    if !isSingle { items.append(.text(asOf.text)) }
    if let previousWindow { items.append(.text("compared with \(previousWindow.text)")) }
    if let attribution = clauses.attribution {
      let lookback =
        attribution.lookback.map { "lookback \($0.amount) \($0.unit.rawValue)s" }
        ?? "unbounded lookback"
      var model = attribution.model.text
      if let duration = attribution.duration {
        model += "(\(duration.amount) \(duration.unit.rawValue)s)"
      } else if foldedEqual(model, "time_decay") {
        model += "(7 days)"
      }
      let note =
        foldedEqual(attribution.model.text, "participation")
        ? " · every touch gets full credit, so totals are inflated" : ""
      items.append(.text("attributed by \(model), \(lookback)\(note)"))
    }
    let isCohort = visible.contains { $0.isCohort && !MetricBinder.isByAge($0.definition) }
    if clauses.over != nil, clauses.within.isEmpty, isCohort {
      items.append(.text("cohorts differ in age; within <duration> makes them comparable"))
    }
    if binder.groups.contains(where: { $0.key.isWhole && $0.key.role == .leads }) {
      items.append(
        .text(
          clauses.within.first.map {
            "conversion rate and times of the leads whose \($0.amount) \($0.unit.rawValue)s have passed"
          }
            ?? "conversion rate and times of leads of every age; within <duration> takes those that had it"
        )
      )
    }
    if let currency = clauses.currency {
      items.append(
        .text(
          "amounts in \(currency.text.uppercasedASCII), converted at the rate of each event's date"
        )
      )
    }
    for metric in visible {
      if let source = benchmarks[metric.name]?.source, !source.isEmpty {
        items.append(.text("benchmark of \(metric.name): \(source)"))
      }
    }
    var seen: Set<String> = []
    for group in binder.groups {
      for note in try momentNotes(group) where seen.insert(note).inserted {
        items.append(.text(note))
      }
      if let note = try customerNote(group), seen.insert(note).inserted {
        items.append(.text(note))
      }
      for note in try absentValues(group) where seen.insert(note).inserted {
        items.append(.text(note))
      }
      for note in try subscriptionNotes(group) where seen.insert(note).inserted {
        items.append(.text(note))
      }
      items += try flags(group)
      items += try leftOutLines(group)
      for (name, line) in try sharedNames(group) where seen.insert(name).inserted {
        items.append(line)
      }
    }
    for metric in visible {
      if let line = try immaturity(of: metric) { items.append(line) }
    }
    return items
  }

  private func definitionLine(
    _ line: String,
    groups: [MetricGroup],
    isCohort: Bool,
    endsWithAsOf: Bool
  ) throws(StatementFailure) -> [FooterItem] {
    let ending = endsWithAsOf ? " · \(asOf.text)" : ""
    guard let group = groups.first else { return [.text(line + ending)] }
    let basis = Self.basisText(
      group.key,
      others: Array(groups.dropFirst()).map(\.key),
      isCohort: isCohort
    )
    if group.key.isSnapshot { return [.text("\(line) · \(basis)\(ending)")] }
    if let window = try self.window(of: group.key, window) {
      let last = window.end ?? asOf.instant
      let end = group.key.isPlanned ? last : min(last, asOf.instant)
      let shown = TimeWindow(start: window.start, end: end)
      return [.text("\(line) · \(basis) \(shown.text)\(ending)")]
    }
    if group.key.isMovement {
      let each = clauses.over.map { "each \($0.rawValue)" } ?? "the period"
      return [.text("\(line) · \(basis) \(each)\(ending)")]
    }
    var counts: [Query] = []
    for group in groups where !group.key.isSnapshot {
      if let (query, _) = try countedRows(of: group) { counts.append(query) }
    }
    guard let first = counts.first else { return [.text("\(line) · \(basis)\(ending)")] }
    // The query of a single group is asked as it is, as the lines of what was left out ask it, too.
    let dates = counts.count == 1 ? first : union(ofDates: counts)
    return [
      .computed(dates) { rows in
        let first = rows.compactMap { $0.first.flatMap(LocalInstant.init) }.min()
        let last = rows.compactMap { $0.count > 1 ? LocalInstant($0[1]) : nil }.max()
        guard let first, let last else { return ["\(line) · \(basis)\(ending)"] }
        return ["\(line) · \(basis) \(first.day) .. \(last.day)\(ending)"]
      }
    ]
  }

  /// The first and last date of several queries of counted rows.
  private func union(ofDates counts: [Query]) -> Query {
    let parts = counts.map { query in
      sql.query(
        sql.select(
          ["first", "last"].map { sql.item(sql.cast(sql.name($0), "TIMESTAMP"), as: $0) },
          from: TableReference(
            .query(query, isLateral: false),
            alias: sql.identifier("dated"),
            range: range
          )
        )
      )
    }
    return parts.dropFirst().reduce(parts[0]) { all, part in
      sql.query(.setOperation(.union, isAll: true, byName: false, all, part))
    }
  }

  /// The basis and dates in words, such as `by close date`.
  static func basisText(_ key: GroupKey, others: [GroupKey], isCohort: Bool) -> String {
    if key.isMovement { return "between the ends of" }
    let names = ([key] + others).map { dateText($0) }
    var distinct: [String] = []
    for name in names where !distinct.contains(name) { distinct.append(name) }
    let dates = distinct.count > 1 ? "each by its own date" : "by \(distinct[0])"
    if key.isSnapshot, others.isEmpty { return "snapshot" }
    guard isCohort else { return dates }
    return distinct.count > 1 ? "cohort, each part by its own date" : "cohort \(dates)"
  }

  private static func dateText(_ key: GroupKey) -> String {
    let noun: String =
      switch key.role {
      case .leads: "lead"
      case .opportunities: "opportunity"
      case .history, .visits, .touches, .spend, .quotas, .activities, .customers, .subscriptions,
        .mqls, .sqls, .bookings:
        key.role.rawValue.lowercasedASCII
      }
    switch key.date?.kind {
    case .name(let parts)?:
      switch parts.last?.text {
      case "closed": return "close date"
      case "created": return "\(noun) creation date"
      case "at": return "\(noun) date"
      case let other?: return "\(other) date"
      case nil: return "date"
      }
    case .call(let call)?:
      switch key.dateForm {
      case "planned":
        switch key.role {
        case .quotas: return "quota period"
        case .leads: return "expected conversion date"
        default: return "expected close date"
        }
      case "joined_at": return "date of joining"
      case "left_stage": return "date of leaving the stage"
      case "pushed_at": return "date of the push"
      default: break
      }
      let name = call.arguments.first?.value.simpleName?.text ?? "milestone"
      return "date of \(name)"
    default: return "date"
    }
  }

  static func noun(_ role: ModelRole) -> String {
    switch role {
    case .visits: "visits"
    case .spend: "rows of spend"
    case .leads, .opportunities, .history, .touches, .quotas, .activities, .customers,
      .subscriptions, .mqls, .sqls, .bookings:
      role.rawValue.lowercasedASCII
    }
  }

  /// How rows are called that are later than as-of.
  ///
  /// Visits and costs are often newer than the newest lead or deal, which is what as-of is by default;
  /// without a word of it a sum over the table would seem to be wrong.
  private func laterWords(_ role: ModelRole) -> String {
    let plain = "dated after as-of not counted"
    guard asOf.origin == .data else { return plain }
    switch role {
    case .visits, .touches, .spend, .activities:
      return
        "later than as-of, the day of the newest lead or deal, not counted ('as of now' counts them)"
    case .leads, .opportunities, .history, .quotas, .customers, .subscriptions, .mqls, .sqls,
      .bookings:
      return plain
    }
  }

  /// A query over the rows of a group whatever their date: first and last counted date, and how many
  /// rows each rule leaves out; with the names of the rules in the order of the columns.
  private func countedRows(
    of group: MetricGroup
  ) throws(StatementFailure) -> (Query, rules: [String])? {
    let scope = try scope(of: group.key)
    let compiler = try self.compiler(of: group, scope: scope, dimensions: dimensions)
    if asOf.origin != .data, group.key.role == .opportunities,
      let created = try scope.attribute("created")?.value
    {
      compiler.addCondition(
        sql.expression(
          .parenthesized(
            sql.expression(
              .binary(.or, sql.isNull(created), sql.less(created, sql.instant(asOf.instant)))
            )
          )
        )
      )
    }
    var aggregates: [(part: MetricPart, value: Expression)] = []
    for part in group.parts { aggregates.append((part, try compiler.aggregate(part))) }
    let existence = compiler.existence(aggregates)
    let counted = existence.map { sql.call("coalesce", [$0, sql.boolean(false)]) }
    var items: [SelectItem] = []
    var rules: [String] = []
    let noun = Self.noun(group.key.role)
    func count(_ rule: String, _ condition: Expression?) {
      items.append(
        sql.item(
          sql.call("count", [sql.star], filter: condition),
          as: "rule_\(rules.count + 1)"
        )
      )
      rules.append(rule)
    }
    if let value = compiler.date {
      let date = compiler.project(value, as: "date")
      let before = sql.less(date, sql.instant(asOf.instant))
      let dated = sql.all([counted, before].compactMap { $0 })
      for (function, name) in [("min", "first"), ("max", "last")] {
        let instant = sql.cast(sql.call(function, [date], filter: dated), "TIMESTAMP")
        items.append(sql.item(instant, as: name))
      }
      let undated = sql.all([counted, sql.isNull(date)].compactMap { $0 })
      count(
        needsDate ? "\(noun) without a date not counted" : "\(noun) counted without a date",
        undated
      )
      if group.key.dateForm == "left_stage" {
        count("\(noun) still in the stage not counted", sql.isNull(date))
      }
      let later = sql.all(
        [counted, sql.atLeast(date, sql.instant(asOf.instant))].compactMap { $0 }
      )
      if !group.key.isPlanned {
        count("\(noun) \(laterWords(group.key.role))", later)
      } else if group.key.role == .quotas, window == nil {
        count("quotas of periods that begin after as-of not counted", later)
      }
    } else {
      items.append(sql.item(sql.null, as: "first"))
      items.append(sql.item(sql.null, as: "last"))
    }
    if let counted, group.key.role == .opportunities, group.key.dateForm != "at",
      let value = try? scope.outcome()
    {
      let outcome = compiler.project(value, as: "outcome")
      for kind in ["open", "hold", "disqualified"] {
        count(
          kind == "hold"
            ? "opportunities on hold not counted" : "\(kind) opportunities not counted",
          sql.all([sql.not(counted), sql.equal(outcome, sql.text(kind))])
        )
      }
      count(
        "opportunities without a stage not counted",
        sql.all([sql.not(counted), sql.isNull(outcome)])
      )
    }
    if usesAmount(group), let value = try scope.attribute("amount")?.value {
      let amount = compiler.project(value, as: "amount")
      count(
        "\(noun) without an amount",
        sql.all([counted, sql.isNull(amount)].compactMap { $0 })
      )
      if Self.averagesAmount(group) {
        count(
          "\(noun) with an amount of 0 counted",
          sql.all([counted, sql.equal(amount, sql.integer(0))].compactMap { $0 })
        )
      }
    }
    for link in compiler.followedLinks {
      let source = compiler.project(link.source, as: "link_source")
      let target = compiler.project(link.target, as: "link_target")
      count(
        "\(noun) have no match in \(link.table)",
        sql.all([counted, sql.isNull(source, not: true), sql.isNull(target)].compactMap { $0 })
      )
    }
    let rows = TableReference(
      .query(compiler.rows(), isLateral: false),
      alias: sql.identifier("rows_read"),
      range: range
    )
    return (sql.query(sql.select(items, from: rows)), rules)
  }

  /// Where nothing says who bought, customers are deals or leads, and not firms.
  private func customerNote(_ group: MetricGroup) throws(StatementFailure) -> String? {
    let counts = group.parts.contains { part in
      part.aggregate.contains {
        guard case .call(let call) = $0.kind else { return false }
        return foldedEqual(call.name.last, "customer_key")
      }
    }
    let definition = try scope(of: group.key).definition
    guard counts, definition.role == .opportunities, definition.value("account") == nil else {
      return nil
    }
    let each = definition.value("lead") == nil ? "opportunity" : "lead"
    return "no ACCOUNT says who bought, so each \(each) counts as a customer of its own"
  }

  /// When dimensions were read, where a history tells; and that it does not where an owner is asked.
  private func momentNotes(_ group: MetricGroup) throws(StatementFailure) -> [String] {
    let scope = try scope(of: group.key)
    let compiler = try self.compiler(of: group, scope: scope, dimensions: dimensions)
    if group.key.role == .opportunities, scope.definition.value("created") == nil,
      group.key.date?.simpleName.map({ foldedEqual($0.text, "created") }) ?? false,
      group.key.usualPeriod == nil, try scope.resolveSimple(sql.identifier("created")) != nil
    {
      return compiler.momentNotes + [
        "no column says when opportunities were created; the date of their lead stands for it"
      ]
    }
    if !compiler.momentNotes.isEmpty { return compiler.momentNotes }
    let isByOwner = dimensions.contains {
      $0.path?.count == 1 && foldedEqual($0.path?.last?.text ?? "", "owner")
    }
    guard isByOwner, group.key.role == .opportunities || group.key.role == .leads,
      scope.definition.value("owner") != nil
    else { return [] }
    return ["owner as recorded now"]
  }

  /// The rule as it reads for one row.
  static func singular(_ rule: String) -> String {
    let words = [
      "opportunities": "opportunity", "leads": "lead", "visits": "visit", "have": "has",
      "are": "is", "rows": "row", "quotas": "quota", "activities": "activity", "touches": "touch",
    ]
    return rule.split(separator: " ").map { words[String($0)] ?? String($0) }
      .joined(separator: " ")
  }

  /// Whether a part is an average or a median of amounts, which nothing moves down like 0.
  private static func averagesAmount(_ group: MetricGroup) -> Bool {
    group.parts.contains { part in
      guard case .call(let call) = part.aggregate.unparenthesized.kind else { return false }
      return ["avg", "median"].contains(foldedText(call.name.last))
    }
  }

  private func usesAmount(_ group: MetricGroup) -> Bool {
    group.parts.contains { part in
      part.aggregate.contains { $0.simpleName.map { foldedEqual($0.text, "amount") } ?? false }
    }
  }

  private func leftOutLines(_ group: MetricGroup) throws(StatementFailure) -> [FooterItem] {
    guard let (query, rules) = try countedRows(of: group) else { return [] }
    return [
      .computed(query) { rows in
        guard let row = rows.first else { return [] }
        return zip(rules, row.dropFirst(2)).compactMap { rule, value in
          guard case .integer(let count) = value, count > 0 else { return nil }
          return "\(groupedDigits(Int(count))) \(count == 1 ? Self.singular(rule) : rule)"
        }
      }
    ]
  }
}
