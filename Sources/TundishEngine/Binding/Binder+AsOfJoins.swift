internal import TundishColumns
internal import TundishSyntax

/// ASOF joins.
extension Binder {
  /// A join with the nearest row of the right side.
  func asOfPlan(
    _ join: JoinClause,
    _ left: Relation,
    _ right: Relation,
    _ conditions: [BoundExpression],
    _ range: SourceRange
  ) -> Plan? {
    let leftIDs = Set(left.plan.columns.map(\.id))
    let rightIDs = Set(right.plan.columns.map(\.id))
    let (keys, rest) = JoinKey.split(conditions, left: leftIDs, right: rightIDs)
    var inequality: AsOfKey?
    var others: [BoundExpression] = []
    for condition in rest {
      if inequality == nil, let key = AsOfKey(condition, left: leftIDs, right: rightIDs) {
        inequality = key
      } else {
        others.append(condition)
      }
    }
    guard let inequality else {
      report(
        .joinUse(
          "ASOF JOIN needs one inequality between the sides, such as a.at >= b.at",
          at: blame(range)
        )
      )
      return nil
    }
    // Whether there is a nearest row does not depend on which it is.
    if join.kind == .semi || join.kind == .anti {
      return split(conditions, join.kind == .semi ? .semi : .anti, left.plan, right.plan)
    }
    guard let sides = filteredSides(join, left.plan, right.plan, others) else {
      report(
        .joinUse(
          "ASOF JOIN is INNER, LEFT, SEMI or ANTI, and takes equalities, one inequality, and"
            + " conditions on one side",
          at: blame(range)
        )
      )
      return nil
    }
    return .join(
      JoinPlan(
        kind: join.kind == .left ? .asOfLeft : .asOf,
        left: sides.left,
        right: sides.right,
        keys: keys,
        asOf: inequality
      )
    )
  }

  /// The inputs of an ASOF join with the conditions on one of them applied before the search; nil
  /// where a condition needs both, or would take rows from LEFT.
  private func filteredSides(
    _ join: JoinClause,
    _ left: Plan,
    _ right: Plan,
    _ conditions: [BoundExpression]
  ) -> (left: Plan, right: Plan)? {
    guard join.kind == .inner || join.kind == .left else { return nil }
    let leftIDs = Set(left.columns.map(\.id))
    let rightIDs = Set(right.columns.map(\.id))
    var sides = (left: left, right: right)
    for condition in conditions {
      if condition.hasSubquery { return nil }
      if condition.usedColumns.isSubset(of: rightIDs) {
        sides.right = .filter(condition, sides.right)
      } else if condition.usedColumns.isSubset(of: leftIDs), join.kind == .inner {
        sides.left = .filter(condition, sides.left)
      } else {
        return nil
      }
    }
    return sides
  }
}

extension AsOfKey {
  /// The inequality between two sides that a condition is; nil where it is none.
  init?(_ condition: BoundExpression, left: Set<ColumnID>, right: Set<ColumnID>) {
    guard case .comparison(let comparison, let first, let second) = condition.kind,
      comparison.isInequality
    else { return nil }
    if first.usedColumns.isSubset(of: left), second.usedColumns.isSubset(of: right) {
      self.init(left: first, comparison: comparison, right: second)
    } else if first.usedColumns.isSubset(of: right), second.usedColumns.isSubset(of: left) {
      self.init(left: second, comparison: comparison.mirrored, right: first)
    } else {
      return nil
    }
  }
}
