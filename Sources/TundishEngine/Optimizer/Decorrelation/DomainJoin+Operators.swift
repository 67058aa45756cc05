internal import TundishColumns
internal import TundishSyntax

extension DomainJoin {
  /// Joins: the side that keeps all its rows must have the outer values, the other one only where
  /// it uses them.
  func attach(_ join: JoinPlan) -> Attached {
    var rewritten = join
    let leftDepends = depends(join.left)
    let rightDepends = depends(join.right)
    let values: [PlanColumn]
    switch join.kind {
    case .inner where !leftDepends && rightDepends:
      let right = attach(join.right)
      rewritten.right = right.plan
      values = right.values
    case .inner, .left, .semi, .anti, .single, .mark, .asOf, .asOfLeft:
      let left = attach(join.left)
      rewritten.left = left.plan
      values = left.values
      if rightDepends {
        let right = attach(join.right)
        rewritten.right = right.plan
        rewritten.keys += sameValues(left.values, right.values)
      }
    case .right:
      let right = attach(join.right)
      rewritten.right = right.plan
      values = right.values
      if leftDepends {
        let left = attach(join.left)
        rewritten.left = left.plan
        rewritten.keys += sameValues(left.values, right.values)
      }
    case .full:
      return attachFull(join, on: join)
    case .positional:
      return attachPositional(join)
    }
    rewritten = rewritten.mapExpressions(substitute(values))
    return Attached(plan: .join(rewritten.withKeys()), values: values)
  }

  /// A full join has the outer values of either side.
  private func attachFull(_ join: JoinPlan, on condition: JoinPlan) -> Attached {
    let left = attach(join.left)
    let right = attach(join.right)
    var rewritten = condition.mapExpressions(substitute(left.values))
    rewritten.left = left.plan
    rewritten.right = right.plan
    rewritten.keys += sameValues(left.values, right.values)
    let values = outer.map { state.makeCopy(of: $0) }
    var columns = join.outputs.map { ProjectedColumn(passing: $0) }
    for position in outer.indices {
      let either = [left.values[position], right.values[position]].map {
        BoundExpression.column($0, range: .nowhere)
      }
      let value = either[0].with(.coalesce(either))
      columns.append(ProjectedColumn(column: values[position], expression: value))
    }
    return Attached(plan: .project(columns, .join(rewritten)), values: values)
  }

  /// A positional join pairs the rows of each outer value by their numbers.
  private func attachPositional(_ join: JoinPlan) -> Attached {
    func numbered(_ plan: Plan) -> (Plan, PlanColumn) {
      let number = state.makeColumn("row", .bigint)
      let window = WindowPlan(
        partitionBy: [],
        orderBy: [],
        calls: [.rowNumber(number)],
        input: plan
      )
      return (.window(window), number)
    }
    // The outer values must be there on both sides, since rows are numbered per outer value.
    var paired = join
    let (left, leftNumber) = numbered(join.left)
    let (right, rightNumber) = numbered(join.right)
    paired.kind = .full
    paired.left = left
    paired.right = right
    paired.keys = [
      JoinKey(
        left: .column(leftNumber, range: .nowhere),
        right: .column(rightNumber, range: .nowhere)
      )
    ]
    var attached = attachFull(paired, on: paired)
    attached.plan = attached.plan.giving(join.outputs + attached.values)
    return attached
  }

  /// Groups are made per outer value; a total over no rows is added where an outer value has none.
  func attach(_ aggregate: AggregatePlan) -> Attached {
    let below = attach(aggregate.input)
    guard
      case .aggregate(var rewritten) = Plan.aggregate(aggregate)
        .mapExpressions(substitute(below.values))
    else { return below }
    rewritten.input = below.plan
    let first = rewritten.groups.count
    let values = below.values.map { state.makeCopy(of: $0) }
    for (value, source) in zip(values, below.values) {
      rewritten.groups.append(
        ProjectedColumn(column: value, expression: .column(source, range: .nowhere))
      )
    }
    let positions = Array(first..<first + values.count)
    rewritten.groupingSets = rewritten.groupingSets.map { $0 + positions }
    guard aggregate.groupingSets.contains([]) else {
      return Attached(plan: .aggregate(rewritten), values: values)
    }
    return withTotals(rewritten, groupCount: first, values: values)
  }

  /// Adds the row that an aggregation without groups gives for outer values without rows.
  private func withTotals(
    _ aggregate: AggregatePlan,
    groupCount: Int,
    values: [PlanColumn]
  ) -> Attached {
    let read = readDomain()
    let decorrelator = Decorrelator(state)
    let (filled, grouped) = decorrelator.withEmptyValues(aggregate, isAlwaysThere: false)
    var right = grouped
    var masks: [GroupingColumn: PlanColumn] = [:]
    if case .project(let columns, let input) = grouped, !aggregate.groupingColumns.isEmpty {
      let passed = aggregate.groupingColumns.map { grouping in
        let copy = state.makeCopy(of: grouping.column)
        masks[grouping] = copy
        return ProjectedColumn(
          column: copy,
          expression: .column(grouping.column, range: .nowhere)
        )
      }
      right = .project(columns + passed, input)
    }
    let join = JoinPlan(
      kind: .left,
      left: read.plan,
      right: right,
      keys: sameValues(read.values, values)
    )
    var columns = aggregate.groups.prefix(groupCount).map { ProjectedColumn(passing: $0.column) }
    for grouping in aggregate.groupingColumns {
      guard let copy = masks[grouping] else { continue }
      let found = BoundExpression.column(copy, range: .nowhere)
      let all = Int64(clamping: (1 << min(62, grouping.positions.count)) - 1)
      let value = found.with(.coalesce([found, found.with(.literal(.integer(all)))]))
      columns.append(ProjectedColumn(column: grouping.column, expression: value))
    }
    for call in aggregate.aggregates {
      guard let value = filled[call.column.id] else { continue }
      columns.append(ProjectedColumn(column: call.column, expression: value))
    }
    columns += read.values.map { ProjectedColumn(passing: $0) }
    return Attached(plan: .project(columns, .join(join)), values: read.values)
  }

  /// A limit holds for the rows of each outer value.
  func attach(_ limit: LimitPlan) -> Attached {
    var limit = limit
    if case .sort(let keys, let input) = limit.input, limit.keys.isEmpty {
      limit.keys = keys
      limit.input = input
    }
    let below = attach(limit.input)
    let numbering = LimitByNumber(limit.mapExpressions(substitute(below.values)), state: state)
    let partition = below.values.map { BoundExpression.column($0, range: .nowhere) }
    return Attached(
      plan: numbering.plan(over: below.plan, partitionBy: partition)
        .giving(limit.input.columns + below.values),
      values: below.values
    )
  }
}

extension GroupingColumn: Hashable {
  package static func == (lhs: GroupingColumn, rhs: GroupingColumn) -> Bool {
    lhs.column.id == rhs.column.id
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(column.id)
  }
}

/// A limit as conditions on row numbers, for where it does not hold for the rows as a whole or its
/// counts are no constants.
struct LimitByNumber {
  private let limit: LimitPlan
  private let state: OptimizerState
  private let keys: [SortKey]

  init(_ limit: LimitPlan, state: OptimizerState) {
    self.limit = limit
    self.state = state
    keys = limit.keys
  }

  /// Returns the rows within the limit, and further columns.
  func plan(over input: Plan, partitionBy: [BoundExpression]) -> Plan {
    var plan = input
    if !keys.isEmpty && !limit.givesAtMostOneRow { plan = .sort(keys, plan) }
    var total: PlanColumn?
    if case .percentage = limit.count { (plan, total) = counted(plan, partitionBy) }
    if let offset = limit.offset {
      let (numbered, number) = self.numbered(plan, .rowNumber, partitionBy)
      plan = .filter(Self.holds(number, .greater, offset.asBigint), numbered)
    }
    switch limit.count {
    case .all:
      return plan
    case .rows(let rows):
      let (numbered, number) = numbered(plan, limit.withTies ? .rank : .rowNumber, partitionBy)
      return .filter(Self.holds(number, .lessOrEqual, rows.asBigint), numbered)
    case .percentage(let share):
      let (numbered, number) = numbered(plan, .rowNumber, partitionBy)
      guard let total, let wanted = Self.part(share, of: total) else { return numbered }
      return .filter(Self.holds(number.asDouble, .lessOrEqual, wanted), numbered)
    }
  }

  /// Compares a row number with a count, where NULL stands for no limit.
  private static func holds(
    _ number: BoundExpression,
    _ comparison: ComparisonOperator,
    _ count: BoundExpression
  ) -> BoundExpression {
    let condition = BoundExpression.compare(number, comparison, count)
    if let literal = count.literal, !literal.isNull { return condition }
    return .truth(condition, orNull: true)
  }

  private func numbered(
    _ plan: Plan,
    _ function: WindowCall.Function,
    _ partitionBy: [BoundExpression]
  ) -> (Plan, BoundExpression) {
    let number = state.makeColumn("row", .bigint)
    let window = WindowPlan(
      partitionBy: partitionBy,
      orderBy: keys,
      calls: [.ranking(function, number)],
      input: plan
    )
    return (.window(window), .column(number, range: .nowhere))
  }

  private func counted(
    _ plan: Plan,
    _ partitionBy: [BoundExpression]
  ) -> (Plan, PlanColumn?) {
    guard
      let count = try? FunctionRegistry.standard.resolveAggregate(name: "count", argumentTypes: [])
        .get()
    else { return (plan, nil) }
    let column = state.makeColumn("rows", count.resultType)
    let call = WindowCall(
      column: column,
      function: .aggregate(count),
      arguments: [],
      frame: BoundFrame(mode: .rows, start: .unboundedPreceding, end: .unboundedFollowing),
      range: .nowhere
    )
    let window = WindowPlan(partitionBy: partitionBy, orderBy: [], calls: [call], input: plan)
    return (.window(window), column)
  }

  /// Returns `<total> * <share> / 100`.
  private static func part(_ share: BoundExpression, of total: PlanColumn) -> BoundExpression? {
    let types: [DataType] = [.double, .double]
    let registry = FunctionRegistry.standard
    guard let times = try? registry.resolveScalar(name: "*", argumentTypes: types).get(),
      let over = try? registry.resolveScalar(name: "/", argumentTypes: types).get()
    else { return nil }
    let product = BoundExpression(
      .call(times, [BoundExpression.column(total, range: .nowhere).asDouble, share.asDouble]),
      type: .double,
      range: share.range
    )
    let hundred = BoundExpression(.literal(.double(100)), type: .double, range: share.range)
    return BoundExpression(.call(over, [product, hundred]), type: .double, range: share.range)
  }
}

extension BoundExpression {
  var asDouble: BoundExpression { converted(to: .double) }
  var asBigint: BoundExpression { converted(to: .bigint) }

  private func converted(to target: DataType) -> BoundExpression {
    if type == target { return self }
    if case .integer(let number)? = literal {
      let value: Value = target == .double ? .double(Double(number)) : .integer(number)
      return BoundExpression(.literal(value), type: target, range: range)
    }
    return BoundExpression(.cast(self, isTry: false), type: target, range: range)
  }
}

extension Decorrelator {
  /// A limit whose counts are subqueries: rows are numbered and compared with them.
  func limit(_ limit: LimitPlan) -> Plan {
    var limit = limit
    if case .sort(let keys, let input) = limit.input, limit.keys.isEmpty {
      limit.keys = keys
      limit.input = input
    }
    var base = limit.input
    let columns = base.columns
    let lifted = limit.mapExpressions { lift($0, over: &base) }
    let numbering = LimitByNumber(lifted, state: state)
    return numbering.plan(over: base, partitionBy: []).giving(columns)
  }
}
