internal import TundishColumns
internal import TundishSyntax

/// Expands one metric statement to a plain query.
///
/// The query reads each role once per date (`MetricGroup`), aggregates it, joins the groups on their
/// dimensions, and computes the metrics from the parts, so that totals come from rows and never from
/// printed rates.
final class MetricExpander {
  let expander: Expander
  let lookup: SchemaLookup
  let model: SalesModel
  let frame: TimeFrame
  let asOf: AsOfInstant
  let range: SourceRange
  let sql: SQLBuilder
  var clauses: SalesClauses
  var metrics: [BoundMetric] = []
  var binder: MetricBinder
  var dimensions: [NamedDimension] = []
  var window: TimeWindow?
  var previousWindow: TimeWindow?
  var withinIndex = 0
  /// Whether a comparison gives the counts of the previous window too.
  var tellsPreviousCounts = false
  var commons: [CommonTableExpression] = []
  /// The benchmarks of the metrics, by name.
  var benchmarks: [String: (value: Expression, source: String)] = [:]
  var references: [MetricReference]
  var usedNames: Set<String> = []

  init(
    expander: Expander,
    statement: MetricStatement,
    lookup: SchemaLookup? = nil,
    asOf known: AsOfInstant? = nil,
    events: (table: QualifiedName, at: Expression)? = nil
  ) throws(StatementFailure) {
    self.expander = expander
    let lookup =
      lookup ?? SchemaLookup(catalog: expander.catalog, runner: expander.runner)
    self.lookup = lookup
    model = expander.catalog.model
    frame = TimeFrame(lookup: lookup, model: model, settings: expander.settings)
    range = statement.range
    sql = SQLBuilder(statement.range)
    clauses = statement.clauses
    references = Self.spread(statement.metrics)
    binder = MetricBinder(catalog: expander.catalog, clauses: statement.clauses, reserved: [])
    if let known {
      asOf = known
    } else {
      asOf = try frame.asOf(statement.clauses.asOf, events: events, range: statement.range)
    }
    if let period = statement.clauses.period { window = try frame.window(period, asOf: asOf) }
    if let compare = statement.clauses.compare {
      let pair = try frame.comparison(
        compare,
        period: statement.clauses.period,
        asOf: asOf,
        range: statement.range
      )
      window = pair.current
      previousWindow = pair.previous
    }
  }

  /// The duration of `within` at hand, where there is one.
  var within: Duration? {
    clauses.within.indices.contains(withinIndex) ? clauses.within[withinIndex] : nil
  }

  /// Whether the answer has a row for each of several durations.
  var hasSeveralWithins: Bool { clauses.within.count > 1 }

  func chooseWithin(_ index: Int) {
    withinIndex = index
  }

  /// Whether rows need a date (R13).
  var needsDate: Bool {
    window != nil || clauses.over != nil || clauses.asOf != nil || clauses.compare != nil
      || !clauses.within.isEmpty
  }

  var axisName: String? { clauses.over?.rawValue }

  // MARK: Binding

  /// `time_to_conversion(median, p90)` is two metrics.
  static func spread(_ references: [MetricReference]) -> [MetricReference] {
    references.flatMap { reference -> [MetricReference] in
      guard reference.arguments.count > 1 else { return [reference] }
      // Each statistic of each stage: `time_in_stage(Proposal, median, p90)`.
      let statistics = reference.arguments.filter(isStatistic)
      let others = reference.arguments.filter { !isStatistic($0) }
      let choices: [[MetricArgument]] =
        others.isEmpty || statistics.isEmpty
        ? reference.arguments.map { [$0] }
        : others.flatMap { other in statistics.map { [other, $0] } }
      return choices.map { arguments in
        var single = reference
        single.arguments = arguments
        let base = reference.alias?.text ?? reference.name.text
        let name =
          choices.count == 1 && reference.alias != nil
          ? base : ([base] + arguments.map(suffix)).joined(separator: "_")
        single.alias = Identifier(name, range: reference.range)
        return single
      }
    }
  }

  private static func isStatistic(_ argument: MetricArgument) -> Bool {
    switch argument {
    case .name(let name): MetricBinder.statistics[foldedText(name.text)] != nil
    case .percentile, .shareWithin: true
    case .text: false
    }
  }

  private static func suffix(_ argument: MetricArgument) -> String {
    switch argument {
    case .name(let name): name.text
    case .percentile(let percent, _): "p\(MetricBinder.plainNumber(percent))"
    case .shareWithin: "share"
    case .text(let label, _): RoleScope.plain(label)
    }
  }

  /// Binds metrics and dimensions; all that is wrong is reported together.
  func bind() throws(StatementFailure) {
    addImpliedDimensions()
    promoteGrainDimension()
    dimensions = try namedDimensions()
    var reserved = Set(
      dimensions.flatMap { [$0.name, $0.keyName, $0.markName].map(foldedText) }
    )
    if let axisName { reserved.insert(axisName) }
    reserved.formUnion(["level", "is_total", "position"])
    binder = MetricBinder(catalog: expander.catalog, clauses: clauses, reserved: reserved)
    binder.currencyOf = { [unowned self] (role: ModelRole) throws(StatementFailure) in
      try self.currency(of: role)
    }
    binder.entityOf = { [unowned self] (milestones: [Milestone]) throws(StatementFailure) in
      try EntityRole(model: model, lookup: lookup).role(of: milestones)
    }
    var diagnostics: [Diagnostic] = []
    for reference in references {
      do throws(StatementFailure) {
        var bound = try binder.bind(reference)
        bound.name = uniqueName(bound.name, reference)
        metrics.append(bound)
      } catch {
        diagnostics += error.diagnostics
      }
    }
    guard diagnostics.isEmpty else { throw StatementFailure(diagnostics) }
    try rejectUnsupported()
    try bindHiddenMetrics()
    try setPreviousWindow()
    try rejectSnapshotPeriods()
  }

  // MARK: The query

  /// Expands the statement.
  func expand(isScalar: Bool) throws(StatementFailure) -> Expansion {
    try bind()
    if case .benchmark(let industry)? = clauses.versus {
      let finder = BenchmarkFinder(statement: self, industry: industry)
      for metric in metrics where !metric.isHidden {
        benchmarks[metric.name] = try finder.value(for: metric)
      }
    }
    if let list = clauses.list { return try expandList(list) }
    if clauses.chart == nil, clauses.over != nil, dimensions.count == 1, metrics.count == 1,
      MetricBinder.isByAge(metrics[0].definition)
    {
      clauses.chart = .grid
    }
    let builder = AnswerBuilder(statement: self)
    let query = try builder.query(isScalar: isScalar)
    var expansion = Expansion(query: query, footer: try footer(), chart: clauses.chart)
    if let sides = builder.oneSided() { expansion.footer.append(sides) }
    expansion.marks = dimensions.filter(\.isMarked).map(\.name)
    expansion.marked = builder.marked(query)
    expansion.labelCount =
      (axisName == nil ? 0 : 1) + dimensions.count + (hasSeveralWithins ? 1 : 0)
    expansion.ranks = builder.ranks
    let shown = metrics.filter { !$0.isHidden }.map(\.name)
    if expansion.labelCount == 0, let first = shown.first, shown.count > 1 {
      expansion.drawn = DrawnColumns(labels: [], value: first, others: Array(shown.dropFirst()))
    }
    return expansion
  }

  /// A scope over the rows of a group.
  func scope(of key: GroupKey, asOf bound: Expression? = nil) throws(StatementFailure) -> RoleScope
  {
    guard let definition = model.role(key.role) else {
      throw StatementFailure([
        .missingRole(
          key.role,
          metric: metricNames(of: key).first ?? "",
          message: nil,
          catalog: expander.catalog,
          range: range
        )
      ])
    }
    let scope = RoleScope(
      lookup: lookup,
      model: model,
      definition: definition,
      asOf: AsOfBound(
        expression: bound ?? sql.instant(asOf.instant),
        instant: bound == nil ? asOf.instant : nil
      ),
      range: range
    )
    if key.isCreation { scope.window = within }
    if let currency = clauses.currency {
      scope.conversion = try CurrencyConversion(target: currency, lookup: lookup)
    }
    return scope
  }

  /// A compiler of a group's rows with dimensions and the user's filter.
  func compiler(
    of group: MetricGroup,
    scope: RoleScope,
    dimensions: [NamedDimension]
  ) throws(StatementFailure) -> GroupCompiler {
    let compiler = GroupCompiler(statement: self, group: group, scope: scope)
    var dimensions = dimensions
    if credits(of: group.key) != nil {
      let touched = try touchDimensions().map(\.name)
      dimensions.removeAll { touched.contains($0.name) }
    }
    try compiler.prepareRows()
    var diagnostics: [Diagnostic] = []
    do throws(StatementFailure) { try compiler.addDimensions(dimensions) } catch {
      diagnostics += error.diagnostics
    }
    if let filter = clauses.filter {
      do throws(StatementFailure) { try compiler.addFilter(filter) } catch {
        diagnostics += error.diagnostics
      }
    }
    guard diagnostics.isEmpty else { throw StatementFailure(diagnostics) }
    try compiler.resolveDate()
    compiler.span = try span(of: group.key, window)
    return compiler
  }

  /// The condition that a row's date lies in the statement's window and before as-of.
  func dateConditions(
    _ compiler: GroupCompiler,
    window: TimeWindow?
  ) throws(StatementFailure) -> [Expression] {
    guard let date = compiler.date else {
      if needsDate, !compiler.group.key.isSnapshot, !compiler.group.key.isMovement {
        throw StatementFailure([
          .missingAttribute(
            "CREATED",
            of: compiler.scope.role,
            table: compiler.scope.definition.table.last,
            neededBy: metricNames(of: compiler.group.key).first,
            range: range
          )
        ])
      }
      return []
    }
    let key = compiler.group.key
    let needsDate = needsDate && !key.isWhole
    if let window = try self.window(of: key, window) {
      var conditions: [Expression] = []
      if let start = window.start { conditions.append(sql.atLeast(date, sql.instant(start))) }
      let last = window.end ?? asOf.instant
      let end = key.isPlanned ? last : min(last, asOf.instant)
      conditions.append(sql.less(date, sql.instant(end)))
      return conditions
    }
    if key.isPlanned, let grain = clauses.over {
      guard key.role == .quotas else { return [sql.isNull(date, not: true)] }
      // What is to be sold in the bucket at hand counts whole, later buckets not at all.
      let start = frame.calendar.start(of: grain, at: asOf.instant.lastDay)
      let end = frame.calendar.advance(start, by: 1, grain)
      return [sql.less(date, sql.instant(LocalInstant(end)))]
    }
    let isBefore = sql.less(date, sql.instant(asOf.instant))
    if needsDate {
      return [try hasLater(compiler, date) ? isBefore : sql.isNull(date, not: true)]
    }
    guard try hasLater(compiler, date) else { return [] }
    return [
      sql.expression(.parenthesized(sql.expression(.binary(.or, sql.isNull(date), isBefore))))
    ]
  }

  /// The window of a group: the statement's, else the one that its metric usually has.
  func window(of key: GroupKey, _ window: TimeWindow?) throws(StatementFailure) -> TimeWindow? {
    if key.isWhole { return nil }
    if let window { return window }
    let usual = key.usualPeriod ?? (key.isMovement && clauses.over == nil ? "this month" : nil)
    guard let text = usual, let kind = Self.period(text) else { return nil }
    return try frame.window(Period(kind, range: range), asOf: asOf)
  }

  /// The ends of a group's window as instants.
  func span(
    of key: GroupKey,
    _ window: TimeWindow?
  ) throws(StatementFailure) -> (start: Expression, end: Expression)? {
    guard let window = try self.window(of: key, window), let start = window.start else {
      return nil
    }
    let end = min(window.end ?? asOf.instant, asOf.instant)
    return (sql.instant(start), sql.instant(end))
  }

  /// `this quarter` and `past 12 months` as the prelude writes them.
  static func period(_ text: String) -> Period.Kind? {
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first, let last = words.last else { return nil }
    let singular = last.hasSuffix("s") ? String(last.dropLast()) : last
    guard let grain = Grain(rawValue: singular) else { return nil }
    switch (first, words.count) {
    case ("this", 2): return .this(grain)
    case ("last", 2): return .last(grain)
    case ("past", 3): return Int(words[1]).map { .pastCount($0, grain) }
    default: return nil
    }
  }

  /// Whether rows are dated as-of or later.
  func hasLater(
    _ compiler: GroupCompiler,
    _ date: Expression
  ) throws(StatementFailure) -> Bool {
    let query = sql.query(
      sql.select(
        [sql.item(sql.call("count", [sql.star]), as: "later")],
        from: compiler.scope.from,
        where: sql.atLeast(date, sql.instant(asOf.instant))
      )
    )
    guard case .integer(let count)? = try lookup.rows(of: query).first?.first else { return false }
    return count > 0
  }

  /// A name for a named query that is no table's.
  func commonName(_ wanted: String) -> String {
    var name = wanted
    var number = 2
    while expander.catalog.tables[foldedText(name)] != nil
      || expander.catalog.views[foldedText(name)] != nil
      || commons.contains(where: { foldedEqual($0.name.text, name) })
    {
      name = "\(wanted)_\(number)"
      number += 1
    }
    return name
  }

  func addCommon(_ name: String, _ query: Query) {
    commons.append(sql.common(name, query))
  }

  /// Whether some row has a value that its link does not find.
  private func hasUnmatched(
    _ link: (source: Expression, target: Expression, table: String),
    in scope: RoleScope
  ) throws(StatementFailure) -> Bool {
    let query = sql.query(
      sql.select(
        [sql.item(sql.call("count", [sql.star]), as: "unmatched")],
        from: scope.from,
        where: GroupCompiler.isUnmatched(link, sql)
      )
    )
    guard case .integer(let count)? = try lookup.rows(of: query).first?.first else { return false }
    return count > 0
  }

  /// Marks dimensions whose every scope shows a name for a key, and those with unmatched links.
  func markKeyedDimensions(_ scopes: [RoleScope]) throws(StatementFailure) {
    for index in dimensions.indices {
      guard let path = dimensions[index].path else { continue }
      var isKeyed = !scopes.isEmpty
      for scope in scopes {
        let found = try scope.resolve(path)
        if found?.key == nil { isKeyed = false }
        if let link = found?.link, try hasUnmatched(link, in: scope) {
          dimensions[index].isMarked = true
        }
      }
      dimensions[index].isKeyed = isKeyed
    }
  }
}
