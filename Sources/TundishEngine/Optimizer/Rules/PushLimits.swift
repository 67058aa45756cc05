internal import TundishColumns
internal import TundishSyntax

/// Limits rows before they are computed on.
///
/// What: a limit moves below a projection; a copy of it, with the skipped rows added, moves below
/// UNION ALL and to the left side of joins that keep every left row.
///
/// Why: `SELECT upper(name) FROM customers LIMIT 5` computes five rows, and a limit beside a sort
/// becomes a top n.
///
/// Why not below inner joins or filters: in `FROM d JOIN c ON ... LIMIT 5` the first five deals may
/// have no customer.
struct PushLimits: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    guard case .limit(let limit) = plan else { return plan.mapChildren { apply($0, state) } }
    if case .all = limit.count, limit.offset == nil {
      state.hasChanged = true
      return apply(limit.input, state)
    }
    guard limit.keys.isEmpty, !limit.withTies else {
      return plan.mapChildren { apply($0, state) }
    }
    switch limit.input {
    case .project(let columns, let input):
      guard columns.allSatisfy(\.expression.isDeterministic) else { break }
      state.hasChanged = true
      var inner = limit
      inner.input = input
      return .project(columns, apply(.limit(inner), state))
    case .setOperation(var operation):
      guard operation.operation == .union, operation.isAll, let total = limit.greatestCount else {
        break
      }
      let left = limited(operation.left, to: total, limit, state)
      let right = limited(operation.right, to: total, limit, state)
      guard let left, let right else { break }
      state.hasChanged = true
      operation.left = apply(left, state)
      operation.right = apply(right, state)
      var outer = limit
      outer.input = .setOperation(operation)
      return .limit(outer)
    case .join(var join):
      switch join.kind {
      case .left, .single, .mark, .asOfLeft: break
      case .inner, .right, .full, .semi, .anti, .positional, .asOf:
        return plan.mapChildren { apply($0, state) }
      }
      guard let total = limit.greatestCount,
        let left = limited(join.left, to: total, limit, state)
      else { break }
      state.hasChanged = true
      join.left = apply(left, state)
      join.right = apply(join.right, state)
      var outer = limit
      outer.input = .join(join)
      return .limit(outer)
    case .scan, .values, .tableFunction, .filter, .aggregate, .window, .sort, .limit, .distinct,
      .distinctOn, .unnest, .materialize, .reference, .recursive, .sample:
      break
    }
    return plan.mapChildren { apply($0, state) }
  }

  /// The first rows of a plan; nil where it is limited already.
  private func limited(
    _ plan: Plan,
    to count: Int64,
    _ limit: LimitPlan,
    _ state: OptimizerState
  ) -> Plan? {
    if case .limit = plan { return nil }
    let rows = BoundExpression(.literal(.integer(count)), type: .bigint, range: .nowhere)
    return .limit(LimitPlan(count: .rows(rows), offset: nil, input: plan))
  }
}

extension LimitPlan {
  /// The rows that are kept or skipped, where that is a constant.
  var greatestCount: Int64? {
    guard case .rows(let rows) = count, case .integer(let number)? = rows.literal, number >= 0
    else { return nil }
    guard let offset else { return number }
    guard case .integer(let skipped)? = offset.literal, skipped >= 0 else { return nil }
    let (total, overflow) = number.addingReportingOverflow(skipped)
    return overflow ? nil : total
  }
}
