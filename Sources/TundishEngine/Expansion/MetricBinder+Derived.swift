internal import TundishSyntax

// Metrics over metrics.
extension MetricBinder {
  func bindDerived(
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
    if let bound = try bindForm(expression, definition: definition, reference: reference) {
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
      MetricCompanion(
        name: $0.name,
        value: $0.value,
        unit: $0.unit,
        isAdditive: $0.isAdditive
      )
    }
    var notes: [(condition: Expression, text: String)] = []
    try checkCurrencies(expression, components, definition: definition, range: reference.range)
    for option in definition.options where reference.denominator == nil {
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
      formula: reference.denominator == nil
        ? definition.formula : Syntax.format(expression)
    )
  }

  func derive(
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
      switch (foldedText(call.name.last), call.arguments.count) {
      case ("always", 1):
        let outer = isAlways
        isAlways = true
        defer { isAlways = outer }
        return try derive(
          call.arguments[0].value,
          definition: definition,
          reference: reference,
          components: &components,
          denominators: &denominators
        )
      case ("delayed", 2):
        // Where nothing asks when, all of it counts.
        let isDated = clauses.over != nil || clauses.period != nil || clauses.compare != nil
        return try derive(
          call.arguments[isDated ? 1 : 0].value,
          definition: definition,
          reference: reference,
          components: &components,
          denominators: &denominators
        )
      default: break
      }
      guard call.name.parts.count == 1, Self.definition(call.name.last, in: catalog) != nil else {
        break
      }
      let inner = Self.called(call, Self.definition(call.name.last, in: catalog), expression.range)
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

  /// A metric with arguments inside a definition: `qualified(mql)`, `conversions(customer)`.
  private static func called(
    _ call: FunctionCall,
    _ definition: CreateMetric?,
    _ range: SourceRange
  ) -> MetricReference {
    var inner = MetricReference(name: call.name.parts[0], range: range)
    let takesFinish =
      definition?.parameters.contains { foldedEqual($0.name.text, "finish") } ?? false
    for argument in call.arguments {
      var milestone: Milestone?
      switch argument.value.unparenthesized.kind {
      case .literal(.string(let text)):
        milestone = Milestone(name: text, isLabel: true, range: range)
        if !takesFinish { inner.arguments.append(.text(text, range)) }
      case .name(let parts):
        guard let name = parts.last else { continue }
        milestone = Milestone(name: name.text, isLabel: false, range: range)
        if !takesFinish || statistics[foldedText(name.text)] != nil {
          inner.arguments.append(.name(name))
        }
      default: continue
      }
      if takesFinish { inner.to = milestone }
    }
    return inner
  }

  func component(
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
      if foldedEqual(call.name.last, "ratio") { return .ratio }
      if ["coalesce", "nullif", "always", "delayed"].contains(foldedText(call.name.last)),
        let first = call.arguments.first?.value
      {
        return unit(of: first, lookup)
      }
      return lookup(call.name.last)
    case .binary(let operation, let left, let right):
      let first = unit(of: left, lookup).asFactor
      let second = unit(of: right, lookup).asFactor
      switch (operation, first, second) {
      case (.add, _, _), (.subtract, _, _): return first == .none ? second : first
      case (.divide, .money, .money), (.divide, .count, .count): return .rate
      case (.divide, .days, .count): return .days
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
}
