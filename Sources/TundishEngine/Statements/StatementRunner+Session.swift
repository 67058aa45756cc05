internal import TundishColumns
internal import TundishSyntax

// SET, PREPARE, transactions, ASSERT.
extension StatementRunner {
  /// Executes `SET <name> = <value>`.
  func set(
    _ name: Identifier,
    _ expression: Expression
  ) throws(StatementFailure)
    -> StatementResult
  {
    let value = try settingValue(expression)
    if ["schema", "search_path"].contains(foldedKey(name.text)) {
      return try use(value, at: expression.range)
    }
    switch SettingList.set(name.text, to: value, in: &session.settings, zones: session.timeZones) {
    case .done: return StatementResult()
    case .unknown:
      throw StatementFailure([unknownSetting(name)])
    case .wrong(let expected):
      throw StatementFailure([
        .wrongSettingValue(
          foldedKey(name.text),
          expected: expected,
          found: "'\(value)'",
          at: expression.range
        )
      ])
    }
  }

  /// Executes `RESET <name>`.
  func reset(_ name: Identifier) throws(StatementFailure) -> StatementResult {
    if ["schema", "search_path"].contains(foldedKey(name.text)) {
      session.settings.schema = Catalog.mainSchema
      return StatementResult()
    }
    guard SettingList.reset(name.text, in: &session.settings) else {
      throw StatementFailure([unknownSetting(name)])
    }
    return StatementResult()
  }

  /// Executes `SET VARIABLE <name> = <value>`.
  func setVariable(
    _ name: Identifier,
    _ expression: Expression
  ) throws(StatementFailure) -> StatementResult {
    let builder = SQLBuilder(expression.range)
    let query = builder.query(builder.select([SelectItem(expression: expression)], from: nil))
    let (schema, batches) = try answerRows(of: query)
    let value = batches.first { $0.rowCount > 0 }?.columns.first?.value(at: 0) ?? .null
    session.settings.variables[foldedKey(name.text)] = SessionVariable(
      value: value,
      type: schema.fields[0].type
    )
    return StatementResult()
  }

  /// Executes `RESET VARIABLE <name>`; one that is not set is no mistake.
  func resetVariable(_ name: Identifier) -> StatementResult {
    session.settings.variables[foldedKey(name.text)] = nil
    return StatementResult()
  }

  /// The diagnostic of a setting that does not exist.
  func unknownSetting(_ name: Identifier) -> Diagnostic {
    .unknownSetting(
      name.text,
      at: name.range,
      closest: Suggestion.closest(to: name.text, in: SettingList.all.map(\.name))
    )
  }

  /// The text of a value; a bare name stands for itself, as in `SET week_start = sunday`.
  private func settingValue(_ expression: Expression) throws(StatementFailure) -> String {
    if case .name(let parts) = expression.kind {
      return parts.map(\.text).joined(separator: ".")
    }
    if case .bareDate(let year, let month, let day) = expression.kind {
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      return "\(year)-\(two(month))-\(two(day))"
    }
    return ValueText.text(of: try constant(expression))
  }

  /// Executes `PREPARE <name> AS <statement>`.
  func prepare(_ name: Identifier, _ statement: Statement) -> StatementResult {
    session.prepared[foldedKey(name.text)] = PreparedStatement(
      name: name.text,
      statement: statement,
      text: text
    )
    return done("prepared \(name.text)")
  }

  /// Executes `EXECUTE <name>(<argument>, ...)`.
  func execute(
    _ name: Identifier,
    _ arguments: [FunctionArgument]
  ) throws(StatementFailure) -> StatementResult {
    guard let prepared = session.prepared[foldedKey(name.text)] else {
      throw StatementFailure([unknownPrepared(name)])
    }
    let parameters = Syntax.parameters(in: prepared.statement, of: prepared.text)
    try checkArguments(arguments, for: parameters, of: prepared)
    var values: [Parameter: Value] = [:]
    for (index, argument) in arguments.enumerated() {
      let value = try constant(argument.value)
      if let name = argument.name {
        for parameter in parameters where Self.names(name, parameter) { values[parameter] = value }
      } else {
        values[.positional(index + 1)] = value
      }
    }
    let inner = StatementRunner(session: session, text: prepared.text, parameters: values)
    do {
      let result = try inner.run(prepared.statement)
      session = inner.session
      return result
    } catch {
      throw StatementFailure(error.diagnostics.map { Self.blaming(name, prepared, for: $0) })
    }
  }

  /// A value that no parameter takes is a mistake; one that is missing is found when it is needed.
  private func checkArguments(
    _ arguments: [FunctionArgument],
    for parameters: Set<Parameter>,
    of prepared: PreparedStatement
  ) throws(StatementFailure) {
    let count = parameters.reduce(0) { count, parameter in
      if case .positional(let number) = parameter { max(count, number) } else { count }
    }
    var surplus: [Diagnostic] = []
    for (index, argument) in arguments.enumerated() {
      if let name = argument.name {
        if parameters.contains(where: { Self.names(name, $0) }) { continue }
        surplus.append(.surplusParameter("$\(name.text)", of: prepared.name, at: name.range))
      } else if index >= count, surplus.isEmpty {
        surplus.append(
          .surplusValues(
            of: prepared.name,
            wanted: count,
            found: arguments.count,
            at: argument.value.range.union(arguments[arguments.count - 1].value.range)
          )
        )
      }
    }
    if !surplus.isEmpty { throw StatementFailure(surplus) }
  }

  /// Whether a name, in any case, is that of a parameter.
  private static func names(_ name: Identifier, _ parameter: Parameter) -> Bool {
    if case .named(let own) = parameter { foldedEqual(own, name.text) } else { false }
  }

  /// What is wrong in a prepared statement lies in another text than the one that is shown.
  private static func blaming(
    _ name: Identifier,
    _ prepared: PreparedStatement,
    for diagnostic: Diagnostic
  ) -> Diagnostic {
    Diagnostic(
      severity: diagnostic.severity,
      code: diagnostic.code,
      message: diagnostic.message,
      range: name.range,
      notes: diagnostic.notes + ["\(prepared.name) is: " + Syntax.format(prepared.statement)]
    )
  }

  /// Executes `DEALLOCATE <name>`; nil for ALL.
  func deallocate(_ name: Identifier?) throws(StatementFailure) -> StatementResult {
    guard let name else {
      session.prepared = [:]
      return StatementResult()
    }
    guard session.prepared.removeValue(forKey: foldedKey(name.text)) != nil else {
      throw StatementFailure([unknownPrepared(name)])
    }
    return StatementResult()
  }

  private func unknownPrepared(_ name: Identifier) -> Diagnostic {
    let names = session.prepared.values.map(\.name)
    return .unknownThing(
      "prepared statement",
      name.text,
      at: name.range,
      closest: Suggestion.closest(to: name.text, in: names)
    )
  }

  /// BEGIN, COMMIT and ROLLBACK: a transaction keeps the catalog that it began with.
  func transact(_ statement: Statement) throws(StatementFailure) -> StatementResult {
    switch (statement.kind, session.transactionStart) {
    case (.begin, .some):
      throw StatementFailure([
        .wrongState(
          "a transaction is open already; COMMIT or ROLLBACK ends it",
          at: statement.range
        )
      ])
    case (.begin, .none):
      session.transactionStart = session.catalog
    case (.commit, .some):
      session.transactionStart = nil
    case (_, .some(let start)):
      session.catalog = start
      session.transactionStart = nil
    case (_, .none):
      throw StatementFailure([
        .wrongState("no transaction is open; BEGIN starts one", at: statement.range)
      ])
    }
    return StatementResult()
  }

  /// Executes `ASSERT <condition> ELSE '<message>'`: NULL is not enough.
  func assert(
    _ condition: Expression,
    _ message: String?
  ) throws(StatementFailure) -> StatementResult {
    let builder = SQLBuilder(condition.range)
    let query = builder.query(builder.select([SelectItem(expression: condition)], from: nil))
    let (schema, batches) = try answerRows(of: query)
    guard schema.fields.first?.type == .boolean || schema.fields.first?.type == .null else {
      throw StatementFailure([
        .wrongType(
          "ASSERT",
          needs: "a condition",
          found: schema.fields.first?.type.description ?? "nothing",
          at: condition.range
        )
      ])
    }
    let value = batches.first { $0.rowCount > 0 }?.columns.first?.value(at: 0)
    guard value == .boolean(true) else {
      throw StatementFailure([.assertionFailed(message, at: condition.range)])
    }
    return StatementResult()
  }
}
