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
