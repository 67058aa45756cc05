internal import Synchronization

/// How far the reading or writing of a file has come, for a person who waits; and the way to stop it.
///
/// Readers tell it after every slice of rows, from any thread; people see it from the third second
/// on, a few times a second.
package final class ReadingProgress: Sendable {
  /// What a person sees.
  package struct State: Sendable {
    /// The bytes done.
    package var byteCount: Int
    /// All bytes; nil where that is not known.
    package var totalByteCount: Int?
    /// The rows done.
    package var rowCount: Int
    /// All rows; nil where that is not known.
    package var totalRowCount: Int?
    /// The seconds since the beginning.
    package var seconds: Double
  }

  private struct Run {
    var start = ContinuousClock.now
    var lastShown: ContinuousClock.Instant?
    var totalByteCount: Int?
    var totalRowCount: Int?
    var byteCount = 0
    var rowCount = 0
    var show: (@Sendable (State?) -> Void)?

    /// Shows the state, unless it is too early or was shown just now.
    mutating func tell() {
      guard let show else { return }
      let now = ContinuousClock.now
      guard now - start > ReadingProgress.patience,
        now - (lastShown ?? start) > ReadingProgress.interval
      else { return }
      lastShown = now
      let elapsed = (now - start).components
      show(
        State(
          byteCount: byteCount,
          totalByteCount: totalByteCount,
          rowCount: rowCount,
          totalRowCount: totalRowCount,
          seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        )
      )
    }
  }

  private static let patience = Duration.seconds(2)
  private static let interval = Duration.milliseconds(200)

  private let run = Mutex(Run())
  private let cancelled = Atomic<Bool>(false)

  /// Creates progress that nobody sees yet.
  package init() {}

  /// Sets what shows states; it is given nil to wipe the last one off.
  package func show(with show: @escaping @Sendable (State?) -> Void) {
    run.withLock { $0.show = show }
  }

  /// Begins to count for a file.
  package func begin(totalByteCount: Int?, totalRowCount: Int? = nil) {
    cancelled.store(false, ordering: .relaxed)
    run.withLock { run in
      run = Run(totalByteCount: totalByteCount, totalRowCount: totalRowCount, show: run.show)
    }
  }

  /// Tells how many bytes are done, and how many more rows.
  package func advance(byteCount: Int, rowCount: Int) throws(FormatError) {
    try check()
    run.withLock { run in
      run.byteCount = byteCount
      run.rowCount += rowCount
      run.tell()
    }
  }

  /// Tells how many more bytes and rows are done, where several threads read at once.
  package func add(byteCount: Int, rowCount: Int) throws(FormatError) {
    try check()
    run.withLock { run in
      run.byteCount += byteCount
      run.rowCount += rowCount
      run.tell()
    }
  }

  /// Whether the user asked to stop.
  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Stops where the user asked for it.
  package func check() throws(FormatError) {
    guard isCancelled else { return }
    throw FormatError(code: "F026", message: "stopped at the user's request")
  }

  /// Ends the counting, and wipes off what was shown.
  package func end() {
    run.withLock { run in
      if run.lastShown != nil { run.show?(nil) }
      run.lastShown = nil
    }
  }

  /// Stops the file that is read or written now.
  package func cancel() {
    cancelled.store(true, ordering: .relaxed)
  }
}
