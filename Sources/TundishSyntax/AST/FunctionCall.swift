/// A call of a scalar, aggregate, window or table function, or of a metric.
package struct FunctionCall: Sendable, Hashable {
  /// The function's name.
  package var name: QualifiedName
  /// The arguments; `count(*)` has one `star`.
  package var arguments: [FunctionArgument]
  /// `DISTINCT` before the arguments.
  package var isDistinct: Bool
  /// `ORDER BY` inside the parentheses, or of WITHIN GROUP.
  package var orderBy: [OrderItem]
  /// `WITHIN GROUP (ORDER BY ...)` was written.
  package var isWithinGroup: Bool
  /// `FILTER (WHERE <condition>)`.
  package var filter: Expression?
  /// `IGNORE NULLS` or `RESPECT NULLS`.
  package var nullTreatment: NullTreatment?
  /// `OVER <name>` or `OVER (<window>)`.
  package var over: WindowReference?

  /// Creates a call.
  package init(
    name: QualifiedName,
    arguments: [FunctionArgument],
    isDistinct: Bool = false,
    orderBy: [OrderItem] = [],
    isWithinGroup: Bool = false,
    filter: Expression? = nil,
    nullTreatment: NullTreatment? = nil,
    over: WindowReference? = nil
  ) {
    self.name = name
    self.arguments = arguments
    self.isDistinct = isDistinct
    self.orderBy = orderBy
    self.isWithinGroup = isWithinGroup
    self.filter = filter
    self.nullTreatment = nullTreatment
    self.over = over
  }
}

/// `<expr>`, `<name> := <expr>`, `<name> => <expr>`.
package struct FunctionArgument: Sendable, Hashable {
  /// The parameter's name, where one is written.
  package let name: Identifier?
  /// The value.
  package let value: Expression

  /// Creates an argument.
  package init(name: Identifier? = nil, value: Expression) {
    self.name = name
    self.value = value
  }
}

/// Whether a window function passes over NULLs.
package enum NullTreatment: String, Sendable, Hashable {
  case ignore = "IGNORE NULLS"
  case respect = "RESPECT NULLS"
}

/// What stands after OVER.
package indirect enum WindowReference: Sendable, Hashable {
  /// `OVER w`.
  case name(Identifier)
  /// `OVER (...)`.
  case specification(WindowSpecification)
}

/// `([<base>] PARTITION BY ... ORDER BY ... <frame>)`.
package struct WindowSpecification: Sendable, Hashable {
  /// The named window that this one extends.
  package var base: Identifier?
  /// `PARTITION BY`.
  package var partitionBy: [Expression]
  /// `ORDER BY`.
  package var orderBy: [OrderItem]
  /// `ROWS | RANGE | GROUPS ...`.
  package var frame: WindowFrame?
  /// Where it stands.
  package var range: SourceRange

  /// Creates a window.
  package init(
    base: Identifier? = nil,
    partitionBy: [Expression] = [],
    orderBy: [OrderItem] = [],
    frame: WindowFrame? = nil,
    range: SourceRange
  ) {
    self.base = base
    self.partitionBy = partitionBy
    self.orderBy = orderBy
    self.frame = frame
    self.range = range
  }
}

/// `ROWS BETWEEN <start> AND <end> [EXCLUDE ...]`.
package struct WindowFrame: Sendable, Hashable {
  /// How offsets are counted.
  package enum Mode: String, Sendable, Hashable {
    case rows = "ROWS"
    case range = "RANGE"
    case groups = "GROUPS"
  }

  /// What is left out around the current row.
  package enum Exclusion: String, Sendable, Hashable {
    case noOthers = "NO OTHERS"
    case currentRow = "CURRENT ROW"
    case group = "GROUP"
    case ties = "TIES"
  }

  /// One end of a frame.
  package indirect enum Bound: Sendable, Hashable {
    /// `UNBOUNDED PRECEDING`.
    case unboundedPreceding
    /// `<expr> PRECEDING`.
    case preceding(Expression)
    /// `CURRENT ROW`.
    case currentRow
    /// `<expr> FOLLOWING`.
    case following(Expression)
    /// `UNBOUNDED FOLLOWING`.
    case unboundedFollowing
  }

  /// How offsets are counted.
  package let mode: Mode
  /// The first row.
  package let start: Bound
  /// The last row.
  package let end: Bound
  /// What is left out.
  package let exclusion: Exclusion

  /// Creates a frame.
  package init(mode: Mode, start: Bound, end: Bound, exclusion: Exclusion = .noOthers) {
    self.mode = mode
    self.start = start
    self.end = end
    self.exclusion = exclusion
  }
}

/// `<expr> [ASC | DESC] [NULLS FIRST | LAST]`.
package struct OrderItem: Sendable, Hashable {
  /// What is compared.
  package let expression: Expression
  /// DESC, where a direction is written.
  package let isDescending: Bool?
  /// NULLS FIRST, where a place is written.
  package let nullsFirst: Bool?

  /// Creates an item.
  package init(expression: Expression, isDescending: Bool? = nil, nullsFirst: Bool? = nil) {
    self.expression = expression
    self.isDescending = isDescending
    self.nullsFirst = nullsFirst
  }
}
