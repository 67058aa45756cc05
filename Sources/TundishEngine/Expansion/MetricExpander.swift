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
  private(set) var clauses: SalesClauses
  private(set) var metrics: [BoundMetric] = []
  private(set) var binder: MetricBinder
  private(set) var dimensions: [NamedDimension] = []
  private(set) var window: TimeWindow?
  private(set) var previousWindow: TimeWindow?
  private var withinIndex = 0
  /// Whether a comparison gives the counts of the previous window too.
  var tellsPreviousCounts = false
  private(set) var commons: [CommonTableExpression] = []
  private(set) var notes: [FooterItem] = []
  private var references: [MetricReference]
  private var usedNames: Set<String> = []

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
  private static func spread(_ references: [MetricReference]) -> [MetricReference] {
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

  // MARK: Clauses

  /// How the rows of a group are spread over touches; nil where they are not.
  func credits(of key: GroupKey) -> TouchCredits? {
    guard let attribution = clauses.attribution, let touches = model.role(.touches),
      !key.isSnapshot, key.role == .opportunities || key.role == .leads
    else { return nil }
    return TouchCredits(statement: self, attribution: attribution, touches: touches)
  }

  /// The dimensions that are those of the touches.
  func touchDimensions() throws(StatementFailure) -> [NamedDimension] {
    guard let touches = model.role(.touches) else { return [] }
    var result: [NamedDimension] = []
    for dimension in dimensions where try TouchCredits.isTouch(dimension, touches, lookup) {
      result.append(dimension)
    }
    return result
  }

  /// Refuses clauses whose meaning would otherwise be passed over in silence.
  private func rejectUnsupported() throws(StatementFailure) {
    var diagnostics: [Diagnostic] = []
    if let currency = clauses.currency {
      diagnostics.append(.notYetExpanded("converting currencies", range: currency.range))
    }
    if case .benchmark? = clauses.versus {
      diagnostics.append(.notYetExpanded("comparing with a benchmark", range: range))
    }
    for dimension in clauses.dimensions {
      if let moment = dimension.moment, moment != .now {
        diagnostics.append(
          .notYetExpanded("reading a dimension at \(moment.rawValue)", range: dimension.range)
        )
      }
    }
    if let closing = clauses.closing, binder.groups.allSatisfy({ !$0.key.isSnapshot }) {
      diagnostics.append(
        .clauseNeeds(
          "'closing' selects open opportunities by expected close date; these metrics have their own dates",
          range: closing.range
        )
      )
    }
    if clauses.withRunning, clauses.over == nil {
      diagnostics.append(
        .clauseNeeds("'with running' needs an axis, such as 'over month'", range: range)
      )
    }
    if let attribution = clauses.attribution {
      if model.role(.touches) == nil {
        diagnostics.append(
          .missingRole(
            .touches,
            metric: "attributed by",
            message: nil,
            catalog: expander.catalog,
            range: attribution.model.range
          )
        )
      } else if !TouchCredits.models.contains(foldedText(attribution.model.text)) {
        diagnostics.append(
          .notYetExpanded(
            "attribution by '\(attribution.model.text)'",
            range: attribution.model.range
          )
        )
      }
    }
    if !diagnostics.isEmpty { throw StatementFailure(diagnostics) }
  }

  /// Where the statement names a milestone; else the whole statement.
  func range(ofMilestone name: String) -> SourceRange {
    for reference in references {
      for milestone in [reference.from, reference.to] {
        if let milestone, foldedEqual(milestone.name, name) { return milestone.range }
      }
    }
    return range
  }

  /// Makes the dimensions known, for statements without metrics.
  func prepareDimensions() throws(StatementFailure) {
    dimensions = try namedDimensions()
  }

  private func uniqueName(_ name: String, _ reference: MetricReference) -> String {
    if usedNames.insert(foldedText(name)).inserted { return name }
    var longer = name
    if let of = reference.denominator { longer += "_of_\(of.text)" }
    if let to = reference.to { longer += "_to_\(RoleScope.plain(to.name))" }
    if let outcome = reference.outcome { longer += "_\(outcome.rawValue)" }
    if case .name(let argument)? = reference.arguments.first { longer += "_\(argument.text)" }
    if case .percentile(let percent, _)? = reference.arguments.first {
      longer += "_p\(MetricBinder.plainNumber(percent))"
    }
    var number = 2
    var unique = longer
    while !usedNames.insert(foldedText(unique)).inserted {
      unique = "\(longer)_\(number)"
      number += 1
    }
    return unique
  }

  /// `by month` means `over month`, unless every metric has a column of that name.
  private func promoteGrainDimension() {
    guard clauses.over == nil else { return }
    for (index, dimension) in clauses.dimensions.enumerated() {
      guard dimension.alias == nil, let name = dimension.expression.simpleName,
        !name.isQuoted, let grain = Grain(rawValue: foldedText(name.text)),
        !isOwnColumn(name.text)
      else { continue }
      clauses.over = grain
      clauses.dimensions.remove(at: index)
      return
    }
  }

  private func isOwnColumn(_ name: String) -> Bool {
    let roles = references.compactMap {
      MetricBinder.definition($0.name.text, in: expander.catalog)?.role
    }
    guard !roles.isEmpty else { return false }
    return roles.allSatisfy { role in
      guard let definition = model.role(role) else { return false }
      let isColumn = (try? lookup.column(name, of: definition.table)).flatMap { $0 } != nil
      let isDate = ["created", "closed", "at", "period", "started", "since"].contains {
        definition.value($0)?.simpleName.map { foldedEqual($0.text, name) } ?? false
      }
      return isColumn && !isDate
    }
  }

  private func namedDimensions() throws(StatementFailure) -> [NamedDimension] {
    var names: Set<String> = []
    return clauses.dimensions.map { dimension in
      var path: [Identifier]?
      if case .name(let parts) = dimension.expression.unparenthesized.kind { path = parts }
      var name = dimension.alias?.text ?? path?.last?.text ?? "dimension"
      if names.contains(foldedText(name)), let path {
        name = path.map(\.text).joined(separator: "_")
      }
      var number = 2
      let base = name
      while !names.insert(foldedText(name)).inserted {
        name = "\(base)_\(number)"
        number += 1
      }
      return NamedDimension(
        name: name,
        path: path,
        expression: dimension.expression,
        range: dimension.range
      )
    }
  }

  /// Metrics that only `having`, `order by` and `top` name.
  private func bindHiddenMetrics() throws(StatementFailure) {
    var names: [Identifier] = []
    func collect(_ expression: Expression) {
      _ = expression.contains {
        if let name = $0.simpleName { names.append(name) }
        return false
      }
    }
    if let having = clauses.having { collect(having) }
    for item in clauses.orderBy { collect(item.expression) }
    if let metric = clauses.ranking?.metric { names.append(metric) }
    for name in names where !isAnswerColumn(name.text) {
      guard MetricBinder.definition(name.text, in: expander.catalog) != nil else {
        throw StatementFailure([
          .unknownMetric(name, catalog: expander.catalog, alsoKnown: answerColumns())
        ])
      }
      var bound = try binder.bind(MetricReference(name: name, range: name.range))
      bound.isHidden = true
      usedNames.insert(foldedText(bound.name))
      metrics.append(bound)
    }
  }

  private func isAnswerColumn(_ name: String) -> Bool {
    answerColumns().contains { foldedEqual($0, name) }
  }

  private func answerColumns() -> [String] {
    var names = dimensions.map(\.name)
    if let axisName { names.append(axisName) }
    for metric in metrics {
      names.append(metric.name)
      names += metric.companions.map(\.name)
      names.append(metric.name + "_share")
      if metric.proportion != nil { names += [metric.name + "_low", metric.name + "_high"] }
    }
    return names
  }

  private func rejectSnapshotPeriods() throws(StatementFailure) {
    guard let period = clauses.period, clauses.over == nil else { return }
    for metric in metrics where !metric.isHidden {
      if metric.groups.allSatisfy({ binder.groups[$0].key.isSnapshot }) {
        throw StatementFailure([
          .snapshotWithPeriod(metric.definition.name.text, range: period.range)
        ])
      }
    }
  }

  // MARK: What diagnostics say

  /// The metrics that read a group.
  func metricNames(of key: GroupKey) -> [String] {
    let index = binder.groups.firstIndex { $0.key == key }
    return metrics.filter { metric in index.map { metric.groups.contains($0) } ?? true }
      .map(\.definition.name.text)
  }

  /// The names by which a scope's rows may be cut.
  func dimensionNames(of scope: RoleScope) throws(StatementFailure) -> [String] {
    var names = scope.definition.attributeNames + scope.definition.milestones.map(\.name.text)
    names += try lookup.columns(of: scope.definition.table)?.map(\.name) ?? []
    for link in model.links {
      names +=
        try lookup.columns(of: QualifiedName(Array(link.target.parts.dropLast())))?
        .map(\.name) ?? []
    }
    return names
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
  private func hasLater(
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
