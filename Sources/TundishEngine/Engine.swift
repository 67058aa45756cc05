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

  /// Creates a result.
  package init(
    schema: Schema? = nil, batches: [Batch] = [], changedRowCount: Int? = nil,
    messages: [String] = [], footer: [String] = [], diagnostics: [Diagnostic] = [],
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
