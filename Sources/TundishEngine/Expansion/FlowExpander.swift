internal import TundishColumns
internal import TundishSyntax

/// Expands `flow pipeline`: what became of every visit to every stage of a history.
///
/// For each stage, entered = advanced + lost + disqualified + regressed + still there.
struct FlowExpander {
  let expander: Expander
  let name: Identifier
  let clauses: SalesClauses
  let range: SourceRange

  /// What a visit's next stage is, as a number below the steps, which count from 1.
  private static let lost = -1
  private static let disqualified = -2

  func expand() throws(StatementFailure) -> Expansion {
    guard let funnel = expander.catalog.funnels[foldedText(name.text)] else {
      throw StatementFailure([
        .unknownFunnel(name, known: expander.catalog.funnels.values.map(\.name.text))
      ])
    }
    guard case .role(.history, let subject) = funnel.source,
      let history = expander.catalog.model.role(.history, of: subject)
    else {
      throw StatementFailure([
        .clauseNeeds("'flow' follows a funnel ON HISTORY through its stages", range: name.range)
      ])
    }
    let host = try MetricExpander(
      expander: expander,
      statement: MetricStatement(metrics: [], clauses: clauses, range: range)
    )
    try host.prepareDimensions()
    try refuseUnread()
    let moves = try moves(of: funnel, history, host)
    let entities = try entities(of: history, host)
    let sql = host.sql
    let visits = host.commonName("visits")
    host.addCommon(visits, visitQuery(moves, clauses.filter == nil ? nil : entities, sql, host))
    let step = sql.name("step_number")
    let next = sql.name("next_code")
    let names = host.dimensions.map(\.name)
    func count(_ condition: Expression?) -> Expression {
      sql.call(
        "count",
        [sql.name(visits, "entity")],
        filter: condition
      )
    }
    let outcome: Expression? = entities.map { sql.name($0, "outcome") }
    func ended(_ word: String, _ code: Int) -> Expression {
      let told = sql.equal(next, sql.integer(code))
      guard let outcome,
        let silent = sql.all([sql.isNull(next), sql.equal(outcome, sql.text(word))])
      else { return told }
      return sql.either([told, silent]) ?? told
    }
    var isThere = sql.isNull(next)
    if let outcome {
      isThere =
        sql.all([
          isThere,
          sql.expression(
            .inList(
              sql.call("coalesce", [outcome, sql.text("open")]),
              ["lost", "disqualified"].map(sql.text),
              isNegated: true
            )
          ),
        ]) ?? isThere
    }
    var items = names.map { sql.item(sql.name(entities ?? visits, $0), as: $0) }
    items += [
      sql.item(step, as: "step_number"), sql.item(sql.name("step"), as: "step"),
      sql.item(count(nil), as: "entered"),
      sql.item(count(sql.binary(.greater, next, step)), as: "advanced"),
      sql.item(count(ended("lost", Self.lost)), as: "lost"),
      sql.item(count(ended("disqualified", Self.disqualified)), as: "disqualified"),
      sql.item(
        count(
          sql.all([sql.less(next, step), sql.binary(.greater, next, sql.integer(0))])
        ),
        as: "regressed"
      ),
      sql.item(count(isThere), as: "still_there"),
    ]
    let steps = TableReference(
      .query(
        sql.query(
          .values(
            funnel.steps.enumerated().map {
              [sql.integer($0.offset + 1), sql.text($0.element.name.name)]
            }
          )
        ),
        isLateral: false
      ),
      alias: sql.identifier("steps"),
      columnAliases: [sql.identifier("step_number"), sql.identifier("step")],
      range: range
    )
    var from = sql.join(
      steps,
      .left,
      sql.table(visits),
      on: sql.equal(sql.name(visits, "code"), step)
    )
    if let entities {
      from = sql.join(
        from,
        names.isEmpty ? .left : .inner,
        sql.table(entities),
        on: sql.equal(sql.name(visits, "entity"), sql.name(entities, "entity"))
      )
    }
    let groups =
      names.map { sql.name(entities ?? visits, $0) } + [step, sql.name("step")]
    let query = sql.query(
      sql.select(
        items,
        from: from,
        groupBy: .elements(groups.map { .expressions([$0]) })
      ),
      with: host.commons,
      orderBy: names.map { sql.ascending(sql.name($0)) } + [sql.ascending(sql.name("step_number"))],
      limit: clauses.limit
    )
    return Expansion(
      query: query,
      footer: [
        .text(
          "entered = advanced + lost + disqualified + regressed + still_there · \(host.asOf.text)"
        )
      ],
      chart: clauses.chart
    )
  }

  /// Refuses clauses that a flow would pass over in silence.
  private func refuseUnread() throws(StatementFailure) {
    let unread: [(Bool, String)] = [
      (clauses.over != nil, "over"), (clauses.having != nil, "having"),
      (clauses.compare != nil, "compare"), (clauses.versus != nil, "vs"),
      (clauses.attribution != nil, "attributed by"), (clauses.currency != nil, "currency"),
      (clauses.closing != nil, "closing"), (clauses.withTotals, "with totals"),
      (clauses.withShare, "with share"), (clauses.withRunning, "with running"),
      (clauses.withEmpty, "with empty"), (clauses.confidence != nil, "with ci"),
      (clauses.basis != nil, "a basis"), (clauses.list != nil, "list"),
      (clauses.ranking != nil, "top"), (!clauses.within.isEmpty, "within"),
      (!clauses.orderBy.isEmpty, "order by"),
    ]
    let found = unread.filter(\.0)
    guard found.isEmpty else {
      throw StatementFailure(
        found.map { .clauseNeeds("a flow does not take '\($0.1)'", range: range) }
      )
    }
  }

  /// The changes to a stage of the funnel, or to a lost or disqualified one, coded.
  private func moves(
    of funnel: CreateFunnel,
    _ history: RoleDefinition,
    _ host: MetricExpander
  ) throws(StatementFailure) -> String {
    let sql = host.sql
    let scope = RoleScope(
      lookup: host.lookup,
      model: host.model,
      definition: history,
      asOf: nil,
      range: range
    )
    guard let key = history.value("key"), let stage = history.value("stage"),
      let at = try scope.attribute("at")?.value
    else {
      throw StatementFailure([
        .missingAttribute(
          "KEY, STAGE and AT",
          of: .history,
          table: history.table.last,
          neededBy: nil,
          range: range
        )
      ])
    }
    let labels = try host.lookup.texts(of: stage, in: history.table)
    let label = scope.qualified(stage)
    var branches: [(Expression, Expression)] = []
    var used: Set<String> = []
    for (index, step) in funnel.steps.enumerated() {
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
            range: range
          )
        ])
      }
      used.formUnion(matching)
      branches.append((sql.any(of: label, matching), sql.integer(index + 1)))
    }
    for (kind, code) in [(StageKind.lost, Self.lost), (.disqualified, Self.disqualified)] {
      let matching = labels.filter {
        !used.contains($0)
          && RoleScope.stage($0, among: host.model.stages, labels: labels)?.kind == kind
      }
      if !matching.isEmpty { branches.append((sql.any(of: label, matching), sql.integer(code))) }
    }
    let name = host.commonName("moves")
    host.addCommon(
      name,
      sql.query(
        sql.select(
          [
            sql.item(scope.qualified(key), as: "entity"), sql.item(at, as: "at"),
            sql.item(sql.choose(branches), as: "code"),
          ],
          from: scope.from,
          where: sql.less(at, sql.instant(host.asOf.instant))
        )
      )
    )
    return name
  }

  /// Visits: changes that are no repetition, each with the code of the next.
  ///
  /// With a `where` only the visits of the entities that it leaves; with a period those that began
  /// in it, whatever became of them later.
  private func visitQuery(
    _ moves: String,
    _ entities: String?,
    _ sql: SQLBuilder,
    _ host: MetricExpander
  ) -> Query {
    let order = WindowSpecification(
      partitionBy: [sql.name("entity")],
      orderBy: [OrderItem(expression: sql.name("at"))],
      range: range
    )
    let told = sql.query(
      sql.select(
        [
          sql.item(sql.star),
          sql.item(sql.call("lag", [sql.name("code")], over: order), as: "before"),
        ],
        from: sql.table(moves),
        where: sql.isNull(sql.name("code"), not: true)
      )
    )
    let visited = sql.query(
      sql.select(
        [
          sql.item(sql.name("entity"), as: "entity"), sql.item(sql.name("code"), as: "code"),
          sql.item(sql.name("at"), as: "at"),
          sql.item(sql.call("lead", [sql.name("code")], over: order), as: "next_code"),
        ],
        from: TableReference(
          .query(told, isLateral: false),
          alias: sql.identifier("told"),
          range: range
        ),
        where: sql.expression(
          .isDistinctFrom(sql.name("before"), sql.name("code"), isNegated: false)
        )
      )
    )
    var conditions: [Expression] = []
    if let first = host.window?.start {
      conditions.append(sql.atLeast(sql.name("at"), sql.instant(first)))
    }
    if let end = host.window?.end {
      conditions.append(sql.less(sql.name("at"), sql.instant(end)))
    }
    guard entities != nil || !conditions.isEmpty else { return visited }
    var from = TableReference(
      .query(visited, isLateral: false),
      alias: sql.identifier("visited"),
      range: range
    )
    if let entities {
      from = sql.join(
        from,
        .inner,
        sql.table(entities),
        on: sql.equal(sql.name("visited", "entity"), sql.name(entities, "entity"))
      )
    }
    return sql.query(
      sql.select(
        ["entity", "code", "next_code"].map { sql.item(sql.name("visited", $0), as: $0) },
        from: from,
        where: sql.all(conditions)
      )
    )
  }

  /// The entities with their dimensions and outcome; nil where the model has no table of them.
  private func entities(
    of history: RoleDefinition,
    _ host: MetricExpander
  ) throws(StatementFailure) -> String? {
    let owner = history.of ?? .opportunities
    guard let definition = host.model.role(owner), let key = definition.value("key") else {
      guard host.dimensions.isEmpty, clauses.filter == nil else {
        throw StatementFailure([
          .missingRole(
            owner,
            metric: "by and where of a flow",
            message: nil,
            catalog: expander.catalog,
            range: range
          )
        ])
      }
      return nil
    }
    let group = GroupKey(role: owner, isSnapshot: false, date: nil)
    let scope = try host.scope(of: group)
    let compiler = try host.compiler(
      of: MetricGroup(key: group),
      scope: scope,
      dimensions: host.dimensions
    )
    compiler.addAxis("entity", scope.qualified(key))
    let hasOutcome =
      owner == .opportunities
      && (definition.value("stage") != nil || definition.condition("won") != nil)
    compiler.addAxis(
      "outcome",
      hasOutcome ? try scope.outcome() : host.sql.text("open")
    )
    let name = host.commonName("entities")
    host.addCommon(name, compiler.rows())
    return name
  }
}
