internal import TundishColumns
internal import TundishSyntax

// What the changes of a HISTORY tell: time in stages, stuck, pushed and re-opened opportunities.
extension RoleScope {
  /// The visits to stages: `key`, `stage`, `at` and `until`, which is NULL for the current one.
  private func visits(
    _ history: (scope: RoleScope, key: Expression, at: Expression)
  ) -> Query {
    let stage = history.scope.definition.value("stage").map { history.scope.qualified($0) }
    let next = sql.call(
      "lead",
      [history.at],
      over: WindowSpecification(
        partitionBy: [history.key],
        orderBy: [OrderItem(expression: history.at)],
        range: sql.range
      )
    )
    return sql.query(
      sql.select(
        [
          sql.item(history.key, as: "key"), sql.item(stage ?? sql.null, as: "stage"),
          sql.item(history.at, as: "at"), sql.item(next, as: "until"),
        ],
        from: history.scope.from,
        where: asOf?.instant.map { sql.less(history.at, sql.instant($0)) }
      )
    )
  }

  /// The rows of a history with an attribute and what it was before: `key`, `at`, `<name>`,
  /// `<name>_before`.
  func changes(
    of value: Expression,
    as name: String,
    in history: (scope: RoleScope, key: Expression, at: Expression)
  ) -> Query {
    let before = sql.call(
      "lag",
      [value],
      over: WindowSpecification(
        partitionBy: [history.key],
        orderBy: [OrderItem(expression: history.at)],
        range: sql.range
      )
    )
    return sql.query(
      sql.select(
        [
          sql.item(history.key, as: "key"), sql.item(history.at, as: "at"),
          sql.item(value, as: name), sql.item(before, as: name + "_before"),
        ],
        from: history.scope.from,
        where: asOf?.instant.map { sql.less(history.at, sql.instant($0)) }
      )
    )
  }

  private func days(from start: Expression, to end: Expression) -> Expression {
    sql.binary(
      .divide,
      sql.call(
        "date_diff",
        [sql.text("microsecond"), sql.cast(start, "TIMESTAMP"), sql.cast(end, "TIMESTAMP")]
      ),
      sql.expression(.literal(.double("86400000000e0")))
    )
  }

  /// Gives every entity the time that it spent in a stage (nil: a row for each of its stages), the
  /// sum of all its visits; the exit is unknown while a visit lasts.
  func joinStageVisits(
    _ stage: MilestoneName?,
    range: SourceRange
  ) throws(StatementFailure) -> String {
    let history = try neededHistory(with: ["stage"])
    guard let own = definition.value("key"), let label = history.scope.definition.value("stage")
    else { return alias }
    var filter: Expression?
    if let stage {
      let labels = try lookup.texts(of: label, in: history.scope.definition.table)
      let matching = labels.filter {
        stage.isLabel ? $0 == stage.name : foldedEqual($0, stage.name)
      }
      guard !matching.isEmpty else {
        let closest = Suggestion.closest(to: stage.name, in: labels)
        throw StatementFailure([
          .clauseNeeds(
            "no stage named '\(stage.name)' in \(history.scope.definition.table.last)"
              + (closest.map { "; did you mean '\($0)'?" }
                ?? "; it has \(labels.joined(separator: ", "))"),
            range: range
          )
        ])
      }
      filter = sql.any(of: sql.name("stage"), matching)
    }
    let until = sql.name("until")
    let isOpen = sql.call("bool_or", [sql.isNull(until)])
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.name("key")), sql.item(sql.name("stage")),
          sql.item(sql.call("sum", [days(from: sql.name("at"), to: until)]), as: "days"),
          sql.item(
            sql.choose([(sql.not(isOpen), sql.call("max", [until]))]),
            as: "left_at"
          ),
        ],
        from: relation(visits(history), "visits"),
        where: filter,
        groupBy: .elements([.expressions([sql.name("key")]), .expressions([sql.name("stage")])])
      )
    )
    let joined = joinRows(query, as: "stage_visits", key: "key", on: qualified(own))
    overrides["stage"] = sql.name(joined, "stage")
    return joined
  }

  /// Gives every entity a row for each time that its expected close date was moved to a later day.
  func joinPushes() throws(StatementFailure) -> String {
    let history = try neededHistory(with: ["expected"])
    guard let own = definition.value("key"),
      let expected = try history.scope.attribute("expected")?.value
    else { return alias }
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.name("key")), sql.item(sql.name("at"), as: "pushed_at"),
          sql.item(
            days(from: sql.name("expected_before"), to: sql.name("expected")),
            as: "days"
          ),
        ],
        from: relation(changes(of: expected, as: "expected", in: history), "changes"),
        where: sql.binary(.greater, sql.name("expected"), sql.name("expected_before"))
      )
    )
    return joinRows(query, as: "pushes", key: "key", on: qualified(own))
  }

  /// Whether an open opportunity has been in its stage longer than nine of ten stayed there.
  func isStalled() throws(StatementFailure) -> Expression {
    let history = try neededHistory(with: ["stage"])
    guard let own = definition.value("key") else { return sql.boolean(false) }
    let visits = visits(history)
    let isCurrent = sql.isNull(sql.name("until"))
    let current = sql.query(
      sql.select(
        [
          sql.item(sql.name("key")), sql.item(sql.name("stage")), sql.item(sql.name("at")),
        ],
        from: relation(visits, "visits"),
        where: isCurrent
      )
    )
    let limits = sql.query(
      sql.select(
        [
          sql.item(sql.name("stage"), as: "key"),
          sql.item(
            sql.call(
              "quantile_cont",
              [
                days(from: sql.name("at"), to: sql.name("until")),
                sql.expression(.literal(.decimal("0.9"))),
              ]
            ),
            as: "days"
          ),
        ],
        from: relation(visits, "visits"),
        where: sql.isNull(sql.name("until"), not: true),
        groupBy: .elements([.expressions([sql.integer(1)])])
      )
    )
    let now = join(current, as: "current_stages", key: "key", on: qualified(own))
    let limit = join(limits, as: "stage_limits", key: "key", on: sql.name(now, "stage"))
    let until = asOf?.expression ?? present ?? sql.cast(sql.null, "TIMESTAMP")
    let isLong = sql.binary(
      .greater,
      days(from: sql.name(now, "at"), to: until),
      sql.name(limit, "days")
    )
    return sql.all([sql.equal(try outcome(), sql.text("open")), isLong]) ?? isLong
  }

  /// The part of the decided opportunities that were won, of those that were ever in the stage.
  func historicalChance() throws(StatementFailure) -> Expression {
    let history = try neededHistory(with: ["stage"])
    guard let own = definition.value("key"), let stage = definition.value("stage"),
      let label = history.scope.definition.value("stage").map({ history.scope.qualified($0) })
    else {
      throw StatementFailure([
        .missingAttribute(
          "STAGE",
          of: role,
          table: definition.table.last,
          neededBy: "weighted_pipeline(historical)",
          range: sql.range
        )
      ])
    }
    let deals = nested(definition)
    let outcome = try deals.outcome()
    let decided = sql.query(
      sql.select(
        [
          sql.item(deals.qualified(own), as: "key"),
          sql.item(sql.equal(outcome, sql.text("won")), as: "is_won"),
        ],
        from: deals.from,
        where: sql.any(of: outcome, ["won", "lost"])
      )
    )
    let wins = sql.call(
      "count",
      [history.key],
      isDistinct: true,
      filter: sql.name("decided", "is_won")
    )
    let chances = sql.query(
      sql.select(
        [
          sql.item(label, as: "key"),
          sql.item(
            sql.binary(
              .divide,
              sql.cast(wins, "DOUBLE"),
              sql.call("count", [history.key], isDistinct: true)
            ),
            as: "chance"
          ),
        ],
        from: sql.join(
          history.scope.from,
          .inner,
          relation(decided, "decided"),
          on: sql.equal(history.key, sql.name("decided", "key"))
        ),
        where: asOf?.instant.map { sql.less(history.at, sql.instant($0)) },
        groupBy: .elements([.expressions([sql.integer(1)])])
      )
    )
    let current = try stageThen()?.value ?? qualified(stage)
    return sql.name(join(chances, as: "stage_chances", key: "key", on: current), "chance")
  }

  /// When a closed opportunity was last opened again; NULL where that never happened.
  func reopenedAt() throws(StatementFailure) -> Expression {
    let history = try neededHistory(with: ["stage"])
    guard let own = definition.value("key"), let stage = history.scope.definition.value("stage")
    else { return sql.cast(sql.null, "TIMESTAMP") }
    let labels = try lookup.texts(of: stage, in: history.scope.definition.table)
    func labelled(_ kinds: Set<StageKind>) -> [String] {
      labels.filter { label in
        Self.stage(label, among: model.stages, labels: labels).map { kinds.contains($0.kind) }
          ?? false
      }
    }
    let closed = labelled([.won, .lost, .disqualified])
    let open = labelled([.open, .hold])
    guard !closed.isEmpty, !open.isEmpty else { return sql.cast(sql.null, "TIMESTAMP") }
    let label = history.scope.qualified(stage)
    let changes = changes(of: label, as: "stage", in: history)
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.name("key")),
          sql.item(sql.call("max", [sql.name("at")]), as: "reopened_at"),
        ],
        from: relation(changes, "changes"),
        where: sql.all([
          sql.any(of: sql.name("stage_before"), closed), sql.any(of: sql.name("stage"), open),
        ]),
        groupBy: .elements([.expressions([sql.integer(1)])])
      )
    )
    let alias = join(query, as: "reopenings", key: "key", on: qualified(own))
    return sql.name(alias, "reopened_at")
  }
}
