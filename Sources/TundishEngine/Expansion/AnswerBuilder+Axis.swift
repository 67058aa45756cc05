internal import TundishColumns
internal import TundishSyntax

// The buckets of the time axis.
extension AnswerBuilder {
  /// The first bucket and the end of the last one.
  func axisBounds() throws(StatementFailure) -> TimeWindow? {
    guard let grain = clauses.over else { return nil }
    let calendar = statement.frame.calendar
    var first = window?.start
    var last: LocalInstant?
    if let window {
      let isPlanned = statement.binder.groups.contains { $0.key.isPlanned }
      let end = window.end ?? statement.asOf.instant
      last = isPlanned ? end : min(end, statement.asOf.instant)
    }
    if first == nil || last == nil {
      var found: TimeWindow?
      for group in statement.binder.groups where !group.key.isWhole {
        guard let window = try dataWindow(of: group), let start = window.start,
          let end = window.end
        else { continue }
        found = TimeWindow(
          start: min(found?.start ?? start, start),
          end: max(found?.end ?? end, end)
        )
      }
      first = first ?? found?.start
      last = last ?? found?.end
    }
    guard let first, let last, first < last else { return nil }
    let start = calendar.start(of: grain, at: first.day)
    let end = calendar.advance(calendar.start(of: grain, at: last.lastDay), by: 1, grain)
    return TimeWindow(start: LocalInstant(start), end: LocalInstant(end))
  }

  /// From the first to the last date of the rows that a group counts.
  func dataWindow(of group: MetricGroup) throws(StatementFailure) -> TimeWindow? {
    let scope = try statement.scope(of: group.key)
    let compiler = try statement.compiler(of: group, scope: scope, dimensions: [])
    var date = compiler.date
    let isState = group.key.isSnapshot || group.key.isMovement
    if isState {
      date =
        try scope.attribute(group.key.role == .subscriptions ? "start" : "created")?.value
    }
    guard let date else { return nil }
    for condition in try statement.dateConditions(compiler, window: nil) {
      compiler.addCondition(condition)
    }
    let column = compiler.project(date, as: "date")
    var aggregates: [(part: MetricPart, value: Expression)] = []
    if !isState {
      for part in group.parts { aggregates.append((part, try compiler.aggregate(part))) }
    }
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.call("min", [column]), as: "first"),
          sql.item(sql.call("max", [column]), as: "last"),
        ],
        from: TableReference(
          .query(compiler.rows(), isLateral: false),
          alias: sql.identifier("dated"),
          range: sql.range
        ),
        where: compiler.existence(aggregates)
      )
    )
    guard let row = try statement.lookup.rows(of: query).first, row.count == 2,
      let first = LocalInstant(row[0]), let last = LocalInstant(row[1])
    else { return nil }
    let end =
      isState
      ? statement.asOf.instant : LocalInstant(microseconds: last.microseconds + 1)
    return TimeWindow(
      start: first,
      end: max(end, LocalInstant(microseconds: first.microseconds + 1))
    )
  }

  /// Adds the buckets of the axis once: the first day and, exclusive, the end.
  func bucketQuery() throws(StatementFailure) -> String? {
    if let bucketName { return bucketName }
    guard let axis, let grain = clauses.over else { return nil }
    let name = statement.commonName("\(grain.rawValue)s")
    let (count, unit) = SalesCalendar.length(of: grain)
    let step = sql.interval(count, unit)
    let start: CivilDay
    let last: CivilDay
    if let bounds, let first = bounds.start, let end = bounds.end {
      start = first.day
      last = statement.frame.calendar.advance(end.day, by: -1, grain)
    } else {
      start = CivilDay(number: 1)
      last = CivilDay(number: 0)
    }
    let series = TableReference(
      .function(
        FunctionCall(
          name: QualifiedName([sql.identifier("generate_series")]),
          arguments: [
            FunctionArgument(value: sql.instant(LocalInstant(start))),
            FunctionArgument(value: sql.instant(LocalInstant(last))),
            FunctionArgument(value: step),
          ]
        ),
        withOrdinality: false
      ),
      alias: sql.identifier("series"),
      columnAliases: [sql.identifier("bucket")],
      range: sql.range
    )
    let bucket = sql.cast(sql.name("bucket"), "DATE")
    let end = sql.call(
      "least",
      [
        sql.cast(sql.binary(.add, sql.name("bucket"), step), "TIMESTAMP"),
        sql.cast(sql.instant(statement.asOf.instant), "TIMESTAMP"),
      ]
    )
    var items = [sql.item(bucket, as: axis), sql.item(end, as: "until")]
    if clauses.compare != nil {
      let order = WindowSpecification(
        orderBy: [OrderItem(expression: sql.name("bucket"))],
        range: sql.range
      )
      items.append(sql.item(sql.call("row_number", [], over: order), as: "position"))
    }
    statement.addCommon(name, sql.query(sql.select(items, from: series)))
    bucketName = name
    return name
  }
}
