import Tundish
import TundishColumns
import TundishEngine
import TundishSyntax
import TundishTestSupport

/// Feeds a text to the front end and, where the mode says so, to the engine.
///
/// Every input starts from the state that its golden file sets up, so that an input can be run
/// again alone. Files are out of reach: a mutated COPY must not write.
struct StatementTarget {
  private let mode: FuzzMode
  private let start: EngineSession

  /// Runs what a golden file does, as far as it can be run, and keeps the state.
  init(mode: FuzzMode, file: FuzzCorpus.File) throws {
    self.mode = mode
    guard mode != .syntax else {
      start = EngineSession()
      return
    }
    var configuration = Database.Configuration()
    configuration.threads = 1
    configuration.memoryLimit = 256 * 1024 * 1024
    let database = try Database(configuration)
    for record in file.records {
      if case .load(let path, let name) = record.kind {
        _ = try? database.load(TestPaths.tests + "/" + path, as: name)
      } else if !record.text.isEmpty {
        _ = try? database.run(script: record.text)
      }
    }
    var session = database.currentSession
    session.resolver = nil
    session.settings.threads = 1
    session.settings.memoryLimit = configuration.memoryLimit
    session.transactionStart = nil
    session.clock = { 1_780_000_000_000_000 }
    start = session
  }

  /// Feeds one text.
  func feed(_ text: String, watch: TimeWatch) {
    let parsed = Syntax.parse(text)
    _ = DiagnosticRenderer(text: text).render(parsed.diagnostics)
    _ = Syntax.runsOnEnter(text)
    let isClean = !parsed.diagnostics.contains { $0.severity == .error }
    for statement in parsed.script.statements {
      let printed = Syntax.format(statement)
      if isClean, mode == .syntax, text.utf8.count < 4_000 { checkPrinted(statement, printed) }
    }
    guard mode != .syntax, isClean else { return }
    var session = start
    for statement in parsed.script.statements.prefix(8) {
      session.cancellation = watch.newFlag()
      execute(statement, text, &session)
    }
  }

  /// What is printed must be read as the same tree.
  private func checkPrinted(_ statement: Statement, _ printed: String) {
    let again = Syntax.parse(printed)
    let isSame = again.script.statements.map(Syntax.dumpTree) == [Syntax.dumpTree(statement)]
    if !isSame { FuzzReport.add("prints as another statement: \(printed)") }
  }

  private func execute(_ statement: Statement, _ text: String, _ session: inout EngineSession) {
    if mode == .run {
      run(statement, text, &session)
    } else if statement.definesOnly {
      run(statement, text, &session)
    } else {
      for option in [ExplainOption.optimized, .physical, .sql] {
        run(Statement(.explain(option, statement), range: statement.range), text, &session)
      }
    }
  }

  private func run(_ statement: Statement, _ text: String, _ session: inout EngineSession) {
    do {
      let result = try Engine.execute(statement, text: text, parameters: [:], session: &session)
      for batch in result.batches where batch.columns.contains(where: { $0.count < batch.rowCount })
      {
        FuzzReport.add("a batch of \(batch.rowCount) rows has a shorter column")
      }
    } catch {
      if error.diagnostics.isEmpty { FuzzReport.add("a failure without a diagnostic") }
      _ = DiagnosticRenderer(text: text).render(error.diagnostics)
      let end = text.utf8.count
      for case let range? in error.diagnostics.map(\.range) where range.upperBound > end {
        FuzzReport.add("a range behind the end of the text")
      }
    }
  }
}

extension Statement {
  /// Whether running the statement binds, and reads no rows.
  var definesOnly: Bool {
    switch kind {
    case .createTable(let create): create.query == nil
    case .createView, .createMacro, .createType, .createSchema, .createIndex, .createSequence,
      .drop, .alterTable,
      .set, .reset, .setVariable, .resetVariable,
      .show, .describe, .prepare, .deallocate, .begin, .commit, .rollback, .createModel,
      .alterModel, .dropModelItem, .createMetric, .createFunnel, .createTarget, .createScore:
      true
    case .query, .explain, .insert, .update, .delete, .merge, .truncate, .load, .sniff, .copy,
      .exportDatabase, .importDatabase, .summarize, .assert, .check, .dedupe, .execute, .why:
      false
    }
  }
}
