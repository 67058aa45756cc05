internal import TundishColumns
internal import TundishSyntax

/// One window call over partitioned rows: computes one value per place.
struct WindowEvaluation {
  let call: WindowCall
  let partitions: WindowPartitions
  let run: QueryRun
  /// The arguments by place.
  let arguments: [Column]
  /// The rank of each place by ORDER BY inside the call; nil where there is none.
  let argumentOrder: [Column]
  /// Whether a place counts; nil where all do.
  let filter: [Bool]?
  private let plan: WindowPlan
  private let rows: Batch
  private let layout: ColumnLayout
  private let offsets: WindowOffsets

  init(
    _ call: WindowCall,
    plan: WindowPlan,
    partitions: WindowPartitions,
    rows: Batch,
    layout: ColumnLayout,
    run: QueryRun
  ) throws(RuntimeFailure) {
    self.call = call
    self.plan = plan
    self.rows = rows
    self.layout = layout
    self.partitions = partitions
    self.run = run
    var expressions = call.arguments + call.argumentOrder.map(\.expression)
    let offsetStart = expressions.count
    for bound in [call.frame.start, call.frame.end] {
      switch bound {
      case .preceding(let offset), .following(let offset): expressions.append(offset)
      case .unboundedPreceding, .currentRow, .unboundedFollowing: break
      }
    }
    let filterPlace = expressions.count
    if let filter = call.filter { expressions.append(filter) }
    let evaluator = try ExpressionEvaluator(
      expressions,
      layout: layout,
      context: run.context.functions
    )
    let frame = EvaluationFrame(rows)
    var columns: [Column] = []
    for position in expressions.indices {
      try run.checkCancellation()
      columns.append(partitions.placed(try evaluator.evaluate(position, frame)))
    }
    arguments = Array(columns[..<call.arguments.count])
    argumentOrder = Array(columns[call.arguments.count..<offsetStart])
    var next = offsetStart
    var offsets = WindowOffsets()
    if call.frame.start.hasOffset {
      offsets.start = columns[next]
      next += 1
    }
    if call.frame.end.hasOffset { offsets.end = columns[next] }
    self.offsets = offsets
    if call.filter != nil {
      let truth = columns[filterPlace]
      let values = truth.booleanValues()
      filter = truth.validityPerRow().map { zip(values, $0).map { $0 && $1 } } ?? values
    } else {
      filter = nil
    }
  }

  /// Returns the values by place.
  func result() throws(RuntimeFailure) -> Column {
    switch call.function {
    case .rowNumber, .rank, .denseRank, .percentRank, .cumeDist, .ntile:
      return try call.argumentOrder.isEmpty ? rankResult() : orderedRankResult(frames())
    case .lag, .lead:
      return try call.argumentOrder.isEmpty ? shiftResult() : orderedShiftResult(frames())
    case .fill:
      return fillResult(along: try orderKey())
    case .firstValue, .lastValue, .nthValue:
      return try call.argumentOrder.isEmpty ? pickResult(frames()) : orderedPickResult(frames())
    case .aggregate(let function):
      return try aggregateResult(function, frames())
    }
  }

  /// The values of the one expression that OVER orders by, by place.
  private func orderKey() throws(RuntimeFailure) -> Column {
    let evaluator = try ExpressionEvaluator(
      plan.orderBy.map(\.expression),
      layout: layout,
      context: run.context.functions
    )
    return partitions.placed(try evaluator.evaluate(0, EvaluationFrame(rows)))
  }

  private func frames() throws(RuntimeFailure) -> WindowFrames {
    try WindowFrames(call, plan: plan, partitions: partitions, offsets: offsets, run: run)
  }

  /// The places that count and where an argument is not NULL; nil where that is all of them.
  func validPlaces(_ argument: Column?) -> [Bool]? {
    let validity = argument?.validityPerRow()
    guard let filter else { return validity }
    return validity.map { zip($0, filter).map { $0 && $1 } } ?? filter
  }

  /// The number of places that count before each place, and in all.
  func validCounts(_ isValid: [Bool]?) -> [Int32] {
    var counts: [Int32] = [0]
    counts.reserveCapacity(partitions.count + 1)
    var count: Int32 = 0
    for place in 0..<partitions.count {
      count += isValid?[place] ?? true ? 1 : 0
      counts.append(count)
    }
    return counts
  }
}

extension BoundFrame.Bound {
  /// Whether the bound counts from the current row by an offset.
  var hasOffset: Bool {
    switch self {
    case .preceding, .following: true
    case .unboundedPreceding, .currentRow, .unboundedFollowing: false
    }
  }
}
