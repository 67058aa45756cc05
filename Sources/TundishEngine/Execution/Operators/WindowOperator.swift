internal import TundishColumns
internal import TundishSyntax

/// Window functions that share one partitioning and order.
///
/// All rows are collected, sorted once by partition and order, and each call fills one value per
/// place in that order; values go back to the rows they belong to, so the input's order is kept.
final class WindowOperator: PhysicalOperator {
  private let plan: WindowPlan
  private let input: any PhysicalOperator
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
    return parts.joined(separator: "; ")
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let rows = try run.collectWhole(input)
    if rows.rowCount == 0 { return Pipeline(source: BatchSource([], run: run)) }
    let layout = input.layout
    let keys = try ExpressionEvaluator(
      plan.partitionBy + plan.orderBy.map(\.expression),
      layout: layout,
      context: run.context.functions
    ).evaluate(rows)
    let partitions = try WindowPartitions(
      partitionKeys: Array(keys[..<plan.partitionBy.count]),
      orderKeys: Array(keys[plan.partitionBy.count...]),
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
      try run.checkCancellation()
      let call = plan.calls[number]
      let evaluation = try WindowEvaluation(
        call,
        plan: plan,
        partitions: partitions,
        rows: rows,
        layout: layout,
        run: run
      )
      return try evaluation.result().gathered(inverse).retyped(call.column.type)
    }
    let columns = rows.columns + results
    return Pipeline(
      source: BatchSource([Batch(columns: columns, rowCount: rows.rowCount)], run: run)
    )
  }
}
