/// Reads some columns of a table.
package struct ScanPlan: Sendable {
  /// The table.
  package var source: any TableSource
  /// The table's name, for EXPLAIN.
  package var name: String
  /// The columns that are read, and their positions in the table.
  package var columns: [ScanColumn]
  /// A condition on the columns that are read; the scan applies it.
  package var predicate: BoundExpression?

  /// Creates a scan.
  package init(
    source: any TableSource,
    name: String,
    columns: [ScanColumn],
    predicate: BoundExpression? = nil
  ) {
    self.source = source
    self.name = name
    self.columns = columns
    self.predicate = predicate
  }
}

/// A column that a scan reads.
package struct ScanColumn: Sendable {
  /// The output column.
  package let column: PlanColumn
  /// The position in the table's schema.
  package let position: Int

  /// Creates a column.
  package init(column: PlanColumn, position: Int) {
    self.column = column
    self.position = position
  }
}

/// Makes rows from constant arguments.
package struct TableFunctionPlan: Sendable {
  /// The function's name, for EXPLAIN.
  package var name: String
  /// The output columns.
  package var columns: [PlanColumn]
  /// Makes the rows; called once per run.
  package var source: any TableSource

  /// Creates a node.
  package init(name: String, columns: [PlanColumn], source: any TableSource) {
    self.name = name
    self.columns = columns
    self.source = source
  }
}

/// A column that a projection makes.
package struct ProjectedColumn: Sendable {
  /// The output column; a column that passes through keeps its id.
  package let column: PlanColumn
  /// Its value.
  package let expression: BoundExpression

  /// Creates a column.
  package init(column: PlanColumn, expression: BoundExpression) {
    self.column = column
    self.expression = expression
  }
}
