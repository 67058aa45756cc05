/// Rows of a pipeline that another operator has prepared, as the input of a further one.
final class PreparedOperator: PhysicalOperator {
  private let pipeline: Pipeline
  let columns: [PlanColumn]

  /// Creates an operator that gives the rows of a pipeline, which may run several times.
  init(_ pipeline: Pipeline, columns: [PlanColumn]) {
    self.pipeline = pipeline
    self.columns = columns
  }

  var name: String { "prepared" }
  var children: [any PhysicalOperator] { [] }
  var estimatedRowCount: Int? { nil }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline { pipeline }
}
