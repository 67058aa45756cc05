internal import TundishColumns
internal import TundishSyntax

// CREATE MACRO and DROP MACRO.
extension StatementRunner {
  /// Executes CREATE MACRO.
  func run(_ create: CreateMacro) throws(StatementFailure) -> StatementResult {
    for form in create.further { _ = try run(form) }
    var create = create
    create.further = []
    try verifyParameters(of: create)
    try verifyNames(of: create)
    let (placed, schema) = try placed(create.name)
    let name = create.name.last
    let key = foldedKey(placed.last)
    create.name = QualifiedName(
      (schema.isEmpty ? [] : [Identifier(schema, range: create.name.range)])
        + (create.name.parts.last.map { [$0] } ?? [])
    )
    var macros = session.catalog.macros[key] ?? []
    let same = macros.firstIndex { $0.parameters.count == create.parameters.count }
    if let same {
      guard create.orReplace else {
        throw StatementFailure([
          .nameTaken("macro", name, at: create.name.range, hint: "use CREATE OR REPLACE")
        ])
      }
      macros[same] = create
    } else {
      macros.append(create)
    }
    session.catalog.macros[key] = macros
    return done("created macro \(name)")
  }

  private func verifyParameters(of create: CreateMacro) throws(StatementFailure) {
    var names: Set<String> = []
    var hasDefault = false
    for parameter in create.parameters {
      guard names.insert(foldedKey(parameter.name.text)).inserted else {
        throw StatementFailure([
          .wrongState(
            "parameter '\(parameter.name.text)' occurs twice",
            at: parameter.name.range
          )
        ])
      }
      if hasDefault, parameter.defaultValue == nil {
        throw StatementFailure([
          .wrongState(
            "parameter '\(parameter.name.text)' needs a default, as the one before it has",
            at: parameter.name.range
          )
        ])
      }
      hasDefault = parameter.defaultValue != nil
    }
  }

  /// A scalar macro names nothing but its parameters, and a default names nothing at all.
  private func verifyNames(of create: CreateMacro) throws(StatementFailure) {
    for parameter in create.parameters {
      if let free = parameter.defaultValue?.freeName([]) { throw unknown(free, among: []) }
    }
    guard case .scalar(let body) = create.body else { return }
    if case .star = body.unwrapped.kind {
      let advice =
        "'*' is no value; a macro that gives rows is CREATE MACRO ... AS TABLE SELECT ..."
      throw StatementFailure([.emptyStar(advice, at: body.range)])
    }
    let parameters = create.parameters.map(\.name.text)
    if let free = body.freeName(Set(parameters.map(foldedKey))) {
      throw unknown(free, among: parameters)
    }
  }

  private func unknown(_ name: [Identifier], among parameters: [String]) -> StatementFailure {
    let text = name.map(\.text).joined(separator: ".")
    let range = name.dropFirst().reduce(name.first?.range ?? SourceRange(0, 0)) {
      $0.union($1.range)
    }
    let closest = Suggestion.closest(to: text, in: parameters)
    return StatementFailure([.unknownColumn(text, at: range, closest: closest)])
  }

  /// Drops a macro with all its forms; whether there was one.
  func dropMacro(_ name: QualifiedName) -> Bool {
    guard
      let key = session.catalog.macroKey(of: name, current: session.settings.schema)
    else { return false }
    return session.catalog.macros.removeValue(forKey: key) != nil
  }
}

extension Expression {
  /// The first name that is neither among those given nor a lambda's; names in subqueries are the
  /// subqueries' own.
  func freeName(_ known: Set<String>) -> [Identifier]? {
    switch kind {
    case .name(let parts):
      guard let first = parts.first, first.position == nil else { return nil }
      let key = foldedKey(first.text)
      if known.contains(key) { return nil }
      return parts.count == 1 && Binder.keywordFunctions.contains(key) ? nil : parts
    case .lambda(let names, let body):
      return body.freeName(known.union(names.map { foldedKey($0.text) }))
    case .listComprehension(let body, let variables, let list, let condition):
      if let free = list.freeName(known) { return free }
      let inner = known.union(variables.map { foldedKey($0.text) })
      return ([body] + (condition.map { [$0] } ?? [])).lazy.compactMap { $0.freeName(inner) }.first
    default:  // all else names nothing
      return directChildren.lazy.compactMap { $0.freeName(known) }.first
    }
  }
}
