/// The layout of operators and tests.
extension Formatter {
  mutating func operation(_ whole: Expression) -> Layout {
    switch whole.kind {
    case .unary(let kind, let operand): return unary(kind, operand)
    case .binary(let binary, _, _): return chain(binary, whole)
    case .isNull(let value, let isNegated):
      return test(value, isNegated ? "IS NOT NULL" : "IS NULL")
    case .isTruth(let value, let truth, let isNegated):
      let what = truth.map { $0 ? "TRUE" : "FALSE" } ?? "UNKNOWN"
      return test(value, (isNegated ? "IS NOT " : "IS ") + what)
    case .isDistinctFrom(let left, let right, let isNegated):
      return infix(
        left,
        .is,
        isNegated ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM",
        right,
        .comparison
      )
    case .between(let value, let lower, let upper, let isNegated):
      return between(value, lower, upper, isNegated)
    case .inList(let value, let members, let isNegated): return inList(value, members, isNegated)
    case .inQuery(let value, let query, let isNegated): return inQuery(value, query, isNegated)
    case .like(let kind, let value, let pattern, let escape, let isNegated):
      return like(kind, value, pattern, escape, isNegated)
    case .quantified(let binary, let value, let quantifier, let operand):
      return quantified(binary, value, quantifier, operand)
    case .atTimeZone(let value, let zone):
      return infix(value, .atTimeZone, "AT TIME ZONE", zone, .collate)
    case .collate(let value, let name): return collate(value, name)
    default: return .empty
    }
  }

  private mutating func test(_ value: Expression, _ words: String) -> Layout {
    [expression(value, .is), " ", keyword(words)]
  }

  private mutating func infix(
    _ left: Expression,
    _ leftLevel: Precedence,
    _ words: String,
    _ right: Expression,
    _ rightLevel: Precedence
  ) -> Layout {
    [expression(left, leftLevel), " ", keyword(words), " ", expression(right, rightLevel)]
  }

  mutating func between(
    _ value: Expression,
    _ lower: Expression,
    _ upper: Expression,
    _ isNegated: Bool
  ) -> Layout {
    [
      expression(value, .membership), " ", negated("BETWEEN", isNegated), " ",
      expression(lower, .other), " ", keyword("AND"), " ", expression(upper, .other),
    ]
  }

  mutating func inList(
    _ value: Expression,
    _ members: [Expression],
    _ isNegated: Bool
  )
    -> Layout
  {
    [
      expression(value, .membership), " ", negated("IN", isNegated), " ",
      members.map { expression($0) }.inParentheses,
    ]
  }

  mutating func inQuery(_ value: Expression, _ query: Query, _ isNegated: Bool) -> Layout {
    [expression(value, .membership), " ", negated("IN", isNegated), " ", subquery(query)]
  }

  mutating func quantified(
    _ binary: BinaryOperator,
    _ value: Expression,
    _ quantifier: Quantifier,
    _ operand: QuantifiedOperand
  ) -> Layout {
    let right: Layout
    switch operand {
    case .query(let query): right = subquery(query)
    case .list(let list): right = ["(", expression(list), ")"]
    }
    let words = " \(binary.rawValue) \(word(quantifier.rawValue)) "
    return [expression(value, .membership), .text(words), right]
  }

  mutating func collate(_ value: Expression, _ name: Identifier) -> Layout {
    [expression(value, .collate), " ", keyword("COLLATE"), .text(" " + label(name))]
  }

  func negated(_ text: String, _ isNegated: Bool) -> Layout {
    keyword(isNegated ? "NOT " + text : text)
  }

  mutating func unary(_ kind: UnaryOperator, _ operand: Expression) -> Layout {
    switch kind {
    case .not: return [keyword("NOT"), " ", expression(operand, .not)]
    case .bitwiseNot:
      // `~*` is an operator of its own.
      let gap: Layout = if case .unary(.unpack, _) = operand.kind { " " } else { .empty }
      return ["~", gap, expression(operand, .additive)]
    case .unpack: return ["*", expression(operand, .postfix)]
    case .plus, .minus:
      // Two signs in a row would begin a comment.
      if case .unary = operand.kind {
        return [.text(kind.rawValue), " ", expression(operand, .unary)]
      }
      return [.text(kind.rawValue), expression(operand, .unary)]
    }
  }

  mutating func like(
    _ kind: LikeKind,
    _ value: Expression,
    _ pattern: Expression,
    _ escape: Expression?,
    _ isNegated: Bool
  ) -> Layout {
    switch kind {
    case .regex, .caseInsensitiveRegex:
      let symbol = (isNegated ? "!" : "") + kind.rawValue
      return [expression(value, .other), .text(" \(symbol) "), expression(pattern, .additive)]
    case .like, .caseInsensitiveLike, .similar, .glob:
      var parts: [Layout] = [
        expression(value, .membership), " ", negated(kind.rawValue, isNegated), " ",
        expression(pattern, .other),
      ]
      if let escape { parts += [" ", keyword("ESCAPE"), " ", expression(escape, .other)] }
      return .sequence(parts)
    }
  }

  /// A chain of operators of one level, printed without recursion into its left side.
  private mutating func chain(_ binary: BinaryOperator, _ whole: Expression) -> Layout {
    let level = binary.precedence
    let isLogical = binary == .and || binary == .or
    var parts: [Layout] = []
    var left = whole
    while case .binary(let next, let inner, let right) = left.kind, next.precedence == level,
      parts.isEmpty || level != .comparison
    {
      // An associative right side prints without parentheses and parses to the same chain.
      let isSame = next.isAssociative && isChain(of: next, right)
      let minimum = isSame ? level : level.tighter
      let spelled = isLogical ? word(next.rawValue) : next.rawValue
      parts.append([isLogical ? .line : " ", .text(spelled + " "), expression(right, minimum)])
      left = inner
    }
    let first = expression(left, level == .comparison ? level.tighter : level)
    let layout = Layout.sequence([first] + parts.reversed())
    return isLogical ? .group(layout) : layout
  }

  private func isChain(of binary: BinaryOperator, _ expression: Expression) -> Bool {
    if case .binary(let inner, _, _) = expression.kind { return inner == binary }
    return false
  }
}
