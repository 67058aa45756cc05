internal import Glibc
internal import Synchronization

/// Runs numbered pieces of work at the same time, each on a thread of its own.
///
/// Threads live as long as the call: making one costs some 20 microseconds, and pipelines only ask
/// for several where there are several row groups to read.
enum WorkerPool {
  /// Runs `body` for 0 ..< count, number 0 on the calling thread; returns the failures by number.
  static func run(
    count: Int,
    _ body: (Int) throws(RuntimeFailure) -> Void
  ) -> [RuntimeFailure?] {
    withoutActuallyEscaping(body) { body in
      let work = (0..<count).map { Work(number: $0, body: body) }
      let threads = work.dropFirst().map { start($0) }
      work[0].run()
      for (thread, piece) in zip(threads, work.dropFirst()) {
        if let thread { pthread_join(thread, nil) } else { piece.run() }
      }
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

  /// Starts a thread; nil where the system gives none, and then the caller does the work itself.
  private static func start(_ work: Work) -> pthread_t? {
    var thread = pthread_t()
    // The thread takes over the reference that is retained here.
    let reference = unsafe Unmanaged.passRetained(work).toOpaque()
    let status = unsafe pthread_create(&thread, nil, runWork, reference)
    guard status == 0 else {
      unsafe Unmanaged<Work>.fromOpaque(reference).release()
      return nil
    }
    return thread
  }

  /// One piece of work and its failure.
  ///
  /// Unchecked because it crosses to another thread: only that thread touches it between
  /// `pthread_create` and `pthread_join`, which order memory.
  final class Work: @unchecked Sendable {
    private let number: Int
    private let body: (Int) throws(RuntimeFailure) -> Void
    private(set) var failure: RuntimeFailure?

    init(number: Int, body: @escaping (Int) throws(RuntimeFailure) -> Void) {
      self.number = number
      self.body = body
    }

    func run() {
      do {
        try body(number)
      } catch {
        failure = error
      }
    }
  }
}

/// The start of a thread.
private func runWork(_ reference: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let reference = unsafe reference else { return nil }
  unsafe Unmanaged<WorkerPool.Work>.fromOpaque(reference).takeRetainedValue().run()
  return nil
}
