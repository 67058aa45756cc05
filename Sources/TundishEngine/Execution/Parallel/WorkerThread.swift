internal import Glibc
internal import Synchronization

/// A thread that runs pieces of work, and waits a while for more before it ends: making a thread
/// costs more than a small query.
///
/// Unchecked because it is handed from thread to thread: `work` is written before `hasWork` is
/// signalled and read after.
final class WorkerThread: @unchecked Sendable {
  /// How long a thread waits for work.
  private static let idleSeconds = 2
  /// The threads that wait, the last one to fall idle last: its caches are the warmest.
  private static let idle = Mutex<[WorkerThread]>([])

  private var work: WorkerPool.Work?
  private let hasWork = Semaphore()

  private init(_ work: WorkerPool.Work) { self.work = work }

  /// Has a thread run a piece of work.
  ///
  /// Where the system gives no thread, nobody runs it: whoever waits for the work must be ready to
  /// do it.
  static func start(_ work: WorkerPool.Work) {
    if let thread = idle.withLock({ $0.popLast() }) {
      thread.work = work
      thread.hasWork.signal()
      return
    }
    // The thread takes over the reference that is retained here.
    let reference = unsafe Unmanaged.passRetained(WorkerThread(work)).toOpaque()
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread,
      nil,
      { reference in
        guard let reference = unsafe reference else { return nil }
        unsafe Unmanaged<WorkerThread>.fromOpaque(reference).takeRetainedValue().serve()
        return nil
      },
      reference
    )
    if status != 0 { unsafe Unmanaged<WorkerThread>.fromOpaque(reference).release() }
  }

  /// Runs what comes until nothing has come for a while.
  private func serve() {
    // Nobody joins it.
    pthread_detach(pthread_self())
    while true {
      work?.runElsewhere()
      work = nil
      Self.idle.withLock { $0.append(self) }
      if hasWork.wait(seconds: Self.idleSeconds) { continue }
      let isIdle = Self.idle.withLock { idle -> Bool in
        guard let place = idle.firstIndex(where: { $0 === self }) else { return false }
        idle.remove(at: place)
        return true
      }
      if isIdle { return }
      // Taken from the idle ones just now: work is on its way.
      hasWork.wait()
    }
  }
}
