internal import TundishColumns
internal import TundishSyntax

// The clauses of a statement: dimensions, hidden metrics, and what is refused.
extension MetricExpander {
  /// How the rows of a group are spread over touches; nil where they are not.
  func credits(of key: GroupKey) -> TouchCredits? {
    guard let attribution = clauses.attribution, let touches = model.role(.touches),
      key.role == .opportunities || key.role == .leads
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

  /// Adds the dimensions that metrics are always cut by, such as the reason of `loss_reasons`.
  func addImpliedDimensions() {
    let definitions = references.compactMap {
      MetricBinder.definition($0.name.text, in: expander.catalog)
    }
    if clauses.over == nil, clauses.dimensions.isEmpty, let first = definitions.first,
      MetricBinder.isByAge(first)
    {
      // Cohorts down, ages across.
      clauses.over = .month
    }
    for reference in references {
      guard let definition = MetricBinder.definition(reference.name.text, in: expander.catalog),
        let name = MetricBinder.impliedDimension(of: definition)
      else { continue }
      let isNamed = clauses.dimensions.contains { dimension in
        [dimension.alias?.text, dimension.expression.simpleName?.text].contains {
          $0.map { foldedEqual($0, name) } ?? false
        }
      }
      guard !isNamed else { continue }
      let range = reference.name.range
      clauses.dimensions.append(
        Dimension(
          expression: Expression(.name([Identifier(name, range: range)]), range: range),
          range: range
        )
      )
    }
  }

  /// A metric of growth needs the window before: of the period, else of this month.
  func setPreviousWindow() throws(StatementFailure) {
    guard metrics.contains(where: \.needsPrevious), clauses.over == nil else { return }
    let pair = try frame.comparison(
      .previous(clauses.period == nil ? .month : nil, range),
      period: clauses.period,
      asOf: asOf,
      range: range
    )
    window = pair.current
    previousWindow = pair.previous
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

  /// Where the statement names an argument; else the whole statement.
  func range(ofArgument name: String) -> SourceRange {
    for argument in references.flatMap(\.arguments) {
      if case .name(let word) = argument, foldedEqual(word.text, name) { return word.range }
      if case .text(let text, let place) = argument, text == name { return place }
    }
    return range
  }

  /// Makes the dimensions known, for statements without metrics.
  func prepareDimensions() throws(StatementFailure) {
    dimensions = try namedDimensions()
  }

  func uniqueName(_ name: String, _ reference: MetricReference) -> String {
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
  func promoteGrainDimension() {
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

  func isOwnColumn(_ name: String) -> Bool {
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

  func namedDimensions() throws(StatementFailure) -> [NamedDimension] {
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
        moment: dimension.moment,
        range: dimension.range
      )
    }
  }

  /// Metrics that only `having`, `order by` and `top` name.
  func bindHiddenMetrics() throws(StatementFailure) {
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

  func isAnswerColumn(_ name: String) -> Bool {
    answerColumns().contains { foldedEqual($0, name) }
  }

  func answerColumns() -> [String] {
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

  func rejectSnapshotPeriods() throws(StatementFailure) {
    guard let period = clauses.period, clauses.over == nil else { return }
    for metric in metrics where !metric.isHidden {
      if metric.groups.allSatisfy({ binder.groups[$0].key.isSnapshot }) {
        throw StatementFailure([
          .snapshotWithPeriod(metric.definition.name.text, range: period.range)
        ])
      }
    }
  }

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
}
