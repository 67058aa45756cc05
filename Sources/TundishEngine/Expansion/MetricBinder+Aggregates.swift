internal import TundishSyntax

// Metrics over rows: one aggregate, or the two of a rate.
extension MetricBinder {
  func bindAggregate(
    _ expression: Expression,
    _ unit: MetricUnit,
    definition: CreateMetric,
    reference: MetricReference,
    bindings: [String: Binding]
  ) throws(StatementFailure) -> BoundMetric {
    let aggregate = try restricted(try fill(expression, bindings), by: definition, bindings)
    let group = try self.group(definition, reference: reference, bindings: bindings)
    let isZero = Self.isAdditive(aggregate)
    let column = addPart(
      aggregate,
      to: group,
      named: definition.name.text,
      metric: definition.name.text,
      isZero: isZero
    )
    let sql = SQLBuilder(reference.range)
    let notes = try nullNotes(of: definition, group: group, bindings: bindings)
    // Durations are DOUBLE, also where the definition subtracts one date from another.
    let value = unit == .days ? sql.cast(sql.name(column), "DOUBLE") : sql.name(column)
    return BoundMetric(
      name: definition.name.text,
      definition: definition,
      value: notes.isEmpty
        ? value : sql.choose(notes.map { ($0.condition, sql.null) }, otherwise: value),
      unit: unit,
      isZeroWhenEmpty: isZero && notes.isEmpty,
      companions: [],
      proportion: nil,
      notes: notes,
      standingNote: nil,
      isAdditive: isZero && !Self.countsDistinct(aggregate),
      groups: [group],
      formula: definition.formula,
      isCohort: basis(of: definition) == .cohort
    )
  }

  func bindRate(
    _ numerator: (Expression, Identifier),
    _ denominator: (Expression, Identifier),
    definition: CreateMetric,
    reference: MetricReference,
    bindings: [String: Binding],
    denominator other: (name: Identifier, body: MetricBody, role: ModelRole?)?
  ) throws(StatementFailure) -> BoundMetric {
    let sql = SQLBuilder(reference.range)
    var group = try self.group(definition, reference: reference, bindings: bindings)
    let denominatorGroup: Int
    var denominatorBody = denominator.0
    var denominatorName = denominator.1.text
    var isProportion = true
    if let other {
      denominatorName = other.name.text
      switch other.body {
      case .count(let expression), .money(let expression), .days(let expression),
        .value(let expression):
        denominatorBody = expression
      case .rate, .derived: break
      }
      if let role = other.role, role != definition.role {
        denominatorGroup = try self.group(
          role: role,
          basis: .period,
          date: MetricBinder.ownDate(of: role),
          metric: definition.name.text,
          range: reference.range
        )
        isProportion = foldedEqual(other.name.text, "visitors")
      } else {
        denominatorGroup = group
      }
    } else {
      denominatorGroup = group
      if clauses.basis == .period, definition.basis == .cohort,
        let finish = bindings["finish"], case .expression(let milestone) = finish
      {
        group = try self.group(
          role: definition.role ?? .leads,
          basis: .period,
          date: sql.call("at", [milestone]).moved(to: SourceRange(0, 0)),
          metric: definition.name.text,
          range: reference.range
        )
        isProportion = false
      }
    }
    let numeratorAggregate = try restricted(
      try fill(numerator.0, bindings),
      by: definition,
      bindings
    )
    var denominatorAggregate = try fill(denominatorBody, bindings)
    if denominatorGroup == group {
      denominatorAggregate = try restricted(denominatorAggregate, by: definition, bindings)
    }
    let first = addPart(
      numeratorAggregate,
      to: group,
      named: numerator.1.text,
      metric: definition.name.text,
      isZero: Self.isAdditive(numeratorAggregate),
      definesRows: group != denominatorGroup
    )
    let second = addPart(
      denominatorAggregate,
      to: denominatorGroup,
      named: denominatorName,
      metric: definition.name.text,
      isZero: Self.isAdditive(denominatorAggregate)
    )
    let isCount = Self.isCount(numeratorAggregate) && Self.isCount(denominatorAggregate)
    let unit: MetricUnit =
      isCount ? .count : .money(try currency(of: definition.role, in: numerator.0))
    let value = sql.binary(.divide, sql.cast(sql.name(first), "DOUBLE"), sql.name(second))
    var notes = try nullNotes(of: definition, group: group, bindings: bindings)
    let nullConditions = notes.map(\.condition)
    let count =
      Self.isAdditive(denominatorAggregate)
      ? sql.name(second) : sql.call("coalesce", [sql.name(second), sql.integer(0)])
    notes.append((sql.equal(count, sql.integer(0)), "empty denominator"))
    if isCount, isProportion {
      notes.append((sql.less(sql.name(second), sql.integer(30)), "n < 30"))
    }
    return BoundMetric(
      name: definition.name.text,
      definition: definition,
      value: nullConditions.isEmpty
        ? value
        : sql.choose(nullConditions.map { ($0, sql.null) }, otherwise: value),
      unit: .rate,
      isZeroWhenEmpty: false,
      companions: [
        MetricCompanion(
          name: numerator.1.text,
          value: sql.name(first),
          unit: unit,
          isAdditive: !Self.countsDistinct(numeratorAggregate)
        ),
        MetricCompanion(
          name: denominatorName,
          value: sql.name(second),
          unit: unit,
          isAdditive: !Self.countsDistinct(denominatorAggregate)
        ),
      ],
      proportion: isCount && isProportion ? (sql.name(first), sql.name(second)) : nil,
      notes: notes,
      standingNote: isProportion || !isCount ? nil : "not a proportion",
      isAdditive: false,
      groups: [group, denominatorGroup],
      formula: other == nil
        ? definition.formula : "\(numerator.1.text) / \(denominatorName)",
      isCohort: basis(of: definition) == .cohort
    )
  }

  /// `DAYS (statistic(x) ...)` asked as `share within 24 hours`.
  func bindShare(
    _ expression: Expression,
    _ duration: Duration,
    definition: CreateMetric,
    reference: MetricReference,
    bindings: [String: Binding]
  ) throws(StatementFailure) -> BoundMetric {
    let sql = SQLBuilder(reference.range)
    guard case .call(let call) = expression.unparenthesized.kind,
      let days = call.arguments.first?.value
    else {
      throw StatementFailure([
        .argumentNotAccepted(metric: definition.name.text, range: reference.range)
      ])
    }
    let limit = sql.expression(.literal(.decimal(Self.days(of: duration))))
    let numerator = sql.call(
      "count",
      [sql.star],
      filter: sql.all([call.filter, sql.binary(.lessOrEqual, days, limit)].compactMap { $0 })
    )
    let denominator = sql.call("count", [sql.star], filter: call.filter)
    return try bindRate(
      (numerator, sql.identifier("within_limit")),
      (denominator, sql.identifier(definition.role?.rawValue.lowercasedASCII ?? "counted")),
      definition: definition,
      reference: reference,
      bindings: bindings,
      denominator: nil
    )
  }

  func shareDuration(_ reference: MetricReference) -> Duration? {
    for argument in reference.arguments {
      if case .shareWithin(let duration) = argument { return duration }
    }
    return nil
  }
}
