import Glibc
import Synchronization
import TundishColumns
import TundishEngine

/// Cancels statements that run for longer than a second, as a user would.
///
/// A statement that goes on after that does not look at its flag often enough; the driver ends
/// the process and reports a hang.
final class TimeWatch: Sendable {
  private struct Run {
    var flag = CancellationFlag()
    var start = ContinuousClock.now
  }

  private let current = Mutex(Run())

  /// Starts to watch.
  init() {
    FuzzThread.start(stackBytes: 256 * 1024) { [self] in
      while true {
        _ = usleep(50_000)
        current.withLock { run in
          if ContinuousClock.now - run.start > .seconds(1) { run.flag.cancel() }
        }
      }
    }
  }

  /// The flag of a statement that starts now.
  func newFlag() -> CancellationFlag {
    let run = Run()
    current.withLock { $0 = run }
    return run.flag
  }
}

/// Starts threads with a stack of a given size.
enum FuzzThread {
  private final class Body: Sendable {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }

  /// Runs a closure on a new thread.
  static func start(stackBytes: Int, _ work: @escaping @Sendable () -> Void) {
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { unsafe attributes.deallocate() }
    unsafe pthread_attr_init(attributes)
    unsafe pthread_attr_setstacksize(attributes, stackBytes)
    var thread = pthread_t()
    let body = unsafe Unmanaged.passRetained(Body(work)).toOpaque()
    let code = unsafe pthread_create(
      &thread,
      attributes,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().work()
        return nil
      },
      body
    )
    if code != 0 { print("no thread: error \(code)") }
  }
}
