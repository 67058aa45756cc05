internal import TundishColumns

/// The first rows of an order, without sorting all of them.
///
/// WITH TIES, percentages and very large counts sort everything.
final class TopNOperator: PhysicalOperator {
  private let plan: LimitPlan
  private let input: any PhysicalOperator

  init(_ plan: LimitPlan, input: any PhysicalOperator) {
    self.plan = plan
    self.input = input
  }

  var name: String { "top n" }
  var details: String { "\(plan.explainedCounts) by \(plan.keys.explained(by: input.columns))" }
  var columns: [PlanColumn] { input.columns }
  var children: [any PhysicalOperator] { [input] }
  var estimatedRowCount: Int? { LimitOperator(plan, input: input).estimatedRowCount }

  /// More rows than this are sorted at once.
  private static let greatestCount = 1_000_000
  /// The bytes of a row that is kept, roughly, by which a limit of memory makes them fewer.
  private static let rowByteCount = 256

  private func greatestCount(_ run: QueryRun) -> Int {
    min(Self.greatestCount, run.memory.limit / Self.rowByteCount)
  }

  /// The rows by a sort that may use files.
  private func sorted(_ run: QueryRun, offset: Int) throws(RuntimeFailure) -> Pipeline {
    let spool = try run.spool(input)
    let limit = try plan.rowCount(of: spool.rowCount, run)
    let sorted = try SortOperator.pipeline(
      of: spool,
      keys: plan.keys,
      layout: input.layout,
      run: run
    )
    if limit == 0 { return Pipeline(source: BatchSource([], run: run)) }
    return sorted.appending(
      ConsumerStage(isParallel: false) { LimitConsumer(next: $0, limit: limit, offset: offset) }
    )
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let offset = try plan.offsetCount(run)
    if case .rows = plan.count {
      let limit = try plan.rowCount(of: nil, run)
      let (wanted, overflow) = limit.addingReportingOverflow(offset)
      if limit == 0 { return Pipeline(source: BatchSource([], run: run)) }
      if !overflow && wanted <= greatestCount(run) && !plan.withTies {
        let sink = try TopNConsumer(plan.keys, wanted: wanted, layout: input.layout, run: run)
        try run.execute(input, into: sink, for: self)
        let rows = try sink.result()
        let start = min(offset, rows.rowCount)
        return Pipeline(source: BatchSource([rows.sliced(start..<rows.rowCount)], run: run))
      }
    }
    if run.memory.isLimited && !plan.withTies { return try sorted(run, offset: offset) }
    let whole = try run.collectWhole(input)
    let order = try RowOrder.sorted(whole, keys: plan.keys, layout: input.layout, run: run)
    let limit = try plan.rowCount(of: order.count, run)
    let start = min(offset, order.count)
    var end = start + min(limit, order.count - start)
    if plan.withTies && end > start && end < order.count {
      let evaluator = try ExpressionEvaluator(
        plan.keys.map(\.expression),
        layout: input.layout,
        context: run.context.functions
      )
      let keys = try evaluator.evaluate(whole)
      let changes = SortedOrder.runStarts(of: keys, in: order)
      while end < order.count && !changes[end] { end += 1 }
    }
    return Pipeline(
      source: GatheringSource(whole, order: Array(order[start..<end]), run: run)
    )
  }
}

private final class TopNConsumer: ParallelSink {
  private let keys: [SortKey]
  private let wanted: Int
  private let layout: ColumnLayout
  private let evaluator: ExpressionEvaluator
  private let run: QueryRun
  private var selector: TopNSelector

  init(
    _ keys: [SortKey],
    wanted: Int,
    layout: ColumnLayout,
    run: QueryRun
  ) throws(RuntimeFailure) {
    self.keys = keys
    self.wanted = wanted
    self.layout = layout
    self.run = run
    evaluator = try ExpressionEvaluator(
      keys.map(\.expression),
      layout: layout,
      context: run.context.functions
    )
    selector = TopNSelector(
      types: layout.columns.map(\.type),
      keyTypes: keys.map(\.expression.type),
      directions: keys.map(\.direction),
      limit: wanted
    )
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow {
    try run.checkCancellation()
    let columns = try evaluator.evaluate(batch)
    try blaming(.nowhere) { () throws(ExecutionError) in
      try selector.consume(batch, keys: columns)
    }
    return .more
  }

  func finish() throws(RuntimeFailure) {}

  func makePart() throws(RuntimeFailure) -> any ParallelSink {
    try TopNConsumer(keys, wanted: wanted, layout: layout, run: run)
  }

  func absorb(_ part: any ParallelSink) throws(RuntimeFailure) {
    guard let part = part as? TopNConsumer else { return }
    _ = try consume(try part.result())
  }

  /// The wanted rows in order.
  func result() throws(RuntimeFailure) -> Batch {
    try blaming(.nowhere) { () throws(ExecutionError) in try selector.finish() }
  }
}
