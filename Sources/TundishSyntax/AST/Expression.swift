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
    /// `[<expr> FOR <name> [, <name of the index>] IN <list> [IF <condition>]]`.
    case listComprehension(
      Expression,
      variables: [Identifier],
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

/// A value given when the statement is run.
package enum Parameter: Sendable, Hashable {
  /// `$name`.
  case named(String)
  /// `$1`, or the n-th `?`; counted from 1.
  case positional(Int)
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
