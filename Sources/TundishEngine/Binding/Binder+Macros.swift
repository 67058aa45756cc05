internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds a call of a scalar macro: its body, with the arguments in place of the parameters.
  func bindMacroCall(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    guard let (macro, arguments) = chooseMacro(call, name, range) else { return nil }
    guard case .scalar(let body) = macro.body else {
      report(
        .callForm("'\(name)' is a table macro; it can stand only in FROM", at: range)
      )
      return nil
    }
    return expanding(name, arguments, range, scope) { bind(body, scope) }
  }

  /// Runs a step with a macro's arguments in sight.
  func expanding<Result>(
    _ name: String,
    _ arguments: [String: Expression],
    _ range: SourceRange,
    _ scope: Scope?,
    _ body: () -> Result?
  ) -> Result? {
    guard expanding.count < BindingLimits.expansions else {
      report(.circularDefinition(Array(expanding.suffix(3)) + [name], at: range))
      return nil
    }
    countExpansion()
    expanding.append(name)
    macroFrames.append(
      MacroFrame(
        arguments: arguments,
        callerDepth: macroFrames.count,
        callerBlame: blamedRange,
        scope: scope
      )
    )
    let outerBlame = blamedRange
    blamedRange = range
    defer {
      blamedRange = outerBlame
      macroFrames.removeLast()
      expanding.removeLast()
    }
    return nested(range, body)
  }

  /// The macro with as many parameters as the call has arguments, and the arguments by name.
  func chooseMacro(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange
  )
    -> (CreateMacro, [String: Expression])?
  {
    let candidates = environment.catalog.macros[name] ?? []
    let fitting = candidates.compactMap { macro in
      Self.match(call.arguments, macro.parameters).map { (macro, $0) }
    }
    if fitting.count > 1 {
      let forms = fitting.map { Self.signature(name, $0.0) }.joined(separator: " and ")
      let advice = "name the arguments, as in name := value"
      report(.callForm("\(forms) both take these arguments; \(advice)", at: range))
      return nil
    }
    if let (macro, arguments) = fitting.first { return (macro, arguments) }
    report(
      .wrongArgumentCount(
        function: name,
        count: call.arguments.count,
        signatures: candidates.map { Self.signature(name, $0) },
        at: range
      )
    )
    return nil
  }

  private static func signature(_ name: String, _ macro: CreateMacro) -> String {
    "\(name)(" + macro.parameters.map(\.name.text).joined(separator: ", ") + ")"
  }

  private static func match(
    _ arguments: [FunctionArgument],
    _ parameters: [MacroParameter]
  )
    -> [String: Expression]?
  {
    var values: [String: Expression] = [:]
    var position = 0
    for argument in arguments {
      if let name = argument.name {
        let key = foldedKey(name.text)
        guard parameters.contains(where: { foldedKey($0.name.text) == key }) else { return nil }
        values[key] = argument.value
      } else {
        // A value without a name after one with a name would leave open whose it is.
        guard position < parameters.count, values.count == position else { return nil }
        values[foldedKey(parameters[position].name.text)] = argument.value
        position += 1
      }
    }
    for parameter in parameters {
      let key = foldedKey(parameter.name.text)
      if values[key] == nil { values[key] = parameter.defaultValue }
      if values[key] == nil { return nil }
    }
    return values
  }

  /// Binds a name that a macro's parameter has: its argument, as the caller sees it.
  func bindMacroParameter(
    _ parts: [Identifier],
    _ range: SourceRange,
    _ scope: Scope
  )
    -> (expression: BoundExpression?, Void)?
  {
    guard let frame = macroFrames.last, let first = parts.first,
      let argument = frame.arguments[foldedKey(first.text)]
    else { return nil }
    let outerFrames = macroFrames
    let outerBlame = blamedRange
    macroFrames = Array(macroFrames.prefix(frame.callerDepth))
    blamedRange = frame.callerBlame
    defer {
      macroFrames = outerFrames
      blamedRange = outerBlame
    }
    guard var bound = bind(argument, scope) else { return (nil, ()) }
    for part in parts.dropFirst() {
      guard let member = bindMember(bound, part, range) else { return (nil, ()) }
      bound = member
    }
    return (bound, ())
  }

  /// Binds a metric that is called as an aggregate; nil where no metric has that name.
  func bindMetricCall(
    _ call: FunctionCall,
    _ range: SourceRange,
    _ scope: Scope
  )
    -> (expression: BoundExpression?, Void)?
  {
    guard let sales = environment.sales else { return nil }
    let relations = scope.tables.map { table in
      MetricScopeRelation(
        alias: Identifier(table.name, range: range),
        source: table.origin.map { origin in
          QualifiedName(
            origin.split(separator: ".").map { Identifier(String($0), range: range) }
          )
        },
        columns: table.columns.map(\.name)
      )
    }
    do {
      guard let expansion = try sales.expandCall(call, range: range, scope: relations) else {
        return nil
      }
      recordExpansion("(\(Syntax.format(expansion)))", at: range)
      let outer = blamedRange
      blamedRange = range
      defer { blamedRange = outer }
      return (bind(expansion, scope), ())
    } catch {
      for diagnostic in error.diagnostics { report(diagnostic) }
      return (nil, ())
    }
  }
}
