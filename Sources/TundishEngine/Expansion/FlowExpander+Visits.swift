internal import TundishColumns
internal import TundishSyntax

// The visits to the stages of a history, and the entities that made them.
extension FlowExpander {
  /// The changes to a stage of the funnel, or to a lost or disqualified one, coded.
  func moves(
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
  func visitQuery(
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
        ["entity", "code", "at", "next_code"].map { sql.item(sql.name("visited", $0), as: $0) },
        from: from,
        where: sql.all(conditions)
      )
    )
  }

  /// The entities with their dimensions and outcome; nil where the model has no table of them.
  func entities(
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
