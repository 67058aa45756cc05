internal import TundishColumns
internal import TundishSyntax

/// Runs the statements of one session, one at a time.
///
/// Works on its own copy of the session: what a failed statement changed is thrown away with the
/// runner, which makes every statement atomic.
final class StatementRunner {
  /// The session, as the statement changes it.
  var session: EngineSession
  /// The text that ranges point into.
  let text: String
  /// The values of `$name` and `?`.
  let parameters: [Parameter: Value]
  /// What functions may know; one instant for the whole statement.
  let context: FunctionContext
  /// The files that the statement has opened.
  let files = StatementFiles()
  /// Warnings so far.
  var warnings: [Diagnostic] = []
  /// Whether a query that was bound reads rows that are not those of a table, such as a file's.
  var readsPassingRows = false

  init(session: EngineSession, text: String, parameters: [Parameter: Value]) {
    self.session = session
    self.text = text
    self.parameters = parameters
    context = session.functionContext
  }

  /// Runs a statement.
  func run(_ statement: Statement) throws(StatementFailure) -> StatementResult {
    if let with = statement.kind.with, with.changesRows {
      return try run(statement, changing: with)
    }
    return try runPlain(statement)
  }

  /// Runs a statement whose WITH clause, if it has one, changes nothing.
  private func runPlain(_ statement: Statement) throws(StatementFailure) -> StatementResult {
    switch statement.kind {
    case .query(let query):
      try answer(query, at: statement.range)
    case .explain(let option, let explained):
      try explain(option, explained)
    case .createTable, .createView, .createMacro, .createType, .createSchema, .createIndex,
      .createSequence, .drop, .alterTable, .truncate:
      try define(statement)
    case .insert(let insert):
      try run(insert)
    case .update(let update):
      try run(update)
    case .delete(let delete):
      try run(delete)
    case .merge(let merge):
      try run(merge)
    case .load(let load):
      try run(load)
    case .sniff(let path, let range, let options):
      try sniff(path, range, options)
    case .copy(let copy):
      try run(copy, range: statement.range)
    case .exportDatabase(let path, let options):
      try exportDatabase(path, options, range: statement.range)
    case .importDatabase(let path):
      try importDatabase(path, range: statement.range)
    case .set(let name, let value):
      try set(name, value)
    case .reset(let name):
      try reset(name)
    case .setVariable(let name, let value):
      try setVariable(name, value)
    case .resetVariable(let name):
      resetVariable(name)
    case .show(let target):
      try show(target, statement)
    case .describe(let target):
      try describe(target, statement)
    case .summarize(let query):
      try summarize(query)
    case .assert(let condition, let message):
      try assert(condition, message)
    case .check(let name):
      try check(name, range: statement.range)
    case .dedupe(let table, let keys, let order):
      try dedupe(table, keys, order, range: statement.range)
    case .prepare(let name, let prepared):
      prepare(name, prepared)
    case .execute(let name, let arguments):
      try execute(name, arguments)
    case .deallocate(let name):
      try deallocate(name)
    case .begin, .commit, .rollback:
      try transact(statement)
    case .createModel, .alterModel, .dropModelItem, .createMetric, .createFunnel, .createTarget,
      .createScore, .why:
      try defineSales(statement)
    }
  }

  /// One message and no rows.
  func done(_ message: String...) -> StatementResult {
    StatementResult(messages: message, diagnostics: warnings)
  }
}
