internal import TundishColumns
internal import TundishSyntax

// SHOW, DESCRIBE, SUMMARIZE.
extension StatementRunner {
  /// Executes `SHOW ...`.
  func show(
    _ target: ShowTarget,
    _ statement: Statement
  ) throws(StatementFailure)
    -> StatementResult
  {
    switch target {
    case .tables: return showTables()
    case .settings:
      return relation(
        [text("name"), text("value"), text("description")],
        SettingList.all.map {
          [.text($0.name), .text($0.get(session.settings)), .text($0.summary)]
        }
      )
    case .views:
      return relation(
        [text("name"), text("definition")],
        session.catalog.views.values.sorted { Self.precedes($0.name, $1.name) }
          .map { [.text($0.name.last), .text(Syntax.format($0.query))] }
      )
    case .macros:
      return relation(
        [text("name"), text("parameters")],
        session.catalog.sortedMacros
          .map { macro in
            [
              .text(macro.name.parts.map(\.text).joined(separator: ".")),
              .text(macro.parameters.map(\.name.text).joined(separator: ", ")),
            ]
          }
      )
    case .functions: return showFunctions()
    case .setting(let name):
      guard let entry = SettingList.entry(name.text) else {
        let written = QualifiedName([name])
        let key = session.catalog.key(of: written, current: session.settings.schema)
        if session.catalog.tables[key] != nil || session.catalog.views[key] != nil {
          return try describe(
            Query(body: .table(written), range: name.range)
          )
        }
        throw StatementFailure([unknownSetting(name)])
      }
      return relation([text(entry.name)], [[.text(entry.get(session.settings))]])
    case .model:
      let result = try defineSales(statement)
      let column = result.batches.first { $0.rowCount > 0 }?.columns.first
      guard case .text(let model) = column?.value(at: 0) else { return result }
      return lines(model + ";", named: "model")
    case .metrics, .funnels, .targets, .scores:
      return try defineSales(statement)
    }
  }

  /// Orders by the last part, then by the schema.
  private static func precedes(_ left: QualifiedName, _ right: QualifiedName) -> Bool {
    (left.last, left.parts.map(\.text).joined(separator: "."))
      < (right.last, right.parts.map(\.text).joined(separator: "."))
  }

  private func text(_ name: String) -> Field { Field(name: name, type: .varchar) }

  private func showTables() -> StatementResult {
    let tables = session.catalog.tables.values.map { entry -> [Value] in
      let bytes = entry.table.schema.fields.indices.reduce(0) {
        $0 + entry.table.memoryBytes(ofColumn: $1)
      }
      return [
        .text(shown(entry.schema, entry.shortName)),
        .text(entry.isTemporary ? "temporary table" : "table"),
        .integer(Int64(entry.table.rowCount)),
        .integer(Int64(entry.table.schema.fields.count)), .integer(Int64(bytes)),
      ]
    }
    let views = session.catalog.views.values.map { view -> [Value] in
      let name = shown(Catalog.schema(of: view.name) ?? "", view.name.last)
      return [.text(name), .text("view"), .null, .null, .null]
    }
    return relation(
      [
        text("name"), text("kind"), Field(name: "rows", type: .bigint),
        Field(name: "columns", type: .bigint), Field(name: "bytes", type: .bigint),
      ],
      (tables + views).sorted { "\($0[0])" < "\($1[0])" }
    )
  }

  private func shown(_ schema: String, _ name: String) -> String {
    session.catalog.shown(schema, name, current: session.settings.schema)
  }

  private func showFunctions() -> StatementResult {
    let scalars = StandardFunctions.scalar.map { ($0.name, "scalar", $0.aliases, $0.summary) }
    let aggregates = StandardFunctions.aggregate.map {
      ($0.name, "aggregate", $0.aliases, $0.summary)
    }
    return relation(
      [text("name"), text("kind"), text("aliases"), text("description")],
      (scalars + aggregates).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map {
        [.text($0.0), .text($0.1), .text($0.2.joined(separator: ", ")), .text($0.3)]
      }
    )
  }

  /// Executes `DESCRIBE ...`.
  func describe(
    _ target: DescribeTarget,
    _ statement: Statement
  ) throws(StatementFailure)
    -> StatementResult
  {
    switch target {
    case .query(let query): return try describe(query)
    case .metric, .funnel: return try defineSales(statement)
    case .function(let name): return try describeFunction(name)
    }
  }

  /// The columns of a query; of a table also its keys, defaults and NOT NULL.
  private func describe(_ query: Query) throws(StatementFailure) -> StatementResult {
    let plain = try expandedSales(query)?.query ?? query
    let fields = schema(of: try planned(plain).bound).fields
    let constraints = session.catalog.described(query, current: session.settings.schema)?
      .constraints
    return relation(
      ColumnDescription.names.map { text($0) },
      fields.enumerated().map { index, field in
        ColumnDescription.row(
          field.name,
          field.type.description,
          field.unit,
          at: index,
          constraints
        )
      }
    )
  }

  private func describeFunction(_ name: Identifier) throws(StatementFailure) -> StatementResult {
    let registry = FunctionRegistry.standard
    let scalar = registry.scalar(named: name.text)
    let aggregate = registry.aggregate(named: name.text)
    guard let summary = scalar?.summary ?? aggregate?.summary else {
      let closest = Suggestion.closest(to: name.text, in: registry.names)
      throw StatementFailure([
        .unknownThing("function", name.text, at: name.range, closest: closest)
      ])
    }
    let examples = (scalar?.examples ?? []) + (aggregate?.examples ?? [])
    return relation(
      [text("property"), text("value")],
      [[.text("summary"), .text(summary)]]
        + examples.map { [.text("example"), .text("\($0.call) -> \($0.result)")] }
    )
  }

  /// Executes `SUMMARIZE ...`: one row per column with range, distinct count, mean and NULLs.
  func summarize(_ query: Query) throws(StatementFailure) -> StatementResult {
    let statement = Statement(.summarize(query), range: query.range)
    let (schema, batches) = try answerRows(
      of: Query(body: .describe(statement), range: query.range)
    )
    return StatementResult(schema: schema, batches: batches, diagnostics: warnings)
  }
}
