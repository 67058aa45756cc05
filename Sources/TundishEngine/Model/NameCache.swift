internal import Synchronization

/// What is read out of names, once for each: recognition asks of every column for every attribute of
/// every role, at every load.
final class NameCache<Reading: Sendable>: Sendable {
  private let read: @Sendable (String) -> Reading
  private let known = Mutex<[String: Reading]>([:])

  /// Creates an empty cache of what a function reads.
  init(_ read: @escaping @Sendable (String) -> Reading) { self.read = read }

  /// What is read out of a name.
  subscript(name: String) -> Reading {
    if let reading = known.withLock({ $0[name] }) { return reading }
    let reading = read(name)
    known.withLock { known in
      // Names of many databases in turn: the present ones are soon known again.
      if known.count >= NameCacheLimits.most { known.removeAll() }
      known[name] = reading
    }
    return reading
  }
}

enum NameCacheLimits {
  /// The names that are kept.
  static let most = 10_000
}
