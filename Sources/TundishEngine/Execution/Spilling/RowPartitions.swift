internal import TundishColumns

/// Rows in files by the hash of their keys, so that equal keys are together.
final class RowPartitions {
  /// The partitions, each with its rows in order.
  let spools: [Spool]

  /// The partitions that rows are split into; each may be split again, by other bits of the hash.
  private static let count = 16
  /// The most times that rows are split: beyond that, keys are so few that splitting does not help.
  static let depthLimit = 6

  /// Creates partitions without rows, in one file of their own.
  init(run: QueryRun) throws(RuntimeFailure) {
    guard let space = run.context.spill else { throw run.memory.failure(canSpill: false) }
    let file = try RowFile(space)
    var spools: [Spool] = []
    for _ in 0..<Self.count {
      let spool = Spool(run: run, file: file)
      try spool.store()
      spools.append(spool)
    }
    self.spools = spools
  }

  /// Adds rows with their keys; `depth` tells how often they were split before.
  func append(_ batch: Batch, keys: [Column], depth: Int) throws(RuntimeFailure) {
    let hashes = Column.rowHashes(keys, rowCount: batch.rowCount)
    var rows = [[Int32]](repeating: [], count: Self.count)
    let shift = 60 - 4 * depth
    for row in hashes.indices {
      // Mixed anew: hash tables take their places from bits of the same hash, and rows that have
      // some of them in common would crowd in a corner of the table.
      let bits = (hashes[row] ^ hashes[row] >> 29) &* 0xBF58_476D_1CE4_E5B9
      rows[Int(truncatingIfNeeded: bits >> UInt64(shift)) & (Self.count - 1)].append(
        Int32(truncatingIfNeeded: row)
      )
    }
    for (spool, chosen) in zip(spools, rows) where !chosen.isEmpty {
      try spool.append(batch.gathered(chosen))
    }
  }
}

/// Splits the rows of a pipeline or a spool.
final class PartitioningConsumer: Consumer {
  let partitions: RowPartitions
  private let evaluator: ExpressionEvaluator
  private let run: QueryRun
  private let depth: Int

  init(
    keys: [BoundExpression],
    layout: ColumnLayout,
    depth: Int,
    run: QueryRun
  ) throws(RuntimeFailure) {
    partitions = try RowPartitions(run: run)
    evaluator = try ExpressionEvaluator(keys, layout: layout, context: run.context.functions)
    self.run = run
    self.depth = depth
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow {
    try run.checkCancellation()
    try partitions.append(batch, keys: try evaluator.evaluate(batch), depth: depth)
    return .more
  }

  func finish() throws(RuntimeFailure) {}
}
