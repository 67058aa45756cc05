internal import TundishColumns

/// The rows for which a condition is true.
final class FilterOperator: PhysicalOperator {
  private let condition: BoundExpression
  private let input: any PhysicalOperator

  init(_ condition: BoundExpression, input: any PhysicalOperator) {
    self.condition = condition
    self.input = input
  }

  var name: String { "filter" }
  var details: String { condition.explained(by: input.columns) }
  var columns: [PlanColumn] { input.columns }
  var children: [any PhysicalOperator] { [input] }
  var estimatedRowCount: Int? {
    input.estimatedRowCount.map { max(1, Int(Double($0) * Selectivity.guess(condition))) }
  }

  func keyFilterTarget(of column: ColumnID) -> KeyFilterTarget? {
    input.keyFilterTarget(of: column)
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let pipeline = try run.prepare(input)
    let layout = input.layout
    let condition = condition
    return pipeline.appending(
      ConsumerStage(isParallel: true) { next throws(RuntimeFailure) in
        let evaluator = try ExpressionEvaluator(
          [condition],
          layout: layout,
          context: run.context.functions
        )
        return MapConsumer(next: next) { batch throws(RuntimeFailure) in
          guard let rows = try evaluator.select(0, EvaluationFrame(batch)) else { return batch }
          return rows.isEmpty ? nil : batch.gathered(rows)
        }
      }
    )
  }
}
