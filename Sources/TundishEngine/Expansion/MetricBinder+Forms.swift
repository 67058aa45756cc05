internal import TundishSyntax

// The forms around metrics in definitions: usually, growth, share_by, interval.
extension MetricBinder {
  /// The call that stands for a value in the window before; `AnswerBuilder` puts it in place.
  static let earlierForm = "earlier_value"
  /// The call that stands for a value over all members of a dimension.
  static let wholeForm = "whole_value"

  /// The name and the arguments of a form; nil where the expression is none.
  static func form(_ expression: Expression) -> (name: String, arguments: [Expression])? {
    guard case .call(let call) = expression.unparenthesized.kind, call.name.parts.count == 1
    else { return nil }
    let name = foldedText(call.name.last)
    guard forms.contains(name) else { return nil }
    return (name, call.arguments.map(\.value))
  }

  private static let forms: Set<String> = ["usually", "growth", "share_by", "lift_by", "interval"]

  /// The dimension that a metric is always cut by, such as the reason of `loss_reasons`.
  static func impliedDimension(of definition: CreateMetric) -> String? {
    if isByAge(definition) { return "age" }
    guard case .derived(let expression) = definition.body,
      let form = form(expression), ["share_by", "lift_by"].contains(form.name),
      form.arguments.count == 2
    else { return nil }
    return form.arguments[1].simpleName?.text
  }

  /// Whether the metric follows customers by their age, from the bucket in which they joined.
  static func isByAge(_ definition: CreateMetric) -> Bool {
    guard case .call(let call)? = definition.date?.kind else { return false }
    return foldedEqual(call.name.last, "joined_at")
  }

  /// Binds a definition that is a form; nil where it is none.
  func bindForm(
    _ expression: Expression,
    definition: CreateMetric,
    reference: MetricReference
  ) throws(StatementFailure) -> BoundMetric? {
    guard let form = Self.form(expression), let first = form.arguments.first else { return nil }
    switch (form.name, form.arguments.count) {
    case ("usually", 2):
      guard case .literal(.string(let period)) = first.kind else { return nil }
      let outer = usualPeriod
      usualPeriod = period
      let outerAsked = asked
      asked = outerAsked ?? (definition.name.text, reference.name.range)
      defer {
        usualPeriod = outer
        asked = outerAsked
      }
      return try bindDerived(form.arguments[1], definition: definition, reference: reference)
    case ("growth", 1):
      return try bindGrowth(first, definition: definition, reference: reference)
    case ("share_by", 2):
      return try bindShareBy(
        first,
        form.arguments[1].simpleName?.text ?? "",
        definition: definition,
        reference: reference
      )
    case ("lift_by", 2):
      return try bindLiftBy(
        first,
        form.arguments[1].simpleName?.text ?? "",
        definition: definition,
        reference: reference
      )
    case ("interval", 1):
      return try bindInterval(first, definition: definition, reference: reference)
    default:
      return nil
    }
  }

  /// `growth(m)`: how much m grew since the window before, as a part of what it was.
  private func bindGrowth(
    _ inner: Expression,
    definition: CreateMetric,
    reference: MetricReference
  ) throws(StatementFailure) -> BoundMetric {
    guard clauses.compare == nil else {
      throw StatementFailure([
        .clauseNeeds(
          "'\(definition.name.text)' compares with the period before by itself; leave 'compare' out",
          range: reference.range
        )
      ])
    }
    let sql = SQLBuilder(reference.range)
    let parts = try derived(inner, definition: definition, reference: reference)
    let before = sql.call(Self.earlierForm, [parts.value])
    let change = sql.cast(sql.binary(.subtract, parts.value, before), "DOUBLE")
    let counted = parts.components.first
    let name = counted?.name ?? definition.name.text
    let unit = counted?.unit ?? .none
    return BoundMetric(
      name: definition.name.text,
      definition: definition,
      value: sql.binary(.divide, change, sql.call("nullif", [before, sql.integer(0)])),
      unit: .rate,
      isZeroWhenEmpty: false,
      companions: [
        MetricCompanion(name: name, value: parts.value, unit: unit),
        MetricCompanion(name: name + "_previous", value: before, unit: unit),
      ],
      proportion: nil,
      notes: [
        (sql.equal(before, sql.integer(0)), "previous 0"),
        (sql.isNull(before), "no previous period"),
      ],
      standingNote: nil,
      isAdditive: false,
      groups: parts.components.reduce(into: []) { $0.formUnion($1.groups) },
      formula: definition.formula,
      needsPrevious: true
    )
  }

  /// `share_by(m, d)`: each member of d's part of m.
  private func bindShareBy(
    _ inner: Expression,
    _ dimension: String,
    definition: CreateMetric,
    reference: MetricReference
  ) throws(StatementFailure) -> BoundMetric {
    let sql = SQLBuilder(reference.range)
    let parts = try derived(inner, definition: definition, reference: reference)
    let whole = sql.call(Self.wholeForm, [parts.value, sql.text(dimension)])
    let counted = parts.components.first
    let isCount = counted?.unit == .count
    return BoundMetric(
      name: definition.name.text,
      definition: definition,
      value: sql.binary(.divide, sql.cast(parts.value, "DOUBLE"), whole),
      unit: .rate,
      isZeroWhenEmpty: false,
      companions: [
        MetricCompanion(
          name: counted?.name ?? definition.name.text,
          value: parts.value,
          unit: counted?.unit ?? .none
        )
      ],
      proportion: isCount ? (parts.value, whole) : nil,
      notes: [(sql.equal(whole, sql.integer(0)), "empty denominator")]
        + (isCount ? [(sql.less(whole, sql.integer(30)), "n < 30")] : []),
      standingNote: nil,
      isAdditive: false,
      groups: parts.components.reduce(into: []) { $0.formUnion($1.groups) },
      formula: definition.formula
    )
  }

  /// `lift_by(m, d)`: the rate m of each member of d against that of all members.
  private func bindLiftBy(
    _ inner: Expression,
    _ dimension: String,
    definition: CreateMetric,
    reference: MetricReference
  ) throws(StatementFailure) -> BoundMetric {
    var bound = try bindDerived(inner, definition: definition, reference: reference)
    guard bound.companions.count == 2 else { return bound }
    let sql = SQLBuilder(reference.range)
    let rate = bound.value
    let ends = bound.companions.map { sql.call(Self.wholeForm, [$0.value, sql.text(dimension)]) }
    let all = sql.binary(.divide, sql.cast(ends[0], "DOUBLE"), ends[1])
    bound.value = sql.call("round", [sql.binary(.divide, rate, all), sql.integer(4)])
    bound.unit = .none
    bound.proportion = nil
    bound.companions.insert(
      MetricCompanion(name: inner.simpleName?.text ?? "rate", value: rate, unit: .rate),
      at: 0
    )
    bound.formula = definition.formula
    return bound
  }

  /// `interval(m)`: m, which multiplies a rate, with the ends of that rate's interval.
  private func bindInterval(
    _ inner: Expression,
    definition: CreateMetric,
    reference: MetricReference
  ) throws(StatementFailure) -> BoundMetric {
    var bound = try bindDerived(inner, definition: definition, reference: reference)
    let parts = try derived(inner, definition: definition, reference: reference)
    guard let rate = parts.components.first(where: { $0.proportion != nil }),
      let counts = rate.proportion
    else { return bound }
    let sql = SQLBuilder(reference.range)
    func end(_ function: String) throws(StatementFailure) -> Expression {
      try bound.value.rewritten { (part: Expression) throws(StatementFailure) -> Expression? in
        part == rate.value ? sql.call(function, [counts.numerator, counts.denominator]) : nil
      }
    }
    bound.bounds = (low: try end("wilson_low"), high: try end("wilson_high"))
    return bound
  }

  /// An expression over metrics with the metrics that it names.
  private func derived(
    _ expression: Expression,
    definition: CreateMetric,
    reference: MetricReference
  ) throws(StatementFailure) -> (value: Expression, components: [BoundMetric]) {
    var components: [BoundMetric] = []
    var denominators: [Expression] = []
    let value = try derive(
      expression,
      definition: definition,
      reference: reference,
      components: &components,
      denominators: &denominators
    )
    return (value, components)
  }

  /// Money of one currency never meets money of another.
  func checkCurrencies(
    _ expression: Expression,
    _ components: [BoundMetric],
    definition: CreateMetric,
    range: SourceRange
  ) throws(StatementFailure) {
    var codes: [String] = []
    for component in components {
      if case .money(let code?) = component.unit, !codes.contains(code) { codes.append(code) }
    }
    guard codes.count > 1 else { return }
    throw StatementFailure([
      .differentCurrencies(codes[0], codes[1], in: definition.name.text, range: range)
    ])
  }
}
