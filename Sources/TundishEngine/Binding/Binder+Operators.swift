internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds operators between operands.
  func bindOperator(
    _ expression: Expression,
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    switch expression.kind {
    case .unary(let symbol, let operand):
      return bindUnary(symbol, operand, range, scope)
    case .binary(.and, _, _):
      return bindJunction(expression, .and, range, scope)
    case .binary(.or, _, _):
      return bindJunction(expression, .or, range, scope)
    case .binary(let symbol, let left, let right):
      return bindBinary(symbol, left, right, range, scope)
    case .isNull(let operand, let isNegated):
      guard let bound = bind(operand, scope) else { return nil }
      return negated(
        BoundExpression(.isNull(bound), type: .boolean, range: range),
        isNegated
      )
    case .isTruth(let operand, let truth, let isNegated):
      return bindTruthTest(operand, truth, isNegated, range, scope)
    case .isDistinctFrom(let left, let right, let isNegated):
      let sides = (bind(left, scope), bind(right, scope))
      guard let left = sides.0, let right = sides.1 else { return nil }
      return compare(isNegated ? .notDistinct : .distinct, left, right, range: range)
    case .between(let operand, let lower, let upper, let isNegated):
      return bindBetween(operand, lower, upper, isNegated, range, scope)
    case .like(let kind, let operand, let pattern, let escape, let isNegated):
      return bindLike(kind, operand, pattern, escape, isNegated, range, scope)
    default:
      return nil  // bindKind sends operators only
    }
  }

  func negated(_ bound: BoundExpression, _ isNegated: Bool = true) -> BoundExpression {
    isNegated ? BoundExpression(.not(bound), type: .boolean, range: bound.range) : bound
  }

  private func bindUnary(
    _ symbol: UnaryOperator,
    _ operand: Expression,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    if symbol == .not {
      return bindCondition(operand, scope, place: "NOT").map { bound in
        BoundExpression(.not(bound), type: .boolean, range: range)
      }
    }
    if symbol == .minus, case .literal(let literal) = operand.kind,
      let number = negative(literal, range)
    {
      return number
    }
    if symbol == .unpack {
      report(
        .emptyStar(
          "'*COLUMNS' can stand only among the arguments of a call, in a list or in IN",
          at: range
        )
      )
      return nil
    }
    guard let bound = bind(operand, scope) else { return nil }
    if symbol == .plus, bound.type.isNumeric { return bound }
    if let unsigned = bindUnsigned(symbol.rawValue, [bound], range) {
      return unsigned.expression
    }
    return resolveOperator(symbol.rawValue, [bound], range)
  }

  /// `-5` as one constant, so that the least integers can be written.
  private func negative(_ literal: Literal, _ range: SourceRange) -> BoundExpression? {
    switch literal {
    case .integer(let digits): return bindLiteral(.integer("-" + digits), range)
    case .decimal, .double:
      let (value, type) = Self.value(of: literal)
      switch value {
      case .decimal(let unscaled, let scale):
        return BoundExpression(
          .literal(.decimal(unscaled: -unscaled, scale: scale)),
          type: type,
          range: range
        )
      case .double(let number):
        return BoundExpression(.literal(.double(-number)), type: type, range: range)
      default: return nil  // numbers only
      }
    case .null, .boolean, .string, .blob: return nil
    }
  }

  /// AND and OR, whose chains are walked without recursion.
  private func bindJunction(
    _ expression: Expression,
    _ symbol: BinaryOperator,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    var pending = [expression]
    var operands: [Expression] = []
    while let next = pending.popLast() {
      if case .binary(symbol, let left, let right) = next.kind {
        pending.append(right)
        pending.append(left)
      } else {
        operands.append(next)
      }
    }
    let bound = operands.map { bindCondition($0, scope, place: symbol.rawValue) }
    let found = bound.compactMap { $0 }
    guard found.count == bound.count else { return nil }
    return BoundExpression(
      symbol == .and ? .and(found) : .or(found),
      type: .boolean,
      range: range
    )
  }

  private func bindBinary(
    _ symbol: BinaryOperator,
    _ left: Expression,
    _ right: Expression,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    if symbol.isComparison, let rows = bindRowComparison(symbol, left, right, range, scope) {
      return rows.expression
    }
    let sides = (bind(left, scope), bind(right, scope))
    guard let left = sides.0, let right = sides.1 else { return nil }
    if let comparison = Self.comparison(symbol) {
      return compare(comparison, left, right, range: range)
    }
    if let unsigned = bindUnsigned(symbol.rawValue, [left, right], range) {
      return unsigned.expression
    }
    return resolveOperator(symbol.rawValue, [left, right], range)
  }

  /// `(a, b) = (c, d)`: member by member.
  private func bindRowComparison(
    _ symbol: BinaryOperator,
    _ left: Expression,
    _ right: Expression,
    _ range: SourceRange,
    _ scope: Scope
  ) -> (expression: BoundExpression?, Void)? {
    guard case .row(let lefts) = left.unwrapped.kind, case .row(let rights) = right.unwrapped.kind,
      symbol == .equal || symbol == .notEqual
    else { return nil }
    guard lefts.count == rights.count else {
      report(
        .wrongColumnCount(
          "the compared rows",
          wanted: lefts.count,
          found: rights.count,
          at: range
        )
      )
      return (nil, ())
    }
    var parts: [BoundExpression] = []
    for (left, right) in zip(lefts, rights) {
      let sides = (bind(left, scope), bind(right, scope))
      guard let left = sides.0, let right = sides.1,
        let part = compare(.equal, left, right, range: range)
      else { return (nil, ()) }
      parts.append(part)
    }
    let all = BoundExpression.conjunction(parts, range: range)
    return (negated(all, symbol == .notEqual), ())
  }

  static func comparison(_ symbol: BinaryOperator) -> ComparisonOperator? {
    symbol.isComparison ? ComparisonOperator(rawValue: symbol.rawValue) : nil
  }

  private func bindTruthTest(
    _ operand: Expression,
    _ truth: Bool?,
    _ isNegated: Bool,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    guard let bound = bindCondition(operand, scope, place: "IS") else { return nil }
    guard let truth else {
      return negated(BoundExpression(.isNull(bound), type: .boolean, range: range), isNegated)
    }
    return BoundExpression(
      .comparison(
        isNegated ? .distinct : .notDistinct,
        bound,
        .boolean(truth, range: range)
      ),
      type: .boolean,
      range: range
    )
  }

  private func bindBetween(
    _ operand: Expression,
    _ lower: Expression,
    _ upper: Expression,
    _ isNegated: Bool,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    let parts = (bind(operand, scope), bind(lower, scope), bind(upper, scope))
    guard let value = parts.0, let low = parts.1, let high = parts.2 else { return nil }
    let sides = (
      compare(.greaterOrEqual, value, low, range: range),
      compare(.lessOrEqual, value, high, range: range)
    )
    guard let above = sides.0, let below = sides.1 else { return nil }
    return negated(
      BoundExpression(.and([above, below]), type: .boolean, range: range),
      isNegated
    )
  }

  private func bindLike(
    _ kind: LikeKind,
    _ operand: Expression,
    _ pattern: Expression,
    _ escape: Expression?,
    _ isNegated: Bool,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    guard let bound = bind(all: [operand, pattern] + (escape.map { [$0] } ?? []), scope) else {
      return nil
    }
    let name =
      switch kind {
      case .like: "like"
      case .caseInsensitiveLike: "ilike"
      case .similar: "similar_to"
      case .glob: "glob"
      case .regex, .caseInsensitiveRegex: "regexp_matches"
      }
    var arguments = bound
    if kind == .caseInsensitiveRegex {
      arguments.append(BoundExpression(.literal(.text("i")), type: .varchar, range: range))
    }
    return resolveCall(name, arguments, range, symbol: kind.rawValue).map { negated($0, isNegated) }
  }

  /// Binds `<operand> IN (<list>)`: constants become a set, others a chain of comparisons.
  func bindInList(
    _ operand: Expression,
    _ items: [Expression],
    isNegated: Bool,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    if case .row = operand.unwrapped.kind {
      return bindRowInList(operand, items, isNegated: isNegated, range, scope)
    }
    let bound = (bind(operand, scope), bind(all: items, scope))
    guard let value = bound.0, let values = bound.1 else { return nil }
    let all = [value] + values
    let type = TypeCoercion.commonType(
      of: all.map(\.type),
      isTextLiteral: all.map(\.isTextLiteral)
    )
    guard let type else {
      report(.noCommonType("IN", Self.distinctTypes(all), at: range))
      return nil
    }
    for candidate in values { checkCurrencies(value, candidate, doing: "comparing", range) }
    let left = coerce(value, to: type)
    let candidates = values.map { coerce($0, to: type) }
    let constants = candidates.compactMap(\.literal)
    if constants.count == candidates.count, constants.count > 1 {
      return negated(
        BoundExpression(.inValues(left, constants), type: .boolean, range: range),
        isNegated
      )
    }
    let comparisons = candidates.map { candidate in
      BoundExpression(.comparison(.equal, left, candidate), type: .boolean, range: range)
    }
    let any =
      comparisons.count == 1
      ? comparisons[0] : BoundExpression(.or(comparisons), type: .boolean, range: range)
    return negated(any, isNegated)
  }

  private func bindRowInList(
    _ operand: Expression,
    _ items: [Expression],
    isNegated: Bool,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    let comparisons = items.map { item in
      bind(Expression(.binary(.equal, operand, item), range: item.range), scope)
    }
    let found = comparisons.compactMap { $0 }
    guard found.count == comparisons.count else { return nil }
    return negated(
      found.count == 1 ? found[0] : BoundExpression(.or(found), type: .boolean, range: range),
      isNegated
    )
  }
}
