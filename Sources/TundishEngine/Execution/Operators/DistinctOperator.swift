internal import TundishColumns

/// The first row of each distinct combination of columns, as rows arrive.
final class DistinctOperator: PhysicalOperator {
  private let keys: [BoundExpression]?
  private let input: any PhysicalOperator

  /// Creates an operator; without keys all columns count.
  init(keys: [BoundExpression]?, input: any PhysicalOperator) {
    self.keys = keys
    self.input = input
  }

  var name: String { keys == nil ? "distinct" : "distinct on" }
  var details: String {
    (keys ?? []).map { $0.explained(by: input.columns) }.joined(separator: ", ")
  }
  var columns: [PlanColumn] { input.columns }
  var children: [any PhysicalOperator] { [input] }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    // Groups go to files where they are too many for the memory.
    if keys == nil && !columns.isEmpty && run.memory.isLimited {
      return try grouping.prepare(run)
    }
    let pipeline = try run.prepare(input)
    let evaluator: ExpressionEvaluator?
    if let keys {
      evaluator = try ExpressionEvaluator(
        keys,
        layout: input.layout,
        context: run.context.functions
      )
    } else {
      evaluator = nil
    }
    let types = keys?.map(\.type) ?? columns.map(\.type)
    return pipeline.appending(
      ConsumerStage(isParallel: false) { next in
        let seen = GroupAssigner(types: types)
        return MapConsumer(next: next) { batch throws(RuntimeFailure) in
          let columns = try evaluator?.evaluate(batch) ?? batch.columns
          let rows = try seen.firstRows(columns, rowCount: batch.rowCount)
          if run.memory.isLimited {
            try run.memory.reserve(rows.count * (24 + 16 * columns.count))
          }
          return rows.count == batch.rowCount ? batch : batch.gathered(rows)
        }
      }
    )
  }

  /// The same rows as groups without aggregates.
  private var grouping: AggregateOperator {
    AggregateOperator(
      AggregatePlan(
        groups: columns.map {
          ProjectedColumn(column: $0, expression: .column($0, range: .nowhere))
        },
        groupingSets: [Array(columns.indices)],
        aggregates: [],
        input: .values(columns: [], rows: [])
      ),
      input: input
    )
  }
}
