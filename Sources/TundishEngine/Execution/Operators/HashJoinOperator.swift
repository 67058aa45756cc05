internal import TundishColumns
internal import TundishSyntax

/// Pairs rows by equal keys, and by any further condition.
///
/// One side is collected and indexed, the other streams past it. Rows come in the order of the
/// streaming side, which is the left one except where an inner join's left side is much smaller.
/// Inequalities that bound an expression of the collected side are searched by bisection, and the
/// matches of a row come in the order of that expression; where there is neither, every pair is
/// tried, in bounded portions.
final class HashJoinOperator: PhysicalOperator {
  let plan: JoinPlan
  let left: any PhysicalOperator
  let right: any PhysicalOperator
  let columns: [PlanColumn]
  /// Whether the left side is the one that is collected.
  let buildsLeft: Bool

  /// Whether the left side, though it streams, is collected before the right one, whose scans then
  /// give only rows with the left side's keys.
  let collectsLeftFirst: Bool

  /// The bytes of words, slots, groups and rows of the index, per collected row.
  static let indexByteCount = 40
  /// How many times smaller the left side must be for that.
  private static let filterFactor = 4.0
  /// How many times smaller the left side must be to be collected instead of the right one.
  private static let sideFactor = 2.0

  init(
    _ plan: JoinPlan,
    left: any PhysicalOperator,
    right: any PhysicalOperator,
    estimator: CardinalityEstimator = CardinalityEstimator()
  ) {
    self.plan = plan
    self.left = left
    self.right = right
    switch plan.kind {
    case .semi, .anti: columns = left.columns
    case .mark: columns = left.columns + (plan.markColumn.map { [$0] } ?? [])
    case .inner, .left, .right, .full, .single, .positional, .asOf, .asOfLeft:
      columns = left.columns + right.columns
    }
    (buildsLeft, collectsLeftFirst) = Self.sides(plan, estimator)
  }

  private static func sides(
    _ plan: JoinPlan,
    _ estimator: CardinalityEstimator
  ) -> (buildsLeft: Bool, collectsLeftFirst: Bool) {
    let leftCount = estimator.rowCount(plan.left)
    let rightCount = estimator.rowCount(plan.right)
    return (
      plan.kind == .inner && leftCount < rightCount / sideFactor,
      leftCount < rightCount / filterFactor
    )
  }

  /// A side of a join.
  enum Side {
    case left, right
  }

  /// The side whose rows stream past the other's as they come, each giving its own rows only; nil
  /// where both are collected, or rows of the other side are given at the end.
  var streamingSide: Side? {
    Self.streamingSide(plan.kind, buildsLeft: buildsLeft, collectsLeftFirst: collectsLeftFirst)
  }

  /// The streaming side that the join of a plan would have.
  static func streamingSide(of plan: JoinPlan) -> Side? {
    let (buildsLeft, collectsLeftFirst) = sides(plan, CardinalityEstimator())
    return streamingSide(plan.kind, buildsLeft: buildsLeft, collectsLeftFirst: collectsLeftFirst)
  }

  private static func streamingSide(
    _ kind: JoinPlan.Kind,
    buildsLeft: Bool,
    collectsLeftFirst: Bool
  ) -> Side? {
    switch kind {
    case .inner: buildsLeft ? .right : .left
    case .left, .semi, .anti, .single: collectsLeftFirst ? nil : .left
    case .mark: .left
    case .right, .full, .positional, .asOf, .asOfLeft: nil
    }
  }

  var name: String {
    if !plan.keys.isEmpty { return "hash join" }
    let probe = buildsLeft ? right : left
    let build = buildsLeft ? left : right
    let range = JoinRange(plan.condition, probe: probe.columns, build: build.columns)
    return range == nil ? "nested loop join" : "range join"
  }
  var children: [any PhysicalOperator] { [left, right] }

  var details: String {
    var parts = [plan.kind.rawValue]
    if !plan.keys.isEmpty {
      let keys = plan.keys.map { key in
        "\(key.left.explained(by: left.columns)) \(key.isNullSafe ? "is not distinct from" : "=") "
          + key.right.explained(by: right.columns)
      }
      parts.append("on \(keys.joined(separator: " and "))")
    }
    if let condition = plan.condition {
      parts.append("where \(condition.explained(by: left.columns + right.columns))")
    }
    parts.append("collects the \(buildsLeft ? "left" : "right") side")
    return parts.joined(separator: "; ")
  }

  var estimatedRowCount: Int? {
    guard let leftCount = left.estimatedRowCount else { return nil }
    switch plan.kind {
    case .semi, .anti: return max(1, leftCount / 2)
    case .mark, .single, .left, .asOf, .asOfLeft: return leftCount
    case .inner, .right, .full, .positional:
      guard let rightCount = right.estimatedRowCount else { return nil }
      if plan.keys.isEmpty {
        let (product, overflow) = leftCount.multipliedReportingOverflow(by: rightCount)
        return overflow ? .max : product
      }
      return max(leftCount, rightCount)
    }
  }

  func keyFilterTarget(of column: ColumnID) -> KeyFilterTarget? {
    switch plan.kind {
    case .inner:
      return left.keyFilterTarget(of: column) ?? right.keyFilterTarget(of: column)
    case .left, .semi, .anti, .mark, .single: return left.keyFilterTarget(of: column)
    case .right: return right.keyFilterTarget(of: column)
    case .full, .positional, .asOf, .asOfLeft: return nil
    }
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let buildSide = buildsLeft ? left : right
    let probeSide = buildsLeft ? right : left
    let range = JoinRange(
      plan.condition,
      probe: probeSide.columns,
      build: buildSide.columns
    )
    let leftRows = try leftRowsFirst(run)
    let rows: Batch
    if run.memory.isLimited && run.context.spill != nil && SpilledJoin.applies(to: plan) {
      let spool = try run.spool(buildSide)
      takeBackFilters(leftRows?.scans ?? [], run: run)
      if spool.isStored || !run.memory.tryReserve(spool.rowCount * Self.indexByteCount) {
        try spool.store()
        let probe: Pipeline
        if let leftRows { probe = leftRows.pipeline } else { probe = try run.prepare(probeSide) }
        return try SpilledJoin(self, range: range, run: run).pipeline(spool, probe: probe)
      }
      rows = try run.whole(spool.batches, types: buildSide.columns.map(\.type))
    } else {
      rows = try run.collectWhole(buildSide)
      takeBackFilters(leftRows?.scans ?? [], run: run)
      try run.memory.reserve(rows.rowCount * Self.indexByteCount)
    }
    let build = try JoinBuild(
      rows,
      keys: plan.keys.map { buildsLeft ? $0.left : $0.right },
      isNullSafe: plan.keys.map(\.isNullSafe),
      isMark: plan.kind == .mark,
      range: range,
      layout: buildSide.layout,
      run: run
    )
    if rows.rowCount == 0 && (plan.kind == .inner || plan.kind == .semi || plan.kind == .right) {
      return Pipeline(source: BatchSource([], run: run))
    }
    let keepsBuildRows = plan.kind == .right || plan.kind == .full
    let pipeline: Pipeline
    if let leftRows {
      pipeline = leftRows.pipeline
    } else {
      pipeline = try probePipeline(probeSide, build, run)
    }
    return pipeline.appending(
      ConsumerStage(isParallel: !keepsBuildRows) { next throws(RuntimeFailure) in
        JoinConsumer(
          try JoinMatcher(
            self,
            build: build,
            range: build.range == nil ? nil : range,
            probeSide: probeSide,
            run: run
          ),
          next: next
        )
      }
    )
  }
}

/// The collected side of a join; only read once it is made, by all threads.
final class JoinBuild {
  /// The rows.
  let rows: Batch
  /// Their keys.
  let keys: [Column]
  /// The rows by key.
  let index: JoinIndex
  /// For an index by keys without duplicates: the row of each group.
  let singleRows: [Int32]?
  /// Where an inequality bounds an expression of these rows: its values.
  let range: RangeValues?
  /// For mark joins: the rows by the NULL-safe keys alone.
  let loose: JoinIndex?

  init(
    _ rows: Batch,
    keys: [BoundExpression],
    isNullSafe: [Bool],
    isMark: Bool,
    range: JoinRange?,
    layout: ColumnLayout,
    run: QueryRun
  ) throws(RuntimeFailure) {
    self.rows = rows
    let columns = try ExpressionEvaluator(keys, layout: layout, context: run.context.functions)
      .evaluate(rows)
    self.keys = columns
    index = try JoinIndex(
      keys: columns,
      isNullSafe: isNullSafe,
      rowCount: rows.rowCount,
      run: run
    )
    try run.checkCancellation()
    singleRows = index.isUnique && !keys.isEmpty ? index.singleRows() : nil
    if let range, singleRows == nil {
      let column = try ExpressionEvaluator(
        [range.build],
        layout: layout,
        context: run.context.functions
      ).evaluate(rows)[0]
      self.range = try RangeValues(column, index: index, run: run)
    } else {
      self.range = nil
    }
    let strict = keys.indices.filter { isNullSafe[$0] }
    loose =
      isMark
      ? try JoinIndex(
        keys: strict.map { columns[$0] },
        isNullSafe: strict.map { _ in true },
        rowCount: rows.rowCount,
        run: run
      ) : nil
  }
}
