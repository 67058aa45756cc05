internal import TundishColumns

/// One run of a scan.
///
/// Of a source that can be read by position, the conditions that segments decide are decided first,
/// for a whole morsel; then the columns of what is left of the condition are read for the rows that
/// are still in, and last the others. Columns that are only there for the condition are not read
/// for the rows that pass: they are given as NULL.
final class ScanSource: MorselSource {
  private let plan: ScanPlan
  private let zones: [ZonePredicate]
  private let layout: ColumnLayout
  private let run: QueryRun
  private let conditions: StoredConditions
  /// The positions in the batch of the columns that rows are tested by one by one.
  private let early: [Int]
  /// The positions in the batch of the columns that nobody reads of what the scan gives.
  private let unread: Set<Int>

  init(
    _ plan: ScanPlan,
    zones: [ZonePredicate],
    filters: [ScanKeyFilter],
    unread: Set<Int>,
    layout: ColumnLayout,
    run: QueryRun
  ) throws(RuntimeFailure) {
    self.plan = plan
    self.unread = unread
    self.zones = zones
    self.layout = layout
    self.run = run
    conditions = try StoredConditions(
      plan,
      filters,
      layout: layout,
      context: run.context.functions
    )
    let tested = (conditions.rest?.columnIDs ?? []).map { layout.position(of: $0) }
    early = Set(tested + conditions.restOfFilters.map(\.position)).sorted()
  }

  var morselCount: Int { plan.source.morselCount }

  func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow {
    try run.checkCancellation()
    var tests = try RowTests(conditions.rest, conditions.restOfFilters, layout: layout, run: run)
    if let source = plan.source as? any RandomAccessSource {
      return try readByPosition(source, morsel: morsel, &tests, into: consumer)
    }
    return try readInTurn(morsel: morsel, &tests, into: consumer)
  }

  private func readInTurn(
    morsel: Int,
    _ tests: inout RowTests,
    into consumer: any Consumer
  ) throws(RuntimeFailure) -> Flow {
    // What neither the condition nor anybody else reads is not read at all.
    let read = plan.columns.indices.filter { !unread.contains($0) || early.contains($0) }
    let cursor = try blaming(.nowhere) { () throws(ExecutionError) in
      try plan.source.cursor(
        morsel: morsel,
        columns: read.map { plan.columns[$0].position },
        predicates: zones,
        batchRowCount: run.context.batchRowCount
      )
    }
    while let batch = try blaming(
      .nowhere,
      { () throws(ExecutionError) in try cursor.next() }
    ) {
      try run.checkCancellation()
      var columns = plan.columns.indices.map { nothing($0, batch.rowCount) }
      for (place, position) in read.enumerated() { columns[position] = batch.columns[place] }
      var kept = Batch(columns: columns, rowCount: batch.rowCount)
      if let rows = try tests.rows(of: columns, rowCount: batch.rowCount) {
        if rows.isEmpty { continue }
        for position in unread { columns[position] = nothing(position, batch.rowCount) }
        kept = Batch(columns: columns, rowCount: batch.rowCount).gathered(rows)
      }
      if kept.rowCount == 0 { continue }
      if case .done = try consumer.consume(kept) { return .done }
    }
    return .more
  }

  private func readByPosition(
    _ source: any RandomAccessSource,
    morsel: Int,
    _ tests: inout RowTests,
    into consumer: any Consumer
  ) throws(RuntimeFailure) -> Flow {
    if source.isExcluded(morsel: morsel, by: zones) { return .more }
    let total = source.rowCount(ofMorsel: morsel)
    let chosen = conditions.rows(of: source, morsel: morsel)
    let count = chosen?.count ?? total
    var start = 0
    while start < count {
      try run.checkCancellation()
      let end = min(start + run.context.batchRowCount, count)
      let rows = chosen.map { MorselRows.places(Array($0[start..<end])) } ?? .range(start..<end)
      start = end
      if let batch = try read(rows, of: source, morsel: morsel, &tests),
        case .done = try consumer.consume(batch)
      {
        return .done
      }
    }
    return .more
  }

  /// Returns those of some rows that pass; nil for none.
  private func read(
    _ rows: MorselRows,
    of source: any RandomAccessSource,
    morsel: Int,
    _ tests: inout RowTests
  ) throws(RuntimeFailure) -> Batch? {
    if early.isEmpty, conditions.rest == nil {
      let columns = plan.columns.indices.map { position in
        unread.contains(position)
          ? nothing(position, rows.count)
          : source.column(morsel: morsel, position: plan.columns[position].position, rows)
      }
      return Batch(columns: columns, rowCount: rows.count)
    }
    var columns = plan.columns.indices.map { nothing($0, 0) }
    for position in early {
      columns[position] = source.column(
        morsel: morsel,
        position: plan.columns[position].position,
        rows
      )
    }
    let passed = try tests.rows(of: columns, rowCount: rows.count)
    if let passed, passed.isEmpty { return nil }
    let left = passed.map { rows.some($0) } ?? rows
    for position in columns.indices {
      if unread.contains(position) {
        columns[position] = nothing(position, left.count)
      } else if early.contains(position) {
        if let passed { columns[position] = columns[position].gathered(passed) }
      } else {
        columns[position] = source.column(
          morsel: morsel,
          position: plan.columns[position].position,
          left
        )
      }
    }
    return Batch(columns: columns, rowCount: left.count)
  }
}

extension ScanSource {
  /// What stands for the values of a column that nobody reads.
  private func nothing(_ position: Int, _ count: Int) -> Column {
    .nulls(type: plan.columns[position].column.type, count: count)
  }
}

/// Some rows of a morsel, ascending.
enum MorselRows {
  case range(Range<Int>)
  case places([Int32])

  var count: Int {
    switch self {
    case .range(let range): range.count
    case .places(let places): places.count
    }
  }

  /// Those of the rows at some positions among them.
  func some(_ positions: [Int32]) -> MorselRows {
    switch self {
    case .range(let range):
      let first = Int32(truncatingIfNeeded: range.lowerBound)
      return .places(positions.map { $0 &+ first })
    case .places(let places):
      return .places(gatheredGroups(places, positions))
    }
  }
}

extension RandomAccessSource {
  func column(morsel: Int, position: Int, _ rows: MorselRows) -> Column {
    switch rows {
    case .range(let range): column(morsel: morsel, position: position, rows: range)
    case .places(let places): column(morsel: morsel, position: position, places: places)
    }
  }
}

/// What rows are tested by one by one: the part of a scan's condition that segments do not decide, and
/// whether their keys may find a match in the joins above.
///
/// A filter that lets nearly all rows pass is not asked any more.
private struct RowTests {
  private let evaluator: ExpressionEvaluator?
  private let filters: [ScanKeyFilter]
  private var tallies: [(asked: Int, passed: Int)]

  /// The rows after which a filter must have shown its worth.
  private static let trialRowCount = 16_384

  init(
    _ condition: BoundExpression?,
    _ filters: [ScanKeyFilter],
    layout: ColumnLayout,
    run: QueryRun
  ) throws(RuntimeFailure) {
    evaluator =
      if let condition {
        try ExpressionEvaluator([condition], layout: layout, context: run.context.functions)
      } else {
        nil
      }
    self.filters = filters
    tallies = filters.map { _ in (0, 0) }
  }

  /// Returns the rows that go on; nil for all of them.
  mutating func rows(of columns: [Column], rowCount: Int) throws(RuntimeFailure) -> [Int32]? {
    var rows = try evaluator?.select(0, EvaluationFrame(columns: columns, rowCount: rowCount))
    for (number, sent) in filters.enumerated() {
      let (asked, passed) = tallies[number]
      // More than nine of ten.
      if asked >= Self.trialRowCount, passed > asked - asked / 10 { continue }
      let candidateCount = rows?.count ?? rowCount
      if candidateCount == 0 { return rows }
      rows = sent.filter.narrowed(rows, of: columns[sent.position])
      tallies[number] = (asked + candidateCount, passed + (rows?.count ?? rowCount))
    }
    return rows
  }
}
