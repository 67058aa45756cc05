internal import TundishColumns

/// Whether a consumer wants more rows.
enum Flow: Sendable {
  case more
  /// No further row can change the result.
  case done
}

/// Takes batches: a step of a pipeline, with the state of one thread.
///
/// `consume` is called with the batches in order, then `finish` once, which passes on what was held
/// back and finishes the next step.
protocol Consumer: AnyObject {
  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow
  func finish() throws(RuntimeFailure)
}

/// Rows in numbered parts, in order.
protocol MorselSource: AnyObject {
  /// The number of parts.
  var morselCount: Int { get }
  /// Whether different threads may run different parts at once.
  var isParallel: Bool { get }
  /// Pushes the batches of one part; stops early where the consumer is done.
  func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow
}

extension MorselSource {
  var isParallel: Bool { true }
}

/// Makes a step of a pipeline in front of the next one, once per thread.
protocol Stage {
  /// Whether threads may each run a step of their own over different morsels; not so where the
  /// step's result depends on the rows before.
  var isParallel: Bool { get }
  func makeConsumer(next: any Consumer) throws(RuntimeFailure) -> any Consumer
}

/// A source and the steps that its rows go through without being collected.
struct Pipeline {
  /// Where rows come from.
  var source: any MorselSource
  /// The steps, first one first.
  var stages: [any Stage] = []

  /// Returns the pipeline with one more step at its end.
  func appending(_ stage: any Stage) -> Pipeline {
    Pipeline(source: source, stages: stages + [stage])
  }

  /// Pushes all rows into a consumer and finishes it.
  func run(into sink: any Consumer) throws(RuntimeFailure) {
    try run(morsels: 0..<source.morselCount, into: sink)
  }

  /// Pushes the rows of some morsels into a consumer and finishes it.
  func run(morsels: Range<Int>, into sink: any Consumer) throws(RuntimeFailure) {
    var head = sink
    for stage in stages.reversed() { head = try stage.makeConsumer(next: head) }
    for morsel in morsels {
      if case .done = try source.run(morsel: morsel, into: head) { break }
    }
    try head.finish()
  }
}

/// A step that keeps nothing between batches and maps one batch to at most one.
final class MapConsumer: Consumer {
  private let next: any Consumer
  private let transform: (Batch) throws(RuntimeFailure) -> Batch?

  init(next: any Consumer, _ transform: @escaping (Batch) throws(RuntimeFailure) -> Batch?) {
    self.next = next
    self.transform = transform
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow {
    try blaming(.nowhere) { () throws(ExecutionError) in try Cancellation.check() }
    guard let batch = try transform(batch), batch.rowCount > 0 else { return .more }
    return try next.consume(batch)
  }

  func finish() throws(RuntimeFailure) {
    try next.finish()
  }
}

/// Makes a step from a closure.
struct ConsumerStage: Stage {
  let isParallel: Bool
  private let make: (any Consumer) throws(RuntimeFailure) -> any Consumer

  init(
    isParallel: Bool,
    _ make: @escaping (any Consumer) throws(RuntimeFailure) -> any Consumer
  ) {
    self.isParallel = isParallel
    self.make = make
  }

  func makeConsumer(next: any Consumer) throws(RuntimeFailure) -> any Consumer {
    try make(next)
  }
}

/// Keeps all batches.
final class CollectingConsumer: ParallelSink {
  private(set) var batches: [Batch] = []
  private(set) var rowCount = 0
  private let memory: MemoryAccount

  /// Creates a consumer without rows, which are counted on an account.
  init(memory: MemoryAccount) {
    self.memory = memory
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow {
    if memory.isLimited { try memory.reserve(batch.limitedByteCount) }
    batches.append(batch)
    rowCount += batch.rowCount
    return .more
  }

  func finish() throws(RuntimeFailure) {}

  func makePart() -> any ParallelSink { CollectingConsumer(memory: memory) }

  func absorb(_ part: any ParallelSink) {
    guard let part = part as? CollectingConsumer else { return }
    batches += part.batches
    rowCount += part.rowCount
  }
}

/// Gives the rows of batches that are in memory; a large batch is several morsels.
final class BatchSource: MorselSource {
  private let batches: [Batch]
  private let run: QueryRun
  /// The batch and the rows of each morsel.
  private let morsels: [(batch: Int, rows: Range<Int>)]

  /// The batches that a morsel gives: enough to be worth a thread's while.
  private static let morselBatchCount = 16

  init(_ batches: [Batch], run: QueryRun) {
    self.batches = batches
    self.run = run
    let size = max(1, run.context.batchRowCount) * Self.morselBatchCount
    var morsels: [(batch: Int, rows: Range<Int>)] = []
    for (number, batch) in batches.enumerated() {
      for start in stride(from: 0, to: batch.rowCount, by: size) {
        morsels.append((number, start..<min(start + size, batch.rowCount)))
      }
    }
    self.morsels = morsels
  }

  var morselCount: Int { morsels.count }

  func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow {
    let (number, rows) = morsels[morsel]
    let batch = batches[number]
    var start = rows.lowerBound
    while start < rows.upperBound {
      try run.checkCancellation()
      let end = min(start + max(1, run.context.batchRowCount), rows.upperBound)
      if case .done = try consumer.consume(batch.sliced(start..<end)) { return .done }
      start = end
    }
    return .more
  }
}

/// Gives some rows of one batch in memory, in a given order, gathered batch by batch.
final class GatheringSource: MorselSource {
  private let batch: Batch
  private let order: [Int32]
  private let run: QueryRun

  init(_ batch: Batch, order: [Int32], run: QueryRun) {
    self.batch = batch
    self.order = order
    self.run = run
  }

  var morselCount: Int {
    (order.count + run.context.batchRowCount - 1) / run.context.batchRowCount
  }

  func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow {
    try run.checkCancellation()
    let start = morsel * run.context.batchRowCount
    let end = min(start + run.context.batchRowCount, order.count)
    return try consumer.consume(batch.gathered(Array(order[start..<end])))
  }
}
