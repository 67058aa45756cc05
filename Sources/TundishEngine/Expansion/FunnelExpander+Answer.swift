internal import TundishColumns
internal import TundishSyntax

// The answer of a funnel, and what is printed under it.
extension FunnelExpander {
  func answer(
    from measures: String,
    _ source: EventRelation,
    hasWithin: Bool
  ) throws(StatementFailure) -> Query {
    var keys: [String] = clauses.over.map { [$0.rawValue] } ?? []
    keys += host.dimensions.map(\.name)
    if hasWithin { keys.append("within") }
    var partition = keys.map { sql.name($0) }
    if hasTotals { partition.append(sql.name("is_total")) }
    let entered = sql.name("entered")
    let converted = sql.name("converted")
    let base = sql.call(
      "first_value",
      [entered],
      over: WindowSpecification(
        partitionBy: partition,
        orderBy: [sql.ascending(sql.name("step_number"))],
        range: sql.range
      )
    )
    var items = keys.map {
      sql.item($0 == "within" ? sql.unit(sql.name($0), "days") : sql.name($0), as: $0)
    }
    items += ["step_number", "step", "entered", "converted"].map { sql.item(sql.name($0), as: $0) }
    items.append(
      sql.item(
        sql.binary(
          .subtract,
          sql.binary(.subtract, entered, converted),
          sql.name("open")
        ),
        as: "dropped"
      )
    )
    items.append(sql.item(sql.name("open"), as: "open"))
    items.append(
      sql.item(
        sql.unit(sql.binary(.divide, sql.cast(converted, "DOUBLE"), entered), "rate"),
        as: "step_rate"
      )
    )
    items.append(
      sql.item(
        sql.unit(sql.binary(.divide, sql.cast(entered, "DOUBLE"), base), "rate"),
        as: "overall_rate"
      )
    )
    if let confidence = clauses.confidence {
      let level = sql.fraction(ofPercent: confidence)
      for (name, counts) in [
        ("step_rate", [converted, entered]), ("overall_rate", [entered, base]),
      ] {
        for (end, function) in [("low", "wilson_low"), ("high", "wilson_high")] {
          let bound = sql.call(function, counts + [level])
          items.append(sql.item(sql.unit(bound, "rate"), as: "\(name)_\(end)"))
        }
      }
    }
    if clauses.withShare {
      items.append(sql.item(sql.unit(share(of: entered, hasWithin), "rate"), as: "entered_share"))
    }
    items += ["median_days", "p90_days"].map {
      sql.item(sql.unit(sql.name($0), "days"), as: $0)
    }
    if countsRegressions { items.append(sql.item(sql.name("regressed"), as: "regressed")) }
    if source.hasAmount {
      items += ["amount", "amount_converted"].map { sql.item(sql.name($0), as: $0) }
      let share = sql.binary(
        .divide,
        sql.cast(sql.name("amount_converted"), "DOUBLE"),
        sql.name("amount")
      )
      items.append(sql.item(sql.unit(share, "rate"), as: "amount_rate"))
    }
    if hasTotals { items.append(sql.item(sql.name("is_total"), as: "is_total")) }
    var order: [OrderItem] = []
    if hasTotals { order.append(sql.ascending(sql.name("is_total"))) }
    order += keys.map { sql.ascending(sql.name($0)) }
    order.append(sql.ascending(sql.name("step_number")))
    if !clauses.orderBy.isEmpty { order = clauses.orderBy + order }
    let answer = sql.select(
      items,
      from: sql.table(filled(measures, source, hasWithin: hasWithin))
    )
    guard clauses.having != nil || clauses.ranking != nil else {
      return sql.query(answer, with: host.commons, orderBy: order, limit: clauses.limit)
    }
    // Chosen from the whole answer, so that shares of the first step stay as they are.
    let whole = host.commonName("answer")
    host.addCommon(whole, sql.query(answer))
    var conditions: [Expression] = []
    if let having = clauses.having { conditions.append(try condition(having)) }
    if let ranking = clauses.ranking { conditions.append(try top(ranking, of: whole)) }
    return sql.query(
      sql.select([sql.item(sql.star)], from: sql.table(whole), where: sql.all(conditions)),
      with: host.commons,
      orderBy: order,
      limit: clauses.limit
    )
  }

  /// The share of a combination of dimensions in all that entered a step.
  private func share(of entered: Expression, _ hasWithin: Bool) -> Expression {
    var together = clauses.over.map { [$0.rawValue] } ?? []
    if hasWithin { together.append("within") }
    let isOwn = hasTotals ? sql.not(sql.name("is_total")) : nil
    let whole = sql.call(
      "sum",
      [entered],
      filter: isOwn,
      over: WindowSpecification(
        partitionBy: (together + ["step_number"]).map { sql.name($0) },
        range: sql.range
      )
    )
    let share = sql.binary(.divide, sql.cast(entered, "DOUBLE"), whole)
    return isOwn.map { sql.choose([($0, share)]) } ?? share
  }

  /// `having`: names are columns of the answer, percentages are fractions.
  func condition(_ having: Expression) throws(StatementFailure) -> Expression {
    try having.rewritten {
      (part: Expression) throws(StatementFailure) -> Expression? in
      if case .percentage(let text) = part.kind { return sql.fraction(ofPercent: text) }
      return nil
    }
  }

  /// `top n`: the combinations with the most, or by another column, at the first step.
  func top(_ ranking: Ranking, of answer: String) throws(StatementFailure) -> Expression {
    let names = host.dimensions.map(\.name)
    guard !names.isEmpty else {
      throw StatementFailure([
        .clauseNeeds(
          "'top' and 'bottom' in a funnel choose among the values of 'by'",
          range: statement.range
        )
      ])
    }
    let measure = sql.name(ranking.metric.map { foldedText($0.text) } ?? "entered")
    let total = sql.call(
      "max",
      [measure],
      filter: sql.equal(sql.name("step_number"), sql.integer(1))
    )
    let chosen = host.commonName("chosen")
    host.addCommon(
      chosen,
      sql.query(
        sql.select(
          names.map { sql.item(sql.name($0), as: $0) },
          from: sql.table(answer),
          where: hasTotals ? sql.not(sql.name("is_total")) : nil,
          groupBy: .elements(names.map { .expressions([sql.name($0)]) })
        ),
        orderBy: [
          OrderItem(expression: total, isDescending: !ranking.isBottom, nullsFirst: false)
        ] + names.map { sql.ascending(sql.name($0)) },
        limit: ranking.count
      )
    )
    let isSame = names.map { sql.same(sql.name(chosen, $0), sql.name(answer, $0)) }
    let isChosen = sql.expression(
      .exists(
        sql.query(
          sql.select(
            [sql.item(sql.integer(1))],
            from: sql.table(chosen),
            where: sql.all(isSame)
          )
        )
      )
    )
    guard hasTotals else { return isChosen }
    return sql.either([isChosen, sql.name("is_total")]) ?? isChosen
  }

  func footer(within: Duration?) -> [FooterItem] {
    let path = steps.map(\.name.name).joined(separator: " -> ")
    var policies = [
      "steps \(self.policies.steps?.rawValue ?? "ordered")",
      within.map { "within \($0.amount) \($0.unit.rawValue)s" } ?? "no window",
      "entry \(self.policies.entry?.rawValue ?? "first")",
      "skips \(self.policies.skips?.rawValue ?? "count")",
      "regressions \(self.policies.regressions?.rawValue ?? "ignore")",
      "ties \(self.policies.ties?.rawValue ?? "ordered")",
    ]
    if clauses.within.count > 1 { policies.remove(at: 1) }
    for step in steps {
      if let length = step.within {
        policies.append("\(step.name.name) within \(length.amount) \(length.unit.rawValue)s")
      }
      if step.isOptional { policies.append("\(step.name.name) optional") }
    }
    if !excluding.isEmpty {
      policies.append("excluding \(excluding.map { Syntax.format($0) }.joined(separator: ", "))")
    }
    if !holding.isEmpty {
      policies.append("holding \(holding.map { Syntax.format($0) }.joined(separator: ", "))")
    }
    let items: [FooterItem] =
      [.text("funnel \(path) · \(host.asOf.text)"), .text(policies.joined(separator: ", "))]
      + (keylessLine.map { [$0] } ?? [])
    let unsaid = zip(host.dimensions, clauses.dimensions).filter { $0.1.moment == nil }
    guard isOverTable, !unsaid.isEmpty else { return items }
    let names = unsaid.map(\.0.name).joined(separator: ", ")
    return items + [
      .text("\(names) of each entity's first event; 'at entry', 'at step' and 'at now' are others")
    ]
  }

  /// Whether the funnel runs over a table of events, whose rows carry the dimensions.
  private var isOverTable: Bool {
    switch statement.subject {
    case .named:
      if case .table? = definition?.source { true } else { false }
    case .adHoc(_, let source): source != nil
    }
  }
}
