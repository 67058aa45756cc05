/// The comparisons that `Comparison` computes.
package enum ComparisonKind: Sendable, Hashable, CaseIterable {
  case equal
  case notEqual
  case less
  case lessOrEqual
  case greater
  case greaterOrEqual
  /// NULL equals NULL; never NULL itself
  case notDistinct
  /// The opposite of `notDistinct`
  case distinct

  /// The comparison that holds when the operands change sides.
  package var flipped: ComparisonKind {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .equal, .notEqual, .notDistinct, .distinct: self
    }
  }

  /// The comparison of two values that are not NULL.
  var plain: ComparisonKind {
    switch self {
    case .notDistinct: .equal
    case .distinct: .notEqual
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: self
    }
  }

  /// Whether it holds for values that compare as `order` (negative, zero, positive).
  @inline(__always)
  func holds(_ order: Int) -> Bool {
    switch self {
    case .equal, .notDistinct: order == 0
    case .notEqual, .distinct: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }
}
