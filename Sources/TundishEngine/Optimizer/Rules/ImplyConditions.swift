internal import TundishColumns
internal import TundishSyntax

/// Adds conditions that follow from others and can be checked earlier.
///
/// What: from `a.id = b.id AND a.id = 5` follows `b.id = 5`; and from an OR whose every alternative
/// bounds one input follows the OR of those bounds: `(p.kind = 'A' AND l.n < 5) OR (p.kind = 'B'
/// AND l.n < 9)` implies `p.kind = 'A' OR p.kind = 'B'`.
///
/// Why: the added condition reaches the scan of the other table.
///
/// Why not for outer joins: `ON a.id = b.id` of a LEFT JOIN says nothing of the rows of `a`, so in
/// `FROM a LEFT JOIN b ON a.id = b.id AND b.id = 5` no row of `a` may be dropped. `IS NOT DISTINCT
/// FROM` is no equality of known values, and passes nothing on.
struct ImplyConditions: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    rewrite(plan, isTop: true, state)
  }

  private func rewrite(_ plan: Plan, isTop: Bool, _ state: OptimizerState) -> Plan {
    let isRegion = plan.isInnerRegion
    let rewritten = plan.mapChildren { child in
      rewrite(child, isTop: !(isRegion && child.isInnerRegion), state)
    }
    guard isRegion && isTop else { return rewritten }
    var conjuncts: [BoundExpression] = []
    var relations: [Set<ColumnID>] = []
    rewritten.collectRegion(&conjuncts, &relations)
    guard relations.count > 1 else { return rewritten }
    let known = Set(conjuncts.compactMap(\.key))
    var added: [BoundExpression] = []
    var addedKeys: Set<ExpressionKey> = []
    for condition in equalityConsequences(conjuncts) + alternatives(conjuncts, relations) {
      guard let key = condition.key, !known.contains(key), addedKeys.insert(key).inserted else {
        continue
      }
      added.append(condition)
    }
    guard !added.isEmpty else { return rewritten }
    state.hasChanged = true
    return rewritten.filtered(by: added)
  }

  /// Conditions on a column with constants, for the columns that are equal to it.
  private func equalityConsequences(_ conjuncts: [BoundExpression]) -> [BoundExpression] {
    var classes: [Set<ColumnID>] = []
    var columns: [ColumnID: BoundExpression] = [:]
    for conjunct in conjuncts {
      guard case .comparison(.equal, let left, let right) = conjunct.kind,
        let first = left.columnID, let second = right.columnID, first != second
      else { continue }
      columns[first] = left
      columns[second] = right
      var merged: Set<ColumnID> = [first, second]
      classes.removeAll { known in
        guard !known.isDisjoint(with: merged) else { return false }
        merged.formUnion(known)
        return true
      }
      classes.append(merged)
    }
    var found: [BoundExpression] = []
    for conjunct in conjuncts {
      guard let id = conjunct.boundedColumn,
        let same = classes.first(where: { $0.contains(id) })
      else { continue }
      for other in same.sorted() where other != id {
        guard let replacement = columns[other] else { continue }
        found.append(conjunct.substituting([id: replacement]))
      }
    }
    return found
  }

  /// What the alternatives of an OR say of one relation.
  private func alternatives(
    _ conjuncts: [BoundExpression],
    _ relations: [Set<ColumnID>]
  ) -> [BoundExpression] {
    var found: [BoundExpression] = []
    for conjunct in conjuncts {
      guard case .or(let operands) = conjunct.kind, operands.count <= 16 else { continue }
      for relation in relations {
        if conjunct.columnIDs.isSubset(of: relation) { continue }
        var branches: [BoundExpression] = []
        for operand in operands {
          let own = operand.conjuncts.filter { part in
            let used = part.columnIDs
            return !used.isEmpty && used.isSubset(of: relation) && part.isDeterministic
              && !part.canFail
          }
          guard let condition = BoundExpression.conjunction(own) else { break }
          branches.append(condition)
        }
        if branches.count == operands.count { found.append(conjunct.with(.or(branches))) }
      }
    }
    return found
  }
}

extension Plan {
  /// Whether the operator only pairs and filters rows.
  var isInnerRegion: Bool {
    switch self {
    case .filter: true
    case .join(let join): join.kind == .inner
    case .scan, .values, .tableFunction, .project, .aggregate, .window, .sort, .limit, .distinct,
      .distinctOn, .setOperation, .unnest, .materialize, .reference, .recursive, .sample:
      false
    }
  }

  /// The conditions of joined relations, and the columns of each relation.
  func collectRegion(
    _ conjuncts: inout [BoundExpression],
    _ relations: inout [Set<ColumnID>]
  ) {
    switch self {
    case .filter(let predicate, let input):
      conjuncts += predicate.conjuncts
      input.collectRegion(&conjuncts, &relations)
    case .join(let join) where join.kind == .inner:
      for key in join.keys where !key.isNullSafe {
        conjuncts.append(.compare(key.left, .equal, key.right))
      }
      conjuncts += join.condition?.conjuncts ?? []
      join.left.collectRegion(&conjuncts, &relations)
      join.right.collectRegion(&conjuncts, &relations)
    case .join, .scan, .values, .tableFunction, .project, .aggregate, .window, .sort, .limit,
      .distinct, .distinctOn, .setOperation, .unnest, .materialize, .reference, .recursive,
      .sample:
      if case .scan(let scan) = self { conjuncts += scan.predicate?.conjuncts ?? [] }
      relations.append(columnIDs)
    }
  }
}

extension BoundExpression {
  /// The column of a comparison with a constant.
  var boundedColumn: ColumnID? {
    switch kind {
    case .comparison(let comparison, let left, let right):
      switch comparison {
      case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual:
        if right.literal != nil { return left.columnID }
        return left.literal != nil ? right.columnID : nil
      case .notEqual, .notDistinct, .distinct:
        return nil
      }
    case .inValues(let operand, _):
      return operand.columnID
    case .literal, .column, .call, .and, .or, .not, .isNull, .cast, .caseWhen, .coalesce,
      .lambda, .subquery:
      return nil
    }
  }
}
