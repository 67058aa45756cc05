internal import TundishColumns

/// Sorts the rows of a spool that do not fit into memory: runs that fit are sorted and written,
/// then merged as they are read.
///
/// Keys are computed once and written with the rows, since an expression may give something else
/// the second time. Equal rows keep their order, as runs are numbered in the order of their rows.
struct SpooledSort {
  /// The sort keys.
  let keys: [SortKey]
  /// Where the input's columns lie.
  let layout: ColumnLayout
  let run: QueryRun

  /// A sorted run: places in the file of the runs.
  typealias SortedRun = [RowFile.Place]

  /// The most runs that are merged at once; more are merged in several rounds.
  private static let mergedRuns = 16

  /// Returns the rows of a spool in order.
  func pipeline(_ spool: Spool) throws(RuntimeFailure) -> Pipeline {
    guard let space = run.context.spill else { throw run.memory.failure(canSpill: false) }
    var file = try RowFile(space)
    var runs = try sortedRuns(spool, file: file)
    while runs.count > Self.mergedRuns {
      let target = try RowFile(space)
      var longer: [SortedRun] = []
      for start in stride(from: 0, to: runs.count, by: Self.mergedRuns) {
        let some = Array(runs[start..<min(start + Self.mergedRuns, runs.count)])
        var merged: SortedRun = []
        try RunMerger(some, file: file, sort: self).eachBatch { batch throws(RuntimeFailure) in
          merged.append(try target.write(batch))
          return .more
        }
        longer.append(merged)
      }
      runs = longer
      file = target
    }
    return Pipeline(source: MergingSource(runs, file: file, sort: self))
  }

  /// The number of the input's columns, before those of the keys.
  var columnCount: Int { layout.columns.count }

  /// Sorts portions of the rows and writes each, with its keys.
  private func sortedRuns(_ spool: Spool, file: RowFile) throws(RuntimeFailure) -> [SortedRun] {
    let evaluator = try ExpressionEvaluator(
      keys.map(\.expression),
      layout: layout,
      context: run.context.functions
    )
    let types = layout.columns.map(\.type) + keys.map(\.expression.type)
    var runs: [SortedRun] = []
    var portion: [Batch] = []
    var byteCount = 0
    func finishPortion() throws(RuntimeFailure) {
      guard !portion.isEmpty else { return }
      let whole = try run.whole(portion, types: types)
      portion = []
      byteCount = 0
      let order = try self.order(of: whole)
      var places: SortedRun = []
      let size = blockRowCount(of: whole)
      for start in stride(from: 0, to: order.count, by: size) {
        try run.checkCancellation()
        let rows = Array(order[start..<min(start + size, order.count)])
        places.append(try file.write(whole.gathered(rows)))
      }
      runs.append(places)
    }
    try spool.eachBatch { batch throws(RuntimeFailure) in
      let columns = try batch.columns + evaluator.evaluate(batch)
      let extended = Batch(columns: columns, rowCount: batch.rowCount)
      portion.append(extended)
      byteCount += extended.limitedByteCount
      if byteCount >= run.workingByteCount { try finishPortion() }
    }
    try finishPortion()
    return runs
  }

  /// The order of rows with their keys.
  func order(of rows: Batch) throws(RuntimeFailure) -> [Int32] {
    EngineKernels.sortOrder(
      zip(rows.columns[columnCount...], keys).map { ($0, $1.direction) },
      rowCount: rows.rowCount
    )
  }

  /// As many rows as let a block of each run be in memory while runs are merged.
  private func blockRowCount(of rows: Batch) -> Int {
    let bytesPerRow = max(1, rows.limitedByteCount / max(1, rows.rowCount))
    let count = run.workingByteCount / Self.mergedRuns / bytesPerRow
    return min(max(16, count), max(16, run.context.batchRowCount))
  }
}

/// Gives the rows of sorted runs in order.
private final class MergingSource: MorselSource {
  private let runs: [SpooledSort.SortedRun]
  private let file: RowFile
  private let sort: SpooledSort

  init(_ runs: [SpooledSort.SortedRun], file: RowFile, sort: SpooledSort) {
    self.runs = runs
    self.file = file
    self.sort = sort
  }

  var morselCount: Int { 1 }
  var isParallel: Bool { false }

  func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow {
    let positions = Array(0..<sort.columnCount)
    return try RunMerger(runs, file: file, sort: sort).eachBatch { batch throws(RuntimeFailure) in
      try consumer.consume(batch.projected(positions))
    }
  }
}

/// Merges sorted runs block by block.
///
/// What stands in memory is a block of each run. The run whose block ends first, in the order of
/// the sort, bounds what may be given: all rows up to that block's last one. How many these are in
/// each block is found by bisection, so that each row is sorted once and not with every block that
/// is read before its turn.
private struct RunMerger {
  private let runs: [SpooledSort.SortedRun]
  private let file: RowFile
  private let sort: SpooledSort
  /// The rows of each run that are read and not yet given; nil before the first and after the last.
  private var heads: [Batch?]
  /// The blocks of each run that are read.
  private var readCounts: [Int]

  init(_ runs: [SpooledSort.SortedRun], file: RowFile, sort: SpooledSort) {
    self.runs = runs
    self.file = file
    self.sort = sort
    heads = Array(repeating: nil, count: runs.count)
    readCounts = Array(repeating: 0, count: runs.count)
  }

  /// Calls `body` with batches of rows in order, until it wants no more.
  @discardableResult
  consuming func eachBatch(
    _ body: (Batch) throws(RuntimeFailure) -> Flow
  ) throws(RuntimeFailure) -> Flow {
    while true {
      try sort.run.checkCancellation()
      for number in runs.indices where heads[number] == nil { try readBlock(number) }
      guard let batch = try nextRows() else { return .done }
      let size = max(1, sort.run.context.batchRowCount)
      for start in stride(from: 0, to: batch.rowCount, by: size) {
        let part = batch.sliced(start..<min(start + size, batch.rowCount))
        if case .done = try body(part) { return .done }
      }
    }
  }

  private mutating func readBlock(_ number: Int) throws(RuntimeFailure) {
    guard readCounts[number] < runs[number].count else { return }
    heads[number] = try file.read(runs[number][readCounts[number]])
    readCounts[number] += 1
  }

  /// Takes the rows that no unread row comes before; nil after the last.
  private mutating func nextRows() throws(RuntimeFailure) -> Batch? {
    let active = runs.indices.filter { heads[$0] != nil }
    if active.isEmpty { return nil }
    let bound = active.count == 1 ? nil : firstEnd(among: active)
    var taken: [Batch] = []
    for number in active {
      guard let head = heads[number] else { continue }
      let count = bound.map { rowCount(of: head, in: number, upToEndOf: $0) } ?? head.rowCount
      if count > 0 { taken.append(head.sliced(0..<count)) }
      heads[number] = count == head.rowCount ? nil : head.sliced(count..<head.rowCount)
    }
    if taken.count == 1 { return taken[0] }
    let rows = try whole(taken)
    return rows.gathered(try sort.order(of: rows))
  }

  /// The run with unread rows whose block ends first; nil where all blocks are the last ones.
  private func firstEnd(among active: [Int]) -> (number: Int, head: Batch)? {
    var first: (number: Int, head: Batch)?
    for number in active where readCounts[number] < runs[number].count {
      guard let head = heads[number] else { continue }
      if let known = first,
        order(of: known.head, known.head.rowCount - 1, with: head, head.rowCount - 1) <= 0
      {
        continue
      }
      first = (number, head)
    }
    return first
  }

  /// How many rows of a run's block do not come after the last row of another's; of equal rows those
  /// of the earlier run come first.
  private func rowCount(
    of head: Batch,
    in number: Int,
    upToEndOf bound: (number: Int, head: Batch)
  ) -> Int {
    if number == bound.number { return head.rowCount }
    var range = 0..<head.rowCount
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      let order = order(of: head, middle, with: bound.head, bound.head.rowCount - 1)
      if order < 0 || order == 0 && number < bound.number {
        range = middle + 1..<range.upperBound
      } else {
        range = range.lowerBound..<middle
      }
    }
    return range.lowerBound
  }

  /// Compares rows of two blocks by the keys, which stand behind the other columns.
  private func order(of left: Batch, _ leftRow: Int, with right: Batch, _ rightRow: Int) -> Int {
    for (position, key) in sort.keys.enumerated() {
      let column = sort.columnCount + position
      let order = key.direction.order(
        of: left.columns[column],
        leftRow,
        with: right.columns[column],
        rightRow
      )
      if order != 0 { return order }
    }
    return 0
  }

  private func whole(_ batches: [Batch]) throws(RuntimeFailure) -> Batch {
    let types = batches[0].columns.map(\.type)
    return try sort.run.whole(batches, types: types)
  }
}
