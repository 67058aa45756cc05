/// How tightly operators bind, loosest first; PostgreSQL's order.
///
/// `grammar/precedence.txt` lists the same levels; a test compares the two.
enum Precedence: Int, Comparable, CaseIterable {
  case lowest
  case or
  case and
  case not
  case `is`
  case comparison
  case membership
  case other
  case additive
  case multiplicative
  case power
  case atTimeZone
  case collate
  case unary
  case postfix

  /// The next tighter level; the right operand of a left-associative operator needs it.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .postfix }

  static func < (first: Precedence, second: Precedence) -> Bool {
    first.rawValue < second.rawValue
  }

  /// The spellings of a level's operators, for `grammar/precedence.txt`.
  var spellings: [String] {
    switch self {
    case .lowest: []
    case .not: ["NOT"]
    case .is: ["IS", "ISNULL", "NOTNULL", "NOT NULL"]
    case .membership:
      ["BETWEEN", "IN", "LIKE", "ILIKE", "GLOB", "SIMILAR TO", "~~", "~~*", "~~~", "!~~", "!~~*"]
    case .atTimeZone: ["AT TIME ZONE"]
    case .collate: ["COLLATE"]
    case .unary: ["unary +", "unary -"]
    case .postfix: ["::", "[ ]", "."]
    case .other:
      Self.binarySpellings(.other) + ["~", "~*", "!~", "!~*", "unary ~"]
    case .or, .and, .comparison, .additive, .multiplicative, .power:
      Self.binarySpellings(self)
    }
  }

  private static func binarySpellings(_ level: Precedence) -> [String] {
    BinaryOperator.allCases.filter { $0.precedence == level }.flatMap { $0.spellings }
  }
}

extension BinaryOperator {
  /// How tightly it binds.
  var precedence: Precedence {
    switch self {
    case .or: .or
    case .and: .and
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: .comparison
    case .add, .subtract: .additive
    case .multiply, .divide, .integerDivide, .modulo: .multiplicative
    case .power: .power
    case .concatenate, .bitwiseAnd, .bitwiseOr, .shiftLeft, .shiftRight, .contains,
      .containedBy, .overlaps, .jsonMember, .jsonText, .startsWith:
      .other
    }
  }

  /// Whether a chain means the same however it is grouped.
  var isAssociative: Bool {
    self == .or || self == .and || self == .concatenate
  }

  /// Every spelling, the canonical one first.
  var spellings: [String] {
    [rawValue]
      + Self.bySymbol.filter { $0.value == self && $0.key.rawValue != rawValue }
      .map(\.key.rawValue).sorted()
  }

  /// The operators that are written as symbols.
  static let bySymbol: [Symbol: BinaryOperator] = [
    .equal: .equal, .doubleEqual: .equal, .notEqual: .notEqual, .lessGreater: .notEqual,
    .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater, .greaterOrEqual: .greaterOrEqual,
    .plus: .add, .minus: .subtract, .star: .multiply, .slash: .divide,
    .doubleSlash: .integerDivide, .percent: .modulo, .caret: .power, .doubleStar: .power,
    .concatenate: .concatenate, .bitwiseAnd: .bitwiseAnd, .bitwiseOr: .bitwiseOr,
    .shiftLeft: .shiftLeft, .shiftRight: .shiftRight, .contains: .contains,
    .containedBy: .containedBy, .overlaps: .overlaps, .arrow: .jsonMember, .longArrow: .jsonText,
    .startsWith: .startsWith,
  ]
}
