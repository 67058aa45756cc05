internal import TundishColumns
internal import TundishSyntax

// `list dropped at <step>`: the rows of the entities at a step of a funnel.
extension FunnelExpander {
  /// `list dropped at sql`: the rows of the entities that went no further.
  func expandList(
    _ list: MetricList,
    _ source: EventRelation,
    within: Duration?
  ) throws(StatementFailure) -> Expansion {
    guard case .atStep(let outcome, let milestone) = list,
      let index = steps.indices.first(where: { foldedEqual(label($0), milestone.name) }),
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
    let isElapsed = isElapsed(path, at: step, within: within)
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
    conditions += periodConditions(path)
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
