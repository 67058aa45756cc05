internal import TundishSyntax

extension Expression {
  /// Returns the expression with parts replaced: where `replace` gives an expression, that stands
  /// instead, and is not looked into; subqueries are left alone, since their names bind there.
  ///
  /// With `newRange`, what is kept points at that text.
  func rewritten(
    at newRange: SourceRange? = nil,
    _ replace: (Expression) throws(StatementFailure) -> Expression?
  ) throws(StatementFailure) -> Expression {
    if let replacement = try replace(self) { return replacement }
    return Expression(try rewrittenKind(at: newRange, replace), range: newRange ?? range)
  }

  private func rewrittenKind(
    at newRange: SourceRange?,
    _ replace: (Expression) throws(StatementFailure) -> Expression?
  ) throws(StatementFailure) -> Kind {
    func one(_ part: Expression) throws(StatementFailure) -> Expression {
      try part.rewritten(at: newRange, replace)
    }
    func optional(_ part: Expression?) throws(StatementFailure) -> Expression? {
      guard let part else { return nil }
      return try part.rewritten(at: newRange, replace)
    }
    func many(_ parts: [Expression]) throws(StatementFailure) -> [Expression] {
      var result: [Expression] = []
      for part in parts { result.append(try part.rewritten(at: newRange, replace)) }
      return result
    }
    func moved(_ names: [Identifier]) -> [Identifier] {
      guard let newRange else { return names }
      return names.map { Identifier($0.text, range: newRange, isQuoted: $0.isQuoted) }
    }
    func moved(_ type: TypeName) -> TypeName {
      newRange.map { TypeName(type.kind, range: $0) } ?? type
    }
    func order(_ items: [OrderItem]) throws(StatementFailure) -> [OrderItem] {
      var result: [OrderItem] = []
      for item in items {
        result.append(
          OrderItem(
            expression: try one(item.expression),
            isDescending: item.isDescending,
            nullsFirst: item.nullsFirst
          )
        )
      }
      return result
    }
    switch kind {
    case .literal, .duration, .percentage, .bareDate, .star, .columns, .parameter, .exists,
      .scalarQuery, .defaultValue, .missing:
      return kind
    case .name(let parts): return .name(moved(parts))
    case .typedLiteral(let type, let text): return .typedLiteral(moved(type), text)
    case .interval(let amount, let unit): return .interval(try one(amount), unit: unit)
    case .unary(let operation, let operand): return .unary(operation, try one(operand))
    case .binary(let operation, let left, let right):
      return .binary(operation, try one(left), try one(right))
    case .isNull(let operand, let isNegated):
      return .isNull(try one(operand), isNegated: isNegated)
    case .isTruth(let operand, let truth, let isNegated):
      return .isTruth(try one(operand), truth, isNegated: isNegated)
    case .isDistinctFrom(let left, let right, let isNegated):
      return .isDistinctFrom(try one(left), try one(right), isNegated: isNegated)
    case .between(let operand, let lower, let upper, let isNegated):
      return .between(
        try one(operand),
        lower: try one(lower),
        upper: try one(upper),
        isNegated: isNegated
      )
    case .inList(let operand, let members, let isNegated):
      return .inList(try one(operand), try many(members), isNegated: isNegated)
    case .inQuery(let operand, let query, let isNegated):
      return .inQuery(try one(operand), query, isNegated: isNegated)
    case .like(let like, let operand, let pattern, let escape, let isNegated):
      return .like(
        like,
        try one(operand),
        pattern: try one(pattern),
        escape: try optional(escape),
        isNegated: isNegated
      )
    case .quantified(let operation, let left, let quantifier, .list(let list)):
      return .quantified(operation, try one(left), quantifier, .list(try one(list)))
    case .quantified(let operation, let left, let quantifier, .query(let query)):
      return .quantified(operation, try one(left), quantifier, .query(query))
    case .caseWhen(let operand, let branches, let otherwise):
      var rewritten: [CaseBranch] = []
      for branch in branches {
        rewritten.append(
          CaseBranch(condition: try one(branch.condition), result: try one(branch.result))
        )
      }
      return .caseWhen(
        operand: try optional(operand),
        branches: rewritten,
        otherwise: try optional(otherwise)
      )
    case .cast(let operand, let type, let isTry):
      return .cast(try one(operand), moved(type), isTry: isTry)
    case .call(var call):
      call.name = QualifiedName(moved(call.name.parts))
      var arguments: [FunctionArgument] = []
      for argument in call.arguments {
        arguments.append(FunctionArgument(name: argument.name, value: try one(argument.value)))
      }
      call.arguments = arguments
      call.orderBy = try order(call.orderBy)
      call.filter = try optional(call.filter)
      if case .specification(var window)? = call.over {
        window.partitionBy = try many(window.partitionBy)
        window.orderBy = try order(window.orderBy)
        call.over = .specification(window)
      }
      return .call(call)
    case .extract(let field, let operand): return .extract(field: field, try one(operand))
    case .atTimeZone(let operand, let zone): return .atTimeZone(try one(operand), try one(zone))
    case .collate(let operand, let collation): return .collate(try one(operand), collation)
    case .list(let members): return .list(try many(members))
    case .listComprehension(let result, let variables, let list, let condition):
      return .listComprehension(
        result,
        variables: variables,
        list: try one(list),
        condition: condition
      )
    case .structure(let entries):
      var rewritten: [StructEntry] = []
      for entry in entries {
        rewritten.append(StructEntry(name: entry.name, value: try one(entry.value)))
      }
      return .structure(rewritten)
    case .row(let members): return .row(try many(members))
    case .index(let operand, let index): return .index(try one(operand), try one(index))
    case .slice(let operand, let lower, let upper):
      return .slice(try one(operand), lower: try optional(lower), upper: try optional(upper))
    case .member(let operand, let name): return .member(try one(operand), name)
    case .lambda: return kind
    case .parenthesized(let inner): return .parenthesized(try one(inner))
    }
  }

  /// Whether some part satisfies a condition; subqueries are not looked into.
  func contains(_ condition: (Expression) -> Bool) -> Bool {
    var isFound = false
    _ = try? rewritten { (part: Expression) throws(StatementFailure) -> Expression? in
      if isFound || condition(part) {
        isFound = true
        return part
      }
      return nil
    }
    return isFound
  }

  /// The expression with all ranges set to one, so that equal expressions compare as equal.
  func moved(to range: SourceRange) -> Expression {
    let moved = try? rewritten(at: range) {
      (_: Expression) throws(StatementFailure) -> Expression? in nil
    }
    return moved ?? self
  }

  /// The expression without the parentheses around it.
  var unparenthesized: Expression {
    if case .parenthesized(let inner) = kind { return inner.unparenthesized }
    return self
  }

  /// The single name that the expression is; nil where it is something else.
  var simpleName: Identifier? {
    if case .name(let parts) = unparenthesized.kind, parts.count == 1 { return parts[0] }
    return nil
  }
}
