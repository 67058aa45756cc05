internal import TundishColumns
internal import TundishSyntax

// The counts at each step of a funnel.
extension FunnelExpander {
  /// The counts at each step.
  func measure(
    _ source: EventRelation,
    within: Duration?,
    isTold: Bool
  ) throws(StatementFailure) -> Query {
    let pathsName = host.commonName("paths")
    host.addCommon(pathsName, paths(source, within: within))
    let path = sql.name("path")
    let start = element(path, sql.integer(1))
    var conditions = periodConditions(path)
    let step = sql.name("step_number")
    let reached = sql.isNull(element(path, step), not: true)
    let depth = sql.call("len", [path])
    // A dimension of the step's own event is known only where the step was reached.
    if momentDimensions.contains(where: { !hasEntryMoment($0.name) }) { conditions.append(reached) }
    let isLast = sql.equal(step, sql.integer(steps.count))
    let isConverted = sql.binary(.greater, depth, step)
    let isElapsed = isElapsed(path, at: step, within: within)
    let isOpen = sql.all([
      sql.not(isConverted), sql.not(sql.grouped(isElapsed)), sql.not(sql.name("is_out")),
    ])
    let previous = element(path, sql.binary(.subtract, step, sql.integer(1)))
    let days = sql.binary(
      .divide,
      sql.call("date_diff", [sql.text("microsecond"), previous, element(path, step)]),
      sql.expression(.literal(.double("86400000000e0")))
    )
    let isLater = sql.binary(.greater, step, sql.integer(1))
    var items: [SelectItem] = []
    var groups: [String] = []
    if isTold, let within {
      let days = sql.expression(.literal(.decimal(MetricBinder.days(of: within))))
      items.append(sql.item(sql.cast(days, "DOUBLE"), as: "within"))
    }
    if let grain = clauses.over {
      items.append(sql.item(host.frame.bucket(start, grain, sql), as: grain.rawValue))
      groups.append(grain.rawValue)
    }
    let moments = try moments(source)
    let located = Set(momentDimensions.map(\.name))
    func dimension(_ name: String) -> Expression {
      guard let moments, located.contains(name) else { return sql.name(pathsName, name) }
      if hasEntryMoment(name) {
        return atStep(name, of: "entry_moment", step: sql.integer(1), isAmount: false)
      }
      return atStep(name, of: moments, step: step, isAmount: false)
    }
    for named in host.dimensions {
      items.append(sql.item(dimension(named.name), as: named.name))
      groups.append(named.name)
    }
    items += ["step_number", "step"].map { sql.item(sql.name($0), as: $0) }
    items.append(sql.item(sql.call("count", [sql.star], filter: reached), as: "entered"))
    items.append(
      sql.item(
        sql.choose(
          [(isLast, sql.null)],
          otherwise: sql.call(
            "count",
            [sql.star],
            filter: sql.all([reached, isConverted])
          )
        ),
        as: "converted"
      )
    )
    items.append(
      sql.item(
        sql.choose(
          [(isLast, sql.null)],
          otherwise: sql.call(
            "count",
            [sql.star],
            filter: sql.all([reached, isOpen].compactMap { $0 })
          )
        ),
        as: "open"
      )
    )
    let isTimed = sql.all([isLater, reached, sql.isNull(previous, not: true)])
    items.append(sql.item(sql.call("median", [days], filter: isTimed), as: "median_days"))
    items.append(
      sql.item(
        sql.call(
          "quantile_cont",
          [days, sql.expression(.literal(.decimal("0.9")))],
          filter: isTimed
        ),
        as: "p90_days"
      )
    )
    let stepRows = relation(stepRows, as: "steps", columns: ["step_number", "step"])
    if countsRegressions {
      items.append(
        sql.item(
          sql.call("count", [sql.star], filter: element(sql.name("regressed"), step)),
          as: "regressed"
        )
      )
    }
    if source.hasAmount {
      var amount = sql.name(pathsName, "amount")
      if source.isEventAmount, let moments {
        amount = atStep("amount", of: moments, step: step, isAmount: true)
      }
      items.append(sql.item(sql.call("sum", [amount], filter: reached), as: "amount"))
      items.append(
        sql.item(
          sql.choose(
            [(isLast, sql.null)],
            otherwise: sql.call("sum", [amount], filter: sql.all([reached, isConverted]))
          ),
          as: "amount_converted"
        )
      )
    }
    var from = sql.join(sql.table(pathsName), .cross, stepRows, on: nil)
    if let moments {
      func join(_ alias: String, at time: Expression) {
        from = sql.join(
          from,
          .left,
          sql.table(QualifiedName([sql.identifier(moments)]), as: alias),
          on: sql.all([
            sql.equal(sql.name(alias, "entity"), sql.name(pathsName, "entity")),
            sql.equal(sql.name(alias, "at"), time),
          ])
        )
      }
      join(moments, at: element(path, step))
      if host.dimensions.contains(where: { hasEntryMoment($0.name) }) {
        join("entry_moment", at: start)
      }
    }
    let stepKeys = [sql.name("step_number"), sql.name("step")]
    let grain = clauses.over
    let keys = groups.map { name -> Expression in
      if let grain, name == grain.rawValue { return host.frame.bucket(start, grain, sql) }
      return dimension(name)
    }
    if hasTotals {
      items.append(
        sql.item(
          sql.binary(.greater, sql.call("GROUPING", keys), sql.integer(0)),
          as: "is_total"
        )
      )
      return sql.query(
        sql.select(
          items,
          from: from,
          where: sql.all(conditions),
          groupBy: .elements([
            .groupingSets(
              [.expressions(keys + stepKeys)]
                + (grain != nil && keys.count > 1
                  ? [.expressions(Array(keys.prefix(1)) + stepKeys)] : [])
                + [.expressions(stepKeys)]
            )
          ])
        )
      )
    }
    return sql.query(
      sql.select(
        items,
        from: from,
        where: sql.all(conditions),
        groupBy: .elements((keys + stepKeys).map { .expressions([$0]) })
      )
    )
  }

  /// Whether a dimension is wanted as it was when the path began.
  private func hasEntryMoment(_ name: String) -> Bool {
    zip(host.dimensions, clauses.dimensions).contains {
      $0.name == name && $1.moment == .entry
    }
  }

  var hasTotals: Bool {
    clauses.withTotals && (!host.dimensions.isEmpty || clauses.over != nil)
  }
}
