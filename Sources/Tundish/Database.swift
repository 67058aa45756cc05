import Synchronization
package import TundishColumns
package import TundishEngine
import TundishFormats
package import TundishSyntax

/// A database in memory: tables, the sales model, definitions and settings.
///
/// Safe to use from several tasks: statements that read run side by side, each on the state that it
/// found; statements that change something run one after the other and appear all at once.
///
/// ```swift
/// let database = try Database()
/// try database.load("exports/")
/// let result = try database.query("win_rate by owner where region = $region", ["region": "East"])
/// ```
public final class Database: Sendable {
  /// How a database is set up.
  public struct Configuration: Sendable {
    /// Worker threads; the machine's processors by default.
    public var threads = Processors.count
    /// The most memory that queries may use, in bytes; nil for no limit.
    public var memoryLimit: Int?
    /// Where rows beyond the memory limit go: `TMPDIR`, or `/tmp`, by default; empty for nowhere.
    public var temporaryDirectory = TemporaryFiles.defaultDirectory
    /// Rows per batch; other than 2,048 only in tests.
    package var batchRowCount = 2_048
    /// Whether optimizer rules run; false only in tests.
    package var optimizes = true

    /// The defaults.
    public init() {}
  }

  /// The version of the library.
  public static let version = "0.1.0"

  private let session: Mutex<EngineSession>
  private let writer = Mutex<Void>(())
  /// How far files are.
  let progress = ReadingProgress()
  private let running = Mutex<RunningQueries>(RunningQueries())

  /// Opens an empty database.
  ///
  /// - Parameter configuration: How it is set up.
  /// - Throws: `TundishError.statement` if the shipped definitions cannot be read.
  public init(_ configuration: Configuration = Configuration()) throws(TundishError) {
    var settings = Settings()
    settings.threads = configuration.threads
    settings.batchRowCount = configuration.batchRowCount
    settings.memoryLimit = configuration.memoryLimit
    settings.temporaryDirectory = configuration.temporaryDirectory
    if !configuration.optimizes { settings.disabledOptimizers = ["all"] }
    session = Mutex(
      EngineSession(
        settings: settings,
        resolver: FileSources(progress: progress),
        spillStore: TemporaryFiles(),
        timeZones: SystemTimeZone.utc
      )
    )
  }

  /// Runs statements and returns what the last one gives.
  ///
  /// - Parameters:
  ///   - text: One or several statements, separated by `;`.
  ///   - parameters: The values of `$name`, `$1` and `?`.
  /// - Returns: The last statement's answer.
  /// - Throws: `TundishError.statement`; the statements before the wrong one have run.
  @discardableResult
  public func query(
    _ text: String,
    _ parameters: Parameters = .none
  ) throws(TundishError) -> QueryResult {
    let results = try run(script: text, parameters)
    return results.last ?? QueryResult(StatementResult())
  }

  /// Runs all statements of a text in order.
  ///
  /// - Parameters:
  ///   - text: Statements, separated by `;`. None runs if the text cannot be parsed.
  ///   - parameters: The values of `$name`, `$1` and `?`.
  /// - Returns: One answer per statement.
  /// - Throws: `TundishError.statement`; the statements before the wrong one have run.
  public func run(
    script text: String,
    _ parameters: Parameters = .none
  ) throws(TundishError) -> [QueryResult] {
    let script = try Database.parse(text)
    var results: [QueryResult] = []
    for statement in script.statements {
      results.append(try run(statement, text: text, parameters: parameters))
    }
    return results
  }

  /// Runs one statement that was parsed before.
  package func run(
    _ statement: Statement,
    text: String,
    parameters: Parameters = .none,
    cancellation: CancellationFlag = CancellationFlag()
  ) throws(TundishError) -> QueryResult {
    running.withLock { $0.insert(cancellation) }
    defer { running.withLock { $0.remove(cancellation) } }
    do {
      let result = try Cancellation.heeding(cancellation) { () throws(StatementFailure) in
        statement.onlyReads
          ? try read(statement, text, parameters, cancellation)
          : try write(statement, text, parameters, cancellation)
      }
      return QueryResult(result)
    } catch {
      throw .statement(error.diagnostics, text: text)
    }
  }

  /// Cancels the queries that are running now; they fail within 100 ms.
  public func interrupt() {
    progress.cancel()
    running.withLock { $0.cancelAll() }
  }

  /// Runs on a copy of the session; only the last result `_` and what files set aside go back.
  private func read(
    _ statement: Statement,
    _ text: String,
    _ parameters: Parameters,
    _ cancellation: CancellationFlag
  ) throws(StatementFailure) -> StatementResult {
    var copy = session.withLock { $0 }
    copy.cancellation = cancellation
    let result = try Engine.execute(
      statement,
      text: text,
      parameters: parameters.values,
      session: &copy
    )
    let last = copy.lastResult
    session.withLock { session in
      session.lastResult = last
      session.keep(result.rejects)
    }
    return result
  }

  /// Runs on a copy of the session, one writer at a time, and puts the copy in its place if the
  /// statement succeeded.
  private func write(
    _ statement: Statement,
    _ text: String,
    _ parameters: Parameters,
    _ cancellation: CancellationFlag
  ) throws(StatementFailure) -> StatementResult {
    try writer.withLock { _ throws(StatementFailure) in
      var copy = session.withLock { $0 }
      copy.cancellation = cancellation
      let result = try Engine.execute(
        statement,
        text: text,
        parameters: parameters.values,
        session: &copy
      )
      let changed = copy
      session.withLock { $0 = changed }
      return result
    }
  }

  /// The session as it is now.
  package var currentSession: EngineSession {
    session.withLock { $0 }
  }

  static func parse(_ text: String) throws(TundishError) -> Script {
    let parsed = Syntax.parse(text)
    guard !parsed.diagnostics.contains(where: { $0.severity == .error }) else {
      throw .statement(parsed.diagnostics, text: text)
    }
    return parsed.script
  }
}

/// The flags of the queries that are running.
private struct RunningQueries {
  private var flags: [ObjectIdentifier: CancellationFlag] = [:]

  mutating func insert(_ flag: CancellationFlag) { flags[ObjectIdentifier(flag)] = flag }
  mutating func remove(_ flag: CancellationFlag) { flags[ObjectIdentifier(flag)] = nil }
  func cancelAll() { for flag in flags.values { flag.cancel() } }
}
