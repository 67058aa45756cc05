internal import TundishColumns
internal import TundishSyntax

// The events that a funnel reads: milestones of a role, the changes of a history, or any table.
extension FunnelExpander {
  /// The milestones of a role's entities, one event each.
  func milestoneEvents(_ role: ModelRole) throws(StatementFailure) -> EventRelation {
    let key = GroupKey(role: role, isSnapshot: false, date: nil)
    let scope = try host.scope(of: key)
    let compiler = try host.compiler(
      of: MetricGroup(key: key),
      scope: scope,
      dimensions: currentDimensions
    )
    let entity =
      scope.definition.value("key").map { scope.qualified($0) }
      ?? (scope.isLinkedByRow ? scope.qualified(RoleScope.rowNumber) : nil)
      ?? sql.call("row_number", [], over: WindowSpecification(range: sql.range))
    compiler.addAxis("entity", entity)
    for (index, step) in steps.enumerated() {
      let name = RoleScope.MilestoneName(name: step.name.name, isLabel: step.name.isLabel)
      guard let value = try scope.milestone(name) else {
        throw StatementFailure([
          .unknownMilestone(
            step.name.name,
            known: try scope.milestoneNames(),
            role: role,
            table: scope.definition.table.last,
            range: step.name.range
          )
        ])
      }
      if let missing = value.untimed { throw StatementFailure([missing]) }
      let at = sql.choose([(value.reached, value.at)])
      compiler.addAxis("at_\(index + 1)", at)
      // What the history says of the moment of each step.
      for dimension in momentDimensions {
        guard let word = recordedWord(dimension, in: scope),
          let then = try scope.recorded(word, before: at, isExclusive: false)
        else { continue }
        let current = scope.definition.value(word).map { scope.qualified($0) }
        compiler.addAxis(
          "\(dimension.name)_at_\(index + 1)",
          current.map { sql.call("coalesce", [then, $0]) } ?? then
        )
      }
    }
    let isRecorded =
      !momentDimensions.isEmpty
      && momentDimensions.allSatisfy { recordedWord($0, in: scope) != nil }
    compiler.addAxis("is_out", try outCondition(scope) ?? sql.boolean(false))
    let hasAmount = try addAmount(compiler)
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
          ]
            + (isRecorded
              ? momentDimensions.map {
                sql.item(sql.name("\($0.name)_at_\(index + 1)"), as: $0.name)
              } : []),
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
      hasEventDimensions: isRecorded,
      hasAmount: hasAmount,
      table: (scope.from, entity, scope.alias)
    )
  }

  /// The attribute that a dimension is, where the role's history records it.
  private func recordedWord(_ dimension: NamedDimension, in scope: RoleScope) -> String? {
    guard let path = dimension.path, path.count == 1, let word = path.first?.text,
      scope.historyRecords(foldedText(word))
    else { return nil }
    return foldedText(word)
  }

  /// Whether an entity is lost or disqualified, so that it is not open.
  func outCondition(_ scope: RoleScope) throws(StatementFailure) -> Expression? {
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
  func historyEvents(of subject: ModelRole?) throws(StatementFailure) -> EventRelation {
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
    // What the history says of the moment: owner and amount at each change.
    var isEventDimensional = !momentDimensions.isEmpty
    for dimension in momentDimensions {
      guard let path = dimension.path, path.count == 1, let word = path.first?.text,
        let value = try scope.attribute(word)?.value
      else {
        isEventDimensional = false
        continue
      }
      items.append(sql.item(value, as: dimension.name))
    }
    let amount = statement.amountPerStep ? try scope.attribute("amount")?.value : nil
    if let amount { items.append(sql.item(amount, as: "amount")) }
    let isEventAmount = amount != nil
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
        hasAmount: isEventAmount,
        isEventAmount: isEventAmount,
        table: (scope.from, scope.qualified(key), scope.alias)
      )
    }
    let group = GroupKey(role: owner, isSnapshot: false, date: nil)
    let owners = try host.scope(of: group)
    let compiler = try host.compiler(
      of: MetricGroup(key: group),
      scope: owners,
      dimensions: currentDimensions
    )
    let entity = owners.qualified(owners.definition.value("key") ?? key)
    compiler.addAxis("entity", entity)
    compiler.addAxis("is_out", try outCondition(owners) ?? sql.boolean(false))
    let hasAmount = try isEventAmount ? false : addAmount(compiler)
    let entities = host.commonName("entities")
    host.addCommon(entities, compiler.rows())
    return EventRelation(
      name: name,
      entities: entities,
      hasEventDimensions: isEventDimensional,
      hasAmount: hasAmount || isEventAmount,
      isEventAmount: isEventAmount,
      table: (owners.from, entity, owners.alias)
    )
  }

  /// The rows of any event table; dimensions are those of an entity's first event.
  func tableEvents(
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
    // Each event has its own values; which event's count is chosen later.
    try compiler.addDimensions(
      host.dimensions.map { dimension in
        var dimension = dimension
        dimension.moment = .now
        return dimension
      }
    )
    if let filter = clauses.filter { try compiler.addFilter(filter) }
    let entity = try compiler.compile(key, isUserText: true)
    compiler.addAxis("entity", entity)
    let moment = try EventTime(expander: expander).value(at, of: table)
    let time = sql.cast(try compiler.compile(moment, isUserText: true), "TIMESTAMP")
    compiler.addAxis("at", time)
    // What is later than as-of has not happened.
    let hasHappened = sql.less(time, sql.instant(host.asOf.instant))
    compiler.conditions.append(hasHappened)
    // Events without a key are not those of one entity: nobody knows whose they are. Exports write
    // quotes around nothing, too.
    let isText = try host.lookup.type(of: key, in: table)?.isText ?? false
    let name = isText ? sql.call("nullif", [entity, sql.text("")]) : entity
    compiler.conditions.append(sql.isNull(name, not: true))
    keylessLine = keyless([sql.isNull(name), hasHappened], in: scope.from)
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
    for (index, property) in holding.enumerated() {
      compiler.addAxis("held_\(index + 1)", try compiler.compile(property, isUserText: true))
    }
    var hasAmount = false
    if statement.amountPerStep {
      guard let amount = try scope.resolve([sql.identifier("amount")])?.value else {
        throw StatementFailure([
          .clauseNeeds(
            "'amount per step' over a table of events needs its column 'amount'",
            range: statement.range
          )
        ])
      }
      compiler.addAxis("amount", amount)
      hasAmount = true
    }
    stepConditions =
      steps.indices.map { sql.name("step_\($0 + 1)") }
      + excluding.indices.map { sql.name("excluded_\($0 + 1)") }
    let events = host.commonName("events")
    host.addCommon(events, compiler.rows())
    return EventRelation(
      name: events,
      entities: nil,
      hasEventDimensions: true,
      hasAmount: hasAmount,
      isEventAmount: true,
      heldCount: holding.count,
      table: (scope.from, try compiler.compile(key, isUserText: true), scope.alias)
    )
  }

  /// How many events satisfy conditions that leave them out, where there are any.
  private func keyless(_ conditions: [Expression], in table: TableReference) -> FooterItem {
    let query = sql.query(
      sql.select(
        [sql.item(sql.call("count", [sql.star]), as: "keyless")],
        from: table,
        where: sql.all(conditions)
      )
    )
    return .computed(query) { rows in
      guard case .integer(let count)? = rows.first?.first, count > 0 else { return [] }
      let events = count == 1 ? "event" : "events"
      return ["\(groupedDigits(Int(count))) \(events) without a key left out"]
    }
  }

  /// Adds what an entity is worth: the amount of the deal, or all that a lead's won deals brought.
  func addAmount(_ compiler: GroupCompiler) throws(StatementFailure) -> Bool {
    guard statement.amountPerStep else { return false }
    let scope = compiler.scope
    if scope.role == .leads {
      let joined = try scope.neededOpportunities(for: "amount per step")
      compiler.addAxis("amount", sql.name(joined, "won_amount"))
      return true
    }
    if scope.role == .opportunities, let amount = try scope.attribute("amount")?.value {
      compiler.addAxis("amount", amount)
      return true
    }
    throw StatementFailure([
      .missingAttribute(
        "AMOUNT",
        of: .opportunities,
        table: model.role(.opportunities)?.table.last ?? "opportunities",
        neededBy: "amount per step",
        range: statement.range
      )
    ])
  }

  /// The dimensions as the tables have them now; what they were at an event the funnel finds itself.
  var currentDimensions: [NamedDimension] {
    host.dimensions.map { dimension in
      guard dimension.moment == .entry || dimension.moment == .step else { return dimension }
      var dimension = dimension
      dimension.moment = .now
      return dimension
    }
  }

  /// The dimensions that are wanted as they were at the entry or at each step.
  var momentDimensions: [NamedDimension] {
    zip(host.dimensions, clauses.dimensions).filter {
      $0.1.moment == .entry || $0.1.moment == .step
    }.map(\.0)
  }
}
