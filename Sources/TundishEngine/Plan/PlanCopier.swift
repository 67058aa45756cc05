internal import TundishColumns
internal import TundishSyntax

/// Copies plans so that no column of the copy has the id of a column of the original; columns of
/// outer queries stay.
struct PlanCopier {
  private let makeColumn: (PlanColumn) -> PlanColumn
  private let makeID: () -> MaterializationID
  private var columns: [ColumnID: PlanColumn] = [:]
  private var ids: [MaterializationID: MaterializationID] = [:]

  init(
    makeColumn: @escaping (PlanColumn) -> PlanColumn,
    makeID: @escaping () -> MaterializationID
  ) {
    self.makeColumn = makeColumn
    self.makeID = makeID
  }

  /// The copy of a column that the plan makes; the column itself where it is an outer one.
  func copy(of column: PlanColumn) -> PlanColumn {
    columns[column.id].map {
      PlanColumn(id: $0.id, name: column.name, type: column.type, unit: column.unit)
    } ?? column
  }

  /// Returns the copy of a plan.
  mutating func copy(_ plan: Plan) -> Plan {
    collect(plan)
    return renamed(plan)
  }

  private mutating func collect(_ plan: Plan) {
    for column in plan.madeColumns where columns[column.id] == nil {
      columns[column.id] = makeColumn(column)
    }
    switch plan {
    case .materialize(let node): ids[node.id] = makeID()
    case .recursive(let node): ids[node.id] = makeID()
    case .scan, .values, .tableFunction, .filter, .project, .join, .aggregate, .window, .sort,
      .limit, .distinct, .distinctOn, .setOperation, .unnest, .reference, .sample:
      break
    }
    for expression in plan.expressions {
      var inner: [Plan] = []
      expression.forEachSubquery { inner.append($0) }
      for plan in inner { collect(plan) }
      collectLambdas(expression)
    }
    for child in plan.children { collect(child) }
  }

  private mutating func collectLambdas(_ expression: BoundExpression) {
    if case .lambda(let parameters, _) = expression.kind {
      for parameter in parameters { columns[parameter.id] = makeColumn(parameter) }
    }
    for operand in expression.operands { collectLambdas(operand) }
  }

  private func renamed(_ expression: BoundExpression) -> BoundExpression {
    let mapped = expression.mapOperands { renamed($0) }
    switch mapped.kind {
    case .column(let id):
      return columns[id].map { mapped.with(.column($0.id)) } ?? mapped
    case .lambda(let parameters, let body):
      return mapped.with(.lambda(parameters.map { copy(of: $0) }, body))
    case .subquery(let subquery):
      return mapped.with(
        .subquery(
          BoundSubquery(
            form: subquery.form,
            plan: renamed(subquery.plan),
            output: subquery.output.map { copy(of: $0) }
          )
        )
      )
    case .literal, .call, .comparison, .and, .or, .not, .isNull, .cast, .caseWhen, .coalesce,
      .inValues:
      return mapped
    }
  }

  private func renamed(_ plan: Plan) -> Plan {
    let mapped = plan.mapExpressions { renamed($0) }.mapChildren { renamed($0) }
    switch mapped {
    case .filter, .sort, .distinct, .distinctOn, .limit, .sample:
      return mapped
    case .scan(var scan):
      scan.columns = scan.columns.map {
        ScanColumn(column: copy(of: $0.column), position: $0.position)
      }
      return .scan(scan)
    case .values(let columns, let rows):
      return .values(columns: columns.map { copy(of: $0) }, rows: rows)
    case .tableFunction(var function):
      function.columns = function.columns.map { copy(of: $0) }
      return .tableFunction(function)
    case .project(let projected, let input):
      return .project(projected.map(renamed), input)
    case .join(var join):
      join.markColumn = join.markColumn.map { copy(of: $0) }
      return .join(join)
    case .aggregate(var aggregate):
      aggregate.groups = aggregate.groups.map(renamed)
      aggregate.groupingColumns = aggregate.groupingColumns.map {
        GroupingColumn(column: copy(of: $0.column), positions: $0.positions)
      }
      for position in aggregate.aggregates.indices {
        aggregate.aggregates[position].column = copy(of: aggregate.aggregates[position].column)
      }
      return .aggregate(aggregate)
    case .window(var window):
      for position in window.calls.indices {
        window.calls[position].column = copy(of: window.calls[position].column)
      }
      return .window(window)
    case .setOperation(var operation):
      operation.columns = operation.columns.map { copy(of: $0) }
      return .setOperation(operation)
    case .unnest(var unnest):
      unnest.lists = unnest.lists.map(renamed)
      unnest.ordinality = unnest.ordinality.map { copy(of: $0) }
      return .unnest(unnest)
    case .materialize(var materialize):
      materialize.id = ids[materialize.id] ?? materialize.id
      return .materialize(materialize)
    case .reference(var reference):
      reference.id = ids[reference.id] ?? reference.id
      reference.columns = reference.columns.map { copy(of: $0) }
      return .reference(reference)
    case .recursive(var recursive):
      recursive.id = ids[recursive.id] ?? recursive.id
      recursive.columns = recursive.columns.map { copy(of: $0) }
      return .recursive(recursive)
    }
  }

  private func renamed(_ projected: ProjectedColumn) -> ProjectedColumn {
    ProjectedColumn(column: copy(of: projected.column), expression: projected.expression)
  }
}
