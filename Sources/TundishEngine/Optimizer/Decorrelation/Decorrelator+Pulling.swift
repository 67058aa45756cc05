internal import TundishColumns
internal import TundishSyntax

/// `<inner> = <outer>`: one side uses columns of the subquery alone, the other those outside.
struct Equality {
  let inner: BoundExpression
  let outer: BoundExpression
  let isNullSafe: Bool

  /// The conditions as equalities; nil where one of them is something else.
  static func all(_ predicates: [BoundExpression], outer: Set<ColumnID>) -> [Equality]? {
    var found: [Equality] = []
    for predicate in predicates {
      guard let equality = Equality(predicate, outer: outer) else { return nil }
      found.append(equality)
    }
    return found
  }

  init?(_ predicate: BoundExpression, outer: Set<ColumnID>) {
    guard case .comparison(let comparison, let left, let right) = predicate.kind,
      comparison == .equal || comparison == .notDistinct, left.type == right.type
    else { return nil }
    let leftIDs = left.usedColumns
    let rightIDs = right.usedColumns
    isNullSafe = comparison == .notDistinct
    if leftIDs.isDisjoint(with: outer) && rightIDs.isSubset(of: outer) && !rightIDs.isEmpty {
      inner = left
      self.outer = right
    } else if rightIDs.isDisjoint(with: outer) && leftIDs.isSubset(of: outer) && !leftIDs.isEmpty {
      inner = right
      self.outer = left
    } else {
      return nil
    }
  }
}

/// A subquery without the conditions on outer columns, which its rows must still satisfy.
struct PulledPlan {
  /// The plan; it gives its old columns, those of the predicates, and maybe others.
  var plan: Plan
  /// Conditions over the plan's columns and outer columns.
  var predicates: [BoundExpression]

  /// The columns that the conditions take from the plan, in order of ids.
  func neededColumns(outer: Set<ColumnID>) -> [PlanColumn] {
    var ids: Set<ColumnID> = []
    for predicate in predicates { ids.formUnion(predicate.usedColumns) }
    let known = plan.columnsByID
    return ids.subtracting(outer).sorted().compactMap { known[$0] }
  }
}

extension Decorrelator {
  /// Takes the conditions on outer columns out of a plan; nil where outer columns are used
  /// otherwise, or where the rows that satisfy them are not the same above as below.
  func pull(_ plan: Plan, outer: Set<ColumnID>) -> PulledPlan? {
    if plan.freeColumns.isDisjoint(with: outer) { return PulledPlan(plan: plan, predicates: []) }
    func isFree(_ expressions: [BoundExpression]) -> Bool {
      expressions.allSatisfy { $0.usedColumns.isDisjoint(with: outer) }
    }
    switch plan {
    case .filter(let predicate, let input):
      guard var pulled = pull(input, outer: outer) else { return nil }
      var own: [BoundExpression] = []
      for conjunct in predicate.conjuncts {
        if conjunct.usedColumns.isDisjoint(with: outer) {
          own.append(conjunct)
        } else if conjunct.isDeterministic {
          pulled.predicates.append(conjunct)
        } else {
          return nil
        }
      }
      pulled.plan = pulled.plan.filtered(by: own)
      return pulled
    case .project(let columns, let input):
      guard isFree(columns.map(\.expression)), var pulled = pull(input, outer: outer) else {
        return nil
      }
      let known = Set(columns.map(\.column.id))
      let passed = pulled.neededColumns(outer: outer).filter { !known.contains($0.id) }
      pulled.plan = .project(columns + passed.map { ProjectedColumn(passing: $0) }, pulled.plan)
      return pulled
    case .sort(let keys, let input):
      guard isFree(keys.map(\.expression)), var pulled = pull(input, outer: outer) else {
        return nil
      }
      pulled.plan = .sort(keys, pulled.plan)
      return pulled
    case .unnest(var unnest):
      guard isFree(plan.expressions), var pulled = pull(unnest.input, outer: outer) else {
        return nil
      }
      unnest.input = pulled.plan
      pulled.plan = .unnest(unnest)
      return pulled
    case .materialize(var materialize):
      guard materialize.definition.freeColumns.isDisjoint(with: outer),
        var pulled = pull(materialize.body, outer: outer)
      else { return nil }
      materialize.body = pulled.plan
      pulled.plan = .materialize(materialize)
      return pulled
    case .join(let join):
      return pull(join, outer: outer)
    case .aggregate(let aggregate):
      return pull(aggregate, plan, outer: outer)
    case .distinct(let input):
      return pullDistinct(input, outer: outer)
    case .window(var window):
      guard isFree(plan.expressions), var pulled = pull(window.input, outer: outer),
        let equalities = Equality.all(pulled.predicates, outer: outer)
      else { return nil }
      window.partitionBy += equalities.map(\.inner)
      window.input = pulled.plan
      pulled.plan = .window(window)
      return pulled
    case .scan, .values, .tableFunction, .limit, .distinctOn, .setOperation, .reference,
      .recursive, .sample:
      return nil
    }
  }

  private func pull(_ join: JoinPlan, outer: Set<ColumnID>) -> PulledPlan? {
    var join = join
    switch join.kind {
    case .inner:
      guard let left = pull(join.left, outer: outer), let right = pull(join.right, outer: outer)
      else { return nil }
      join.left = left.plan
      join.right = right.plan
      var pulled = left.predicates + right.predicates
      var keys: [JoinKey] = []
      for key in join.keys {
        if key.left.usedColumns.union(key.right.usedColumns).isDisjoint(with: outer) {
          keys.append(key)
        } else {
          pulled.append(.compare(key.left, key.isNullSafe ? .notDistinct : .equal, key.right))
        }
      }
      join.keys = keys
      var own: [BoundExpression] = []
      for conjunct in join.condition?.conjuncts ?? [] {
        if conjunct.usedColumns.isDisjoint(with: outer) {
          own.append(conjunct)
        } else {
          pulled.append(conjunct)
        }
      }
      join.condition = .conjunction(own)
      guard pulled.allSatisfy(\.isDeterministic) else { return nil }
      return PulledPlan(plan: .join(join), predicates: pulled)
    case .left, .semi, .anti, .single, .mark, .asOf, .asOfLeft:
      guard join.right.freeColumns.isDisjoint(with: outer),
        Plan.join(join).expressions.allSatisfy({ $0.usedColumns.isDisjoint(with: outer) }),
        var pulled = pull(join.left, outer: outer)
      else { return nil }
      join.left = pulled.plan
      pulled.plan = .join(join)
      return pulled
    case .right, .full, .positional:
      return nil
    }
  }

  private func pull(
    _ aggregate: AggregatePlan,
    _ plan: Plan,
    outer: Set<ColumnID>
  ) -> PulledPlan? {
    guard !aggregate.groups.isEmpty, aggregate.groupingColumns.isEmpty,
      aggregate.groupingSets == [Array(aggregate.groups.indices)],
      plan.expressions.allSatisfy({ $0.usedColumns.isDisjoint(with: outer) }),
      var pulled = pull(aggregate.input, outer: outer),
      let equalities = Equality.all(pulled.predicates, outer: outer)
    else { return nil }
    var aggregate = aggregate
    aggregate.input = pulled.plan
    pulled.predicates = equalities.map { equality in
      let column: PlanColumn
      let key = equality.inner.key
      if let key, let known = aggregate.groups.first(where: { $0.expression.key == key }) {
        column = known.column
      } else {
        column = state.makeColumn("key", equality.inner.type)
        aggregate.groups.append(ProjectedColumn(column: column, expression: equality.inner))
      }
      return .compare(
        .column(column, range: equality.inner.range),
        equality.isNullSafe ? .notDistinct : .equal,
        equality.outer
      )
    }
    aggregate.groupingSets = [Array(aggregate.groups.indices)]
    pulled.plan = .aggregate(aggregate)
    return pulled
  }

  private func pullDistinct(_ input: Plan, outer: Set<ColumnID>) -> PulledPlan? {
    guard var pulled = pull(input, outer: outer),
      let equalities = Equality.all(pulled.predicates, outer: outer)
    else { return nil }
    var columns = input.columns.map { ProjectedColumn(passing: $0) }
    pulled.predicates = equalities.map { equality in
      let column = state.makeColumn("key", equality.inner.type)
      columns.append(ProjectedColumn(column: column, expression: equality.inner))
      return .compare(
        .column(column, range: equality.inner.range),
        equality.isNullSafe ? .notDistinct : .equal,
        equality.outer
      )
    }
    pulled.plan = .distinct(.project(columns, pulled.plan))
    return pulled
  }
}
