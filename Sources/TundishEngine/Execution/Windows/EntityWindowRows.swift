internal import TundishColumns
internal import TundishSyntax

/// The values of window calls over the rows of one morsel of an `EntityScan`, which has whole
/// partitions, one after the other.
struct EntityWindowRows {
  let plan: WindowPlan
  /// Where the columns of the rows are.
  let layout: ColumnLayout

  /// All rows of a morsel; nil where it has none.
  func rows(
    _ morsel: Int,
    of pipeline: Pipeline,
    types: [DataType],
    _ run: QueryRun
  ) throws(RuntimeFailure) -> Batch? {
    let sink = CollectingConsumer(memory: run.memory)
    try pipeline.run(morsels: morsel..<morsel + 1, into: sink)
    guard sink.rowCount > 0 else { return nil }
    return sink.batches.count == 1 ? sink.batches[0] : try run.whole(sink.batches, types: types)
  }

  /// The calls' values by place, and the places.
  func values(
    of rows: Batch,
    _ run: QueryRun
  ) throws(RuntimeFailure) -> (values: [Column], partitions: WindowPartitions) {
    let keys = try ExpressionEvaluator(
      plan.partitionBy + plan.orderBy.map(\.expression),
      layout: layout,
      context: run.context.functions
    ).evaluate(rows)
    let partitions = try WindowPartitions(
      adjacentKey: keys[0],
      orderKeys: Array(keys[1...]),
      plan: plan,
      rowCount: rows.rowCount,
      run: run
    )
    var values: [Column] = []
    for call in plan.calls {
      try run.checkCancellation()
      let evaluation = try WindowEvaluation(
        call,
        plan: plan,
        partitions: partitions,
        rows: rows,
        layout: layout,
        run: run
      )
      values.append(try evaluation.result().retyped(call.column.type))
    }
    return (values, partitions)
  }
}

extension WindowPlan {
  /// What profiles and plans tell of the calls: their names, key and order, and how they are computed.
  func details(of columns: [PlanColumn], how: String) -> String {
    let key = partitionBy.map { $0.explained(by: columns) }.joined(separator: ", ")
    let order = orderBy.isEmpty ? "" : "; order by \(orderBy.explained(by: columns))"
    return calls.map(\.column.name).joined(separator: ", ") + "; by \(key), \(how)\(order)"
  }
}
