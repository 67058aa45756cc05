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
    let whole = try run.collectWhole(input)
    let order = try RowOrder.sorted(whole, keys: keys, layout: input.layout, run: run)
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
