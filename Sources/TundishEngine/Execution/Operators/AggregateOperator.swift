internal import TundishColumns
internal import TundishSyntax

/// One row per group, in the order in which groups first occur, grouping set by grouping set.
final class AggregateOperator: PhysicalOperator {
  let plan: AggregatePlan
  let input: any PhysicalOperator
  let columns: [PlanColumn]

  init(_ plan: AggregatePlan, input: any PhysicalOperator) {
    self.plan = plan
    self.input = input
    columns =
      plan.groups.map(\.column) + plan.groupingColumns.map(\.column)
      + plan.aggregates.map(\.column)
  }

  var name: String { "aggregate" }
  var children: [any PhysicalOperator] { [input] }
  var estimatedRowCount: Int? {
    if plan.groups.isEmpty { return 1 }
    return input.estimatedRowCount.map { max(1, $0 / 10) }
  }

  var details: String {
    let groups = plan.groups.map { $0.expression.explained(by: input.columns) }
    let aggregates = plan.aggregates.map { call in
      let arguments = call.arguments.map { $0.explained(by: input.columns) }
      let filter = call.filter.map { " filter \($0.explained(by: input.columns))" } ?? ""
      let distinct = call.isDistinct ? "distinct " : ""
      let order =
        call.orderBy.isEmpty ? "" : " order by \(call.orderBy.explained(by: input.columns))"
      return "\(call.function.name)(\(distinct)\(arguments.joined(separator: ", "))\(order))"
        + filter
    }
    var parts: [String] = []
    if !groups.isEmpty { parts.append("by \(groups.joined(separator: ", "))") }
    if plan.groupingSets.count > 1 { parts.append("\(plan.groupingSets.count) grouping sets") }
    if !aggregates.isEmpty { parts.append(aggregates.joined(separator: ", ")) }
    return parts.joined(separator: "; ")
  }

  /// Rows of other groups do not show in a group, as long as every row is in one group only.
  func keyFilterTarget(of column: ColumnID) -> KeyFilterTarget? {
    guard plan.groupingSets.count == 1,
      let position = plan.groups.firstIndex(where: { $0.column.id == column }),
      plan.groupingSets[0].contains(position)
    else { return nil }
    return plan.groups[position].expression.columnID.flatMap { input.keyFilterTarget(of: $0) }
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let sink = try AggregateConsumer(
      plan,
      layout: input.layout,
      bounds: plan.groups.map { input.integerBounds(of: $0.expression) },
      run: run
    )
    var batches: [Batch] = []
    let splitPlan = run.memory.isLimited ? plan.splitByValue() : nil
    if run.memory.isLimited && run.context.spill != nil
      && (!plan.groups.isEmpty || splitPlan != nil)
    {
      let pipeline = try run.prepare(input)
      let heldByteCount = run.memory.usedByteCount
      do {
        try run.execute(pipeline, into: sink, for: self)
        try sink.overrun.noticing { () throws(RuntimeFailure) in batches = try sink.rows() }
      } catch {
        guard sink.overrun.isSet else { throw error }
        run.memory.release(downTo: heldByteCount)
        if let splitPlan {
          let prepared = PreparedOperator(pipeline, columns: input.columns)
          let values = AggregateOperator(splitPlan.values, input: prepared)
          return try AggregateOperator(splitPlan.groups, input: values).prepare(run)
        }
        return try SpilledAggregation(plan, columns: columns, input: input, run: run)
          .pipeline(pipeline)
      }
    } else {
      try run.execute(input, into: sink, for: self)
      batches = try sink.rows()
    }
    return Pipeline(source: BatchSource(batches, run: run))
  }
}

/// The groups of one grouping set and their aggregates.
final class GroupingSetState {
  /// The positions of its keys among the grouping expressions.
  let positions: [Int]
  /// The aggregates, in the plan's order.
  let runners: [AggregateRunner]
  private let assigner: GroupAssigner?

  init(
    positions: [Int],
    types: [DataType],
    bounds: [ClosedRange<Int64>?]?,
    adjacentKey: Int?,
    runners: [AggregateRunner]
  ) {
    self.positions = positions
    self.runners = runners
    assigner =
      positions.isEmpty
      ? nil : GroupAssigner(types: types, bounds: bounds, adjacentKey: adjacentKey)
  }

  /// Per key, the range of the integers seen so far.
  var seenBounds: [ClosedRange<Int64>?] { assigner?.seenBounds ?? [] }

  /// The number of groups; the empty set has one, even without rows.
  var groupCount: Int { assigner?.groupCount ?? 1 }

  /// The bytes that the keys of the groups take once there are some more groups, roughly.
  func keyByteCount(withFurther count: Int) -> Int {
    assigner?.heldByteCount(withFurther: count) ?? 0
  }

  /// Returns the group of each row; nil where all rows are in group 0.
  func groups(_ keys: [Column], rowCount: Int) throws(RuntimeFailure) -> [Int32]? {
    try assigner?.assign(positions.map { keys[$0] }, rowCount: rowCount)
  }

  /// Adds the groups of another thread, whose rows come after those so far.
  func absorb(_ other: GroupingSetState) throws(RuntimeFailure) {
    var mapping: [Int32] = [0]
    if let assigner, let others = other.assigner { mapping = try assigner.merge(others) }
    for (runner, part) in zip(runners, other.runners) {
      try runner.absorb(part, mapping: mapping, groupCount: groupCount)
    }
  }

  /// One row per group: the keys, NULL for those of other sets, and the aggregates.
  func rows(_ plan: AggregatePlan) throws(RuntimeFailure) -> Batch {
    let groupCount = groupCount
    let keys = try assigner?.keyColumns() ?? []
    var columns: [Column] = []
    for (position, group) in plan.groups.enumerated() {
      if let place = positions.firstIndex(of: position) {
        columns.append(keys[place])
      } else {
        columns.append(.nulls(type: group.column.type, count: groupCount))
      }
    }
    for grouping in plan.groupingColumns {
      let mask = grouping.positions.reduce(Int64(0)) { mask, position in
        mask << 1 | (positions.contains(position) ? 0 : 1)
      }
      columns.append(.constant(.integer(mask), type: grouping.column.type, count: groupCount))
    }
    for runner in runners { columns.append(try runner.finish(groupCount: groupCount)) }
    return Batch(columns: columns, rowCount: groupCount)
  }
}

/// Takes the rows of an aggregation.
final class AggregateConsumer: ParallelSink {
  private(set) var sets: [GroupingSetState]
  private let plan: AggregatePlan
  private let evaluator: ExpressionEvaluator
  private let run: QueryRun
  /// Per aggregate, the places of its arguments, order keys and filter among the expressions.
  private let places: [AggregatePlaces]
  private let layout: ColumnLayout
  /// Per grouping expression, the integers that it can give; nil where nothing is known of any.
  private var bounds: [ClosedRange<Int64>?]?
  /// The grouping expression, the same in the only grouping set, whose equal values come in rows
  /// one after the other; nil where there is none.
  private let adjacentKey: Int?
  private var accountedByteCount = 0
  /// Whether this sink or one of its parts has met the memory limit.
  let overrun: MemoryOverrun

  init(
    _ plan: AggregatePlan,
    layout: ColumnLayout,
    bounds: [ClosedRange<Int64>?]? = nil,
    adjacentKey: Int? = nil,
    run: QueryRun,
    overrun: MemoryOverrun = MemoryOverrun()
  ) throws(RuntimeFailure) {
    self.plan = plan
    self.bounds = bounds
    self.adjacentKey = adjacentKey
    self.overrun = overrun
    self.run = run
    self.layout = layout
    var expressions = plan.groups.map(\.expression)
    places = plan.aggregates.map { AggregatePlaces($0, expressions: &expressions) }
    evaluator = try ExpressionEvaluator(
      expressions,
      layout: layout,
      context: run.context.functions
    )
    sets = try Self.emptySets(plan, bounds, adjacentKey, run)
  }

  /// The grouping sets of a plan, without rows.
  private static func emptySets(
    _ plan: AggregatePlan,
    _ bounds: [ClosedRange<Int64>?]?,
    _ adjacentKey: Int?,
    _ run: QueryRun
  ) throws(RuntimeFailure) -> [GroupingSetState] {
    var sets: [GroupingSetState] = []
    for positions in plan.groupingSets {
      sets.append(
        GroupingSetState(
          positions: positions,
          types: positions.map { plan.groups[$0].expression.type },
          bounds: bounds.map { bounds in positions.map { bounds[$0] } },
          adjacentKey: adjacentKey,
          runners: try AggregateRunner.make(plan.aggregates, run: run)
        )
      )
    }
    return sets
  }

  /// Returns the groups, a batch per grouping set.
  func rows() throws(RuntimeFailure) -> [Batch] {
    var batches: [Batch] = []
    for set in sets { batches.append(try set.rows(plan)) }
    return batches
  }

  /// Returns the groups of the only grouping set, of all keys, so far, and begins anew.
  func takeGroups() throws(RuntimeFailure) -> Batch {
    let groups = try sets[0].rows(plan)
    // The next keys will be like these.
    bounds = sets[0].seenBounds
    sets = try Self.emptySets(plan, bounds, adjacentKey, run)
    return groups
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow {
    try run.checkCancellation()
    let frame = EvaluationFrame(batch)
    var keys: [Column] = []
    for position in plan.groups.indices { keys.append(try evaluator.evaluate(position, frame)) }
    var inputs: [AggregateRows] = []
    inputs.reserveCapacity(places.count)
    for (number, place) in places.enumerated() {
      let runner = sets[0].runners[number]
      inputs.append(runner.takesRows ? try rows(place, of: runner, frame) : .none)
    }
    // Before the groups grow: while a table is made anew, the old one is there too.
    try overrun.noticing { () throws(RuntimeFailure) in
      try accountForGrowth(furtherRows: batch.rowCount)
    }
    for set in sets {
      let groups = try set.groups(keys, rowCount: batch.rowCount)
      let groupCount = set.groupCount
      try overrun.noticing { () throws(RuntimeFailure) in
        for (number, runner) in set.runners.enumerated() {
          try runner.update(inputs[number], groups: groups, groupCount: groupCount)
        }
      }
    }
    try overrun.noticing { () throws(RuntimeFailure) in try accountForGrowth() }
    return .more
  }

  /// The bytes of an aggregate's state that have room for a group, roughly.
  private static let stateByteCount = 26

  /// Reserves what the groups take when further rows have come, which may all bring groups, but for
  /// the first rows, and what the result will take beside them.
  private func accountForGrowth(furtherRows: Int = 0) throws(RuntimeFailure) {
    guard run.memory.isLimited else { return }
    var held = 0
    for set in sets {
      let further = min(furtherRows, set.groupCount)
      let groupCount = set.groupCount + further
      held += set.keyByteCount(withFurther: further)
      held +=
        GroupAssigner.capacity(of: groupCount) * Self.stateByteCount * plan.aggregates.count
      held += groupCount * (9 * set.positions.count + 17 * plan.aggregates.count)
      for runner in set.runners { held += runner.heldByteCount }
    }
    guard held > accountedByteCount else { return }
    try run.memory.reserve(held - accountedByteCount)
    accountedByteCount = held
  }

  func finish() throws(RuntimeFailure) {}

  func makePart() throws(RuntimeFailure) -> any ParallelSink {
    try AggregateConsumer(
      plan,
      layout: layout,
      bounds: bounds,
      adjacentKey: adjacentKey,
      run: run,
      overrun: overrun
    )
  }

  func absorb(_ part: any ParallelSink) throws(RuntimeFailure) {
    guard let part = part as? AggregateConsumer else { return }
    for (set, other) in zip(sets, part.sets) { try set.absorb(other) }
  }

  /// The rows that count for one aggregate: its filter applied first, so that its arguments are
  /// not computed for rows that the filter refuses.
  private func rows(
    _ place: AggregatePlaces,
    of runner: AggregateRunner,
    _ frame: EvaluationFrame
  ) throws(RuntimeFailure) -> AggregateRows {
    var frame = frame
    var chosen: [Int32]?
    var mask: Column?
    if let filter = place.filter {
      let truth = try evaluator.evaluate(filter, frame)
      if runner.takesMask {
        mask = truth
      } else {
        let rows = truth.selectedRows()
        if rows.count < frame.rowCount {
          chosen = rows
          frame = frame.narrowed(to: rows)
        }
      }
    }
    var columns: [Column] = []
    for argument in place.arguments where frame.rowCount > 0 {
      columns.append(try evaluator.evaluate(argument, frame))
    }
    var order: [Column] = []
    for key in place.orderKeys where frame.rowCount > 0 {
      order.append(try evaluator.evaluate(key, frame))
    }
    return AggregateRows(
      arguments: columns,
      orderKeys: order,
      rows: chosen,
      mask: mask,
      rowCount: frame.rowCount
    )
  }
}

/// Where an aggregate's expressions stand among those of the operator.
struct AggregatePlaces {
  let arguments: [Int]
  let orderKeys: [Int]
  let filter: Int?

  init(_ call: AggregateCall, expressions: inout [BoundExpression]) {
    func place(_ expression: BoundExpression, _ expressions: inout [BoundExpression]) -> Int {
      expressions.append(expression)
      return expressions.count - 1
    }
    arguments = call.arguments.map { place($0, &expressions) }
    orderKeys = call.orderBy.map { place($0.expression, &expressions) }
    filter = call.filter.map { place($0, &expressions) }
  }
}

/// The rows of a batch that count for one aggregate.
struct AggregateRows {
  /// The argument columns of the rows that count.
  var arguments: [Column]
  /// The order keys of the rows that count.
  var orderKeys: [Column]
  /// The rows that count, by number in the batch; nil for all of them.
  var rows: [Int32]?
  /// Instead of `rows`, a truth per row of the batch.
  var mask: Column?
  /// The number of rows that count.
  var rowCount: Int

  /// What an aggregate gets that takes no rows.
  static let none = AggregateRows(arguments: [], orderKeys: [], rowCount: 0)
}
