package import TundishSyntax

/// Turns sales queries into plain syntax trees, which the binder then binds like any other.
package struct Expander {
  let catalog: Catalog
  let settings: SalesSettings
  let runner: any QueryRunner

  /// Creates an expander for one statement.
  package init(catalog: Catalog, settings: SalesSettings, runner: any QueryRunner) {
    self.catalog = catalog
    self.settings = settings
    self.runner = runner
  }

  /// Expands a sales query; with `isScalar`, where one column is required, only the first metric's
  /// own column remains.
  package func expand(
    _ query: SalesQuery,
    isScalar: Bool = false
  ) throws(StatementFailure) -> Expansion {
    throw StatementFailure([.notYetExpanded()])
  }

  /// Expands a metric that is called as an aggregate in a SELECT: `win_rate()`, `win_rate(o)`.
  ///
  /// Nil where no metric has that name.
  package func expandCall(
    _ call: FunctionCall,
    range: SourceRange,
    scope: [MetricScopeRelation]
  ) throws(StatementFailure) -> Expression? {
    nil
  }

  /// Expands `model.<role>`; nil where no role has that name.
  package func expandView(
    role name: Identifier
  ) throws(StatementFailure) -> Query? {
    nil
  }

  /// Explains a metric statement: definition, counts, rows dropped by each rule.
  package func explain(
    _ query: SalesQuery
  ) throws(StatementFailure) -> [FooterItem] {
    []
  }
}
