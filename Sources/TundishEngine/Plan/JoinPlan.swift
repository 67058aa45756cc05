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
