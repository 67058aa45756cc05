internal import TundishColumns
internal import TundishSyntax

// What an opportunity was at a past as-of, where its history goes on after it (R5, R10).
extension RoleScope {
  /// The attributes that a history may have had otherwise at as-of.
  private static let changing: Set<String> = ["stage", "amount", "expected"]

  /// Whether the history has records of an attribute from as-of on; so for every bucket of a series.
  private func historyGoesOn(with attribute: String) throws(StatementFailure) -> Bool {
    guard let asOf, role == .opportunities, let history = try history(with: [attribute]) else {
      return false
    }
    guard let instant = asOf.instant else { return true }
    let ask = SQLBuilder()
    let query = ask.query(
      ask.select(
        [ask.item(ask.call("count", [ask.star]), as: "later")],
        from: history.scope.from,
        where: ask.atLeast(history.at, ask.instant(instant))
      )
    )
    guard case .integer(let count)? = try lookup.rows(of: query).first?.first else { return false }
    return count > 0
  }

  /// The stage that an opportunity was in at as-of, where the history goes on after it.
  func stageThen() throws(StatementFailure) -> (value: Expression, labels: [String])? {
    guard let asOf, definition.condition("won") == nil, try historyGoesOn(with: "stage"),
      let history = model.role(.history, of: role), let stage = history.value("stage"),
      let value = try recorded("stage", before: asOf.expression, isExclusive: true)
    else { return nil }
    return (value, try lookup.texts(of: stage, in: history.table))
  }

  /// The stage, amount or expected close date as the history had it at as-of, else as recorded now;
  /// nil where what is recorded now is what it was.
  func then(_ word: String) throws(StatementFailure) -> Expression? {
    guard let asOf, Self.changing.contains(word), let current = definition.value(word),
      try historyGoesOn(with: word),
      var value = try recorded(word, before: asOf.expression, isExclusive: true)
    else { return nil }
    guard word == "expected" else { return sql.call("coalesce", [value, qualified(current)]) }
    if let history = model.role(.history, of: role), let expected = history.value(word),
      try lookup.type(of: expected, in: history.table) == .timestampTZ
    {
      value = sql.cast(value, "TIMESTAMP")
    }
    return sql.call("coalesce", [value, try local(current, named: word)])
  }

  /// The attribute that a column of the table is, where the history had it otherwise at as-of.
  func changingAttribute(ofColumn column: String) -> String? {
    guard asOf != nil, role == .opportunities else { return nil }
    return Self.changing.sorted().first { word in
      definition.value(word)?.simpleName.map { foldedEqual($0.text, column) } ?? false
    }
  }

  /// When an opportunity was closed that a past as-of finds closed.
  ///
  /// A deal that was lost before as-of, opened again after it and won since has the date of its win
  /// in CLOSED; then, its last change to a closed stage before as-of is meant.
  func closedThen() throws(StatementFailure) -> Expression? {
    guard let asOf, asOf.instant != nil, let (then, labels) = try stageThen(),
      let closed = definition.value("closed"), let stage = definition.value("stage"),
      let own = definition.value("key"), let history = try history(with: ["stage"]),
      let label = history.scope.definition.value("stage")
    else { return nil }
    let ended = labels.filter {
      switch Self.stage($0, among: model.stages, labels: labels)?.kind {
      case .won, .lost, .disqualified: true
      case .open, .hold, nil: false
      }
    }
    let recorded = try local(closed, named: "closed")
    guard !ended.isEmpty else { return nil }
    let changes = changes(of: history.scope.qualified(label), as: "stage", in: history)
    let before = sql.name("stage_before")
    let closings = sql.query(
      sql.select(
        [sql.item(sql.name("key")), sql.item(sql.name("at"))],
        from: relation(changes, "changes"),
        where: sql.all([
          sql.any(of: sql.name("stage"), ended), sql.not(sql.same(before, sql.name("stage"))),
        ])
      )
    )
    let alias = joinNearest(
      closings,
      as: "closings",
      keys: [(qualified(own), "key")],
      bound: asOf.expression,
      isExclusive: true,
      at: "at"
    )
    let isDay = try lookup.type(of: closed, in: definition.table) == .date
    let at = sql.name(alias, "at")
    let isBefore = sql.call(
      "coalesce",
      [sql.less(recorded, asOf.expression), sql.boolean(true)]
    )
    let isSame = sql.all([sql.same(then, qualified(stage)), isBefore])
    return sql.choose(
      [
        (
          sql.either([sql.isNull(then), isSame ?? sql.boolean(true)]) ?? sql.isNull(then), recorded
        ),
        (sql.any(of: then, ended), isDay ? sql.cast(at, "DATE") : at),
      ]
    )
  }
}
