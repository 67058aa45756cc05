internal import TundishColumns
internal import TundishSyntax

extension Decorrelator {
  /// Joins a scalar subquery to the rows that need it and returns its value.
  func scalar(
    _ inner: Plan,
    _ output: PlanColumn,
    _ expression: BoundExpression,
    over base: inout Plan
  ) -> BoundExpression {
    if let value = valueOverOneRow(inner, output) { return value }
    if let value = aggregateValue(inner, output, expression, over: &base) { return value }
    let (plan, renamed) = renaming(inner, output)
    let isOneRow = plan.givesAtMostOneRow
    let join = JoinPlan(
      kind: isOneRow ? .left : .single,
      left: base,
      right: plan,
      // A condition that always holds: its range is the text to blame for a second row.
      condition: isOneRow ? nil : .boolean(true, range: expression.range)
    )
    base = connect(join)
    return .column(renamed, range: expression.range)
  }

  /// The value of a subquery without FROM, as an expression: `(SELECT d.a + 1)`.
  private func valueOverOneRow(_ inner: Plan, _ output: PlanColumn) -> BoundExpression? {
    switch inner {
    case .project(let columns, let input):
      guard columns.allSatisfy(\.expression.isDeterministic), input.isOneRowOfExpressions,
        let column = columns.first(where: { $0.column.id == output.id })
      else { return nil }
      return column.expression.resolvingOneRow(input)
    case .values(let columns, let rows):
      guard rows.count == 1, let position = columns.firstIndex(where: { $0.id == output.id }),
        rows[0][position].isDeterministic
      else { return nil }
      return rows[0][position]
    case .scan, .tableFunction, .filter, .join, .aggregate, .window, .sort, .limit, .distinct,
      .distinctOn, .setOperation, .unnest, .materialize, .reference, .recursive, .sample:
      return nil
    }
  }

  /// The common correlated form: expressions over an aggregate of rows that are compared for equality
  /// with outer columns.
  ///
  /// The aggregate is grouped by those columns once, and joined.
  private func aggregateValue(
    _ inner: Plan,
    _ output: PlanColumn,
    _ expression: BoundExpression,
    over base: inout Plan
  ) -> BoundExpression? {
    let outer = base.columnIDs
    guard !inner.freeColumns.isDisjoint(with: outer) else { return nil }
    var value = BoundExpression.column(output, range: expression.range)
    var plan = inner
    descent: while true {
      switch plan {
      case .project(let columns, let input):
        guard columns.allSatisfy(\.expression.isDeterministic) else { return nil }
        value = value.substituting(
          Dictionary(
            columns.map { ($0.column.id, $0.expression) },
            uniquingKeysWith: { first, _ in first }
          )
        )
        plan = input
      case .sort(_, let input):
        guard input.givesAtMostOneRow else { return nil }
        plan = input
      default:
        break descent
      }
    }
    guard case .aggregate(var aggregate) = plan, aggregate.groups.isEmpty,
      aggregate.groupingSets.count == 1, aggregate.groupingColumns.isEmpty,
      aggregate.aggregates.allSatisfy({ $0.usedColumns.isDisjoint(with: outer) }),
      let pulled = pull(aggregate.input, outer: outer),
      let equalities = Equality.all(pulled.predicates, outer: outer)
    else { return nil }
    aggregate.input = pulled.plan
    var keys: [JoinKey] = []
    for equality in equalities {
      let column = state.makeColumn("key", equality.inner.type)
      aggregate.groups.append(ProjectedColumn(column: column, expression: equality.inner))
      keys.append(
        JoinKey(
          left: equality.outer,
          right: .column(column, range: equality.inner.range),
          isNullSafe: equality.isNullSafe
        )
      )
    }
    aggregate.groupingSets = [Array(aggregate.groups.indices)]
    let (filled, right) = withEmptyValues(aggregate, isAlwaysThere: keys.isEmpty)
    base = connect(JoinPlan(kind: .left, left: base, right: right, keys: keys))
    return value.substituting(filled)
  }

  /// Names the aggregates anew, and returns what stands for each after an outer join with the
  /// groups: where there is no group, its value over no rows.
  func withEmptyValues(
    _ aggregate: AggregatePlan,
    isAlwaysThere: Bool
  ) -> (values: [ColumnID: BoundExpression], plan: Plan) {
    let range = SourceRange(0, 0)
    var columns = aggregate.groups.map { ProjectedColumn(passing: $0.column) }
    var values: [ColumnID: BoundExpression] = [:]
    var marker: PlanColumn?
    for call in aggregate.aggregates {
      let renamed = state.makeCopy(of: call.column)
      columns.append(
        ProjectedColumn(column: renamed, expression: .column(call.column, range: call.range))
      )
      let found = BoundExpression.column(renamed, range: call.range)
      let empty = isAlwaysThere ? .null : call.valueOverNoRows
      if empty.isNull {
        values[call.column.id] = found
      } else {
        let literal = found.with(.literal(empty))
        if case .integer(0) = empty {
          // Only counts are zero over no rows, and they are never NULL.
          values[call.column.id] = found.with(.coalesce([found, literal]))
        } else {
          let column = marker ?? state.makeColumn("is there", .boolean)
          marker = column
          let isMissing = BoundExpression(
            .isNull(.column(column, range: range)),
            type: .boolean,
            range: call.range
          )
          values[call.column.id] = found.with(
            .caseWhen([BoundCaseBranch(condition: isMissing, result: literal)], otherwise: found)
          )
        }
      }
    }
    if let marker {
      columns.append(
        ProjectedColumn(column: marker, expression: .boolean(true, range: range))
      )
    }
    return (values, .project(columns, .aggregate(aggregate)))
  }
}

extension AggregateCall {
  /// The columns that the call uses.
  var usedColumns: Set<ColumnID> {
    var ids: Set<ColumnID> = []
    for argument in arguments { ids.formUnion(argument.usedColumns) }
    for key in orderBy { ids.formUnion(key.expression.usedColumns) }
    if let filter { ids.formUnion(filter.usedColumns) }
    return ids
  }

  /// The value for a group without rows.
  var valueOverNoRows: Value {
    let input = AggregateInput(
      argumentTypes: function.argumentTypes,
      constants: arguments.map(\.literal),
      resultType: function.resultType
    )
    guard let state = try? function.overload.makeState(input) else { return .null }
    state.resize(groupCount: 1)
    return (try? state.finish(groupCount: 1))?.value(at: 0) ?? .null
  }
}

extension Plan {
  /// Whether this is one row, of expressions alone.
  var isOneRowOfExpressions: Bool {
    switch self {
    case .values(_, let rows): rows.count == 1 && rows[0].allSatisfy(\.isDeterministic)
    case .project(let columns, let input):
      columns.allSatisfy(\.expression.isDeterministic) && input.isOneRowOfExpressions
    case .scan, .tableFunction, .filter, .join, .aggregate, .window, .sort, .limit, .distinct,
      .distinctOn, .setOperation, .unnest, .materialize, .reference, .recursive, .sample:
      false
    }
  }
}

extension BoundExpression {
  /// Replaces the columns of a plan of one row of expressions by those.
  func resolvingOneRow(_ plan: Plan) -> BoundExpression {
    var definitions: [ColumnID: BoundExpression] = [:]
    switch plan {
    case .project(let columns, let input):
      for column in columns { definitions[column.column.id] = column.expression }
      return substituting(definitions).resolvingOneRow(input)
    case .values(let columns, let rows):
      for (column, value) in zip(columns, rows[0]) { definitions[column.id] = value }
      return substituting(definitions)
    case .scan, .tableFunction, .filter, .join, .aggregate, .window, .sort, .limit, .distinct,
      .distinctOn, .setOperation, .unnest, .materialize, .reference, .recursive, .sample:
      return self
    }
  }
}
