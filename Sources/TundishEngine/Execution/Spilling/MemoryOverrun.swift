internal import Synchronization
internal import TundishColumns

/// Whether the sinks of an operator have met the memory limit; shared by the parts of all threads.
///
/// Tells an operator that failed for want of memory whether it is its own rows that are too many,
/// so that it starts again with files, or those of an operator below, which nothing here can help.
final class MemoryOverrun: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Whether the limit was met.
  var isSet: Bool { flag.load(ordering: .relaxed) }

  /// Runs `body` and remembers where it met the limit.
  func noticing(_ body: () throws(RuntimeFailure) -> Void) throws(RuntimeFailure) {
    do {
      try body()
    } catch {
      if error.error.kind == .outOfMemory { flag.store(true, ordering: .relaxed) }
      throw error
    }
  }
}
