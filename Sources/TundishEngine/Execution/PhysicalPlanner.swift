internal import TundishColumns
internal import TundishSyntax

/// Chooses an operator for each node of a plan.
struct PhysicalPlanner {
  private var depth = 0

  /// Returns the operators of a plan.
  static func plan(_ plan: Plan) throws(RuntimeFailure) -> any PhysicalOperator {
    var planner = PhysicalPlanner()
    return try planner.lower(plan)
  }

  /// `keepsOrder` is false where the reader does not mind in which order rows come.
  private mutating func lower(
    _ plan: Plan,
    keepsOrder: Bool = true
  ) throws(RuntimeFailure) -> any PhysicalOperator {
    depth += 1
    defer { depth -= 1 }
    guard depth < ExecutionLimits.planDepth else {
      throw RuntimeFailure(
        ExecutionError(.limit, "the query is nested too deeply"),
        at: .nowhere
      )
    }
    switch plan {
    case .scan(let scan):
      return ScanOperator(scan)
    case .values(let columns, let rows):
      return ValuesOperator(columns: columns, rows: rows)
    case .tableFunction(let function):
      return TableFunctionOperator(function)
    case .filter(let condition, let input):
      return FilterOperator(condition, input: try lower(input, keepsOrder: keepsOrder))
    case .project(let projections, let input):
      return ProjectOperator(
        projections,
        input: try lower(input, readBy: plan, keepsOrder: keepsOrder)
      )
    case .join(let join):
      return try lower(join)
    case .aggregate(let aggregate):
      return try lower(aggregate, keepsOrder: keepsOrder)
    case .window(let window):
      return try lower(window, keepsOrder: keepsOrder)
    case .sort(let keys, let input):
      return SortOperator(keys, input: try lower(input))
    case .limit(let limit):
      return try lower(limit)
    case .distinct(let input):
      return DistinctOperator(keys: nil, input: try lower(input))
    case .distinctOn(let keys, let input):
      return DistinctOperator(keys: keys, input: try lower(input))
    case .setOperation(let operation):
      return SetOperationOperator(
        operation,
        left: try lower(operation.left),
        right: try lower(operation.right)
      )
    case .unnest(let unnest):
      return UnnestOperator(unnest, input: try lower(unnest.input))
    case .materialize(let materialize):
      return MaterializeOperator(
        materialize,
        definition: try lower(materialize.definition),
        body: try lower(materialize.body)
      )
    case .reference(let reference):
      return ReferenceOperator(reference)
    case .recursive(let recursive):
      return RecursiveOperator(
        recursive,
        anchor: try lower(recursive.anchor),
        step: try lower(recursive.step)
      )
    case .sample(let sample):
      return SampleOperator(sample, input: try lower(sample.input))
    }
  }

  private mutating func lower(
    _ window: WindowPlan,
    keepsOrder: Bool
  ) throws(RuntimeFailure) -> any PhysicalOperator {
    if !keepsOrder, let scan = EntityWindowStreamOperator.scan(for: window) {
      let entities = try lower(scan.plan)
      if scan.isStreamed(by: entities) {
        return EntityWindowStreamOperator(window, scan, input: entities)
      }
    }
    let input = try lower(window.input)
    guard let scan = EntityWindowOperator.scan(for: window) else {
      return WindowOperator(window, input: input)
    }
    let entities = try lower(scan.plan)
    guard scan.isStreamed(by: entities) else { return WindowOperator(window, input: input) }
    return EntityWindowOperator(window, scan, entities: entities, input: input)
  }

  private mutating func lower(
    _ aggregate: AggregatePlan,
    keepsOrder: Bool
  ) throws(RuntimeFailure) -> any PhysicalOperator {
    if let split = aggregate.splitByEntity() {
      return try lower(.aggregate(split), keepsOrder: keepsOrder)
    }
    if let (scan, entityKey) = EntityAggregateOperator.scan(for: aggregate) {
      let reader = EntityAggregateOperator.Reader(aggregate, scan, keepsOrder: keepsOrder)
      let input = try lower(scan.plan, readBy: .aggregate(reader.plan), keepsOrder: true)
      if scan.isStreamed(by: input) {
        return EntityAggregateOperator(aggregate, reader, entityKey: entityKey, input: input)
      }
    }
    return AggregateOperator(
      aggregate,
      input: try lower(
        aggregate.input,
        readBy: .aggregate(aggregate),
        keepsOrder: aggregate.heedsOrder
      )
    )
  }

  /// The operators of the input of `reader`, which reads nothing of it but the columns of its
  /// expressions.
  private mutating func lower(
    _ input: Plan,
    readBy reader: Plan,
    keepsOrder: Bool
  ) throws(RuntimeFailure) -> any PhysicalOperator {
    guard case .scan(let scan) = input else { return try lower(input, keepsOrder: keepsOrder) }
    let read = reader.expressions.reduce(into: Set()) { $0.formUnion($1.columnIDs) }
    return ScanOperator(scan, readColumns: read)
  }

  private mutating func lower(_ limit: LimitPlan) throws(RuntimeFailure) -> any PhysicalOperator {
    var ordered = limit
    if limit.keys.isEmpty, case .sort(let keys, let input) = limit.input, case .rows = limit.count {
      ordered.keys = keys
      ordered.input = input
    }
    if !ordered.keys.isEmpty {
      if let late = LateTopNOperator(ordered) { return late }
      return TopNOperator(ordered, input: try lower(ordered.input))
    }
    return LimitOperator(limit, input: try lower(limit.input))
  }

  private mutating func lower(_ join: JoinPlan) throws(RuntimeFailure) -> any PhysicalOperator {
    let left = try lower(join.left)
    let right = try lower(join.right)
    switch join.kind {
    case .positional:
      return PositionalJoinOperator(left: left, right: right)
    case .asOf, .asOfLeft:
      return AsOfJoinOperator(join, left: left, right: right)
    case .inner, .left, .right, .full, .semi, .anti, .single, .mark:
      return HashJoinOperator(join, left: left, right: right)
    }
  }
}
