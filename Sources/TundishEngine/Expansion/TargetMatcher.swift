internal import TundishSyntax

/// Finds the target that a row of an answer is measured against.
///
/// Counts and money scale by whole grains, rates do not; rows without a target get NULL.
struct TargetMatcher {
  let statement: MetricExpander
  let hasTotals: Bool

  private var sql: SQLBuilder { statement.sql }

  /// The target of a metric as an expression over the answer's dimensions and axis.
  func value(for metric: BoundMetric, window: TimeWindow?) -> Expression {
    let name = metric.definition.name.text
    let targets = statement.expander.catalog.targets.filter {
      let canonical = MetricBinder.definition($0.metric.text, in: statement.expander.catalog)
      return foldedEqual(canonical?.name.text ?? $0.metric.text, name)
    }
    var branches: [(Expression, Expression)] = []
    // The latest target that fits wins.
    for target in targets.reversed() {
      guard let scale = scale(of: target, for: metric, window: window),
        let condition = condition(of: target)
      else { continue }
      var value = scaled(target.value, by: scale)
      if metric.unit == .rate { value = sql.cast(value, "DOUBLE") }
      guard let condition = condition.test else { return finish(branches, value) }
      branches.append((condition, value))
    }
    return finish(branches, nil)
  }

  private func finish(
    _ branches: [(Expression, Expression)],
    _ otherwise: Expression?
  ) -> Expression {
    guard !branches.isEmpty else { return otherwise ?? sql.cast(sql.null, "DOUBLE") }
    return sql.choose(branches, otherwise: otherwise)
  }

  /// The value of a target with percentages as fractions.
  private func scaled(_ value: Expression, by factor: Int) -> Expression {
    let plain = try? value.rewritten(at: sql.range) {
      (part: Expression) throws(StatementFailure) -> Expression? in
      if case .percentage(let text) = part.kind { return sql.fraction(ofPercent: text) }
      return nil
    }
    let number = plain ?? value
    return factor == 1 ? number : sql.binary(.multiply, number, sql.integer(factor))
  }

  /// Which rows a target is for; nil where it is for none, a nil test where it is for all.
  private func condition(of target: CreateTarget) -> (test: Expression?, Void)? {
    var tests: [Expression] = []
    let names = statement.dimensions.map { foldedText($0.name) }
    if let filter = target.filter {
      var isAnswerable = true
      _ = filter.contains { part in
        if let name = part.simpleName, !names.contains(foldedText(name.text)) {
          isAnswerable = false
        }
        return false
      }
      if isAnswerable {
        tests.append(sql.grouped(filter.moved(to: sql.range)))
      } else {
        let zero = SourceRange(0, 0)
        guard statement.dimensions.isEmpty,
          statement.clauses.filter?.moved(to: zero) == filter.moved(to: zero)
        else { return nil }
      }
    } else if !statement.dimensions.isEmpty {
      guard hasTotals else { return nil }
      let all = (1 << statement.dimensions.count) - 1
      tests.append(sql.atLeast(sql.name("level"), sql.integer(all)))
    }
    if let period = target.period,
      let window = try? statement.frame.window(period, asOf: statement.asOf),
      let start = window.start, let end = window.end
    {
      if let axis = statement.axisName {
        tests.append(sql.atLeast(sql.name(axis), sql.instant(start)))
        tests.append(sql.less(sql.name(axis), sql.instant(end)))
      } else {
        guard let own = statement.window, let first = own.start, let last = own.end,
          first >= start, last <= end
        else { return nil }
      }
    }
    return (sql.all(tests), ())
  }

  /// How many grains of the target the row spans; nil where that is no whole number.
  private func scale(
    of target: CreateTarget,
    for metric: BoundMetric,
    window: TimeWindow?
  ) -> Int? {
    guard let grain = target.grain, metric.unit != .rate else { return 1 }
    if let over = statement.clauses.over { return Self.ratio(of: over, to: grain) }
    guard let start = window?.start, let end = window?.end else { return nil }
    let calendar = statement.frame.calendar
    guard calendar.start(of: grain, at: start.day) == start.day else { return nil }
    var day = start.day
    var count = 0
    while day < end.day, count < 100_000 {
      day = calendar.advance(day, by: 1, grain)
      count += 1
    }
    return day == end.day ? count : nil
  }

  /// How many buckets of one grain make one of another.
  private static func ratio(of over: Grain, to grain: Grain) -> Int? {
    if over == grain { return 1 }
    let months: [Grain: Int] = [
      .month: 1, .quarter: 3, .fiscalQuarter: 3, .year: 12, .fiscalYear: 12,
    ]
    if let long = months[over], let short = months[grain], long % short == 0 {
      return long / short
    }
    return over == .week && grain == .day ? 7 : nil
  }
}
