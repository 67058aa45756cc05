internal import TundishSyntax

// Recurring revenue between two instants: one row per customer.
extension GroupCompiler {
  /// What rows are grouped by: dimensions, the bucket, the customer.
  func customerKeys() -> [Expression] {
    let plain = columns.filter { column in
      !column.value.contains {
        guard case .call(let call) = $0.kind else { return false }
        return MetricBinder.isAggregate(call.name.last)
      }
    }
    let customer = scope.definition.value("customer") ?? scope.definition.value("key")
    return plain.map(\.value) + [customer.map { scope.qualified($0) } ?? sql.integer(1)]
  }

  /// What a customer pays a month at an instant; 0 without an active subscription.
  func recurring(at instant: Expression?) throws(StatementFailure) -> Expression {
    let amount = try monthlyAmount()
    guard let instant, let isActive = try isActive(at: instant) else { return sql.integer(0) }
    return sql.call(
      "coalesce",
      [sql.call("sum", [amount], filter: isActive), sql.integer(0)]
    )
  }

  private func isActive(at instant: Expression) throws(StatementFailure) -> Expression? {
    guard let start = try scope.attribute("start")?.value else {
      throw StatementFailure([
        .missingAttribute(
          "START",
          of: scope.role,
          table: scope.definition.table.last,
          neededBy: statement.metricNames(of: group.key).first,
          range: sql.range
        )
      ])
    }
    let began = sql.less(start, instant)
    guard let end = try scope.attribute("end")?.value else { return began }
    return sql.all([
      began,
      sql.grouped(
        sql.expression(.binary(.or, sql.isNull(end), sql.atLeast(end, instant)))
      ),
    ])
  }

  /// Whether the customer paid at the start of the window and no longer does at its end.
  func hasLeft() throws(StatementFailure) -> Expression {
    try requireEnd()
    let isGone = sql.equal(try recurring(at: span?.end), sql.integer(0))
    let paid = sql.binary(.greater, try recurring(at: span?.start), sql.integer(0))
    return sql.all([paid, isGone]) ?? isGone
  }

  /// Without ends nobody ever leaves, which is not known to be so.
  func requireEnd() throws(StatementFailure) {
    guard scope.definition.value("end") == nil else { return }
    throw StatementFailure([
      .missingAttribute(
        "END",
        of: scope.role,
        table: scope.definition.table.last,
        neededBy: statement.metricNames(of: group.key).first,
        range: sql.range
      )
    ])
  }

  /// Whether the customer had a subscription before the window.
  func isReturning() throws(StatementFailure) -> Expression {
    guard let start = try scope.attribute("start")?.value, let first = span?.start else {
      return sql.boolean(false)
    }
    return sql.call(
      "coalesce",
      [sql.less(sql.call("min", [start]), first), sql.boolean(false)]
    )
  }
}
