internal import TundishColumns
internal import TundishSyntax

extension BoundExpression {
  /// Whether this is a string literal, which takes the type that its place wants.
  var isTextLiteral: Bool {
    guard case .literal(.text) = kind else { return false }
    return type == .varchar
  }
}

extension Binder {
  /// Converts an expression implicitly; the unit stays.
  func coerce(_ bound: BoundExpression, to type: DataType) -> BoundExpression {
    if bound.type == type { return bound }
    if bound.literal == .null {
      return BoundExpression(.literal(.null), type: type, unit: bound.unit, range: bound.range)
    }
    return folded(
      BoundExpression(
        .cast(bound, isTry: false),
        type: type,
        unit: bound.unit,
        range: bound.range
      )
    )
  }

  /// Computes a cast of a literal; leaves the expression alone where that fails, so that the
  /// failure happens only if the value is needed.
  func folded(_ bound: BoundExpression) -> BoundExpression {
    guard case .cast(let operand, _) = bound.kind, operand.literal != nil,
      bound.type != .timestampTZ, operand.type != .timestampTZ,
      let value = try? ExpressionEvaluator.constant(bound, context: environment.context)
    else { return bound }
    return BoundExpression(.literal(value), type: bound.type, unit: bound.unit, range: bound.range)
  }

  /// Compares two expressions in their common type.
  func compare(
    _ comparison: ComparisonOperator,
    _ left: BoundExpression,
    _ right: BoundExpression,
    range: SourceRange
  ) -> BoundExpression? {
    let type = TypeCoercion.comparisonType(
      left.type,
      right.type,
      leftIsTextLiteral: left.isTextLiteral,
      rightIsTextLiteral: right.isTextLiteral
    )
    guard var type else {
      report(.incomparableTypes(left.type.description, right.type.description, at: range))
      return nil
    }
    if case .enumeration(let labels) = type, comparison.isEquality,
      [left, right].contains(where: { $0.isTextLiteral && !$0.isLabel(of: labels) })
    {
      // Nothing equals a text that is no label; that is no mistake in the data.
      type = .varchar
    }
    if left.unit == .rate || right.unit == .rate { checkRateComparison(left, right) }
    checkCurrencies(left, right, doing: "comparing", range)
    return BoundExpression(
      .comparison(comparison, coerce(left, to: type), coerce(right, to: type)),
      type: .boolean,
      range: range
    )
  }

  /// Converts expressions to their common type.
  func unify(
    _ bound: [BoundExpression],
    place: String,
    _ range: SourceRange
  )
    -> [BoundExpression]?
  {
    let type = TypeCoercion.commonType(
      of: bound.map(\.type),
      isTextLiteral: bound.map(\.isTextLiteral)
    )
    guard let type else {
      report(.noCommonType(place, Self.distinctTypes(bound), at: range))
      return nil
    }
    return bound.map { coerce($0, to: type) }
  }

  static func distinctTypes(_ bound: [BoundExpression]) -> [String] {
    var names: [String] = []
    for expression in bound where !names.contains(expression.type.description) {
      names.append(expression.type.description)
    }
    return names
  }
}

extension ComparisonOperator {
  /// Whether only sameness is asked for, not order.
  var isEquality: Bool {
    switch self {
    case .equal, .notEqual, .distinct, .notDistinct: true
    case .less, .lessOrEqual, .greater, .greaterOrEqual: false
    }
  }
}

extension BoundExpression {
  /// Whether a text literal is one of these labels.
  func isLabel(of labels: [String]) -> Bool {
    guard case .text(let text)? = literal else { return true }
    return labels.contains(text)
  }
}
