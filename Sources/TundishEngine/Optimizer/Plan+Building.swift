internal import TundishColumns
internal import TundishSyntax

extension Plan {
  /// Gives exactly these columns, in this order, which the plan gives among others.
  func giving(_ wanted: [PlanColumn]) -> Plan {
    if columns.map(\.id) == wanted.map(\.id) { return self }
    return .project(wanted.map { ProjectedColumn(passing: $0) }, self)
  }

  /// Filters by all of these conditions, if there are any.
  func filtered(by conditions: [BoundExpression]) -> Plan {
    guard let condition = BoundExpression.conjunction(conditions) else { return self }
    return .filter(condition, self)
  }

  /// The columns by id.
  var columnsByID: [ColumnID: PlanColumn] {
    Dictionary(columns.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The ids of the columns.
  var columnIDs: Set<ColumnID> { Set(columns.map(\.id)) }

  /// Whether some part reads one of these queries.
  func reads(_ ids: Set<MaterializationID>) -> Bool {
    if ids.isEmpty { return false }
    if case .reference(let reference) = self { return ids.contains(reference.id) }
    return children.contains { $0.reads(ids) }
      || expressions.contains { $0.readsInSubquery(ids) }
  }

  /// Whether the plan gives one row at most.
  var givesAtMostOneRow: Bool {
    switch self {
    case .values(_, let rows): rows.count <= 1
    case .aggregate(let aggregate): aggregate.groups.isEmpty && aggregate.groupingSets.count == 1
    case .filter(_, let input), .project(_, let input), .sort(_, let input), .distinct(let input),
      .distinctOn(_, let input):
      input.givesAtMostOneRow
    case .window(let window): window.input.givesAtMostOneRow
    case .limit(let limit): limit.givesAtMostOneRow || limit.input.givesAtMostOneRow
    case .sample(let sample): sample.input.givesAtMostOneRow
    case .materialize(let materialize): materialize.body.givesAtMostOneRow
    case .join(let join):
      switch join.kind {
      case .semi, .anti, .single, .mark, .asOf, .asOfLeft: join.left.givesAtMostOneRow
      case .inner, .left, .positional:
        join.left.givesAtMostOneRow && join.right.givesAtMostOneRow
      case .right, .full: false
      }
    case .scan, .tableFunction, .setOperation, .unnest, .reference, .recursive: false
    }
  }

  /// Whether the plan gives exactly one row.
  var givesOneRow: Bool {
    switch self {
    case .values(_, let rows): rows.count == 1
    case .aggregate(let aggregate): aggregate.groups.isEmpty && aggregate.groupingSets.count == 1
    case .project(_, let input), .sort(_, let input), .distinct(let input),
      .distinctOn(_, let input):
      input.givesOneRow
    case .window(let window): window.input.givesOneRow
    case .materialize(let materialize): materialize.body.givesOneRow
    case .scan, .tableFunction, .filter, .join, .limit, .setOperation, .unnest, .reference,
      .recursive, .sample:
      false
    }
  }
}

extension LimitPlan {
  /// Whether a constant count lets at most one row pass.
  var givesAtMostOneRow: Bool {
    guard case .rows(let rows) = count, case .integer(let number)? = rows.literal else {
      return false
    }
    return number <= 1 && !withTies
  }
}

extension BoundExpression {
  func readsInSubquery(_ ids: Set<MaterializationID>) -> Bool {
    if case .subquery(let subquery) = kind, subquery.plan.reads(ids) { return true }
    return operands.contains { $0.readsInSubquery(ids) }
  }

  /// The comparison of two expressions of one type.
  static func compare(
    _ left: BoundExpression,
    _ comparison: ComparisonOperator,
    _ right: BoundExpression
  ) -> BoundExpression {
    BoundExpression(
      .comparison(comparison, left, right),
      type: .boolean,
      range: left.range.union(right.range)
    )
  }

  /// Makes `NOT <operand>`.
  static func negation(_ operand: BoundExpression) -> BoundExpression {
    BoundExpression(.not(operand), type: .boolean, range: operand.range)
  }

  /// Makes `<operand> IS NOT NULL`.
  static func isKnown(_ operand: BoundExpression) -> BoundExpression {
    negation(BoundExpression(.isNull(operand), type: .boolean, range: operand.range))
  }

  /// The truth of a condition with NULL taken as `value`.
  static func truth(_ condition: BoundExpression, orNull value: Bool) -> BoundExpression {
    condition.with(.coalesce([condition, .boolean(value, range: condition.range)]))
  }
}

extension JoinPlan {
  /// The join with its condition's equalities between the sides as keys.
  ///
  /// Not for mark joins, whose NULLs a key treats in its own way.
  func withKeys() -> JoinPlan {
    guard let condition, kind != .mark, kind != .positional else { return self }
    let leftIDs = left.columnIDs
    let rightIDs = right.columnIDs
    var join = self
    var rest: [BoundExpression] = []
    for conjunct in condition.conjuncts {
      if let key = conjunct.joinKey(left: leftIDs, right: rightIDs) {
        join.keys.append(key)
      } else {
        rest.append(conjunct)
      }
    }
    guard join.keys.count > keys.count else { return self }
    join.condition = .conjunction(rest)
    return join
  }
}

extension BoundExpression {
  /// The expression as a key of a join of inputs that give these columns; nil where it is none.
  func joinKey(left: Set<ColumnID>, right: Set<ColumnID>) -> JoinKey? {
    guard case .comparison(let comparison, let first, let second) = kind,
      comparison == .equal || comparison == .notDistinct,
      first.type == second.type, isDeterministic
    else { return nil }
    let firstIDs = first.columnIDs
    let secondIDs = second.columnIDs
    guard !firstIDs.isEmpty, !secondIDs.isEmpty else { return nil }
    let isNullSafe = comparison == .notDistinct
    if firstIDs.isSubset(of: left) && secondIDs.isSubset(of: right) {
      return JoinKey(left: first, right: second, isNullSafe: isNullSafe)
    }
    if firstIDs.isSubset(of: right) && secondIDs.isSubset(of: left) {
      return JoinKey(left: second, right: first, isNullSafe: isNullSafe)
    }
    return nil
  }
}
