internal import Synchronization

/// Tests of one expression between two batches: building an automaton's states costs more than
/// running a batch through them.
final class RegexTestPool: Sendable {
  /// How many tests are kept: about as many as there are threads.
  private static let capacity = 8
  /// Automatons of more states are not kept.
  private static let stateLimit = 64

  private let tests = Mutex<[RegexTest]>([])

  func take() -> RegexTest? { tests.withLock { $0.popLast() } }

  func add(_ test: RegexTest) {
    guard test.stateCount <= Self.stateLimit else { return }
    tests.withLock { tests in
      if tests.count < Self.capacity { tests.append(test) }
    }
  }
}
