internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds a name in FROM: a common table, a table, a view, `_`, `model.<role>`, the information
  /// schema, or a file in double quotes.
  func bindTable(_ name: QualifiedName, _ parent: Scope?) -> Relation? {
    guard let last = name.parts.last else { return nil }
    let key = foldedKey(last.text)
    if name.parts.count == 1, let common = commonTable(key) {
      return reference(to: common, last)
    }
    for key in environment.catalog.keys(for: name, current: searchedSchema) {
      if let entry = environment.catalog.tables[key] { return scan(entry, last) }
      if let view = environment.catalog.views[key] { return bindView(view, key, last) }
    }
    let schema = Catalog.schema(of: name) ?? ""
    if schema.isEmpty, key == "_", let result = environment.lastResult {
      return scan(BatchTableSource(schema: result.schema, batches: result.batches), "_", nil)
    }
    if schema == "model" { return bindRole(last, name.range) }
    if schema == "information_schema" || Self.systemTables.contains(key) {
      return bindInformation(key, name)
    }
    if last.isQuoted, name.parts.count == 1, Self.looksLikeFile(last.text) {
      return bindFile(
        last.text,
        options: FileOptions(),
        name: Self.stem(of: last.text),
        last.range
      )
    }
    reportUnknownTable(name)
    return nil
  }

  /// The name of the column that numbers the rows of a table.
  static let rowIDName = "rowid"

  private func commonTable(_ key: String) -> CommonTable? {
    for frame in commonTables.reversed() {
      if let found = frame.tables[key] { return found }
    }
    return nil
  }

  private func reference(to common: CommonTable, _ name: Identifier) -> Relation? {
    if let verb = common.silentVerb {
      report(
        .wrongState(
          "the \(verb) called '\(common.name)' gives no rows; RETURNING * at its end gives them",
          at: blame(name.range)
        )
      )
    }
    guard let columns = common.columns else { return nil }
    let copies = columns.map { makeCopy(of: $0) }
    let plan = Plan.reference(ReferencePlan(id: common.id, name: common.name, columns: copies))
    return relation(
      BoundQuery(plan: plan, columns: copies),
      name: common.name,
      origin: nil
    )
  }

  private func scan(_ entry: TableEntry, _ name: Identifier) -> Relation {
    let numbered = exposesRowIDs ? entry.table.numbered(as: Self.rowIDName) : nil
    let source = StoredTableSource(numbered ?? entry.table)
    var relation = scan(source, entry.shortName, foldedKey(entry.name))
    if numbered != nil {
      relation.tables[0].rowID = relation.tables[0].columns.removeLast().column
      relation.visible.removeLast()
    }
    if !entry.schema.isEmpty { relation.tables[0].schema = entry.schema }
    for (position, declared) in entry.constraints.declared
    where position < relation.visible.count {
      declaredTypes[relation.visible[position].column.id] = declared
    }
    return relation
  }

  /// Reads all columns of a source; those that are not used are pruned later.
  func scan(_ source: any TableSource, _ name: String, _ origin: String?) -> Relation {
    if !(source is StoredTableSource) { readsPassingRows = true }
    let columns = source.schema.fields.map { makeColumn($0.name, $0.type, unit: $0.unit) }
    let scanned = columns.enumerated().map { ScanColumn(column: $1, position: $0) }
    let plan = Plan.scan(ScanPlan(source: source, name: name, columns: scanned))
    return relation(BoundQuery(plan: plan, columns: columns), name: name, origin: origin)
  }

  private func bindView(_ view: CreateView, _ key: String, _ name: Identifier) -> Relation? {
    guard !expanding.contains("view " + key), expanding.count < BindingLimits.expansions else {
      let path = (expanding + ["view " + key]).map {
        $0.split(separator: " ").last.map(String.init) ?? $0
      }
      report(.circularDefinition(path, at: blame(name.range)))
      return nil
    }
    expanding.append("view " + key)
    let outer = searchedSchema
    searchedSchema = environment.catalog.viewSchemas[key] ?? Catalog.mainSchema
    defer {
      expanding.removeLast()
      searchedSchema = outer
    }
    let bound = isolated(name.range) { bind(query: view.query) }
    guard var bound else { return nil }
    if !view.columns.isEmpty { bound = named(bound, view.columns) }
    let schema = Catalog.schema(of: view.name) ?? ""
    return relation(bound, name: view.name.last, schema: schema, origin: key)
  }

  /// Gives the first columns of a query other names.
  func named(_ bound: BoundQuery, _ names: [Identifier]) -> BoundQuery {
    let columns = bound.columns.enumerated().map { position, column in
      position < names.count
        ? PlanColumn(
          id: column.id,
          name: names[position].text,
          type: column.type,
          unit: column.unit
        ) : column
    }
    let projected = zip(columns, bound.columns).map { renamed, column in
      ProjectedColumn(column: renamed, expression: .column(column, range: SourceRange(0, 0)))
    }
    return BoundQuery(plan: .project(projected, bound.plan), columns: columns)
  }

  private func bindRole(_ name: Identifier, _ written: SourceRange) -> Relation? {
    guard let sales = environment.sales else {
      report(.unknownTable("model.\(name.text)", at: blame(name.range), closest: nil))
      return nil
    }
    do {
      guard let query = try sales.expandView(role: name) else {
        let roles = ModelRole.allCases.map { foldedKey($0.rawValue) }
        report(
          .unknownTable(
            "model.\(name.text)",
            at: blame(name.range),
            closest: Suggestion.closest(to: name.text, in: roles)
          )
        )
        return nil
      }
      recordExpansion(
        "(\(Syntax.format(query)))" + (isAliased ? "" : " AS \(name.text)"),
        at: written
      )
      let bound = isolated(name.range) { bind(query: query) }
      return bound.map {
        relation(
          $0,
          name: name.text,
          schema: "model",
          origin: "model." + foldedKey(name.text)
        )
      }
    } catch {
      for diagnostic in error.diagnostics { report(diagnostic) }
      return nil
    }
  }

  /// Opens a file as a relation.
  func bindFile(
    _ path: String,
    options: FileOptions,
    name: String,
    _ range: SourceRange
  )
    -> Relation?
  {
    guard let resolver = environment.resolver else {
      report(.unsupported("reading files here", at: blame(range)))
      return nil
    }
    var options = options
    options.threadCount = environment.settings.threads
    do {
      let locale = environment.settings.locale
      if !locale.isEmpty, options.values["locale"] == nil {
        options.values["locale"] = .text(locale)
      }
      let source = try environment.files.open(
        path: path,
        options: options,
        with: resolver,
        at: blame(range)
      )
      return scan(source, name, nil)
    } catch {
      report(
        Diagnostic(
          code: DiagnosticCode(error.code),
          message: error.message,
          range: error.range(of: options, file: blame(range)),
          notes: error.notes
        )
      )
      return nil
    }
  }

  static func looksLikeFile(_ name: String) -> Bool {
    let lower = foldedKey(name)
    let endings = [
      ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".txt", ".gz", ".zst", ".bz2",
      ".parquet", ".arrow", ".xlsx",
    ]
    return endings.contains { lower.hasSuffix($0) } || lower.contains("/")
  }

  private func reportUnknownTable(_ name: QualifiedName) {
    let text = name.parts.map(\.text).joined(separator: ".")
    var candidates = environment.catalog.tables.values.map(\.name)
    candidates += environment.catalog.views.values.map(\.name.last)
    candidates += commonTables.flatMap { $0.tables.values.map(\.name) }
    if Self.looksLikeFile(text) {
      report(
        Diagnostic(
          code: .unknownTable,
          message: "no table named '\(text)'; a file is written '\(text)' in quotes",
          range: blame(name.range),
          fix: .init(range: blame(name.range), replacement: "'\(text)'")
        )
      )
      return
    }
    report(
      .unknownTable(
        text,
        at: blame(name.range),
        closest: Suggestion.closest(to: name.last, in: candidates)
      )
    )
  }
}

extension StoredTable {
  /// The table with one more column, the number of each row; nil where a column is called so.
  func numbered(as name: String) -> StoredTable? {
    guard schema.index(of: name) == nil else { return nil }
    let numbers = Column.integers((0..<Int64(rowCount)).map { $0 }, type: .bigint)
    return try? setting(Field(name: name, type: .bigint), to: numbers)
  }
}

/// Rows in memory as a source; a morsel is a batch.
final class BatchTableSource: TableSource {
  let schema: Schema
  private let batches: [Batch]

  init(schema: Schema, batches: [Batch]) {
    self.schema = schema
    self.batches = batches
  }

  /// Rows given as values, for small relations.
  convenience init(schema: Schema, rows: [[Value]]) {
    let columns = schema.fields.enumerated().map { position, field in
      Column.values(rows.map { $0[position] }, type: field.type)
    }
    self.init(schema: schema, batches: [Batch(columns: columns, rowCount: rows.count)])
  }

  var rowCount: Int? { batches.reduce(0) { $0 + $1.rowCount } }
  var morselCount: Int { batches.count }
  func statistics(ofColumn position: Int) -> ColumnStatistics? { nil }

  func cursor(
    morsel: Int,
    columns: [Int],
    predicates: [ZonePredicate],
    batchRowCount: Int
  ) throws(ExecutionError) -> any BatchCursor {
    BatchListCursor(batches[morsel].projected(columns), batchRowCount: batchRowCount)
  }
}

/// Cuts a batch into batches of a wanted size.
final class BatchListCursor: BatchCursor {
  private let batch: Batch
  private let batchRowCount: Int
  private var start = 0

  init(_ batch: Batch, batchRowCount: Int) {
    self.batch = batch
    self.batchRowCount = max(1, batchRowCount)
  }

  func next() throws(ExecutionError) -> Batch? {
    guard start < batch.rowCount else { return nil }
    let end = min(start + batchRowCount, batch.rowCount)
    defer { start = end }
    return start == 0 && end == batch.rowCount ? batch : batch.sliced(start..<end)
  }
}
