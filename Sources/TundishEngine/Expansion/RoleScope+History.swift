internal import TundishColumns
internal import TundishSyntax

// What the HISTORY of a role tells about one instant or about stretches of time.
extension RoleScope {
  /// The history of this role with the attributes that its rows need.
  private func history(
    with attributes: [String]
  ) throws(StatementFailure) -> (scope: RoleScope, key: Expression, at: Expression)? {
    guard let history = model.role(.history, of: role), definition.value("key") != nil,
      attributes.allSatisfy({ history.value($0) != nil })
    else { return nil }
    let scope = nested(history)
    guard let key = history.value("key"), let at = try scope.attribute("at")?.value else {
      return nil
    }
    return (scope, scope.qualified(key), at)
  }

  /// The history; an error that names what the model lacks.
  private func neededHistory(
    with attributes: [String]
  ) throws(StatementFailure) -> (scope: RoleScope, key: Expression, at: Expression) {
    if let found = try history(with: attributes) { return found }
    guard let history = model.role(.history, of: role) else {
      throw StatementFailure([
        .missingRole(
          .history,
          metric: "time in stages",
          message: nil,
          catalog: lookup.catalog,
          range: sql.range
        )
      ])
    }
    let missing = (["key", "at"] + attributes).first { history.value($0) == nil } ?? "key"
    throw StatementFailure([
      .missingAttribute(
        missing.uppercasedASCII,
        of: .history,
        table: history.table.last,
        neededBy: nil,
        range: sql.range
      )
    ])
  }

  /// Whether the history of this role records an attribute.
  func historyRecords(_ attribute: String) -> Bool {
    guard definition.value("key") != nil, let history = model.role(.history, of: role) else {
      return false
    }
    return history.value(attribute) != nil && history.value("key") != nil
      && history.value("at") != nil
  }

  /// The attribute as the history last recorded it before a bound; NULL where it had not.
  func recorded(
    _ attribute: String,
    before bound: Expression,
    isExclusive: Bool
  ) throws(StatementFailure) -> Expression? {
    guard let own = definition.value("key"), let history = try history(with: [attribute]),
      let value = history.scope.definition.value(attribute).map({ history.scope.qualified($0) })
    else { return nil }
    let query = sql.query(
      sql.select(
        [
          sql.item(history.key, as: "key"), sql.item(history.at, as: "at"),
          sql.item(value, as: attribute),
        ],
        from: history.scope.from,
        where: sql.isNull(value, not: true)
      )
    )
    let alias = joinNearest(
      query,
      as: "\(attribute)_history",
      keys: [(qualified(own), "key")],
      bound: bound,
      isExclusive: isExclusive,
      at: "at"
    )
    return sql.name(alias, attribute)
  }

  /// Joins the row of a query with the same keys that is nearest before a bound.
  func joinNearest(
    _ query: Query,
    as name: String,
    keys: [(own: Expression, column: String)],
    bound: Expression,
    isExclusive: Bool,
    at: String
  ) -> String {
    let place = "\(name)<\(Syntax.format(bound))"
    if let known = joinedAliases[place] { return known }
    let alias = newAlias(name)
    joinedAliases[place] = alias
    var conditions = keys.map { sql.equal($0.own, sql.name(alias, $0.column)) }
    if case .typedLiteral = bound.kind {
      // One instant for all rows: the last record of each key before it.
      let order = WindowSpecification(
        partitionBy: keys.map { sql.name($0.column) },
        orderBy: [sql.descending(sql.name(at))],
        range: sql.range
      )
      var last = sql.select(
        [sql.item(sql.star)],
        from: relation(query, "records"),
        where: sql.binary(isExclusive ? .less : .lessOrEqual, sql.name(at), bound)
      )
      last.qualify = sql.equal(sql.call("row_number", [], over: order), sql.integer(1))
      from = sql.join(
        from,
        .left,
        relation(sql.query(last), alias),
        on: sql.all(conditions)
      )
      return alias
    }
    conditions.append(
      sql.binary(isExclusive ? .greater : .greaterOrEqual, bound, sql.name(alias, at))
    )
    from = TableReference(
      .join(
        JoinClause(
          left: from,
          right: TableReference(
            .query(query, isLateral: false),
            alias: sql.identifier(alias),
            range: sql.range
          ),
          kind: .left,
          isAsOf: true,
          condition: .on(sql.all(conditions) ?? sql.boolean(true))
        )
      ),
      range: sql.range
    )
    return alias
  }

  // MARK: Visits to stages

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

  private func relation(_ query: Query, _ name: String) -> TableReference {
    TableReference(.query(query, isLateral: false), alias: sql.identifier(name), range: sql.range)
  }

  /// Gives every entity the time that it spent in a stage (nil: a row for each of its stages), the
  /// sum of all its visits; the exit is unknown while a visit lasts.
  func joinStageVisits(_ stage: MilestoneName?) throws(StatementFailure) -> String {
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
        throw StatementFailure([
          .clauseNeeds(
            "no stage named '\(stage.name)' in \(history.scope.definition.table.last); it has \(labels.joined(separator: ", "))",
            range: sql.range
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
    let before = sql.call(
      "lag",
      [expected],
      over: WindowSpecification(
        partitionBy: [history.key],
        orderBy: [OrderItem(expression: history.at)],
        range: sql.range
      )
    )
    let changes = sql.query(
      sql.select(
        [
          sql.item(history.key, as: "key"), sql.item(history.at, as: "pushed_at"),
          sql.item(expected, as: "expected"), sql.item(before, as: "expected_before"),
        ],
        from: history.scope.from,
        where: asOf?.instant.map { sql.less(history.at, sql.instant($0)) }
      )
    )
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.name("key")), sql.item(sql.name("pushed_at")),
          sql.item(
            days(from: sql.name("expected_before"), to: sql.name("expected")),
            as: "days"
          ),
        ],
        from: relation(changes, "changes"),
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
    let until = asOf?.expression ?? sql.cast(sql.null, "TIMESTAMP")
    let isLong = sql.binary(
      .greater,
      days(from: sql.name(now, "at"), to: until),
      sql.name(limit, "days")
    )
    return sql.all([sql.equal(try outcome(), sql.text("open")), isLong]) ?? isLong
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
    let before = sql.call(
      "lag",
      [label],
      over: WindowSpecification(
        partitionBy: [history.key],
        orderBy: [OrderItem(expression: history.at)],
        range: sql.range
      )
    )
    let changes = sql.query(
      sql.select(
        [
          sql.item(history.key, as: "key"), sql.item(history.at, as: "at"),
          sql.item(label, as: "stage"), sql.item(before, as: "stage_before"),
        ],
        from: history.scope.from,
        where: asOf?.instant.map { sql.less(history.at, sql.instant($0)) }
      )
    )
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

  // MARK: The state at a past instant

  /// The stage that an opportunity was in at as-of, where the history goes on after it.
  func stageThen() throws(StatementFailure) -> (value: Expression, labels: [String])? {
    guard let asOf, role == .opportunities, definition.condition("won") == nil,
      let history = try history(with: ["stage"]),
      let stage = history.scope.definition.value("stage")
    else { return nil }
    if let instant = asOf.instant {
      let ask = SQLBuilder()
      let query = ask.query(
        ask.select(
          [ask.item(ask.call("count", [ask.star]), as: "later")],
          from: history.scope.from,
          where: ask.atLeast(history.at, ask.instant(instant))
        )
      )
      guard case .integer(let count)? = try lookup.rows(of: query).first?.first, count > 0 else {
        return nil
      }
    }
    guard let value = try recorded("stage", before: asOf.expression, isExclusive: true) else {
      return nil
    }
    return (value, try lookup.texts(of: stage, in: history.scope.definition.table))
  }
}
