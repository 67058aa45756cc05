internal import TundishColumns

/// Row n of the left beside row n of the right; the shorter side is padded with NULL.
final class PositionalJoinOperator: PhysicalOperator {
  private let left: any PhysicalOperator
  private let right: any PhysicalOperator

  init(left: any PhysicalOperator, right: any PhysicalOperator) {
    self.left = left
    self.right = right
  }

  var name: String { "positional join" }
  var columns: [PlanColumn] { left.columns + right.columns }
  var children: [any PhysicalOperator] { [left, right] }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let first = try run.collectWhole(left)
    let second = try run.collectWhole(right)
    let count = max(first.rowCount, second.rowCount)
    func padded(_ batch: Batch) -> Batch {
      if batch.rowCount == count { return batch }
      return batch.gathered((0..<Int32(count)).map { Int($0) < batch.rowCount ? $0 : -1 })
    }
    let batch = Batch(columns: padded(first).columns + padded(second).columns, rowCount: count)
    return Pipeline(source: BatchSource([batch], run: run))
  }
}
