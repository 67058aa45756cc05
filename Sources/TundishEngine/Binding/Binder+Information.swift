internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Relations about relations that may be named without a schema.
  static let systemTables: Set<String> = [
    "duckdb_tables", "duckdb_columns", "duckdb_schemas", "sqlite_master",
  ]

  /// Binds `information_schema.tables`, `.columns` and `.schemata`.
  func bindInformation(_ key: String, _ name: QualifiedName) -> Relation? {
    switch key {
    case "tables", "sqlite_master": return informationTables(views: true)
    case "duckdb_tables": return informationTables(views: false)
    case "columns", "duckdb_columns": return informationColumns()
    case "schemata", "duckdb_schemas": return informationSchemas()
    default:
      report(
        .unknownTable(
          "information_schema.\(name.last)",
          at: blame(name.range),
          closest: Suggestion.closest(to: name.last, in: ["tables", "columns", "schemata"])
        )
      )
      return nil
    }
  }

  /// A relation of given rows.
  func information(
    _ name: String,
    _ fields: [(String, DataType)],
    _ rows: [[Value]]
  )
    -> Relation
  {
    let schema = Schema(fields.map { Field(name: $0.0, type: $0.1) })
    return scan(BatchTableSource(schema: schema, rows: rows), name, nil)
  }

  private func schemaText(_ key: String) -> Value {
    .text(key.isEmpty ? Catalog.mainSchema : environment.catalog.schemas[key] ?? key)
  }

  private func informationSchemas() -> Relation {
    let names = environment.catalog.schemas.values + [Catalog.mainSchema, "information_schema"]
    return information(
      "schemata",
      [("catalog_name", .varchar), ("schema_name", .varchar)],
      names.sorted().map { [.text("memory"), .text($0)] }
    )
  }

  private func informationTables(views: Bool) -> Relation {
    var rows: [[Value]] = []
    let tables = environment.catalog.tables.sorted { $0.key < $1.key }.map(\.value)
    for entry in tables {
      let kind = entry.isTemporary ? "LOCAL TEMPORARY" : "BASE TABLE"
      rows.append([
        .text("memory"), schemaText(entry.schema), .text(entry.shortName), .text(kind),
        .integer(Int64(entry.table.rowCount)),
      ])
    }
    let shownViews = views ? environment.catalog.views.sorted { $0.key < $1.key } : []
    for view in shownViews.map(\.value) {
      rows.append([
        .text("memory"), schemaText(Catalog.schema(of: view.name) ?? ""), .text(view.name.last),
        .text("VIEW"), .null,
      ])
    }
    return information(
      "tables",
      [
        ("table_catalog", .varchar), ("table_schema", .varchar), ("table_name", .varchar),
        ("table_type", .varchar), ("estimated_rows", .bigint),
      ],
      rows
    )
  }

  private func informationColumns() -> Relation {
    var rows: [[Value]] = []
    for entry in environment.catalog.tables.sorted(by: { $0.key < $1.key }).map(\.value) {
      let required = entry.constraints.notNull.union(entry.constraints.primaryKey)
      for (position, field) in entry.table.schema.fields.enumerated() {
        rows.append(
          informationRow(
            (entry.schema, entry.shortName),
            field.name,
            position,
            entry.constraints.declared[position]?.rawValue ?? field.type.description,
            isNullable: !required.contains(position),
            defaultValue: entry.constraints.defaults[position]
          )
        )
      }
    }
    for (key, view) in environment.catalog.views.sorted(by: { $0.key < $1.key }) {
      guard let columns = viewColumns(view, key) else { continue }
      for (position, column) in columns.enumerated() {
        rows.append(
          informationRow(
            (Catalog.schema(of: view.name) ?? "", view.name.last),
            column.name,
            position,
            column.type.description,
            isNullable: true,
            defaultValue: nil
          )
        )
      }
    }
    return information(
      "columns",
      [
        ("table_catalog", .varchar), ("table_schema", .varchar), ("table_name", .varchar),
        ("column_name", .varchar), ("ordinal_position", .integer), ("column_default", .varchar),
        ("is_nullable", .varchar), ("data_type", .varchar),
      ],
      rows
    )
  }

  private func informationRow(
    _ table: (schema: String, name: String),
    _ name: String,
    _ position: Int,
    _ type: String,
    isNullable: Bool,
    defaultValue: Expression?
  ) -> [Value] {
    [
      .text("memory"), schemaText(table.schema), .text(table.name), .text(name),
      .integer(Int64(position + 1)),
      defaultValue.map { .text(Syntax.format($0)) } ?? .null,
      .text(isNullable ? "YES" : "NO"), .text(type),
    ]
  }

  /// The columns of a view, asked of a binder of its own, whose findings do not matter here.
  private func viewColumns(_ view: CreateView, _ key: String) -> [PlanColumn]? {
    let binder = Binder(environment)
    binder.expanding = expanding + ["view " + key]
    guard !expanding.contains("view " + key) else { return nil }
    guard let bound = binder.bind(query: view.query) else { return nil }
    return view.columns.isEmpty ? bound.columns : named(bound, view.columns).columns
  }

  /// The name of a table in a list: bare in the schema that is used, else with its schema.
  private func shown(_ schema: String, _ name: String) -> String {
    environment.catalog.shown(schema, name, current: searchedSchema)
  }

  /// Binds DESCRIBE and SHOW in FROM.
  func bindDescription(_ statement: Statement, _ range: SourceRange) -> BoundQuery? {
    switch statement.kind {
    case .describe(.query(let query)):
      guard let bound = bind(query: query) else { return nil }
      let constraints = environment.catalog.described(query, current: environment.settings.schema)?
        .constraints
      let rows = bound.columns.enumerated().map { index, column in
        ColumnDescription.row(
          column.name,
          typeName(of: column.id, column.type),
          column.unit,
          at: index,
          constraints
        )
      }
      let described = information(
        "describe",
        ColumnDescription.names.map { ($0, .varchar) },
        rows
      )
      return BoundQuery(plan: described.plan, columns: described.plan.columns)
    case .show(.tables):
      let names =
        environment.catalog.tables.values.map { shown($0.schema, $0.shortName) }
        + environment.catalog.views.values.map {
          shown(Catalog.schema(of: $0.name) ?? "", $0.name.last)
        }
      let listed = information("tables", [("name", .varchar)], names.sorted().map { [.text($0)] })
      return BoundQuery(plan: listed.plan, columns: listed.plan.columns)
    default:
      report(.unsupported("this statement in FROM", at: blame(range)))
      return nil
    }
  }
}
