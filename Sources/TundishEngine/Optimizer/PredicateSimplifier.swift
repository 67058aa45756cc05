internal import TundishColumns
internal import TundishSyntax

/// Simplifies one truth whose operands are simple already.
struct PredicateSimplifier {
  /// Whether NULL counts as false.
  let isCondition: Bool

  /// Returns a simpler form; nil where there is none.
  func simplified(_ expression: BoundExpression) -> BoundExpression? {
    switch expression.kind {
    case .and(let operands):
      return junction(expression, operands, isAnd: true)
    case .or(let operands):
      return junction(expression, operands, isAnd: false)
    case .not(let operand):
      return negated(operand, expression)
    case .isNull(let operand):
      guard let value = operand.literal else { return nil }
      return .boolean(value.isNull, range: expression.range)
    case .comparison(let comparison, let left, let right):
      return compared(comparison, left, right, expression)
    case .inValues(let operand, let values):
      return membership(operand, values, expression)
    case .literal, .column, .call, .cast, .caseWhen, .coalesce, .lambda, .subquery:
      return nil
    }
  }

  private func negated(
    _ operand: BoundExpression,
    _ expression: BoundExpression
  ) -> BoundExpression? {
    switch operand.kind {
    case .not(let inner):
      return inner
    case .literal(.boolean(let value)):
      return .boolean(!value, range: expression.range)
    case .literal(.null):
      return .null(.boolean, range: expression.range)
    case .comparison(let comparison, let left, let right):
      return operand.with(.comparison(comparison.negated, left, right))
    case .or(let operands):
      return expression.with(.and(operands.map { simplifiedNegation($0) }))
    case .literal, .column, .call, .and, .isNull, .cast, .caseWhen, .coalesce, .inValues, .lambda,
      .subquery:
      return nil
    }
  }

  private func simplifiedNegation(_ operand: BoundExpression) -> BoundExpression {
    let negation = BoundExpression.negation(operand)
    return negated(operand, negation) ?? negation
  }

  private func compared(
    _ comparison: ComparisonOperator,
    _ left: BoundExpression,
    _ right: BoundExpression,
    _ expression: BoundExpression
  ) -> BoundExpression? {
    let hasNull = left.literal == .null || right.literal == .null
    switch comparison {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      if hasNull { return .null(.boolean, range: expression.range) }
      guard isCondition, comparison == .equal, let key = left.key, key == right.key,
        !left.canFail
      else { return nil }
      return .isKnown(left)
    case .notDistinct, .distinct:
      guard hasNull else { return nil }
      let other = left.literal == .null ? right : left
      let test = expression.with(.isNull(other))
      return comparison == .notDistinct ? test : .negation(test)
    }
  }

  private func membership(
    _ operand: BoundExpression,
    _ values: [Value],
    _ expression: BoundExpression
  ) -> BoundExpression? {
    var seen: Set<Value> = []
    let distinct = values.filter { seen.insert($0).inserted }
    if distinct.count == 1 {
      let literal = BoundExpression(
        .literal(distinct[0]),
        type: operand.type,
        range: expression.range
      )
      return expression.with(.comparison(.equal, operand, literal))
    }
    return distinct.count < values.count ? expression.with(.inValues(operand, distinct)) : nil
  }

  private func junction(
    _ expression: BoundExpression,
    _ operands: [BoundExpression],
    isAnd: Bool
  ) -> BoundExpression? {
    var parts: [BoundExpression] = []
    var keys: Set<ExpressionKey> = []
    for operand in operands.flatMap({ $0.parts(isAnd: isAnd) }) {
      if let value = operand.literal {
        if value == .boolean(isAnd) { continue }
        if value == .boolean(!isAnd) || (isAnd && isCondition && value.isNull) {
          if !parts.contains(where: \.canFail) {
            return .boolean(!isAnd, range: expression.range)
          }
        }
        if !isAnd && isCondition && value.isNull { continue }
      }
      if let key = operand.key, !keys.insert(key).inserted { continue }
      parts.append(operand)
    }
    var merged = isAnd ? RangeMerger(isCondition: isCondition).merged(parts) : inLists(parts)
    if merged == nil {
      // The conditions contradict each other.
      if !parts.contains(where: \.canFail) { return .boolean(false, range: expression.range) }
      merged = parts
    }
    guard let merged, merged.count < operands.count || parts.count != operands.count else {
      return nil
    }
    if merged.isEmpty { return .boolean(isAnd, range: expression.range) }
    if merged.count == 1 { return merged[0] }
    return expression.with(isAnd ? .and(merged) : .or(merged))
  }

  /// Joins equalities of one expression with constants; the first keeps its place.
  private func inLists(_ parts: [BoundExpression]) -> [BoundExpression] {
    var kept: [BoundExpression] = []
    var choices: [ExpressionKey: Choices] = [:]
    for part in parts {
      guard let (operand, values) = part.constantChoices, let key = operand.key else {
        kept.append(part)
        continue
      }
      if choices[key] == nil {
        choices[key] = Choices(place: kept.count, operand: operand, range: part.range)
        kept.append(part)
      }
      choices[key]?.add(values, at: part.range)
    }
    for choice in choices.values where choice.partCount > 1 {
      kept[choice.place] = BoundExpression(
        .inValues(choice.operand, choice.values),
        type: .boolean,
        range: choice.range
      )
    }
    return kept
  }
}

/// The constants that an expression is compared with, in their order.
private struct Choices {
  /// The place of the first comparison among the parts that are kept.
  let place: Int
  let operand: BoundExpression
  /// The text of all comparisons.
  var range: SourceRange
  var values: [Value] = []
  var partCount = 0
  private var known: Set<Value> = []

  init(place: Int, operand: BoundExpression, range: SourceRange) {
    self.place = place
    self.operand = operand
    self.range = range
  }

  mutating func add(_ values: [Value], at range: SourceRange) {
    partCount += 1
    self.range = self.range.union(range)
    for value in values where known.insert(value).inserted { self.values.append(value) }
  }
}

extension BoundExpression {
  /// The operands of nested AND or OR.
  func parts(isAnd: Bool) -> [BoundExpression] {
    switch kind {
    case .and(let operands) where isAnd: operands.flatMap { $0.parts(isAnd: true) }
    case .or(let operands) where !isAnd: operands.flatMap { $0.parts(isAnd: false) }
    case .and, .or, .literal, .column, .call, .comparison, .not, .isNull, .cast, .caseWhen,
      .coalesce, .inValues, .lambda, .subquery:
      [self]
    }
  }

  /// `x = 1` or `x IN (1, 2)`: the operand and the constants, none of them NULL.
  var constantChoices: (operand: BoundExpression, values: [Value])? {
    switch kind {
    case .comparison(.equal, let left, let right):
      if let value = right.literal, !value.isNull, left.literal == nil { return (left, [value]) }
      if let value = left.literal, !value.isNull, right.literal == nil { return (right, [value]) }
      return nil
    case .inValues(let operand, let values):
      return values.contains(.null) ? nil : (operand, values)
    case .literal, .column, .call, .comparison, .and, .or, .not, .isNull, .cast, .caseWhen,
      .coalesce, .lambda, .subquery:
      return nil
    }
  }
}
