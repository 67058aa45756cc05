internal import TundishColumns
internal import TundishSyntax

/// Writes conditions in fewer and simpler parts.
///
/// What: nested AND and OR are flattened and lose duplicates and constants; `NOT a > b` becomes
/// `a <= b`; `stage = 'won' OR stage = 'lost'` becomes `stage IN ('won', 'lost')`; `x > 5 AND x > 7`
/// becomes `x > 7`; a comparison with NULL becomes NULL; and where only truth counts, in WHERE and
/// ON, `x = x` becomes `x IS NOT NULL` and `x = 1 AND x = 2` becomes false. A filter that no row
/// passes becomes no rows.
///
/// Why: IN is one lookup per row, other rules see conjuncts and ranges, and less is computed.
///
/// Why not more: `x = x` as a value is NULL for NULL, so `SELECT x = x FROM deals` stays, and so does
/// what might fail on its own: `b AND false` is false, but nothing is known of `f(x) AND x > 1`.
struct SimplifyPredicates: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    let plan = plan.mapChildren { apply($0, state) }
    func value(_ expression: BoundExpression) -> BoundExpression {
      simplify(expression, isCondition: false, state)
    }
    func condition(_ expression: BoundExpression) -> BoundExpression {
      simplify(expression, isCondition: true, state)
    }
    switch plan {
    case .filter(let predicate, let input):
      let simple = condition(predicate)
      if simple.isTrue {
        state.hasChanged = true
        return input
      }
      if simple.literal == .boolean(false) || simple.literal == .null {
        state.hasChanged = true
        return .values(columns: input.columns, rows: [])
      }
      return .filter(simple, input)
    case .join(let join) where join.kind != .mark:
      var rewritten = Plan.join(join).mapExpressions(value)
      if case .join(var inner) = rewritten {
        inner.condition = inner.condition.map(condition)
        if inner.condition?.isTrue == true, inner.kind != .single { inner.condition = nil }
        rewritten = .join(inner)
      }
      return rewritten
    case .aggregate(var aggregate):
      aggregate.groups = aggregate.groups.map { $0.mapped(value) }
      aggregate.aggregates = aggregate.aggregates.map { call in
        var simple = call.mapped(value)
        simple.filter = call.filter.map(condition)
        if simple.filter?.isTrue == true { simple.filter = nil }
        return simple
      }
      return .aggregate(aggregate)
    case .scan(var scan):
      scan.predicate = scan.predicate.map(condition)
      if scan.predicate?.isTrue == true { scan.predicate = nil }
      return .scan(scan)
    case .join, .values, .tableFunction, .project, .window, .sort, .limit, .distinct,
      .distinctOn, .setOperation, .unnest, .materialize, .reference, .recursive, .sample:
      return plan.mapExpressions(value)
    }
  }

  /// Simplifies an expression; where it is a condition, NULL counts as false.
  private func simplify(
    _ expression: BoundExpression,
    isCondition: Bool,
    _ state: OptimizerState
  ) -> BoundExpression {
    let isJunction: Bool
    switch expression.kind {
    case .and, .or: isJunction = true
    case .literal, .column, .call, .comparison, .not, .isNull, .cast, .caseWhen, .coalesce,
      .inValues, .lambda, .subquery:
      isJunction = false
    }
    let mapped = expression.mapOperands {
      simplify($0, isCondition: isCondition && isJunction, state)
    }
    guard mapped.type == .boolean else { return mapped }
    let simpler = PredicateSimplifier(isCondition: isCondition).simplified(mapped)
    guard let simpler else { return mapped }
    state.hasChanged = true
    return simpler
  }
}
