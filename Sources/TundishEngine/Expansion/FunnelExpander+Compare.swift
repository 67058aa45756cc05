internal import TundishSyntax

// `funnel sales this quarter compare previous quarter`: each step beside what it was before.
extension FunnelExpander {
  /// The answers of both windows, paired by dimensions and step.
  func expandComparison() throws(StatementFailure) -> Expansion {
    guard clauses.over == nil else {
      throw StatementFailure([
        .clauseNeeds(
          "a funnel with 'compare' pairs two periods as a whole; leave 'over' out",
          range: clauses.overRange ?? statement.range
        )
      ])
    }
    guard clauses.list == nil, clauses.having == nil, clauses.ranking == nil,
      !statement.amountPerStep, policies.regressions != .count
    else {
      throw StatementFailure([
        .clauseNeeds(
          "a funnel with 'compare' takes no list, having, top, amount per step or regressions"
            + " count",
          range: statement.range
        )
      ])
    }
    let current = try side(host.window)
    let previous = try side(host.previousWindow)
    let names = ["now", "earlier"].map { host.commonName($0) }
    host.addCommon(names[0], current.query)
    host.addCommon(names[1], previous.query)
    var expansion = Expansion(
      query: paired(names[0], names[1]),
      footer: current.footer,
      chart: clauses.chart
    )
    if let window = host.window { expansion.footer.append(.text("paths begun \(window.text)")) }
    if let window = host.previousWindow {
      expansion.footer.append(.text("compared with \(window.text)"))
    }
    return expansion
  }

  /// The funnel of one window.
  private func side(_ window: TimeWindow?) throws(StatementFailure) -> Expansion {
    var plain = statement
    plain.clauses.compare = nil
    plain.clauses.period = nil
    plain.clauses.orderBy = []
    plain.clauses.limit = nil
    let expander = try FunnelExpander(expander: expander, statement: plain)
    expander.host.window = window
    return try expander.expand()
  }

  private func paired(_ now: String, _ earlier: String) -> Query {
    var keys = host.dimensions.map(\.name)
    if clauses.within.count > 1 { keys.append("within") }
    if hasTotals { keys.append("is_total") }
    let tied = keys + ["step_number"]
    var items = (tied.filter { $0 != "is_total" } + ["step"]).map { name in
      sql.item(sql.call("coalesce", [sql.name(now, name), sql.name(earlier, name)]), as: name)
    }
    let isLast = sql.equal(
      sql.call("coalesce", [sql.name(now, "step_number"), sql.name(earlier, "step_number")]),
      sql.integer(steps.count)
    )
    func count(_ side: String, _ name: String) -> Expression {
      let known = sql.call("coalesce", [sql.name(side, name), sql.integer(0)])
      return name == "entered" ? known : sql.choose([(isLast, sql.null)], otherwise: known)
    }
    func rate(_ side: String, _ name: String) -> Expression {
      sql.unit(sql.name(side, name), "rate")
    }
    for name in ["entered", "converted", "dropped", "open"] {
      items.append(sql.item(count(now, name), as: name))
    }
    items.append(sql.item(count(earlier, "entered"), as: "entered_previous"))
    items.append(sql.item(count(earlier, "converted"), as: "converted_previous"))
    for name in ["step_rate", "overall_rate"] {
      items.append(sql.item(rate(now, name), as: name))
      items.append(sql.item(rate(earlier, name), as: "\(name)_previous"))
      let change = sql.binary(.subtract, sql.name(now, name), sql.name(earlier, name))
      items.append(sql.item(sql.unit(change, "rate"), as: "\(name)_change"))
    }
    let counts = [
      count(now, "converted"), count(now, "entered"), count(earlier, "converted"),
      count(earlier, "entered"),
    ]
    let isEnough = [counts[1], counts[3]].map { sql.atLeast($0, sql.integer(30)) }
    if let isEnough = sql.all(isEnough) {
      items.append(
        sql.item(
          sql.choose([(isEnough, sql.call("two_proportion_p", counts))]),
          as: "step_rate_p"
        )
      )
    }
    for side in [now, earlier] {
      items.append(
        sql.item(
          sql.unit(sql.name(side, "median_days"), "days"),
          as: side == now ? "median_days" : "median_days_previous"
        )
      )
    }
    if hasTotals {
      items.append(
        sql.item(
          sql.call("coalesce", [sql.name(now, "is_total"), sql.name(earlier, "is_total")]),
          as: "is_total"
        )
      )
    }
    let from = sql.join(
      sql.table(now),
      .full,
      sql.table(earlier),
      on: sql.all(tied.map { sql.same(sql.name(now, $0), sql.name(earlier, $0)) })
    )
    var order = hasTotals ? [sql.ascending(sql.name("is_total"))] : []
    order += tied.filter { $0 != "is_total" }.map { sql.ascending(sql.name($0)) }
    return sql.query(
      sql.select(items, from: from),
      with: host.commons,
      orderBy: clauses.orderBy + order,
      limit: clauses.limit
    )
  }
}
