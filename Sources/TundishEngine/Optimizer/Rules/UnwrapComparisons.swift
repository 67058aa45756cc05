internal import TundishColumns
internal import TundishSyntax

/// Compares columns as they are stored.
///
/// What: `CAST(quantity AS BIGINT) > 5` over an INTEGER column becomes `quantity > 5`, and
/// `CAST(closed AS TIMESTAMP) >= TIMESTAMP '2026-01-01'` becomes `closed >= DATE '2026-01-01'`. A
/// cast to the type that the operand has disappears.
///
/// Why: binding converts both sides to their common type; scans skip row groups only by conditions
/// on columns themselves.
///
/// Why not always: the constant must mean the same in the narrower type. `d > TIMESTAMP
/// '2026-01-01 12:00'` is not `d > DATE '2026-01-01'` shifted by half a day, but for `>` on
/// integers `x > 2.5` is `x > 2`. Conversions to DOUBLE stay, since several integers may be one
/// DOUBLE.
struct UnwrapComparisons: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    plan.mapAllExpressions { unwrap($0, state) }
  }

  private func unwrap(_ expression: BoundExpression, _ state: OptimizerState) -> BoundExpression {
    let expression = expression.mapOperands { unwrap($0, state) }
    if let simpler = simplified(expression) {
      state.hasChanged = true
      return simpler
    }
    return expression
  }

  private func simplified(_ expression: BoundExpression) -> BoundExpression? {
    switch expression.kind {
    case .cast(let operand, _):
      guard operand.type == expression.type else { return nil }
      return BoundExpression(
        operand.kind,
        type: expression.type,
        unit: expression.unit,
        range: expression.range
      )
    case .comparison(let comparison, let left, let right):
      if case .cast(let operand, _) = left.kind, let value = right.literal {
        return unwrapped(operand, left.type, comparison, value, expression, right)
      }
      if case .cast(let operand, _) = right.kind, let value = left.literal {
        return unwrapped(operand, right.type, comparison.mirrored, value, expression, left)
      }
      return nil
    case .inValues(let left, let values):
      guard case .cast(let operand, _) = left.kind else { return nil }
      var narrowed: [Value] = []
      for value in values {
        guard let (same, isExact) = operand.type.nearest(value, in: left.type), isExact else {
          return nil
        }
        narrowed.append(same)
      }
      return expression.with(.inValues(operand, narrowed))
    case .literal, .column, .call, .and, .or, .not, .isNull, .caseWhen, .coalesce, .lambda,
      .subquery:
      return nil
    }
  }

  private func unwrapped(
    _ operand: BoundExpression,
    _ wide: DataType,
    _ comparison: ComparisonOperator,
    _ value: Value,
    _ expression: BoundExpression,
    _ literal: BoundExpression
  ) -> BoundExpression? {
    guard let (nearest, isExact) = operand.type.nearest(value, in: wide) else { return nil }
    var comparison = comparison
    if !isExact {
      // `nearest` lies below the value, with no value of the narrow type between them.
      switch comparison {
      case .greater, .greaterOrEqual: comparison = .greater
      case .less, .lessOrEqual: comparison = .lessOrEqual
      case .equal, .notEqual, .notDistinct, .distinct: return nil
      }
    }
    let constant = BoundExpression(
      .literal(nearest),
      type: operand.type,
      unit: literal.unit,
      range: literal.range
    )
    return expression.with(.comparison(comparison, operand, constant))
  }
}

extension DataType {
  /// The greatest value of this type that is at most `value` of a wider type, and whether it is
  /// equal to it; nil where that is not known, or conversion does not keep the order.
  func nearest(_ value: Value, in wide: DataType) -> (Value, isExact: Bool)? {
    guard alwaysConverts(to: wide) || (self == .date && wide == .timestamp) else { return nil }
    switch (self, wide, value) {
    case (.date, .timestamp, .timestamp(let instant)):
      let day: Int64 = 86_400_000_000
      let (days, rest) = instant.flooredQuotient(by: day)
      guard let exact = Int32(exactly: days) else { return nil }
      return (.date(exact), rest == 0)
    case (_, .decimal, .decimal(let unscaled, let scale)):
      if case .decimal(_, let ownScale) = self, ownScale <= scale {
        guard let factor = Self.power(scale - ownScale) else { return nil }
        let (quotient, rest) = unscaled.flooredQuotient(by: factor)
        return (.decimal(unscaled: quotient, scale: ownScale), rest == 0)
      }
      guard let range = int64Range, let factor = Self.power(scale) else { return nil }
      let (quotient, rest) = unscaled.flooredQuotient(by: factor)
      guard let number = Int64(exactly: quotient), range.contains(number) else { return nil }
      return (.integer(number), rest == 0)
    case (_, _, .integer(let number)) where wide.int64Range != nil:
      guard let range = int64Range, range.contains(number) else { return nil }
      return (value, true)
    case (_, .hugeint, .hugeint(let number)):
      guard let range = int64Range, let same = Int64(exactly: number), range.contains(same) else {
        return nil
      }
      return (.integer(same), true)
    default:
      return nil
    }
  }

  private static func power(_ exponent: Int) -> Int128? {
    guard (0...38).contains(exponent) else { return nil }
    return (0..<exponent).reduce(Int128(1)) { power, _ in power * 10 }
  }
}

extension BinaryInteger {
  /// The quotient rounded down, and what remains.
  func flooredQuotient(by divisor: Self) -> (quotient: Self, rest: Self) {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }
}
