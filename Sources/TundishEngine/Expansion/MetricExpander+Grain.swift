internal import TundishColumns
internal import TundishSyntax

// Costs and quotas are planned by grains; what is asked of a part of one cannot be told.
extension MetricExpander {
  /// Refuses an axis or a period finer than the rows of SPEND and QUOTAS.
  func checkGrains() throws(StatementFailure) {
    for group in binder.groups where group.key.role == .spend || group.key.role == .quotas {
      let attribute = group.key.role == .quotas ? "period" : "at"
      let scope = try scope(of: group.key)
      guard clauses.over != nil || window != nil, let date = try scope.attribute(attribute)?.value,
        let grain = try rowGrain(of: date, in: scope, named: attribute)
      else { continue }
      var asked: String?
      if let over = clauses.over, Self.days(of: over) < Self.days(of: grain) {
        asked = "over \(over.rawValue)"
      } else if let window = try self.window(of: group.key, window), let start = window.start,
        let end = window.end, frame.calendar.start(of: grain, at: start.day) != start.day,
        end.day.number - start.day.number < Self.days(of: grain)
      {
        asked = "of \(window.text)"
      }
      guard let asked else { continue }
      throw StatementFailure([
        .grainTooFine(
          asked,
          rows: grain.rawValue,
          of: group.key.role,
          table: scope.definition.table.last,
          metric: metricNames(of: group.key).first,
          range: clauses.overRange ?? clauses.period?.range ?? range
        )
      ])
    }
  }

  /// The fewest days of a bucket.
  private static func days(of grain: Grain) -> Int {
    switch grain {
    case .day: 1
    case .week: 7
    case .month: 28
    case .quarter, .fiscalQuarter: 90
    case .year, .fiscalYear: 365
    }
  }

  /// The longest grain at whose starts all rows are dated; nil where that is days, or where there
  /// are too few dates to tell and the column's name does not say it.
  private func rowGrain(
    of date: Expression,
    in scope: RoleScope,
    named attribute: String
  ) throws(StatementFailure) -> Grain? {
    let name = scope.definition.value(attribute)?.simpleName?.text
    if let grain = name.flatMap({ Grain(rawValue: foldedText($0)) }) {
      return grain == .day ? nil : grain
    }
    let query = sql.query(
      sql.select(
        [sql.item(sql.cast(date, "DATE"), as: "day")],
        from: scope.from,
        where: sql.isNull(date, not: true),
        distinct: true
      ),
      limit: 1_000
    )
    let days = try lookup.rows(of: query).compactMap { $0.first.flatMap(LocalInstant.init)?.day }
    let grains: [Grain] = [.year, .fiscalYear, .quarter, .fiscalQuarter, .month, .week]
    if days.count == 2, scope.role == .quotas {
      // Two periods tell their grain where the one begins as the other ends.
      let (first, second) = (min(days[0], days[1]), max(days[0], days[1]))
      return grains.first { grain in
        frame.calendar.start(of: grain, at: first) == first
          && frame.calendar.advance(first, by: 1, grain) == second
      }
    }
    guard days.count > 2 else {
      return grains.prefix(2).first { grain in
        isByYear(scope, attribute)
          && days.allSatisfy { frame.calendar.start(of: grain, at: $0) == $0 }
      }
    }
    return grains.first { grain in
      days.allSatisfy { frame.calendar.start(of: grain, at: $0) == $0 }
    }
  }

  /// Whether names say that rows are of years: `make_date(year, 1, 1)`, `annual_quota`.
  private func isByYear(_ scope: RoleScope, _ attribute: String) -> Bool {
    let years: Set<String> = ["year", "fiscalyear", "jaar", "jahr", "annee", "ano", "annual"]
    return [attribute, "amount"].contains { name in
      scope.definition.value(name).map {
        !years.isDisjoint(with: ColumnWords(Syntax.format($0)).words)
      } ?? false
    }
  }
}
