internal import TundishColumns

/// Rows written in the query.
final class ValuesOperator: PhysicalOperator {
  private let rows: [[BoundExpression]]
  let columns: [PlanColumn]

  init(columns: [PlanColumn], rows: [[BoundExpression]]) {
    self.columns = columns
    self.rows = rows
  }

  var name: String { "values" }
  var details: String { "\(rows.count) row\(rows.count == 1 ? "" : "s")" }
  var children: [any PhysicalOperator] { [] }
  var estimatedRowCount: Int? { rows.count }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let single = Batch(columns: [], rowCount: 1)
    var builders = columns.map { AnyColumnBuilder(type: $0.type) }
    for row in rows {
      let values = try ExpressionEvaluator(
        row,
        layout: ColumnLayout([]),
        context: run.context.functions
      ).evaluate(single)
      for (position, value) in values.enumerated() {
        builders[position].append(value.value(at: 0))
      }
    }
    let batch = Batch(columns: builders.map { $0.finish() }, rowCount: rows.count)
    builders = []
    return Pipeline(source: BatchSource([batch], run: run))
  }
}

/// The rows of a table function.
final class TableFunctionOperator: PhysicalOperator {
  private let scan: ScanOperator
  private let plan: TableFunctionPlan

  init(_ plan: TableFunctionPlan) {
    self.plan = plan
    scan = ScanOperator(
      ScanPlan(
        source: plan.source,
        name: plan.name,
        columns: plan.columns.enumerated().map { position, column in
          ScanColumn(column: column, position: position)
        }
      )
    )
  }

  var name: String { "table function" }
  var details: String { plan.name }
  var columns: [PlanColumn] { plan.columns }
  var children: [any PhysicalOperator] { [] }
  var estimatedRowCount: Int? { plan.source.rowCount }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    try scan.prepare(run)
  }
}
