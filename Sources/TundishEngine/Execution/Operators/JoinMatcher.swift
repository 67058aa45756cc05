internal import TundishColumns
internal import TundishSyntax

/// Matches the streaming side of a join for one thread.
final class JoinMatcher {
  let plan: JoinPlan
  let build: JoinBuild
  let buildsLeft: Bool
  let run: QueryRun
  let probeTypes: [DataType]
  private let probeKeys: ExpressionEvaluator
  private let condition: JoinCondition?
  private let unknowns: JoinUnknowns?
  private var cache = GroupTable.LookupCache()
  private let range: JoinRange?
  private let rangeKeys: ExpressionEvaluator?

  init(
    _ join: HashJoinOperator,
    build: JoinBuild,
    range: JoinRange?,
    probeSide: any PhysicalOperator,
    run: QueryRun
  ) throws(RuntimeFailure) {
    plan = join.plan
    self.build = build
    buildsLeft = join.buildsLeft
    self.run = run
    probeTypes = probeSide.columns.map(\.type)
    let keys = plan.keys.map { join.buildsLeft ? $0.right : $0.left }
    probeKeys = try ExpressionEvaluator(
      keys,
      layout: probeSide.layout,
      context: run.context.functions
    )
    var condition: JoinCondition?
    self.range = range
    let bounds = range?.bounds.map(\.probe) ?? []
    rangeKeys =
      bounds.isEmpty
      ? nil
      : try ExpressionEvaluator(
        bounds,
        layout: probeSide.layout,
        context: run.context.functions
      )
    let expression = range == nil ? plan.condition : range?.rest
    if let expression {
      condition = try JoinCondition(
        expression,
        probeColumns: probeSide.columns,
        buildColumns: (join.buildsLeft ? join.left : join.right).columns,
        run: run
      )
    }
    self.condition = condition
    if let loose = build.loose {
      var whole = condition
      if range != nil, let expression = plan.condition {
        whole = try JoinCondition(
          expression,
          probeColumns: probeSide.columns,
          buildColumns: (join.buildsLeft ? join.left : join.right).columns,
          run: run
        )
      }
      unknowns = JoinUnknowns(join.plan, build: build, loose: loose, condition: whole)
    } else {
      unknowns = nil
    }
  }

  /// The group in the index of each row, -1 where no build row matches.
  func groups(of keys: [Column], rowCount: Int) -> [Int32] {
    build.index.groups(of: keys, rowCount: rowCount, cache: &cache)
  }

  /// Pairs the rows of a batch with build rows, portion by portion; rows of the batch ascend.
  ///
  /// A portion covers whole rows of the batch, except that a row with very many matches is spread
  /// over several; `isComplete` tells whether its last row ends with the portion.
  func forEachPortion(
    of batch: Batch,
    keys: [Column],
    _ body: (JoinPortion) throws(RuntimeFailure) -> Void
  ) throws(RuntimeFailure) {
    let groups = groups(of: keys, rowCount: batch.rowCount)
    let rangeProbe = try rangeProbe(of: batch)
    if let singleRows = build.singleRows {
      let buildRows = groups.map { $0 < 0 ? -1 : singleRows[Int($0)] }
      let hits = rowNumbers(count: buildRows.count) { buildRows[$0] >= 0 }
      var portion = JoinPortion(rows: 0..<batch.rowCount, isComplete: true)
      portion.probeRows = hits
      portion.buildRows =
        hits.count == buildRows.count ? buildRows : gatheredGroups(buildRows, hits)
      return try body(try satisfying(portion, batch))
    }
    if rangeProbe == nil, let pairs = build.index.pairs(of: groups) {
      var portion = JoinPortion(rows: 0..<batch.rowCount, isComplete: true)
      (portion.probeRows, portion.buildRows) = pairs
      return try body(try satisfying(portion, batch))
    }
    var portion = JoinPortion(rows: 0..<0, isComplete: true)
    for row in 0..<batch.rowCount {
      var range = build.index.range(of: groups[row])
      if let rangeProbe { range = rangeProbe.matches(of: row, group: groups[row], in: range) }
      while portion.probeRows.count + range.count > ExecutionLimits.joinPairs {
        let room = ExecutionLimits.joinPairs - portion.probeRows.count
        let end = range.lowerBound + room
        portion.append(row, build.index.rows[range.lowerBound..<end])
        range = end..<range.upperBound
        portion.rows = portion.rows.lowerBound..<row + 1
        portion.isComplete = range.isEmpty
        try run.checkCancellation()
        try body(try satisfying(portion, batch))
        portion = JoinPortion(rows: (range.isEmpty ? row + 1 : row)..<row + 1, isComplete: true)
        if range.isEmpty { break }
      }
      if !range.isEmpty { portion.append(row, build.index.rows[range]) }
    }
    portion.rows = portion.rows.lowerBound..<batch.rowCount
    portion.isComplete = true
    try body(try satisfying(portion, batch))
  }

  /// The bounds of a batch's rows, where the join has a range.
  private func rangeProbe(of batch: Batch) throws(RuntimeFailure) -> RangeProbe? {
    guard let values = build.range, let range, let rangeKeys else { return nil }
    return RangeProbe(
      values,
      comparisons: range.bounds.map(\.comparison),
      columns: try rangeKeys.evaluate(batch)
    )
  }

  /// Whether each row of a batch has a pair.
  func hasMatches(_ batch: Batch, _ keys: [Column]) throws(RuntimeFailure) -> [Bool] {
    guard condition == nil else {
      var matched = [Bool](repeating: false, count: batch.rowCount)
      try forEachPortion(of: batch, keys: keys) { portion throws(RuntimeFailure) in
        for row in portion.probeRows { matched[Int(row)] = true }
      }
      return matched
    }
    let groups = groups(of: keys, rowCount: batch.rowCount)
    let rangeProbe = try rangeProbe(of: batch)
    return groups.indices.map { row in
      let range = build.index.range(of: groups[row])
      guard let rangeProbe else { return !range.isEmpty }
      return !rangeProbe.matches(of: row, group: groups[row], in: range).isEmpty
    }
  }

  /// The pairs of a portion for which the further condition is true.
  private func satisfying(
    _ portion: JoinPortion,
    _ batch: Batch
  ) throws(RuntimeFailure) -> JoinPortion {
    guard let condition, !portion.probeRows.isEmpty else { return portion }
    let truth = try condition.truth(
      batch,
      portion.probeRows,
      build.rows,
      portion.buildRows
    )
    let rows = truth.selectedRows()
    guard rows.count < portion.probeRows.count else { return portion }
    var kept = portion
    kept.probeRows = gatheredGroups(portion.probeRows, rows)
    kept.buildRows = gatheredGroups(portion.buildRows, rows)
    return kept
  }

  /// The keys of a batch.
  func keys(of batch: Batch) throws(RuntimeFailure) -> [Column] {
    try probeKeys.evaluate(batch)
  }

  /// Whether an unmatched row might match if NULLs were known, for some rows of a batch.
  func unknownRows(
    _ rows: [Int32],
    of batch: Batch,
    keys: [Column]
  ) throws(RuntimeFailure) -> [Int32] {
    let isStrict = plan.keys.allSatisfy(\.isNullSafe)
    if condition == nil && isStrict, let rangeProbe = try rangeProbe(of: batch),
      rangeProbe.hasSingleBound
    {
      let groups = groups(of: keys, rowCount: batch.rowCount)
      return rows.filter { row in
        let group = groups[Int(row)]
        return rangeProbe.isUnknown(Int(row), group: group, in: build.index.range(of: group))
      }
    }
    return try unknowns?.unknown(rows, of: batch, keys: keys, run: run) ?? []
  }

  /// Puts the columns of pairs together; -1 stands for NULL on that side.
  func pairs(_ batch: Batch, _ probeRows: [Int32], _ buildRows: [Int32]) -> Batch {
    let probeColumns =
      Self.isIdentity(probeRows, batch.rowCount)
      ? batch.columns : batch.columns.map { $0.gathered(probeRows) }
    let buildColumns = build.rows.columns.map { $0.gathered(buildRows) }
    return Batch(
      columns: buildsLeft ? buildColumns + probeColumns : probeColumns + buildColumns,
      rowCount: probeRows.count
    )
  }

  private static func isIdentity(_ rows: [Int32], _ rowCount: Int) -> Bool {
    guard rows.count == rowCount else { return false }
    for (position, row) in rows.enumerated() where row != position { return false }
    return true
  }
}

/// Some pairs of a batch's rows with build rows.
struct JoinPortion {
  /// The rows of the batch that the portion covers.
  var rows: Range<Int>
  /// Whether the last row has no pairs in later portions.
  var isComplete: Bool
  /// The batch's row of each pair, ascending.
  var probeRows: [Int32] = []
  /// The build row of each pair.
  var buildRows: [Int32] = []

  init(rows: Range<Int>, isComplete: Bool) {
    self.rows = rows
    self.isComplete = isComplete
  }

  mutating func append(_ row: Int, _ matches: ArraySlice<Int32>) {
    probeRows.append(contentsOf: repeatElement(Int32(row), count: matches.count))
    buildRows.append(contentsOf: matches)
  }
}

/// The further condition of a join over pairs of rows; gathers only the columns that it uses.
final class JoinCondition {
  private let evaluator: ExpressionEvaluator
  private let probeCount: Int
  private let used: [Int]
  private let count: Int

  init(
    _ condition: BoundExpression,
    probeColumns: [PlanColumn],
    buildColumns: [PlanColumn],
    run: QueryRun
  ) throws(RuntimeFailure) {
    let layout = ColumnLayout(probeColumns + buildColumns)
    evaluator = try ExpressionEvaluator(
      [condition],
      layout: layout,
      context: run.context.functions
    )
    probeCount = probeColumns.count
    count = layout.columns.count
    used = condition.columnIDs.map { layout.position(of: $0) }
  }

  /// Returns the three-valued truth of each pair.
  func truth(
    _ probe: Batch,
    _ probeRows: [Int32],
    _ build: Batch,
    _ buildRows: [Int32]
  ) throws(RuntimeFailure) -> Column {
    let unused = Column.nulls(type: .null, count: probeRows.count)
    var columns = [Column](repeating: unused, count: count)
    for position in used {
      columns[position] =
        position < probeCount
        ? probe.columns[position].gathered(probeRows)
        : build.columns[position - probeCount].gathered(buildRows)
    }
    return try evaluator.evaluate(
      0,
      EvaluationFrame(columns: columns, rowCount: probeRows.count)
    )
  }
}

/// Finds the unmatched rows of a mark join whose truth is NULL rather than false: those with a
/// build row that NULL alone keeps from matching or not.
final class JoinUnknowns {
  private let plan: JoinPlan
  private let build: JoinBuild
  private let condition: JoinCondition?
  /// The build rows by the NULL-safe keys alone.
  private let loose: JoinIndex
  /// The positions of the keys that NULL makes unknown.
  private let open: [Int]
  private let buildHasNulls: Bool
  private var cache = GroupTable.LookupCache()

  init(
    _ plan: JoinPlan,
    build: JoinBuild,
    loose: JoinIndex,
    condition: JoinCondition?
  ) {
    self.loose = loose
    self.plan = plan
    self.build = build
    self.condition = condition
    let open = plan.keys.indices.filter { !plan.keys[$0].isNullSafe }
    self.open = open
    buildHasNulls = open.contains { build.keys[$0].validity?.contains(false) ?? false }
  }

  /// Returns those of some unmatched rows that are unknown.
  func unknown(
    _ rows: [Int32],
    of batch: Batch,
    keys: [Column],
    run: QueryRun
  ) throws(RuntimeFailure) -> [Int32] {
    let strict = plan.keys.indices.filter { plan.keys[$0].isNullSafe }
    let groups = loose.groups(
      of: strict.map { keys[$0] },
      rowCount: batch.rowCount,
      cache: &cache
    )
    var unknown: [Int32] = []
    for row in rows {
      let hasNull = open.contains { !keys[$0].isValid(at: Int(row)) }
      guard hasNull || buildHasNulls || condition != nil else { continue }
      let range = loose.range(of: groups[Int(row)])
      // With a single NULL key and no condition, any candidate row makes the truth unknown.
      if hasNull && open.count == 1 && condition == nil {
        if !range.isEmpty { unknown.append(row) }
        continue
      }
      if try isUnknown(row, range, batch, keys, run) { unknown.append(row) }
    }
    return unknown
  }

  private func isUnknown(
    _ row: Int32,
    _ range: Range<Int>,
    _ batch: Batch,
    _ keys: [Column],
    _ run: QueryRun
  ) throws(RuntimeFailure) -> Bool {
    var start = range.lowerBound
    while start < range.upperBound {
      try run.checkCancellation()
      let end = min(range.upperBound, start + ExecutionLimits.joinPairs)
      let buildRows = Array(loose.rows[start..<end])
      let probeRows = [Int32](repeating: row, count: buildRows.count)
      start = end
      var truth: Column?
      for key in open {
        let equal = EngineKernels.compare(
          .equal,
          keys[key].gathered(probeRows),
          build.keys[key].gathered(buildRows)
        )
        truth = truth.map { Logic.and($0, equal) } ?? equal
      }
      if let condition {
        let holds = try condition.truth(batch, probeRows, build.rows, buildRows)
        truth = truth.map { Logic.and($0, holds) } ?? holds
      }
      if truth?.validity?.contains(false) ?? false { return true }
    }
    return false
  }
}
