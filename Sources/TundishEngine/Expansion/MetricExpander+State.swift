internal import TundishSyntax

// Which rows a snapshot looks at: those that were there, and with `closing` those due in the period.
extension MetricExpander {
  /// The conditions of a snapshot at as-of, or at the end of each bucket.
  func stateConditions(
    _ compiler: GroupCompiler,
    until bucketEnd: Expression?
  ) throws(StatementFailure) -> [Expression] {
    let scope = compiler.scope
    var conditions: [Expression] = []
    let beginning = compiler.group.key.role == .subscriptions ? "start" : "created"
    if let created = try scope.attribute(beginning)?.value {
      let existed = sql.less(created, bucketEnd ?? sql.instant(asOf.instant))
      if bucketEnd != nil || clauses.asOf != nil {
        conditions.append(existed)
      } else {
        conditions.append(
          sql.expression(
            .parenthesized(sql.expression(.binary(.or, sql.isNull(created), existed)))
          )
        )
      }
    }
    if let closing = clauses.closing { conditions += try closingConditions(scope, closing) }
    return conditions
  }

  /// The conditions that the expected close date lies in a period.
  private func closingConditions(
    _ scope: RoleScope,
    _ closing: Period
  ) throws(StatementFailure) -> [Expression] {
    guard let expected = try scope.attribute("expected")?.value else {
      throw StatementFailure([
        .missingAttribute(
          "EXPECTED",
          of: scope.role,
          table: scope.definition.table.last,
          neededBy: "closing",
          range: closing.range
        )
      ])
    }
    let window = try frame.window(closing, asOf: asOf)
    return [
      window.start.map { sql.atLeast(expected, sql.instant($0)) },
      window.end.map { sql.less(expected, sql.instant($0)) },
    ].compactMap { $0 }
  }
}
