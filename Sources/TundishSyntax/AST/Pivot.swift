/// `PIVOT (<aggregate>, ... FOR <column> IN (<value>, ...) ... GROUP BY ...)`.
package struct Pivot: Sendable, Hashable {
  /// The aggregates, each with its alias.
  package var aggregates: [SelectItem]
  /// The columns whose values become columns.
  package var columns: [PivotColumn]
  /// `GROUP BY <name>, ...`.
  package var groupBy: [Expression]

  /// Creates a pivot.
  package init(aggregates: [SelectItem], columns: [PivotColumn], groupBy: [Expression] = []) {
    self.aggregates = aggregates
    self.columns = columns
    self.groupBy = groupBy
  }
}

/// `<expr> [IN (<value> [AS <alias>], ...)]`.
package struct PivotColumn: Sendable, Hashable {
  /// The column or expression.
  package var expression: Expression
  /// The values; nil means all that occur.
  package var values: [SelectItem]?

  /// Creates a column.
  package init(expression: Expression, values: [SelectItem]? = nil) {
    self.expression = expression
    self.values = values
  }
}

/// `UNPIVOT [INCLUDE NULLS] (<value> FOR <name> IN (<column>, ...))`.
package struct Unpivot: Sendable, Hashable {
  /// INCLUDE NULLS.
  package var includesNulls: Bool
  /// The columns that take the values.
  package var valueColumns: [Identifier]
  /// The column that takes the names.
  package var nameColumn: Identifier
  /// The columns to turn: each item is one column, a row of columns, a star or COLUMNS.
  package var columns: [SelectItem]

  /// Creates an unpivot.
  package init(
    includesNulls: Bool = false,
    valueColumns: [Identifier],
    nameColumn: Identifier,
    columns: [SelectItem]
  ) {
    self.includesNulls = includesNulls
    self.valueColumns = valueColumns
    self.nameColumn = nameColumn
    self.columns = columns
  }
}

/// `PIVOT <relation> [ON <column>, ...] [USING <aggregate>, ...] [GROUP BY <column>, ...]`.
package struct PivotStatement: Sendable, Hashable {
  /// The relation.
  package var source: TableReference
  /// The pivot; its aggregates default to `count(*)`.
  package var pivot: Pivot

  /// Creates a statement.
  package init(source: TableReference, pivot: Pivot) {
    self.source = source
    self.pivot = pivot
  }
}

/// `UNPIVOT <relation> ON <column>, ... [INTO NAME <name> VALUE <name>, ...]`.
package struct UnpivotStatement: Sendable, Hashable {
  /// The relation.
  package var source: TableReference
  /// The unpivot; names default to `name` and `value`.
  package var unpivot: Unpivot

  /// Creates a statement.
  package init(source: TableReference, unpivot: Unpivot) {
    self.source = source
    self.unpivot = unpivot
  }
}
