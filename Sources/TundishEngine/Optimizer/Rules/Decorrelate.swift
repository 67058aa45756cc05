/// Turns subqueries inside expressions, and LATERAL, into joins.
///
/// What: `WHERE EXISTS (...)` becomes a semi join, a scalar subquery a single join, IN with all its
/// NULLs a mark join. A subquery that uses columns of the outer query is computed for all outer
/// rows at once, never once per row. Where it uses them in conditions only, these conditions move
/// up into the join; an aggregate on the way groups by what the outer columns are compared with.
/// Everything else is done in general (Neumann and Kemper, Unnesting Arbitrary Queries, BTW 2015):
/// the distinct outer values are joined into the subquery, and its result is joined back to the
/// outer rows by them, NULL equal to NULL.
///
/// Why: a nested loop reads the inner table once per outer row. And nothing below knows
/// subqueries, so this rule cannot be disabled.
///
/// Why not simply join: a count over no rows is 0, but a group without rows is not there, so
/// `SELECT (SELECT count(*) FROM o WHERE o.id = d.id) FROM d` needs an outer join that fills in 0.
struct Decorrelate: OptimizerRule {
  var isMandatory: Bool { true }

  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    guard plan.hasSubqueryOrDependentJoin else { return plan }
    state.hasChanged = true
    return Decorrelator(state).decorrelate(plan)
  }
}

extension Plan {
  var hasSubqueryOrDependentJoin: Bool {
    if expressions.contains(where: \.hasSubquery) { return true }
    if case .join(let join) = self, join.isDependent { return true }
    return children.contains { $0.hasSubqueryOrDependentJoin }
  }
}

extension JoinPlan {
  /// Whether the right side uses columns of the left one.
  var isDependent: Bool {
    let free = right.freeColumns
    return !free.isEmpty && !free.isDisjoint(with: left.columnIDs)
  }
}
