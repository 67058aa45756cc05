internal import TundishColumns

/// Window functions that share one partitioning and order.
final class WindowOperator: PhysicalOperator {
  let input: any PhysicalOperator
  let plan: WindowPlan

  init(_ plan: WindowPlan, input: any PhysicalOperator) {
    self.plan = plan
    self.input = input
  }

  var name: String { "window" }
  var columns: [PlanColumn] { input.columns + plan.calls.map(\.column) }
  var children: [any PhysicalOperator] { [input] }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    throw RuntimeFailure(ExecutionError(.limit, "no window functions yet"), at: .nowhere)
  }
}
