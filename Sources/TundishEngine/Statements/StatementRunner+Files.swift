internal import TundishColumns
internal import TundishSyntax

// LOAD, SNIFF, COPY, EXPORT and IMPORT DATABASE: what touches files, through the resolver.
extension StatementRunner {
  /// Executes `LOAD '<path>' [AS t]`.
  func run(_ load: Load) throws(StatementFailure) -> StatementResult {
    let options = withLocale(try fileOptions(load.options))
    let report = try opening(load.pathRange, options: options) { (resolver) throws(SourceError) in
      try resolver.load(path: load.path, options: options)
    }
    var loaded: [String] = []
    var notes = report.notes
    for table in report.tables {
      let wanted = report.tables.count == 1 ? load.alias?.text ?? table.name : table.name
      if load.alias != nil, report.tables.count > 1 {
        throw StatementFailure([
          .wrongState(
            "AS names one table, but '\(load.path)' holds \(report.tables.count)",
            at: load.pathRange
          )
        ])
      }
      session.catalog.tables[foldedKey(wanted)] = TableEntry(name: wanted, table: table.table)
      loaded.append("\(wanted) (\(Self.grouped(table.table.rowCount)))")
      notes += table.notes.map { "\(wanted): \($0)" }
    }
    session.keep(report.rejects)
    var messages: [String]
    if report.tables.count == 1, let only = loaded.first {
      messages = ["loaded \(only) from \(load.path)"]
    } else {
      let path = load.path.hasSuffix("/") ? String(load.path.dropLast()) : load.path
      messages = ["loaded \(loaded.count) tables from \(path): \(loaded.joined(separator: ", "))"]
    }
    messages += notes
    var catalog = session.catalog
    let runner = RememberingRunner(self, known: session.recognitionAnswers)
    messages += try SalesStatements.recognize(
      catalog: &catalog,
      settings: salesSettings,
      runner: runner,
      publish: { session.catalog = $0 }
    )
    session.catalog = catalog
    session.recognitionAnswers = runner.used
    return StatementResult(
      changedRowCount: report.tables.reduce(0) { $0 + $1.table.rowCount },
      messages: messages,
      diagnostics: warnings
    )
  }

  /// Digits in groups of three.
  static func grouped(_ number: Int) -> String {
    var digits = Array(String(number))
    var position = digits.count - 3
    while position > 0 {
      digits.insert(",", at: position)
      position -= 3
    }
    return String(digits)
  }

  /// Executes `SNIFF '<path>'`.
  func sniff(
    _ path: String,
    _ range: SourceRange,
    _ options: [FileOption]
  ) throws(StatementFailure) -> StatementResult {
    let options = withLocale(try fileOptions(options))
    let report = try opening(range, options: options) { (resolver) throws(SourceError) in
      try resolver.sniff(path: path, options: options)
    }
    return lines(report, named: "sniffed")
  }

  /// Executes `COPY ... TO | FROM '<path>'`.
  func run(_ copy: Copy, range: SourceRange) throws(StatementFailure) -> StatementResult {
    guard copy.isExport else { return try copyIn(copy) }
    let query: Query
    switch copy.subject {
    case .query(let inner): query = try expandedSales(inner)?.query ?? inner
    case .table(let name, let columns):
      let builder = SQLBuilder(name.range)
      let items =
        columns.isEmpty
        ? [SelectItem(expression: builder.expression(.star(Star())))]
        : columns.map { SelectItem(expression: builder.expression(.name([$0]))) }
      query = builder.query(builder.select(items, from: builder.table(name)))
    }
    let options = try fileOptions(copy.options)
    let (schema, batches) = try answerRows(of: query)
    let count = try opening(copy.pathRange, options: options) { (resolver) throws(SourceError) in
      try resolver.export(
        schema: schema,
        batches: batches,
        path: copy.path,
        options: options
      )
    }
    return StatementResult(
      changedRowCount: count,
      messages: ["wrote \(Self.grouped(count)) \(count == 1 ? "row" : "rows") to \(copy.path)"],
      diagnostics: warnings
    )
  }

  private func copyIn(_ copy: Copy) throws(StatementFailure) -> StatementResult {
    guard case .table(let name, let columns) = copy.subject else {
      throw StatementFailure([
        .wrongState("COPY ... FROM reads into a table, not into a query", at: copy.pathRange)
      ])
    }
    let builder = SQLBuilder(copy.pathRange)
    let options = copy.options.map { option in
      FunctionArgument(
        name: option.name,
        value: option.value ?? builder.boolean(true)
      )
    }
    let call = FunctionCall(
      name: QualifiedName([builder.identifier("read_csv")]),
      arguments: [FunctionArgument(value: builder.text(copy.path))] + options
    )
    let file =
      copy.options.isEmpty
      ? TableReference(.file(copy.path), range: copy.pathRange)
      : TableReference(.function(call, withOrdinality: false), range: copy.pathRange)
    let query = builder.query(
      builder.select([SelectItem(expression: builder.expression(.star(Star())))], from: file)
    )
    return try run(Insert(table: name, columns: columns, query: query))
  }

  /// The options with the session's locale, where they name none.
  private func withLocale(_ options: FileOptions) -> FileOptions {
    guard !session.settings.locale.isEmpty, options.values["locale"] == nil else { return options }
    var options = options
    options.values["locale"] = .text(session.settings.locale)
    return options
  }

  /// The options of a statement as the resolver takes them; `on_error` may be a bare name.
  func fileOptions(_ options: [FileOption]) throws(StatementFailure) -> FileOptions {
    var values: [String: Value] = [:]
    for option in options {
      let name = foldedKey(option.name.text)
      guard let value = option.value else {
        values[name] = .boolean(true)
        continue
      }
      if case .name(let parts) = value.kind, parts.count == 1 {
        values[name] = .text(parts[0].text)
      } else {
        values[name] = try constant(value)
      }
    }
    let ranges = options.map { option in
      (
        foldedKey(option.name.text),
        option.value.map { option.name.range.union($0.range) } ?? option.name.range
      )
    }
    var options = FileOptions(values)
    options.ranges = Dictionary(ranges) { first, _ in first }
    options.threadCount = session.settings.threads
    return options
  }

  /// Uses the resolver; failures point at the path.
  func opening<Result>(
    _ range: SourceRange,
    options: FileOptions? = nil,
    _ body: (any SourceResolver) throws(SourceError) -> Result
  ) throws(StatementFailure) -> Result {
    guard let resolver = session.resolver else {
      throw StatementFailure([
        .wrongState("this database does not open files", at: range)
      ])
    }
    do {
      return try body(resolver)
    } catch {
      throw StatementFailure([
        Diagnostic(
          code: DiagnosticCode(rawValue: error.code),
          message: error.message,
          range: error.range(of: options, file: range),
          notes: error.notes
        )
      ])
    }
  }

  /// Executes `EXPORT DATABASE '<folder>'`: one csv file per table, `schema.tnd` with everything else.
  func exportDatabase(
    _ path: String,
    _ options: [FileOption],
    range: SourceRange
  ) throws(StatementFailure) -> StatementResult {
    try checkExport(options)
    let script = DatabaseScript.text(of: session.catalog)
    let entries = session.catalog.tables.values.filter { !$0.isTemporary }
      .sorted { $0.name < $1.name }
    let tables = entries.map { entry in
      ExportedTable(
        name: entry.name,
        schema: entry.table.schema,
        batches: entry.table.batches()
      )
    }
    try opening(range) { (resolver) throws(SourceError) in
      try resolver.exportDatabase(folder: path, script: script, tables: tables)
    }
    return done("exported \(entries.count) tables to \(path)")
  }

  /// Tables are written as csv, in the one way that reads them back as they were.
  private func checkExport(_ options: [FileOption]) throws(StatementFailure) {
    let values = try fileOptions(options).values
    for option in options {
      let name = foldedKey(option.name.text)
      if name == "format", case .text(let format)? = values[name], foldedKey(format) == "csv" {
        continue
      }
      throw StatementFailure([
        .wrongState(
          name == "format"
            ? "EXPORT DATABASE writes csv; for another format, COPY each table TO a file"
            : "EXPORT DATABASE takes the option FORMAT csv only, not '\(option.name.text)'",
          at: option.value.map { option.name.range.union($0.range) } ?? option.name.range
        )
      ])
    }
  }

  /// Executes `IMPORT DATABASE '<folder>'`.
  func importDatabase(
    _ path: String,
    range: SourceRange
  ) throws(StatementFailure)
    -> StatementResult
  {
    let text = try opening(range) { (resolver) throws(SourceError) in
      try resolver.readScript(folder: path)
    }
    let parsed = Syntax.parse(text)
    let errors = parsed.diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else { throw StatementFailure(errors) }
    var count = 0
    for statement in parsed.script.statements {
      let inner = StatementRunner(session: session, text: text, parameters: [:])
      do {
        _ = try inner.run(statement)
      } catch {
        // The ranges point into the folder's script, which the user did not write.
        throw StatementFailure(
          error.diagnostics.map {
            Diagnostic(
              code: $0.code,
              message: "\(path)/schema.tnd: \($0.message)",
              range: range,
              notes: $0.notes
            )
          }
        )
      }
      session = inner.session
      if case .createTable(let create) = statement.kind {
        try fill(located(create.name).last, from: path, range: range)
        count += 1
      }
    }
    return done("imported \(count) tables from \(path)")
  }

  private func fill(
    _ name: String,
    from folder: String,
    range: SourceRange
  ) throws(StatementFailure) {
    guard var entry = session.catalog.tables[foldedKey(name)] else { return }
    let fields = entry.table.schema.fields
    let report = try opening(range) { (resolver) throws(SourceError) in
      try resolver.load(
        path: "\(folder)/\(ExportedTable.fileName(of: name))",
        options: ExportedTable.readingOptions(columnCount: fields.count)
      )
    }
    guard let loaded = report.tables.first?.table else { return }
    entry.table = try storing(range) { () throws(ExecutionError) in
      try StoredTable(
        schema: Schema(fields),
        batches: self.cast(loaded.batches(), to: fields)
      )
    }
    try verify(entry, range: range)
    store(entry)
  }
}
