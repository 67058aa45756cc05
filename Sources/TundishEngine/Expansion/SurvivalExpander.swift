internal import TundishColumns
internal import TundishSyntax

/// Expands `survival from A to B`: the share that has reached B, by days since A.
///
/// The estimate is that of Aalen and Johansen: entities that are lost or disqualified compete,
/// entities that are still open are censored at as-of. Without competing events it is 1 minus the
/// estimate of Kaplan and Meier.
struct SurvivalExpander {
  let expander: Expander
  let statement: SurvivalStatement

  func expand() throws(StatementFailure) -> Expansion {
    try refuseUnread()
    let (entities, host) = try prepare()
    var expansion = Expansion(
      query: answer(entities, host),
      footer: [
        .text(
          "cumulative incidence of \(statement.to.name) after \(statement.from.name), Aalen-Johansen · \(host.asOf.text)"
        ), .text("open entities are censored; lost and disqualified ones compete"),
      ],
      chart: statement.clauses.chart
    )
    expansion.drawn = DrawnColumns(
      labels: ["days"] + host.dimensions.map(\.name),
      value: "incidence"
    )
    return expansion
  }

  /// Refuses clauses that the estimate would pass over in silence.
  private func refuseUnread() throws(StatementFailure) {
    let clauses = statement.clauses
    let unread: [(Bool, String)] = [
      (clauses.over != nil, "over"), (!clauses.within.isEmpty, "within"),
      (clauses.compare != nil, "compare"), (clauses.versus != nil, "vs"),
      (clauses.attribution != nil, "attributed by"), (clauses.currency != nil, "currency"),
      (clauses.closing != nil, "closing"), (clauses.withTotals, "with totals"),
      (clauses.withShare, "with share"), (clauses.withRunning, "with running"),
      (clauses.withEmpty, "with empty"), (clauses.confidence != nil, "with ci"),
      (clauses.basis != nil, "a basis"), (clauses.list != nil, "list"),
      (clauses.ranking != nil, "top"), (clauses.having != nil, "having"),
      (!clauses.orderBy.isEmpty, "order by"),
      (clauses.excludesDisqualified, "excluding disqualified"),
      (clauses.usesCalendarDays, "calendar days"),
    ]
    let found = unread.filter(\.0)
    guard found.isEmpty else {
      throw StatementFailure(
        found.map {
          .clauseNeeds(
            "survival does not take '\($0.1)'"
              + ($0.1 == "within" ? "; 'horizon' says how far the curve goes" : ""),
            range: statement.range
          )
        }
      )
    }
  }

  /// The lines of EXPLAIN but for the SQL: the entities that were read, and what became of them.
  func explanation() throws(StatementFailure) -> [FooterItem] {
    let footer = try expand().footer
    let (entities, host) = try prepare()
    let sql = host.sql
    let role = try EntityRole(model: expander.catalog.model, lookup: host.lookup)
      .role(of: [statement.from, statement.to])
    guard let table = expander.catalog.model.role(role)?.table else { return footer }
    func count(_ outcome: Int) -> Expression {
      sql.call(
        "count",
        [sql.star],
        filter: sql.equal(sql.name("outcome"), sql.integer(outcome))
      )
    }
    let read = sql.query(
      sql.select([sql.item(sql.call("count", [sql.star]))], from: sql.table(table))
    )
    let query = sql.query(
      sql.select(
        [
          sql.expression(.scalarQuery(read)), sql.call("count", [sql.star]), count(1), count(2),
          count(0),
        ]
        .enumerated().map { sql.item($0.element, as: "count_\($0.offset + 1)") },
        from: sql.table(entities)
      ),
      with: host.commons
    )
    let noun = MetricExpander.noun(role)
    let (from, to) = (statement.from.name, statement.to.name)
    let counted = FooterItem.computed(query) { rows in
      guard let row = rows.first, row.count == 5, case .integer(let all) = row[0],
        case .integer(let kept) = row[1]
      else { return [] }
      let numbers = row.map(MetricExpander.number)
      return [
        "  \(numbers[0]) \(noun) read",
        "  - \(groupedDigits(Int(all - kept))) that never reached \(from), reached it outside the "
          + "period, or are left out by where",
        "  = \(numbers[1]) counted: \(numbers[2]) reached \(to), \(numbers[3]) lost or "
          + "disqualified (competing), \(numbers[4]) still open (censored)",
      ]
    }
    return [footer.first, counted].compactMap { $0 } + footer.dropFirst()
  }

  /// The entities with the days that they were watched and what ended that.
  private func prepare() throws(StatementFailure) -> (entities: String, host: MetricExpander) {
    let host = try MetricExpander(
      expander: expander,
      statement: MetricStatement(metrics: [], clauses: statement.clauses, range: statement.range)
    )
    try host.prepareDimensions()
    let sql = host.sql
    let role = try EntityRole(model: expander.catalog.model, lookup: host.lookup)
      .role(of: [statement.from, statement.to])
    let key = GroupKey(role: role, isSnapshot: false, date: nil)
    let scope = try host.scope(of: key)
    let compiler = try host.compiler(
      of: MetricGroup(key: key),
      scope: scope,
      dimensions: host.dimensions
    )
    let start = try milestone(statement.from, scope, host)
    let end = try milestone(statement.to, scope, host)
    if let missing = start.untimed ?? end.untimed { throw StatementFailure([missing]) }
    let asOf = sql.instant(host.asOf.instant)
    compiler.addCondition(start.reached)
    compiler.addCondition(sql.isNull(start.at, not: true))
    if let window = host.window {
      if let first = window.start {
        compiler.addCondition(sql.atLeast(start.at, sql.instant(first)))
      }
      if let last = window.end { compiler.addCondition(sql.less(start.at, sql.instant(last))) }
    }
    let isOut = try competing(scope, sql)
    let isEvent = sql.all([end.reached, sql.atLeast(end.at, start.at)]) ?? end.reached
    let stop = sql.choose(
      [(isEvent, sql.cast(end.at, "TIMESTAMP"))]
        + [isOut].compactMap { $0 }
        .map { ($0.condition, sql.cast($0.at ?? asOf, "TIMESTAMP")) },
      otherwise: sql.cast(asOf, "TIMESTAMP")
    )
    let days = sql.binary(
      .divide,
      sql.call(
        "date_diff",
        [sql.text("microsecond"), sql.cast(start.at, "TIMESTAMP"), stop]
      ),
      sql.expression(.literal(.double("86400000000e0")))
    )
    compiler.addAxis(
      "days",
      sql.call("greatest", [days, sql.expression(.literal(.double("0e0")))])
    )
    let kind = sql.choose(
      [(isEvent, sql.integer(1))]
        + [isOut].compactMap { $0 }
        .map { ($0.condition, sql.integer(2)) },
      otherwise: sql.integer(0)
    )
    compiler.addAxis("outcome", kind)
    let entities = host.commonName("entities")
    host.addCommon(entities, compiler.rows())
    return (entities, host)
  }

  private func milestone(
    _ milestone: Milestone,
    _ scope: RoleScope,
    _ host: MetricExpander
  ) throws(StatementFailure) -> RoleScope.MilestoneValue {
    let name = RoleScope.MilestoneName(name: milestone.name, isLabel: milestone.isLabel)
    if let value = try scope.milestone(name) { return value }
    throw StatementFailure([
      .unknownMilestone(
        milestone.name,
        known: try scope.milestoneNames(),
        role: scope.role,
        table: scope.definition.table.last,
        range: milestone.range
      )
    ])
  }

  /// Whether an entity can no longer reach the end, and since when; an unknown time is as-of.
  private func competing(
    _ scope: RoleScope,
    _ sql: SQLBuilder
  ) throws(StatementFailure) -> (condition: Expression, at: Expression?)? {
    if scope.role == .leads {
      return scope.definition.condition("disqualified").map {
        (sql.call("coalesce", [scope.qualified($0), sql.boolean(false)]), nil)
      }
    }
    guard scope.definition.value("stage") != nil || scope.definition.condition("won") != nil else {
      return nil
    }
    return (
      sql.any(of: try scope.outcome(), ["lost", "disqualified"]),
      try scope.attribute("closed")?.value
    )
  }

  /// One row per day at which something happened.
  private func answer(_ entities: String, _ host: MetricExpander) -> Query {
    let sql = host.sql
    let keys = host.dimensions.map(\.name)
    let partition = keys.map { sql.name($0) }
    func count(_ outcome: Int) -> Expression {
      sql.call(
        "count",
        [sql.star],
        filter: sql.equal(sql.name("outcome"), sql.integer(outcome))
      )
    }
    let times = host.commonName("times")
    host.addCommon(
      times,
      sql.query(
        sql.select(
          keys.map { sql.item(sql.name($0), as: $0) } + [
            sql.item(sql.name("days"), as: "days"), sql.item(count(1), as: "events"),
            sql.item(count(2), as: "competing"), sql.item(count(0), as: "censored"),
            sql.item(sql.call("count", [sql.star]), as: "leaving"),
          ],
          from: sql.table(entities),
          groupBy: .elements((partition + [sql.name("days")]).map { .expressions([$0]) })
        )
      )
    )
    func window(_ start: WindowFrame.Bound, _ end: WindowFrame.Bound) -> WindowSpecification {
      WindowSpecification(
        partitionBy: partition,
        orderBy: [OrderItem(expression: sql.name("days"))],
        frame: WindowFrame(mode: .rows, start: start, end: end),
        range: sql.range
      )
    }
    let risk = host.commonName("at_risk")
    host.addCommon(
      risk,
      sql.query(
        sql.select(
          [
            sql.item(sql.star),
            sql.item(
              sql.call(
                "sum",
                [sql.name("leaving")],
                over: window(.currentRow, .unboundedFollowing)
              ),
              as: "at_risk"
            ),
          ],
          from: sql.table(times)
        )
      )
    )
    let one = sql.expression(.literal(.double("1e0")))
    let staying = sql.binary(
      .subtract,
      one,
      sql.binary(
        .divide,
        sql.cast(sql.binary(.add, sql.name("events"), sql.name("competing")), "DOUBLE"),
        sql.name("at_risk")
      )
    )
    let survivors = host.commonName("survivors")
    let before = sql.call(
      "coalesce",
      [
        sql.call(
          "product",
          [staying],
          over: window(.unboundedPreceding, .preceding(sql.integer(1)))
        ), one,
      ]
    )
    host.addCommon(
      survivors,
      sql.query(
        sql.select(
          [sql.item(sql.star), sql.item(before, as: "staying_before")],
          from: sql.table(risk)
        )
      )
    )
    let step = sql.binary(
      .divide,
      sql.binary(.multiply, sql.name("staying_before"), sql.name("events")),
      sql.name("at_risk")
    )
    let incidence = sql.call("sum", [step], over: window(.unboundedPreceding, .currentRow))
    let curve = host.commonName("curve")
    host.addCommon(
      curve,
      sql.query(
        sql.select(
          [sql.item(sql.star), sql.item(incidence, as: "incidence")],
          from: sql.table(survivors)
        )
      )
    )
    var conditions = [sql.binary(.greater, sql.name("events"), sql.integer(0))]
    if let horizon = statement.horizon {
      conditions.append(
        sql.binary(
          .lessOrEqual,
          sql.name("days"),
          sql.expression(.literal(.decimal(MetricBinder.days(of: horizon))))
        )
      )
    }
    var items = keys.map { sql.item(sql.name($0), as: $0) }
    items.append(sql.item(sql.unit(sql.name("days"), "days"), as: "days"))
    items += ["at_risk", "events", "competing", "censored"].map {
      sql.item(sql.name($0), as: $0)
    }
    items.append(sql.item(sql.unit(sql.name("incidence"), "rate"), as: "incidence"))
    return sql.query(
      sql.select(items, from: sql.table(curve), where: sql.all(conditions)),
      with: host.commons,
      orderBy: keys.map { sql.ascending(sql.name($0)) } + [sql.ascending(sql.name("days"))],
      limit: statement.clauses.limit
    )
  }
}
