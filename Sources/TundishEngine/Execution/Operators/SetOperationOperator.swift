internal import TundishColumns
internal import TundishSyntax

/// UNION, INTERSECT and EXCEPT, with and without duplicates; rows keep the left input's order.
final class SetOperationOperator: PhysicalOperator {
  private let plan: SetOperationPlan
  private let left: any PhysicalOperator
  private let right: any PhysicalOperator

  init(_ plan: SetOperationPlan, left: any PhysicalOperator, right: any PhysicalOperator) {
    self.plan = plan
    self.left = left
    self.right = right
  }

  var name: String { plan.operation.rawValue.lowercased() + (plan.isAll ? " all" : "") }
  var columns: [PlanColumn] { plan.columns }
  var children: [any PhysicalOperator] { [left, right] }
  var estimatedRowCount: Int? {
    guard let first = left.estimatedRowCount else { return nil }
    guard plan.operation == .union else { return first }
    return right.estimatedRowCount.map { first + $0 }
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let types = plan.columns.map(\.type)
    if run.memory.isLimited && !plan.isAll && !types.isEmpty { return try grouped(run) }
    switch plan.operation {
    case .union:
      let source = ConcatenatingSource([try run.prepare(left), try run.prepare(right)])
      let pipeline = Pipeline(source: source).appending(retyping(types))
      return plan.isAll ? pipeline : pipeline.appending(distinct(types))
    case .intersect, .except:
      let counts = GroupCounts(types: types)
      for batch in try run.collect(right) {
        try run.checkCancellation()
        try counts.add(retyped(batch, types), run)
      }
      let isIntersection = plan.operation == .intersect
      var pipeline = try run.prepare(left).appending(retyping(types))
      let isAll = plan.isAll
      if !isAll { pipeline = pipeline.appending(distinct(types)) }
      return pipeline.appending(
        ConsumerStage(isParallel: false) { next in
          MapConsumer(next: next) { batch throws(RuntimeFailure) in
            let rows = counts.rows(of: batch, present: isIntersection, consuming: isAll)
            return rows.isEmpty ? nil : batch.gathered(rows)
          }
        }
      )
    }
  }

  /// The rows without duplicates as groups, which may go to files: each with the first and the last
  /// side that has it.
  private func grouped(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let types = plan.columns.map(\.type)
    // A number that no binder reaches.
    let side = PlanColumn(id: ColumnID(Int.max / 4), name: "side", type: .bigint)
    func marked(_ input: any PhysicalOperator, _ number: Int64) throws(RuntimeFailure) -> Pipeline {
      try run.prepare(input).appending(
        ConsumerStage(isParallel: true) { next in
          MapConsumer(next: next) { batch throws(RuntimeFailure) in
            let typed = self.retyped(batch, types)
            let mark = Column.constant(.integer(number), type: .bigint, count: batch.rowCount)
            return Batch(columns: typed.columns + [mark], rowCount: batch.rowCount)
          }
        }
      )
    }
    let source = ConcatenatingSource([try marked(left, 0), try marked(right, 1)])
    let sides = try ["min", "max"].enumerated().map { (number, name) throws(RuntimeFailure) in
      AggregateCall(
        column: PlanColumn(id: ColumnID(Int.max / 4 + 1 + number), name: name, type: .bigint),
        function: Self.aggregate(name),
        arguments: [.column(side, range: .nowhere)],
        range: .nowhere
      )
    }
    let groups = AggregatePlan(
      groups: plan.columns.map {
        ProjectedColumn(column: $0, expression: .column($0, range: .nowhere))
      },
      groupingSets: [Array(plan.columns.indices)],
      aggregates: plan.operation == .union ? [] : sides,
      input: .values(columns: [], rows: [])
    )
    let input = PreparedOperator(Pipeline(source: source), columns: plan.columns + [side])
    let positions = Array(types.indices)
    let operation = plan.operation
    return try AggregateOperator(groups, input: input).prepare(run).appending(
      ConsumerStage(isParallel: true) { next in
        MapConsumer(next: next) { batch throws(RuntimeFailure) in
          guard operation != .union else { return batch }
          let first = batch.columns[types.count].int64Values()
          let last = batch.columns[types.count + 1].int64Values()
          let wanted: Int64 = operation == .except ? 0 : 1
          let rows = rowNumbers(count: batch.rowCount) { first[$0] == 0 && last[$0] == wanted }
          return batch.projected(positions).gathered(rows)
        }
      }
    )
  }

  private static func aggregate(_ name: String) -> ResolvedAggregate {
    let found = FunctionRegistry.standard.resolveAggregate(name: name, argumentTypes: [.bigint])
    guard case .success(let function) = found else {
      preconditionFailure("min and max take numbers")
    }
    return function
  }

  private func retyping(_ types: [DataType]) -> ConsumerStage {
    ConsumerStage(isParallel: true) { next in
      MapConsumer(next: next) { batch throws(RuntimeFailure) in self.retyped(batch, types) }
    }
  }

  private func retyped(_ batch: Batch, _ types: [DataType]) -> Batch {
    Batch(
      columns: zip(batch.columns, types).map { $0.retyped($1) },
      rowCount: batch.rowCount
    )
  }

  private func distinct(_ types: [DataType]) -> ConsumerStage {
    ConsumerStage(isParallel: false) { next in
      let seen = GroupAssigner(types: types)
      return MapConsumer(next: next) { batch throws(RuntimeFailure) in
        batch.gathered(try seen.firstRows(batch.columns, rowCount: batch.rowCount))
      }
    }
  }
}

/// How often each row of the right input occurs.
private final class GroupCounts {
  private let groups: GroupAssigner
  private var cache = GroupTable.LookupCache()
  private var counts: [Int] = []
  private var accountedByteCount = 0

  init(types: [DataType]) {
    groups = GroupAssigner(types: types)
  }

  func add(_ batch: Batch, _ run: QueryRun) throws(RuntimeFailure) {
    if run.memory.isLimited {
      let held =
        groups.heldByteCount(withFurther: min(batch.rowCount, groups.groupCount))
        + 16 * GroupAssigner.capacity(of: groups.groupCount)
      if held > accountedByteCount {
        try run.memory.reserve(held - accountedByteCount)
        accountedByteCount = held
      }
    }
    for group in try groups.assign(batch.columns, rowCount: batch.rowCount) {
      while counts.count <= Int(group) { counts.append(0) }
      counts[Int(group)] += 1
    }
  }

  /// The rows that the right input has (or has not); `consuming` lets each right row serve once.
  func rows(of batch: Batch, present: Bool, consuming: Bool) -> [Int32] {
    let found = groups.find(batch.columns, rowCount: batch.rowCount, cache: &cache)
    var rows: [Int32] = []
    for (row, group) in found.enumerated() {
      let isPresent = group >= 0 && counts[Int(group)] > 0
      if isPresent && consuming { counts[Int(group)] -= 1 }
      if isPresent == present { rows.append(Int32(row)) }
    }
    return rows
  }
}

/// The rows of several pipelines, one after the other.
final class ConcatenatingSource: MorselSource {
  private let pipelines: [Pipeline]
  init(_ pipelines: [Pipeline]) {
    self.pipelines = pipelines
  }

  var morselCount: Int { pipelines.count }
  var isParallel: Bool { false }

  func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow {
    let sink = FlowConsumer(next: consumer)
    try pipelines[morsel].run(into: sink)
    return sink.flow
  }
}

/// Passes batches on without finishing the next step, and remembers whether it wants more.
private final class FlowConsumer: Consumer {
  private let next: any Consumer
  private(set) var flow = Flow.more

  init(next: any Consumer) {
    self.next = next
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow {
    if case .done = flow { return .done }
    flow = try next.consume(batch)
    return flow
  }

  func finish() throws(RuntimeFailure) {}
}
