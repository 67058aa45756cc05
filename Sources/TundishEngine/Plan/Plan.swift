package import TundishSyntax

/// A relational plan: what to compute, before how.
///
/// The binder makes it, optimizer rules rewrite it, the physical planner turns it into pipelines.
/// Operators name the columns of their inputs by `ColumnID`.
package indirect enum Plan: Sendable {
  /// Rows of a table or file
  case scan(ScanPlan)
  /// Rows written in the query; `SELECT 1` has one row without columns
  case values(columns: [PlanColumn], rows: [[BoundExpression]])
  /// Rows that a table function makes: `range`, `generate_series`
  case tableFunction(TableFunctionPlan)
  /// The rows for which the predicate is true
  case filter(BoundExpression, Plan)
  /// New columns; nothing of the input passes unless it is listed
  case project([ProjectedColumn], Plan)
  /// Pairs of rows
  case join(JoinPlan)
  /// One row per group
  case aggregate(AggregatePlan)
  /// The input's columns, and one more per window call
  case window(WindowPlan)
  /// The rows in order
  case sort([SortKey], Plan)
  /// The first rows; keys are empty for LIMIT without ORDER BY
  case limit(LimitPlan)
  /// One row per distinct combination of all columns
  case distinct(Plan)
  /// The first row per distinct combination of `on`, in the input's order
  case distinctOn([BoundExpression], Plan)
  /// UNION, INTERSECT, EXCEPT
  case setOperation(SetOperationPlan)
  /// One row per list element beside the input's columns
  case unnest(UnnestPlan)
  /// A query that is computed once and read by `reference`s inside `body`
  case materialize(MaterializePlan)
  /// Reads a materialized or recursive query
  case reference(ReferencePlan)
  /// WITH RECURSIVE
  case recursive(RecursivePlan)
  /// A random part of the rows
  case sample(SamplePlan)
}

/// Combines two inputs column by column.
package struct SetOperationPlan: Sendable {
  /// Which operation.
  package var operation: SetOperator
  /// Keeps duplicates.
  package var isAll: Bool
  /// The left input; its columns' positions correspond to `columns`.
  package var left: Plan
  /// The right input.
  package var right: Plan
  /// The output columns, new ids.
  package var columns: [PlanColumn]

  /// Creates an operation.
  package init(
    operation: SetOperator,
    isAll: Bool,
    left: Plan,
    right: Plan,
    columns: [PlanColumn]
  ) {
    self.operation = operation
    self.isAll = isAll
    self.left = left
    self.right = right
    self.columns = columns
  }
}

/// Repeats each input row once per element of its lists.
package struct UnnestPlan: Sendable {
  /// The lists; they advance together, the shorter padded with NULL.
  package var lists: [ProjectedColumn]
  /// A column that counts the elements from 1, where asked for.
  package var ordinality: PlanColumn?
  /// Keeps rows whose lists are all empty or NULL, with NULL elements.
  package var keepsEmpty: Bool
  /// The input; its columns pass through.
  package var input: Plan

  /// Creates a node; a list column's expression gives the list, its `column` has the element type.
  package init(
    lists: [ProjectedColumn],
    ordinality: PlanColumn?,
    keepsEmpty: Bool = false,
    input: Plan
  ) {
    self.lists = lists
    self.ordinality = ordinality
    self.keepsEmpty = keepsEmpty
    self.input = input
  }
}

/// A random part of the rows.
package struct SamplePlan: Sendable {
  /// How much.
  package enum Size: Sendable {
    /// Each row with this probability (0 ... 1)
    case fraction(Double)
    /// This many rows
    case rows(Int)
    /// So many rows that they are this share of all (0 ... 1)
    case share(Double)
  }

  /// How much.
  package var size: Size
  /// Makes the sample repeatable.
  package var seed: UInt64?
  /// The input.
  package var input: Plan

  /// Creates a sample.
  package init(size: Size, seed: UInt64?, input: Plan) {
    self.size = size
    self.seed = seed
    self.input = input
  }
}
