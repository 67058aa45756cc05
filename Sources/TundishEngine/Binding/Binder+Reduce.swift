internal import TundishColumns
internal import TundishSyntax

/// `list_reduce(list, (a, x) -> ... [, start])`.
extension Binder {
  /// The names of the function.
  static let reduceNames: Set<String> = ["list_reduce", "array_reduce", "reduce"]

  /// Binds a fold: the lambda's first parameter is what came out so far, the second an element,
  /// an optional third the element's position from 1.
  func bindReduce(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    guard case .lambda(let names, let body) = call.arguments[1].value.kind,
      (2...3).contains(names.count)
    else {
      report(.callForm("'\(name)' takes a lambda of two or three parameters", at: range))
      return nil
    }
    let start = call.arguments.count > 2 ? bind(call.arguments[2].value, scope) : nil
    guard let list = bind(call.arguments[0].value, scope),
      call.arguments.count == 2 || start != nil
    else { return nil }
    if list.type == .null { return list }
    guard let element = list.type.listElement else {
      report(.wrongType("'\(name)'", needs: "a list", found: list.type.description, at: range))
      return nil
    }
    guard
      let (type, parameters, value) = bindFold(
        from: start?.type ?? element,
        element,
        names,
        body,
        isWidening: start != nil,
        scope
      )
    else { return nil }
    let overload = ScalarOverload(
      [.list, .any],
      propagatesNull: false,
      result: { _ in type },
      kernel: { (_) throws(ExecutionError) in
        throw ExecutionError(.invalidArgument, "a lambda is evaluated by the engine")
      }
    )
    let first = start.map { [coerce($0, to: type)] } ?? []
    let function = ResolvedScalar(
      name: "list_reduce",
      overload: overload,
      argumentTypes: [list.type] + first.map(\.type) + [type],
      resultType: type
    )
    let lambda = BoundExpression(.lambda(parameters, value), type: type, range: value.range)
    return BoundExpression(.call(function, [list] + first + [lambda]), type: type, range: range)
  }

  /// The type of what is carried from element to element, and the body that gives it: the start's
  /// type, or where a step gives a wider one that.
  private func bindFold(
    from first: DataType,
    _ element: DataType,
    _ names: [Identifier],
    _ body: Expression,
    isWidening: Bool,
    _ scope: Scope
  ) -> (DataType, [PlanColumn], BoundExpression)? {
    var type = first
    for isLast in [false, true] {
      let parameters = zip(names, [type, element, .bigint]).map { makeColumn($0.text, $1) }
      scope.lambdaParameters.append(parameters.map { ScopeColumn($0) })
      let bound = bind(body, scope)
      scope.lambdaParameters.removeLast()
      guard let bound else { return nil }
      if isWidening, !isLast, let wider = TypeCoercion.commonType(of: [type, bound.type]),
        wider != type
      {
        type = wider
        continue
      }
      return (type, parameters, coerce(bound, to: type))
    }
    return nil
  }
}
