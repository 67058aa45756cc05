internal import TundishSyntax

// COLUMNS inside expressions, and the parts of expressions.
extension Expression {
  /// The digits of a literal integer, with its sign; nil for other expressions.
  var writtenInteger: String? {
    switch kind {
    case .literal(.integer(let digits)): return digits
    case .unary(.minus, let operand):
      guard case .literal(.integer(let digits)) = operand.unwrapped.kind else { return nil }
      return "-" + digits
    default: return nil  // no literal
    }
  }

  /// The selector of `*COLUMNS(...)`.
  var unpackedSelector: Expression? {
    if case .unary(.unpack, let operand) = kind, case .columns(let selector) = operand.kind {
      return selector
    }
    return nil
  }

  /// The star of COLUMNS where it gives columns other values or names.
  var changingStar: Star? {
    guard case .star(let star) = unwrapped.kind,
      !star.replacements.isEmpty || !star.renames.isEmpty
    else { return nil }
    return star
  }

  /// The expression with a value in the place of each COLUMNS(...).
  func replacingColumns(with value: Expression) -> Expression {
    let replaced = try? rewritten { (part: Expression) throws(StatementFailure) in
      if case .columns = part.kind {
        return Expression(.parenthesized(value), range: part.range)
      }
      return nil
    }
    return replaced ?? self
  }

  /// The selectors of all COLUMNS(...) inside the expression, from left to right.
  var allColumns: [Expression] {
    if case .unary(.unpack, _) = kind { return [] }
    if case .columns(let selector) = kind { return [selector] }
    var found: [Expression] = []
    if case .call(let call) = kind {
      for argument in call.arguments {
        if case .star(let star) = argument.value.kind, !argument.value.isPlainStar {
          found.append(Expression(.star(star), range: argument.value.range))
        }
      }
    }
    return directChildren.reduce(into: found) { $0 += $1.allColumns }
  }

  /// The expression with a list of names in the place of `*`, as COLUMNS reads it.
  func naming(_ names: [Expression]) -> Expression {
    switch kind {
    case .star(let star) where isPlainStar && star.qualifier.isEmpty:
      return Expression(.list(names), range: range)
    case .parenthesized(let inner):
      return Expression(.parenthesized(inner.naming(names)), range: range)
    case .listComprehension(let body, let variables, let list, let condition):
      return Expression(
        .listComprehension(
          body,
          variables: variables,
          list: list.naming(names),
          condition: condition
        ),
        range: range
      )
    case .call(var call):
      call.arguments = call.arguments.map {
        FunctionArgument(name: $0.name, value: $0.value.naming(names))
      }
      return Expression(.call(call), range: range)
    default: return self  // a star stands nowhere else
    }
  }

  /// The selector of the first COLUMNS(...) inside the expression.
  var firstColumns: Expression? {
    if case .unary(.unpack, _) = kind { return nil }
    if case .columns(let selector) = kind { return selector }
    if case .call(let call) = kind {
      for argument in call.arguments {
        if case .star(let star) = argument.value.kind, !argument.value.isPlainStar {
          return Expression(.star(star), range: argument.value.range)
        }
      }
    }
    for child in directChildren {
      if let found = child.firstColumns { return found }
    }
    return nil
  }

  /// The direct operands; subqueries are not among them.
  var directChildren: [Expression] {
    switch kind {
    case .literal, .typedLiteral, .duration, .percentage, .bareDate, .name, .star, .columns,
      .parameter, .exists, .scalarQuery, .defaultValue, .missing:
      return []
    case .interval(let operand, _), .unary(_, let operand), .isNull(let operand, _),
      .isTruth(let operand, _, _), .cast(let operand, _, _), .extract(_, let operand),
      .collate(let operand, _), .member(let operand, _), .lambda(_, let operand),
      .parenthesized(let operand), .inQuery(let operand, _, _):
      return [operand]
    case .binary(_, let left, let right), .isDistinctFrom(let left, let right, _),
      .atTimeZone(let left, let right), .index(let left, let right):
      return [left, right]
    case .between(let operand, let lower, let upper, _): return [operand, lower, upper]
    case .inList(let operand, let items, _): return [operand] + items
    case .like(_, let operand, let pattern, let escape, _):
      return [operand, pattern] + (escape.map { [$0] } ?? [])
    case .quantified(_, let operand, _, let list):
      if case .list(let items) = list { return [operand, items] }
      return [operand]
    case .caseWhen(let operand, let branches, let otherwise):
      return (operand.map { [$0] } ?? []) + branches.flatMap { [$0.condition, $0.result] }
        + (otherwise.map { [$0] } ?? [])
    case .call(let call):
      return call.arguments.map(\.value) + call.orderBy.map(\.expression)
        + (call.filter.map { [$0] } ?? [])
    case .list(let items), .row(let items): return items
    case .listComprehension(let body, _, let list, let condition):
      return [body, list] + (condition.map { [$0] } ?? [])
    case .structure(let entries): return entries.map(\.value)
    case .slice(let operand, let lower, let upper):
      return [operand] + [lower, upper].compactMap { $0 }
    }
  }
}
