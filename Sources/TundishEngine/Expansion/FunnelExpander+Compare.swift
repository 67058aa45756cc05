internal import TundishSyntax

// `funnel sales this quarter compare previous quarter`: each step beside what it was before.
extension FunnelExpander {
  /// The answers of both windows, paired by dimensions, the position of the bucket, and step.
  func expandComparison() throws(StatementFailure) -> Expansion {
    let current = try side(host.window)
    let previous = try side(host.previousWindow)
    let names = ["now", "earlier"].map { host.commonName($0) }
    var footer = current.query.footer
    if let window = host.window { footer.append(.text("paths begun \(window.text)")) }
    if let window = host.previousWindow {
      footer.append(.text("compared with \(window.text)"))
    }
    if clauses.list != nil {
      host.addCommon(names[0], current.query.query)
      host.addCommon(names[1], previous.query.query)
      return Expansion(query: lists(names[0], names[1]), footer: footer)
    }
    for (name, side) in zip(names, [current, previous]) {
      host.addCommon(name, positioned(side.query.query))
    }
    let whole = host.commonName("compared")
    host.addCommon(whole, paired(names[0], names[1], hasAmount: current.hasAmount))
    var conditions: [Expression] = []
    if let having = clauses.having { conditions.append(try condition(having)) }
    if let ranking = clauses.ranking { conditions.append(try top(ranking, of: whole)) }
    let tied = keys.filter { $0 != "is_total" } + ["step_number"]
    let order =
      (hasTotals ? [sql.ascending(sql.name("is_total"))] : [])
      + tied.map { sql.ascending(sql.name($0)) }
    var expansion = Expansion(
      query: sql.query(
        sql.select([sql.item(sql.star)], from: sql.table(whole), where: sql.all(conditions)),
        with: host.commons,
        orderBy: clauses.orderBy + order,
        limit: clauses.limit
      ),
      footer: footer,
      chart: clauses.chart
    )
    expansion.drawn = drawn(hasWithin: clauses.within.count > 1)
    return expansion
  }

  /// The columns that tell rows apart, but for the step.
  private var keys: [String] {
    (clauses.over.map { [$0.rawValue] } ?? []) + host.dimensions.map(\.name)
      + (clauses.within.count > 1 ? ["within"] : []) + (hasTotals ? ["is_total"] : [])
  }

  /// The funnel of one window, and whether it tells amounts.
  private func side(
    _ window: TimeWindow?
  ) throws(StatementFailure) -> (query: Expansion, hasAmount: Bool) {
    var plain = statement
    plain.clauses.compare = nil
    plain.clauses.period = nil
    plain.clauses.orderBy = []
    plain.clauses.having = nil
    plain.clauses.ranking = nil
    if plain.clauses.list == nil { plain.clauses.limit = nil }
    let expander = try FunnelExpander(expander: expander, statement: plain)
    expander.host.window = window
    return (try expander.expand(), expander.tellsAmounts)
  }

  /// The rows of both windows, the current ones first.
  private func lists(_ now: String, _ earlier: String) -> Query {
    func rows(_ name: String, _ word: String) -> Query {
      sql.query(
        sql.select(
          [sql.item(sql.text(word), as: "compared"), sql.item(sql.star)],
          from: sql.table(name)
        )
      )
    }
    return sql.query(
      .setOperation(
        .union,
        isAll: true,
        byName: false,
        rows(now, "current"),
        rows(earlier, "previous")
      ),
      with: host.commons,
      orderBy: clauses.orderBy
    )
  }

  /// An answer whose buckets are numbered, because months of two years are paired by position.
  private func positioned(_ answer: Query) -> Query {
    guard let grain = clauses.over else { return answer }
    let axis = sql.name(grain.rawValue)
    let position = sql.call(
      "dense_rank",
      [],
      over: WindowSpecification(
        orderBy: [OrderItem(expression: axis, isDescending: nil, nullsFirst: false)],
        range: sql.range
      )
    )
    return sql.query(
      sql.select(
        [
          sql.item(sql.star),
          sql.item(
            sql.choose([(sql.isNull(axis, not: true), position)]),
            as: "position"
          ),
        ],
        from: relation(answer, as: "side")
      )
    )
  }

  private func paired(_ now: String, _ earlier: String, hasAmount: Bool) -> Query {
    let tied =
      keys.map { $0 == clauses.over?.rawValue ? "position" : $0 } + ["step_number"]
    var items: [SelectItem] = []
    if let grain = clauses.over {
      // A bucket without a row now still has its place on the axis.
      let places = sql.select(
        [sql.item(sql.call("min", [sql.name("p", grain.rawValue)]))],
        from: sql.table(QualifiedName([sql.identifier(now)]), as: "p"),
        where: sql.equal(sql.name("p", "position"), sql.name(earlier, "position"))
      )
      let place = sql.expression(.scalarQuery(sql.query(places)))
      items.append(
        sql.item(
          sql.call("coalesce", [sql.name(now, grain.rawValue), place]),
          as: grain.rawValue
        )
      )
    }
    let told = tied.filter { $0 != "is_total" && $0 != "position" } + ["step"]
    items += told.map { name in
      sql.item(sql.call("coalesce", [sql.name(now, name), sql.name(earlier, name)]), as: name)
    }
    items += counts(now, earlier)
    items += rates(now, earlier)
    if hasAmount { items += amounts(now, earlier) }
    if countsRegressions {
      items.append(sql.item(zero(now, "regressed"), as: "regressed"))
      items.append(sql.item(zero(earlier, "regressed"), as: "regressed_previous"))
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
    return sql.query(sql.select(items, from: from))
  }

  private func zero(_ side: String, _ name: String) -> Expression {
    sql.call("coalesce", [sql.name(side, name), sql.integer(0)])
  }

  /// A count of one side: 0 where it has no row, NULL at the last step but for what entered.
  private func count(_ side: String, _ name: String, _ now: String, _ earlier: String) -> Expression
  {
    guard name != "entered" else { return zero(side, name) }
    let step = sql.call(
      "coalesce",
      [sql.name(now, "step_number"), sql.name(earlier, "step_number")]
    )
    return sql.choose(
      [(sql.equal(step, sql.integer(steps.count)), sql.null)],
      otherwise: zero(side, name)
    )
  }

  private func counts(_ now: String, _ earlier: String) -> [SelectItem] {
    ["entered", "converted", "dropped", "open"].map {
      sql.item(count(now, $0, now, earlier), as: $0)
    }
      + ["entered", "converted"].map {
        sql.item(count(earlier, $0, now, earlier), as: "\($0)_previous")
      }
  }

  private func rates(_ now: String, _ earlier: String) -> [SelectItem] {
    var items: [SelectItem] = []
    for name in ["step_rate", "overall_rate"] {
      items += beside(name, now, earlier, unit: "rate")
    }
    let counts = [
      count(now, "converted", now, earlier), count(now, "entered", now, earlier),
      count(earlier, "converted", now, earlier), count(earlier, "entered", now, earlier),
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
    return items
  }

  /// Amounts of each step: their change is also told in per cent.
  private func amounts(_ now: String, _ earlier: String) -> [SelectItem] {
    var items: [SelectItem] = []
    for name in ["amount", "amount_converted"] {
      items += beside(name, now, earlier, unit: nil)
      let change = sql.binary(
        .subtract,
        sql.cast(sql.name(now, name), "DOUBLE"),
        sql.cast(sql.name(earlier, name), "DOUBLE")
      )
      let share = sql.binary(.divide, sql.grouped(change), sql.name(earlier, name))
      items.append(sql.item(sql.unit(share, "rate"), as: "\(name)_change_pct"))
    }
    return items + beside("amount_rate", now, earlier, unit: "rate")
  }

  /// A column, what it was, and the difference.
  private func beside(
    _ name: String,
    _ now: String,
    _ earlier: String,
    unit: String?
  ) -> [SelectItem] {
    func told(_ value: Expression) -> Expression { unit.map { sql.unit(value, $0) } ?? value }
    let change = sql.binary(.subtract, sql.name(now, name), sql.name(earlier, name))
    return [
      sql.item(told(sql.name(now, name)), as: name),
      sql.item(told(sql.name(earlier, name)), as: "\(name)_previous"),
      sql.item(told(change), as: "\(name)_change"),
    ]
  }
}
