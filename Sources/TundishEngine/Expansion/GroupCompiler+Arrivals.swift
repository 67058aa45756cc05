internal import TundishSyntax

// Leads on the days on which they will convert, by how long the leads of the past took.
extension GroupCompiler {
  /// Gives every lead a row for each day on which it would convert, with its share of the
  /// conversion times of the past; the columns of the alias: `arrival`, `arrival_share`.
  func joinArrivals(at finish: Expression) throws(StatementFailure) -> String {
    guard let created = try scope.attribute("created")?.value else {
      throw StatementFailure([
        .missingAttribute(
          "CREATED",
          of: scope.role,
          table: scope.definition.table.last,
          neededBy: statement.metricNames(of: group.key).first,
          range: sql.range
        )
      ])
    }
    if let missing = try milestone(finish).untimed { throw StatementFailure([missing]) }
    // Leads of a day are alike, so that days meet conversion times rather than leads do.
    let day = sql.cast(created, "DATE")
    let times = scope.newAlias("conversion_times")
    let days = scope.newAlias("lead_days")
    let arrival = sql.binary(.add, sql.name(days, "day"), sql.name(times, "days"))
    let leads = scope.nested(scope.definition)
    let own = try leads.attribute("created")?.value ?? created
    let leadDays = sql.query(
      sql.select(
        [sql.item(sql.cast(own, "DATE"), as: "day")],
        from: leads.from,
        where: sql.less(own, sql.instant(statement.asOf.instant)),
        distinct: true
      )
    )
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.name(days, "day"), as: "day"), sql.item(arrival, as: "arrival"),
          sql.item(sql.name(times, "share"), as: "arrival_share"),
        ],
        from: sql.join(
          scope.relation(leadDays, days),
          .cross,
          scope.relation(try conversionTimes(to: finish), times),
          on: nil
        )
      )
    )
    addCondition(sql.less(created, sql.instant(statement.asOf.instant)))
    return scope.joinRows(query, as: "arrivals", key: "day", on: day)
  }

  /// The days that leads took to convert, each with its share; with `within`, of the leads whose
  /// window has passed, those that converted in it.
  private func conversionTimes(to finish: Expression) throws(StatementFailure) -> Query {
    let leads = scope.nested(scope.definition)
    let compiler = GroupCompiler(statement: statement, group: group, scope: leads)
    let end = try compiler.milestone(finish)
    let start = try compiler.milestone(sql.name("lead"))
    // Where one of them is known to the day only, a conversion on the day of creation takes no time.
    var conditions = [
      end.reached, sql.atLeast(sql.cast(end.at, "DATE"), sql.cast(start.at, "DATE")),
    ]
    if let within = statement.within {
      let limit = sql.binary(.add, start.at, interval(within))
      conditions.append(sql.binary(.lessOrEqual, end.at, limit))
      conditions.append(sql.not(try compiler.immature(start.at)))
    }
    let days = sql.call(
      "date_diff",
      [sql.text("day"), sql.cast(start.at, "DATE"), sql.cast(end.at, "DATE")]
    )
    let counted = sql.query(
      sql.select(
        [
          sql.item(sql.cast(days, "INTEGER"), as: "days"),
          sql.item(sql.call("count", [sql.star]), as: "leads"),
        ],
        from: leads.from,
        where: sql.all(conditions),
        groupBy: .elements([.expressions([sql.integer(1)])])
      )
    )
    let all = sql.call("sum", [sql.name("leads")], over: WindowSpecification(range: sql.range))
    return sql.query(
      sql.select(
        [
          sql.item(sql.name("days")),
          sql.item(
            sql.binary(.divide, sql.cast(sql.name("leads"), "DOUBLE"), all),
            as: "share"
          ),
        ],
        from: scope.relation(counted, "counted_times")
      )
    )
  }
}
