import TundishColumns
import TundishEngine
import TundishSyntax

/// A statement that was parsed once and can run many times with other parameters.
public struct PreparedQuery: Sendable {
  let database: Database
  let text: String
  let statement: Statement

  /// Runs the statement.
  ///
  /// - Parameter parameters: The values of `$name`, `$1` and `?`.
  /// - Returns: Its answer.
  /// - Throws: `TundishError.statement`.
  @discardableResult
  public func run(_ parameters: Parameters = .none) throws(TundishError) -> QueryResult {
    try database.run(statement, text: text, parameters: parameters)
  }
}

extension Database {
  /// Parses a statement for running it many times.
  ///
  /// - Parameter text: One statement; it may use `$name`, `$1` or `?`.
  /// - Returns: The statement, bound to this database.
  /// - Throws: `TundishError.statement` if it cannot be parsed.
  public func prepare(_ text: String) throws(TundishError) -> PreparedQuery {
    let script = try Database.parse(text)
    guard let statement = script.statements.first, script.statements.count == 1 else {
      throw .usage(.needsOneStatement(script.statements.count))
    }
    return PreparedQuery(database: self, text: text, statement: statement)
  }
}

extension Database {
  /// Runs statements without blocking the calling actor; cancelling the task cancels the query.
  ///
  /// - Parameters:
  ///   - text: One or several statements, separated by `;`.
  ///   - parameters: The values of `$name`, `$1` and `?`.
  /// - Returns: The last statement's answer.
  /// - Throws: `TundishError.statement`; a cancelled query fails with code R008.
  @concurrent
  public func query(
    _ text: String,
    _ parameters: Parameters = .none
  ) async throws -> QueryResult {
    let script = try Database.parse(text)
    let cancellation = TaskCancellation()
    return try await withTaskCancellationHandler {
      var last = QueryResult(StatementResult())
      for statement in script.statements {
        last = try run(
          statement,
          text: text,
          parameters: parameters,
          cancellation: cancellation.flag
        )
      }
      return last
    } onCancel: {
      cancellation.flag.cancel()
    }
  }
}
