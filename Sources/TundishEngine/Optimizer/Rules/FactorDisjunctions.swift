internal import TundishColumns
internal import TundishSyntax

/// Takes conditions that all alternatives share out of OR.
///
/// What: `(a AND x) OR (a AND y)` becomes `a AND (x OR y)`. Where the alternatives bound one input
/// each, `(p.kind = 'A' AND l.n < 5) OR (p.kind = 'B' AND l.n < 9)` also gives the weaker
/// `p.kind IN ('A', 'B')`, beside the whole.
///
/// Why: in TPC-H Q19 the shared part is the join's equality; without it, the join is a cross
/// product.
///
/// Why not with random parts: `(random() < 0.5 AND x) OR (random() < 0.5 AND y)` asks twice.
struct FactorDisjunctions: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    let plan = plan.mapChildren { apply($0, state) }
    switch plan {
    case .filter(let predicate, let input):
      let conjuncts = predicate.conjuncts.flatMap { factored($0, state) }
      return Plan.filter(.conjunction(conjuncts, range: predicate.range), input)
    case .join(var join) where join.kind != .mark:
      guard let condition = join.condition else { return plan }
      let conjuncts = condition.conjuncts.flatMap { factored($0, state) }
      join.condition = .conjunction(conjuncts) ?? condition
      return .join(join)
    case .scan, .values, .tableFunction, .project, .join, .aggregate, .window, .sort, .limit,
      .distinct, .distinctOn, .setOperation, .unnest, .materialize, .reference, .recursive,
      .sample:
      return plan
    }
  }

  /// The condition as conjuncts: the shared parts of its alternatives, then what is left of them.
  private func factored(
    _ condition: BoundExpression,
    _ state: OptimizerState
  ) -> [BoundExpression] {
    guard case .or(let operands) = condition.kind, operands.count > 1 else { return [condition] }
    let branches = operands.map(\.conjuncts)
    var shared: [BoundExpression] = []
    var sharedKeys: Set<ExpressionKey> = []
    for candidate in branches[0] {
      guard let key = candidate.key, !candidate.canFail else { continue }
      let isShared = branches.dropFirst().allSatisfy { branch in
        branch.contains { $0.key == key }
      }
      if isShared && sharedKeys.insert(key).inserted { shared.append(candidate) }
    }
    guard !shared.isEmpty else { return [condition] }
    state.hasChanged = true
    let rests = branches.map { branch in
      branch.filter { part in part.key.map { !sharedKeys.contains($0) } ?? true }
    }
    // An alternative of shared parts alone holds wherever they do.
    if rests.contains(where: \.isEmpty) { return shared }
    let alternatives = zip(rests, operands).map { rest, operand in
      BoundExpression.conjunction(rest, range: operand.range)
    }
    return shared + [condition.with(.or(alternatives))]
  }
}
