package import TundishColumns
package import TundishSyntax

/// Names one column of one operator's output within a query; never reused.
package struct ColumnID: Sendable, Hashable, Comparable {
  /// The number, in order of creation.
  package let rawValue: Int

  /// Creates an id.
  package init(_ rawValue: Int) {
    self.rawValue = rawValue
  }

  package static func < (lhs: ColumnID, rhs: ColumnID) -> Bool {
    lhs.rawValue < rhs.rawValue
  }
}

/// A column that an operator gives.
package struct PlanColumn: Sendable, Hashable {
  /// Its identity.
  package let id: ColumnID
  /// The name for people; not unique.
  package let name: String
  /// Its type.
  package let type: DataType
  /// What its numbers count.
  package let unit: Unit

  /// Creates a column.
  package init(id: ColumnID, name: String, type: DataType, unit: Unit = .none) {
    self.id = id
    self.name = name
    self.type = type
    self.unit = unit
  }
}

/// An expression whose names, types and overloads are known.
///
/// A column that the operator's input does not give belongs to an outer query; such expressions
/// exist only between the binder and the pass that removes subqueries.
package struct BoundExpression: Sendable {
  /// What it is.
  package let kind: Kind
  /// The type of its values.
  package let type: DataType
  /// What its numbers count.
  package let unit: Unit
  /// The text to blame; kept through all rewrites.
  package let range: SourceRange

  /// Creates an expression.
  package init(_ kind: Kind, type: DataType, unit: Unit = .none, range: SourceRange) {
    self.kind = kind
    self.type = type
    self.unit = unit
    self.range = range
  }

  /// The forms of bound expressions.
  package indirect enum Kind: Sendable {
    /// A constant of the expression's type
    case literal(Value)
    /// A column of the input, or of an outer query
    case column(ColumnID)
    /// A scalar function or operator; arguments already have `argumentTypes`
    case call(ResolvedScalar, [BoundExpression])
    /// `<left> <comparison> <right>`; both sides have one type
    case comparison(ComparisonOperator, BoundExpression, BoundExpression)
    /// All of these, three-valued, left to right; later operands see only rows still undecided
    case and([BoundExpression])
    /// Any of these, three-valued, left to right
    case or([BoundExpression])
    /// `NOT <operand>`
    case not(BoundExpression)
    /// `<operand> IS NULL`
    case isNull(BoundExpression)
    /// Conversion to the expression's type; `isTry` gives NULL where it fails
    case cast(BoundExpression, isTry: Bool)
    /// The first branch that holds; a branch is evaluated only for the rows that reach it
    case caseWhen([BoundCaseBranch], otherwise: BoundExpression?)
    /// The first operand that is not NULL; later operands see only rows that need them
    case coalesce([BoundExpression])
    /// `<operand> IN (<constants>)`, three-valued; the values have the operand's type
    case inValues(BoundExpression, [Value])
    /// A lambda argument; `parameters` are the ids its body uses
    case lambda([PlanColumn], BoundExpression)
    /// A subquery; removed before physical planning
    case subquery(BoundSubquery)
  }
}

/// `WHEN <condition> THEN <result>`.
package struct BoundCaseBranch: Sendable {
  /// The condition.
  package let condition: BoundExpression
  /// The result, of the type of the whole CASE.
  package let result: BoundExpression

  /// Creates a branch.
  package init(condition: BoundExpression, result: BoundExpression) {
    self.condition = condition
    self.result = result
  }
}

/// The comparisons; each is a kernel.
package enum ComparisonOperator: String, Sendable, Hashable, CaseIterable {
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  /// `IS NOT DISTINCT FROM`: NULL equals NULL; never NULL itself
  case notDistinct = "IS NOT DISTINCT FROM"
  /// `IS DISTINCT FROM`
  case distinct = "IS DISTINCT FROM"
}

/// A subquery inside an expression.
package struct BoundSubquery: Sendable {
  /// What the expression takes from the subquery.
  package enum Form: Sendable {
    /// The single value of the single row; NULL where there is no row
    case scalar
    /// Whether there is a row
    case exists
    /// Whether `<left> <comparison>` holds for any row, three-valued
    case any(BoundExpression, ComparisonOperator)
    /// Whether it holds for all rows, three-valued
    case all(BoundExpression, ComparisonOperator)
  }

  /// What is taken.
  package let form: Form
  /// The subquery's plan.
  package let plan: Plan
  /// The output column that is compared or returned; nil for `exists`.
  package let output: PlanColumn?

  /// Creates a subquery.
  package init(form: Form, plan: Plan, output: PlanColumn?) {
    self.form = form
    self.plan = plan
    self.output = output
  }
}
