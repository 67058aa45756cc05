internal import Synchronization
package import TundishColumns

/// What one run of a plan may know and use.
package struct ExecutionContext: Sendable {
  /// What functions may know of the session.
  package var functions: FunctionContext
  /// Stops the run when it is set.
  package var cancellation: CancellationFlag
  /// The number of threads that may work.
  package var threadCount: Int
  /// The number of rows that operators put into a batch.
  package var batchRowCount: Int
  /// The bytes that buffering operators may hold together; nil for no limit.
  package var memoryLimit: Int?
  /// Where rows beyond the limit go; nil where that is off.
  package var spill: SpillSpace?
  /// Whether rows and time are recorded per operator.
  package var isProfiled: Bool

  /// The rows of a batch unless a test asks for others: enough to spread the cost of a call, few
  /// enough for a batch's columns to stay in the cache (measured: 8,192 beats 2,048 by a quarter).
  package static let preferredBatchRowCount = 8_192

  /// Creates a context.
  package init(
    functions: FunctionContext,
    cancellation: CancellationFlag = CancellationFlag(),
    threadCount: Int = 1,
    batchRowCount: Int = ExecutionContext.preferredBatchRowCount,
    memoryLimit: Int? = nil,
    spill: SpillSpace? = nil,
    isProfiled: Bool = false
  ) {
    self.functions = functions
    self.cancellation = cancellation
    self.threadCount = max(1, threadCount)
    self.batchRowCount = max(1, batchRowCount)
    self.memoryLimit = memoryLimit
    self.spill = spill
    self.isProfiled = isProfiled
  }
}

extension CancellationFlag {
  /// Throws where the run should stop.
  func check() throws(RuntimeFailure) {
    if isCancelled { throw RuntimeFailure(.cancelled, at: .nowhere) }
  }
}

/// Counts the bytes that the buffering operators of one run hold.
final class MemoryAccount: Sendable {
  private let used = Atomic<Int>(0)
  /// The most bytes.
  let limit: Int

  init(limit: Int?) {
    self.limit = limit ?? .max
  }

  /// Whether there is a limit.
  var isLimited: Bool { limit < .max }

  /// The bytes that are held now.
  var usedByteCount: Int { used.load(ordering: .relaxed) }

  /// Adds bytes; throws where the limit is passed.
  func reserve(_ byteCount: Int) throws(RuntimeFailure) {
    let total = used.add(byteCount, ordering: .relaxed).newValue
    guard total > limit else { return }
    throw failure(canSpill: true)
  }

  /// Adds bytes that may also go to a file, as long as a quarter of the limit stays free for what
  /// works on them; false where they do not fit.
  func tryReserve(_ byteCount: Int) -> Bool {
    guard isLimited else { return true }
    let total = used.add(byteCount, ordering: .relaxed).newValue
    if total <= limit - limit / 4 { return true }
    release(byteCount)
    return false
  }

  /// The failure of a query that needs more, for what is named if that can be told.
  func failure(canSpill: Bool, holding what: String? = nil) -> RuntimeFailure {
    RuntimeFailure(
      ExecutionError(
        .outOfMemory,
        "the query needs more than the memory limit of \(Self.described(limit))"
          + (what.map { " for \($0)" } ?? "") + "; "
          + "raise it with SET memory_limit"
          + (canSpill ? "" : ", or let rows go to files with SET temp_directory")
      ),
      at: .nowhere
    )
  }

  private static func described(_ byteCount: Int) -> String {
    for (unit, size) in [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)]
    where byteCount >= size {
      return "\(byteCount / size) \(unit)"
    }
    return "\(byteCount) bytes"
  }

  /// Gives bytes back.
  func release(_ byteCount: Int) {
    used.subtract(byteCount, ordering: .relaxed)
  }

  /// Gives back all bytes beyond those that were held at some moment; only between pipelines, when
  /// whatever held them is gone.
  func release(downTo byteCount: Int) {
    used.store(byteCount, ordering: .relaxed)
  }
}
