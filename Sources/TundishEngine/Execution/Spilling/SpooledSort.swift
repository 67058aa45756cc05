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
/// the sort, bounds what may be given: all rows up to that block's last one. Only runs whose block
/// begins before it take part, so runs that follow one another are not sorted again and again.
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
    if active.count == 1, let rows = heads[active[0]] {
      heads[active[0]] = nil
      return rows
    }
    guard let bound = try firstEnd(among: active) else {
      return try take(active, upToEndOf: nil)
    }
    return try take(try beginning(active, beforeEndOf: bound), upToEndOf: bound)
  }

  /// The run with unread rows whose block ends first; nil where all blocks are the last ones.
  private func firstEnd(among active: [Int]) throws(RuntimeFailure) -> Int? {
    let open = active.filter { readCounts[$0] < runs[$0].count }
    if open.count <= 1 { return open.first }
    let ends = open.compactMap { number in
      heads[number].map { $0.sliced($0.rowCount - 1..<$0.rowCount) }
    }
    return open[Int(try sort.order(of: try whole(ends))[0])]
  }

  /// The runs with a row up to the last row of one's block, in the order of runs.
  private func beginning(
    _ active: [Int],
    beforeEndOf bound: Int
  ) throws(RuntimeFailure) -> [Int] {
    let rows = active.compactMap { number in
      heads[number].map { head in
        number == bound ? head.sliced(head.rowCount - 1..<head.rowCount) : head.sliced(0..<1)
      }
    }
    var chosen: [Int] = []
    for place in try sort.order(of: try whole(rows)) {
      chosen.append(active[Int(place)])
      if chosen.last == bound { break }
    }
    return chosen.sorted()
  }

  /// Takes the rows of some runs in order, up to the last row of one's block, or all.
  private mutating func take(
    _ chosen: [Int],
    upToEndOf bound: Int?
  ) throws(RuntimeFailure) -> Batch {
    let blocks = chosen.compactMap { heads[$0] }
    let rows = try whole(blocks)
    let order = try sort.order(of: rows)
    var starts: [Int] = []
    var start = 0
    var last: Int32?
    for (number, block) in zip(chosen, blocks) {
      starts.append(start)
      start += block.rowCount
      if number == bound { last = Int32(start - 1) }
    }
    let count = last.flatMap { order.firstIndex(of: $0) }.map { $0 + 1 } ?? order.count
    let given = Array(order[..<count])
    // A run's rows are in order, so that those that are given are its first ones.
    var taken = [Bool](repeating: false, count: rows.rowCount)
    for row in given { taken[Int(row)] = true }
    for (place, number) in chosen.enumerated() {
      let block = blocks[place]
      var used = 0
      while used < block.rowCount && taken[starts[place] + used] { used += 1 }
      heads[number] = used == block.rowCount ? nil : block.sliced(used..<block.rowCount)
    }
    return rows.gathered(given)
  }

  private func whole(_ batches: [Batch]) throws(RuntimeFailure) -> Batch {
    let types = batches[0].columns.map(\.type)
    return try sort.run.whole(batches, types: types)
  }
}
