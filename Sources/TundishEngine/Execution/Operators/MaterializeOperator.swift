internal import TundishColumns
internal import TundishSyntax

/// Computes a query once, then runs what reads it; rows that do not fit into memory are read from a
/// file.
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
    run.materializations[plan.id] = try run.spool(definition)
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
    guard let rows = run.materializations[plan.id] else {
      return Pipeline(source: BatchSource([], run: run))
    }
    return rows.pipeline.appending(
      ConsumerStage(isParallel: true) { next in
        MapConsumer(next: next) { batch throws(RuntimeFailure) in
          Batch(
            columns: zip(batch.columns, types).map { $0.retyped($1) },
            rowCount: batch.rowCount
          )
        }
      }
    )
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
    let rows = Spool(run: run)
    var round = try fresh(run.spool(anchor), types: types, seen: seen, run: run)
    var roundCount = 0
    while round.rowCount > 0 {
      try run.checkCancellation()
      try round.eachBatch { batch throws(RuntimeFailure) in try rows.append(batch) }
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
      let next = try fresh(run.spool(step), types: types, seen: seen, run: run)
      round.discard()
      round = next
    }
    run.materializations[plan.id] = nil
    return rows.pipeline
  }

  /// The rows of a round that count.
  private func fresh(
    _ found: Spool,
    types: [DataType],
    seen: GroupAssigner?,
    run: QueryRun
  ) throws(RuntimeFailure) -> Spool {
    let kept = Spool(run: run)
    try found.eachBatch { batch throws(RuntimeFailure) in
      var typed = Batch(
        columns: zip(batch.columns, types).map { $0.retyped($1) },
        rowCount: batch.rowCount
      )
      if let seen {
        let held = seen.heldByteCount()
        let rows = try seen.firstRows(typed.columns, rowCount: typed.rowCount)
        if run.memory.isLimited { try run.memory.reserve(seen.heldByteCount() - held) }
        typed = typed.gathered(rows)
      }
      try kept.append(typed)
    }
    found.discard()
    return kept
  }
}
