internal import TundishColumns
internal import TundishSyntax

/// An aggregation whose groups do not fit into memory.
///
/// The states of aggregates cannot be written, rows can: the input runs once more, and its rows go
/// to files by the hash of their keys, so that each file has whole groups and few of them. Files
/// that are still too large are split again. Grouping expressions are computed once and written
/// with the rows, and so is the number of each row: the least number of a group puts groups back
/// into the order in which they first occur.
struct SpilledAggregation {
  private let plan: AggregatePlan
  /// The columns of the result.
  private let columns: [PlanColumn]
  private let inputLayout: ColumnLayout
  private let run: QueryRun
  /// The input's columns, the keys and the row number.
  private let layout: ColumnLayout
  /// The keys as columns of the written rows.
  private let keys: [PlanColumn]
  private let rowNumber: PlanColumn

  init(
    _ plan: AggregatePlan,
    columns: [PlanColumn],
    input: any PhysicalOperator,
    run: QueryRun
  ) {
    self.plan = plan
    self.columns = columns
    self.run = run
    inputLayout = input.layout
    // Numbers that no binder reaches.
    let firstID = Int.max / 2
    keys = plan.groups.enumerated().map { position, group in
      PlanColumn(
        id: ColumnID(firstID + position),
        name: group.column.name,
        type: group.expression.type
      )
    }
    rowNumber = PlanColumn(id: ColumnID(firstID - 1), name: "row", type: .bigint)
    layout = ColumnLayout(input.columns + keys + [rowNumber])
  }

  /// Returns the groups of the rows of a pipeline.
  func pipeline(_ pipeline: Pipeline) throws(RuntimeFailure) -> Pipeline {
    let results = Spool(run: run)
    if plan.groupingSets.count == 1 {
      let sink = try splitter(plan.groupingSets[0], depth: 0)
      try pipeline.run(into: try numberer(next: sink))
      for part in sink.partitions.spools {
        try aggregate(part, set: 0, depth: 1, results: results)
      }
    } else {
      let sink = SpoolingConsumer(run: run)
      try sink.spool.store()
      try pipeline.run(into: try numberer(next: sink))
      for set in plan.groupingSets.indices {
        try aggregate(sink.spool, set: set, depth: 0, results: results)
      }
    }
    return try ordered(results)
  }

  /// Adds keys and number to each row.
  private func numberer(next: any Consumer) throws(RuntimeFailure) -> any Consumer {
    let evaluator = try ExpressionEvaluator(
      plan.groups.map(\.expression),
      layout: inputLayout,
      context: run.context.functions
    )
    var rowCount: Int64 = 0
    return MapConsumer(next: next) { batch throws(RuntimeFailure) in
      let numbers = Array(rowCount..<rowCount + Int64(batch.rowCount))
      rowCount += Int64(batch.rowCount)
      let columns = try batch.columns + evaluator.evaluate(batch) + [.integers(numbers)]
      return Batch(columns: columns, rowCount: batch.rowCount)
    }
  }

  private func splitter(_ set: [Int], depth: Int) throws(RuntimeFailure) -> PartitioningConsumer {
    try PartitioningConsumer(
      keys: set.map { .column(keys[$0], range: .nowhere) },
      layout: layout,
      depth: depth,
      run: run
    )
  }

  /// Adds the groups of some rows to the results; splits the rows where the groups are too many.
  private func aggregate(
    _ rows: Spool,
    set: Int,
    depth: Int,
    results: Spool
  ) throws(RuntimeFailure) {
    let positions = plan.groupingSets[set]
    // The empty set has a group without rows.
    guard rows.rowCount > 0 || positions.isEmpty else { return }
    let part = try partPlan(positions)
    let sink = try AggregateConsumer(part, layout: layout, run: run)
    let heldByteCount = run.memory.usedByteCount
    do {
      try rows.eachBatch { batch throws(RuntimeFailure) in _ = try sink.consume(batch) }
      let groups = try sink.sets[0].rows(part)
      run.memory.release(downTo: heldByteCount)
      let setNumber = Column.constant(.integer(Int64(set)), type: .bigint, count: groups.rowCount)
      try results.append(Batch(columns: groups.columns + [setNumber], rowCount: groups.rowCount))
    } catch {
      // The rows come from files, so it is the groups that are too many.
      let isOverrun = error.error.kind == .outOfMemory && !positions.isEmpty
      guard isOverrun, depth < RowPartitions.depthLimit else { throw error }
      run.memory.release(downTo: heldByteCount)
      try results.store()
      let splitter = try splitter(positions, depth: depth)
      try rows.eachBatch { batch throws(RuntimeFailure) in _ = try splitter.consume(batch) }
      for part in splitter.partitions.spools {
        try aggregate(part, set: set, depth: depth + 1, results: results)
      }
    }
  }

  /// The aggregation of one grouping set over written rows, with the first row of each group.
  private func partPlan(_ positions: [Int]) throws(RuntimeFailure) -> AggregatePlan {
    let resolution = FunctionRegistry.standard.resolveAggregate(
      name: "min",
      argumentTypes: [.bigint]
    )
    guard case .success(let minimum) = resolution else {
      preconditionFailure("min takes numbers")
    }
    var part = plan
    part.groupingSets = [positions]
    part.groups = zip(plan.groups, keys).map { group, key in
      ProjectedColumn(column: group.column, expression: .column(key, range: .nowhere))
    }
    part.aggregates.append(
      AggregateCall(
        column: rowNumber,
        function: minimum,
        arguments: [.column(rowNumber, range: .nowhere)],
        range: .nowhere
      )
    )
    return part
  }

  /// The results by grouping set and first row, without these.
  private func ordered(_ results: Spool) throws(RuntimeFailure) -> Pipeline {
    let set = PlanColumn(id: ColumnID(Int.max), name: "set", type: .bigint)
    let sorted = try SortOperator.pipeline(
      of: results,
      keys: [set, rowNumber].map {
        SortKey(
          expression: .column($0, range: .nowhere),
          isDescending: false,
          nullsFirst: true
        )
      },
      layout: ColumnLayout(columns + [rowNumber, set]),
      run: run
    )
    let positions = Array(columns.indices)
    return sorted.appending(
      ConsumerStage(isParallel: true) { next in
        MapConsumer(next: next) { $0.projected(positions) }
      }
    )
  }
}
