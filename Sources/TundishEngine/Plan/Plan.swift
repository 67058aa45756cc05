package import TundishColumns
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

/// Pairs the rows of two inputs.
package struct JoinPlan: Sendable {
  /// Which rows survive.
  package enum Kind: String, Sendable {
    case inner, left, right, full, semi, anti
    /// The left row once, with the right columns of its single match; an error if there are
    /// several (a scalar subquery)
    case single
    /// The left row once, with a three-valued truth in `markColumn`: whether a right row matches
    case mark
    /// Rows by position
    case positional
    /// The left row once, with the right row nearest by `asOf`; unmatched left rows are dropped
    case asOf
    /// The same; unmatched left rows stay
    case asOfLeft
  }

  /// Which rows survive.
  package var kind: Kind
  /// The left input.
  package var left: Plan
  /// The right input.
  ///
  /// Where it uses columns of `left` that it does not make itself, the join is dependent (LATERAL,
  /// correlated subqueries); the decorrelation pass removes such joins.
  package var right: Plan
  /// Equalities: left and right expressions of one type; NULLs match only where `isNullSafe`.
  package var keys: [JoinKey]
  /// What else must hold for a pair.
  package var condition: BoundExpression?
  /// The truth column of `mark`.
  package var markColumn: PlanColumn?
  /// The inequality of an ASOF join: left `<comparison>` right.
  package var asOf: AsOfKey?

  /// Creates a join.
  package init(
    kind: Kind,
    left: Plan,
    right: Plan,
    keys: [JoinKey] = [],
    condition: BoundExpression? = nil,
    markColumn: PlanColumn? = nil,
    asOf: AsOfKey? = nil
  ) {
    self.kind = kind
    self.left = left
    self.right = right
    self.keys = keys
    self.condition = condition
    self.markColumn = markColumn
    self.asOf = asOf
  }
}

/// `<left> = <right>`, or `<left> IS NOT DISTINCT FROM <right>`.
package struct JoinKey: Sendable {
  /// The expression over the left input.
  package var left: BoundExpression
  /// The expression over the right input.
  package var right: BoundExpression
  /// Whether NULL matches NULL.
  package var isNullSafe: Bool

  /// Creates a key.
  package init(left: BoundExpression, right: BoundExpression, isNullSafe: Bool = false) {
    self.left = left
    self.right = right
    self.isNullSafe = isNullSafe
  }
}

/// The inequality of an ASOF join.
package struct AsOfKey: Sendable {
  /// The expression over the left input.
  package var left: BoundExpression
  /// One of `>=`, `>`, `<=`, `<`.
  package var comparison: ComparisonOperator
  /// The expression over the right input.
  package var right: BoundExpression

  /// Creates a key.
  package init(left: BoundExpression, comparison: ComparisonOperator, right: BoundExpression) {
    self.left = left
    self.comparison = comparison
    self.right = right
  }
}

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

/// One key of an order.
package struct SortKey: Sendable {
  /// What is compared.
  package var expression: BoundExpression
  /// Greatest first.
  package var isDescending: Bool
  /// NULLs before all others.
  package var nullsFirst: Bool

  /// Creates a key.
  package init(expression: BoundExpression, isDescending: Bool, nullsFirst: Bool) {
    self.expression = expression
    self.isDescending = isDescending
    self.nullsFirst = nullsFirst
  }
}

/// Computes window functions that share one partitioning and order.
package struct WindowPlan: Sendable {
  /// PARTITION BY.
  package var partitionBy: [BoundExpression]
  /// ORDER BY.
  package var orderBy: [SortKey]
  /// The calls and their output columns.
  package var calls: [WindowCall]
  /// The input.
  package var input: Plan

  /// Creates a node.
  package init(
    partitionBy: [BoundExpression],
    orderBy: [SortKey],
    calls: [WindowCall],
    input: Plan
  ) {
    self.partitionBy = partitionBy
    self.orderBy = orderBy
    self.calls = calls
    self.input = input
  }
}

/// One window function call.
package struct WindowCall: Sendable {
  /// What is computed over the window.
  package enum Function: Sendable {
    case rowNumber, rank, denseRank, percentRank, cumeDist
    /// `ntile(<argument>)`
    case ntile
    /// `lag(x, offset, default)`
    case lag
    /// `lead(x, offset, default)`
    case lead
    case firstValue, lastValue
    /// `nth_value(x, n)`
    case nthValue
    /// Any aggregate over the frame
    case aggregate(ResolvedAggregate)
  }

  /// The output column.
  package var column: PlanColumn
  /// What is computed.
  package var function: Function
  /// Its arguments.
  package var arguments: [BoundExpression]
  /// DISTINCT inside an aggregate.
  package var isDistinct: Bool
  /// ORDER BY inside the parentheses.
  package var argumentOrder: [SortKey]
  /// FILTER.
  package var filter: BoundExpression?
  /// IGNORE NULLS.
  package var ignoresNulls: Bool
  /// The frame, with the standard's default filled in.
  package var frame: BoundFrame
  /// The text to blame.
  package var range: SourceRange

  /// Creates a call.
  package init(
    column: PlanColumn,
    function: Function,
    arguments: [BoundExpression],
    isDistinct: Bool = false,
    argumentOrder: [SortKey] = [],
    filter: BoundExpression? = nil,
    ignoresNulls: Bool = false,
    frame: BoundFrame,
    range: SourceRange
  ) {
    self.column = column
    self.function = function
    self.arguments = arguments
    self.isDistinct = isDistinct
    self.argumentOrder = argumentOrder
    self.filter = filter
    self.ignoresNulls = ignoresNulls
    self.frame = frame
    self.range = range
  }
}

/// A window frame whose offsets are bound.
package struct BoundFrame: Sendable {
  /// One end.
  package indirect enum Bound: Sendable {
    case unboundedPreceding
    case preceding(BoundExpression)
    case currentRow
    case following(BoundExpression)
    case unboundedFollowing
  }

  /// How offsets are counted.
  package var mode: WindowFrame.Mode
  /// The first row.
  package var start: Bound
  /// The last row.
  package var end: Bound
  /// What is left out.
  package var exclusion: WindowFrame.Exclusion

  /// Creates a frame.
  package init(
    mode: WindowFrame.Mode,
    start: Bound,
    end: Bound,
    exclusion: WindowFrame.Exclusion = .noOthers
  ) {
    self.mode = mode
    self.start = start
    self.end = end
    self.exclusion = exclusion
  }
}

/// The first rows, in order where there are keys.
package struct LimitPlan: Sendable {
  /// How many rows.
  package enum Count: Sendable {
    /// All
    case all
    /// A constant number
    case rows(BoundExpression)
    /// A percentage of the input's rows
    case percentage(BoundExpression)
  }

  /// How many rows.
  package var count: Count
  /// How many rows to skip.
  package var offset: BoundExpression?
  /// Sort keys, where a sort was merged into the limit (TopN).
  package var keys: [SortKey]
  /// Whether rows equal to the last one by the keys are kept too.
  package var withTies: Bool
  /// The input.
  package var input: Plan

  /// Creates a limit.
  package init(
    count: Count,
    offset: BoundExpression?,
    keys: [SortKey] = [],
    withTies: Bool = false,
    input: Plan
  ) {
    self.count = count
    self.offset = offset
    self.keys = keys
    self.withTies = withTies
    self.input = input
  }
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

/// Names a query that is computed once.
package struct MaterializationID: Sendable, Hashable {
  /// The number, in order of creation.
  package let rawValue: Int

  /// Creates an id.
  package init(_ rawValue: Int) {
    self.rawValue = rawValue
  }
}

/// `WITH x AS MATERIALIZED (...) <body>`.
package struct MaterializePlan: Sendable {
  /// Names the query.
  package var id: MaterializationID
  /// Its name, for EXPLAIN.
  package var name: String
  /// The query that is computed once.
  package var definition: Plan
  /// What reads it.
  package var body: Plan

  /// Creates a node.
  package init(id: MaterializationID, name: String, definition: Plan, body: Plan) {
    self.id = id
    self.name = name
    self.definition = definition
    self.body = body
  }
}

/// Reads a materialized query, or the previous round of a recursive one.
package struct ReferencePlan: Sendable {
  /// Names the query.
  package var id: MaterializationID
  /// Its name, for EXPLAIN.
  package var name: String
  /// The output columns, new ids, position by position.
  package var columns: [PlanColumn]

  /// Creates a node.
  package init(id: MaterializationID, name: String, columns: [PlanColumn]) {
    self.id = id
    self.name = name
    self.columns = columns
  }
}

/// A query of WITH RECURSIVE.
///
/// `step` reads the previous round through `reference(id)` until it gives no row.
package struct RecursivePlan: Sendable {
  /// Names the working table.
  package var id: MaterializationID
  /// Its name, for EXPLAIN.
  package var name: String
  /// UNION ALL keeps duplicates.
  package var isAll: Bool
  /// The first round.
  package var anchor: Plan
  /// The later rounds.
  package var step: Plan
  /// The output columns.
  package var columns: [PlanColumn]

  /// Creates a node.
  package init(
    id: MaterializationID,
    name: String,
    isAll: Bool,
    anchor: Plan,
    step: Plan,
    columns: [PlanColumn]
  ) {
    self.id = id
    self.name = name
    self.isAll = isAll
    self.anchor = anchor
    self.step = step
    self.columns = columns
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
