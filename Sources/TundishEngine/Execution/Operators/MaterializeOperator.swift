internal import TundishColumns
internal import TundishSyntax

/// Computes a query once, then runs what reads it.
final class MaterializeOperator: PhysicalOperator {
  private let plan: MaterializePlan
  private let definition: any PhysicalOperator
  private let body: any PhysicalOperator

  init(
    _ plan: MaterializePlan,
    definition: any PhysicalOperator,
    body: any PhysicalOperator
  ) {
    self.plan = plan
    self.definition = definition
    self.body = body
  }

  var name: String { "materialize" }
  var details: String { plan.name }
  var columns: [PlanColumn] { body.columns }
  var children: [any PhysicalOperator] { [definition, body] }
  var estimatedRowCount: Int? { body.estimatedRowCount }

  func keyFilterTarget(of column: ColumnID) -> KeyFilterTarget? {
    body.keyFilterTarget(of: column)
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    run.materializations[plan.id] = try run.collect(definition)
    return try run.prepare(body)
  }
}

/// Reads a query that was computed before.
final class ReferenceOperator: PhysicalOperator {
  private let plan: ReferencePlan

  init(_ plan: ReferencePlan) {
    self.plan = plan
  }

  var name: String { "read" }
  var details: String { plan.name }
  var columns: [PlanColumn] { plan.columns }
  var children: [any PhysicalOperator] { [] }
  var estimatedRowCount: Int? { nil }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let types = plan.columns.map(\.type)
    let batches = (run.materializations[plan.id] ?? []).map { batch in
      Batch(
        columns: zip(batch.columns, types).map { $0.retyped($1) },
        rowCount: batch.rowCount
      )
    }
    return Pipeline(source: BatchSource(batches, run: run))
  }
}

/// WITH RECURSIVE: repeats the step over the previous round's rows until it gives none.
final class RecursiveOperator: PhysicalOperator {
  private let plan: RecursivePlan
  private let anchor: any PhysicalOperator
  private let step: any PhysicalOperator

  init(_ plan: RecursivePlan, anchor: any PhysicalOperator, step: any PhysicalOperator) {
    self.plan = plan
    self.anchor = anchor
    self.step = step
  }

  var name: String { "recursive" }
  var details: String { plan.name + (plan.isAll ? "" : "; distinct") }
  var columns: [PlanColumn] { plan.columns }
  var children: [any PhysicalOperator] { [anchor, step] }
  var estimatedRowCount: Int? { nil }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let types = plan.columns.map(\.type)
    let seen = plan.isAll ? nil : GroupAssigner(types: types)
    var rows: [Batch] = []
    var round = try fresh(run.collect(anchor), types: types, seen: seen)
    var roundCount = 0
    while !round.isEmpty {
      try run.checkCancellation()
      rows += round
      roundCount += 1
      guard roundCount <= ExecutionLimits.recursionRounds else {
        throw RuntimeFailure(
          ExecutionError(
            .limit,
            "the recursive query '\(plan.name)' did not end after "
              + "\(ExecutionLimits.recursionRounds) rounds"
          ),
          at: .nowhere
        )
      }
      run.materializations[plan.id] = round
      round = try fresh(run.collect(step), types: types, seen: seen)
    }
    run.materializations[plan.id] = nil
    return Pipeline(source: BatchSource(rows, run: run))
  }

  /// The rows of a round that count, as batches that are not empty.
  private func fresh(
    _ batches: [Batch],
    types: [DataType],
    seen: GroupAssigner?
  ) throws(RuntimeFailure) -> [Batch] {
    var kept: [Batch] = []
    for batch in batches where batch.rowCount > 0 {
      try blaming(.nowhere) { () throws(ExecutionError) in try Cancellation.check() }
      var typed = Batch(
        columns: zip(batch.columns, types).map { $0.retyped($1) },
        rowCount: batch.rowCount
      )
      if let seen {
        typed = typed.gathered(try seen.firstRows(typed.columns, rowCount: typed.rowCount))
      }
      if typed.rowCount > 0 { kept.append(typed) }
    }
    return kept
  }
}
