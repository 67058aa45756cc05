internal import TundishColumns
internal import TundishSyntax

/// Expands a funnel to plain SQL: events of each entity, their path through the steps
/// (`funnel_path`), and the counts at each step.
final class FunnelExpander {
  let expander: Expander
  let statement: FunnelStatement
  let clauses: SalesClauses
  let sql: SQLBuilder
  let host: MetricExpander
  let model: SalesModel
  private(set) var definition: CreateFunnel?
  var steps: [FunnelStep] = []
  var policies = FunnelPolicies()
  private(set) var window: Duration?
  var excluding: [Expression] = []
  /// The properties that all events of a path share.
  var holding: [Expression] = []
  /// Whether the answer has amounts.
  private(set) var tellsAmounts = false
  /// The condition of each step, then those that exclude.
  var stepConditions: [Expression] = []
  /// Tells the events that belong to nobody.
  var keylessLine: FooterItem?

  init(expander: Expander, statement: FunnelStatement) throws(StatementFailure) {
    self.expander = expander
    self.statement = statement
    sql = SQLBuilder(statement.range)
    model = expander.catalog.model
    let clauses = statement.clauses.promotingGrain
    self.clauses = clauses
    // The metric machinery resolves names, periods and as-of for the funnel too.
    host = try MetricExpander(
      expander: expander,
      statement: MetricStatement(metrics: [], clauses: clauses, range: statement.range),
      events: try Self.events(of: statement, in: expander)
    )
  }

  /// The table of events that a funnel reads, and their time; nil where it reads roles of the model.
  private static func events(
    of statement: FunnelStatement,
    in expander: Expander
  ) throws(StatementFailure) -> (table: QualifiedName, at: Expression)? {
    let time = EventTime(expander: expander)
    switch statement.subject {
    case .adHoc(_, let source?):
      return (source.table, try time.value(source.at, of: source.table))
    case .adHoc(_, nil): return nil
    case .named(let name):
      guard let funnel = expander.catalog.funnels[foldedText(name.text)], let at = funnel.at,
        case .table(let table) = funnel.source
      else { return nil }
      return (table, try time.value(at, of: table))
    }
  }

  // MARK: Definition

  func define() throws(StatementFailure) {
    switch statement.subject {
    case .named(let name):
      guard let found = expander.catalog.funnels[foldedText(name.text)] else {
        throw StatementFailure([
          .unknownFunnel(name, known: expander.catalog.funnels.values.map(\.name.text))
        ])
      }
      definition = found
      steps = found.steps
      policies = found.policies
      window = found.within
      excluding = found.excluding
      holding = found.holding
    case .adHoc(let milestones, _):
      steps = milestones.map {
        FunnelStep(name: $0, isOptional: false, condition: nil, within: nil)
      }
    }
    let own = statement.policies
    policies.steps = own.steps ?? policies.steps
    policies.entry = own.entry ?? policies.entry
    policies.skips = own.skips ?? policies.skips
    policies.regressions = own.regressions ?? policies.regressions
    policies.ties = own.ties ?? policies.ties
    try checkPolicies()
    guard steps.count <= 64 else {
      throw StatementFailure([
        .clauseNeeds("a funnel has at most 64 steps", range: statement.range)
      ])
    }
  }

  /// Refuses policies and clauses that contradict each other or that a funnel cannot have.
  private func checkPolicies() throws(StatementFailure) {
    var sentences: [String] = []
    if policies.steps == .any {
      if policies.entry == .last {
        sentences.append(
          "with 'steps any' every step is an entry, so after the last one nothing comes; use"
            + " 'entry first' or 'entry every'"
        )
      }
      if steps.contains(where: { $0.isOptional || $0.within != nil }) {
        sentences.append("with 'steps any' no step has a WITHIN of its own and none is OPTIONAL")
      }
    }
    if steps.first?.isOptional == true {
      sentences.append("the first step is where paths begin; it cannot be OPTIONAL")
    }
    if !holding.isEmpty || !excluding.isEmpty, case .role? = definition?.source {
      sentences.append("EXCLUDING and HOLDING need a funnel over a table of events")
    }
    let unread: [(Bool, String)] = [
      (clauses.attribution != nil, "attributed by"), (clauses.currency != nil, "currency"),
      (clauses.closing != nil, "closing"),
      (clauses.withRunning, "with running"), (clauses.withEmpty, "with empty"),
      (clauses.basis != nil, "a basis"),
      (clauses.excludesDisqualified, "excluding disqualified"),
      (clauses.usesCalendarDays, "calendar days"),
    ]
    if clauses.versus != nil {
      sentences.append(
        "targets and benchmarks are of metrics, not of the steps of a funnel; ask"
          + " 'conversion_rate from \(steps.first?.name.name ?? "lead") to"
          + " \(steps.last?.name.name ?? "customer") vs ...'"
      )
    }
    if clauses.withShare, clauses.dimensions.isEmpty {
      sentences.append("'with share' in a funnel needs 'by', whose values share each step")
    }
    if clauses.compare != nil, clauses.withShare || clauses.confidence != nil {
      sentences.append("a funnel takes 'compare' or 'with share' and 'with ci', not both")
    }
    for (isGiven, name) in unread where isGiven {
      sentences.append("a funnel does not take '\(name)'")
    }
    guard sentences.isEmpty else {
      throw StatementFailure(sentences.map { .clauseNeeds($0, range: statement.range) })
    }
  }

  /// What step `index` is called: in any order it is the number of steps done.
  func label(_ index: Int) -> String {
    policies.steps == .any ? "any \(index + 1)" : steps[index].name.name
  }

  var isEveryEntry: Bool { policies.entry == .every }
  var countsRegressions: Bool { policies.regressions == .count }
  var countsTouches: Bool { policies.skips == .touch }

  /// The rules as `funnel_path` reads them.
  func rules(within: Duration?) -> String {
    var phrases = [
      "steps \(policies.steps?.rawValue ?? "ordered")",
      "entry \(policies.entry?.rawValue ?? "first")",
      "skips \(policies.skips?.rawValue ?? "count")",
      "regressions \(policies.regressions?.rawValue ?? "ignore")",
      "ties \(policies.ties?.rawValue ?? "ordered")",
    ]
    if let within { phrases.append("within \(Self.microseconds(within))") }
    for (index, step) in steps.enumerated() {
      if let length = step.within, index > 0 {
        phrases.append("step \(index + 1) within \(Self.microseconds(length))")
      }
      if step.isOptional { phrases.append("optional \(index + 1)") }
    }
    if !excluding.isEmpty { phrases.append("exclusions \(excluding.count)") }
    return phrases.joined(separator: "; ")
  }

  static func microseconds(_ duration: Duration) -> Int64 {
    let days = Double(MetricBinder.days(of: duration)) ?? 0
    return Int64(min(days * 86_400_000_000, 9e18))
  }

  // MARK: Query

  /// `funnel_paths('sales')`: one row per path with the time of each step.
  func expandPaths() throws(StatementFailure) -> Query {
    try define()
    try host.prepareDimensions()
    let source = try events()
    let name = host.commonName("paths")
    host.addCommon(name, paths(source, within: window))
    let path = sql.name("path")
    var items = [sql.item(sql.name("entity"), as: "entity")]
    var names: Set<String> = ["entity"]
    for index in steps.indices {
      var column = label(index)
      while !names.insert(foldedText(column)).inserted { column += "_\(index + 1)" }
      items.append(sql.item(element(path, sql.integer(index + 1)), as: column))
    }
    return sql.query(
      sql.select(items, from: sql.table(name)),
      with: host.commons,
      orderBy: [sql.ascending(sql.name("entity"))]
    )
  }

  func expand() throws(StatementFailure) -> Expansion {
    try define()
    try host.prepareDimensions()
    if clauses.compare != nil { return try expandComparison() }
    let windows: [Duration?] =
      clauses.within.isEmpty ? [window] : clauses.within.map { $0 }
    let source = try events()
    tellsAmounts = source.hasAmount
    if let list = clauses.list { return try expandList(list, source, within: windows.first ?? nil) }
    var measured: Query?
    for duration in windows {
      let part = try measure(source, within: duration, isTold: windows.count > 1)
      measured =
        measured.map {
          sql.query(.setOperation(.union, isAll: true, byName: false, $0, part))
        } ?? part
    }
    let measures = host.commonName("measures")
    if let measured { host.addCommon(measures, measured) }
    let query = try answer(from: measures, source, hasWithin: windows.count > 1)
    var expansion = Expansion(
      query: query,
      footer: footer(within: windows.count == 1 ? windows[0] : nil),
      chart: clauses.chart
    )
    expansion.drawn = drawn(hasWithin: windows.count > 1)
    for name in (expansion.drawn?.labels ?? []) + Self.counts { expansion.ranks[name] = .asked }
    // Who entered and neither converted nor is open has dropped.
    expansion.ranks["dropped"] = .clause
    // The rows stand in the order of the steps.
    expansion.ranks["step_number"] = .bound
    return expansion
  }

  /// The half of the answer that a narrow terminal shows, too.
  private static let counts = [
    "entered", "converted", "open", "step_rate", "overall_rate",
  ]

  /// Charts draw how many entered each step.
  func drawn(hasWithin: Bool) -> DrawnColumns {
    let axis = clauses.over.map { [$0.rawValue] } ?? []
    let names = axis + host.dimensions.map(\.name) + (hasWithin ? ["within"] : [])
    return DrawnColumns(labels: names + ["step"], value: "entered")
  }

  /// The relation of events and the columns that its entities keep.
  struct EventRelation {
    /// The relation with `entity`, `at` and one condition per step.
    var name: String
    /// The relation with one row per entity: dimensions and `is_out`; nil where the events carry
    /// the dimensions.
    var entities: String?
    /// Whether events carry dimensions of their own, so that `at entry` and `at step` can be told.
    var hasEventDimensions = false
    /// Whether each entity (or, with `isEventAmount`, each event) has an `amount`.
    var hasAmount = false
    var isEventAmount = false
    /// The number of columns `held_1`, `held_2` and so on of the events.
    var heldCount = 0
    /// The table whose rows `list` gives, and its key.
    var table: (reference: TableReference, key: Expression, alias: String)?
  }

  func events() throws(StatementFailure) -> EventRelation {
    switch statement.subject {
    case .named:
      guard let definition else { break }
      switch definition.source {
      case .role(let role, let subject):
        if role == .history {
          return try historyEvents(of: subject)
        }
        return try milestoneEvents(role)
      case .table(let table):
        guard let key = definition.key, let at = definition.at else {
          throw StatementFailure([
            .clauseNeeds(
              "a funnel over a table needs KEY and AT in its list",
              range: definition.range
            )
          ])
        }
        return try tableEvents(table, key: key, at: at, step: nil)
      }
    case .adHoc(_, let source?):
      return try tableEvents(source.table, key: source.key, at: source.at, step: source.step)
    case .adHoc(let milestones, nil):
      let isHistoryOnly =
        model.role(.leads) == nil || isEveryStageOfHistory(milestones)
      if isHistoryOnly, model.role(.history) != nil, model.role(.opportunities) != nil {
        return try historyEvents(of: .opportunities)
      }
      return try milestoneEvents(model.role(.leads) != nil ? .leads : .opportunities)
    }
    throw StatementFailure([
      .clauseNeeds(
        "a funnel needs a name or steps: funnel lead -> customer",
        range: statement.range
      )
    ])
  }

  /// Whether no step is a milestone of leads, so that all must be stages of the history.
  private func isEveryStageOfHistory(_ milestones: [Milestone]) -> Bool {
    guard let leads = model.role(.leads) else { return true }
    let known = Set(
      ["visitor", "lead", "converted", "opportunity", "customer"]
        + leads.milestones.map { foldedText($0.name.text) }
    )
    return milestones.allSatisfy { $0.isLabel || !known.contains(foldedText($0.name)) }
  }
}

extension SalesClauses {
  /// The clauses where `by month` is `over month`.
  var promotingGrain: SalesClauses {
    guard over == nil,
      let index = dimensions.firstIndex(where: {
        $0.alias == nil
          && $0.expression.simpleName.flatMap { Grain(rawValue: foldedText($0.text)) } != nil
      }), let name = dimensions[index].expression.simpleName
    else { return self }
    var promoted = self
    promoted.over = Grain(rawValue: foldedText(name.text))
    promoted.dimensions.remove(at: index)
    return promoted
  }
}
