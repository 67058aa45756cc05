internal import TundishSyntax

/// Binds the metrics of one statement: looks up definitions, fills in parameters, and splits every
/// metric into parts that scans compute.
final class MetricBinder {
  let catalog: Catalog
  let model: SalesModel
  let clauses: SalesClauses
  var groups: [MetricGroup] = []
  var openNames: [String] = []
  /// The period of the groups of a metric that says which is usual.
  var usualPeriod: String?
  /// The metric that the user named where its definition is another one over a usual period.
  var asked: (name: String, range: SourceRange)?
  /// Whether metrics are bound over all rows, whatever the period and the axis.
  var isAlways = false
  /// The currency in which a role's money is counted; nil where it is unknown or rows are grouped
  /// by it.
  var currencyOf: ((ModelRole) throws(StatementFailure) -> String?)?
  /// The role whose entities reach some milestones; leads where nobody asks the data.
  var entityOf: (([Milestone]) throws(StatementFailure) -> ModelRole)?
  var usedColumns: Set<String> = []

  /// The metrics that a derived metric may nest.
  static let maximumDepth = 16

  init(catalog: Catalog, clauses: SalesClauses, reserved: Set<String>) {
    self.catalog = catalog
    self.clauses = clauses
    model = catalog.model
    usedColumns = reserved
  }

  /// What a parameter of a metric stands for.
  enum Binding {
    case expression(Expression)
    case statistic(MetricArgument)
  }

  // MARK: Lookup

  /// The definition of a metric by name or synonym; nil where there is none.
  static func definition(_ name: String, in catalog: Catalog) -> CreateMetric? {
    let word = foldedText(name)
    let found =
      catalog.metrics[word]
      ?? catalog.metrics.values.first { $0.synonyms.contains { foldedEqual($0, word) } }
    guard let found else { return scoreMetric(word, in: catalog) }
    return Prelude.variant(of: found, in: catalog.model) ?? found
  }

  func definition(of name: Identifier) throws(StatementFailure) -> CreateMetric {
    if let found = Self.definition(name.text, in: catalog) { return found }
    throw StatementFailure([.unknownMetric(name, catalog: catalog)])
  }

  // MARK: Binding

  /// Binds a metric of the statement.
  func bind(_ reference: MetricReference) throws(StatementFailure) -> BoundMetric {
    var reference = reference
    var definition = try definition(of: reference.name)
    // `conversion_roi(ratio)` is the metric `conversion_roi_ratio`.
    if case .name(let argument)? = reference.arguments.first, foldedEqual(argument.text, "ratio"),
      let ratio = catalog.metrics[foldedText(definition.name.text) + "_ratio"]
    {
      definition = ratio
      reference.arguments.removeFirst()
    }
    // `conversion_rate from A to B` follows leads, or opportunities where both are stages of theirs.
    if definition.followsMilestones, let from = reference.from, let entityOf {
      definition.role = try entityOf([from] + (reference.to.map { [$0] } ?? []))
    }
    var bound = try bind(definition, reference: reference)
    if let per = reference.per { bound = try divide(bound, by: per, reference) }
    bound.name = reference.alias?.text ?? definition.name.text
    if bound.isCohort, !clauses.within.isEmpty, let group = bound.groups.min(),
      let date = groups[group].key.date
    {
      let sql = SQLBuilder()
      bound.immature = addPart(
        sql.call("count", [sql.star], filter: sql.call("immature", [date])),
        to: group,
        named: "\(definition.name.text)_immature",
        metric: definition.name.text,
        isZero: true,
        definesRows: false
      )
    }
    return bound
  }

  /// `lead_quality per lead`: the metric divided by the entities of a role, counted alike.
  func divide(
    _ metric: BoundMetric,
    by name: Identifier,
    _ reference: MetricReference
  ) throws(StatementFailure) -> BoundMetric {
    let word = foldedText(name.text)
    let sql = SQLBuilder(reference.range)
    let column: String
    var noun = word
    if let role = RoleScope.roleWords[word], let group = metric.groups.min(),
      groups[group].key.role == role
    {
      noun = role.rawValue.lowercasedASCII
      column = addPart(
        sql.call("count", [sql.star]),
        to: group,
        named: noun,
        metric: metric.name,
        isZero: true
      )
    } else {
      let plural = MetricReference(
        name: Identifier(word.hasSuffix("s") ? word : word + "s", range: name.range),
        range: name.range
      )
      let other = try bind(try definition(of: plural.name), reference: plural)
      guard let single = other.value.simpleName else {
        throw StatementFailure([
          .argumentNotAccepted(metric: metric.name, range: name.range)
        ])
      }
      noun = other.name
      column = single.text
    }
    var result = metric
    let count = sql.name(column)
    result.value =
      metric.unit == .count || metric.unit == .rate
      ? sql.binary(.divide, sql.cast(metric.value, "DOUBLE"), count)
      : sql.binary(.divide, metric.value, count)
    if metric.unit == .count { result.unit = .ratio }
    result.isZeroWhenEmpty = false
    result.isAdditive = false
    result.companions =
      [MetricCompanion(name: metric.name + "_total", value: metric.value, unit: metric.unit)]
      + [MetricCompanion(name: noun, value: count, unit: .count)]
    result.proportion = nil
    result.notes = [(sql.equal(count, sql.integer(0)), "empty denominator")]
    result.formula = "\(metric.formula) per \(name.text)"
    return result
  }

  /// The basis of a metric in this statement.
  func basis(of definition: CreateMetric) -> MetricBasis {
    guard let wanted = clauses.basis, wanted != definition.basis else { return definition.basis }
    switch (wanted, definition.basis) {
    case (.cohort, .period): return .cohort
    case (.snapshot, _): return .snapshot
    case (.period, .cohort): return .period
    case (.period, .snapshot), (.cohort, .snapshot), (.cohort, .cohort), (.period, .period):
      return definition.basis
    }
  }

  func bind(
    _ definition: CreateMetric,
    reference: MetricReference
  ) throws(StatementFailure) -> BoundMetric {
    let word = foldedText(definition.name.text)
    guard !openNames.contains(word) else {
      throw StatementFailure([
        .circularMetric(openNames + [word], range: reference.name.range)
      ])
    }
    guard openNames.count < Self.maximumDepth else {
      throw StatementFailure([.metricsTooDeep(definition.name.text, range: reference.range)])
    }
    openNames.append(word)
    defer { openNames.removeLast() }
    for option in definition.options {
      if case .requires(let role, let message) = option, model.role(role) == nil {
        throw StatementFailure([
          .missingRole(
            role,
            metric: definition.name.text,
            message: message,
            catalog: catalog,
            range: reference.name.range
          )
        ])
      }
    }
    var body = definition.body
    var denominator: (name: Identifier, body: MetricBody, role: ModelRole?)?
    var reference = reference
    if let to = reference.to,
      let other = definition.options.compactMap({ option -> MetricBody? in
        if case .to(let name, let body) = option, foldedEqual(name.text, to.name) {
          body
        } else {
          nil
        }
      }).first
    {
      body = other
      reference.to = nil
    }
    let bindings = try bindings(of: definition, reference)
    if let of = reference.denominator {
      let wanted = definition.options.first {
        if case .of(let name, _, _) = $0 { foldedEqual(name.text, of.text) } else { false }
      }
      guard case .of(let name, let other, let role)? = wanted else {
        throw StatementFailure([
          .unknownDenominator(of, metric: definition.name.text, known: definition.denominators)
        ])
      }
      switch other {
      case .rate, .derived: body = other
      case .count, .money, .days, .value: denominator = (name, other, role)
      }
    }
    return try bind(
      body,
      definition: definition,
      reference: reference,
      bindings: bindings,
      denominator: denominator
    )
  }

  func bind(
    _ body: MetricBody,
    definition: CreateMetric,
    reference: MetricReference,
    bindings: [String: Binding],
    denominator: (name: Identifier, body: MetricBody, role: ModelRole?)?
  ) throws(StatementFailure) -> BoundMetric {
    switch body {
    case .derived(let expression):
      return try bindDerived(
        try fill(expression, bindings),
        definition: definition,
        reference: reference
      )
    case .rate(let numerator, let numeratorName, let other, let denominatorName):
      return try bindRate(
        (numerator, numeratorName),
        (other, denominatorName),
        definition: definition,
        reference: reference,
        bindings: bindings,
        denominator: denominator
      )
    case .days(let expression):
      if let duration = shareDuration(reference) {
        return try bindShare(
          expression,
          duration,
          definition: definition,
          reference: reference,
          bindings: bindings
        )
      }
      return try bindAggregate(
        expression,
        .days,
        definition: definition,
        reference: reference,
        bindings: bindings
      )
    case .count(let expression):
      return try bindAggregate(
        expression,
        .count,
        definition: definition,
        reference: reference,
        bindings: bindings
      )
    case .money(let expression):
      return try bindAggregate(
        expression,
        .money(try currency(of: definition.role, in: expression)),
        definition: definition,
        reference: reference,
        bindings: bindings
      )
    case .value(let expression):
      return try bindAggregate(
        expression,
        .none,
        definition: definition,
        reference: reference,
        bindings: bindings
      )
    }
  }
}

extension CreateMetric {
  /// Whether its rows are the entities that reached the milestone of the statement.
  var followsMilestones: Bool {
    guard case .call(let call)? = date?.kind, foldedEqual(call.name.last, "at"),
      let start = call.arguments.first?.value.simpleName
    else { return false }
    return foldedEqual(start.text, "start")
  }
}
