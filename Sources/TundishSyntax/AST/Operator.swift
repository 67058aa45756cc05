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
