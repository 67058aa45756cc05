internal import TundishColumns
internal import TundishSyntax

/// Makes outer joins inner where the rows that they fill with NULL are dropped anyway.
///
/// What: `FROM d LEFT JOIN c ON d.c = c.id WHERE c.region = 'north'` is an inner join, since no
/// filled row has a region. A FULL JOIN becomes LEFT, RIGHT or inner in the same way.
///
/// Why: conditions then reach both sides, and joins can be reordered.
///
/// Why not for every condition: `WHERE c.id IS NULL`, `WHERE coalesce(c.region, 'x') = 'x'` and
/// `WHERE c.region = 'north' OR d.amount > 5` are true for filled rows.
struct SimplifyOuterJoins: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    rewrite(plan, [], state)
  }

  /// Rewrites a plan of whose rows those are dropped that have NULL in one of some columns.
  private func rewrite(_ plan: Plan, _ known: Set<ColumnID>, _ state: OptimizerState) -> Plan {
    switch plan {
    case .filter(let predicate, let input):
      return .filter(predicate, rewrite(input, known.union(predicate.rejectedNulls), state))
    case .project(let columns, let input):
      var below: Set<ColumnID> = []
      for column in columns where known.contains(column.column.id) {
        below.formUnion(column.expression.strictColumns)
      }
      return .project(columns, rewrite(input, below, state))
    case .sort, .distinct:
      return plan.mapChildren { rewrite($0, known, state) }
    case .join(let join):
      return rewrite(join, known, state)
    case .materialize(var materialize):
      materialize.definition = rewrite(materialize.definition, [], state)
      materialize.body = rewrite(materialize.body, known, state)
      return .materialize(materialize)
    case .aggregate(let aggregate):
      var below: Set<ColumnID> = []
      if aggregate.groupingSets == [Array(aggregate.groups.indices)] {
        for group in aggregate.groups where known.contains(group.column.id) {
          below.formUnion(group.expression.strictColumns)
        }
      }
      return plan.mapChildren { rewrite($0, below, state) }
    case .scan, .values, .tableFunction, .window, .limit, .distinctOn, .setOperation, .unnest,
      .reference, .recursive, .sample:
      return plan.mapChildren { rewrite($0, [], state) }
    }
  }

  private func rewrite(
    _ join: JoinPlan,
    _ known: Set<ColumnID>,
    _ state: OptimizerState
  ) -> Plan {
    var join = join
    let needsLeft = !known.isDisjoint(with: join.left.columnIDs)
    let needsRight = !known.isDisjoint(with: join.right.columnIDs)
    let kind = join.kind
    switch kind {
    case .left where needsRight: join.kind = .inner
    case .right where needsLeft: join.kind = .inner
    case .full where needsLeft && needsRight: join.kind = .inner
    case .full where needsLeft: join.kind = .left
    case .full where needsRight: join.kind = .right
    case .inner, .left, .right, .full, .semi, .anti, .single, .mark, .positional, .asOf,
      .asOfLeft:
      break
    }
    if join.kind != kind { state.hasChanged = true }
    // A pair needs all that its keys and condition need.
    var paired = join.condition?.rejectedNulls ?? []
    for key in join.keys where !key.isNullSafe {
      paired.formUnion(key.left.strictColumns)
      paired.formUnion(key.right.strictColumns)
    }
    switch join.kind {
    case .inner, .semi:
      join.left = rewrite(join.left, known.union(paired), state)
      join.right = rewrite(join.right, known.union(paired), state)
    case .left, .single:
      join.left = rewrite(join.left, known, state)
      join.right = rewrite(join.right, paired, state)
    case .right:
      join.left = rewrite(join.left, paired, state)
      join.right = rewrite(join.right, known, state)
    case .anti:
      join.left = rewrite(join.left, known, state)
      join.right = rewrite(join.right, paired, state)
    case .mark, .asOf, .asOfLeft:
      join.left = rewrite(join.left, known, state)
      join.right = rewrite(join.right, [], state)
    case .full, .positional:
      join.left = rewrite(join.left, [], state)
      join.right = rewrite(join.right, [], state)
    }
    return .join(join)
  }
}

extension BoundExpression {
  /// Columns whose NULL makes the value NULL.
  var strictColumns: Set<ColumnID> {
    switch kind {
    case .column(let id):
      return [id]
    case .call(let function, let arguments):
      guard function.overload.propagatesNull else { return [] }
      return arguments.reduce(into: []) { $0.formUnion($1.strictColumns) }
    case .comparison(let comparison, let left, let right):
      switch comparison {
      case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
        return left.strictColumns.union(right.strictColumns)
      case .notDistinct, .distinct:
        return []
      }
    case .not(let operand), .cast(let operand, _), .inValues(let operand, _):
      return operand.strictColumns
    case .literal, .and, .or, .isNull, .caseWhen, .coalesce, .lambda, .subquery:
      return []
    }
  }

  /// Columns whose NULL makes a condition other than true.
  var rejectedNulls: Set<ColumnID> {
    switch kind {
    case .and(let operands):
      return operands.reduce(into: []) { $0.formUnion($1.rejectedNulls) }
    case .or(let operands):
      guard let first = operands.first else { return [] }
      return operands.dropFirst().reduce(first.rejectedNulls) {
        $0.intersection($1.rejectedNulls)
      }
    case .not(let operand):
      if case .isNull(let inner) = operand.kind { return inner.strictColumns }
      return operand.strictColumns
    case .comparison(.notDistinct, let left, let right):
      if let value = right.literal, !value.isNull { return left.strictColumns }
      if let value = left.literal, !value.isNull { return right.strictColumns }
      return []
    case .literal, .column, .call, .comparison, .isNull, .cast, .caseWhen, .coalesce, .inValues,
      .lambda, .subquery:
      return strictColumns
    }
  }
}
