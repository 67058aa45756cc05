internal import TundishColumns
internal import TundishSyntax

/// Moves conditions towards the rows that they are about.
///
/// What: through projections, sorts, DISTINCT, UNION, below joins to the side that they use, below
/// GROUP BY where they use keys only, below windows where they use partition keys only. Conditions
/// over both sides of an inner join become part of the join, equalities its keys.
///
/// Why: rows that are dropped early cost nothing later, and a cross product with `WHERE a.x = b.x`
/// above it becomes a hash join.
///
/// Why not always: the side of an outer join that is filled with NULLs keeps its conditions above:
/// in `FROM d LEFT JOIN c ON d.c = c.id WHERE c.id IS NULL` they are about the filled rows. A limit
/// stops conditions: `FROM (FROM d LIMIT 5) WHERE won` counts among the first five. What can fail
/// or is random stays where it sees the same rows: `WHERE CAST(d.code AS INTEGER) > 5` above a join
/// that drops the codes that are no numbers.
struct PushFilters: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    FilterPusher(state: state).push(plan, [])
  }
}

private struct FilterPusher {
  let state: OptimizerState

  /// Returns the rows of a plan that satisfy all conditions.
  func push(_ plan: Plan, _ predicates: [BoundExpression]) -> Plan {
    switch plan {
    case .filter(let predicate, let input):
      return push(input, predicate.conjuncts + predicates)
    case .project(let columns, let input):
      let definitions = Dictionary(
        columns.map { ($0.column.id, $0.expression) },
        uniquingKeysWith: { first, _ in first }
      )
      let (below, above) = split(predicates) { $0.expanding(definitions) }
      return Plan.project(columns, push(input, below)).filtered(by: above)
    case .join(let join):
      return push(join, predicates)
    case .aggregate(let aggregate):
      let keys = aggregate.keysOfAllSets
      // Over no rows there are no groups, but one total: a condition that uses no column, such as
      // `1 = 2`, would empty the input of the total and leave its row.
      let (below, above) = split(predicates) { keys.isEmpty ? nil : $0.expanding(keys) }
      return plan.mapChildren { push($0, below) }.filtered(by: above)
    case .window(let window):
      let keys = Set(window.partitionBy.compactMap(\.columnID))
      let (below, above) = split(predicates) { keep($0, over: keys) }
      return plan.mapChildren { push($0, below) }.filtered(by: above)
    case .sort, .distinct:
      let (below, above) = split(predicates) { $0.isDeterministic ? $0 : nil }
      return plan.mapChildren { push($0, below) }.filtered(by: above)
    case .distinctOn(let keys, _):
      let ids = Set(keys.compactMap(\.columnID))
      let (below, above) = split(predicates) { keep($0, over: ids) }
      return plan.mapChildren { push($0, below) }.filtered(by: above)
    case .setOperation(let operation):
      return push(operation, predicates)
    case .unnest(let unnest):
      let ids = unnest.input.columnIDs
      let (below, above) = split(predicates) { $0.canFail ? nil : keep($0, over: ids) }
      return plan.mapChildren { push($0, below) }.filtered(by: above)
    case .materialize(var materialize):
      materialize.definition = push(materialize.definition, [])
      materialize.body = push(materialize.body, predicates)
      if !predicates.isEmpty { state.hasChanged = true }
      return .materialize(materialize)
    case .scan, .values, .tableFunction, .limit, .reference, .recursive, .sample:
      return plan.mapChildren { push($0, []) }.filtered(by: predicates)
    }
  }

  /// Splits conditions into those that go below, rewritten, and the others.
  private func split(
    _ predicates: [BoundExpression],
    _ rewrite: (BoundExpression) -> BoundExpression?
  ) -> (below: [BoundExpression], above: [BoundExpression]) {
    var below: [BoundExpression] = []
    var above: [BoundExpression] = []
    for predicate in predicates {
      if let moved = rewrite(predicate) {
        below.append(moved)
      } else {
        above.append(predicate)
      }
    }
    if !below.isEmpty { state.hasChanged = true }
    return (below, above)
  }

  /// The condition, if it uses these columns only.
  private func keep(_ predicate: BoundExpression, over ids: Set<ColumnID>) -> BoundExpression? {
    let used = predicate.columnIDs
    return predicate.isDeterministic && !used.isEmpty && used.isSubset(of: ids) ? predicate : nil
  }

  private func push(_ operation: SetOperationPlan, _ predicates: [BoundExpression]) -> Plan {
    func definitions(_ side: Plan) -> [ColumnID: BoundExpression] {
      let pairs = zip(operation.columns, side.columns).map { column, source in
        (column.id, BoundExpression.column(source, range: .nowhere))
      }
      return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
    let left = definitions(operation.left)
    let right = definitions(operation.right)
    let (moved, above) = split(predicates) { $0.isDeterministic && !$0.canFail ? $0 : nil }
    var operation = operation
    operation.left = push(operation.left, moved.map { $0.substituting(left) })
      .giving(operation.left.columns)
    operation.right = push(operation.right, moved.map { $0.substituting(right) })
      .giving(operation.right.columns)
    return Plan.setOperation(operation).filtered(by: above)
  }

  private func push(_ join: JoinPlan, _ predicates: [BoundExpression]) -> Plan {
    var sides = JoinSides(join)
    for predicate in predicates { sides.place(predicate) }
    for conjunct in join.condition?.conjuncts ?? [] { sides.placeCondition(conjunct) }
    if sides.hasMoved { state.hasChanged = true }
    var rewritten = join
    rewritten.left = push(join.left, sides.left)
    rewritten.right = push(join.right, sides.right)
    if sides.hasMoved {
      rewritten.condition = .conjunction(sides.condition)
      let keyed = rewritten.withKeys()
      return Plan.join(keyed).filtered(by: sides.above)
    }
    let keyed = rewritten.withKeys()
    if keyed.keys.count > rewritten.keys.count { state.hasChanged = true }
    return Plan.join(keyed).filtered(by: sides.above)
  }
}

extension AggregatePlan {
  /// The keys that have their values in the rows of every grouping set.
  var keysOfAllSets: [ColumnID: BoundExpression] {
    var keys: [ColumnID: BoundExpression] = [:]
    guard !groupingSets.contains([]) else { return keys }
    for (position, group) in groups.enumerated()
    where groupingSets.allSatisfy({ $0.contains(position) }) {
      keys[group.column.id] = group.expression
    }
    return keys
  }
}

/// Where the conditions of a join and those above it can be checked.
private struct JoinSides {
  private(set) var left: [BoundExpression] = []
  private(set) var right: [BoundExpression] = []
  private(set) var condition: [BoundExpression] = []
  private(set) var above: [BoundExpression] = []
  private(set) var hasMoved = false
  private let kind: JoinPlan.Kind
  private let leftIDs: Set<ColumnID>
  private let rightIDs: Set<ColumnID>

  init(_ join: JoinPlan) {
    kind = join.kind
    leftIDs = join.left.columnIDs
    rightIDs = join.right.columnIDs
  }

  /// Places a condition that stands above the join.
  mutating func place(_ predicate: BoundExpression) {
    let used = predicate.columnIDs
    if kind == .inner, predicate.joinKey(left: leftIDs, right: rightIDs) != nil {
      condition.append(predicate)
      hasMoved = true
      return
    }
    guard predicate.isDeterministic, !predicate.canFail, !used.isEmpty else {
      return above.append(predicate)
    }
    if keepsLeft && used.isSubset(of: leftIDs) {
      left.append(predicate)
      hasMoved = true
    } else if keepsRight && used.isSubset(of: rightIDs) {
      right.append(predicate)
      hasMoved = true
    } else if kind == .inner {
      condition.append(predicate)
      hasMoved = true
    } else {
      above.append(predicate)
    }
  }

  /// Places a part of the join's own condition.
  mutating func placeCondition(_ conjunct: BoundExpression) {
    let used = conjunct.columnIDs
    guard conjunct.isDeterministic, !conjunct.canFail, !used.isEmpty else {
      return condition.append(conjunct)
    }
    if used.isSubset(of: leftIDs) && (kind == .inner || kind == .semi || kind == .right) {
      left.append(conjunct)
      hasMoved = true
    } else if used.isSubset(of: rightIDs) && dropsRightByCondition {
      right.append(conjunct)
      hasMoved = true
    } else {
      condition.append(conjunct)
    }
  }

  /// Whether each row of the result has the values of some left row, and nothing else depends on
  /// the other left rows.
  private var keepsLeft: Bool {
    switch kind {
    case .inner, .left, .semi, .anti, .single, .mark, .asOf, .asOfLeft: true
    case .right, .full, .positional: false
    }
  }

  private var keepsRight: Bool {
    switch kind {
    case .inner, .right: true
    case .left, .full, .semi, .anti, .single, .mark, .positional, .asOf, .asOfLeft: false
    }
  }

  /// Whether a right row for which a part of the condition does not hold might as well not exist.
  private var dropsRightByCondition: Bool {
    switch kind {
    case .inner, .left, .semi, .anti, .single: true
    case .right, .full, .mark, .positional, .asOf, .asOfLeft: false
    }
  }
}
