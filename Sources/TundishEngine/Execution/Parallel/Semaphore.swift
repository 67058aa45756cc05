internal import Glibc

/// A count that threads wait for.
///
/// Unchecked, and safe, because `sem_t` lives at one address until nobody holds the object, and its
/// operations are made for several threads.
@safe
final class Semaphore: @unchecked Sendable {
  private let storage: UnsafeMutablePointer<sem_t>

  init() {
    unsafe storage = .allocate(capacity: 1)
    unsafe storage.initialize(to: sem_t())
    let status = unsafe sem_init(storage, 0, 0)
    precondition(status == 0, "a semaphore that starts at 0 can be made")
  }

  deinit {
    unsafe sem_destroy(storage)
    unsafe storage.deallocate()
  }

  /// Adds one to the count.
  func signal() {
    unsafe sem_post(storage)
  }

  /// Waits for a count above 0 and takes one away.
  func wait() {
    // A signal handler may interrupt the wait.
    while unsafe sem_wait(storage) != 0 {}
  }

  /// Waits as `wait` does, but at most so many seconds; returns whether one was taken away.
  func wait(seconds: Int) -> Bool {
    var end = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &end)
    end.tv_sec += seconds
    while unsafe sem_timedwait(storage, &end) != 0 {
      if errno != EINTR { return false }
    }
    return true
  }
}
