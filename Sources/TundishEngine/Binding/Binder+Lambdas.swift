internal import TundishColumns
internal import TundishSyntax

extension Binder {
  private static let transformNames: Set<String> = [
    "list_transform", "array_transform", "list_apply", "array_apply", "apply",
  ]
  private static let filterNames: Set<String> = ["list_filter", "array_filter", "filter"]

  /// Whether a function of this name exists, if only with a lambda.
  static func takesLambda(_ name: String) -> Bool {
    transformNames.contains(name) || filterNames.contains(name) || reduceNames.contains(name)
  }

  /// Binds `list_transform(list, x -> ...)` and `list_filter(list, x -> ...)`.
  func bindLambdaCall(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    if Self.reduceNames.contains(name) { return bindReduce(call, name, range, scope) }
    let isFilter = Self.filterNames.contains(name)
    guard isFilter || Self.transformNames.contains(name), call.arguments.count == 2,
      case .lambda(let names, let body) = call.arguments[1].value.kind
    else {
      report(.callForm("'\(name)' does not take a lambda", at: range))
      return nil
    }
    return bindLambda(
      list: call.arguments[0].value,
      names: names,
      body: body,
      isFilter: isFilter,
      range,
      scope
    )
  }

  /// `[<body> FOR x IN list IF condition]`.
  func bindComprehension(
    _ body: Expression,
    _ variables: [Identifier],
    _ list: Expression,
    _ condition: Expression?,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    if let condition, variables.count > 1 {
      return bindIndexed(body, variables, list, condition, range, scope)
    }
    var source = list
    if let condition {
      let lambda = Expression(.lambda(variables, condition), range: condition.range)
      let call = FunctionCall(
        name: QualifiedName([Identifier("list_filter", range: list.range)]),
        arguments: [FunctionArgument(value: list), FunctionArgument(value: lambda)]
      )
      source = Expression(.call(call), range: list.range)
    }
    return bindLambda(
      list: source,
      names: variables,
      body: body,
      isFilter: false,
      range,
      scope
    )
  }

  /// A comprehension with an index and a condition.
  ///
  /// The index is the place in the whole list, so that nothing may be left out before it is counted: each
  /// member becomes a list of one value or none, and those are put together.
  private func bindIndexed(
    _ body: Expression,
    _ variables: [Identifier],
    _ list: Expression,
    _ condition: Expression,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    let kept = CaseBranch(
      condition: condition,
      result: Expression(.list([body]), range: body.range)
    )
    let none = Expression(.list([]), range: body.range)
    let choice = Expression(
      .caseWhen(operand: nil, branches: [kept], otherwise: none),
      range: body.range
    )
    let lists = bindLambda(
      list: list,
      names: variables,
      body: choice,
      isFilter: false,
      range,
      scope
    )
    return lists.flatMap { resolveCall("flatten", [$0], range, symbol: nil) }
  }

  private func bindLambda(
    list: Expression,
    names: [Identifier],
    body: Expression,
    isFilter: Bool,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    guard let bound = bind(list, scope) else { return nil }
    if bound.type == .null { return bound }
    guard let element = bound.type.listElement, (1...2).contains(names.count) else {
      report(.wrongType("a lambda", needs: "a list", found: bound.type.description, at: range))
      return nil
    }
    let types = [element, .bigint]
    let parameters = zip(names, types).map { makeColumn($0.text, $1) }
    scope.lambdaParameters.append(parameters.map { ScopeColumn($0) })
    defer { scope.lambdaParameters.removeLast() }
    let value =
      isFilter ? bindCondition(body, scope, place: "list_filter") : bind(body, scope)
    guard let value else { return nil }
    let type: DataType = isFilter ? bound.type : .list(value.type)
    let overload = ScalarOverload(
      [.list, .any],
      propagatesNull: false,
      result: { _ in type },
      kernel: { (_) throws(ExecutionError) in
        throw ExecutionError(.invalidArgument, "a lambda is evaluated by the engine")
      }
    )
    let function = ResolvedScalar(
      name: isFilter ? "list_filter" : "list_transform",
      overload: overload,
      argumentTypes: [bound.type, value.type],
      resultType: type
    )
    let lambda = BoundExpression(.lambda(parameters, value), type: value.type, range: value.range)
    return BoundExpression(.call(function, [bound, lambda]), type: type, range: range)
  }
}
