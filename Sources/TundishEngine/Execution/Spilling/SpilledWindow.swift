internal import TundishColumns
internal import TundishSyntax

/// Window functions over rows that do not fit into memory.
///
/// Rows go to files by the hash of their partition keys, so that each file has whole partitions;
/// files that are still too large are split again. The number of each row is written with it, and
/// puts rows back into the order in which they came. One partition must fit.
struct SpilledWindow {
  private let window: WindowOperator
  private let run: QueryRun
  /// The number of each row, after the input's columns.
  private let rowNumber: PlanColumn
  /// The input's columns and the row number.
  private let layout: ColumnLayout

  init(_ window: WindowOperator, run: QueryRun) {
    self.window = window
    self.run = run
    // A number that no binder reaches.
    rowNumber = PlanColumn(id: ColumnID(Int.max / 2 - 1), name: "row", type: .bigint)
    layout = ColumnLayout(window.input.columns + [rowNumber])
  }

  /// Returns the rows of a spool with the values of the calls.
  func pipeline(_ spool: Spool) throws(RuntimeFailure) -> Pipeline {
    try spool.store()
    let splitter = try splitter(depth: 0)
    var rowCount: Int64 = 0
    try spool.eachBatch { batch throws(RuntimeFailure) in
      let numbers = Array(rowCount..<rowCount + Int64(batch.rowCount))
      rowCount += Int64(batch.rowCount)
      let columns = batch.columns + [.integers(numbers)]
      _ = try splitter.consume(Batch(columns: columns, rowCount: batch.rowCount))
    }
    let results = Spool(run: run)
    for part in splitter.partitions.spools { try evaluate(part, depth: 1, results: results) }
    return try ordered(results)
  }

  private func splitter(depth: Int) throws(RuntimeFailure) -> PartitioningConsumer {
    try PartitioningConsumer(
      keys: window.plan.partitionBy,
      layout: layout,
      depth: depth,
      run: run
    )
  }

  /// Adds some rows with the values of the calls to the results; splits rows that are too many.
  private func evaluate(_ rows: Spool, depth: Int, results: Spool) throws(RuntimeFailure) {
    if rows.rowCount == 0 { return }
    let heldByteCount = run.memory.usedByteCount
    let held = try rows.whole(
      types: layout.columns.map(\.type),
      workingByteCount: window.workingByteCount
    )
    guard let held else {
      run.memory.release(downTo: heldByteCount)
      if !results.isStored { try results.store() }
      guard depth < RowPartitions.depthLimit else {
        throw window.partitionFailure(rows.rowCount, run)
      }
      let splitter = try splitter(depth: depth)
      try rows.eachBatch { batch throws(RuntimeFailure) in _ = try splitter.consume(batch) }
      let parts = splitter.partitions.spools
      guard parts.allSatisfy({ $0.rowCount < rows.rowCount }) else {
        throw window.partitionFailure(rows.rowCount, run)
      }
      for part in parts { try evaluate(part, depth: depth + 1, results: results) }
      return
    }
    let whole = try window.evaluated(held, run)
    run.memory.release(downTo: heldByteCount)
    let size = max(1, run.context.batchRowCount)
    for start in stride(from: 0, to: whole.rowCount, by: size) {
      try results.append(whole.sliced(start..<min(start + size, whole.rowCount)))
    }
  }

  /// The results in the order of the input, without the row number.
  private func ordered(_ results: Spool) throws(RuntimeFailure) -> Pipeline {
    let calls = window.plan.calls.map(\.column)
    let inputCount = window.input.columns.count
    let sorted = try SortOperator.pipeline(
      of: results,
      keys: [
        SortKey(
          expression: .column(rowNumber, range: .nowhere),
          isDescending: false,
          nullsFirst: true
        )
      ],
      layout: ColumnLayout(layout.columns + calls),
      run: run
    )
    let positions = Array(0..<inputCount) + calls.indices.map { inputCount + 1 + $0 }
    return sorted.appending(
      ConsumerStage(isParallel: true) { next in
        MapConsumer(next: next) { $0.projected(positions) }
      }
    )
  }
}
