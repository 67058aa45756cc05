internal import TundishSyntax

/// Binds the metrics of one statement: looks up definitions, fills in parameters, and splits every
/// metric into parts that scans compute.
final class MetricBinder {
  let catalog: Catalog
  let model: SalesModel
  let clauses: SalesClauses
  private(set) var groups: [MetricGroup] = []
  private var openNames: [String] = []
  private var usedColumns: Set<String> = []

  /// The metrics that a derived metric may nest.
  static let maximumDepth = 16

  init(catalog: Catalog, clauses: SalesClauses, reserved: Set<String>) {
    self.catalog = catalog
    self.clauses = clauses
    model = catalog.model
    usedColumns = reserved
  }

  /// What a parameter of a metric stands for.
  private enum Binding {
    case expression(Expression)
    case statistic(MetricArgument)
  }

  // MARK: Lookup

  /// The definition of a metric by name or synonym; nil where there is none.
  static func definition(_ name: String, in catalog: Catalog) -> CreateMetric? {
    let word = foldedText(name)
    if let found = catalog.metrics[word] { return found }
    return catalog.metrics.values.first { $0.synonyms.contains { foldedEqual($0, word) } }
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
  private func divide(
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
    if metric.unit == .count { result.unit = .none }
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
  private func basis(of definition: CreateMetric) -> MetricBasis {
    guard let wanted = clauses.basis, wanted != definition.basis else { return definition.basis }
    switch (wanted, definition.basis) {
    case (.cohort, .period): return .cohort
    case (.snapshot, _): return .snapshot
    case (.period, .cohort): return .period
    case (.period, .snapshot), (.cohort, .snapshot), (.cohort, .cohort), (.period, .period):
      return definition.basis
    }
  }

  private func bind(
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
    let bindings = try bindings(of: definition, reference)
    var body = definition.body
    var denominator: (name: Identifier, body: MetricBody, role: ModelRole?)?
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

  private func bind(
    _ body: MetricBody,
    definition: CreateMetric,
    reference: MetricReference,
    bindings: [String: Binding],
    denominator: (name: Identifier, body: MetricBody, role: ModelRole?)?
  ) throws(StatementFailure) -> BoundMetric {
    switch body {
    case .derived(let expression):
      return try bindDerived(expression, definition: definition, reference: reference)
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
        .money(currency(of: definition.role)),
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

  // MARK: Aggregates

  private func bindAggregate(
    _ expression: Expression,
    _ unit: MetricUnit,
    definition: CreateMetric,
    reference: MetricReference,
    bindings: [String: Binding]
  ) throws(StatementFailure) -> BoundMetric {
    let aggregate = try restricted(try fill(expression, bindings), by: definition, bindings)
    let group = try self.group(definition, reference: reference, bindings: bindings)
    let isZero = Self.isAdditive(aggregate)
    let column = addPart(
      aggregate,
      to: group,
      named: definition.name.text,
      metric: definition.name.text,
      isZero: isZero
    )
    let sql = SQLBuilder(reference.range)
    let notes = try nullNotes(of: definition, group: group, bindings: bindings)
    return BoundMetric(
      name: definition.name.text,
      definition: definition,
      value: sql.name(column),
      unit: unit,
      isZeroWhenEmpty: isZero,
      companions: [],
      proportion: nil,
      notes: isZero ? [] : notes,
      standingNote: nil,
      isAdditive: isZero && !Self.countsDistinct(aggregate),
      groups: [group],
      formula: definition.formula,
      isCohort: basis(of: definition) == .cohort
    )
  }

  private func bindRate(
    _ numerator: (Expression, Identifier),
    _ denominator: (Expression, Identifier),
    definition: CreateMetric,
    reference: MetricReference,
    bindings: [String: Binding],
    denominator other: (name: Identifier, body: MetricBody, role: ModelRole?)?
  ) throws(StatementFailure) -> BoundMetric {
    let sql = SQLBuilder(reference.range)
    var group = try self.group(definition, reference: reference, bindings: bindings)
    let denominatorGroup: Int
    var denominatorBody = denominator.0
    var denominatorName = denominator.1.text
    var isProportion = true
    if let other {
      denominatorName = other.name.text
      switch other.body {
      case .count(let expression), .money(let expression), .days(let expression),
        .value(let expression):
        denominatorBody = expression
      case .rate, .derived: break
      }
      if let role = other.role, role != definition.role {
        denominatorGroup = try self.group(
          role: role,
          basis: .period,
          date: MetricBinder.ownDate(of: role),
          metric: definition.name.text,
          range: reference.range
        )
        isProportion = foldedEqual(other.name.text, "visitors")
      } else {
        denominatorGroup = group
      }
    } else {
      denominatorGroup = group
      if clauses.basis == .period, definition.basis == .cohort,
        let finish = bindings["finish"], case .expression(let milestone) = finish
      {
        group = try self.group(
          role: definition.role ?? .leads,
          basis: .period,
          date: sql.call("at", [milestone]).moved(to: SourceRange(0, 0)),
          metric: definition.name.text,
          range: reference.range
        )
        isProportion = false
      }
    }
    let numeratorAggregate = try restricted(
      try fill(numerator.0, bindings),
      by: definition,
      bindings
    )
    var denominatorAggregate = try fill(denominatorBody, bindings)
    if denominatorGroup == group {
      denominatorAggregate = try restricted(denominatorAggregate, by: definition, bindings)
    }
    let first = addPart(
      numeratorAggregate,
      to: group,
      named: numerator.1.text,
      metric: definition.name.text,
      isZero: Self.isAdditive(numeratorAggregate),
      definesRows: group != denominatorGroup
    )
    let second = addPart(
      denominatorAggregate,
      to: denominatorGroup,
      named: denominatorName,
      metric: definition.name.text,
      isZero: Self.isAdditive(denominatorAggregate)
    )
    let isCount = Self.isCount(numeratorAggregate) && Self.isCount(denominatorAggregate)
    let unit: MetricUnit = isCount ? .count : .money(currency(of: definition.role))
    let value = sql.binary(.divide, sql.cast(sql.name(first), "DOUBLE"), sql.name(second))
    var notes = try nullNotes(of: definition, group: group, bindings: bindings)
    let nullConditions = notes.map(\.condition)
    notes.append((sql.equal(sql.name(second), sql.integer(0)), "empty denominator"))
    if isCount, isProportion {
      notes.append((sql.less(sql.name(second), sql.integer(30)), "n < 30"))
    }
    return BoundMetric(
      name: definition.name.text,
      definition: definition,
      value: nullConditions.isEmpty
        ? value
        : sql.choose(nullConditions.map { ($0, sql.null) }, otherwise: value),
      unit: .rate,
      isZeroWhenEmpty: false,
      companions: [
        MetricCompanion(name: numerator.1.text, value: sql.name(first), unit: unit),
        MetricCompanion(name: denominatorName, value: sql.name(second), unit: unit),
      ],
      proportion: isCount && isProportion ? (sql.name(first), sql.name(second)) : nil,
      notes: notes,
      standingNote: isProportion || !isCount ? nil : "not a proportion",
      isAdditive: false,
      groups: [group, denominatorGroup],
      formula: other == nil
        ? definition.formula : "\(numerator.1.text) / \(denominatorName)",
      isCohort: basis(of: definition) == .cohort
    )
  }

  /// `DAYS (statistic(x) ...)` asked as `share within 24 hours`.
  private func bindShare(
    _ expression: Expression,
    _ duration: Duration,
    definition: CreateMetric,
    reference: MetricReference,
    bindings: [String: Binding]
  ) throws(StatementFailure) -> BoundMetric {
    let sql = SQLBuilder(reference.range)
    guard case .call(let call) = expression.unparenthesized.kind,
      let days = call.arguments.first?.value
    else {
      throw StatementFailure([
        .argumentNotAccepted(metric: definition.name.text, range: reference.range)
      ])
    }
    let limit = sql.expression(.literal(.decimal(Self.days(of: duration))))
    let numerator = sql.call(
      "count",
      [sql.star],
      filter: sql.all([call.filter, sql.binary(.lessOrEqual, days, limit)].compactMap { $0 })
    )
    let denominator = sql.call("count", [sql.star], filter: call.filter)
    return try bindRate(
      (numerator, sql.identifier("within_limit")),
      (denominator, sql.identifier(definition.role?.rawValue.lowercasedASCII ?? "counted")),
      definition: definition,
      reference: reference,
      bindings: bindings,
      denominator: nil
    )
  }

  private func shareDuration(_ reference: MetricReference) -> Duration? {
    for argument in reference.arguments {
      if case .shareWithin(let duration) = argument { return duration }
    }
    return nil
  }

  // MARK: Derived metrics

  private func bindDerived(
    _ expression: Expression,
    definition: CreateMetric,
    reference: MetricReference
  ) throws(StatementFailure) -> BoundMetric {
    let sql = SQLBuilder(reference.range)
    // A name alone is another metric under this name.
    if let name = expression.simpleName {
      var inner = reference
      inner.name = name
      inner.denominator = nil
      var bound = try bind(try self.definition(of: name), reference: inner)
      bound.definition = definition
      return bound
    }
    var components: [BoundMetric] = []
    var denominators: [Expression] = []
    let value = try derive(
      expression,
      definition: definition,
      reference: reference,
      components: &components,
      denominators: &denominators
    )
    var seen: Set<String> = []
    let companions = components.filter { seen.insert($0.name).inserted }.map {
      MetricCompanion(name: $0.name, value: $0.value, unit: $0.unit)
    }
    var notes: [(condition: Expression, text: String)] = []
    for option in definition.options {
      if case .nullWhen(let condition, let reason) = option {
        var ignored: [Expression] = []
        notes.append(
          (
            try derive(
              condition,
              definition: definition,
              reference: reference,
              components: &components,
              denominators: &ignored
            ), reason
          )
        )
      }
    }
    let nulls = notes.map { ($0.condition, sql.null) }
    for denominator in denominators {
      notes.append((sql.equal(denominator, sql.integer(0)), "empty denominator"))
    }
    for component in components where !component.isZeroWhenEmpty {
      notes.append((sql.isNull(component.value), "no \(component.name)"))
    }
    let unit = Self.unit(of: expression) { name in
      components.first { foldedEqual($0.name, name) }?.unit ?? .none
    }
    let isRatioOfCounts = unit == .rate && components.allSatisfy { $0.unit == .count }
    return BoundMetric(
      name: definition.name.text,
      definition: definition,
      value: nulls.isEmpty ? value : sql.choose(nulls, otherwise: value),
      unit: unit,
      isZeroWhenEmpty: false,
      companions: companions,
      proportion: nil,
      notes: notes,
      standingNote: isRatioOfCounts ? "not a proportion" : nil,
      isAdditive: denominators.isEmpty && components.allSatisfy(\.isAdditive)
        && !expression.contains {
          if case .binary(let operation, _, _) = $0.kind { operation == .multiply } else { false }
        },
      groups: components.reduce(into: []) { $0.formUnion($1.groups) },
      formula: definition.formula
    )
  }

  private func derive(
    _ expression: Expression,
    definition: CreateMetric,
    reference: MetricReference,
    components: inout [BoundMetric],
    denominators: inout [Expression]
  ) throws(StatementFailure) -> Expression {
    let sql = SQLBuilder(reference.range)
    switch expression.kind {
    case .name(let parts):
      guard parts.count == 1 else { break }
      return try component(
        MetricReference(name: parts[0], range: parts[0].range),
        of: definition,
        reference,
        &components
      )
    case .call(let call):
      if foldedEqual(call.name.last, "ratio"), let inner = call.arguments.first?.value {
        return try derive(
          inner,
          definition: definition,
          reference: reference,
          components: &components,
          denominators: &denominators
        )
      }
      guard call.name.parts.count == 1, Self.definition(call.name.last, in: catalog) != nil else {
        break
      }
      let inner = MetricReference(
        name: call.name.parts[0],
        arguments: call.arguments.compactMap { argument in
          argument.value.simpleName.map { .name($0) }
        },
        range: expression.range
      )
      return try component(inner, of: definition, reference, &components)
    case .binary(.divide, let left, let right):
      let over = try derive(
        left,
        definition: definition,
        reference: reference,
        components: &components,
        denominators: &denominators
      )
      let under = try derive(
        right,
        definition: definition,
        reference: reference,
        components: &components,
        denominators: &denominators
      )
      denominators.append(under)
      let isMoney =
        Self.unit(
          of: left,
          { name in components.first { foldedEqual($0.name, name) }?.unit ?? .none }
        )
      if case .money = isMoney,
        case .count = Self.unit(
          of: right,
          { name in components.first { foldedEqual($0.name, name) }?.unit ?? .none }
        )
      {
        return sql.binary(.divide, over, under)
      }
      return sql.binary(.divide, sql.cast(over, "DOUBLE"), under)
    default:
      break
    }
    var failure: StatementFailure?
    var isRoot = true
    let result = try expression.rewritten(at: reference.range) {
      (part: Expression) throws(StatementFailure) -> Expression? in
      if isRoot {
        isRoot = false
        return nil
      }
      do throws(StatementFailure) {
        return try derive(
          part,
          definition: definition,
          reference: reference,
          components: &components,
          denominators: &denominators
        )
      } catch {
        failure = error
        return part
      }
    }
    if let failure { throw failure }
    return result
  }

  private func component(
    _ inner: MetricReference,
    of definition: CreateMetric,
    _ reference: MetricReference,
    _ components: inout [BoundMetric]
  ) throws(StatementFailure) -> Expression {
    guard let found = Self.definition(inner.name.text, in: catalog) else {
      throw StatementFailure([
        .unknownMetric(
          Identifier(inner.name.text, range: reference.range),
          catalog: catalog,
          definedIn: definition.name.text
        )
      ])
    }
    var moved = inner
    moved.range = reference.range
    moved.name = Identifier(inner.name.text, range: reference.name.range)
    var bound = try bind(found, reference: moved)
    bound.name = found.name.text
    components.append(bound)
    return bound.isZeroWhenEmpty
      ? SQLBuilder(reference.range).call(
        "coalesce",
        [bound.value, SQLBuilder(reference.range).integer(0)]
      ) : bound.value
  }

  /// The unit of an expression over metrics.
  static func unit(of expression: Expression, _ lookup: (String) -> MetricUnit) -> MetricUnit {
    switch expression.kind {
    case .name(let parts): return lookup(parts.last?.text ?? "")
    case .parenthesized(let inner): return unit(of: inner, lookup)
    case .call(let call):
      if foldedEqual(call.name.last, "ratio") { return .none }
      if foldedEqual(call.name.last, "coalesce") || foldedEqual(call.name.last, "nullif"),
        let first = call.arguments.first?.value
      {
        return unit(of: first, lookup)
      }
      return lookup(call.name.last)
    case .binary(let operation, let left, let right):
      let first = unit(of: left, lookup)
      let second = unit(of: right, lookup)
      switch (operation, first, second) {
      case (.add, _, _), (.subtract, _, _): return first == .none ? second : first
      case (.divide, .money, .money), (.divide, .count, .count): return .rate
      case (.divide, .money, .count), (.multiply, .money, .rate), (.multiply, .money, .count),
        (.divide, .money, .none), (.multiply, .money, .none), (.divide, .money, .days):
        return first
      case (.multiply, .rate, .money), (.multiply, .count, .money), (.multiply, .none, .money):
        return second
      default: return .none
      }
    default: return .none
    }
  }

  // MARK: Groups and parts

  private func group(
    _ definition: CreateMetric,
    reference: MetricReference,
    bindings: [String: Binding]
  ) throws(StatementFailure) -> Int {
    let role = definition.role ?? .opportunities
    let basis = basis(of: definition)
    var date = definition.date
    if basis == .snapshot { date = nil }
    if basis == .cohort, definition.basis == .period {
      date = SQLBuilder().name(role == .opportunities || role == .leads ? "created" : "at")
    }
    return try group(
      role: role,
      basis: basis,
      date: try date.map { (value: Expression) throws(StatementFailure) -> Expression in
        try fill(value, bindings)
      },
      metric: definition.name.text,
      range: reference.name.range
    )
  }

  private func group(
    role: ModelRole,
    basis: MetricBasis,
    date: Expression?,
    metric: String,
    range: SourceRange
  ) throws(StatementFailure) -> Int {
    guard model.role(role) != nil else {
      throw StatementFailure([
        .missingRole(role, metric: metric, message: nil, catalog: catalog, range: range)
      ])
    }
    let key = GroupKey(
      role: role,
      isSnapshot: basis == .snapshot,
      date: date?.moved(to: SourceRange(0, 0))
    )
    if let index = groups.firstIndex(where: { $0.key == key }) { return index }
    groups.append(MetricGroup(key: key))
    return groups.count - 1
  }

  private func addPart(
    _ aggregate: Expression,
    to group: Int,
    named name: String,
    metric: String,
    isZero: Bool,
    definesRows: Bool = true
  ) -> String {
    let aggregate = aggregate.moved(to: SourceRange(0, 0))
    if let known = groups[group].parts.firstIndex(where: { $0.aggregate == aggregate }) {
      if definesRows { groups[group].parts[known].definesRows = true }
      return groups[group].parts[known].column
    }
    var column = foldedText(name)
    if usedColumns.contains(column) { column = "\(foldedText(metric))_\(column)" }
    var number = 2
    let base = column
    while !usedColumns.insert(column).inserted {
      column = "\(base)_\(number)"
      number += 1
    }
    groups[group].parts.append(
      MetricPart(
        column: column,
        aggregate: aggregate,
        isZeroWhenEmpty: isZero,
        definesRows: definesRows
      )
    )
    return column
  }

  /// `NULL WHEN <condition over names of aggregates> THEN '<reason>'` of a metric over rows.
  private func nullNotes(
    of definition: CreateMetric,
    group: Int,
    bindings: [String: Binding]
  ) throws(StatementFailure) -> [(condition: Expression, text: String)] {
    var notes: [(condition: Expression, text: String)] = []
    for option in definition.options {
      guard case .nullWhen(let condition, let reason) = option else { continue }
      let filled = try fill(condition, bindings)
      let value = try filled.rewritten {
        (part: Expression) throws(StatementFailure) -> Expression? in
        guard case .call(let call) = part.kind, Self.isAggregate(call.name.last) else { return nil }
        let column = addPart(
          part,
          to: group,
          named: "\(definition.name.text)_\(call.name.last)",
          metric: definition.name.text,
          isZero: Self.isAdditive(part),
          definesRows: false
        )
        return SQLBuilder(part.range).name(column)
      }
      notes.append((value, reason))
    }
    return notes
  }

  // MARK: Parameters

  private func bindings(
    of definition: CreateMetric,
    _ reference: MetricReference
  ) throws(StatementFailure) -> [String: Binding] {
    var bindings: [String: Binding] = [:]
    for parameter in definition.parameters {
      if let value = parameter.defaultValue {
        bindings[foldedText(parameter.name.text)] =
          foldedEqual(parameter.name.text, "statistic")
          ? .statistic(.name(value.simpleName ?? Identifier("median", range: reference.range)))
          : .expression(value)
      }
    }
    for argument in reference.arguments {
      switch argument {
      case .percentile, .shareWithin:
        guard bindings["statistic"] != nil else {
          throw StatementFailure([
            .argumentNotAccepted(metric: definition.name.text, range: reference.range)
          ])
        }
        bindings["statistic"] = .statistic(argument)
      case .name(let name):
        if Self.statistics[foldedText(name.text)] != nil, bindings["statistic"] != nil {
          bindings["statistic"] = .statistic(argument)
        } else if bindings["milestone"] != nil {
          bindings["milestone"] = .expression(Expression(.name([name]), range: name.range))
        } else if bindings["option"] != nil {
          bindings["option"] = .expression(Expression(.name([name]), range: name.range))
        } else {
          throw StatementFailure([
            .argumentNotAccepted(metric: definition.name.text, range: name.range)
          ])
        }
      case .text(let label, let range):
        guard bindings["milestone"] != nil else {
          throw StatementFailure([
            .argumentNotAccepted(metric: definition.name.text, range: range)
          ])
        }
        bindings["milestone"] = .expression(Expression(.literal(.string(label)), range: range))
      }
    }
    try bind(reference.from, to: "start", of: definition, &bindings)
    try bind(reference.to, to: "finish", of: definition, &bindings)
    if let outcome = reference.outcome {
      guard bindings["outcomes"] != nil else {
        throw StatementFailure([
          .argumentNotAccepted(metric: definition.name.text, range: reference.range)
        ])
      }
      bindings["outcomes"] = .expression(
        Expression(
          .name([Identifier(outcome.rawValue, range: reference.range)]),
          range: reference.range
        )
      )
    }
    if let duration = reference.denominatorDuration {
      bindings["stale"] = .expression(Expression(.duration(duration), range: duration.range))
    }
    return bindings
  }

  private func bind(
    _ milestone: Milestone?,
    to parameter: String,
    of definition: CreateMetric,
    _ bindings: inout [String: Binding]
  ) throws(StatementFailure) {
    guard let milestone else { return }
    guard bindings[parameter] != nil else {
      throw StatementFailure([
        .argumentNotAccepted(metric: definition.name.text, range: milestone.range)
      ])
    }
    bindings[parameter] = .expression(
      milestone.isLabel
        ? Expression(.literal(.string(milestone.name)), range: milestone.range)
        : Expression(
          .name([Identifier(milestone.name, range: milestone.range)]),
          range: milestone.range
        )
    )
  }

  /// Replaces the parameters of a metric in an expression.
  private func fill(
    _ expression: Expression,
    _ bindings: [String: Binding]
  ) throws(StatementFailure) -> Expression {
    guard !bindings.isEmpty else { return expression }
    return try expression.rewritten {
      (part: Expression) throws(StatementFailure) -> Expression? in
      switch part.kind {
      case .name(let parts):
        guard parts.count == 1, case .expression(let value)? = bindings[foldedText(parts[0].text)]
        else { return nil }
        return value
      case .call(let call):
        guard foldedEqual(call.name.last, "statistic"),
          case .statistic(let statistic)? = bindings["statistic"]
        else { return nil }
        var filled = call
        let range = part.range
        let arguments = try call.arguments.map {
          argument throws(StatementFailure) in
          FunctionArgument(value: try fill(argument.value, bindings))
        }
        filled.filter = try call.filter.map {
          (filter: Expression) throws(StatementFailure) -> Expression in try fill(filter, bindings)
        }
        filled.arguments = arguments
        switch statistic {
        case .name(let name):
          let function = Self.statistics[foldedText(name.text)] ?? "median"
          filled.name = QualifiedName([Identifier(function, range: range)])
        case .percentile(let percent, _):
          filled.name = QualifiedName([Identifier("quantile_cont", range: range)])
          filled.arguments.append(
            FunctionArgument(
              value: SQLBuilder(range).fraction(ofPercent: Self.plainNumber(percent))
            )
          )
        case .shareWithin, .text:
          return nil
        }
        return Expression(.call(filled), range: range)
      default:
        return nil
      }
    }
  }

  /// The aggregate over the rows that WHERE of the definition keeps, and of leads those that
  /// `excluding disqualified` keeps.
  private func restricted(
    _ aggregate: Expression,
    by definition: CreateMetric,
    _ bindings: [String: Binding]
  ) throws(StatementFailure) -> Expression {
    var conditions: [Expression] = []
    for filter in definition.filters { conditions.append(try fill(filter, bindings)) }
    if clauses.excludesDisqualified, definition.role == .leads {
      let sql = SQLBuilder()
      conditions.append(
        sql.not(sql.call("coalesce", [sql.name("disqualified"), sql.boolean(false)]))
      )
    }
    guard let condition = SQLBuilder().all(conditions) else { return aggregate }
    return try aggregate.rewritten {
      (part: Expression) throws(StatementFailure) -> Expression? in
      guard case .call(var call) = part.kind, Self.isAggregate(call.name.last) else { return nil }
      call.filter = SQLBuilder().all([call.filter, condition].compactMap { $0 })
      return Expression(.call(call), range: part.range)
    }
  }

  static let statistics: [String: String] = [
    "mean": "avg", "average": "avg", "median": "median", "min": "min", "max": "max",
  ]

  static func plainNumber(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
  }

  /// The length of a duration in days, as a decimal.
  static func days(of duration: Duration) -> String {
    let amount = Double(duration.amount) ?? 0
    let days: Double =
      switch duration.unit {
      case .microsecond: amount / 86_400_000_000
      case .millisecond: amount / 86_400_000
      case .second: amount / 86_400
      case .minute: amount / 1_440
      case .hour: amount / 24
      case .day: amount
      case .week: amount * 7
      case .month: amount * 30
      case .quarter: amount * 91
      case .year: amount * 365
      case .decade: amount * 3_650
      case .century: amount * 36_500
      case .millennium: amount * 365_000
      }
    let text = String(days)
    return text.contains("e") ? "0.0" : text
  }

  // MARK: Shapes of aggregates

  static func isAggregate(_ name: String) -> Bool {
    aggregates.contains(foldedText(name))
  }

  private static let aggregates: Set<String> = [
    "count", "sum", "avg", "mean", "min", "max", "median", "mode", "quantile_cont",
    "quantile_disc", "stddev", "variance", "bool_or", "bool_and", "first", "last", "any_value",
    "arg_min", "arg_max", "approx_count_distinct", "product", "statistic",
  ]

  /// Whether the aggregate is a count.
  static func isCount(_ aggregate: Expression) -> Bool {
    guard case .call(let call) = aggregate.unparenthesized.kind else { return false }
    return foldedEqual(call.name.last, "count")
  }

  /// Whether no rows mean 0.
  static func isAdditive(_ aggregate: Expression) -> Bool {
    guard case .call(let call) = aggregate.unparenthesized.kind else { return false }
    return foldedEqual(call.name.last, "count") || foldedEqual(call.name.last, "sum")
  }

  static func countsDistinct(_ aggregate: Expression) -> Bool {
    guard case .call(let call) = aggregate.unparenthesized.kind else { return false }
    return call.isDistinct
  }

  /// The date by which the rows of a role are counted on their own.
  static func ownDate(of role: ModelRole) -> Expression {
    let sql = SQLBuilder()
    return switch role {
    case .leads, .opportunities: sql.name("created")
    case .customers: sql.name("since")
    case .subscriptions: sql.name("start")
    case .quotas: sql.name("period")
    case .history, .visits, .touches, .spend, .activities: sql.name("at")
    }
  }

  private func currency(of role: ModelRole?) -> String? {
    guard let role, let definition = model.role(role) else { return nil }
    if case .literal(.string(let code))? = definition.currency(of: "amount")?.kind { return code }
    return nil
  }
}
