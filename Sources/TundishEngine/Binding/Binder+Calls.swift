internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds a call: a special form, a macro, a window function, an aggregate, a scalar function, a
  /// metric.
  func bindCall(_ call: FunctionCall, _ range: SourceRange, _ scope: Scope) -> BoundExpression? {
    if let method = methodCall(call, scope) { return bindCall(method, range, scope) }
    let name = aggregateName(call)
    if hasUnknownSchema(call.name) {
      reportUnknownFunction(call)
      return nil
    }
    if call.over != nil { return bindWindow(call, name, range, scope) }
    if let treatment = call.nullTreatment {
      let advice = "\(treatment.rawValue) belongs to window functions, which have OVER (...)"
      report(.windowUse(advice, at: range))
      return nil
    }
    if let special = bindSpecialForm(call, name, range, scope) { return special.expression }
    if (2...3).contains(call.arguments.count), call.arguments[1].value.isLambda {
      return bindLambdaCall(call, name, range, scope)
    }
    if name == "current_schema", call.arguments.isEmpty { return currentSchema(range) }
    if let macro = environment.catalog.macroKey(of: call.name, current: searchedSchema) {
      return bindMacroCall(call, macro, range, scope)
    }
    if environment.functions.aggregate(named: name) != nil, !isScalarUse(call, name) {
      return bindAggregate(call, name, range, scope)
    }
    if environment.functions.scalar(named: name) != nil {
      return bindScalarCall(call, name, range, scope)
    }
    if Self.windowOnly[name] != nil {
      report(.windowUse("'\(name)' is a window function and needs OVER (...)", at: range))
      return nil
    }
    if let metric = bindMetricCall(call, range, scope) { return metric.expression }
    reportUnknownFunction(call)
    _ = call.arguments.map { bind($0.value, scope) }
    return nil
  }

  /// `column.f(x)` as `f(column, x)`; nil where what stands before the point is no column.
  private func methodCall(_ call: FunctionCall, _ scope: Scope) -> FunctionCall? {
    let parts = call.name.parts
    guard parts.count > 1, let function = parts.last else { return nil }
    let owner = Array(parts.dropLast())
    let schemas: Set<String> = ["main", "pg_catalog", "system", "memory"]
    guard !schemas.contains(foldedKey(owner[0].text)),
      environment.catalog.schemas[foldedKey(owner[0].text)] == nil || owner.count > 1,
      isColumn(owner, scope)
    else { return nil }
    let ranges = owner.map(\.range)
    let value = Expression(
      .name(owner),
      range: ranges.dropFirst().reduce(ranges[0]) { $0.union($1) }
    )
    var method = call
    method.name = QualifiedName([function])
    method.arguments.insert(FunctionArgument(value: value), at: 0)
    return method
  }

  /// Whether what stands before a function's name is no schema that there is.
  private func hasUnknownSchema(_ name: QualifiedName) -> Bool {
    name.parts.dropLast().contains { part in
      let key = foldedKey(part.text)
      return !Self.builtInSchemas.contains(key) && environment.catalog.schemas[key] == nil
    }
  }

  /// The schemas that are always there, and the names of the one database.
  static let builtInSchemas: Set<String> = [
    "main", "pg_catalog", "information_schema", "system", "memory", "temp",
  ]

  /// Whether a name means a column, or something with a value as columns have.
  private func isColumn(_ parts: [Identifier], _ scope: Scope) -> Bool {
    let keys = parts.map { foldedKey($0.text) }
    if macroFrames.last?.arguments[keys[0]] != nil { return true }
    var level: Scope? = scope
    while let current = level {
      let isParameter = current.lambdaParameters.contains { parameters in
        parameters.contains { $0.key == keys[0] }
      }
      if isParameter || !current.visibleColumns(keys[0]).isEmpty { return true }
      if current.aliases[keys[0]] != nil { return true }
      if keys.count > 1,
        current.tables.contains(where: { table in
          table.key == keys[0] && table.columns.contains { $0.key == keys[1] }
        })
      {
        return true
      }
      level = current.parent
    }
    return false
  }

  /// A name that both a scalar function and an aggregate have is scalar unless it is called in the
  /// way of aggregates.
  private func isScalarUse(_ call: FunctionCall, _ name: String) -> Bool {
    guard environment.functions.scalar(named: name) != nil else { return false }
    return call.filter == nil && call.orderBy.isEmpty && !call.isDistinct
      && Self.scalarTwins.contains(name)
  }

  private static let scalarTwins: Set<String> = ["mod", "list"]

  private func reportUnknownFunction(_ call: FunctionCall) {
    var candidates = environment.functions.names + Array(environment.catalog.macros.keys)
    candidates += Array(Self.windowOnly.keys) + Self.specialForms
    if !environment.catalog.model.roles.isEmpty {
      candidates += environment.catalog.metrics.values.map(\.name.text)
    }
    let name = call.name.parts.map(\.text).joined(separator: ".")
    if Self.takesLambda(foldedKey(name)) {
      // `x -> 'a'` reads a member of JSON.
      let advice = "'\(name)' needs a lambda as its second argument, as in lambda x: x + 1"
      report(.callForm(advice, at: blame(call.name.range)))
      return
    }
    report(
      .unknownFunction(
        name,
        at: blame(call.name.range),
        closest: Suggestion.closest(to: name, in: candidates)
      )
    )
  }

  /// Binds the arguments of a call to a scalar function.
  private func bindScalarCall(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    if call.isDistinct || !call.orderBy.isEmpty || call.filter != nil {
      report(
        .callForm(
          "DISTINCT, ORDER BY and FILTER belong to aggregates; '\(name)' is a scalar function",
          at: range
        )
      )
      return nil
    }
    guard var arguments = bind(all: call.arguments.map(\.value), scope) else { return nil }
    arguments = embeddingJSON(arguments, in: name)
    if ["nextval", "currval"].contains(name), !isKnownSequence(arguments) { return nil }
    if let isStrict = Self.jsonTransforms[name] {
      return bindJSONTransform(name, arguments, isStrict: isStrict, range)
    }
    if let first = arguments.first, first.type.isMap {
      return resolveMapCall(name, arguments, range)
    }
    return resolveCall(name, arguments, range, symbol: nil)
  }

  /// Whether a sequence that is named by a constant is there, which else is reported.
  private func isKnownSequence(_ arguments: [BoundExpression]) -> Bool {
    let sequences = environment.catalog.sequences
    guard let argument = arguments.first, case .text(let name)? = argument.literal,
      let key = SequenceName.key(name), sequences[key] == nil
    else { return true }
    report(
      .unknownThing(
        "sequence",
        name,
        at: blame(argument.range),
        closest: Suggestion.closest(to: name, in: sequences.values.map(\.name))
      )
    )
    return false
  }

  /// Binds an operator by its symbol, and gives its result a unit.
  func resolveOperator(
    _ symbol: String,
    _ operands: [BoundExpression],
    _ range: SourceRange
  )
    -> BoundExpression?
  {
    var name = symbol
    if symbol == "/", environment.settings.hasIntegerDivision,
      operands.allSatisfy({ $0.type.isInteger })
    {
      name = "//"
    }
    if Self.ambiguousOverTexts.contains(symbol), operands.count == 2,
      operands.allSatisfy(\.isTextLiteral)
    {
      // Numbers, dates or intervals: nothing tells what is meant.
      let types = operands.map(\.type.description)
      report(.wrongOperandTypes(operator: symbol, types: types, at: range))
      return nil
    }
    let operands = Self.arithmetic.contains(symbol) ? typingNulls(operands) : operands
    let unit = unit(of: symbol, operands, range)
    return resolveCall(name, operands, range, symbol: symbol)?.withUnit(unit)
  }

  private static let ambiguousOverTexts: Set<String> = ["+", "-", "*", "/"]

  private static let arithmetic: Set<String> = ["+", "-", "*", "/", "//", "%", "^", "**", "&", "|"]

  /// A bare NULL beside a number is a number of that type, not a date or interval; alone it is an
  /// integer.
  private func typingNulls(_ operands: [BoundExpression]) -> [BoundExpression] {
    let number = operands.first { $0.type.isNumeric }
    guard let type = operands.count == 1 ? .integer : number?.type else { return operands }
    return operands.map { $0.type == .null ? coerce($0, to: type) : $0 }
  }

  /// The function that gives a list, where the path of a JSON function has wildcards.
  private static func listForm(of name: String, _ arguments: [BoundExpression]) -> String {
    guard let form = listForms[name.lowercased()], arguments.count == 2,
      case .text(let text)? = arguments[1].literal, let path = try? JSONPath(text),
      path.hasWildcard
    else { return name }
    return form
  }

  private static let listForms = [
    "json_extract": "json_extract_all", "json_extract_path": "json_extract_all",
    "->": "json_extract_all", "json_extract_string": "json_extract_string_all",
    "json_extract_path_text": "json_extract_string_all", "->>": "json_extract_string_all",
    "json_type": "json_type_all", "json_exists": "json_exists_all",
  ]

  /// Chooses the overload of a scalar function and converts the arguments to its types.
  func resolveCall(
    _ name: String,
    _ arguments: [BoundExpression],
    _ range: SourceRange,
    symbol: String?
  ) -> BoundExpression? {
    let resolution = environment.functions.resolveScalar(
      name: Self.listForm(of: name, arguments),
      argumentTypes: arguments.map(\.type),
      isTextLiteral: arguments.map(\.isTextLiteral),
      constants: arguments.map(\.constantValue)
    )
    switch resolution {
    case .success(let function):
      let converted = zip(arguments, function.argumentTypes).map { coerce($0, to: $1) }
      return BoundExpression(
        .call(function, converted),
        type: function.resultType,
        unit: unit(ofFunction: function.name, arguments),
        range: range
      )
    case .failure(let failure):
      reportFailure(failure, symbol ?? name, arguments, isOperator: symbol != nil, range)
      return nil
    }
  }

  func reportFailure(
    _ failure: ResolutionFailure,
    _ name: String,
    _ arguments: [BoundExpression],
    isOperator: Bool,
    _ range: SourceRange
  ) {
    let types = arguments.map(\.type.description)
    switch failure {
    case .unknownFunction:
      report(
        isOperator
          ? .unsupported("operator '\(name)'", at: range)
          : .unknownFunction(name, at: range, closest: nil)
      )
    case .wrongArgumentCount(let signatures):
      report(
        .wrongArgumentCount(
          function: name,
          count: arguments.count,
          signatures: signatures,
          at: range
        )
      )
    case .wrongArgumentTypes(let position, let signatures):
      if isOperator {
        report(.wrongOperandTypes(operator: name, types: types, at: range))
      } else {
        let culprit = position.flatMap { $0 < arguments.count ? arguments[$0].range : nil }
        report(
          .wrongArgumentTypes(
            function: name,
            types: types,
            signatures: signatures,
            at: culprit ?? range
          )
        )
      }
    }
  }
}

extension BoundExpression {
  /// The same value, counted in another unit.
  func withUnit(_ unit: Unit) -> BoundExpression {
    BoundExpression(kind, type: type, unit: unit, range: range)
  }
}

extension Expression {
  var isLambda: Bool {
    if case .lambda = kind { true } else { false }
  }

  /// Whether this is `*` without anything.
  var isPlainStar: Bool {
    guard case .star(let star) = kind else { return false }
    return star.excluded.isEmpty && star.replacements.isEmpty && star.renames.isEmpty
      && star.pattern == nil
  }
}
