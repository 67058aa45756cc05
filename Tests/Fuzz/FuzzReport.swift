import Synchronization

/// What a worker noticed that did not end it.
enum FuzzReport {
  private static let noticed = Mutex<[String]>([])

  /// Notes something about the current input.
  static func add(_ text: String) { noticed.withLock { $0.append(text) } }

  /// Takes the notes.
  static func take() -> [String] {
    noticed.withLock { notes in
      defer { notes = [] }
      return notes
    }
  }
}
