internal import Glibc
internal import Synchronization
internal import TundishColumns

/// Runs numbered pieces of reading on several threads; which thread does which piece changes
/// nothing but the time.
enum ReaderThreads {
  /// Calls `body` for 0 ..< count, each number once, on at most `threadCount` threads.
  static func run(count: Int, threadCount: Int, _ body: (Int) -> Void) {
    let next = Atomic<Int>(0)
    runWorkers(count: min(count, threadCount)) { _ in
      while true {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard number < count else { return }
        body(number)
      }
    }
  }

  /// Calls `body` on several threads at once, number 0 on the calling one.
  static func runWorkers(count: Int, _ body: (Int) -> Void) {
    guard count > 1 else { return body(0) }
    // What threads do can be stopped as the caller can be.
    let flag = Cancellation.flag
    withoutActuallyEscaping(body) { body in
      let work = (0..<count).map { number in
        Work(number: number) { number in Cancellation.heeding(flag) { body(number) } }
      }
      let threads = work.dropFirst().map { start($0) }
      work[0].run()
      for (thread, piece) in zip(threads, work.dropFirst()) {
        // Where the system gave no thread, the caller does the work.
        if let thread { pthread_join(thread, nil) } else { piece.run() }
      }
    }
  }

  private static func start(_ work: Work) -> pthread_t? {
    var thread = pthread_t()
    // The thread takes over the reference that is retained here.
    let reference = unsafe Unmanaged.passRetained(work).toOpaque()
    guard unsafe pthread_create(&thread, nil, readerThread, reference) == 0 else {
      unsafe Unmanaged<Work>.fromOpaque(reference).release()
      return nil
    }
    return thread
  }

  /// What one thread does.
  ///
  /// Unchecked because it crosses to another thread: nothing of it changes, and what the body
  /// touches is the caller's duty, who gives each number a place of its own or a lock.
  final class Work: @unchecked Sendable {
    private let number: Int
    private let body: (Int) -> Void

    init(number: Int, body: @escaping (Int) -> Void) {
      self.number = number
      self.body = body
    }

    func run() { body(number) }
  }
}

/// The start of a thread.
private func readerThread(_ reference: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let reference = unsafe reference else { return nil }
  unsafe Unmanaged<ReaderThreads.Work>.fromOpaque(reference).takeRetainedValue().run()
  return nil
}
