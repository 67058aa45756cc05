internal import TundishColumns
internal import TundishSyntax

// The forms that only definitions of metrics know: milestones, durations, states.
extension GroupCompiler {
  func milestone(
    _ argument: Expression
  ) throws(StatementFailure) -> RoleScope.MilestoneValue {
    var name: RoleScope.MilestoneName
    switch argument.unparenthesized.kind {
    case .literal(.string(let text)): name = .init(name: text, isLabel: true)
    case .name(let parts): name = .init(name: parts.last?.text ?? "", isLabel: false)
    default: name = .init(name: "", isLabel: false)
    }
    if foldedEqual(name.name, "conversion") {
      name.name = scope.hasLinkedOpportunities ? "customer" : "converted"
    }
    guard let value = try scope.milestone(name) else {
      throw StatementFailure([
        .unknownMilestone(
          name.name,
          known: try scope.milestoneNames(),
          role: scope.role,
          table: scope.definition.table.last,
          range: statement.range(ofMilestone: name.name)
        )
      ])
    }
    return value
  }

  /// Refuses `at(m)` where the model does not say when a milestone is reached.
  func requireTime(of expression: Expression) throws(StatementFailure) {
    guard case .call(let call) = expression.unparenthesized.kind,
      ["at", "planned", "arrival"].contains(foldedText(call.name.last)),
      let inner = call.arguments.first?.value
    else { return }
    guard foldedEqual(call.name.last, "planned") else {
      if let missing = try milestone(inner).untimed { throw StatementFailure([missing]) }
      return
    }
    try requireTime(of: inner)
  }

  /// Whether an entity reached a milestone within the window of the statement after another.
  func arrival(
    at finish: Expression,
    from start: Expression,
    isOrdered: Bool
  ) throws(StatementFailure) -> Expression {
    var end = try milestone(finish)
    let beginning = try milestone(start)
    if isOrdered, let times = end.times, beginning.untimed == nil,
      try isDay(ofMilestone: finish) == isDay(ofMilestone: start)
    {
      end = scope.reachedAt(first(of: times, after: beginning.at))
    }
    var conditions = [end.reached]
    if isOrdered { conditions.append(beginning.reached) }
    if isOrdered { conditions.append(try isLater(end.at, finish, than: beginning.at, start)) }
    if let within = statement.within {
      if let missing = end.untimed ?? beginning.untimed { throw StatementFailure([missing]) }
      let limit = sql.binary(
        .add,
        beginning.at,
        sql.expression(
          .interval(sql.expression(.literal(.integer(within.amount))), unit: within.unit)
        )
      )
      conditions.append(sql.binary(.lessOrEqual, end.at, limit))
    }
    return sql.all(conditions) ?? end.reached
  }

  /// The first of an entity's returns to a stage that is not before another moment.
  private func first(of times: Expression, after moment: Expression) -> Expression {
    let parameter = sql.identifier("t")
    let isLater = sql.atLeast(sql.name(parameter.text), moment)
    let lambda = sql.expression(.lambda([parameter], isLater))
    return sql.call("list_min", [sql.call("list_filter", [times, lambda])])
  }

  /// The elapsed days between two dates; NULL where the second is before the first.
  func days(
    from first: Expression,
    to second: Expression
  ) throws(StatementFailure) -> Expression {
    try requireTime(of: first)
    try requireTime(of: second)
    let start = try compile(first, isUserText: false)
    let end = try compile(second, isUserText: false)
    let isFirstDay = try isDay(first)
    let isSecondDay = try isDay(second)
    let areDays = isFirstDay && isSecondDay
    let days: Expression
    if areDays || statement.clauses.usesCalendarDays {
      days = sql.call(
        "date_diff",
        [
          sql.text("day"), areDays ? start : sql.cast(start, "DATE"),
          areDays ? end : sql.cast(end, "DATE"),
        ]
      )
    } else {
      days = sql.binary(
        .divide,
        sql.call(
          "date_diff",
          [sql.text("microsecond"), sql.cast(start, "TIMESTAMP"), sql.cast(end, "TIMESTAMP")]
        ),
        sql.expression(.literal(.double("86400000000e0")))
      )
    }
    let elapsed = sql.cast(days, "DOUBLE")
    guard isFirstDay != isSecondDay else {
      return sql.choose([(sql.atLeast(end, start), elapsed)])
    }
    // A day against an instant of that day is no time at all, not a negative one.
    return sql.choose([
      (
        sql.atLeast(sql.cast(end, "DATE"), sql.cast(start, "DATE")),
        sql.call("greatest", [elapsed, sql.cast(sql.integer(0), "DOUBLE")])
      )
    ])
  }

  /// Whether one milestone was reached no earlier than another.
  ///
  /// Where one of them is known to the day only, days are compared; where a time is not known, neither is the order, and both count.
  private func isLater(
    _ end: Expression,
    _ finish: Expression,
    than beginning: Expression,
    _ start: Expression
  ) throws(StatementFailure) -> Expression {
    let areMixed = try isDay(ofMilestone: finish) != isDay(ofMilestone: start)
    let later =
      areMixed
      ? sql.atLeast(sql.cast(end, "DATE"), sql.cast(beginning, "DATE"))
      : sql.atLeast(end, beginning)
    return sql.call("coalesce", [later, sql.boolean(true)])
  }

  /// Whether a milestone's time is a day without an hour.
  private func isDay(ofMilestone argument: Expression) throws(StatementFailure) -> Bool {
    guard let name = argument.unparenthesized.simpleName?.text else { return false }
    let deals = scope.model.role(.opportunities).map { scope.nested($0) }
    switch foldedText(name) {
    case _ where scope.definition.milestones.contains { foldedEqual($0.name.text, name) }:
      return try scope.type(ofAttribute: name) == .date
    case "lead": return try scope.type(ofAttribute: "created") == .date
    case "converted": return try scope.type(ofAttribute: "converted") == .date
    case "opportunity": return try deals?.type(ofAttribute: "created") == .date
    case "customer": return try deals?.type(ofAttribute: "closed") == .date
    case "conversion":
      return scope.hasLinkedOpportunities
        ? try deals?.type(ofAttribute: "closed") == .date
        : try scope.type(ofAttribute: "converted") == .date
    default: return false
    }
  }

  /// Opportunities that count though they are open do so at the date at which they were due.
  func dueDate(_ closed: Expression) throws(StatementFailure) -> Expression {
    guard scope.definition.value("expected") != nil else { return closed }
    for part in group.parts {
      var stale: Expression?
      _ = part.aggregate.contains { inner in
        guard case .call(let call) = inner.kind, foldedEqual(call.name.last, "overdue") else {
          return false
        }
        stale = call.arguments.first?.value
        return true
      }
      guard let stale, let due = try scope.attribute("expected")?.value else { continue }
      momentNotes.append("overdue open opportunities by their expected close date")
      return sql.choose([(try overdue(stale), due)], otherwise: closed)
    }
    return closed
  }

  /// Whether an open opportunity should have closed that long before as-of.
  func overdue(_ stale: Expression) throws(StatementFailure) -> Expression {
    let until = scope.asOf?.expression ?? sql.instant(statement.asOf.instant)
    var expected = try scope.attribute("expected")?.value
    if expected == nil { expected = try scope.attribute("closed")?.value }
    guard let expected else {
      throw StatementFailure([
        .missingAttribute(
          "EXPECTED",
          of: scope.role,
          table: scope.definition.table.last,
          neededBy: nil,
          range: sql.range
        )
      ])
    }
    var limit = until
    if case .duration(let duration) = stale.kind {
      limit = sql.binary(
        .subtract,
        until,
        sql.expression(
          .interval(sql.expression(.literal(.integer(duration.amount))), unit: duration.unit)
        )
      )
    }
    let isOpen = sql.equal(try scope.outcome(), sql.text("open"))
    return sql.all([isOpen, sql.less(expected, limit)]) ?? isOpen
  }

  /// Whether a subscription runs at as-of.
  func active() throws(StatementFailure) -> Expression {
    let until = scope.asOf?.expression ?? sql.instant(statement.asOf.instant)
    guard let end = try scope.attribute("end")?.value else { return sql.boolean(true) }
    return sql.expression(
      .parenthesized(
        sql.expression(.binary(.or, sql.isNull(end), sql.atLeast(end, until)))
      )
    )
  }

  /// The amount of a subscription a month.
  func monthlyAmount() throws(StatementFailure) -> Expression {
    guard let amount = try scope.attribute("amount")?.value else {
      throw StatementFailure([
        .missingAttribute(
          "AMOUNT",
          of: scope.role,
          table: scope.definition.table.last,
          neededBy: nil,
          range: sql.range
        )
      ])
    }
    return try BillingInterval.monthly(amount, in: scope)
  }

  func isDay(_ expression: Expression) throws(StatementFailure) -> Bool {
    if case .call(let call) = expression.kind, foldedEqual(call.name.last, "at"),
      let milestone = call.arguments.first?.value
    {
      return try isDay(ofMilestone: milestone)
    }
    guard let name = expression.simpleName else { return false }
    return try scope.type(ofAttribute: name.text) == .date
  }

  /// Whether the window of `within` has not passed since a date.
  func immature(_ start: Expression) throws(StatementFailure) -> Expression {
    guard let within = statement.within else { return sql.boolean(false) }
    return sql.binary(
      .greater,
      sql.binary(.add, start, interval(within)),
      sql.instant(statement.asOf.instant)
    )
  }

  func interval(_ duration: Duration) -> Expression {
    sql.expression(
      .interval(sql.expression(.literal(.integer(duration.amount))), unit: duration.unit)
    )
  }
}
