internal import TundishSyntax

// The scans of a statement and the aggregates that each computes.
extension MetricBinder {
  /// The dates of rows that are events of an entity, such as pushes of its closing date.
  private static let ownEvents: Set<String> = ["pushed_at", "left_stage", "movement"]

  func group(
    _ definition: CreateMetric,
    reference: MetricReference,
    bindings: [String: Binding]
  ) throws(StatementFailure) -> Int {
    let role = definition.role ?? .opportunities
    let basis = basis(of: definition)
    var date = definition.date
    if basis != definition.basis, case .call(let call)? = definition.date?.kind,
      Self.ownEvents.contains(foldedText(call.name.last))
    {
      // Its rows are no entities with a state or a cohort of their own.
      throw StatementFailure([
        .clauseNeeds(
          "'\(definition.name.text)' counts events, each at its own moment; it takes no other basis",
          range: reference.range
        )
      ])
    }
    if basis == .snapshot { date = nil }
    if basis == .cohort, definition.basis == .period {
      date = SQLBuilder().name(role == .opportunities || role == .leads ? "created" : "at")
    }
    return try group(
      role: role,
      basis: basis,
      date: try date.map { (value: Expression) throws(StatementFailure) -> Expression in
        try fill(value, bindings)
      },
      metric: definition.name.text,
      range: reference.name.range
    )
  }

  func group(
    role: ModelRole,
    basis: MetricBasis,
    date: Expression?,
    metric: String,
    range: SourceRange
  ) throws(StatementFailure) -> Int {
    guard model.role(role) != nil else {
      throw StatementFailure([
        .missingRole(
          role,
          metric: asked?.name ?? metric,
          message: nil,
          catalog: catalog,
          range: asked?.range ?? range
        )
      ])
    }
    var key = GroupKey(
      role: role,
      isSnapshot: basis == .snapshot,
      date: date?.moved(to: SourceRange(0, 0)),
      usualPeriod: basis == .snapshot || clauses.over != nil || clauses.period != nil
        || clauses.compare != nil ? nil : usualPeriod
    )
    key.isWhole = isAlways
    key.isMature = isAlways && basis == .cohort && !clauses.within.isEmpty
    if let index = groups.firstIndex(where: { $0.key == key }) { return index }
    groups.append(MetricGroup(key: key))
    return groups.count - 1
  }

  func addPart(
    _ aggregate: Expression,
    to group: Int,
    named name: String,
    metric: String,
    isZero: Bool,
    definesRows: Bool = true
  ) -> String {
    let aggregate = aggregate.moved(to: SourceRange(0, 0))
    if let known = groups[group].parts.firstIndex(where: { $0.aggregate == aggregate }) {
      if definesRows { groups[group].parts[known].definesRows = true }
      return groups[group].parts[known].column
    }
    var column = foldedText(name)
    if usedColumns.contains(column) { column = "\(foldedText(metric))_\(column)" }
    var number = 2
    let base = column
    while !usedColumns.insert(column).inserted {
      column = "\(base)_\(number)"
      number += 1
    }
    groups[group].parts.append(
      MetricPart(
        column: column,
        aggregate: aggregate,
        isZeroWhenEmpty: isZero,
        definesRows: definesRows
      )
    )
    return column
  }

  /// `NULL WHEN <condition over names of aggregates> THEN '<reason>'` of a metric over rows.
  func nullNotes(
    of definition: CreateMetric,
    group: Int,
    bindings: [String: Binding]
  ) throws(StatementFailure) -> [(condition: Expression, text: String)] {
    var notes: [(condition: Expression, text: String)] = []
    for option in definition.options {
      guard case .nullWhen(let condition, let reason) = option else { continue }
      let filled = try fill(condition, bindings)
      let value = try filled.rewritten {
        (part: Expression) throws(StatementFailure) -> Expression? in
        guard case .call(let call) = part.kind, Self.isAggregate(call.name.last) else { return nil }
        let column = addPart(
          part,
          to: group,
          named: "\(definition.name.text)_\(call.name.last)",
          metric: definition.name.text,
          isZero: Self.isAdditive(part),
          definesRows: false
        )
        return SQLBuilder(part.range).name(column)
      }
      notes.append((value, reason))
    }
    return notes
  }
}
