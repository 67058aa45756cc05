internal import TundishColumns

/// The first rows in the input's order; stops its input early.
final class LimitOperator: PhysicalOperator {
  private let plan: LimitPlan
  private let input: any PhysicalOperator

  init(_ plan: LimitPlan, input: any PhysicalOperator) {
    self.plan = plan
    self.input = input
  }

  var name: String { "limit" }
  var details: String { plan.explainedCounts }
  var columns: [PlanColumn] { input.columns }
  var children: [any PhysicalOperator] { [input] }
  var estimatedRowCount: Int? {
    guard case .rows(let count) = plan.count, case .literal(.integer(let rows)) = count.kind else {
      return input.estimatedRowCount
    }
    return min(input.estimatedRowCount ?? .max, Int(clamping: rows))
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let offset = try plan.offsetCount(run)
    if case .percentage = plan.count {
      let spool = try run.spool(input)
      let limit = try plan.rowCount(of: spool.rowCount, run)
      if limit == 0 { return Pipeline(source: BatchSource([], run: run)) }
      return spool.pipeline.appending(
        ConsumerStage(isParallel: false) { LimitConsumer(next: $0, limit: limit, offset: offset) }
      )
    }
    let limit = try plan.rowCount(of: nil, run)
    if limit == 0 { return Pipeline(source: BatchSource([], run: run)) }
    return try run.prepare(input).appending(
      ConsumerStage(isParallel: false) { LimitConsumer(next: $0, limit: limit, offset: offset) }
    )
  }
}

/// Passes on some of the first rows.
final class LimitConsumer: Consumer {
  private let next: any Consumer
  private var remaining: Int
  private var toSkip: Int

  init(next: any Consumer, limit: Int, offset: Int) {
    self.next = next
    remaining = limit
    toSkip = offset
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow {
    guard remaining > 0 else { return .done }
    let skipped = min(toSkip, batch.rowCount)
    toSkip -= skipped
    let taken = min(remaining, batch.rowCount - skipped)
    remaining -= taken
    guard taken > 0 else { return .more }
    let flow = try next.consume(batch.sliced(skipped..<skipped + taken))
    return remaining == 0 ? .done : flow
  }

  func finish() throws(RuntimeFailure) {
    try next.finish()
  }
}

extension LimitPlan {
  /// The counts for EXPLAIN.
  var explainedCounts: String {
    var parts: [String] = []
    switch count {
    case .all: break
    case .rows(let rows): parts.append(rows.explained(by: []))
    case .percentage(let share): parts.append("\(share.explained(by: []))%")
    }
    if let offset { parts.append("offset \(offset.explained(by: []))") }
    if withTies { parts.append("with ties") }
    return parts.joined(separator: " ")
  }

  /// The number of rows to skip.
  func offsetCount(_ run: QueryRun) throws(RuntimeFailure) -> Int {
    guard let offset else { return 0 }
    return try Self.count(offset, name: "OFFSET", run) ?? 0
  }

  /// The number of rows to give, of as many as there are.
  func rowCount(of total: Int?, _ run: QueryRun) throws(RuntimeFailure) -> Int {
    switch count {
    case .all:
      return .max
    case .rows(let rows):
      return try Self.count(rows, name: "LIMIT", run) ?? .max
    case .percentage(let share):
      let value = try ExpressionEvaluator.constant(share, context: run.context.functions)
      guard let percent = value.asDouble else { return .max }
      guard percent >= 0 && percent <= 100 else {
        throw RuntimeFailure(
          ExecutionError(.invalidArgument, "LIMIT must be between 0% and 100%, not \(percent)%"),
          at: share.range
        )
      }
      return Int(Double(total ?? 0) * percent / 100)
    }
  }

  private static func count(
    _ expression: BoundExpression,
    name: String,
    _ run: QueryRun
  ) throws(RuntimeFailure) -> Int? {
    let value = try ExpressionEvaluator.constant(expression, context: run.context.functions)
    if value.isNull { return nil }
    guard case .integer(let rows) = value, rows >= 0 else {
      throw RuntimeFailure(
        ExecutionError(.invalidArgument, "\(name) must be a number of rows that is not negative"),
        at: expression.range
      )
    }
    return Int(clamping: rows)
  }
}

extension Value {
  /// The number nearest to a numeric value.
  var asDouble: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .hugeint(let number): Double(number)
    case .double(let number): number
    case .decimal(let unscaled, let scale):
      (0..<scale).reduce(Double(unscaled)) { number, _ in number / 10 }
    case .null, .boolean, .text, .blob, .date, .time, .timestamp, .timestampTZ, .interval, .list,
      .structure, .map:
      nil
    }
  }
}
