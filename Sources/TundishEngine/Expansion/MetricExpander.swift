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
  var notes: [FooterItem] = []
  var references: [MetricReference]
  var usedNames: Set<String> = []

  init(
    expander: Expander,
    statement: MetricStatement,
    lookup: SchemaLookup? = nil
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
    asOf = try frame.asOf(statement.clauses.asOf, range: statement.range)
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
      return reference.arguments.map { argument in
        var single = reference
        single.arguments = [argument]
        let suffix =
          switch argument {
          case .name(let name): name.text
          case .percentile(let percent, _): "p\(MetricBinder.plainNumber(percent))"
          case .shareWithin: "share"
          case .text(let label, _): RoleScope.plain(label)
          }
        let base = reference.alias?.text ?? reference.name.text
        single.alias = Identifier("\(base)_\(suffix)", range: reference.range)
        return single
      }
    }
  }

  /// Binds metrics and dimensions; all that is wrong is reported together.
  func bind() throws(StatementFailure) {
    promoteGrainDimension()
    dimensions = try namedDimensions()
    var reserved = Set(dimensions.flatMap { [foldedText($0.name), foldedText($0.keyName)] })
    if let axisName { reserved.insert(axisName) }
    reserved.formUnion(["level", "is_total", "position"])
    binder = MetricBinder(catalog: expander.catalog, clauses: clauses, reserved: reserved)
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
    try rejectSnapshotPeriods()
  }

  // MARK: The query

  /// Expands the statement.
  func expand(isScalar: Bool) throws(StatementFailure) -> Expansion {
    try bind()
    if let list = clauses.list { return try expandList(list) }
    let builder = AnswerBuilder(statement: self)
    let query = try builder.query(isScalar: isScalar)
    return Expansion(query: query, footer: try footer(), chart: clauses.chart)
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
    return RoleScope(
      lookup: lookup,
      model: model,
      definition: definition,
      asOf: AsOfBound(
        expression: bound ?? sql.instant(asOf.instant),
        instant: bound == nil ? asOf.instant : nil
      ),
      range: range
    )
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
    return compiler
  }

  /// The condition that a row's date lies in the statement's window and before as-of.
  func dateConditions(
    _ compiler: GroupCompiler,
    window: TimeWindow?
  ) throws(StatementFailure) -> [Expression] {
    guard let date = compiler.date else {
      if needsDate, !compiler.group.key.isSnapshot {
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
    if let window {
      var conditions: [Expression] = []
      if let start = window.start { conditions.append(sql.atLeast(date, sql.instant(start))) }
      let end = min(window.end ?? asOf.instant, asOf.instant)
      conditions.append(sql.less(date, sql.instant(end)))
      return conditions
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

  /// Marks dimensions whose every scope shows a name for a key.
  func markKeyedDimensions(_ scopes: [RoleScope]) throws(StatementFailure) {
    for index in dimensions.indices {
      guard let path = dimensions[index].path else { continue }
      var isKeyed = !scopes.isEmpty
      for scope in scopes where try scope.resolve(path)?.key == nil { isKeyed = false }
      dimensions[index].isKeyed = isKeyed
    }
  }
}
