internal import TundishColumns
internal import TundishSyntax

/// Computes equal aggregates, window calls and groupings once.
///
/// What: `sum(amount) / sum(amount) OVER ()`-like repetitions within one operator become one call
/// whose result is passed twice; `count(1)` becomes `count(*)`.
///
/// Why: each call costs a pass over its arguments. Equal parts of one projection need no rule,
/// since the evaluator computes them once.
///
/// Why not with random arguments: `sum(random()), sum(random())` are two sums.
struct MergeAggregates: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    let plan = plan.mapChildren { apply($0, state) }
    guard case .aggregate(var aggregate) = plan else { return plan }
    for position in aggregate.aggregates.indices {
      let call = aggregate.aggregates[position]
      guard call.function.name == "count", !call.isDistinct, call.arguments.count == 1,
        let value = call.arguments[0].literal, !value.isNull,
        let counting = try? FunctionRegistry.standard
          .resolveAggregate(name: "count", argumentTypes: []).get()
      else { continue }
      state.hasChanged = true
      aggregate.aggregates[position].function = counting
      aggregate.aggregates[position].arguments = []
    }
    var kept: [AggregateCall] = []
    var columns: [ExpressionKey: PlanColumn] = [:]
    var merged: [ColumnID: PlanColumn] = [:]
    for call in aggregate.aggregates {
      if let key = call.key {
        if let known = columns[key] {
          merged[call.column.id] = known
          continue
        }
        columns[key] = call.column
      }
      kept.append(call)
    }
    guard !merged.isEmpty else { return .aggregate(aggregate) }
    state.hasChanged = true
    let outputs = aggregate.outputs.map { column in
      ProjectedColumn(
        column: column,
        expression: .column(merged[column.id] ?? column, range: .nowhere)
      )
    }
    aggregate.aggregates = kept
    return .project(outputs, .aggregate(aggregate))
  }
}
