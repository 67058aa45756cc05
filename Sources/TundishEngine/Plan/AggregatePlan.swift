package import TundishColumns
package import TundishSyntax

/// Groups rows and computes aggregates.
package struct AggregatePlan: Sendable {
  /// The grouping expressions and their output columns.
  package var groups: [ProjectedColumn]
  /// The grouping sets as positions in `groups`; one set with all of them for a plain GROUP BY.
  package var groupingSets: [[Int]]
  /// `GROUPING(...)` columns: each a bit mask over positions in `groups` (first argument highest).
  package var groupingColumns: [GroupingColumn]
  /// The aggregates and their output columns.
  package var aggregates: [AggregateCall]
  /// The input.
  package var input: Plan

  /// Creates an aggregation.
  package init(
    groups: [ProjectedColumn],
    groupingSets: [[Int]],
    groupingColumns: [GroupingColumn] = [],
    aggregates: [AggregateCall],
    input: Plan
  ) {
    self.groups = groups
    self.groupingSets = groupingSets
    self.groupingColumns = groupingColumns
    self.aggregates = aggregates
    self.input = input
  }
}

/// The value of `GROUPING(a, b)`: bit set where the expression is aggregated away.
package struct GroupingColumn: Sendable {
  /// The output column.
  package let column: PlanColumn
  /// The positions in `groups`, first argument first.
  package let positions: [Int]

  /// Creates a column.
  package init(column: PlanColumn, positions: [Int]) {
    self.column = column
    self.positions = positions
  }
}

/// `sum(DISTINCT x ORDER BY y) FILTER (WHERE z)`.
package struct AggregateCall: Sendable {
  /// The output column.
  package var column: PlanColumn
  /// The function.
  package var function: ResolvedAggregate
  /// Its arguments, already of the function's argument types.
  package var arguments: [BoundExpression]
  /// DISTINCT.
  package var isDistinct: Bool
  /// ORDER BY.
  package var orderBy: [SortKey]
  /// FILTER.
  package var filter: BoundExpression?
  /// The text to blame.
  package var range: SourceRange

  /// Creates a call.
  package init(
    column: PlanColumn,
    function: ResolvedAggregate,
    arguments: [BoundExpression],
    isDistinct: Bool = false,
    orderBy: [SortKey] = [],
    filter: BoundExpression? = nil,
    range: SourceRange
  ) {
    self.column = column
    self.function = function
    self.arguments = arguments
    self.isDistinct = isDistinct
    self.orderBy = orderBy
    self.filter = filter
    self.range = range
  }
}
