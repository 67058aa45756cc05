internal import TundishColumns

/// Ranks only the rows that may be among the first of their partition.
///
/// What: a filter such as `row_number <= 3` or `rank = 1` tells the window below how many rows of
/// each partition are wanted. The filter stays.
///
/// Why: the newest row of each account is found in one pass, where ranking sorts all rows.
///
/// Why not for every call: with `row_number` the window may compute only what looks at nothing behind
/// a row. `count(*) OVER (PARTITION BY owner)` beside it counts the rows that would be missing, and
/// `dense_rank() <= 2` may hold for any number of rows.
struct LimitWindows: OptimizerRule {
  /// The most rows of a partition that are looked for one by one.
  private static let greatestCount: Int64 = 64

  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    let plan = plan.mapChildren { apply($0, state) }
    guard case .filter(let predicate, .window(var window)) = plan,
      window.calls.allSatisfy(\.looksBackOnly), mayLeaveRowsOut(window)
    else { return plan }
    let counted = Set(window.calls.filter(\.growsByRow).map(\.column.id))
    let counts = predicate.conjuncts.compactMap { upperBound($0, counted) }
    guard let count = counts.min(), (1...Self.greatestCount).contains(count) else { return plan }
    state.hasChanged = true
    window.headCount = Int(count)
    return .filter(predicate, .window(window))
  }

  /// Whether the keys are the same when they are computed once more, and those that decide between
  /// peers can be left alone.
  private func mayLeaveRowsOut(_ window: WindowPlan) -> Bool {
    let order = window.orderBy.map(\.expression)
    // Without an order all rows are peers.
    if order.isEmpty, !window.calls.allSatisfy({ $0.isRowNumber }) { return false }
    return (window.partitionBy + order).allSatisfy(\.isDeterministic)
      && !order.dropFirst().contains(where: \.canFail)
  }

  /// The greatest value that a condition lets one of some columns have; nil where it is about
  /// something else.
  private func upperBound(_ condition: BoundExpression, _ columns: Set<ColumnID>) -> Int64? {
    switch condition.kind {
    case .inValues(let operand, let values):
      guard let id = operand.columnID, columns.contains(id) else { return nil }
      var greatest: Int64?
      for value in values {
        guard case .integer(let value) = value else { return nil }
        greatest = max(greatest ?? value, value)
      }
      return greatest
    case .comparison(let comparison, let left, let right):
      if let id = left.columnID, columns.contains(id), case .integer(let value)? = right.literal {
        return upperBound(comparison, value)
      }
      if let id = right.columnID, columns.contains(id), case .integer(let value)? = left.literal {
        return upperBound(comparison.mirrored, value)
      }
      return nil
    default:
      return nil
    }
  }

  private func upperBound(_ comparison: ComparisonOperator, _ value: Int64) -> Int64? {
    switch comparison {
    case .equal, .lessOrEqual: value
    case .less: value > .min ? value - 1 : nil
    default: nil
    }
  }
}

extension WindowCall {
  /// Whether the value of a row depends on no row that comes after it and is no peer.
  var looksBackOnly: Bool {
    switch function {
    case .rowNumber, .rank, .denseRank: arguments.isEmpty && argumentOrder.isEmpty
    default: false
    }
  }

  var isRowNumber: Bool { if case .rowNumber = function { true } else { false } }

  /// Whether at least one row less than the value comes before a row.
  var growsByRow: Bool {
    switch function {
    case .rowNumber, .rank: true
    default: false
    }
  }
}
