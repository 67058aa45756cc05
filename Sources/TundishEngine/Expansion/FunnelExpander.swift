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
  private let model: SalesModel
  private var definition: CreateFunnel?
  private var steps: [FunnelStep] = []
  private var policies = FunnelPolicies()
  private var window: Duration?
  private var excluding: [Expression] = []

  init(expander: Expander, statement: FunnelStatement) throws(StatementFailure) {
    self.expander = expander
    self.statement = statement
    sql = SQLBuilder(statement.range)
    model = expander.catalog.model
    var clauses = statement.clauses
    // `by month` means `over month`.
    if clauses.over == nil,
      let index = clauses.dimensions.firstIndex(where: {
        $0.alias == nil
          && $0.expression.simpleName.flatMap { Grain(rawValue: foldedText($0.text)) } != nil
      }), let name = clauses.dimensions[index].expression.simpleName
    {
      clauses.over = Grain(rawValue: foldedText(name.text))
      clauses.dimensions.remove(at: index)
    }
    self.clauses = clauses
    // The metric machinery resolves names, periods and as-of for the funnel too.
    host = try MetricExpander(
      expander: expander,
      statement: MetricStatement(metrics: [], clauses: clauses, range: statement.range)
    )
  }

  // MARK: Definition

  private func define() throws(StatementFailure) {
    if statement.amountPerStep {
      throw StatementFailure([.notYetExpanded("amount per step", range: statement.range)])
    }
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
    guard steps.count <= 64 else {
      throw StatementFailure([
        .clauseNeeds("a funnel has at most 64 steps", range: statement.range)
      ])
    }
  }

  /// The rules as `funnel_path` reads them.
  private func rules(within: Duration?) -> String {
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

  func expand() throws(StatementFailure) -> Expansion {
    try define()
    try host.prepareDimensions()
    let windows: [Duration?] =
      clauses.within.isEmpty ? [window] : clauses.within.map { $0 }
    let source = try events()
    var measured: Query?
    for duration in windows {
      let part = measure(source, within: duration, isTold: windows.count > 1)
      measured =
        measured.map {
          sql.query(.setOperation(.union, isAll: true, byName: false, $0, part))
        } ?? part
    }
    if let list = clauses.list { return try expandList(list, source, within: windows.first ?? nil) }
    let measures = host.commonName("measures")
    if let measured { host.addCommon(measures, measured) }
    let query = answer(from: measures, hasWithin: windows.count > 1)
    return Expansion(
      query: query,
      footer: footer(within: windows.count == 1 ? windows[0] : nil),
      chart: clauses.chart
    )
  }

  /// The relation of events and the columns that its entities keep.
  private struct EventRelation {
    /// The relation with `entity`, `at` and one condition per step.
    var name: String
    /// The relation with one row per entity: dimensions and `is_out`; nil where the events carry
    /// the dimensions.
    var entities: String?
    /// The table whose rows `list` gives, and its key.
    var table: (reference: TableReference, key: Expression, alias: String)?
  }

  private func events() throws(StatementFailure) -> EventRelation {
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
    throw StatementFailure([.notYetExpanded(range: statement.range)])
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

  // MARK: Events

  /// The milestones of a role's entities, one event each.
  private func milestoneEvents(_ role: ModelRole) throws(StatementFailure) -> EventRelation {
    let key = GroupKey(role: role, isSnapshot: false, date: nil)
    let scope = try host.scope(of: key)
    let compiler = try host.compiler(
      of: MetricGroup(key: key),
      scope: scope,
      dimensions: host.dimensions
    )
    let entity =
      scope.definition.value("key").map { scope.qualified($0) }
      ?? sql.call("row_number", [], over: WindowSpecification(range: sql.range))
    compiler.addAxis("entity", entity)
    for (index, step) in steps.enumerated() {
      let name = RoleScope.MilestoneName(name: step.name.name, isLabel: step.name.isLabel)
      guard let value = try scope.milestone(name) else {
        throw StatementFailure([
          .unknownMilestone(
            step.name.name,
            known: scope.milestoneNames(),
            role: role,
            table: scope.definition.table.last,
            range: step.name.range
          )
        ])
      }
      compiler.addAxis("at_\(index + 1)", sql.choose([(value.reached, value.at)]))
    }
    compiler.addAxis("is_out", try outCondition(scope) ?? sql.boolean(false))
    let entities = host.commonName("entities")
    host.addCommon(entities, compiler.rows())
    var union: Query?
    for index in steps.indices {
      let at = sql.name("at_\(index + 1)")
      let part = sql.query(
        sql.select(
          [
            sql.item(sql.name("entity"), as: "entity"),
            sql.item(sql.cast(at, "TIMESTAMP"), as: "at"),
            sql.item(sql.integer(index + 1), as: "step"),
          ],
          from: sql.table(entities),
          where: sql.isNull(at, not: true)
        )
      )
      union =
        union.map { sql.query(.setOperation(.union, isAll: true, byName: false, $0, part)) } ?? part
    }
    let events = host.commonName("events")
    if let union { host.addCommon(events, union) }
    stepConditions = steps.indices.map {
      sql.equal(sql.name("step"), sql.integer($0 + 1))
    }
    return EventRelation(
      name: events,
      entities: entities,
      table: (scope.from, entity, scope.alias)
    )
  }

  private var stepConditions: [Expression] = []

  /// Whether an entity is lost or disqualified, so that it is not open.
  private func outCondition(_ scope: RoleScope) throws(StatementFailure) -> Expression? {
    switch scope.role {
    case .leads:
      return scope.definition.condition("disqualified").map {
        sql.call("coalesce", [scope.qualified($0), sql.boolean(false)])
      }
    case .opportunities:
      guard scope.definition.value("stage") != nil || scope.definition.condition("won") != nil
      else { return nil }
      return sql.call(
        "coalesce",
        [sql.any(of: try scope.outcome(), ["lost", "disqualified"]), sql.boolean(false)]
      )
    case .history, .visits, .touches, .spend, .quotas, .activities, .customers, .subscriptions,
      .mqls, .sqls, .bookings:
      return nil
    }
  }

  /// The stage changes of a history; dimensions come from the role that it belongs to.
  private func historyEvents(of subject: ModelRole?) throws(StatementFailure) -> EventRelation {
    guard let history = model.role(.history, of: subject) else {
      throw StatementFailure([
        .missingRole(
          .history,
          metric: "this funnel",
          message: nil,
          catalog: expander.catalog,
          range: statement.range
        )
      ])
    }
    let owner = history.of ?? .opportunities
    let scope = RoleScope(
      lookup: host.lookup,
      model: model,
      definition: history,
      asOf: AsOfBound(expression: sql.instant(host.asOf.instant), instant: host.asOf.instant),
      range: statement.range
    )
    guard let key = history.value("key"), let at = try scope.attribute("at")?.value,
      let stage = history.value("stage")
    else {
      throw StatementFailure([
        .missingAttribute(
          "KEY, STAGE and AT",
          of: .history,
          table: history.table.last,
          neededBy: nil,
          range: statement.range
        )
      ])
    }
    let labels = try host.lookup.texts(of: stage, in: history.table)
    var conditions: [Expression] = []
    for step in steps {
      let matching = labels.filter {
        step.name.isLabel ? $0 == step.name.name : foldedEqual($0, step.name.name)
      }
      guard !matching.isEmpty else {
        throw StatementFailure([
          .unknownMilestone(
            step.name.name,
            known: labels,
            role: .history,
            table: history.table.last,
            range: step.name.range
          )
        ])
      }
      conditions.append(sql.any(of: scope.qualified(stage), matching))
    }
    var items = [
      sql.item(scope.qualified(key), as: "entity"), sql.item(sql.cast(at, "TIMESTAMP"), as: "at"),
    ]
    items += conditions.enumerated().map { sql.item($0.element, as: "step_\($0.offset + 1)") }
    let name = host.commonName("events")
    host.addCommon(
      name,
      sql.query(
        sql.select(
          items,
          from: scope.from,
          where: sql.less(at, sql.instant(host.asOf.instant))
        )
      )
    )
    stepConditions = steps.indices.map { sql.name("step_\($0 + 1)") }
    guard model.role(owner)?.value("key") != nil else {
      guard host.dimensions.isEmpty, clauses.filter == nil else {
        throw StatementFailure([
          .missingRole(
            owner,
            metric: "by and where of this funnel",
            message: nil,
            catalog: expander.catalog,
            range: statement.range
          )
        ])
      }
      return EventRelation(
        name: name,
        entities: nil,
        table: (scope.from, scope.qualified(key), scope.alias)
      )
    }
    let group = GroupKey(role: owner, isSnapshot: false, date: nil)
    let owners = try host.scope(of: group)
    let compiler = try host.compiler(
      of: MetricGroup(key: group),
      scope: owners,
      dimensions: host.dimensions
    )
    let entity = owners.qualified(owners.definition.value("key") ?? key)
    compiler.addAxis("entity", entity)
    compiler.addAxis("is_out", try outCondition(owners) ?? sql.boolean(false))
    let entities = host.commonName("entities")
    host.addCommon(entities, compiler.rows())
    return EventRelation(
      name: name,
      entities: entities,
      table: (owners.from, entity, owners.alias)
    )
  }

  /// The rows of any event table; dimensions are those of an entity's first event.
  private func tableEvents(
    _ table: QualifiedName,
    key: Expression,
    at: Expression,
    step: Expression?
  ) throws(StatementFailure) -> EventRelation {
    guard try host.lookup.columns(of: table) != nil else {
      throw StatementFailure([
        .modelTableUnknown(
          table.last,
          tables: expander.catalog.tables.values.map(\.name),
          range: table.range
        )
      ])
    }
    let source = RoleDefinition(role: .activities, of: nil, table: table, attributes: [])
    let scope = RoleScope(
      lookup: host.lookup,
      model: model,
      definition: source,
      asOf: nil,
      range: statement.range
    )
    let compiler = GroupCompiler(
      statement: host,
      group: MetricGroup(key: GroupKey(role: .activities, isSnapshot: false, date: nil)),
      scope: scope
    )
    try compiler.addDimensions(host.dimensions)
    if let filter = clauses.filter { try compiler.addFilter(filter) }
    compiler.addAxis("entity", try compiler.compile(key, isUserText: true))
    compiler.addAxis("at", sql.cast(try compiler.compile(at, isUserText: true), "TIMESTAMP"))
    for (index, funnelStep) in steps.enumerated() {
      let condition: Expression
      if let own = funnelStep.condition {
        condition = try compiler.compile(own, isUserText: true)
      } else if let step {
        condition = sql.equal(
          try compiler.compile(step, isUserText: true),
          sql.text(funnelStep.name.name)
        )
      } else {
        throw StatementFailure([
          .clauseNeeds(
            "step '\(funnelStep.name.name)' of a funnel over a table needs WHEN <condition>",
            range: funnelStep.name.range
          )
        ])
      }
      compiler.addAxis("step_\(index + 1)", condition)
    }
    for (index, condition) in excluding.enumerated() {
      compiler.addAxis(
        "excluded_\(index + 1)",
        try compiler.compile(condition, isUserText: true)
      )
    }
    stepConditions =
      steps.indices.map { sql.name("step_\($0 + 1)") }
      + excluding.indices.map { sql.name("excluded_\($0 + 1)") }
    let name = host.commonName("events")
    host.addCommon(name, compiler.rows())
    return EventRelation(
      name: name,
      entities: nil,
      table: (scope.from, try compiler.compile(key, isUserText: true), scope.alias)
    )
  }

  // MARK: Paths

  /// One row per path: the entity, its dimensions, the times of its steps.
  private func paths(_ source: EventRelation, within: Duration?) -> Query {
    let path = sql.call(
      "funnel_path",
      [sql.text(rules(within: within)), sql.name("at")] + stepConditions
    )
    let names = host.dimensions.map(\.name)
    var items = [sql.item(sql.name("entity"), as: "entity")]
    if source.entities == nil {
      items += names.map { sql.item(sql.call("arg_min", [sql.name($0), sql.name("at")]), as: $0) }
    }
    items.append(sql.item(path, as: "paths"))
    let grouped = sql.query(
      sql.select(
        items,
        from: sql.table(source.name),
        groupBy: .elements([.expressions([sql.name("entity")])])
      )
    )
    let inner = TableReference(
      .query(grouped, isLateral: false),
      alias: sql.identifier("walked"),
      range: sql.range
    )
    var outer = [sql.item(sql.name("walked", "entity"), as: "entity")]
    var from = inner
    if let entities = source.entities {
      outer += names.map { sql.item(sql.name(entities, $0), as: $0) }
      outer.append(sql.item(sql.name(entities, "is_out"), as: "is_out"))
      from = sql.join(
        inner,
        .inner,
        sql.table(entities),
        on: sql.equal(sql.name("walked", "entity"), sql.name(entities, "entity"))
      )
    } else {
      outer += names.map { sql.item(sql.name("walked", $0), as: $0) }
      outer.append(sql.item(sql.boolean(false), as: "is_out"))
    }
    outer.append(sql.item(sql.call("unnest", [sql.name("paths")]), as: "path"))
    return sql.query(sql.select(outer, from: from))
  }

  private func element(_ path: Expression, _ index: Expression) -> Expression {
    sql.expression(.index(path, index))
  }

  /// The counts at each step.
  private func measure(_ source: EventRelation, within: Duration?, isTold: Bool) -> Query {
    let pathsName = host.commonName("paths")
    host.addCommon(pathsName, paths(source, within: within))
    let path = sql.name("path")
    let start = element(path, sql.integer(1))
    var conditions: [Expression] = []
    if let window = host.window {
      if let first = window.start { conditions.append(sql.atLeast(start, sql.instant(first))) }
      if let end = window.end { conditions.append(sql.less(start, sql.instant(end))) }
    }
    let step = sql.name("step_number")
    let reached = sql.isNull(element(path, step), not: true)
    let depth = sql.call("len", [path])
    let isLast = sql.equal(step, sql.integer(steps.count))
    let isConverted = sql.binary(.greater, depth, step)
    // The time in which the next step could still come.
    var isElapsed: Expression = sql.boolean(false)
    let asOf = sql.instant(host.asOf.instant)
    if let within {
      isElapsed = sql.binary(.lessOrEqual, sql.binary(.add, start, interval(within)), asOf)
    }
    let stepWindows = steps.enumerated().filter { $0.offset > 0 && $0.element.within != nil }
    if !stepWindows.isEmpty {
      let branches = stepWindows.compactMap { index, funnelStep -> (Expression, Expression)? in
        guard let length = funnelStep.within else { return nil }
        return (
          sql.equal(step, sql.integer(index)),
          sql.binary(.lessOrEqual, sql.binary(.add, element(path, step), interval(length)), asOf)
        )
      }
      let own = sql.choose(branches, otherwise: sql.boolean(false))
      isElapsed = within == nil ? own : sql.either([isElapsed, own]) ?? own
    }
    let isOpen = sql.all([
      sql.not(isConverted), sql.not(sql.grouped(isElapsed)), sql.not(sql.name("is_out")),
    ])
    let previous = element(path, sql.binary(.subtract, step, sql.integer(1)))
    let days = sql.binary(
      .divide,
      sql.call("date_diff", [sql.text("microsecond"), previous, element(path, step)]),
      sql.expression(.literal(.double("86400000000e0")))
    )
    let isLater = sql.binary(.greater, step, sql.integer(1))
    var items: [SelectItem] = []
    var groups: [String] = []
    if isTold, let within {
      let days = sql.expression(.literal(.decimal(MetricBinder.days(of: within))))
      items.append(sql.item(sql.cast(days, "DOUBLE"), as: "within"))
    }
    if let grain = clauses.over {
      items.append(sql.item(host.frame.bucket(start, grain, sql), as: grain.rawValue))
      groups.append(grain.rawValue)
    }
    for dimension in host.dimensions {
      items.append(sql.item(sql.name(dimension.name), as: dimension.name))
      groups.append(dimension.name)
    }
    let leading = items.count
    items += ["step_number", "step"].map { sql.item(sql.name($0), as: $0) }
    items.append(sql.item(sql.call("count", [sql.star], filter: reached), as: "entered"))
    items.append(
      sql.item(
        sql.choose(
          [(isLast, sql.null)],
          otherwise: sql.call(
            "count",
            [sql.star],
            filter: sql.all([reached, isConverted])
          )
        ),
        as: "converted"
      )
    )
    items.append(
      sql.item(
        sql.choose(
          [(isLast, sql.null)],
          otherwise: sql.call(
            "count",
            [sql.star],
            filter: sql.all([reached, isOpen].compactMap { $0 })
          )
        ),
        as: "open"
      )
    )
    let isTimed = sql.all([isLater, reached, sql.isNull(previous, not: true)])
    items.append(sql.item(sql.call("median", [days], filter: isTimed), as: "median_days"))
    items.append(
      sql.item(
        sql.call(
          "quantile_cont",
          [days, sql.expression(.literal(.decimal("0.9")))],
          filter: isTimed
        ),
        as: "p90_days"
      )
    )
    let stepRows = TableReference(
      .query(
        sql.query(
          .values(
            steps.enumerated().map { [sql.integer($0.offset + 1), sql.text($0.element.name.name)] }
          )
        ),
        isLateral: false
      ),
      alias: sql.identifier("steps"),
      columnAliases: [sql.identifier("step_number"), sql.identifier("step")],
      range: sql.range
    )
    let from = sql.join(sql.table(pathsName), .cross, stepRows, on: nil)
    _ = leading
    let stepKeys = [sql.name("step_number"), sql.name("step")]
    let grain = clauses.over
    let keys = groups.map { name -> Expression in
      if let grain, name == grain.rawValue { return host.frame.bucket(start, grain, sql) }
      return sql.name(name)
    }
    if hasTotals {
      items.append(
        sql.item(
          sql.binary(.greater, sql.call("GROUPING", keys), sql.integer(0)),
          as: "is_total"
        )
      )
      return sql.query(
        sql.select(
          items,
          from: from,
          where: sql.all(conditions),
          groupBy: .elements([
            .groupingSets([.expressions(keys + stepKeys), .expressions(stepKeys)])
          ])
        )
      )
    }
    return sql.query(
      sql.select(
        items,
        from: from,
        where: sql.all(conditions),
        groupBy: .elements((keys + stepKeys).map { .expressions([$0]) })
      )
    )
  }

  private var hasTotals: Bool {
    clauses.withTotals && (!host.dimensions.isEmpty || clauses.over != nil)
  }

  private func interval(_ duration: Duration) -> Expression {
    sql.expression(
      .interval(sql.expression(.literal(.integer(duration.amount))), unit: duration.unit)
    )
  }

  // MARK: Answer

  private func answer(from measures: String, hasWithin: Bool) -> Query {
    var keys: [String] = clauses.over.map { [$0.rawValue] } ?? []
    keys += host.dimensions.map(\.name)
    if hasWithin { keys.append("within") }
    var partition = keys.map { sql.name($0) }
    if hasTotals { partition.append(sql.name("is_total")) }
    let entered = sql.name("entered")
    let converted = sql.name("converted")
    let base = sql.call(
      "first_value",
      [entered],
      over: WindowSpecification(
        partitionBy: partition,
        orderBy: [sql.ascending(sql.name("step_number"))],
        range: sql.range
      )
    )
    var items = keys.map {
      sql.item($0 == "within" ? sql.unit(sql.name($0), "days") : sql.name($0), as: $0)
    }
    items += ["step_number", "step", "entered", "converted"].map { sql.item(sql.name($0), as: $0) }
    items.append(
      sql.item(
        sql.binary(
          .subtract,
          sql.binary(.subtract, entered, converted),
          sql.name("open")
        ),
        as: "dropped"
      )
    )
    items.append(sql.item(sql.name("open"), as: "open"))
    items.append(
      sql.item(
        sql.unit(sql.binary(.divide, sql.cast(converted, "DOUBLE"), entered), "rate"),
        as: "step_rate"
      )
    )
    items.append(
      sql.item(
        sql.unit(sql.binary(.divide, sql.cast(entered, "DOUBLE"), base), "rate"),
        as: "overall_rate"
      )
    )
    items += ["median_days", "p90_days"].map {
      sql.item(sql.unit(sql.name($0), "days"), as: $0)
    }
    if hasTotals { items.append(sql.item(sql.name("is_total"), as: "is_total")) }
    var order: [OrderItem] = []
    if hasTotals { order.append(sql.ascending(sql.name("is_total"))) }
    order += keys.map { sql.ascending(sql.name($0)) }
    order.append(sql.ascending(sql.name("step_number")))
    return sql.query(
      sql.select(items, from: sql.table(measures)),
      with: host.commons,
      orderBy: order,
      limit: clauses.limit
    )
  }

  private func footer(within: Duration?) -> [FooterItem] {
    let path = steps.map(\.name.name).joined(separator: " -> ")
    var policies = [
      "steps \(self.policies.steps?.rawValue ?? "ordered")",
      within.map { "within \($0.amount) \($0.unit.rawValue)s" } ?? "no window",
      "entry \(self.policies.entry?.rawValue ?? "first")",
      "skips \(self.policies.skips?.rawValue ?? "count")",
      "regressions \(self.policies.regressions?.rawValue ?? "ignore")",
      "ties \(self.policies.ties?.rawValue ?? "ordered")",
    ]
    if clauses.within.count > 1 { policies.remove(at: 1) }
    return [
      .text("funnel \(path) · \(host.asOf.text)"), .text(policies.joined(separator: ", ")),
    ]
  }

  // MARK: Lists

  /// `list dropped at sql`: the rows of the entities that went no further.
  private func expandList(
    _ list: MetricList,
    _ source: EventRelation,
    within: Duration?
  ) throws(StatementFailure) -> Expansion {
    guard case .atStep(let outcome, let milestone) = list,
      let index = steps.firstIndex(where: { foldedEqual($0.name.name, milestone.name) }),
      let table = source.table
    else {
      throw StatementFailure([
        .clauseNeeds(
          "in a funnel, list takes the form 'list dropped at <step>', also converted and open",
          range: statement.range
        )
      ])
    }
    let pathsName = host.commonName("kept_paths")
    host.addCommon(pathsName, paths(source, within: within))
    let path = sql.name(pathsName, "path")
    let depth = sql.call("len", [path])
    let step = sql.integer(index + 1)
    var conditions = [sql.isNull(element(path, step), not: true)]
    let start = element(path, sql.integer(1))
    let asOf = sql.instant(host.asOf.instant)
    let isElapsed =
      within.map { sql.binary(.lessOrEqual, sql.binary(.add, start, interval($0)), asOf) }
      ?? sql.boolean(false)
    let isOut = sql.either([sql.grouped(isElapsed), sql.name(pathsName, "is_out")])
    switch outcome {
    case .converted: conditions.append(sql.binary(.greater, depth, step))
    case .dropped:
      conditions.append(sql.binary(.lessOrEqual, depth, step))
      if let isOut { conditions.append(isOut) }
    case .open:
      conditions.append(sql.binary(.lessOrEqual, depth, step))
      if let isOut { conditions.append(sql.not(isOut)) }
    }
    if let window = host.window {
      if let first = window.start { conditions.append(sql.atLeast(start, sql.instant(first))) }
      if let end = window.end { conditions.append(sql.less(start, sql.instant(end))) }
    }
    let from = sql.join(
      sql.table(pathsName),
      .inner,
      table.reference,
      on: sql.equal(sql.name(pathsName, "entity"), table.key)
    )
    var items = host.dimensions.map { sql.item(sql.name(pathsName, $0.name), as: $0.name) }
    items.append(
      SelectItem(expression: sql.expression(.star(Star(qualifier: [sql.identifier(table.alias)]))))
    )
    return Expansion(
      query: sql.query(
        sql.select(items, from: from, where: sql.all(conditions)),
        with: host.commons,
        orderBy: host.dimensions.map { sql.ascending(sql.name(pathsName, $0.name)) },
        limit: clauses.limit
      ),
      footer: footer(within: within)
    )
  }
}
