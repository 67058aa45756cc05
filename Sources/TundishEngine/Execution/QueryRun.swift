internal import TundishColumns

/// What the operators of one run share: settings, memory account, materialized queries, profile.
///
/// Owned by the thread that prepares pipelines; while a pipeline runs it is only read, apart from
/// the account and the flag, which are atomic.
final class QueryRun {
  /// The settings of the run.
  let context: ExecutionContext
  /// The bytes that are held.
  let memory: MemoryAccount
  /// Rows and time per operator, where asked for.
  let profiler: Profiler?
  /// The rows of materialized queries and of the running round of recursive ones.
  var materializations: [MaterializationID: Spool] = [:]

  /// What joins have sent to the scans that are about to be prepared.
  var keyFilters: [ObjectIdentifier: [ScanKeyFilter]] = [:]

  init(context: ExecutionContext) {
    self.context = context
    memory = MemoryAccount(limit: context.memoryLimit)
    profiler = context.isProfiled ? Profiler() : nil
  }

  /// Throws where the run was cancelled.
  func checkCancellation() throws(RuntimeFailure) {
    try context.cancellation.check()
  }

  /// Returns a value for each of `0 ..< count`, unless the run is cancelled.
  @inline(__always)
  func map<Value>(
    count: Int,
    _ value: (Int) throws(RuntimeFailure) -> Value
  ) throws(RuntimeFailure) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    var start = 0
    while start < count {
      try checkCancellation()
      let end = min(count, start + ExecutionLimits.rowsBetweenLooks)
      for row in start..<end { values.append(try value(row)) }
      start = end
    }
    return values
  }

  /// Counts the bytes of a batch that an operator keeps.
  func account(for batch: Batch) throws(RuntimeFailure) {
    if memory.isLimited { try memory.reserve(batch.limitedByteCount) }
  }

  /// Runs an operator to its end into a sink that works for another operator.
  func execute(
    _ input: any PhysicalOperator,
    into sink: any Consumer,
    for owner: any PhysicalOperator
  ) throws(RuntimeFailure) {
    try execute(try prepare(input), into: sink, for: owner)
  }

  /// Runs a pipeline to its end into a sink that works for an operator.
  func execute(
    _ pipeline: Pipeline,
    into sink: any Consumer,
    for owner: any PhysicalOperator
  ) throws(RuntimeFailure) {
    // The profiler charges one thread's time.
    if let profiler { return try pipeline.run(into: profiler.profiled(sink, of: owner)) }
    try pipeline.run(into: sink, threadCount: context.threadCount)
  }

  /// Runs an operator to its end and returns its rows.
  func collect(_ physical: any PhysicalOperator) throws(RuntimeFailure) -> [Batch] {
    try collect(physical, memory: memory)
  }

  /// Runs the root of a plan and returns the result's rows, which are not the operators': they may
  /// take as much as the limit beside these.
  func collectResult(_ physical: any PhysicalOperator) throws(RuntimeFailure) -> [Batch] {
    try collect(physical, memory: MemoryAccount(limit: context.memoryLimit))
  }

  private func collect(
    _ physical: any PhysicalOperator,
    memory: MemoryAccount
  ) throws(RuntimeFailure) -> [Batch] {
    let sink = CollectingConsumer(memory: memory)
    try prepare(physical).run(
      into: sink,
      threadCount: profiler == nil ? context.threadCount : 1
    )
    return sink.batches
  }

  /// Runs an operator to its end and returns its rows as one batch.
  func collectWhole(_ physical: any PhysicalOperator) throws(RuntimeFailure) -> Batch {
    let batches = try collect(physical)
    // The rows are there twice while they are put together.
    let isTwice = memory.isLimited && batches.count > 1
    let byteCount = isTwice ? batches.reduce(0) { $0 + $1.limitedByteCount } : 0
    try memory.reserve(byteCount)
    defer { memory.release(byteCount) }
    return try whole(batches, types: physical.columns.map(\.type))
  }

  /// Returns the rows of several batches as one.
  func whole(_ batches: [Batch], types: [DataType]) throws(RuntimeFailure) -> Batch {
    let rowCount = batches.reduce(0) { $0 + $1.rowCount }
    guard rowCount <= ExecutionLimits.bufferedRows else {
      throw RuntimeFailure(
        ExecutionError(.limit, "more than \(ExecutionLimits.bufferedRows) rows in one operator"),
        at: .nowhere
      )
    }
    if types.isEmpty { return Batch(columns: [], rowCount: rowCount) }
    return try blaming(.nowhere) { () throws(ExecutionError) in
      try Batch.concatenated(batches, types: types)
    }
  }

  /// Returns the pipeline of an operator, having run what must run before it.
  func prepare(_ physical: any PhysicalOperator) throws(RuntimeFailure) -> Pipeline {
    guard let profiler else { return try physical.prepare(self) }
    return try profiler.profiled(physical, run: self)
  }
}

extension Batch {
  /// The bytes of the buffers, roughly; shared text is not counted.
  var approximateByteCount: Int {
    columns.reduce(0) { $0 + $1.approximateByteCount }
  }
}

extension Column {
  /// The bytes of the buffers, roughly; shared text is not counted.
  var approximateByteCount: Int {
    let stored = isConstant ? 1 : count
    let width =
      switch data {
      case .boolean: 1
      case .int64, .float64, .text: 8
      case .int128, .interval: 16
      case .dictionary: 4
      case .list(let lists): 8 + lists.child.approximateByteCount / max(1, stored)
      case .structure(let members, _):
        members.reduce(0) { $0 + $1.approximateByteCount } / max(1, stored)
      }
    return stored * width + (validity?.count ?? 0)
  }
}
