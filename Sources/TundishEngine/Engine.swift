package import TundishColumns
package import TundishSyntax

/// What a statement gives.
package struct StatementResult: Sendable {
  /// The columns; nil for statements without rows.
  package var schema: Schema?
  /// The rows.
  package var batches: [Batch]
  /// Rows inserted, updated, deleted or written; nil where that has no meaning.
  package var changedRowCount: Int?
  /// What is said about it: the report of LOAD, the confirmation of CREATE.
  package var messages: [String]
  /// The lines under the box: definition, basis, as-of, rows left out.
  package var footer: [String]
  /// Warnings.
  package var diagnostics: [Diagnostic]
  /// How `as bar` and its kin want it drawn.
  package var chart: ChartForm?
  /// Whether the rows are the lines of a text, which people read without a box around it.
  package var isText = false
  /// The number of columns that are labels, in front of what a chart draws; nil where that is told by
  /// the types.
  package var labelCount: Int?
  /// The columns that a chart draws where they are not told by their places.
  package var drawn: DrawnColumns?
  /// How soon columns give way in a narrow box, by their names; empty where they are equal.
  package var ranks: [String: ColumnRank] = [:]
  /// By the position of a dimension: for each row, whether its NULL is a value that a link did not
  /// find, which is printed as `(no match)` rather than `(none)`.
  package var unmatched: [Int: [Bool]] = [:]
  /// The rows and values of files in the statement that were set aside.
  package var rejects: [FileReject] = []

  /// Creates a result.
  package init(
    schema: Schema? = nil,
    batches: [Batch] = [],
    changedRowCount: Int? = nil,
    messages: [String] = [],
    footer: [String] = [],
    diagnostics: [Diagnostic] = [],
    chart: ChartForm? = nil
  ) {
    self.schema = schema
    self.batches = batches
    self.changedRowCount = changedRowCount
    self.messages = messages
    self.footer = footer
    self.diagnostics = diagnostics
    self.chart = chart
  }
}

/// Why a statement gave nothing.
package struct StatementFailure: Error, Sendable {
  /// What is wrong; never empty.
  package var diagnostics: [Diagnostic]

  /// Creates a failure.
  package init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
  }
}

/// Runs statements: the place where a reader of the engine starts.
///
/// `StatementRunner.run` tells the kinds of statements apart; the path of a query is in
/// `StatementRunner+Queries`: expand what the sales model means, bind names, remove subqueries and
/// optimize, run.
package enum Engine {
  /// Runs one statement on a session; a failed statement leaves the session as it was.
  ///
  /// `text` is what the ranges of the statement point into.
  package static func execute(
    _ statement: Statement,
    text: String,
    parameters: [Parameter: Value],
    session: inout EngineSession
  ) throws(StatementFailure) -> StatementResult {
    let runner = StatementRunner(session: session, text: text, parameters: parameters)
    var result = try runner.run(statement)
    session = runner.session
    result.rejects = runner.files.rejects
    session.keep(result.rejects)
    return result
  }
}

extension Statement {
  /// Whether the statement changes nothing but the last result and `rejects`, so that several may run at once.
  package var onlyReads: Bool {
    if kind.with?.changesRows == true { return false }
    switch kind {
    case .query, .explain, .show, .describe, .summarize, .assert, .check, .sniff, .copy,
      .exportDatabase, .why:
      if case .copy(let copy) = kind { return copy.isExport }
      return true
    case .createTable, .createView, .createMacro, .createType, .createSchema, .createIndex,
      .createSequence, .drop,
      .alterTable,
      .insert, .update, .delete, .merge, .truncate, .load, .importDatabase, .set, .reset,
      .setVariable, .resetVariable, .dedupe,
      .prepare, .execute, .deallocate, .begin, .commit, .rollback, .createModel, .alterModel,
      .dropModelItem, .createMetric, .createFunnel, .createTarget, .createScore:
      return false
    }
  }
}
