internal import TundishColumns

/// The first row of each distinct combination of columns, as rows arrive.
final class DistinctOperator: PhysicalOperator {
  private let keys: [BoundExpression]?
  private let input: any PhysicalOperator

  /// Creates an operator; without keys all columns count.
  init(keys: [BoundExpression]?, input: any PhysicalOperator) {
    self.keys = keys
    self.input = input
  }

  var name: String { keys == nil ? "distinct" : "distinct on" }
  var details: String {
    (keys ?? []).map { $0.explained(by: input.columns) }.joined(separator: ", ")
  }
  var columns: [PlanColumn] { input.columns }
  var children: [any PhysicalOperator] { [input] }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    // Groups go to files where they are too many for the memory.
    if !columns.isEmpty && run.memory.isLimited {
      guard let keys else { return try grouping.prepare(run) }
      return try firstRows(keys, run)
    }
    let pipeline = try run.prepare(input)
    let evaluator: ExpressionEvaluator?
    if let keys {
      evaluator = try ExpressionEvaluator(
        keys,
        layout: input.layout,
        context: run.context.functions
      )
    } else {
      evaluator = nil
    }
    let types = keys?.map(\.type) ?? columns.map(\.type)
    return pipeline.appending(
      ConsumerStage(isParallel: false) { next in
        let seen = GroupAssigner(types: types)
        return MapConsumer(next: next) { batch throws(RuntimeFailure) in
          let columns = try evaluator?.evaluate(batch) ?? batch.columns
          let rows = try seen.firstRows(columns, rowCount: batch.rowCount)
          if run.memory.isLimited {
            try run.memory.reserve(rows.count * (24 + 16 * columns.count))
          }
          return rows.count == batch.rowCount ? batch : batch.gathered(rows)
        }
      }
    )
  }

  /// The same rows as groups without aggregates.
  private var grouping: AggregateOperator {
    AggregateOperator(
      AggregatePlan(
        groups: columns.map {
          ProjectedColumn(column: $0, expression: .column($0, range: .nowhere))
        },
        groupingSets: [Array(columns.indices)],
        aggregates: [],
        input: .values(columns: [], rows: [])
      ),
      input: input
    )
  }

  /// The first rows of the groups of some keys.
  private func firstRows(
    _ keys: [BoundExpression],
    _ run: QueryRun
  ) throws(RuntimeFailure) -> Pipeline {
    let firsts = try columns.map { (column) throws(RuntimeFailure) in
      AggregateCall(
        column: column,
        function: Self.first(of: column.type),
        arguments: [.column(column, range: .nowhere)],
        range: .nowhere
      )
    }
    let plan = AggregatePlan(
      groups: keys.enumerated().map { position, key in
        // Numbers that no binder reaches.
        let id = ColumnID(Int.max / 4 + position)
        return ProjectedColumn(
          column: PlanColumn(id: id, name: "key", type: key.type),
          expression: key
        )
      },
      groupingSets: [Array(keys.indices)],
      aggregates: firsts,
      input: .values(columns: [], rows: [])
    )
    let positions = columns.indices.map { keys.count + $0 }
    return try AggregateOperator(plan, input: input).prepare(run).appending(
      ConsumerStage(isParallel: true) { next in
        MapConsumer(next: next) { $0.projected(positions) }
      }
    )
  }

  private static func first(of type: DataType) -> ResolvedAggregate {
    let found = FunctionRegistry.standard.resolveAggregate(name: "first", argumentTypes: [type])
    guard case .success(let function) = found else {
      preconditionFailure("first takes values of every type")
    }
    return function
  }
}
