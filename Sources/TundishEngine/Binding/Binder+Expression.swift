internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds an expression; nil where something was reported.
  func bind(_ expression: Expression, _ scope: Scope) -> BoundExpression? {
    nested(expression.range) { bindKind(expression, scope) }
  }

  /// Binds several expressions; nil where any of them failed, after trying all.
  func bind(all expressions: [Expression], _ scope: Scope) -> [BoundExpression]? {
    let bound = expressions.map { bind($0, scope) }
    let found = bound.compactMap { $0 }
    return found.count == bound.count ? found : nil
  }

  /// Binds a condition: a BOOLEAN, or what converts to one.
  func bindCondition(
    _ expression: Expression,
    _ scope: Scope,
    place: String
  )
    -> BoundExpression?
  {
    guard let bound = bind(expression, scope) else { return nil }
    return truth(bound, place: place)
  }

  /// Converts an expression to BOOLEAN where that makes sense.
  func truth(_ bound: BoundExpression, place: String) -> BoundExpression? {
    if bound.type == .boolean { return bound }
    if bound.type == .null || bound.type.isInteger || bound.isTextLiteral {
      return coerce(bound, to: .boolean)
    }
    report(
      .wrongType(place, needs: "a condition", found: bound.type.description, at: bound.range)
    )
    return nil
  }

  private func bindKind(_ expression: Expression, _ scope: Scope) -> BoundExpression? {
    let range = blame(expression.range)
    switch expression.kind {
    case .literal(let literal): return bindLiteral(literal, range)
    case .typedLiteral(let type, let text): return bindTypedLiteral(type, text, range)
    case .interval(let amount, let unit): return bindInterval(amount, unit, range, scope)
    case .duration(let duration): return bindDuration(duration, range)
    case .percentage(let text): return bindPercentage(text, range)
    case .bareDate(let year, let month, let day):
      return bindTypedLiteral("DATE", Self.dateText(year, month, day), .date, range)
    case .name(let parts): return bindName(parts, range, scope)
    case .parameter(let parameter): return bindParameter(parameter, range)
    case .star:
      report(.emptyStar("'*' can stand only in SELECT and count(*)", at: range))
      return nil
    case .columns: return bindColumnsChoice(range, scope)
    case .parenthesized(let inner): return bind(inner, scope)
    case .unary, .binary, .isNull, .isTruth, .isDistinctFrom, .between, .like:
      return bindOperator(expression, range, scope)
    case .inList(let operand, let items, let isNegated):
      guard let items = unpacked(items, scope) else { return nil }
      return bindInList(operand, items, isNegated: isNegated, range, scope)
    case .inQuery, .quantified, .exists, .scalarQuery:
      return bindSubqueryForm(expression, range, scope)
    case .caseWhen(let operand, let branches, let otherwise):
      return bindCase(operand, branches, otherwise, range, scope)
    case .cast(let operand, let type, let isTry):
      return bindCast(operand, type, isTry: isTry, range, scope)
    case .call(let call): return bindUnpacked(call, range, scope)
    case .extract, .atTimeZone, .collate, .list, .listComprehension, .structure, .row, .index,
      .slice, .member, .lambda:
      return bindConstructor(expression, range, scope)
    case .defaultValue:
      report(.callForm("DEFAULT can stand only as a value of INSERT and UPDATE", at: range))
      return nil
    case .missing: return nil
    }
  }

  /// Binds COLUMNS(...) inside a select item: the column of the copy at hand.
  private func bindColumnsChoice(_ range: SourceRange, _ scope: Scope) -> BoundExpression? {
    guard let choice = scope.columnsChoice else {
      report(.emptyStar("COLUMNS can stand only in SELECT, WHERE and ORDER BY", at: range))
      return nil
    }
    return .column(choice.column, range: range)
  }

  /// Binds a call after `*COLUMNS(...)` among its arguments has become columns.
  private func bindUnpacked(
    _ call: FunctionCall,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    guard call.arguments.contains(where: { $0.value.unpackedSelector != nil }) else {
      return bindCall(call, range, scope)
    }
    var unpackedCall = call
    unpackedCall.arguments = []
    for argument in call.arguments {
      guard let values = unpacked([argument.value], scope) else { return nil }
      unpackedCall.arguments += values.map { FunctionArgument(name: argument.name, value: $0) }
    }
    return bindCall(unpackedCall, range, scope)
  }

  private func bindCase(
    _ operand: Expression?,
    _ branches: [CaseBranch],
    _ otherwise: Expression?,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    var subject: BoundExpression?
    if let operand {
      subject = bind(operand, scope)
      guard subject != nil else { return nil }
    }
    var conditions: [BoundExpression?] = []
    var results: [BoundExpression?] = []
    for branch in branches {
      if let subject {
        let value = bind(branch.condition, scope)
        conditions.append(
          value.flatMap {
            compare(.equal, subject, $0, range: blame(branch.condition.range))
          }
        )
      } else {
        conditions.append(bindCondition(branch.condition, scope, place: "WHEN"))
      }
      results.append(bind(branch.result, scope))
    }
    if let otherwise { results.append(bind(otherwise, scope)) }
    let boundConditions = conditions.compactMap { $0 }
    let boundResults = results.compactMap { $0 }
    guard boundConditions.count == conditions.count, boundResults.count == results.count,
      let unified = unify(boundResults, place: "CASE", range)
    else { return nil }
    let bound = zip(boundConditions, unified).map {
      BoundCaseBranch(condition: $0, result: $1)
    }
    return BoundExpression(
      .caseWhen(bound, otherwise: otherwise == nil ? nil : unified.last),
      type: unified[0].type,
      unit: commonUnit(unified),
      range: range
    )
  }

  private func bindCast(
    _ operand: Expression,
    _ type: TypeName,
    isTry: Bool,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    let bound = bind(operand, scope)
    let target = resolve(type)
    guard let bound, let target else { return nil }
    if let checked = CheckedType(type) {
      return bindCheckedCast(bound, checked, target, isTry: isTry, range)
    }
    if let json = bindCastOfJSON(bound, to: type, isTry: isTry, range) { return json }
    return cast(bound, to: target, isTry: isTry, range)
  }

  /// An explicit cast: drops the unit unless exact numbers stay exact numbers.
  func cast(
    _ bound: BoundExpression,
    to target: DataType,
    isTry: Bool,
    _ range: SourceRange
  ) -> BoundExpression {
    let keepsUnit = bound.type.isNumeric && (target.isDecimal || target.isInteger)
    let unit = keepsUnit ? bound.unit : .none
    if bound.type == target, bound.unit == unit { return bound }
    if bound.literal == .null {
      return BoundExpression(.literal(.null), type: target, range: range)
    }
    return folded(
      BoundExpression(.cast(bound, isTry: isTry), type: target, unit: unit, range: range)
    )
  }
}
