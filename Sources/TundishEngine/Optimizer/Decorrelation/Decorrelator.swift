internal import TundishColumns
internal import TundishSyntax

/// Removes the subqueries of a plan, innermost first.
///
/// A plan that it returns may still use columns of an outer query, but contains no subquery of its
/// own; the join that provides those columns removes them.
final class Decorrelator {
  let state: OptimizerState

  init(_ state: OptimizerState) {
    self.state = state
  }

  /// Returns a plan without subqueries and dependent joins.
  func decorrelate(_ plan: Plan) -> Plan {
    let plan = plan.mapChildren(decorrelate)
    if case .join(let join) = plan { return decorrelate(join) }
    guard plan.expressions.contains(where: \.hasSubquery) else { return plan }
    switch plan {
    case .filter(let predicate, let input):
      return filter(predicate, input)
    case .project(let columns, var input):
      let lifted = columns.map { $0.mapped { lift($0, over: &input) } }
      return .project(lifted, input)
    case .values(let columns, let rows):
      return values(columns, rows)
    case .aggregate(let aggregate):
      var input = aggregate.input
      let lifted = plan.mapExpressions { lift($0, over: &input) }
      return lifted.mapChildren { _ in input }
    case .limit(let limit):
      return self.limit(limit)
    case .window(let window):
      return overInput(plan, window.input)
    case .sort(_, let input), .distinctOn(_, let input):
      return overInput(plan, input)
    case .unnest(let unnest):
      return overInput(plan, unnest.input)
    case .scan(var scan):
      let predicate = scan.predicate
      scan.predicate = nil
      return predicate.map { filter($0, .scan(scan)) } ?? .scan(scan)
    case .join, .tableFunction, .distinct, .setOperation, .materialize, .reference, .recursive,
      .sample:
      return plan
    }
  }

  /// Lifts the subqueries of an operator that passes its input's columns on.
  private func overInput(_ plan: Plan, _ input: Plan) -> Plan {
    var base = input
    let lifted = plan.mapExpressions { lift($0, over: &base) }
    return lifted.mapChildren { _ in base }.giving(plan.columns)
  }

  /// Filters; conditions with subqueries come after those without.
  func filter(_ predicate: BoundExpression, _ input: Plan) -> Plan {
    let conjuncts = predicate.conjuncts
    var base = input.filtered(by: conjuncts.filter { !$0.hasSubquery })
    for conjunct in conjuncts where conjunct.hasSubquery {
      if let joined = semiJoin(conjunct, base) {
        base = joined
      } else {
        let condition = lift(conjunct, over: &base)
        base = .filter(condition, base)
      }
    }
    return base.giving(input.columns)
  }

  /// Each row becomes a projection of its own over one row.
  private func values(_ columns: [PlanColumn], _ rows: [[BoundExpression]]) -> Plan {
    let plans = rows.map { row in
      var base = Plan.values(columns: [], rows: [[]])
      let made = columns.map { rows.count == 1 ? $0 : state.makeCopy(of: $0) }
      let lifted = zip(made, row).map { column, expression in
        ProjectedColumn(column: column, expression: lift(expression, over: &base))
      }
      return Plan.project(lifted, base)
    }
    guard plans.count > 1 else { return plans[0] }
    return Plan.unionAll(plans, columns: columns, state)
  }

  /// Removes the subqueries of an expression by joins over the rows on which it is computed, and
  /// returns what is left of it.
  func lift(_ expression: BoundExpression, over base: inout Plan) -> BoundExpression {
    guard expression.hasSubquery else { return expression }
    guard case .subquery(let subquery) = expression.kind else {
      return expression.mapOperands { lift($0, over: &base) }
    }
    let flat = subquery.mapLeft { lift($0, over: &base) }
    let inner = decorrelate(flat.plan)
    switch flat.form {
    case .scalar:
      guard let output = flat.output else { return expression }
      return scalar(inner, output, expression, over: &base)
    case .exists:
      return mark(stripped(inner), keys: [], condition: nil, expression, over: &base)
    case .any(let left, let comparison):
      guard let output = flat.output else { return expression }
      return any(left, comparison, inner, output, expression, over: &base)
    case .all(let left, let comparison):
      guard let output = flat.output else { return expression }
      return .negation(any(left, comparison.negated, inner, output, expression, over: &base))
    }
  }

  private func any(
    _ left: BoundExpression,
    _ comparison: ComparisonOperator,
    _ inner: Plan,
    _ output: PlanColumn,
    _ expression: BoundExpression,
    over base: inout Plan
  ) -> BoundExpression {
    let (plan, renamed) = renaming(inner, output)
    let value = BoundExpression.column(renamed, range: expression.range)
    if comparison == .equal || comparison == .notDistinct {
      let key = JoinKey(left: left, right: value, isNullSafe: comparison == .notDistinct)
      return mark(plan, keys: [key], condition: nil, expression, over: &base)
    }
    let condition = BoundExpression.compare(left, comparison, value)
    return mark(plan, keys: [], condition: condition, expression, over: &base)
  }

  private func mark(
    _ inner: Plan,
    keys: [JoinKey],
    condition: BoundExpression?,
    _ expression: BoundExpression,
    over base: inout Plan
  ) -> BoundExpression {
    let mark = state.makeColumn("matches", .boolean)
    let join = JoinPlan(
      kind: .mark,
      left: base,
      right: inner,
      keys: keys,
      condition: condition,
      markColumn: mark
    )
    base = connect(join)
    return .column(mark, range: expression.range)
  }

  /// A condition that only asks whether a subquery has a row, as a semi or anti join; nil where it
  /// asks more.
  private func semiJoin(_ conjunct: BoundExpression, _ base: Plan) -> Plan? {
    switch conjunct.kind {
    case .not(let operand):
      guard case .subquery(let subquery) = operand.kind, case .exists = subquery.form else {
        return nil
      }
      return connect(
        JoinPlan(kind: .anti, left: base, right: stripped(decorrelate(subquery.plan)))
      )
    case .subquery(let subquery):
      var base = base
      let flat = subquery.mapLeft { lift($0, over: &base) }
      switch flat.form {
      case .exists:
        return connect(
          JoinPlan(kind: .semi, left: base, right: stripped(decorrelate(flat.plan)))
        )
      case .any(let left, let comparison):
        guard let output = flat.output else { return nil }
        let (plan, renamed) = renaming(decorrelate(flat.plan), output)
        let value = BoundExpression.column(renamed, range: conjunct.range)
        let condition = BoundExpression.compare(left, comparison, value)
        return connect(
          JoinPlan(kind: .semi, left: base, right: plan, condition: condition)
        )
      case .scalar, .all:
        return nil
      }
    case .literal, .column, .call, .comparison, .and, .or, .isNull, .cast, .caseWhen, .coalesce,
      .inValues, .lambda:
      return nil
    }
  }

  /// Gives the output of a subquery under a new id, so that a subquery that stands twice in a
  /// statement does not give one column twice.
  func renaming(_ plan: Plan, _ output: PlanColumn) -> (plan: Plan, column: PlanColumn) {
    let renamed = state.makeCopy(of: output)
    var plan = plan
    while true {
      guard case .sort(_, let input) = plan else { break }
      plan = input
    }
    let value = BoundExpression.column(output, range: SourceRange(0, 0))
    return (.project([ProjectedColumn(column: renamed, expression: value)], plan), renamed)
  }

  /// Drops what does not matter for the question whether there is a row.
  private func stripped(_ plan: Plan) -> Plan {
    switch plan {
    case .project(_, let input), .sort(_, let input), .distinct(let input),
      .distinctOn(_, let input):
      return stripped(input)
    case .limit(let limit):
      if case .rows(let rows) = limit.count, case .integer(let number)? = rows.literal,
        number > 0, limit.offset == nil
      {
        return stripped(limit.input)
      }
      return plan
    case .scan, .values, .tableFunction, .filter, .join, .aggregate, .window, .setOperation,
      .unnest, .materialize, .reference, .recursive, .sample:
      return plan
    }
  }
}

extension ComparisonOperator {
  /// The comparison that holds where this one does not, NULL aside.
  var negated: ComparisonOperator {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    case .notDistinct: .distinct
    case .distinct: .notDistinct
    }
  }
}

extension Plan {
  /// One input after the other; their columns correspond by position.
  static func unionAll(
    _ plans: [Plan],
    columns: [PlanColumn],
    _ state: OptimizerState
  ) -> Plan {
    var whole = plans[0]
    for (position, plan) in plans.enumerated().dropFirst() {
      let isLast = position == plans.count - 1
      whole = .setOperation(
        SetOperationPlan(
          operation: .union,
          isAll: true,
          left: whole,
          right: plan,
          columns: isLast ? columns : columns.map { state.makeCopy(of: $0) }
        )
      )
    }
    return whole
  }
}
