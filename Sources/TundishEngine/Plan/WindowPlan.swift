package import TundishColumns
package import TundishSyntax

/// Computes window functions that share one partitioning and order.
package struct WindowPlan: Sendable {
  /// PARTITION BY.
  package var partitionBy: [BoundExpression]
  /// ORDER BY.
  package var orderBy: [SortKey]
  /// The calls and their output columns.
  package var calls: [WindowCall]
  /// How many rows of each partition are wanted: those that so many others come before may be left
  /// out; nil where all are.
  package var headCount: Int?
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
    /// `fill(x)`: NULLs on the line between the values around them
    case fill
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
