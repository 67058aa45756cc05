internal import TundishColumns

/// Matches the batches of one thread and gives the rows that the kind of join wants.
final class JoinConsumer: Consumer {
  private let probe: JoinMatcher
  private let next: any Consumer
  /// For RIGHT and FULL: whether each build row has matched.
  private var buildMatched: [Bool]
  private var isDone = false

  init(_ probe: JoinMatcher, next: any Consumer) {
    self.probe = probe
    self.next = next
    let kind = probe.plan.kind
    let keepsBuildRows = kind == .right || kind == .full
    buildMatched =
      keepsBuildRows ? [Bool](repeating: false, count: probe.build.rows.rowCount) : []
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow {
    try probe.run.checkCancellation()
    let keys = try probe.keys(of: batch)
    switch probe.plan.kind {
    case .inner, .right:
      try forwardMatches(batch, keys)
    case .left, .full, .single:
      try forwardAll(batch, keys)
    case .semi:
      let matched = try probe.hasMatches(batch, keys)
      let rows = rowNumbers(count: matched.count) { matched[$0] }
      try forward(rows.count == batch.rowCount ? batch : batch.gathered(rows))
    case .anti:
      let matched = try probe.hasMatches(batch, keys)
      try forward(batch.gathered(rowNumbers(count: matched.count) { !matched[$0] }))
    case .mark:
      try forwardMarks(batch, keys)
    case .positional, .asOf, .asOfLeft:
      preconditionFailure("these kinds have operators of their own")
    }
    return isDone ? .done : .more
  }

  func finish() throws(RuntimeFailure) {
    if !buildMatched.isEmpty && !isDone {
      let rows = rowNumbers(count: buildMatched.count) { !buildMatched[$0] }
      var start = 0
      let size = max(1, probe.run.context.batchRowCount)
      while start < rows.count && !isDone {
        let part = Array(rows[start..<min(start + size, rows.count)])
        start += size
        let columns =
          probe.probeTypes.map { Column.nulls(type: $0, count: part.count) }
          + probe.build.rows.columns.map { $0.gathered(part) }
        try forward(Batch(columns: columns, rowCount: part.count))
      }
    }
    try next.finish()
  }

  private func forward(_ batch: Batch) throws(RuntimeFailure) {
    guard batch.rowCount > 0, !isDone else { return }
    if case .done = try next.consume(batch) { isDone = true }
  }

  private func forwardMatches(_ batch: Batch, _ keys: [Column]) throws(RuntimeFailure) {
    try probe.forEachPortion(of: batch, keys: keys) { portion throws(RuntimeFailure) in
      remember(portion.buildRows)
      guard !portion.probeRows.isEmpty, !isDone else { return }
      try forward(probe.pairs(batch, portion.probeRows, portion.buildRows))
    }
  }

  /// Gives all pairs, and rows without a pair beside NULLs, in row order.
  private func forwardAll(_ batch: Batch, _ keys: [Column]) throws(RuntimeFailure) {
    let isSingle = probe.plan.kind == .single
    var lastMatched: Int32 = -1
    try probe.forEachPortion(of: batch, keys: keys) { portion throws(RuntimeFailure) in
      remember(portion.buildRows)
      var probeRows: [Int32] = []
      var buildRows: [Int32] = []
      probeRows.reserveCapacity(portion.probeRows.count + portion.rows.count)
      buildRows.reserveCapacity(portion.probeRows.count + portion.rows.count)
      var position = 0
      for row in portion.rows {
        let row = Int32(row)
        let first = position
        while position < portion.probeRows.count && portion.probeRows[position] == row {
          if isSingle && lastMatched == row { throw moreThanOneRow() }
          probeRows.append(row)
          buildRows.append(portion.buildRows[position])
          position += 1
          lastMatched = row
        }
        let mayHaveMore = !portion.isComplete && row == Int32(portion.rows.upperBound - 1)
        if position == first && lastMatched != row && !mayHaveMore {
          probeRows.append(row)
          buildRows.append(-1)
        }
      }
      if !probeRows.isEmpty && !isDone {
        try forward(probe.pairs(batch, probeRows, buildRows))
      }
    }
  }

  private func forwardMarks(_ batch: Batch, _ keys: [Column]) throws(RuntimeFailure) {
    let matched = try probe.hasMatches(batch, keys)
    let open = rowNumbers(count: matched.count) { !matched[$0] }
    let unknown = try probe.unknownRows(open, of: batch, keys: keys)
    var validity: [Bool]?
    if !unknown.isEmpty {
      var known = [Bool](repeating: true, count: matched.count)
      for row in unknown { known[Int(row)] = false }
      validity = known
    }
    let mark = Column.booleans(matched, validity: validity)
    try forward(Batch(columns: batch.columns + [mark], rowCount: batch.rowCount))
  }

  private func remember(_ buildRows: [Int32]) {
    guard !buildMatched.isEmpty else { return }
    for row in buildRows { buildMatched[Int(row)] = true }
  }

  private func moreThanOneRow() -> RuntimeFailure {
    RuntimeFailure(
      ExecutionError(
        .moreThanOneRow,
        "a subquery that stands for one value gave more than one row; add LIMIT 1 or an aggregate"
      ),
      at: probe.plan.condition?.range ?? probe.plan.keys.first?.right.range ?? .nowhere
    )
  }
}
