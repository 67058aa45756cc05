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
      let days = grain.isHalf ? 181 : Self.days(of: grain.grain)
      if let over = clauses.over, Self.days(of: over) < days {
        asked = "over \(over.rawValue)"
      } else if let window = try self.window(of: group.key, window), let start = window.start,
        let end = window.end, !isStart(of: grain, start.day) || grain.isHalf,
        end.day.number - start.day.number < days
      {
        asked = "of \(window.text)"
      }
      guard let asked else { continue }
      throw StatementFailure([
        .grainTooFine(
          asked,
          rows: grain.isHalf ? "half-year" : grain.grain.rawValue,
          of: group.key.role,
          table: scope.definition.table.last,
          metric: metricNames(of: group.key).first,
          range: clauses.overRange ?? clauses.period?.range ?? range
        )
      ])
    }
  }

  /// The grain of the rows of a plan: a grain of the calendar, or half a year.
  private struct RowGrain {
    var grain: Grain
    var isHalf = false
  }

  private func isStart(of grain: RowGrain, _ day: CivilDay) -> Bool {
    frame.calendar.start(of: grain.grain, at: day) == day
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
  ) throws(StatementFailure) -> RowGrain? {
    let name = scope.definition.value(attribute)?.simpleName?.text
    if let grain = name.flatMap({ Grain(rawValue: foldedText($0)) }) {
      return grain == .day ? nil : RowGrain(grain: grain)
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
    if isByHalf(days) { return RowGrain(grain: .quarter, isHalf: true) }
    let grains: [Grain] = [.year, .fiscalYear, .quarter, .fiscalQuarter, .month, .week]
    var found: Grain?
    if days.count == 2, scope.role == .quotas {
      // Two periods tell their grain where the one begins as the other ends.
      let (first, second) = (min(days[0], days[1]), max(days[0], days[1]))
      found = grains.first { grain in
        frame.calendar.start(of: grain, at: first) == first
          && frame.calendar.advance(first, by: 1, grain) == second
      }
    } else if days.count > 2 {
      found = grains.first { grain in
        days.allSatisfy { frame.calendar.start(of: grain, at: $0) == $0 }
      }
    } else if isByYear(scope, attribute) {
      found = grains.prefix(2).first { grain in
        days.allSatisfy { frame.calendar.start(of: grain, at: $0) == $0 }
      }
    }
    return found.map { RowGrain(grain: $0) }
  }

  /// Whether days are the first ones of the halves of years, one after the other.
  private func isByHalf(_ days: [CivilDay]) -> Bool {
    let sorted = days.sorted()
    guard sorted.count >= 2, let first = sorted.first,
      frame.calendar.start(of: .year, at: first) == first
        || frame.calendar.advance(frame.calendar.start(of: .year, at: first), by: 2, .quarter)
          == first
    else { return false }
    return zip(sorted, sorted.dropFirst()).allSatisfy { before, after in
      frame.calendar.advance(before, by: 2, .quarter) == after
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
