internal import TundishColumns

/// Rows in order, in memory as long as they may be there, else in a temporary file.
final class Spool {
  private enum Piece {
    case held(Batch, byteCount: Int)
    case stored(RowFile, RowFile.Place)
  }

  private var pieces: [Piece] = []
  private var file: RowFile?
  private let run: QueryRun
  /// The bytes of the batches in memory, which the run's account counts.
  private(set) var heldByteCount = 0
  /// The number of rows.
  private(set) var rowCount = 0
  /// Whether some rows are in a file.
  private(set) var isStored = false

  /// Creates a spool without rows; it writes to `file` where one is given, else to its own.
  init(run: QueryRun, file: RowFile? = nil) {
    self.run = run
    self.file = file
  }

  /// Adds rows; where the memory limit is reached, all of them go to the file.
  func append(_ batch: Batch) throws(RuntimeFailure) {
    guard batch.rowCount > 0 else { return }
    rowCount += batch.rowCount
    if !isStored {
      let byteCount = run.memory.isLimited ? batch.limitedByteCount : 0
      if run.memory.tryReserve(byteCount) {
        pieces.append(.held(batch, byteCount: byteCount))
        heldByteCount += byteCount
        return
      }
      guard run.context.spill != nil else { throw run.memory.failure(canSpill: false) }
      try store()
    }
    pieces.append(try stored(batch))
  }

  /// Writes all rows in memory to the file and gives their bytes back.
  func store() throws(RuntimeFailure) {
    isStored = true
    if heldByteCount == 0 && file != nil { return }
    for (position, piece) in pieces.enumerated() {
      guard case .held(let batch, let byteCount) = piece else { continue }
      try run.checkCancellation()
      pieces[position] = try stored(batch)
      heldByteCount -= byteCount
      run.memory.release(byteCount)
    }
  }

  /// Adds the rows of another spool, which is used no more.
  func absorb(_ other: Spool) throws(RuntimeFailure) {
    pieces += other.pieces
    heldByteCount += other.heldByteCount
    rowCount += other.rowCount
    isStored = isStored || other.isStored
    other.pieces = []
    if isStored { try store() }
  }

  /// The batches of rows that are all in memory.
  var batches: [Batch] {
    pieces.compactMap { piece in
      if case .held(let batch, _) = piece { batch } else { nil }
    }
  }

  /// The number of batches.
  var batchCount: Int { pieces.count }

  /// Returns a batch, from wherever it is.
  func batch(_ number: Int) throws(RuntimeFailure) -> Batch {
    try run.checkCancellation()
    switch pieces[number] {
    case .held(let batch, _): return batch
    case .stored(let file, let place): return try file.read(place)
    }
  }

  /// Calls `body` with each batch in order.
  func eachBatch(_ body: (Batch) throws(RuntimeFailure) -> Void) throws(RuntimeFailure) {
    for number in pieces.indices { try body(try batch(number)) }
  }

  /// Returns all rows as one batch, with room for so many bytes more per row, which the run's account
  /// counts; nil where that is too much.
  func whole(
    types: [DataType],
    workingByteCount: Int
  ) throws(RuntimeFailure) -> Batch? {
    var batches: [Batch] = []
    for number in pieces.indices {
      let batch = try batch(number)
      let byteCount = batch.limitedByteCount + batch.rowCount * workingByteCount
      guard run.memory.tryReserve(byteCount) else { return nil }
      batches.append(batch)
    }
    return try run.whole(batches, types: types)
  }

  /// Returns a pipeline that gives the rows.
  var pipeline: Pipeline {
    isStored
      ? Pipeline(source: SpoolSource(self, run: run))
      : Pipeline(source: BatchSource(batches, run: run))
  }

  /// Gives back the bytes of the rows in memory, which are used no more.
  func discard() {
    run.memory.release(heldByteCount)
    heldByteCount = 0
    pieces = []
  }

  private func stored(_ batch: Batch) throws(RuntimeFailure) -> Piece {
    if let file { return .stored(file, try file.write(batch)) }
    guard let space = run.context.spill else { throw run.memory.failure(canSpill: false) }
    let file = try RowFile(space)
    self.file = file
    return .stored(file, try file.write(batch))
  }
}

/// Takes rows into a spool.
final class SpoolingConsumer: ParallelSink {
  let spool: Spool
  private let run: QueryRun

  init(run: QueryRun) {
    self.run = run
    spool = Spool(run: run)
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow {
    try spool.append(batch)
    return .more
  }

  func finish() throws(RuntimeFailure) {}

  func makePart() -> any ParallelSink { SpoolingConsumer(run: run) }

  func absorb(_ part: any ParallelSink) throws(RuntimeFailure) {
    guard let part = part as? SpoolingConsumer else { return }
    try spool.absorb(part.spool)
  }
}

/// Gives the rows of a spool, in order.
final class SpoolSource: MorselSource {
  private let spool: Spool
  private let run: QueryRun

  init(_ spool: Spool, run: QueryRun) {
    self.spool = spool
    self.run = run
  }

  var morselCount: Int { spool.batchCount }
  /// A file is read by one thread.
  var isParallel: Bool { false }

  func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow {
    try consumer.consume(try spool.batch(morsel))
  }
}

extension QueryRun {
  /// Runs an operator to its end and returns its rows, in a file where they are too many.
  func spool(_ physical: any PhysicalOperator) throws(RuntimeFailure) -> Spool {
    try spool(try prepare(physical))
  }

  /// Runs a pipeline to its end and returns its rows, in a file where they are too many.
  func spool(_ pipeline: Pipeline) throws(RuntimeFailure) -> Spool {
    let sink = SpoolingConsumer(run: self)
    try pipeline.run(into: sink, threadCount: profiler == nil ? context.threadCount : 1)
    return sink.spool
  }

  /// The bytes of rows that an operator which spills works on at once.
  ///
  /// Rows are held up to three quarters of the limit where operators spill; this is what works in
  /// the last one.
  var workingByteCount: Int { max(65_536, memory.limit / 16) }
}

extension Batch {
  /// The bytes of the buffers and of the text that they view.
  var limitedByteCount: Int {
    columns.reduce(0) { $0 + $1.approximateByteCount + $1.viewedByteCount }
  }
}

extension Column {
  /// The bytes of text that views of this column show; coded text is the table's.
  var viewedByteCount: Int {
    switch data {
    case .text(let values): values.views.reduce(0) { $0 &+ Int($1.length) }
    case .list(let lists):
      lists.ranges.isEmpty
        ? 0
        : lists.child.viewedByteCount * lists.ranges.reduce(0) { $0 + $1.count }
          / max(1, lists.child.count)
    case .structure(let members, _): members.reduce(0) { $0 + $1.viewedByteCount }
    case .boolean, .int64, .int128, .float64, .interval, .dictionary: 0
    }
  }
}
