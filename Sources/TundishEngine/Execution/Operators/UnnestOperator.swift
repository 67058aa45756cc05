internal import TundishColumns

/// One row per list element beside the input's columns; several lists advance together.
final class UnnestOperator: PhysicalOperator {
  private let plan: UnnestPlan
  private let input: any PhysicalOperator
  let columns: [PlanColumn]

  init(_ plan: UnnestPlan, input: any PhysicalOperator) {
    self.plan = plan
    self.input = input
    columns =
      input.columns + plan.lists.map(\.column) + (plan.ordinality.map { [$0] } ?? [])
  }

  var name: String { "unnest" }
  var details: String {
    plan.lists.map { $0.expression.explained(by: input.columns) }.joined(separator: ", ")
  }
  var children: [any PhysicalOperator] { [input] }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let pipeline = try run.prepare(input)
    let layout = input.layout
    return pipeline.appending(
      ConsumerStage(isParallel: true) { next throws(RuntimeFailure) in
        let evaluator = try ExpressionEvaluator(
          self.plan.lists.map(\.expression),
          layout: layout,
          context: run.context.functions
        )
        return UnnestConsumer(next: next, plan: self.plan, evaluator: evaluator, run: run)
      }
    )
  }
}

private final class UnnestConsumer: Consumer {
  private let next: any Consumer
  private let plan: UnnestPlan
  private let evaluator: ExpressionEvaluator
  private let run: QueryRun

  init(
    next: any Consumer,
    plan: UnnestPlan,
    evaluator: ExpressionEvaluator,
    run: QueryRun
  ) {
    self.next = next
    self.plan = plan
    self.evaluator = evaluator
    self.run = run
  }

  func finish() throws(RuntimeFailure) {
    try next.finish()
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow {
    let lists = try evaluator.evaluate(batch).map { $0.expanded() }
    var owners: [Int32] = []
    var elements = [[Int32]](repeating: [], count: lists.count)
    var numbers: [Int64] = []
    for row in 0..<batch.rowCount {
      let ranges = lists.map { Self.range(of: $0, at: row) }
      var length = ranges.reduce(0) { max($0, $1.count) }
      let isEmpty = length == 0
      if isEmpty && plan.keepsEmpty { length = 1 }
      for element in 0..<length {
        owners.append(Int32(row))
        numbers.append(isEmpty ? 0 : Int64(element + 1))
        for (list, range) in ranges.enumerated() {
          elements[list].append(
            element < range.count ? range.lowerBound + Int32(element) : -1
          )
        }
        if owners.count >= ExecutionLimits.unnestedRows {
          if case .done = try flush(batch, lists, &owners, &elements, &numbers) { return .done }
        }
      }
    }
    return try flush(batch, lists, &owners, &elements, &numbers)
  }

  private func flush(
    _ batch: Batch,
    _ lists: [Column],
    _ owners: inout [Int32],
    _ elements: inout [[Int32]],
    _ numbers: inout [Int64]
  ) throws(RuntimeFailure) -> Flow {
    try run.checkCancellation()
    guard !owners.isEmpty else { return .more }
    var columns = batch.columns.map { $0.gathered(owners) }
    for (position, list) in lists.enumerated() {
      let type = plan.lists[position].column.type
      if case .list(let vector) = list.data {
        columns.append(vector.child.gathered(elements[position]).retyped(type))
      } else {
        columns.append(.nulls(type: type, count: owners.count))
      }
      elements[position] = []
    }
    if let ordinality = plan.ordinality {
      columns.append(
        .integers(
          numbers,
          type: ordinality.type,
          validity: plan.keepsEmpty ? numbers.map { $0 > 0 } : nil
        )
      )
    }
    let count = owners.count
    owners = []
    numbers = []
    return try next.consume(Batch(columns: columns, rowCount: count))
  }

  private static func range(of column: Column, at row: Int) -> Range<Int32> {
    guard case .list(let vector) = column.data, column.isValid(at: row) else { return 0..<0 }
    return vector.ranges[row]
  }
}
