internal import TundishSyntax

// The buckets of an axis, also those in which nothing happened.
extension MetricExpander {
  /// Every bucket from the first to the last one of a relation, or of the period.
  ///
  /// The relation has a column that is named after the grain.
  func everyBucket(of relation: String, _ grain: Grain) -> Query {
    let axis = sql.name(grain.rawValue)
    let calendar = frame.calendar
    let first = window?.start.map {
      sql.instant(LocalInstant(calendar.start(of: grain, at: $0.day)))
    }
    var last: Expression?
    if let window {
      let end = min(window.end ?? asOf.instant, asOf.instant)
      last = sql.instant(LocalInstant(calendar.start(of: grain, at: end.lastDay)))
    }
    let (count, unit) = SalesCalendar.length(of: grain)
    let ends = sql.select(
      [
        sql.item(sql.cast(first ?? sql.call("min", [axis]), "TIMESTAMP"), as: "first_bucket"),
        sql.item(sql.cast(last ?? sql.call("max", [axis]), "TIMESTAMP"), as: "last_bucket"),
        sql.item(sql.call("count", [sql.star]), as: "row_count"),
      ],
      from: sql.table(relation)
    )
    let series = sql.call(
      "generate_series",
      [sql.name("first_bucket"), sql.name("last_bucket"), sql.interval(count, unit)]
    )
    return sql.query(
      sql.select(
        [sql.item(sql.cast(sql.call("unnest", [series]), "DATE"), as: grain.rawValue)],
        from: TableReference(
          .query(sql.query(ends), isLateral: false),
          alias: sql.identifier("ends"),
          range: range
        ),
        where: window?.start == nil
          ? sql.binary(.greater, sql.name("row_count"), sql.integer(0)) : nil
      )
    )
  }
}
