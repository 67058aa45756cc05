internal import TundishColumns
internal import TundishSyntax

/// Merges the comparisons of one expression with constants in a conjunction.
struct RangeMerger {
  /// Whether NULL counts as false, so that a contradiction is false.
  let isCondition: Bool

  private struct Bound {
    var place: Int
    var value: Int64
    var isStrict: Bool
  }

  /// Returns the conjuncts without those that others imply; nil where no row can satisfy all.
  func merged(_ parts: [BoundExpression]) -> [BoundExpression]? {
    var lower: [ExpressionKey: Bound] = [:]
    var upper: [ExpressionKey: Bound] = [:]
    var dropped: Set<Int> = []
    var choices: [ExpressionKey: (place: Int, values: [Value])] = [:]
    var narrowed: [Int: BoundExpression] = [:]
    for (place, part) in parts.enumerated() {
      if let (operand, values) = part.constantChoices, let key = operand.key {
        guard let known = choices[key] else {
          choices[key] = (place, values)
          continue
        }
        let both = known.values.filter { values.contains($0) }
        if both.isEmpty {
          if isCondition { return nil }
          continue
        }
        choices[key] = (known.place, both)
        narrowed[known.place] = BoundExpression(
          .inValues(operand, both),
          type: .boolean,
          range: parts[known.place].range
        )
        dropped.insert(place)
        continue
      }
      guard let (key, comparison, value) = Self.bound(part) else { continue }
      let isLower = comparison == .greater || comparison == .greaterOrEqual
      let bound = Bound(
        place: place,
        value: value,
        isStrict: comparison == .greater || comparison == .less
      )
      guard let known = isLower ? lower[key] : upper[key] else {
        if isLower { lower[key] = bound } else { upper[key] = bound }
        continue
      }
      let isTighter =
        bound.value == known.value
        ? bound.isStrict && !known.isStrict
        : (bound.value > known.value) == isLower
      dropped.insert(isTighter ? known.place : place)
      if isTighter {
        if isLower { lower[key] = bound } else { upper[key] = bound }
      }
    }
    if isCondition {
      for (key, low) in lower {
        guard let high = upper[key] else { continue }
        if low.value > high.value { return nil }
        if low.value == high.value && (low.isStrict || high.isStrict) { return nil }
      }
    }
    return parts.indices.filter { !dropped.contains($0) }.map { place in
      guard let part = narrowed[place] else { return parts[place] }
      return PredicateSimplifier(isCondition: isCondition).simplified(part) ?? part
    }
  }

  /// `x > 5`: the key of x, the comparison, and the constant where it is held as an integer.
  private static func bound(
    _ part: BoundExpression
  ) -> (key: ExpressionKey, comparison: ComparisonOperator, value: Int64)? {
    guard case .comparison(var comparison, let left, let right) = part.kind else { return nil }
    var operand = left
    var literal = right
    if left.literal != nil {
      operand = right
      literal = left
      comparison = comparison.mirrored
    }
    guard let value = literal.literal?.zoneInteger, operand.literal == nil, let key = operand.key
    else { return nil }
    switch comparison {
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      return (key, comparison, value)
    case .equal, .notEqual, .notDistinct, .distinct:
      return nil
    }
  }
}
