internal import TundishColumns

extension ScanPlan {
  /// The output columns.
  package var outputs: [PlanColumn] { columns.map(\.column) }
}

extension AggregatePlan {
  /// The output columns: groups, then GROUPING columns, then aggregates.
  package var outputs: [PlanColumn] {
    groups.map(\.column) + groupingColumns.map(\.column) + aggregates.map(\.column)
  }
}

extension UnnestPlan {
  /// The output columns: the input's, then one per list, then the ordinality.
  package var outputs: [PlanColumn] {
    input.columns + lists.map(\.column) + (ordinality.map { [$0] } ?? [])
  }
}

extension JoinPlan {
  /// The output columns: those of the left input, then those of the right one where the kind keeps
  /// them, then the mark.
  package var outputs: [PlanColumn] {
    switch kind {
    case .inner, .left, .right, .full, .single, .positional, .asOf, .asOfLeft:
      left.columns + right.columns
    case .semi, .anti:
      left.columns
    case .mark:
      left.columns + (markColumn.map { [$0] } ?? [])
    }
  }
}

extension Plan {
  /// The output columns, in order.
  ///
  /// Linear in the size of the plan.
  package var columns: [PlanColumn] {
    switch self {
    case .scan(let scan): scan.outputs
    case .values(let columns, _): columns
    case .tableFunction(let function): function.columns
    case .filter(_, let input), .sort(_, let input), .distinct(let input),
      .distinctOn(_, let input):
      input.columns
    case .project(let columns, _): columns.map(\.column)
    case .join(let join): join.outputs
    case .aggregate(let aggregate): aggregate.outputs
    case .window(let window): window.input.columns + window.calls.map(\.column)
    case .limit(let limit): limit.input.columns
    case .setOperation(let operation): operation.columns
    case .unnest(let unnest): unnest.outputs
    case .materialize(let materialize): materialize.body.columns
    case .reference(let reference): reference.columns
    case .recursive(let recursive): recursive.columns
    case .sample(let sample): sample.input.columns
    }
  }

  /// The inputs, left to right.
  package var children: [Plan] {
    switch self {
    case .scan, .values, .tableFunction, .reference: []
    case .filter(_, let input), .project(_, let input), .sort(_, let input), .distinct(let input),
      .distinctOn(_, let input):
      [input]
    case .join(let join): [join.left, join.right]
    case .aggregate(let aggregate): [aggregate.input]
    case .window(let window): [window.input]
    case .limit(let limit): [limit.input]
    case .setOperation(let operation): [operation.left, operation.right]
    case .unnest(let unnest): [unnest.input]
    case .materialize(let materialize): [materialize.definition, materialize.body]
    case .recursive(let recursive): [recursive.anchor, recursive.step]
    case .sample(let sample): [sample.input]
    }
  }

  /// The columns that this operator makes itself; those of its inputs are not among them.
  package var madeColumns: [PlanColumn] {
    switch self {
    case .scan(let scan): scan.outputs
    case .values(let columns, _): columns
    case .tableFunction(let function): function.columns
    case .filter, .sort, .distinct, .distinctOn, .limit, .materialize, .sample: []
    case .project(let columns, _): columns.map(\.column)
    case .join(let join): join.markColumn.map { [$0] } ?? []
    case .aggregate(let aggregate): aggregate.outputs
    case .window(let window): window.calls.map(\.column)
    case .setOperation(let operation): operation.columns
    case .unnest(let unnest): unnest.lists.map(\.column) + (unnest.ordinality.map { [$0] } ?? [])
    case .reference(let reference): reference.columns
    case .recursive(let recursive): recursive.columns
    }
  }

  /// The columns that the plan uses and does not make: those of outer queries.
  package var freeColumns: Set<ColumnID> { freeAndGivenColumns().free }

  /// Whether the plan uses columns of an outer query.
  package var isCorrelated: Bool { !freeColumns.isEmpty }

  /// The columns that come from outside, and those that the plan gives.
  ///
  /// A column counts as given only above the operator that gives it: a projection may pass an outer
  /// column on under its own id.
  private func freeAndGivenColumns() -> (free: Set<ColumnID>, given: Set<ColumnID>) {
    var free: Set<ColumnID> = []
    var below: Set<ColumnID> = []
    var last: Set<ColumnID> = []
    for child in children {
      let inner = child.freeAndGivenColumns()
      // The right side of a dependent join uses columns of the left one.
      if case .join = self {
        free.formUnion(inner.free.subtracting(below))
      } else {
        free.formUnion(inner.free)
      }
      below.formUnion(inner.given)
      last = inner.given
    }
    if case .scan(let scan) = self { below.formUnion(scan.outputs.map(\.id)) }
    for expression in expressions { free.formUnion(expression.usedColumns.subtracting(below)) }
    switch self {
    case .join(let join):
      // Keeping more than `outputs` does no harm: the columns of a semi join's right side have ids
      // of their own.
      return (free, below.union(join.markColumn.map { [$0.id] } ?? []))
    case .filter, .sort, .distinct, .distinctOn, .limit, .sample:
      return (free, below)
    case .materialize:
      return (free, last)
    case .window, .unnest:
      return (free, below.union(madeColumns.map(\.id)))
    case .scan, .values, .tableFunction, .project, .aggregate, .setOperation, .reference,
      .recursive:
      return (free, Set(madeColumns.map(\.id)))
    }
  }
}
