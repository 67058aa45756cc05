internal import TundishColumns
internal import TundishSyntax

// The columns that one metric has in the answer.
extension AnswerBuilder {
  func metricColumns() -> [AnswerColumn] {
    var columns: [AnswerColumn] = []
    for name in (axis.map { [$0] } ?? []) + dimensions.map(\.name) + ["within"] {
      ranks[name] = .asked
    }
    var used = Set(
      ((axis.map { [$0] } ?? []) + dimensions.map(\.name)).map(foldedText) + ["is_total", "level"]
    )
    for metric in statement.metrics { used.insert(foldedText(metric.name)) }
    let prefixed = ambiguousCompanions()
    for metric in statement.metrics {
      columns.append(
        AnswerColumn(
          name: metric.name,
          value: metric.value,
          unit: metric.unit,
          isHidden: metric.isHidden
        )
      )
      for companion in metric.companions {
        let name =
          prefixed.contains(foldedText(companion.name))
          ? "\(metric.name)_\(companion.name)" : companion.name
        guard used.insert(foldedText(name)).inserted else { continue }
        columns.append(
          AnswerColumn(
            name: name,
            value: companion.value,
            unit: companion.unit,
            isHidden: metric.isHidden
          )
        )
      }
      ranks[metric.name] = .asked
      for column in uncertainty(of: metric) {
        ranks[column.name] = column.name.hasSuffix("_note") ? .note : .bound
        columns.append(column)
      }
      for column in clauseColumns(of: metric) {
        ranks[column.name] = .clause
        columns.append(column)
      }
    }
    return columns.map { column in
      var column = column
      column.value = withoutTotalOfStates(column.value)
      return column
    }
  }

  /// States at several instants do not add up, nor does what is computed of them: nothing in the
  /// total of all buckets.
  private func withoutTotalOfStates(_ value: Expression) -> Expression {
    guard axis != nil, hasTotals, value.simpleName == nil else { return value }
    let states = Set(
      statement.binder.groups.filter(\.key.isSnapshot).flatMap { $0.parts.map(\.column) }
    )
    var usesState = false
    _ = try? value.rewritten {
      (part: Expression) throws(StatementFailure) -> Expression? in
      if let name = part.simpleName, states.contains(name.text) { usesState = true }
      return nil
    }
    guard usesState else { return value }
    let isOne = sql.binary(.notEqual, sql.name("level"), sql.integer(grandTotalLevel))
    return sql.choose([(isOne, value)])
  }

  /// The names that stand for different populations.
  func ambiguousCompanions() -> Set<String> {
    var populations: [String: Set<Expression>] = [:]
    for metric in statement.metrics {
      for companion in metric.companions {
        populations[foldedText(companion.name), default: []].insert(
          companion.value.moved(to: SourceRange(0, 0))
        )
      }
    }
    for metric in statement.metrics where populations[foldedText(metric.name)] != nil {
      populations[foldedText(metric.name), default: []].insert(
        metric.value.moved(to: SourceRange(0, 0))
      )
    }
    return Set(populations.filter { $0.value.count > 1 }.keys)
  }

  func uncertainty(of metric: BoundMetric) -> [AnswerColumn] {
    var columns: [AnswerColumn] = []
    if let (numerator, denominator) = metric.proportion {
      var arguments = [numerator, denominator]
      if let confidence = clauses.confidence {
        arguments.append(sql.fraction(ofPercent: confidence))
      }
      for (suffix, function) in [("low", "wilson_low"), ("high", "wilson_high")] {
        columns.append(
          AnswerColumn(
            name: "\(metric.name)_\(suffix)",
            value: sql.call(function, arguments),
            unit: .rate,
            isHidden: metric.isHidden
          )
        )
      }
    }
    if let (low, high) = metric.bounds {
      for (suffix, value) in [("low", low), ("high", high)] {
        columns.append(
          AnswerColumn(
            name: "\(metric.name)_\(suffix)",
            value: value,
            unit: metric.unit,
            isHidden: metric.isHidden
          )
        )
      }
    }
    if !metric.notes.isEmpty || metric.standingNote != nil {
      let note = sql.choose(
        metric.notes.map { ($0.condition, sql.text($0.text)) },
        otherwise: metric.standingNote.map(sql.text)
      )
      columns.append(
        AnswerColumn(
          name: "\(metric.name)_note",
          value: metric.notes.isEmpty ? sql.text(metric.standingNote ?? "") : note,
          isHidden: metric.isHidden
        )
      )
    }
    return columns
  }

  func clauseColumns(of metric: BoundMetric) -> [AnswerColumn] {
    guard !metric.isHidden else { return [] }
    var columns = comparison(of: metric) + targets(of: metric) + benchmarks(of: metric)
    if metric.isCohort, !clauses.within.isEmpty, let isMature = maturity(of: metric) {
      columns.append(AnswerColumn(name: "\(metric.name)_mature", value: isMature))
    }
    if clauses.withShare, metric.isAdditive {
      var isOwn: Expression?
      if hasLevels { isOwn = sql.equal(sql.name("level"), sql.integer(0)) }
      let whole = sql.call(
        "sum",
        [metric.value],
        filter: isOwn,
        over: WindowSpecification(
          partitionBy: axis.map { [sql.name($0)] } ?? [],
          range: sql.range
        )
      )
      let share = sql.binary(.divide, sql.cast(metric.value, "DOUBLE"), whole)
      columns.append(
        AnswerColumn(
          name: "\(metric.name)_share",
          value: isOwn.map { sql.choose([($0, share)]) } ?? share,
          unit: .rate
        )
      )
    }
    if clauses.withRunning, let axis, statement.addsUp(metric) {
      var partition = dimensionColumns.map { sql.name($0) }
      if hasLevels { partition.append(sql.name("level")) }
      let window = WindowSpecification(
        partitionBy: partition,
        orderBy: [sql.ascending(sql.name(axis))],
        frame: WindowFrame(mode: .rows, start: .unboundedPreceding, end: .currentRow),
        range: sql.range
      )
      let parts = Set(statement.binder.groups.flatMap { $0.parts.map(\.column) })
      let running = try? metric.value.rewritten {
        (part: Expression) throws(StatementFailure) -> Expression? in
        guard let name = part.simpleName, parts.contains(name.text) else { return nil }
        return sql.call("sum", [part], over: window)
      }
      if let running {
        columns.append(
          AnswerColumn(name: "\(metric.name)_running", value: running, unit: metric.unit)
        )
      }
    }
    return columns
  }

  /// The value over the parts of the previous window.
  func before(_ value: Expression) -> Expression {
    let parts = Set(statement.binder.groups.flatMap { $0.parts.map(\.column) })
    let moved = try? value.rewritten {
      (part: Expression) throws(StatementFailure) -> Expression? in
      guard let name = part.simpleName, parts.contains(name.text) else { return nil }
      return sql.name(name.text + "_before")
    }
    return moved ?? value
  }

  func comparison(of metric: BoundMetric) -> [AnswerColumn] {
    guard clauses.compare != nil else { return [] }
    let previous = before(metric.value)
    let change = sql.binary(.subtract, metric.value, previous)
    var columns = [
      AnswerColumn(name: "\(metric.name)_previous", value: previous, unit: metric.unit),
      AnswerColumn(name: "\(metric.name)_change", value: change, unit: metric.unit),
      AnswerColumn(
        name: "\(metric.name)_change_pct",
        value: sql.binary(
          .divide,
          sql.cast(change, "DOUBLE"),
          sql.call("nullif", [previous, sql.integer(0)])
        ),
        unit: .rate
      ),
    ]
    if statement.tellsPreviousCounts {
      columns += metric.companions.map {
        AnswerColumn(name: $0.name + "_previous", value: before($0.value), unit: $0.unit)
      }
    }
    if let (numerator, denominator) = metric.proportion {
      let isEnough = [denominator, before(denominator)].map { sql.atLeast($0, sql.integer(30)) }
      let p = sql.call(
        "two_proportion_p",
        [numerator, denominator, before(numerator), before(denominator)]
      )
      columns.append(
        AnswerColumn(
          name: "\(metric.name)_p",
          value: sql.choose([(sql.all(isEnough) ?? sql.boolean(true), p)])
        )
      )
    }
    return columns
  }

  /// Whether the whole window of `within` has passed for a cohort.
  func maturity(of metric: BoundMetric) -> Expression? {
    guard let last = clauses.within.last else { return nil }
    guard clauses.over != nil || statement.window?.end != nil else {
      return metric.immature.map { sql.equal(sql.name($0), sql.integer(0)) }
    }
    guard statement.hasSeveralWithins else { return isMature(last) }
    return sql.choose(
      clauses.within.map { duration in
        let days = sql.expression(.literal(.decimal(MetricBinder.days(of: duration))))
        return (sql.equal(sql.name("within"), days), isMature(duration))
      }
    )
  }

  func isMature(_ within: Duration) -> Expression {
    let length = sql.expression(
      .interval(sql.expression(.literal(.integer(within.amount))), unit: within.unit)
    )
    func isOver(_ end: Expression) -> Expression {
      sql.binary(
        .lessOrEqual,
        sql.binary(.add, end, length),
        sql.instant(statement.asOf.instant)
      )
    }
    guard let axis, let grain = clauses.over else {
      return isOver(sql.instant(statement.window?.end ?? statement.asOf.instant))
    }
    let (count, unit) = SalesCalendar.length(of: grain)
    let end = sql.binary(.add, sql.name(axis), sql.interval(count, unit))
    guard hasTotals, let last = bounds?.end else { return isOver(end) }
    return sql.call("coalesce", [isOver(end), isOver(sql.instant(last))])
  }

  func benchmarks(of metric: BoundMetric) -> [AnswerColumn] {
    guard let found = statement.benchmarks[metric.name] else { return [] }
    return [
      AnswerColumn(name: "\(metric.name)_benchmark", value: found.value, unit: metric.unit),
      AnswerColumn(
        name: "\(metric.name)_gap",
        value: sql.binary(.subtract, metric.value, found.value),
        unit: metric.unit
      ),
    ]
  }

  func targets(of metric: BoundMetric) -> [AnswerColumn] {
    guard clauses.versus == .target else { return [] }
    let target = TargetMatcher(statement: statement, hasTotals: hasTotals).value(
      for: metric,
      window: window
    )
    let gap = sql.binary(.subtract, metric.value, target)
    return [
      AnswerColumn(name: "\(metric.name)_target", value: target, unit: metric.unit),
      AnswerColumn(name: "\(metric.name)_gap", value: gap, unit: metric.unit),
      AnswerColumn(
        name: "\(metric.name)_attainment",
        value: sql.binary(
          .divide,
          sql.cast(metric.value, "DOUBLE"),
          sql.call("nullif", [target, sql.integer(0)])
        ),
        unit: .rate
      ),
    ]
  }
}
