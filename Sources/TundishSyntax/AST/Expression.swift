/// An expression as written, before names and types are known.
package struct Expression: Sendable, Hashable {
  /// What it is.
  package let kind: Kind
  /// Where it stands.
  package let range: SourceRange

  /// Creates an expression.
  package init(_ kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  /// The forms of expressions; each case's comment is the text that it stands for.
  package indirect enum Kind: Sendable, Hashable {
    /// `NULL`, `TRUE`, `42`, `1.50`, `'text'`.
    case literal(Literal)
    /// `DATE '2026-01-31'`, `<type> '<text>'`.
    case typedLiteral(TypeName, String)
    /// `INTERVAL '3 days'`, `INTERVAL 3 DAYS`, `INTERVAL (<expr>) DAYS`.
    case interval(Expression, unit: IntervalUnit?)
    /// `90 days`, where the grammar allows a bare duration.
    case duration(Duration)
    /// `50%`, where the grammar allows a percentage; the text is the number before `%`.
    case percentage(String)
    /// `2026-01-31`, where the grammar allows a bare date.
    case bareDate(year: Int, month: Int, day: Int)
    /// `amount`, `deals.amount`, `model.opportunities.amount`.
    case name([Identifier])
    /// `*`, `t.*`, with EXCLUDE, REPLACE and RENAME.
    case star(Star)
    /// `COLUMNS('regex')`, `COLUMNS(* EXCLUDE (a))`, `COLUMNS(['a', 'b'])`.
    case columns(Expression)
    /// `$name`, `$1`, `?` (numbered from 1 in order of appearance).
    case parameter(Parameter)
    /// `- <operand>`, `NOT <operand>`, `~ <operand>`.
    case unary(UnaryOperator, Expression)
    /// `<left> + <right>`.
    case binary(BinaryOperator, Expression, Expression)
    /// `<operand> IS [NOT] NULL`.
    case isNull(Expression, isNegated: Bool)
    /// `<operand> IS [NOT] TRUE | FALSE | UNKNOWN`; nil stands for UNKNOWN.
    case isTruth(Expression, Bool?, isNegated: Bool)
    /// `<left> IS [NOT] DISTINCT FROM <right>`.
    case isDistinctFrom(Expression, Expression, isNegated: Bool)
    /// `<operand> [NOT] BETWEEN <lower> AND <upper>`.
    case between(Expression, lower: Expression, upper: Expression, isNegated: Bool)
    /// `<operand> [NOT] IN (<expr>, ...)`.
    case inList(Expression, [Expression], isNegated: Bool)
    /// `<operand> [NOT] IN (<query>)`.
    case inQuery(Expression, Query, isNegated: Bool)
    /// `<operand> [NOT] LIKE <pattern> [ESCAPE <expr>]`, and its kin.
    case like(LikeKind, Expression, pattern: Expression, escape: Expression?, isNegated: Bool)
    /// `<left> = ANY (<query>)`, `<left> < ALL (<query or list>)`.
    case quantified(BinaryOperator, Expression, Quantifier, QuantifiedOperand)
    /// `[NOT] EXISTS (<query>)`; NOT is a unary operator around it.
    case exists(Query)
    /// `(<query>)`.
    case scalarQuery(Query)
    /// `CASE [<operand>] WHEN <expr> THEN <expr> ... [ELSE <expr>] END`.
    case caseWhen(operand: Expression?, branches: [CaseBranch], otherwise: Expression?)
    /// `CAST(<expr> AS <type>)`, `<expr>::<type>`, `TRY_CAST(...)`.
    case cast(Expression, TypeName, isTry: Bool)
    /// `sum(DISTINCT x ORDER BY y) FILTER (WHERE z) OVER w`.
    case call(FunctionCall)
    /// `EXTRACT(<field> FROM <expr>)`.
    case extract(field: Identifier, Expression)
    /// `<expr> AT TIME ZONE <expr>`.
    case atTimeZone(Expression, Expression)
    /// `<expr> COLLATE <name>`.
    case collate(Expression, Identifier)
    /// `[<expr>, ...]`, `ARRAY[<expr>, ...]`.
    case list([Expression])
    /// `[<expr> FOR <name> IN <list> [IF <condition>]]`.
    case listComprehension(
      Expression,
      variable: Identifier,
      list: Expression,
      condition: Expression?
    )
    /// `{'name': <expr>, ...}`.
    case structure([StructEntry])
    /// `(<expr>, <expr>, ...)`, `ROW(<expr>, ...)`.
    case row([Expression])
    /// `<expr>[<index>]`.
    case index(Expression, Expression)
    /// `<expr>[<lower>:<upper>]`.
    case slice(Expression, lower: Expression?, upper: Expression?)
    /// `(<expr>).<name>`.
    case member(Expression, Identifier)
    /// `x -> x + 1`, `(x, y) -> x + y`.
    case lambda([Identifier], Expression)
    /// `DEFAULT`, in INSERT and UPDATE.
    case defaultValue
    /// `(<expr>)`; kept so that text prints back as written.
    case parenthesized(Expression)
    /// What recovery leaves where an expression was expected; a diagnostic was reported.
    case missing
  }
}

/// A constant as written.
package enum Literal: Sendable, Hashable {
  /// `NULL`.
  case null
  /// `TRUE`, `FALSE`.
  case boolean(Bool)
  /// Digits without separators; of any length.
  case integer(String)
  /// `1.50`: digits with a point and no exponent; exact.
  case decimal(String)
  /// `1.5e3`.
  case double(String)
  /// `'text'`, `E'\n'`, `$$text$$`, already unescaped.
  case string(String)
  /// `X'0aff'`.
  case blob([UInt8])
}

/// A length of time with its unit, as in `90 days`.
package struct Duration: Sendable, Hashable {
  /// The number of units, digits with an optional point.
  package let amount: String
  /// The unit.
  package let unit: IntervalUnit
  /// Where it stands.
  package let range: SourceRange

  /// Creates a duration.
  package init(amount: String, unit: IntervalUnit, range: SourceRange) {
    self.amount = amount
    self.unit = unit
    self.range = range
  }
}

/// The units of intervals and durations.
package enum IntervalUnit: String, Sendable, Hashable, CaseIterable {
  case microsecond
  case millisecond
  case second
  case minute
  case hour
  case day
  case week
  case month
  case quarter
  case year
  case decade
  case century
  case millennium
}

/// `*` with its modifiers.
package struct Star: Sendable, Hashable {
  /// The relation before the dot; empty where there is none.
  package var qualifier: [Identifier]
  /// `EXCLUDE (<name>, ...)`.
  package var excluded: [QualifiedName]
  /// `REPLACE (<expr> AS <name>, ...)`.
  package var replacements: [StarReplacement]
  /// `RENAME (<name> AS <name>, ...)`.
  package var renames: [StarRename]
  /// `* LIKE '<pattern>'`.
  package var pattern: Expression?
  /// LIKE, ILIKE or SIMILAR TO before the pattern.
  package var patternKind: LikeKind
  /// NOT before LIKE.
  package var isPatternNegated: Bool

  /// Creates a star.
  package init(
    qualifier: [Identifier] = [],
    excluded: [QualifiedName] = [],
    replacements: [StarReplacement] = [],
    renames: [StarRename] = [],
    pattern: Expression? = nil,
    patternKind: LikeKind = .like,
    isPatternNegated: Bool = false
  ) {
    self.qualifier = qualifier
    self.excluded = excluded
    self.replacements = replacements
    self.renames = renames
    self.pattern = pattern
    self.patternKind = patternKind
    self.isPatternNegated = isPatternNegated
  }
}

/// `<expr> AS <name>` inside REPLACE.
package struct StarReplacement: Sendable, Hashable {
  /// The new value.
  package let expression: Expression
  /// The column that it replaces.
  package let name: Identifier

  /// Creates a replacement.
  package init(expression: Expression, name: Identifier) {
    self.expression = expression
    self.name = name
  }
}

/// `<name> AS <name>` inside RENAME.
package struct StarRename: Sendable, Hashable {
  /// The column.
  package let name: Identifier
  /// Its new name.
  package let newName: Identifier

  /// Creates a renaming.
  package init(name: Identifier, newName: Identifier) {
    self.name = name
    self.newName = newName
  }
}

/// A value given when the statement is run.
package enum Parameter: Sendable, Hashable {
  /// `$name`.
  case named(String)
  /// `$1`, or the n-th `?`; counted from 1.
  case positional(Int)
}

/// Operators before their operand.
package enum UnaryOperator: String, Sendable, Hashable, CaseIterable {
  case plus = "+"
  case minus = "-"
  case not = "NOT"
  case bitwiseNot = "~"
  /// `*COLUMNS(...)`: the columns as so many members of a list of arguments.
  case unpack = "*"
}

/// Operators between two operands; the raw value is the canonical spelling.
package enum BinaryOperator: String, Sendable, Hashable, CaseIterable {
  case or = "OR"
  case and = "AND"
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case integerDivide = "//"
  case modulo = "%"
  case power = "^"
  case concatenate = "||"
  case bitwiseAnd = "&"
  case bitwiseOr = "|"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case contains = "@>"
  case containedBy = "<@"
  case overlaps = "&&"
  /// `->` on JSON; a lambda is recognised by the parser.
  case jsonMember = "->"
  case jsonText = "->>"
  case startsWith = "^@"

  /// Whether the operator compares and gives a truth value.
  package var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    case .or, .and, .add, .subtract, .multiply, .divide, .integerDivide, .modulo, .power,
      .concatenate, .bitwiseAnd, .bitwiseOr, .shiftLeft, .shiftRight, .contains, .containedBy,
      .overlaps, .jsonMember, .jsonText, .startsWith:
      false
    }
  }
}

/// The pattern languages.
package enum LikeKind: String, Sendable, Hashable, CaseIterable {
  /// `LIKE`, `~~`.
  case like = "LIKE"
  /// `ILIKE`, `~~*`.
  case caseInsensitiveLike = "ILIKE"
  /// `SIMILAR TO`.
  case similar = "SIMILAR TO"
  /// `GLOB`.
  case glob = "GLOB"
  /// `~`: a regular expression, DuckDB's full match.
  case regex = "~"
  /// `~*`.
  case caseInsensitiveRegex = "~*"
}

/// `ANY` (also `SOME`) or `ALL`.
package enum Quantifier: String, Sendable, Hashable {
  case any = "ANY"
  case all = "ALL"
}

/// What ANY and ALL range over.
package indirect enum QuantifiedOperand: Sendable, Hashable {
  /// `(<query>)`.
  case query(Query)
  /// `(<list expression>)`.
  case list(Expression)
}

/// `WHEN <condition> THEN <result>`.
package struct CaseBranch: Sendable, Hashable {
  /// The condition, or the value compared with the operand.
  package let condition: Expression
  /// The result.
  package let result: Expression

  /// Creates a branch.
  package init(condition: Expression, result: Expression) {
    self.condition = condition
    self.result = result
  }
}

/// `'name': <value>`.
package struct StructEntry: Sendable, Hashable {
  /// The member's name.
  package let name: Identifier
  /// The member's value.
  package let value: Expression

  /// Creates an entry.
  package init(name: Identifier, value: Expression) {
    self.name = name
    self.value = value
  }
}

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
