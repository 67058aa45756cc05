internal import TundishColumns
internal import TundishSyntax

/// Each left row beside the right row of its key that is nearest by an inequality.
///
/// Both sides are collected and their values ranked together; the right rows of each key are
/// ordered by rank, all at once, and searched by bisection. Of right rows with equal values the last
/// one counts.
final class AsOfJoinOperator: PhysicalOperator {
  private let plan: JoinPlan
  private let left: any PhysicalOperator
  private let right: any PhysicalOperator

  init(_ plan: JoinPlan, left: any PhysicalOperator, right: any PhysicalOperator) {
    self.plan = plan
    self.left = left
    self.right = right
  }

  var name: String { "as-of join" }
  var columns: [PlanColumn] { left.columns + right.columns }
  var children: [any PhysicalOperator] { [left, right] }
  var estimatedRowCount: Int? { left.estimatedRowCount }

  var details: String {
    let keys = plan.keys.map {
      "\($0.left.explained(by: left.columns)) = \($0.right.explained(by: right.columns))"
    }
    let nearest = plan.asOf.map {
      "\($0.left.explained(by: left.columns)) \($0.comparison.rawValue) "
        + $0.right.explained(by: right.columns)
    }
    return (keys + (nearest.map { [$0] } ?? [])).joined(separator: " and ")
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    guard let asOf = plan.asOf else {
      preconditionFailure("an as-of join has its inequality")
    }
    let leftRows = try run.collectWhole(left)
    let rightRows = try run.collectWhole(right)
    // Ranks and their order, the index and the matches.
    try run.memory.reserve(
      rightRows.rowCount * (HashJoinOperator.indexByteCount + 24) + leftRows.rowCount * 32
    )
    let functions = run.context.functions
    let leftColumns = try ExpressionEvaluator(
      plan.keys.map(\.left) + [asOf.left],
      layout: left.layout,
      context: functions
    ).evaluate(leftRows)
    let rightColumns = try ExpressionEvaluator(
      plan.keys.map(\.right) + [asOf.right],
      layout: right.layout,
      context: functions
    ).evaluate(rightRows)
    let matches = try nearest(
      leftColumns,
      leftRows.rowCount,
      rightColumns,
      rightRows.rowCount,
      asOf: asOf,
      run: run
    )
    let keepsAll = plan.kind == .asOfLeft
    let rows = rowNumbers(count: matches.count) { keepsAll || matches[$0] >= 0 }
    return Pipeline(
      source: PairingSource(
        (leftRows, rows),
        (rightRows, keepsAll ? matches : gatheredGroups(matches, rows)),
        run: run
      )
    )
  }

  /// The right row of each left row, -1 where there is none.
  private func nearest(
    _ leftColumns: [Column],
    _ leftCount: Int,
    _ rightColumns: [Column],
    _ rightCount: Int,
    asOf: AsOfKey,
    run: QueryRun
  ) throws(RuntimeFailure) -> [Int32] {
    let keyCount = plan.keys.count
    let (leftRanks, rightRanks) = try ranks(leftColumns[keyCount], rightColumns[keyCount], run)
    let index = try JoinIndex(
      keys: Array(rightColumns[..<keyCount]),
      isNullSafe: plan.keys.map(\.isNullSafe),
      rowCount: rightCount,
      run: run
    )
    // The rows of each key by rank; ties keep their order, so the last of equals comes last.
    let right = try RangeValues(rightRanks, index: index, run: run)
    var cache = GroupTable.LookupCache()
    var matches: [Int32] = []
    matches.reserveCapacity(leftCount)
    for start in stride(from: 0, to: leftCount, by: ExecutionLimits.rowsBetweenLooks) {
      try run.checkCancellation()
      let rows = start..<min(leftCount, start + ExecutionLimits.rowsBetweenLooks)
      let groups = index.groups(
        of: leftColumns[..<keyCount].map { $0.sliced(rows) },
        rowCount: rows.count,
        cache: &cache
      )
      let ranks = leftRanks.sliced(rows)
      let probes = OrderedNumbers(ranks)
      for row in 0..<rows.count {
        let known = index.knownRange(of: groups[row], right)
        let place =
          ranks.isValid(at: row)
          ? Self.place(of: probes, row, in: known, right, asOf.comparison) : nil
        matches.append(place.map { index.rows[$0] } ?? -1)
      }
    }
    return matches
  }

  /// The place of the nearest value of a group's range; nil where there is none.
  private static func place(
    of probes: OrderedNumbers,
    _ row: Int,
    in range: Range<Int>,
    _ right: RangeValues,
    _ comparison: ComparisonOperator
  ) -> Int? {
    switch comparison {
    case .greaterOrEqual, .greater:
      let end = right.values.place(of: probes, row, in: range, after: comparison == .greaterOrEqual)
      return end > range.lowerBound ? end - 1 : nil
    case .lessOrEqual, .less:
      let start = right.values.place(of: probes, row, in: range, after: comparison == .less)
      return start < range.upperBound ? start : nil
    case .equal, .notEqual, .notDistinct, .distinct:
      return nil
    }
  }

  /// Numbers the values of both sides in one order; NULL stays NULL.
  private func ranks(
    _ left: Column,
    _ right: Column,
    _ run: QueryRun
  ) throws(RuntimeFailure) -> (left: Column, right: Column) {
    let both = try blaming(.nowhere) { () throws(ExecutionError) in
      try Column.concatenated([left, right], type: left.type)
    }
    let order = try EngineKernels.sortOrder(
      [(both, SortDirection())],
      rowCount: both.count,
      run: run
    )
    let changes = SortedOrder.runStarts(of: [both], in: order)
    try run.checkCancellation()
    var ranks = [Int64](repeating: 0, count: both.count)
    var rank: Int64 = 0
    for (position, row) in order.enumerated() {
      if changes[position] { rank += 1 }
      ranks[Int(row)] = rank
    }
    let column = Column.integers(ranks, type: .bigint, validity: both.validityPerRow())
    return (column.sliced(0..<left.count), column.sliced(left.count..<both.count))
  }
}

/// Gives rows of two batches in memory side by side, gathered batch by batch; -1 stands for NULL.
private final class PairingSource: MorselSource {
  private let left: (batch: Batch, rows: [Int32])
  private let right: (batch: Batch, rows: [Int32])
  private let run: QueryRun

  init(
    _ left: (batch: Batch, rows: [Int32]),
    _ right: (batch: Batch, rows: [Int32]),
    run: QueryRun
  ) {
    self.left = left
    self.right = right
    self.run = run
  }

  private var size: Int { run.context.batchRowCount }

  var morselCount: Int { (left.rows.count + size - 1) / size }

  func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow {
    try run.checkCancellation()
    let places = morsel * size..<min(morsel * size + size, left.rows.count)
    let leftRows = Array(left.rows[places])
    let rightRows = Array(right.rows[places])
    let columns =
      left.batch.columns.map { $0.gathered(leftRows) }
      + right.batch.columns.map { $0.gathered(rightRows) }
    return try consumer.consume(Batch(columns: columns, rowCount: places.count))
  }
}
