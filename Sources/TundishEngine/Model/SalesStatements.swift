package import TundishSyntax

/// Executes the statements that define or show what sales data mean.
package enum SalesStatements {
  /// Executes CREATE / ALTER / DROP / SHOW MODEL, CREATE / DROP / SHOW / DESCRIBE METRIC and their
  /// kin; nil where the statement is of another kind.
  package static func execute(
    _ statement: Statement,
    catalog: inout Catalog,
    settings: SalesSettings,
    runner: any QueryRunner
  ) throws(StatementFailure) -> SalesOutcome? {
    nil
  }

  /// Fills roles of the model that are still unset from tables whose shape is known; called after
  /// LOAD. Returns what was recognised, one line each.
  package static func recognize(
    catalog: inout Catalog,
    settings: SalesSettings,
    runner: any QueryRunner
  ) throws(StatementFailure) -> [String] {
    []
  }

  /// Adds the shipped metrics to a new catalog.
  package static func installPrelude(in catalog: inout Catalog) {}
}
