internal import TundishSyntax

// What the parameters of a metric stand for in one statement.
extension MetricBinder {
  func bindings(
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

  func bind(
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
  func fill(
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
  func restricted(
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
    if clauses.excludesDisqualified, definition.role == .opportunities {
      let sql = SQLBuilder()
      conditions.append(sql.not(sql.same(sql.name("outcome"), sql.text("disqualified"))))
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
}
