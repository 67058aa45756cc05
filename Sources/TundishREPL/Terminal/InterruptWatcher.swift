import Glibc
package import Tundish

/// Turns Ctrl-C into a cancelled query.
///
/// SIGINT is blocked in every thread and taken by one thread of its own, so no code runs inside a
/// signal handler.
package enum InterruptWatcher {
  /// Starts the thread; call once, before other threads exist.
  package static func start(_ database: Database) {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    var thread = pthread_t()
    // The thread owns one reference to the database for as long as the process lives.
    let context = unsafe Unmanaged.passRetained(database).toOpaque()
    unsafe pthread_create(
      &thread,
      nil,
      { context in
        guard let context = unsafe context else { return nil }
        let database = unsafe Unmanaged<Database>.fromOpaque(context).takeUnretainedValue()
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGINT)
        while true {
          var signal: Int32 = 0
          if unsafe sigwait(&signals, &signal) == 0 { database.interrupt() }
        }
      },
      context
    )
  }
}
