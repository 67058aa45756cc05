internal import TundishColumns
internal import TundishSyntax

/// Computes projections over projections at once.
///
/// What: `project b + 1` over `project b: a` becomes `project a + 1`; a projection that only renames
/// what an aggregation, a join or a scan gives stays one operator.
///
/// Why: each projection passes every batch on once more, and the evaluator computes equal parts of
/// one projection once.
///
/// Why not always: an inner column that is used twice is computed twice, which matters where it is
/// random: `SELECT x, x FROM (SELECT random() AS x)` gives two equal columns.
struct MergeProjections: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    let plan = plan.mapChildren { apply($0, state) }
    guard case .project(let outer, .project(let inner, let input)) = plan else { return plan }
    let definitions = Dictionary(
      inner.map { ($0.column.id, $0.expression) },
      uniquingKeysWith: { first, _ in first }
    )
    var merged: [ProjectedColumn] = []
    for column in outer {
      guard let expression = column.expression.expandingOnce(definitions) else { return plan }
      merged.append(ProjectedColumn(column: column.column, expression: expression))
    }
    state.hasChanged = true
    return .project(merged, input)
  }
}

extension BoundExpression {
  /// Replaces columns by their definitions, where these may be computed once per use.
  func expandingOnce(
    _ definitions: [ColumnID: BoundExpression]
  ) -> BoundExpression? {
    for id in columnIDs {
      guard let definition = definitions[id] else { return nil }
      if definition.columnID == nil && definition.literal == nil && !definition.isDeterministic {
        return nil
      }
    }
    let bound = 1_000
    let expanded = substituting(definitions)
    return expanded.size(upTo: bound) < bound ? expanded : nil
  }
}
