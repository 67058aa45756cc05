internal import TundishSyntax

// The values of other windows and of whole dimensions, which definitions name by forms.
extension AnswerBuilder {
  /// Puts `earlier_value` and `whole_value` in place, in every metric.
  func resolveForms() throws(StatementFailure) {
    for index in statement.metrics.indices {
      var metric = statement.metrics[index]
      metric.value = try resolved(metric.value)
      for companion in metric.companions.indices {
        metric.companions[companion].value = try resolved(metric.companions[companion].value)
      }
      for note in metric.notes.indices {
        metric.notes[note].condition = try resolved(metric.notes[note].condition)
      }
      if let (numerator, denominator) = metric.proportion {
        metric.proportion = (try resolved(numerator), try resolved(denominator))
      }
      statement.metrics[index] = metric
    }
  }

  /// Whether a value names one of other rows of the answer.
  static func hasForms(_ value: Expression) -> Bool {
    var found = false
    _ = try? value.rewritten { (part: Expression) throws(StatementFailure) -> Expression? in
      if case .call(let call) = part.kind,
        [MetricBinder.earlierForm, MetricBinder.wholeForm].contains(call.name.last)
      {
        found = true
      }
      return nil
    }
    return found
  }

  private func resolved(_ value: Expression) throws(StatementFailure) -> Expression {
    try value.rewritten { (part: Expression) throws(StatementFailure) -> Expression? in
      guard case .call(let call) = part.kind, let inner = call.arguments.first?.value else {
        return nil
      }
      switch call.name.last {
      case MetricBinder.earlierForm: return earlier(inner)
      case MetricBinder.wholeForm:
        guard call.arguments.count == 2,
          case .literal(.string(let dimension)) = call.arguments[1].value.kind
        else { return nil }
        return whole(inner, over: dimension)
      default: return nil
      }
    }
  }

  /// The value in the bucket before, or in the window before.
  private func earlier(_ value: Expression) -> Expression {
    guard let axis else { return before(value) }
    return sql.call(
      "lag",
      [value],
      over: WindowSpecification(
        partitionBy: dimensionColumns.map { sql.name($0) }
          + (hasLevels ? [sql.name("level")] : []),
        orderBy: [sql.ascending(sql.name(axis))],
        range: sql.range
      )
    )
  }

  /// The value over all members of a dimension; the other dimensions and the bucket stay.
  private func whole(_ value: Expression, over dimension: String) -> Expression {
    let others = dimensions.filter { !foldedEqual($0.path?.last?.text ?? $0.name, dimension) }
      .flatMap(\.columns)
    let kept = (axis.map { [$0] } ?? []) + others + (hasLevels ? ["level"] : [])
    return sql.call(
      "sum",
      [value],
      over: WindowSpecification(partitionBy: kept.map { sql.name($0) }, range: sql.range)
    )
  }
}
