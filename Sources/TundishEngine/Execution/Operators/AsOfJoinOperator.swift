internal import TundishColumns
internal import TundishSyntax

/// Each left row beside the right row of its key that is nearest by an inequality.
///
/// Both sides are collected and their values ranked together; the right rows of each key are
/// ordered by rank and searched by bisection. Of right rows with equal values the last one counts.
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
    let batch = Batch(
      columns: leftRows.columns.map { $0.gathered(rows) }
        + rightRows.columns.map { $0.gathered(gatheredGroups(matches, rows)) },
      rowCount: rows.count
    )
    return Pipeline(source: BatchSource([batch], run: run))
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
    var ordered: [Int32] = []
    var starts: [Int] = [0]
    for group in 0..<Int32(index.starts.count - 1) {
      if group & 0xFFF == 0 { try run.checkCancellation() }
      let rows = index.rows[index.range(of: group)].filter { rightRanks[Int($0)] >= 0 }
      ordered.append(
        contentsOf: rows.sorted { first, second in
          (rightRanks[Int(first)], first) < (rightRanks[Int(second)], second)
        }
      )
      starts.append(ordered.count)
    }
    var cache = GroupTable.LookupCache()
    let groups = index.groups(
      of: Array(leftColumns[..<keyCount]),
      rowCount: leftCount,
      cache: &cache
    )
    return (0..<leftCount).map { row in
      let group = Int(groups[row])
      let rank = leftRanks[row]
      guard group >= 0, rank >= 0 else { return -1 }
      let range = starts[group]..<starts[group + 1]
      // The first place whose rank is above (or at) the left row's rank.
      func place(orEqual: Bool) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
          let middle = (low + high) / 2
          let other = rightRanks[Int(ordered[middle])]
          if other > rank || (orEqual && other == rank) { high = middle } else { low = middle + 1 }
        }
        return low
      }
      switch asOf.comparison {
      case .greaterOrEqual, .greater:
        let end = place(orEqual: asOf.comparison == .greater)
        return end > range.lowerBound ? ordered[end - 1] : -1
      case .lessOrEqual, .less:
        let start = place(orEqual: asOf.comparison == .lessOrEqual)
        return start < range.upperBound ? ordered[start] : -1
      case .equal, .notEqual, .notDistinct, .distinct:
        return -1
      }
    }
  }

  /// Numbers the values of both sides in one order; -1 for NULL.
  private func ranks(
    _ left: Column,
    _ right: Column,
    _ run: QueryRun
  ) throws(RuntimeFailure) -> ([Int32], [Int32]) {
    let both = try blaming(.nowhere) { () throws(ExecutionError) in
      try Column.concatenated([left, right], type: left.type)
    }
    let order = try EngineKernels.sortOrder(
      [(both, SortDirection())],
      rowCount: both.count,
      run: run
    )
    let changes = SortedOrder.runStarts(of: [both], in: order)
    var ranks = [Int32](repeating: -1, count: both.count)
    var rank: Int32 = -1
    for (position, row) in order.enumerated() {
      if position == 0 || changes[position] { rank += 1 }
      if both.isValid(at: Int(row)) { ranks[Int(row)] = rank }
    }
    return (Array(ranks[..<left.count]), Array(ranks[left.count...]))
  }
}
