internal import Synchronization
internal import TundishColumns

/// Runs numbered pieces of work at the same time, each on a thread of its own.
///
/// Small queries are done before another thread has woken up. So the calling thread waits only for
/// pieces that have begun, and takes those that have not itself: where pieces share tickets, there
/// is nothing left for them to do.
enum WorkerPool {
  /// Runs `body` for 0 ..< count, number 0 on the calling thread; returns the failures by number.
  static func run(
    count: Int,
    _ body: (Int) throws(RuntimeFailure) -> Void
  ) -> [RuntimeFailure?] {
    withoutActuallyEscaping(body) { body in
      let flag = Cancellation.flag
      let work = (0..<count).map { Work(number: $0, flag: flag, body: body) }
      for piece in work.dropFirst() { WorkerThread.start(piece) }
      for piece in work where !piece.run() { piece.waitUntilDone() }
      return work.map(\.failure)
    }
  }

  /// Runs `body` for 0 ..< count on at most so many threads, each taking the next number when it is
  /// done with one; returns the results by number.
  ///
  /// Stops early where the run is cancelled or a piece fails.
  static func map<Result>(
    count: Int,
    threadCount: Int,
    run: QueryRun,
    _ body: (Int) throws(RuntimeFailure) -> Result
  ) throws(RuntimeFailure) -> [Result] {
    let workerCount = max(1, min(count, threadCount))
    let tickets = Tickets()
    let bins = (0..<workerCount).map { _ in Bin<Result>() }
    let failures = WorkerPool.run(count: workerCount) { worker throws(RuntimeFailure) in
      while let number = tickets.take(below: count) {
        do throws(RuntimeFailure) {
          try run.checkCancellation()
          bins[worker].results.append((number, try body(number)))
        } catch {
          tickets.close()
          throw error
        }
      }
    }
    if let failure = failures.compactMap({ $0 }).first { throw failure }
    let results = bins.flatMap { $0.results }.sorted { $0.number < $1.number }
    return results.map { $0.result }
  }

  /// The next number to work on.
  private final class Tickets: Sendable {
    private let next = Atomic<Int>(0)

    func take(below count: Int) -> Int? {
      let number = next.add(1, ordering: .relaxed).oldValue
      return number < count ? number : nil
    }

    /// Leaves no numbers to take.
    func close() { next.store(Int.max / 2, ordering: .relaxed) }
  }

  /// What one thread has made; only that thread touches it before the threads are joined.
  private final class Bin<Result> {
    var results: [(number: Int, result: Result)] = []
  }

  /// One piece of work and its failure, run by whoever comes first.
  ///
  /// Unchecked because it crosses to another thread: `body` and `failure` belong to the thread that
  /// has begun the piece, until `isDone` is signalled.
  final class Work: @unchecked Sendable {
    private let number: Int
    /// What stops the query that the work is for, on whichever thread it runs.
    private let flag: CancellationFlag?
    private var body: ((Int) throws(RuntimeFailure) -> Void)?
    private let hasBegun = Atomic<Bool>(false)
    private let isDone = Semaphore()
    private(set) var failure: RuntimeFailure?

    init(
      number: Int,
      flag: CancellationFlag?,
      body: @escaping (Int) throws(RuntimeFailure) -> Void
    ) {
      self.number = number
      self.flag = flag
      self.body = body
    }

    /// Does the work unless somebody else has begun it; returns whether it has been done here.
    func run() -> Bool {
      guard !hasBegun.exchange(true, ordering: .acquiringAndReleasing) else { return false }
      do {
        try Cancellation.heeding(flag) { () throws(RuntimeFailure) in try body?(number) }
      } catch {
        failure = error
      }
      // The closure lives only as long as the call that passed it: a thread that comes too late
      // must not hold it.
      body = nil
      return true
    }

    /// Does the work on another thread than the caller's.
    func runElsewhere() {
      if run() { isDone.signal() }
    }

    /// Waits for the thread that has begun the work.
    func waitUntilDone() { isDone.wait() }
  }
}
