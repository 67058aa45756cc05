internal import TundishColumns

/// New columns from each row.
final class ProjectOperator: PhysicalOperator {
  private let projections: [ProjectedColumn]
  private let input: any PhysicalOperator
  let columns: [PlanColumn]

  init(_ projections: [ProjectedColumn], input: any PhysicalOperator) {
    self.projections = projections
    self.input = input
    columns = projections.map(\.column)
  }

  var name: String { "project" }
  var children: [any PhysicalOperator] { [input] }
  var details: String {
    projections.map { projection in
      let text = projection.expression.explained(by: input.columns)
      return text == projection.column.name ? text : "\(text) as \(projection.column.name)"
    }.joined(separator: ", ")
  }

  func keyFilterTarget(of column: ColumnID) -> KeyFilterTarget? {
    projections.first { $0.column.id == column }?.expression.columnID
      .flatMap { input.keyFilterTarget(of: $0) }
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let pipeline = try run.prepare(input)
    let layout = input.layout
    let expressions = projections.map(\.expression)
    return pipeline.appending(
      ConsumerStage(isParallel: true) { next throws(RuntimeFailure) in
        let evaluator = try ExpressionEvaluator(
          expressions,
          layout: layout,
          context: run.context.functions
        )
        return MapConsumer(next: next) { batch throws(RuntimeFailure) in
          Batch(columns: try evaluator.evaluate(batch), rowCount: batch.rowCount)
        }
      }
    )
  }
}
