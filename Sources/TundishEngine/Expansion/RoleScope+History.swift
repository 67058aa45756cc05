internal import TundishColumns
internal import TundishSyntax

// What the HISTORY of a role tells about one instant or about stretches of time.
extension RoleScope {
  /// The history of this role with the attributes that its rows need.
  func history(
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
  func neededHistory(
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
      add(
        relation(sql.query(last), alias),
        as: alias,
        .left,
        on: sql.all(conditions) ?? sql.boolean(true)
      )
      return alias
    }
    conditions.append(
      sql.binary(isExclusive ? .greater : .greaterOrEqual, bound, sql.name(alias, at))
    )
    if lookups != nil {
      lookups?[alias] = Lookup(
        relation: relation(query, alias),
        condition: sql.all(conditions) ?? sql.boolean(true),
        newestBy: sql.name(alias, at)
      )
      return alias
    }
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

  /// A query as a relation under a name.
  func relation(_ query: Query, _ name: String) -> TableReference {
    TableReference(.query(query, isLateral: false), alias: sql.identifier(name), range: sql.range)
  }
}
