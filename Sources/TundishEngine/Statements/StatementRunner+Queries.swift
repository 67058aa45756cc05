internal import TundishColumns
internal import TundishSyntax

// The path of a query: expand, bind, optimize, run.
extension StatementRunner {
  /// Answers a query that the user sees: its rows become `_`, a sales query has its footer.
  ///
  /// `range` is the statement's.
  func answer(_ query: Query, at range: SourceRange) throws(StatementFailure) -> StatementResult {
    let expansion = try expandedSales(query)
    let planned =
      if let expansion {
        try planned(expansion.marked ?? expansion.query)
      } else {
        try knownPlan(of: query, at: range)
      }
    var schema = schema(of: planned.bound)
    var batches = try run(planned.plan, planned.bound).batches
    var unmatched: [Int: [Bool]] = [:]
    if let expansion, expansion.marked != nil {
      unmatched = Self.takeMarks(expansion.marks, from: &schema, &batches)
    }
    var result = StatementResult(schema: schema, batches: batches)
    result.unmatched = unmatched
    if let expansion {
      result.chart = expansion.chart
      result.labelCount = expansion.labelCount
      result.drawn = expansion.drawn
      result.ranks = expansion.ranks
      result.footer = try lines(of: expansion.footer)
      warnings += expansion.diagnostics
    }
    result.diagnostics = warnings
    session.lastResult = LastResult(schema: schema, batches: batches)
    return result
  }

  /// Takes the columns that mark unmatched values off an answer.
  private static func takeMarks(
    _ names: [String],
    from schema: inout Schema,
    _ batches: inout [Batch]
  ) -> [Int: [Bool]] {
    let width = schema.fields.count - names.count
    guard width > 0 else { return [:] }
    var unmatched: [Int: [Bool]] = [:]
    for (offset, name) in names.enumerated() {
      guard let position = schema.index(of: name) else { continue }
      unmatched[position] = batches.flatMap { batch in
        (0..<batch.rowCount).map {
          batch.columns[width + offset].value(at: $0) == .boolean(true)
        }
      }
    }
    schema = Schema(Array(schema.fields.prefix(width)))
    batches = batches.map {
      Batch(columns: Array($0.columns.prefix(width)), rowCount: $0.rowCount)
    }
    return unmatched
  }

  /// The plain query of a statement that is a sales query as a whole; nil for all others.
  func expandedSales(_ query: Query) throws(StatementFailure) -> Expansion? {
    guard case .sales(let sales) = query.body else { return nil }
    var expansion = try expander.expand(sales)
    // ORDER BY and LIMIT after a sales query in parentheses apply to its answer.
    if query.orderBy != nil || query.limit != nil || query.with != nil {
      expansion.marked = nil
      expansion.query = Query(
        with: query.with,
        body: .parenthesized(expansion.query),
        orderBy: query.orderBy,
        limit: query.limit,
        range: query.range
      )
    }
    return expansion
  }

  /// Binds, optimizes and runs a query.
  func answerRows(
    of query: Query,
    in catalog: Catalog? = nil
  ) throws(StatementFailure) -> (schema: Schema, batches: [Batch]) {
    let planned = try planned(query, in: catalog)
    let output = try run(planned.plan, planned.bound)
    return (schema(of: planned.bound), output.batches)
  }

  /// The plan of a query that the user sees: the one that was made when the session ran the same
  /// statement before, where that still holds.
  private func knownPlan(
    of query: Query,
    at range: SourceRange
  ) throws(StatementFailure) -> PlannedQuery {
    guard session.settings.hasPlanCache, parameters.isEmpty,
      let key = PlanCache.Key(text: text, range: range)
    else { return try planned(query) }
    if let known = session.plans[key] { return known }
    let planned = try planned(query)
    if planned.isRepeatable, !context.hasToldTime, warnings.isEmpty { session.plans[key] = planned }
    return planned
  }

  /// Binds and optimizes a query, and reads what the plan needs of the files in it.
  ///
  /// Files are bound with what a sample shows. When their rows have been read, the plan is made once
  /// more, with statistics; and where a type turned out to be another, the query is bound once more.
  /// Every turn reads columns that were not read before, so this ends.
  func planned(
    _ query: Query,
    in catalog: Catalog? = nil
  ) throws(StatementFailure) -> PlannedQuery {
    var bound = try bind(query, in: catalog)
    var isAgain = false
    while true {
      let (plan, rules) = optimized(bound)
      switch try files.read(for: plan, context: context, isAgain: isAgain) {
      case .complete:
        takeWarnings(files.warnings)
        return PlannedQuery(
          bound: bound,
          plan: plan,
          rules: rules,
          isRepeatable: !readsPassingRows
        )
      case .rows: isAgain = true
      case .otherTypes:
        bound = try bind(query, in: catalog)
        isAgain = false
      }
    }
  }

  /// Keeps warnings that are new.
  private func takeWarnings(_ found: [Diagnostic]) {
    for warning in found where !warnings.contains(warning) { warnings.append(warning) }
  }

  /// The columns that a query gives.
  func schema(of bound: BoundQuery) -> Schema {
    Schema(bound.columns.map { Field(name: $0.name, type: $0.type, unit: $0.unit) })
  }

  /// Gives names meaning.
  func bind(_ query: Query, in catalog: Catalog? = nil) throws(StatementFailure) -> BoundQuery {
    var binder = Binder(environment(in: catalog))
    var bound = binder.bind(query: query)
    if binder.missesRowID {
      binder = Binder(environment(in: catalog))
      binder.exposesRowIDs = true
      bound = binder.bind(query: query)
    }
    readsPassingRows = readsPassingRows || binder.readsPassingRows
    let errors = binder.diagnostics.filter { $0.severity == .error }
    guard let bound, errors.isEmpty else {
      // A type that a sample shows may be too narrow; a name that is missing stays so.
      let isAboutNames = errors.contains { Self.nameErrors.contains($0.code) }
      if !isAboutNames, case .otherTypes = try files.readAll() {
        return try bind(query, in: catalog)
      }
      throw StatementFailure(binder.diagnostics)
    }
    if files.showsTypes, case .otherTypes = try files.readAll() {
      return try bind(query, in: catalog)
    }
    takeWarnings(binder.diagnostics.filter { $0.severity == .warning })
    var complete = bound
    for column in bound.columns { complete.declared[column.id] = binder.declaredTypes[column.id] }
    return complete
  }

  private static let nameErrors: Set<DiagnosticCode> = [
    .unknownColumn, .ambiguousColumn, .unknownTable, .unknownFunction,
  ]

  /// Removes subqueries and rewrites the plan; the names of the rules that fired come with it.
  func optimized(_ bound: BoundQuery) -> (plan: Plan, rules: [String]) {
    Optimizer.optimize(
      bound.plan,
      output: bound.columns,
      settings: session.settings,
      functions: context
    )
  }

  /// Runs a plan.
  func run(
    _ plan: Plan,
    _ bound: BoundQuery,
    isProfiled: Bool = false
  ) throws(StatementFailure) -> QueryOutput {
    do {
      return try QueryExecutor.run(
        plan: plan,
        output: bound.columns,
        context: executionContext(plan, isProfiled: isProfiled)
      )
    } catch {
      throw StatementFailure([naming(error, in: plan).diagnostic])
    }
  }

  /// A failure of a cast with the row that it failed on, where that can be found.
  private func naming(_ failure: RuntimeFailure, in plan: Plan) -> RuntimeFailure {
    guard [.invalidCast, .overflow].contains(failure.error.kind),
      let row = FailedCast.find(in: plan, at: failure.range, context: context)
    else { return failure }
    let message = "\(failure.error.message) in row \(row.number) of \(row.table)"
    return RuntimeFailure(ExecutionError(failure.error.kind, message), at: failure.range)
  }

  private func executionContext(_ plan: Plan, isProfiled: Bool) -> ExecutionContext {
    ExecutionContext(
      functions: context,
      cancellation: session.cancellation,
      // The numbers of a sequence follow the order of rows.
      threadCount: context.sequences.isEmpty || !plan.readsSequences
        ? session.settings.threads : 1,
      batchRowCount: session.settings.batchRowCount,
      memoryLimit: session.settings.memoryLimit,
      spill: spillSpace,
      isProfiled: isProfiled
    )
  }

  /// Where rows beyond the memory limit go; nil where that is off.
  private var spillSpace: SpillSpace? {
    let directory = session.settings.temporaryDirectory
    guard let store = session.spillStore, !directory.isEmpty else { return nil }
    return SpillSpace(store: store, directory: directory)
  }

  func environment(in catalog: Catalog? = nil) -> BindingEnvironment {
    BindingEnvironment(
      catalog: catalog ?? session.catalog,
      settings: session.settings,
      resolver: session.resolver,
      files: files,
      context: context,
      parameters: parameters,
      lastResult: session.lastResult,
      runner: { [self] (query: Query) throws(StatementFailure) in
        try rows(of: query)
      },
      sales: expander
    )
  }
}

// What sales statements need of the driver.
extension StatementRunner: QueryRunner {
  /// Runs a query and returns all its rows.
  func rows(of query: Query) throws(StatementFailure) -> (schema: Schema, rows: [[Value]]) {
    let (schema, batches) = try answerRows(of: query)
    return (schema, Self.rows(of: batches))
  }

  /// The rows of some batches as values.
  static func rows(of batches: [Batch]) -> [[Value]] {
    batches.flatMap { batch in (0..<batch.rowCount).map { batch.row(at: $0) } }
  }

  /// Expands sales queries on the catalog as it is now.
  var expander: Expander {
    Expander(catalog: session.catalog, settings: salesSettings, runner: self)
  }

  /// What the session contributes to the meaning of sales statements.
  var salesSettings: SalesSettings {
    let context = context
    return SalesSettings(
      timezone: session.settings.timeZone,
      weekStart: session.settings.weekStart,
      fiscalYearStart: session.settings.fiscalYearStart,
      asOf: session.settings.asOf,
      localNow: context.timeZone.local(ofInstant: context.nowMicroseconds)
    )
  }

  /// The lines under the box; those that depend on the data are computed here.
  func lines(of footer: [FooterItem]) throws(StatementFailure) -> [String] {
    var lines: [String] = []
    // Several lines may be made of one query's answer.
    var answers: [Query: [[Value]]] = [:]
    for item in footer {
      switch item {
      case .text(let line):
        lines.append(line)
      case .computed(let query, let make):
        let answer: [[Value]]
        if let known = answers[query] { answer = known } else { answer = try rows(of: query).rows }
        answers[query] = answer
        lines += make(answer)
      }
    }
    return lines
  }

  /// Definitions of the sales door.
  func defineSales(_ statement: Statement) throws(StatementFailure) -> StatementResult {
    var catalog = session.catalog
    guard
      let outcome = try SalesStatements.execute(
        statement,
        catalog: &catalog,
        settings: salesSettings,
        runner: self
      )
    else {
      throw StatementFailure([.unsupported("this statement", at: statement.range)])
    }
    switch outcome {
    case .done(let messages):
      session.catalog = catalog
      return StatementResult(messages: messages, diagnostics: warnings)
    case .query(let query, let footer):
      let (schema, batches) = try answerRows(of: query)
      return StatementResult(
        schema: schema,
        batches: batches,
        footer: try lines(of: footer),
        diagnostics: warnings
      )
    }
  }
}
