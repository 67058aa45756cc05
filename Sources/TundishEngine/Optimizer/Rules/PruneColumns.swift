internal import TundishColumns
internal import TundishSyntax

/// Drops columns, aggregates and window calls that nobody reads.
///
/// What: scans read only the columns that are used above them; joins, sorts and materialized
/// queries carry only columns that are used later. A common table that nobody reads is dropped.
///
/// Why: a column that is not read costs nothing, and every operator that collects rows copies all
/// columns that it is given.
///
/// Why not everywhere: DISTINCT, UNION, INTERSECT, EXCEPT and GROUP BY compare whole rows, so in
/// `SELECT count(*) FROM (SELECT DISTINCT owner, stage FROM deals)` both columns matter though none
/// is read.
struct PruneColumns: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    let pruner = ColumnPruner(state)
    return pruner.prune(plan, Set(state.output.map(\.id)))
  }
}

private final class ColumnPruner {
  private let state: OptimizerState
  /// The positions that are read of each materialized query.
  private var readPositions: [MaterializationID: Set<Int>] = [:]

  init(_ state: OptimizerState) {
    self.state = state
  }

  /// Returns a plan that gives at least the needed columns.
  func prune(_ plan: Plan, _ needed: Set<ColumnID>) -> Plan {
    switch plan {
    case .scan(var scan):
      let used = needed.union(scan.predicate?.columnIDs ?? [])
      let kept = scan.columns.filter { used.contains($0.column.id) }
      if kept.count == scan.columns.count { return plan }
      state.hasChanged = true
      scan.columns = kept
      return .scan(scan)
    case .values(let columns, let rows):
      let kept = columns.indices.filter { needed.contains(columns[$0].id) }
      if kept.count == columns.count { return plan }
      state.hasChanged = true
      return .values(
        columns: kept.map { columns[$0] },
        rows: rows.map { row in kept.map { row[$0] } }
      )
    case .project(let columns, let input):
      return prune(columns, input, needed)
    case .join(let join):
      return prune(join, needed)
    case .aggregate(var aggregate):
      let kept = aggregate.aggregates.filter { needed.contains($0.column.id) }
      if kept.count < aggregate.aggregates.count { state.hasChanged = true }
      aggregate.aggregates = kept
      aggregate.input = prune(aggregate.input, used(by: .aggregate(aggregate)))
      return .aggregate(aggregate)
    case .window(var window):
      let kept = window.calls.filter { needed.contains($0.column.id) }
      if kept.count < window.calls.count { state.hasChanged = true }
      if kept.isEmpty { return prune(window.input, needed) }
      window.calls = kept
      let below = needed.union(used(by: .window(window)))
      window.input = narrow(prune(window.input, below), below)
      return .window(window)
    case .sort, .limit:
      let below = needed.union(used(by: plan))
      return plan.mapChildren { narrow(prune($0, below), below) }
    case .filter, .distinctOn, .unnest, .sample:
      let below = needed.union(used(by: plan))
      return plan.mapChildren { prune($0, below) }
    case .distinct(let input):
      let columns = input.columns
      return .distinct(prune(input, Set(columns.map(\.id))).giving(columns))
    case .setOperation(let operation):
      return prune(operation, needed)
    case .materialize(let materialize):
      return prune(materialize, needed)
    case .reference(let reference):
      let positions = reference.columns.indices.filter { needed.contains(reference.columns[$0].id) }
      readPositions[reference.id, default: []].formUnion(positions)
      return plan
    case .recursive(var recursive):
      recursive.anchor = whole(recursive.anchor, recursive.columns.count)
      recursive.step = whole(recursive.step, recursive.columns.count)
      return .recursive(recursive)
    case .tableFunction:
      return plan
    }
  }

  private func used(by plan: Plan) -> Set<ColumnID> {
    plan.expressions.reduce(into: []) { $0.formUnion($1.columnIDs) }
  }

  /// Leaves out columns before an operator that collects its input.
  private func narrow(_ plan: Plan, _ needed: Set<ColumnID>) -> Plan {
    let columns = plan.columns
    let kept = columns.filter { needed.contains($0.id) }
    if kept.count == columns.count { return plan }
    state.hasChanged = true
    if case .project(let projected, let input) = plan {
      return .project(projected.filter { needed.contains($0.column.id) }, input)
    }
    return .project(kept.map { ProjectedColumn(passing: $0) }, plan)
  }

  /// Prunes below an input whose first columns are read by position.
  private func whole(_ plan: Plan, _ count: Int) -> Plan {
    let columns = Array(plan.columns.prefix(count))
    return prune(plan, Set(columns.map(\.id))).giving(columns)
  }

  private func prune(
    _ columns: [ProjectedColumn],
    _ input: Plan,
    _ needed: Set<ColumnID>
  ) -> Plan {
    var seen: Set<ColumnID> = []
    var kept: [ProjectedColumn] = []
    for column in columns where needed.contains(column.column.id) {
      if seen.insert(column.column.id).inserted { kept.append(column) }
    }
    if kept.count < columns.count { state.hasChanged = true }
    let used = kept.reduce(into: Set<ColumnID>()) { $0.formUnion($1.expression.columnIDs) }
    let below = prune(input, used)
    if kept.allSatisfy({ $0.expression.columnID == $0.column.id }),
      below.columns.map(\.id) == kept.map(\.column.id)
    {
      state.hasChanged = true
      return below
    }
    return .project(kept, below)
  }

  private func prune(_ join: JoinPlan, _ needed: Set<ColumnID>) -> Plan {
    if join.kind == .mark, let mark = join.markColumn, !needed.contains(mark.id) {
      state.hasChanged = true
      return prune(join.left, needed)
    }
    if join.kind == .left, join.right.givesAtMostOneRow,
      needed.isDisjoint(with: join.right.columnIDs)
    {
      state.hasChanged = true
      return prune(join.left, needed)
    }
    let below = needed.union(used(by: .join(join)))
    var rewritten = join
    rewritten.left = narrow(prune(join.left, below), below)
    rewritten.right = narrow(prune(join.right, below), below)
    return .join(rewritten)
  }

  private func prune(_ operation: SetOperationPlan, _ needed: Set<ColumnID>) -> Plan {
    var operation = operation
    var kept = Array(operation.columns.indices)
    if operation.operation == .union && operation.isAll {
      kept = kept.filter { needed.contains(operation.columns[$0].id) }
      if kept.isEmpty && !operation.columns.isEmpty { kept = [0] }
      if kept.count < operation.columns.count { state.hasChanged = true }
    }
    func side(_ plan: Plan) -> Plan {
      let columns = plan.columns
      let wanted = kept.map { columns[$0] }
      return prune(plan, Set(wanted.map(\.id))).giving(wanted)
    }
    operation.left = side(operation.left)
    operation.right = side(operation.right)
    operation.columns = kept.map { operation.columns[$0] }
    return .setOperation(operation)
  }

  private func prune(_ materialize: MaterializePlan, _ needed: Set<ColumnID>) -> Plan {
    var materialize = materialize
    materialize.body = prune(materialize.body, needed)
    guard let read = readPositions[materialize.id] else {
      state.hasChanged = true
      return materialize.body
    }
    let columns = materialize.definition.columns
    let kept = read.sorted().filter { $0 < columns.count }
    if kept.count < columns.count { state.hasChanged = true }
    let wanted = kept.map { columns[$0] }
    materialize.definition = prune(materialize.definition, Set(wanted.map(\.id))).giving(wanted)
    materialize.body = materialize.body.keeping(kept, of: materialize.id)
    return .materialize(materialize)
  }
}

extension Plan {
  /// Leaves only some columns of the readers of a materialized query.
  func keeping(_ positions: [Int], of id: MaterializationID) -> Plan {
    if case .reference(var reference) = self, reference.id == id {
      reference.columns = positions.map { reference.columns[$0] }
      return .reference(reference)
    }
    return mapChildren { $0.keeping(positions, of: id) }
  }
}
