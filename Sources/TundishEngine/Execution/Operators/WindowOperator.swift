internal import TundishColumns
internal import TundishSyntax

/// Window functions that share one partitioning and order.
///
/// All rows are collected, sorted once by partition and order, and each call fills one value per
/// place in that order; values go back to the rows they belong to, so the input's order is kept.
final class WindowOperator: PhysicalOperator {
  let plan: WindowPlan
  let input: any PhysicalOperator
  let columns: [PlanColumn]

  init(_ plan: WindowPlan, input: any PhysicalOperator) {
    self.plan = plan
    self.input = input
    columns = input.columns + plan.calls.map(\.column)
  }

  var name: String { "window" }
  var children: [any PhysicalOperator] { [input] }

  var details: String {
    var parts = [plan.calls.map(\.column.name).joined(separator: ", ")]
    if !plan.partitionBy.isEmpty {
      let keys = plan.partitionBy.map { $0.explained(by: input.columns) }
      parts.append("by \(keys.joined(separator: ", "))")
    }
    if !plan.orderBy.isEmpty {
      parts.append("order by \(plan.orderBy.explained(by: input.columns))")
    }
    if let count = plan.headCount { parts.append("first \(count) of each") }
    return parts.joined(separator: "; ")
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    guard run.memory.isLimited else {
      let rows = try run.collectWhole(input)
      return Pipeline(source: BatchSource([try evaluated(rows, run)], run: run))
    }
    let spool = try run.spool(input)
    let byteCount = spool.heldByteCount + spool.rowCount * workingByteCount
    if !spool.isStored && run.memory.tryReserve(byteCount) {
      let rows = try run.whole(spool.batches, types: input.columns.map(\.type))
      return Pipeline(source: BatchSource([try evaluated(rows, run)], run: run))
    }
    guard run.context.spill != nil else { throw run.memory.failure(canSpill: false) }
    guard !plan.partitionBy.isEmpty else { throw partitionFailure(spool.rowCount, run) }
    return try SpilledWindow(self, run: run).pipeline(spool)
  }

  /// The bytes per row of order, partitions and peers, and of each call's arguments and results.
  var workingByteCount: Int {
    32 + 16 * (plan.partitionBy.count + plan.orderBy.count) + 64 * plan.calls.count
  }

  /// The failure of a partition whose rows do not fit into memory.
  func partitionFailure(_ rowCount: Int, _ run: QueryRun) -> RuntimeFailure {
    run.memory.failure(canSpill: true, holding: "a window's partition of \(rowCount) rows")
  }

  /// The rows with the values of the calls after their columns; of those that are wanted, where the
  /// plan says how many are.
  func evaluated(_ rows: Batch, _ run: QueryRun) throws(RuntimeFailure) -> Batch {
    var rows = rows
    var groups: [Int32]?
    if let count = plan.headCount { (rows, groups) = try heads(of: rows, count: count, run) }
    if rows.rowCount == 0 {
      let results = plan.calls.map { Column.nulls(type: $0.column.type, count: 0) }
      return Batch(columns: rows.columns + results, rowCount: 0)
    }
    let layout = input.layout
    let keys = try ExpressionEvaluator(
      plan.partitionBy + plan.orderBy.map(\.expression),
      layout: layout,
      context: run.context.functions
    ).evaluate(rows)
    let partitions = try WindowPartitions(
      partitionKeys: Array(keys[..<plan.partitionBy.count]),
      orderKeys: Array(keys[plan.partitionBy.count...]),
      known: groups,
      plan: plan,
      rowCount: rows.rowCount,
      run: run
    )
    let inverse = partitions.inverseOrder()
    let results = try WorkerPool.map(
      count: plan.calls.count,
      threadCount: run.profiler == nil ? run.context.threadCount : 1,
      run: run
    ) { number throws(RuntimeFailure) -> Column in
      let call = plan.calls[number]
      let evaluation = try WindowEvaluation(
        call,
        plan: plan,
        partitions: partitions,
        rows: rows,
        layout: layout,
        run: run
      )
      try run.checkCancellation()
      let values = try evaluation.result()
      try run.checkCancellation()
      return values.gathered(inverse).retyped(call.column.type)
    }
    return Batch(columns: rows.columns + results, rowCount: rows.rowCount)
  }

  /// The rows that may be among the first of their partitions, in their order; all rows, and the number
  /// of each one's partition, where leaving some out would not pay.
  private func heads(
    of rows: Batch,
    count: Int,
    _ run: QueryRun
  ) throws(RuntimeFailure) -> (rows: Batch, groups: [Int32]?) {
    let keys = try ExpressionEvaluator(
      plan.partitionBy + plan.orderBy.prefix(1).map(\.expression),
      layout: input.layout,
      context: run.context.functions
    ).evaluate(rows)
    var groups = [Int32](repeating: 0, count: rows.rowCount)
    var groupCount = min(1, rows.rowCount)
    if !plan.partitionBy.isEmpty {
      let partitionKeys = Array(keys[..<plan.partitionBy.count])
      let assigner = GroupAssigner(types: partitionKeys.map(\.type))
      groups = try assigner.assign(partitionKeys, rowCount: rows.rowCount, run: run)
      groupCount = assigner.groupCount
    }
    try run.checkCancellation()
    let order = plan.orderBy.first.map {
      (column: keys[plan.partitionBy.count], direction: $0.direction)
    }
    let heads = GroupHeads.rows(
      order: order,
      groups: groups,
      groupCount: groupCount,
      count: count
    )
    return heads.map { (rows.gathered($0), nil) } ?? (rows, groups)
  }
}
