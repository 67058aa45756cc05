internal import TundishSyntax

// The steps of every bucket, also of those in which no path began.
extension FunnelExpander {
  /// The relation of measures with a row for each step of each bucket and combination; totals over
  /// all buckets stay as they are.
  func filled(_ measures: String, _ source: EventRelation, hasWithin: Bool) -> String {
    guard let grain = clauses.over else { return measures }
    let axis = grain.rawValue
    let others =
      host.dimensions.map(\.name) + (hasWithin ? ["within"] : []) + (hasTotals ? ["is_total"] : [])
    let isOfBucket = sql.isNull(sql.name(axis), not: true)
    var grid = relation(stepRows, as: "steps", columns: ["step_number", "step"])
    grid = sql.join(
      relation(host.everyBucket(of: measures, grain), as: "buckets"),
      .cross,
      grid,
      on: nil
    )
    if !others.isEmpty {
      let combinations = sql.select(
        others.map { sql.item(sql.name($0), as: $0) },
        from: sql.table(measures),
        where: isOfBucket,
        distinct: true
      )
      grid = sql.join(
        grid,
        .cross,
        relation(sql.query(combinations), as: "combinations"),
        on: nil
      )
    }
    let keys =
      [("buckets", axis), ("steps", "step_number")] + others.map { ("combinations", $0) }
    let isSame = keys.map { sql.same(sql.name(measures, $0.1), sql.name($0.0, $0.1)) }
    let isLast = sql.equal(sql.name("steps", "step_number"), sql.integer(steps.count))
    func zero(_ name: String) -> SelectItem {
      sql.item(sql.call("coalesce", [sql.name(measures, name), sql.integer(0)]), as: name)
    }
    func zeroBeforeLast(_ name: String) -> SelectItem {
      let known = sql.call("coalesce", [sql.name(measures, name), sql.integer(0)])
      return sql.item(sql.choose([(isLast, sql.null)], otherwise: known), as: name)
    }
    var items = (hasWithin ? ["within"] : []).map { sql.item(sql.name("combinations", $0), as: $0) }
    items.append(sql.item(sql.name("buckets", axis), as: axis))
    items += host.dimensions.map { sql.item(sql.name("combinations", $0.name), as: $0.name) }
    items += ["step_number", "step"].map { sql.item(sql.name("steps", $0), as: $0) }
    items += [zero("entered"), zeroBeforeLast("converted"), zeroBeforeLast("open")]
    items += ["median_days", "p90_days"].map { sql.item(sql.name(measures, $0), as: $0) }
    if countsRegressions { items.append(zero("regressed")) }
    if source.hasAmount { items += [zero("amount"), zeroBeforeLast("amount_converted")] }
    if hasTotals { items.append(sql.item(sql.name("combinations", "is_total"), as: "is_total")) }
    var query = sql.query(
      sql.select(items, from: sql.join(grid, .left, sql.table(measures), on: sql.all(isSame)))
    )
    if hasTotals {
      let whole = sql.select(
        items.map { item in sql.item(sql.name(item.alias?.text ?? ""), as: item.alias?.text ?? "")
        },
        from: sql.table(measures),
        where: sql.isNull(sql.name(axis))
      )
      query = sql.query(
        .setOperation(.union, isAll: true, byName: false, query, sql.query(whole))
      )
    }
    let name = host.commonName("filled")
    host.addCommon(name, query)
    return name
  }

  /// The number and the name of each step.
  var stepRows: Query {
    sql.query(
      .values(
        steps.enumerated().map { [sql.integer($0.offset + 1), sql.text(label($0.offset))] }
      )
    )
  }

  /// A query as a relation of a join.
  func relation(_ query: Query, as alias: String, columns: [String] = []) -> TableReference {
    TableReference(
      .query(query, isLateral: false),
      alias: sql.identifier(alias),
      columnAliases: columns.map(sql.identifier),
      range: sql.range
    )
  }
}
