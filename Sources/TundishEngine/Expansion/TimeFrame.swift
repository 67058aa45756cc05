internal import TundishColumns
internal import TundishSyntax

/// The instant of a statement after which nothing has happened yet, and how it came about.
struct AsOfInstant {
  /// Where the instant comes from.
  enum Origin {
    case data
    case date
    case timestamp
    case now
  }

  /// Exclusive.
  var instant: LocalInstant
  var origin: Origin

  /// The words of the footer, such as `as of the end of 2017-12-31 (newest day in the data)`.
  var text: String {
    switch origin {
    case .data: "as of the end of \(instant.lastDay) (newest day in the data)"
    case .date: "as of the end of \(instant.lastDay)"
    case .timestamp: "as of \(instant)"
    case .now:
      instant.isMidnight
        ? "as of now, the end of \(instant.lastDay)" : "as of now, \(instant)"
    }
  }
}

/// A stretch of time, half-open; a missing end is unbounded.
struct TimeWindow: Hashable {
  var start: LocalInstant?
  var end: LocalInstant?

  /// The first and the last day, such as `2017-03-01 .. 2017-12-31`.
  var text: String {
    let first = start.map { $0.isMidnight ? $0.day.description : $0.description } ?? ""
    let last = end.map { $0.isMidnight ? $0.lastDay.description : $0.description } ?? ""
    return "\(first) .. \(last)"
  }
}

/// Works out as-of and periods for one statement.
struct TimeFrame {
  let lookup: SchemaLookup
  let model: SalesModel
  let settings: SalesSettings

  var calendar: SalesCalendar {
    SalesCalendar(weekStart: settings.weekStart, fiscalYearStart: settings.fiscalYearStart)
  }

  // MARK: As-of

  /// The instant that a clause or the setting names; where that is the newest day of some events, theirs.
  func asOf(
    _ clause: AsOf?,
    events: (table: QualifiedName, at: Expression)? = nil,
    range: SourceRange
  ) throws(StatementFailure) -> AsOfInstant {
    if let events, let newest = try newest(of: events, clause) { return newest }
    switch clause {
    case .date(let expression)?:
      let day = try self.day(expression)
      return AsOfInstant(instant: LocalInstant(day + 1), origin: .date)
    case .timestamp(let expression)?:
      return AsOfInstant(instant: try instant(expression), origin: .timestamp)
    case .now?: return AsOfInstant(instant: now, origin: .now)
    case .data?: return try newest(range: range)
    case nil: break
    }
    switch foldedText(settings.asOf) {
    case "data": return try newest(range: range)
    case "now": return AsOfInstant(instant: now, origin: .now)
    default:
      guard let day = CivilDay(settings.asOf) else { return try newest(range: range) }
      return AsOfInstant(instant: LocalInstant(day + 1), origin: .date)
    }
  }

  /// The end of the day of the newest event of a table that is not later than now; nil where another
  /// instant is asked for, or the table has no such event.
  private func newest(
    of events: (table: QualifiedName, at: Expression),
    _ clause: AsOf?
  ) throws(StatementFailure) -> AsOfInstant? {
    switch clause {
    case .data?: break
    case .date?, .timestamp?, .now?: return nil
    case nil:
      let setting = foldedText(settings.asOf)
      guard setting != "now", CivilDay(settings.asOf) == nil else { return nil }
    }
    let sql = SQLBuilder()
    let at = sql.cast(events.at.moved(to: sql.range), "TIMESTAMP")
    let query = sql.query(
      sql.select(
        [sql.item(sql.call("max", [at]), as: "newest")],
        from: sql.table(events.table),
        where: sql.binary(.lessOrEqual, at, sql.instant(now))
      )
    )
    guard try lookup.columns(of: events.table) != nil,
      let newest = try lookup.rows(of: query).first?.first.flatMap(LocalInstant.init)
    else { return nil }
    return AsOfInstant(instant: LocalInstant(newest.day + 1), origin: .data)
  }

  var now: LocalInstant { LocalInstant(microseconds: settings.localNow) }

  /// The end of the day of the newest created, converted, milestone, closed or history event that is not later
  /// than now; expected close dates never count.
  private func newest(range: SourceRange) throws(StatementFailure) -> AsOfInstant {
    var newest: LocalInstant?
    let events: [[(ModelRole, [String])]] = [
      [
        (.leads, ["created", "converted"]), (.opportunities, ["created", "closed"]),
        (.history, ["at"]), (.mqls, ["at"]), (.sqls, ["at"]), (.bookings, ["at"]),
      ],
      [
        (.visits, ["at"]), (.touches, ["at"]), (.spend, ["at"]), (.activities, ["at"]),
        (.customers, ["since"]), (.subscriptions, ["start", "end"]),
      ],
    ]
    for tier in events where newest == nil {
      for (role, names) in tier {
        for definition in model.roles where definition.role == role {
          // Milestones are a history in columns.
          for name in names + definition.milestones.map(\.name.text) {
            guard let found = try newestEvent(name, of: definition, range) else { continue }
            newest = max(newest ?? found, found)
          }
        }
      }
    }
    guard let newest else { return AsOfInstant(instant: LocalInstant(now.day + 1), origin: .now) }
    return AsOfInstant(instant: LocalInstant(newest.day + 1), origin: .data)
  }

  private func newestEvent(
    _ name: String,
    of definition: RoleDefinition,
    _ range: SourceRange
  ) throws(StatementFailure) -> LocalInstant? {
    let scope = RoleScope(
      lookup: lookup,
      model: model,
      definition: definition,
      asOf: nil,
      range: range
    )
    let sql = scope.sql
    // Of some milestones only yes or no is known.
    if scope.mayBeFlag(name), try scope.type(ofAttribute: name) == .boolean { return nil }
    guard let value = try scope.attribute(name)?.value else { return nil }
    var conditions = [sql.binary(.lessOrEqual, value, sql.instant(now))]
    if name == "closed",
      definition.value("stage") != nil || definition.condition("won") != nil,
      let outcome = try? scope.outcome()
    {
      conditions.append(
        sql.expression(
          .inList(outcome, ["won", "lost", "disqualified"].map(sql.text), isNegated: false)
        )
      )
    }
    let query = sql.query(
      sql.select(
        [sql.item(sql.call("max", [value]), as: "newest")],
        from: scope.from,
        where: sql.all(conditions)
      )
    )
    return try lookup.rows(of: query).first?.first.flatMap(LocalInstant.init)
  }

  // MARK: Dates

  /// The day that an expression of the user's text is: a bare date, DATE '...', or a parameter.
  func day(_ expression: Expression) throws(StatementFailure) -> CivilDay {
    switch expression.unparenthesized.kind {
    case .bareDate(let year, let month, let day):
      let date = CivilDay(year: year, month: month, day: day)
      guard date.components == (year, month, day) else {
        throw StatementFailure([
          .noSuchDate(
            "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))",
            range: expression.range
          )
        ])
      }
      return date
    case .typedLiteral(_, let text):
      guard let day = CivilDay(String(text.prefix(10))) else {
        throw StatementFailure([.noSuchDate(text, range: expression.range)])
      }
      return day
    default:
      let sql = SQLBuilder(expression.range)
      let query = sql.query(
        sql.select([sql.item(sql.cast(expression, "DATE"), as: "day")], from: nil)
      )
      guard let value = try lookup.rows(of: query).first?.first, let instant = LocalInstant(value)
      else { throw StatementFailure([.noSuchDate("NULL", range: expression.range)]) }
      return instant.day
    }
  }

  private func instant(_ expression: Expression) throws(StatementFailure) -> LocalInstant {
    let sql = SQLBuilder(expression.range)
    var value = expression
    if case .literal(.string) = expression.unparenthesized.kind {
      value = sql.cast(expression, "TIMESTAMP")
    }
    let query = sql.query(sql.select([sql.item(value, as: "instant")], from: nil))
    guard let value = try lookup.rows(of: query).first?.first, let instant = LocalInstant(value)
    else { throw StatementFailure([.noSuchDate("NULL", range: expression.range)]) }
    return instant
  }

  // MARK: Periods

  /// The window of a period, anchored at as-of.
  func window(
    _ period: Period,
    asOf: AsOfInstant
  ) throws(StatementFailure) -> TimeWindow {
    let anchor = asOf.instant.lastDay
    func bucket(_ grain: Grain, _ offset: Int, count: Int = 1) -> TimeWindow {
      let start = calendar.start(of: grain, at: anchor)
      let first = calendar.advance(start, by: offset, grain)
      return days(first, calendar.advance(first, by: count, grain))
    }
    switch period.kind {
    case .this(let grain): return bucket(grain, 0)
    case .last(let grain): return bucket(grain, -1)
    case .next(let grain): return bucket(grain, 1)
    case .lastCount(let count, let grain):
      return bucket(grain, -Self.clamped(count), count: Self.clamped(count))
    case .pastCount(let count, let grain):
      let start: CivilDay
      let end = asOf.instant.isMidnight ? asOf.instant.day : asOf.instant.day
      switch grain {
      case .day: start = end + -Self.clamped(count)
      case .week: start = end + -7 * Self.clamped(count)
      case .month: start = end.adding(months: -Self.clamped(count))
      case .quarter, .fiscalQuarter: start = end.adding(months: -3 * Self.clamped(count))
      case .year, .fiscalYear: start = end.adding(months: -12 * Self.clamped(count))
      }
      let offset = asOf.instant.microseconds - LocalInstant(end).microseconds
      return TimeWindow(
        start: LocalInstant(microseconds: LocalInstant(start).microseconds + offset),
        end: asOf.instant
      )
    case .since(let date):
      return TimeWindow(start: LocalInstant(try day(date)), end: asOf.instant)
    case .between(let first, let last): return days(try day(first), try day(last) + 1)
    case .today: return bucket(.day, 0)
    case .yesterday: return bucket(.day, -1)
    case .monthToDate: return toDate(.month, asOf)
    case .quarterToDate: return toDate(.quarter, asOf)
    case .yearToDate: return toDate(.year, asOf)
    case .year(let year):
      return days(
        CivilDay(year: year, month: 1, day: 1),
        CivilDay(year: year + 1, month: 1, day: 1)
      )
    case .quarter(let year, let quarter):
      let start = CivilDay(year: year, month: quarter * 3 - 2, day: 1)
      return days(start, start.adding(months: 3))
    case .month(let year, let month):
      let start = CivilDay(year: year, month: month, day: 1)
      return days(start, start.adding(months: 1))
    case .week(let year, let week):
      let fourth = CivilDay(year: year, month: 1, day: 4)
      let start = fourth + (1 - fourth.weekday + 7 * (week - 1))
      return days(start, start + 7)
    case .fiscalYear(let year):
      let start = calendar.fiscalYear(year)
      return days(start, start.adding(months: 12))
    case .fiscalQuarter(let year, let quarter):
      let start = calendar.fiscalYear(year).adding(months: 3 * (quarter - 1))
      return days(start, start.adding(months: 3))
    }
  }

  private func toDate(_ grain: Grain, _ asOf: AsOfInstant) -> TimeWindow {
    TimeWindow(
      start: LocalInstant(calendar.start(of: grain, at: asOf.instant.lastDay)),
      end: asOf.instant
    )
  }

  private func days(_ first: CivilDay, _ end: CivilDay) -> TimeWindow {
    TimeWindow(start: LocalInstant(first), end: LocalInstant(end))
  }

  /// Periods reach at most this many buckets back.
  private static func clamped(_ count: Int) -> Int { max(0, min(count, 100_000)) }

  // MARK: Comparison

  /// The current window and the one that it is set against.
  func comparison(
    _ comparison: TundishSyntax.Comparison,
    period: Period?,
    asOf: AsOfInstant,
    range: SourceRange
  ) throws(StatementFailure) -> (current: TimeWindow, previous: TimeWindow) {
    switch comparison {
    case .previous(let grain, let place):
      guard let grain else {
        guard let period else {
          throw StatementFailure([
            .clauseNeeds(
              "'compare previous' needs a period, or a grain such as 'compare previous month'",
              range: place
            )
          ])
        }
        let current = try window(period, asOf: asOf)
        let (count, natural) = Self.length(of: period.kind)
        if let natural { return pair(current, asOf) { calendar.advance($0, by: -count, natural) } }
        guard let start = current.start, let end = current.end else {
          throw StatementFailure([
            .clauseNeeds("'compare previous' needs a period with two ends", range: place)
          ])
        }
        let days = end.day.number - start.day.number
        return pair(current, asOf) { $0 + -days }
      }
      let current = try window(period ?? Period(.this(grain), range: range), asOf: asOf)
      return pair(current, asOf) { calendar.advance($0, by: -1, grain) }
    case .sameLast(let grain, let unit, _):
      let current = try window(period ?? Period(.this(grain), range: range), asOf: asOf)
      return pair(current, asOf) { calendar.advance($0, by: -1, unit) }
    case .period(let other):
      guard let period else {
        throw StatementFailure([
          .clauseNeeds(
            "'compare' with a period needs a period for the current window",
            range: other.range
          )
        ])
      }
      return (try window(period, asOf: asOf), try window(other, asOf: asOf))
    }
  }

  /// A window and its shifted copy; of a window that as-of cuts, the same part.
  private func pair(
    _ current: TimeWindow,
    _ asOf: AsOfInstant,
    _ shift: (CivilDay) -> CivilDay
  ) -> (current: TimeWindow, previous: TimeWindow) {
    guard let start = current.start, let end = current.end else { return (current, current) }
    let before = LocalInstant(shift(start.day))
    guard asOf.instant < end else {
      return (current, TimeWindow(start: before, end: LocalInstant(shift(end.day))))
    }
    let elapsed = max(0, asOf.instant.microseconds - start.microseconds)
    let part = LocalInstant(microseconds: before.microseconds + elapsed)
    return (
      TimeWindow(start: start, end: asOf.instant),
      TimeWindow(start: before, end: min(part, LocalInstant(shift(end.day))))
    )
  }

  /// How many buckets of which grain a period spans; no grain where it is counted in days.
  private static func length(of kind: Period.Kind) -> (Int, Grain?) {
    switch kind {
    case .this(let grain), .last(let grain), .next(let grain): (1, grain)
    case .lastCount(let count, let grain), .pastCount(let count, let grain):
      (clamped(count), grain)
    case .since, .between: (0, nil)
    case .today, .yesterday: (1, .day)
    case .monthToDate, .month: (1, .month)
    case .quarterToDate, .quarter: (1, .quarter)
    case .yearToDate, .year: (1, .year)
    case .week: (1, .week)
    case .fiscalYear: (1, .fiscalYear)
    case .fiscalQuarter: (1, .fiscalQuarter)
    }
  }

  // MARK: Buckets

  /// The first day of the bucket of a date, as SQL.
  func bucket(_ date: Expression, _ grain: Grain, _ sql: SQLBuilder) -> Expression {
    func truncated(_ part: String, shift: Int) -> Expression {
      guard shift > 0 else {
        return sql.cast(sql.call("date_trunc", [sql.text(part), date]), "DATE")
      }
      let months = sql.interval(shift, .month)
      let start = sql.call("date_trunc", [sql.text(part), sql.binary(.subtract, date, months)])
      return sql.cast(sql.binary(.add, start, months), "DATE")
    }
    switch grain {
    case .day: return sql.cast(date, "DATE")
    case .week:
      guard settings.weekStart != 1 else { return truncated("week", shift: 0) }
      let day = sql.cast(date, "DATE")
      let offset = sql.binary(
        .modulo,
        sql.binary(.add, sql.call("isodow", [day]), sql.integer(7 - settings.weekStart)),
        sql.integer(7)
      )
      return sql.cast(
        sql.binary(.subtract, day, sql.cast(offset, "INTEGER")),
        "DATE"
      )
    case .month: return truncated("month", shift: 0)
    case .quarter: return truncated("quarter", shift: 0)
    case .year: return truncated("year", shift: 0)
    case .fiscalQuarter: return truncated("quarter", shift: (settings.fiscalYearStart - 1) % 3)
    case .fiscalYear: return truncated("year", shift: settings.fiscalYearStart - 1)
    }
  }
}

extension LocalInstant {
  /// The instant that a date or timestamp value is.
  init?(_ value: Value) {
    switch value {
    case .date(let day): self.init(CivilDay(number: Int(day)))
    case .timestamp(let microseconds), .timestampTZ(let microseconds):
      self.init(microseconds: microseconds)
    case .null, .boolean, .integer, .hugeint, .decimal, .double, .text, .blob, .time, .interval,
      .list, .structure, .map:
      return nil
    }
  }
}
