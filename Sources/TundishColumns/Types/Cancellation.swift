internal import Synchronization

/// Tells running queries to stop; set from any thread or signal handler.
///
/// Once set it stays so until the run has ended, so that whatever was left undone is never taken
/// for a result: the run fails at the latest where it would give its rows.
package final class CancellationFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Creates a flag that is not set.
  package init() {}

  /// Whether the run should stop.
  package var isCancelled: Bool { flag.load(ordering: .relaxed) }

  /// Asks the run to stop.
  package func cancel() { flag.store(true, ordering: .relaxed) }

  /// Takes the request back, before another run.
  package func reset() { flag.store(false, ordering: .relaxed) }
}

/// The flag of the query that the current thread works for.
///
/// Operators look at their run's flag batch by batch, which is soon enough for nearly everything.
/// What may be busy for long with one batch, one group or one text asks here: such loops lie deep
/// in kernels that know no query, and are reached by many ways. So the flag goes with the thread
/// instead of with the calls, and whoever hands work to another thread hands the flag over.
///
/// A look costs about as much as a hash look-up: loops look once in some ten thousand steps, for
/// which there is `StepMeter`.
package enum Cancellation {
  private static let current = TaskLocal<CancellationFlag?>(wrappedValue: nil)

  /// The flag that work on this thread heeds; nil where nobody can stop it.
  package static var flag: CancellationFlag? { current.get() }

  /// Whether the work should stop; for loops that cannot fail, and whose result may be anything
  /// well-formed once the query has been cancelled.
  package static var isRequested: Bool { current.get()?.isCancelled ?? false }

  /// Throws where the work should stop.
  package static func check() throws(ExecutionError) {
    if isRequested { throw .cancelled }
  }

  /// Runs `body` with a flag to heed.
  package static func heeding<Result, Failure: Error>(
    _ flag: CancellationFlag?,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outcome = current.withValue(flag) { () -> Swift.Result<Result, Failure> in
      do throws(Failure) {
        return .success(try body())
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}

/// Counts the steps of a loop, and looks at the flag when they have become many.
package struct StepMeter {
  /// Steps are a few nanoseconds each, up to a microsecond: well below 100 ms between two looks.
  private static let interval = 65_536

  private var left = Self.interval

  /// Creates a meter that has counted nothing.
  package init() {}

  /// Counts some steps; throws where the work should stop.
  @inline(__always)
  package mutating func count(_ steps: Int) throws(ExecutionError) {
    left &-= steps
    if left <= 0 { try look() }
  }

  private mutating func look() throws(ExecutionError) {
    left = Self.interval
    try Cancellation.check()
  }
}

extension ExecutionError {
  /// The failure of a query that was cancelled.
  package static var cancelled: ExecutionError {
    ExecutionError(.cancelled, "the query was cancelled")
  }
}
