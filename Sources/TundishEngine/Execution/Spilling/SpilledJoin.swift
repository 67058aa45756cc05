internal import TundishColumns

/// A join by equal keys whose collected side does not fit into memory.
///
/// Both sides go to files by the hash of their keys; rows with equal keys are in files of one
/// number, which are joined one after the other. A file whose rows are still too many is split
/// again, with its counterpart. Rows come file by file; within one they have the order that the
/// join in memory gives.
struct SpilledJoin {
  private let join: HashJoinOperator
  private let buildSide: any PhysicalOperator
  private let probeSide: any PhysicalOperator
  private let range: JoinRange?
  private let run: QueryRun

  init(_ join: HashJoinOperator, range: JoinRange?, run: QueryRun) {
    self.join = join
    self.range = range
    self.run = run
    buildSide = join.buildsLeft ? join.left : join.right
    probeSide = join.buildsLeft ? join.right : join.left
  }

  /// Whether a join can be split by its keys: not where a row without a match must know of NULLs
  /// among the keys of all rows.
  static func applies(to plan: JoinPlan) -> Bool {
    guard !plan.keys.isEmpty else { return false }
    switch plan.kind {
    case .inner, .left, .right, .full, .semi, .anti, .single: return true
    case .mark, .positional, .asOf, .asOfLeft: return false
    }
  }

  /// Returns the joined rows of the collected side and those of the pipeline.
  func pipeline(_ build: Spool, probe: Pipeline) throws(RuntimeFailure) -> Pipeline {
    let builds = try split(build, isBuild: true, depth: 0)
    let sink = try splitter(isBuild: false, depth: 0)
    try probe.run(into: sink)
    return Pipeline(
      source: SpilledJoinSource(self, pairs: Array(zip(builds, sink.partitions.spools)))
    )
  }

  private func splitter(isBuild: Bool, depth: Int) throws(RuntimeFailure) -> PartitioningConsumer {
    try PartitioningConsumer(
      keys: join.plan.keys.map { isBuild == join.buildsLeft ? $0.left : $0.right },
      layout: isBuild ? buildSide.layout : probeSide.layout,
      depth: depth,
      run: run
    )
  }

  private func split(
    _ rows: Spool,
    isBuild: Bool,
    depth: Int
  ) throws(RuntimeFailure) -> [Spool] {
    let splitter = try splitter(isBuild: isBuild, depth: depth)
    try rows.eachBatch { batch throws(RuntimeFailure) in _ = try splitter.consume(batch) }
    return splitter.partitions.spools
  }

  /// Gives the pairs of two files' rows to a consumer, which is not finished.
  func run(
    _ build: Spool,
    _ probe: Spool,
    depth: Int,
    into consumer: any Consumer
  ) throws(RuntimeFailure) -> Flow {
    if isEmpty(build, probe) { return .more }
    let heldByteCount = run.memory.usedByteCount
    defer { run.memory.release(downTo: heldByteCount) }
    let held = try build.whole(
      types: buildSide.columns.map(\.type),
      workingByteCount: HashJoinOperator.indexByteCount
    )
    guard let rows = held else {
      run.memory.release(downTo: heldByteCount)
      let builds = try split(build, isBuild: true, depth: depth)
      // One key cannot be split.
      guard depth < RowPartitions.depthLimit, builds.allSatisfy({ $0.rowCount < build.rowCount })
      else { throw run.memory.failure(canSpill: true) }
      let probes = try split(probe, isBuild: false, depth: depth)
      for (build, probe) in zip(builds, probes) {
        if case .done = try run(build, probe, depth: depth + 1, into: consumer) { return .done }
      }
      return .more
    }
    let plan = join.plan
    let index = try JoinBuild(
      rows,
      keys: plan.keys.map { join.buildsLeft ? $0.left : $0.right },
      isNullSafe: plan.keys.map(\.isNullSafe),
      isMark: false,
      range: range,
      layout: buildSide.layout,
      run: run
    )
    let matcher = try JoinMatcher(
      join,
      build: index,
      range: index.range == nil ? nil : range,
      probeSide: probeSide,
      run: run
    )
    let joiner = JoinConsumer(matcher, next: UnfinishedConsumer(consumer))
    for number in 0..<probe.batchCount {
      if case .done = try joiner.consume(try probe.batch(number)) { return .done }
    }
    try joiner.finish()
    return .more
  }

  /// Whether two files give no rows.
  private func isEmpty(_ build: Spool, _ probe: Spool) -> Bool {
    switch join.plan.kind {
    case .inner, .semi: build.rowCount == 0 || probe.rowCount == 0
    case .left, .anti, .single: probe.rowCount == 0
    case .right: build.rowCount == 0
    case .full, .mark, .positional, .asOf, .asOfLeft: build.rowCount == 0 && probe.rowCount == 0
    }
  }
}

/// Joins the files of one number as one morsel.
private final class SpilledJoinSource: MorselSource {
  private let join: SpilledJoin
  private let pairs: [(build: Spool, probe: Spool)]

  init(_ join: SpilledJoin, pairs: [(build: Spool, probe: Spool)]) {
    self.join = join
    self.pairs = pairs
  }

  var morselCount: Int { pairs.count }
  /// All files of a side are parts of one, which is read by one thread.
  var isParallel: Bool { false }

  func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow {
    try join.run(pairs[morsel].build, pairs[morsel].probe, depth: 1, into: consumer)
  }
}

/// Passes rows on, but not the end: more parts follow.
private final class UnfinishedConsumer: Consumer {
  private let next: any Consumer

  init(_ next: any Consumer) {
    self.next = next
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow { try next.consume(batch) }

  func finish() throws(RuntimeFailure) {}
}
