internal import TundishColumns
internal import TundishSyntax

// EXPLAIN of a funnel: what was read, and what each rule kept from counting.
extension FunnelExpander {
  /// The lines of EXPLAIN but for the SQL.
  func explanation() throws(StatementFailure) -> [FooterItem] {
    let answer = try FunnelExpander(expander: expander, statement: statement).expand()
    guard clauses.compare == nil, clauses.list == nil else { return answer.footer }
    try define()
    try host.prepareDimensions()
    let source = try events()
    let within = clauses.within.first ?? window
    var items = [readLine(source)]
    items.append(entryLine(source, within: within))
    if let within {
      let text = "within \(within.amount) \(within.unit.rawValue)s"
      items.append(try dropped(by: text, source, within: within) { $0.isTimed = false })
    }
    if steps.contains(where: { $0.within != nil }) {
      items.append(
        try dropped(by: "the WITHIN of single steps", source, within: within) {
          $0.hasStepWindows = false
        }
      )
    }
    if !excluding.isEmpty {
      items.append(
        try dropped(by: "EXCLUDING", source, within: within) { $0.isExcluding = false }
      )
    }
    return items + answer.footer
  }

  /// The rules that can be left out to see what they do.
  struct AppliedRules {
    var isTimed = true
    var hasStepWindows = true
    var isExcluding = true
  }

  private func count(_ relation: TableReference, _ items: [Expression]) -> Query {
    sql.query(
      sql.select(
        items.enumerated().map { sql.item($0.element, as: "count_\($0.offset + 1)") },
        from: relation
      ),
      with: host.commons
    )
  }

  /// The events and entities that were read.
  private func readLine(_ source: EventRelation) -> FooterItem {
    let entity = sql.name("entity")
    let query = count(
      sql.table(source.name),
      [sql.call("count", [sql.star]), sql.call("count", [entity], isDistinct: true)]
        + (stepConditions.isEmpty
          ? []
          : [
            sql.call(
              "count",
              [sql.star],
              filter: sql.not(
                sql.call(
                  "coalesce",
                  [
                    sql.grouped(sql.either(stepConditions) ?? sql.boolean(true)),
                    sql.boolean(false),
                  ]
                )
              )
            )
          ])
    )
    return .computed(query) { rows in
      guard let row = rows.first, row.count >= 2 else { return [] }
      let numbers = row.map(MetricExpander.number)
      return ["  \(numbers[0]) events of \(numbers[1]) entities read"]
        + (numbers.count > 2 && numbers[2] != "0"
          ? ["  - \(numbers[2]) that are no step"] : [])
    }
  }

  /// Entities that never began, paths that began outside the period, and the paths that count.
  private func entryLine(_ source: EventRelation, within: Duration?) -> FooterItem {
    let name = host.commonName("explained_paths")
    host.addCommon(name, paths(source, within: within))
    let path = sql.name("path")
    let inPeriod =
      sql.all(periodConditions(path)).map { sql.call("coalesce", [$0, sql.boolean(false)]) }
      ?? sql.boolean(true)
    let entered = sql.select(
      [sql.item(sql.call("count", [sql.name("entity")], isDistinct: true))],
      from: sql.table(name)
    )
    let entities = sql.select(
      [sql.item(sql.call("count", [sql.name("entity")], isDistinct: true))],
      from: sql.table(source.name)
    )
    let query = count(
      sql.table(name),
      [
        sql.binary(
          .subtract,
          sql.expression(.scalarQuery(sql.query(entities))),
          sql.expression(.scalarQuery(sql.query(entered)))
        ), sql.call("count", [sql.star], filter: sql.not(sql.grouped(inPeriod))),
        sql.call("count", [sql.star], filter: inPeriod),
      ]
    )
    let first = label(0)
    return .computed(query) { rows in
      guard let row = rows.first, row.count == 3 else { return [] }
      let numbers = row.map(MetricExpander.number)
      return [
        "  - \(numbers[0]) entities that never reached \(first), or are left out by where",
        "  - \(numbers[1]) paths that began outside the period", "  = \(numbers[2]) paths counted",
      ]
    }
  }

  /// How many steps more would have been reached without a rule.
  private func dropped(
    by rule: String,
    _ source: EventRelation,
    within: Duration?,
    _ change: (inout AppliedRules) -> Void
  ) throws(StatementFailure) -> FooterItem {
    var applied = AppliedRules()
    change(&applied)
    let path = sql.name("path")
    func reached(_ query: Query, _ name: String) -> Expression {
      let name = host.commonName(name)
      host.addCommon(name, query)
      let select = sql.select(
        [sql.item(sql.call("sum", [sql.call("len", [path])]))],
        from: sql.table(name),
        where: sql.all(periodConditions(path))
      )
      return sql.expression(.scalarQuery(sql.query(select)))
    }
    let with = reached(paths(source, within: within), "ruled_paths")
    let kept = (steps, excluding, stepConditions)
    if !applied.hasStepWindows {
      steps = steps.map {
        FunnelStep(
          name: $0.name,
          isOptional: $0.isOptional,
          condition: $0.condition,
          within: nil
        )
      }
    }
    if !applied.isExcluding {
      stepConditions.removeLast(excluding.count)
      excluding = []
    }
    let without = reached(
      paths(source, within: applied.isTimed ? within : nil),
      "unruled_paths"
    )
    (steps, excluding, stepConditions) = kept
    let query = sql.query(
      sql.select(
        [
          sql.item(
            sql.cast(
              sql.binary(
                .subtract,
                sql.call("coalesce", [without, sql.integer(0)]),
                sql.call("coalesce", [with, sql.integer(0)])
              ),
              "BIGINT"
            ),
            as: "count_1"
          )
        ],
        from: nil
      ),
      with: host.commons
    )
    return .computed(query) { rows in
      guard let value = rows.first?.first else { return [] }
      return ["  - \(MetricExpander.number(value)) times a step was not reached because of \(rule)"]
    }
  }
}
