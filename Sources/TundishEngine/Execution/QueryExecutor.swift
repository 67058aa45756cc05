package import TundishColumns
internal import TundishSyntax

/// What a run of a plan gave.
package struct QueryOutput: Sendable {
  /// The rows.
  package var batches: [Batch]
  /// Rows and time per operator, in plan order; empty unless the run was profiled.
  package var profile: [OperatorProfile]

  /// The number of rows.
  package var rowCount: Int { batches.reduce(0) { $0 + $1.rowCount } }
}

/// Runs plans.
package enum QueryExecutor {
  /// Runs a plan and returns the columns of `output`, in that order.
  package static func run(
    plan: Plan,
    output: [PlanColumn],
    context: ExecutionContext
  ) throws(RuntimeFailure) -> QueryOutput {
    let root = try PhysicalPlanner.plan(plan)
    let run = QueryRun(context: context)
    var batches = try run.collectResult(root)
    // What a cancelled kernel has left undone must not be taken for rows.
    try run.checkCancellation()
    if output.map(\.id) != root.columns.map(\.id) {
      let positions = output.map { root.layout.position(of: $0.id) }
      batches = batches.map { $0.projected(positions) }
    }
    return QueryOutput(batches: batches, profile: run.profiler?.profiles(of: root) ?? [])
  }

  /// Returns the operators that a plan would run with, one line each, inputs indented.
  package static func describe(plan: Plan) -> [String] {
    do {
      return describe(try PhysicalPlanner.plan(plan), depth: 0)
    } catch {
      return [error.error.message]
    }
  }

  private static func describe(_ physical: any PhysicalOperator, depth: Int) -> [String] {
    var line = String(repeating: "  ", count: depth) + physical.name
    if !physical.details.isEmpty { line += " \(physical.details)" }
    if let rows = physical.estimatedRowCount { line += " (about \(rows) rows)" }
    return [line] + physical.children.flatMap { describe($0, depth: depth + 1) }
  }
}
