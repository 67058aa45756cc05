internal import TundishColumns
internal import TundishSyntax

/// Functions in FROM that name a table, hold a query, repeat rows or list functions.
extension Binder {
  /// The names of these functions.
  static let queryFunctions: Set<String> = [
    "query", "query_table", "repeat", "regexp_split_to_table", "generate_subscripts",
    "duckdb_functions", "tundish_functions", "duckdb_tables", "duckdb_columns", "duckdb_settings",
    "tundish_memory",
  ]

  /// Those of them that list what there is, and take nothing.
  private static let listFunctions: Set<String> = [
    "duckdb_functions", "tundish_functions", "duckdb_tables", "duckdb_columns", "duckdb_settings",
    "tundish_memory",
  ]

  /// Binds one of `queryFunctions`.
  func bindQueryFunction(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ parent: Scope?
  ) -> Relation? {
    if Self.listFunctions.contains(name), !call.arguments.isEmpty {
      report(
        .wrongArgumentCount(
          function: name,
          count: call.arguments.count,
          signatures: ["\(name)()"],
          at: blame(range)
        )
      )
      return nil
    }
    switch name {
    case "query": return bindQueryText(call, range, parent)
    case "query_table": return bindNamedTable(call, range, parent)
    case "repeat": return bindRepeatedRow(call, range, parent)
    case "duckdb_functions", "tundish_functions": return functionList()
    case "duckdb_tables", "duckdb_columns":
      return bindInformation(name, QualifiedName([Identifier(name, range: range)]))
    case "duckdb_settings": return settingList()
    case "tundish_memory": return memoryList()
    default:
      // A function that makes rows in SELECT does so here too.
      let builder = SQLBuilder(range)
      let item = builder.call(name, call.arguments.map(\.value))
      let query = builder.query(builder.select([builder.item(item, as: name)], from: nil))
      return bind(query: query, parent: parent).map { relation($0, name: name, origin: nil) }
    }
  }

  /// `query('SELECT ...')`: the text is a query, bound where it stands.
  private func bindQueryText(
    _ call: FunctionCall,
    _ range: SourceRange,
    _ parent: Scope?
  ) -> Relation? {
    guard let text = constantText(call, "query", "query('SELECT ...')", range) else { return nil }
    let parsed = Syntax.parse(text)
    guard parsed.diagnostics.isEmpty, parsed.script.statements.count == 1,
      case .query(let query)? = parsed.script.statements.first?.kind
    else {
      let reason = parsed.diagnostics.first?.message ?? "it is not one query"
      report(
        .unreadableLiteral(
          text,
          type: "a query",
          at: blame(call.arguments[0].value.range),
          reason: reason
        )
      )
      return nil
    }
    return isolated(blame(range)) { bind(query: query) }
      .map { relation($0, name: "query", origin: nil) }
  }

  /// `query_table('deals')`: a table or view by a constant name.
  private func bindNamedTable(
    _ call: FunctionCall,
    _ range: SourceRange,
    _ parent: Scope?
  ) -> Relation? {
    guard let name = constantText(call, "query_table", "query_table('table')", range) else {
      return nil
    }
    let builder = SQLBuilder(call.arguments[0].value.range)
    let table = builder.table(QualifiedName([builder.identifier(name)]))
    let query = builder.query(builder.select([builder.item(builder.star)], from: table))
    return bind(query: query, parent: parent).map { relation($0, name: name, origin: nil) }
  }

  private func constantText(
    _ call: FunctionCall,
    _ name: String,
    _ signature: String,
    _ range: SourceRange
  ) -> String? {
    guard call.arguments.count == 1, case .text(let text)? = optionValue(call.arguments[0].value)
    else {
      report(
        .callForm("\(name) takes one constant text: \(signature)", at: blame(range))
      )
      return nil
    }
    return text
  }

  /// `repeat('x', 3)`: a row with a value, so many times.
  private func bindRepeatedRow(
    _ call: FunctionCall,
    _ range: SourceRange,
    _ parent: Scope?
  ) -> Relation? {
    guard call.arguments.count == 2 else {
      report(
        .wrongArgumentCount(
          function: "repeat",
          count: call.arguments.count,
          signatures: ["repeat(value, count)"],
          at: blame(range)
        )
      )
      return nil
    }
    let builder = SQLBuilder(range)
    let rows = FunctionCall(
      name: QualifiedName([builder.identifier("range")]),
      arguments: [call.arguments[1]]
    )
    let source = TableReference(.function(rows, withOrdinality: false), range: range)
    let item = builder.item(call.arguments[0].value, as: "repeat")
    let query = builder.query(builder.select([item], from: source))
    return bind(query: query, parent: parent).map { relation($0, name: "repeat", origin: nil) }
  }

  /// All functions, a row for each name and way of calling it.
  private func functionList() -> Relation {
    var rows: [[Value]] = []
    for function in StandardFunctions.scalar {
      for overload in function.overloads {
        rows += functionRows(
          [function.name] + function.aliases,
          "scalar",
          overload.parameters,
          overload.variadic,
          function.summary,
          function.examples
        )
      }
    }
    for function in StandardFunctions.aggregate {
      for overload in function.overloads {
        rows += functionRows(
          [function.name] + function.aliases,
          "aggregate",
          overload.parameters,
          overload.variadic,
          function.summary,
          function.examples
        )
      }
    }
    let text = DataType.list(.varchar)
    return information(
      "functions",
      [
        ("database_name", .varchar), ("schema_name", .varchar), ("function_name", .varchar),
        ("alias_of", .varchar), ("function_type", .varchar), ("description", .varchar),
        ("parameter_types", text), ("varargs", .varchar), ("examples", text),
      ],
      rows
    )
  }

  private func functionRows(
    _ names: [String],
    _ kind: String,
    _ parameters: [ParameterType],
    _ variadic: ParameterType?,
    _ summary: String,
    _ examples: [FunctionExample]
  ) -> [[Value]] {
    names.map { name in
      [
        .text("memory"), .text("main"), .text(name),
        name == names[0] ? .null : .text(names[0]), .text(kind), .text(summary),
        .list(parameters.map { .text($0.description) }),
        variadic.map { .text($0.description) } ?? .null,
        .list(examples.map { .text($0.call) }),
      ]
    }
  }

  private func settingList() -> Relation {
    information(
      "settings",
      [("name", .varchar), ("value", .varchar), ("description", .varchar)],
      SettingList.all.map {
        [.text($0.name), .text($0.get(environment.settings)), .text($0.summary)]
      }
    )
  }
}
