internal import TundishColumns

/// The end of a pipeline whose rows may be taken by several threads, each into a part of its own.
protocol ParallelSink: Consumer {
  /// Returns an empty sink for the rows of some consecutive morsels.
  func makePart() throws(RuntimeFailure) -> any ParallelSink
  /// Adds the rows of a part, which come after all rows so far.
  func absorb(_ part: any ParallelSink) throws(RuntimeFailure)
}

extension Pipeline {
  /// Pushes all rows into a sink, on several threads where the pipeline allows it.
  ///
  /// Each thread takes consecutive morsels, and parts are joined in their order, so that results
  /// are those of one thread: groups in first-seen order, order-sensitive aggregates included.
  func run(into sink: any Consumer, threadCount: Int) throws(RuntimeFailure) {
    let morselCount = source.morselCount
    let partCount = min(threadCount, morselCount)
    guard partCount > 1, let sink = sink as? any ParallelSink,
      stages.allSatisfy(\.isParallel), source.isParallel
    else { return try run(into: sink) }
    var parts: [any ParallelSink] = []
    for _ in 0..<partCount { parts.append(try sink.makePart()) }
    let failures = WorkerPool.run(count: partCount) { number throws(RuntimeFailure) in
      let start = morselCount * number / partCount
      let end = morselCount * (number + 1) / partCount
      try run(morsels: start..<end, into: parts[number])
    }
    // The failure of the earliest rows, which one thread would have met first.
    if let failure = failures.compactMap({ $0 }).first { throw failure }
    for part in parts { try sink.absorb(part) }
    try sink.finish()
  }
}
