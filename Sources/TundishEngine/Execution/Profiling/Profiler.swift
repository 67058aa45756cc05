internal import TundishColumns

/// Rows and time of one operator, for EXPLAIN ANALYZE.
package struct OperatorProfile: Sendable {
  /// The operator's name.
  package var name: String
  /// What it does.
  package var details: String
  /// Its depth in the tree.
  package var depth: Int
  /// The rows that it gave.
  package var rowCount: Int
  /// The batches that it gave.
  package var batchCount: Int
  /// The time spent in it, without its inputs and what reads it.
  package var seconds: Double
}

/// Collects rows and time per operator.
///
/// The time of the thread belongs to one operator at any moment: whoever was entered last. Entering
/// and leaving are recorded per batch.
final class Profiler {
  private struct Record {
    var rowCount = 0
    var batchCount = 0
    var time = Duration.zero
  }

  private var records: [ObjectIdentifier: Record] = [:]
  private var stack: [ObjectIdentifier] = []
  private var since = ContinuousClock.now

  /// Gives the time from now on to an operator.
  func enter(_ id: ObjectIdentifier) {
    charge()
    stack.append(id)
  }

  /// Gives the time back to who had it before.
  func leave() {
    charge()
    stack.removeLast()
  }

  /// Counts a batch that an operator gave.
  func count(_ batch: Batch, of id: ObjectIdentifier) {
    records[id, default: Record()].rowCount += batch.rowCount
    records[id, default: Record()].batchCount += 1
  }

  private func charge() {
    let now = ContinuousClock.now
    if let top = stack.last { records[top, default: Record()].time += now - since }
    since = now
  }

  /// Prepares an operator, charging it with the work, and counts what it gives.
  func profiled(
    _ physical: any PhysicalOperator,
    run: QueryRun
  ) throws(RuntimeFailure) -> Pipeline {
    let id = ObjectIdentifier(physical)
    enter(id)
    defer { leave() }
    let pipeline = try physical.prepare(run)
    var profiled = pipeline
    if pipeline.stages.isEmpty {
      profiled.source = ProfiledSource(pipeline.source, id: id, profiler: self)
    }
    // A stage that an operator appended runs on behalf of that operator; what it gives is passed
    // on behalf of the reader, whose own stage enters itself.
    if let last = profiled.stages.popLast() {
      profiled.stages.append(ProfiledStage(stage: last, id: id, profiler: self))
    }
    return profiled.appending(CountingStage(id: id, profiler: self))
  }

  /// Charges a sink's work to the operator that it works for.
  func profiled(_ sink: any Consumer, of owner: any PhysicalOperator) -> any Consumer {
    EnteringConsumer(next: sink, id: ObjectIdentifier(owner), profiler: self)
  }

  /// The records in plan order.
  func profiles(of root: any PhysicalOperator) -> [OperatorProfile] {
    var profiles: [OperatorProfile] = []
    append(root, depth: 0, to: &profiles)
    return profiles
  }

  private func append(
    _ physical: any PhysicalOperator,
    depth: Int,
    to profiles: inout [OperatorProfile]
  ) {
    let record = records[ObjectIdentifier(physical)] ?? Record()
    let (seconds, attoseconds) = record.time.components
    profiles.append(
      OperatorProfile(
        name: physical.name,
        details: physical.details,
        depth: depth,
        rowCount: record.rowCount,
        batchCount: record.batchCount,
        seconds: Double(seconds) + Double(attoseconds) / 1e18
      )
    )
    for child in physical.children { append(child, depth: depth + 1, to: &profiles) }
  }
}

/// Charges the source's work to its operator.
private final class ProfiledSource: MorselSource {
  private let source: any MorselSource
  private let id: ObjectIdentifier
  private let profiler: Profiler

  init(_ source: any MorselSource, id: ObjectIdentifier, profiler: Profiler) {
    self.source = source
    self.id = id
    self.profiler = profiler
  }

  var morselCount: Int { source.morselCount }

  func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow {
    profiler.enter(id)
    defer { profiler.leave() }
    return try source.run(morsel: morsel, into: consumer)
  }
}

/// Charges a step's work to its operator.
private struct ProfiledStage: Stage {
  let stage: any Stage
  let id: ObjectIdentifier
  let profiler: Profiler

  var isParallel: Bool { false }

  func makeConsumer(next: any Consumer) throws(RuntimeFailure) -> any Consumer {
    EnteringConsumer(next: try stage.makeConsumer(next: next), id: id, profiler: profiler)
  }
}

private final class EnteringConsumer: Consumer {
  private let next: any Consumer
  private let id: ObjectIdentifier
  private let profiler: Profiler

  init(next: any Consumer, id: ObjectIdentifier, profiler: Profiler) {
    self.next = next
    self.id = id
    self.profiler = profiler
  }

  func consume(_ batch: Batch) throws(RuntimeFailure) -> Flow {
    profiler.enter(id)
    defer { profiler.leave() }
    return try next.consume(batch)
  }

  func finish() throws(RuntimeFailure) {
    profiler.enter(id)
    defer { profiler.leave() }
    try next.finish()
  }
}

/// Counts the batches that pass.
private struct CountingStage: Stage {
  let id: ObjectIdentifier
  let profiler: Profiler

  var isParallel: Bool { false }

  func makeConsumer(next: any Consumer) -> any Consumer {
    MapConsumer(next: next) { [id, profiler] batch in
      profiler.count(batch, of: id)
      return batch
    }
  }
}
