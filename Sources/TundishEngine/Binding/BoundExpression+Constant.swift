import TundishColumns

extension BoundExpression {
  /// The value of a literal, also behind a sign or a conversion, that may decide a result type: the
  /// 1 of `round(x, 1)`; nil where the value is not known yet.
  var constantValue: Value? {
    switch kind {
    case .literal(let value): return value
    case .cast(let operand, isTry: _):
      guard let value = operand.constantValue else { return nil }
      // Only the integers among themselves keep their value as it is.
      return operand.type.isInteger && type.isInteger ? value : nil
    case .call(let function, let operands):
      guard function.name == "-", operands.count == 1,
        case .integer(let value) = operands[0].constantValue, value != .min
      else { return nil }
      return .integer(-value)
    case .column, .comparison, .and, .or, .not, .isNull, .caseWhen, .coalesce, .inValues, .lambda,
      .subquery:
      return nil
    }
  }
}
