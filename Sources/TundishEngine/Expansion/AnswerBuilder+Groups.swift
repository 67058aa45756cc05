internal import TundishSyntax

// The rows and the aggregation of each group of parts.
extension AnswerBuilder {
  /// Adds the rows and the aggregation of one group; returns the name of the latter.
  func compile(_ group: MetricGroup) throws(StatementFailure) -> String {
    let axis = group.key.isWhole ? nil : axis
    let isSnapshotSeries = (group.key.isSnapshot || group.key.isMovement) && axis != nil
    var buckets: String?
    if isSnapshotSeries { buckets = try bucketQuery() }
    let scope = try statement.scope(
      of: group.key,
      asOf: buckets.map { sql.name($0, "until") }
    )
    if let buckets { scope.cross(buckets) }
    let compiler = try statement.compiler(of: group, scope: scope, dimensions: dimensions)
    if group.key.isMovement {
      compiler.span = try span(of: group.key, buckets)
    } else if group.key.isSnapshot {
      let until = buckets.map { sql.name($0, "until") }
      for condition in try statement.stateConditions(compiler, until: until) {
        compiler.addCondition(condition)
      }
    } else {
      for condition in try statement.dateConditions(compiler, window: window) {
        compiler.addCondition(condition)
      }
      if group.key.isMature, let date = compiler.date {
        compiler.addCondition(sql.not(try compiler.immature(date)))
      }
    }
    if let axis, let grain = clauses.over {
      if let buckets {
        compiler.addAxis(axis, sql.name(buckets, axis))
      } else if let date = compiler.date {
        compiler.addAxis(axis, statement.frame.bucket(date, grain, sql))
      }
    }
    var aggregates: [(part: MetricPart, value: Expression)] = []
    for part in group.parts { aggregates.append((part, try compiler.aggregate(part))) }
    try statement.checkRates(compiler, aggregates)
    let existence =
      dimensions.isEmpty && axis == nil ? nil : compiler.existence(aggregates)
    let credits = statement.credits(of: group.key)
    if let credits { try credits.prepare(compiler) }
    var rows = statement.commonName(rowsName(of: group.key))
    statement.addCommon(rows, compiler.rows())
    if let credits {
      let counted = compiler.existence(aggregates)
      var spread = CreditedColumns()
      spread.minorDigits = try scope.minorDigits()
      for index in aggregates.indices {
        aggregates[index].value = try credits.aggregate(aggregates[index].value, &spread)
      }
      rows = try credits.credit(
        rows,
        columns: compiler.columns.map(\.name),
        dimensions: try statement.touchDimensions(),
        spread: spread,
        counted: counted
      )
    }
    var items = (axis.map { [$0] } ?? []).map { sql.item(sql.name($0), as: $0) }
    items += dimensionColumns.map { sql.item(sql.name($0), as: $0) }
    if hasLevels { items.append(sql.item(grouping(axis), as: "level")) }
    items += aggregates.map { part, value in
      let isSum = part.isZeroWhenEmpty && (credits != nil || !MetricBinder.isCount(value))
      return sql.item(
        isSum ? sql.call("coalesce", [value, sql.integer(0)]) : value,
        as: part.column
      )
    }
    let name = statement.commonName("measures")
    statement.addCommon(
      name,
      sql.query(
        sql.select(items, from: sql.table(rows), where: existence, groupBy: grouped(axis))
      )
    )
    return name
  }

  /// The two ends between which customers are compared: of the bucket, else of the window.
  private func span(
    of key: GroupKey,
    _ buckets: String?
  ) throws(StatementFailure) -> (start: Expression, end: Expression)? {
    if let buckets, let axis { return (sql.name(buckets, axis), sql.name(buckets, "until")) }
    return try statement.span(of: key, window)
  }

  func rowsName(of key: GroupKey) -> String {
    let role = key.role.rawValue.lowercasedASCII
    if key.isSnapshot { return "current_\(role)" }
    guard let name = key.date?.simpleName, name.text != "at" else { return "\(role)_rows" }
    return "\(role)_by_\(name.text)"
  }

  func grouping(_ axis: String?) -> Expression {
    let names = (axis.map { [$0] } ?? []) + dimensions.map(\.name)
    guard !names.isEmpty else { return sql.integer(0) }
    return sql.call("GROUPING", names.map { sql.name($0) })
  }

  func grouped(_ axis: String?) -> GroupBy? {
    let all = (axis.map { [$0] } ?? []) + dimensionColumns
    guard !all.isEmpty else { return nil }
    guard hasLevels else {
      return .elements(all.map { .expressions([sql.name($0)]) })
    }
    var sets: [GroupingElement] = [.expressions(all.map { sql.name($0) })]
    if hasRankRows, axis != nil {
      sets.append(.expressions(dimensionColumns.map { sql.name($0) }))
    }
    if hasTotals {
      if let axis, dimensionCount > 0 { sets.append(.expressions([sql.name(axis)])) }
      sets.append(.expressions([]))
    }
    return .elements([.groupingSets(sets)])
  }
}
