internal import TundishColumns

/// All rows in order.
final class SortOperator: PhysicalOperator {
  private let keys: [SortKey]
  private let input: any PhysicalOperator

  init(_ keys: [SortKey], input: any PhysicalOperator) {
    self.keys = keys
    self.input = input
  }

  var name: String { "sort" }
  var details: String { keys.explained(by: input.columns) }
  var columns: [PlanColumn] { input.columns }
  var children: [any PhysicalOperator] { [input] }

  func keyFilterTarget(of column: ColumnID) -> KeyFilterTarget? {
    input.keyFilterTarget(of: column)
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    try Self.pipeline(
      of: try run.spool(input),
      keys: keys,
      layout: input.layout,
      run: run
    )
  }

  /// Returns the rows of a spool in order.
  static func pipeline(
    of spool: Spool,
    keys: [SortKey],
    layout: ColumnLayout,
    run: QueryRun
  ) throws(RuntimeFailure) -> Pipeline {
    // The rows once more as one batch, and a word per key beside two row numbers.
    let sortingByteCount =
      run.memory.isLimited ? spool.heldByteCount + spool.rowCount * (8 * keys.count + 8) : 0
    if spool.isStored || !run.memory.tryReserve(sortingByteCount) {
      guard run.context.spill != nil else { throw run.memory.failure(canSpill: false) }
      try spool.store()
      return try SpooledSort(keys: keys, layout: layout, run: run).pipeline(spool)
    }
    run.memory.release(sortingByteCount)
    let whole = try run.whole(spool.batches, types: layout.columns.map(\.type))
    let order = try RowOrder.sorted(whole, keys: keys, layout: layout, run: run)
    return Pipeline(source: GatheringSource(whole, order: order, run: run))
  }
}

/// Orders rows by sort keys; rows with equal keys keep their order.
enum RowOrder {
  /// Returns the row numbers of a batch in order.
  static func sorted(
    _ batch: Batch,
    keys: [SortKey],
    layout: ColumnLayout,
    run: QueryRun
  ) throws(RuntimeFailure) -> [Int32] {
    let evaluator = try ExpressionEvaluator(
      keys.map(\.expression),
      layout: layout,
      context: run.context.functions
    )
    return try sorted(
      columns: try evaluator.evaluate(batch),
      keys: keys,
      rowCount: batch.rowCount,
      run: run
    )
  }

  /// Returns the row numbers in the order of key columns.
  static func sorted(
    columns: [Column],
    keys: [SortKey],
    rowCount: Int,
    run: QueryRun
  ) throws(RuntimeFailure) -> [Int32] {
    try run.checkCancellation()
    return try EngineKernels.sortOrder(
      zip(columns, keys).map { ($0, $1.direction) },
      rowCount: rowCount,
      run: run
    )
  }
}
