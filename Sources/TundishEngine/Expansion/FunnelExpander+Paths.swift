internal import TundishColumns
internal import TundishSyntax

// The paths of entities through a funnel.
extension FunnelExpander {
  /// One row per path: the entity, its dimensions, the times of its steps.
  func paths(_ source: EventRelation, within: Duration?) -> Query {
    let names = host.dimensions.map(\.name)
    let held = (0..<source.heldCount).map { "held_\($0 + 1)" }
    let arguments = [sql.text(rules(within: within)), sql.name("at")] + stepConditions
    var items = [sql.item(sql.name("entity"), as: "entity")]
    items += held.map { sql.item(sql.name($0), as: $0) }
    let isInline = source.entities == nil && held.isEmpty
    if isInline { items += ownDimensions(names) }
    items.append(sql.item(sql.call("funnel_path", arguments), as: "paths"))
    if countsRegressions {
      items.append(sql.item(sql.call("funnel_regressions", arguments), as: "regressions"))
    }
    let grouped = sql.query(
      sql.select(
        items,
        from: sql.table(source.name),
        groupBy: .elements([.expressions((["entity"] + held).map { sql.name($0) })])
      )
    )
    let inner = TableReference(
      .query(grouped, isLateral: false),
      alias: sql.identifier("walked"),
      range: sql.range
    )
    var outer = [sql.item(sql.name("walked", "entity"), as: "entity")]
    var from = inner
    var entities = source.entities
    if entities == nil, !held.isEmpty {
      // Dimensions are those of the entity, whatever is held constant.
      let own = host.commonName("entities")
      host.addCommon(
        own,
        sql.query(
          sql.select(
            [sql.item(sql.name("entity"), as: "entity")] + ownDimensions(names)
              + [sql.item(sql.boolean(false), as: "is_out")],
            from: sql.table(source.name),
            groupBy: .elements([.expressions([sql.name("entity")])])
          )
        )
      )
      entities = own
    }
    if let entities {
      outer += names.map { sql.item(sql.name(entities, $0), as: $0) }
      outer.append(sql.item(sql.name(entities, "is_out"), as: "is_out"))
      if source.hasAmount, !source.isEventAmount {
        outer.append(sql.item(sql.name(entities, "amount"), as: "amount"))
      }
      from = sql.join(
        inner,
        .inner,
        sql.table(entities),
        on: sql.equal(sql.name("walked", "entity"), sql.name(entities, "entity"))
      )
    } else {
      outer += names.map { sql.item(sql.name("walked", $0), as: $0) }
      outer.append(sql.item(sql.boolean(false), as: "is_out"))
    }
    outer.append(sql.item(sql.call("unnest", [sql.name("paths")]), as: "path"))
    if countsRegressions {
      outer.append(sql.item(sql.call("unnest", [sql.name("regressions")]), as: "regressed"))
    }
    let all = sql.query(sql.select(outer, from: from))
    return held.isEmpty || isEveryEntry ? all : kept(all)
  }

  /// Dimensions of an entity of an event table: those of its first event, or of the newest.
  private func ownDimensions(_ names: [String]) -> [SelectItem] {
    zip(names, clauses.dimensions).map { name, dimension in
      let function = dimension.moment == .now || dimension.moment == .close ? "arg_max" : "arg_min"
      return sql.item(sql.call(function, [sql.name(name), sql.name("at")]), as: name)
    }
  }

  /// Of the paths of an entity with different held values the longest, then the earliest.
  private func kept(_ all: Query) -> Query {
    let path = sql.name("path")
    let times = steps.indices.map { element(path, sql.integer($0 + 1)) }
    var length = sql.call("len", [path])
    if countsTouches {
      length = times.map { time in
        sql.choose([(sql.isNull(time, not: true), sql.integer(1))], otherwise: sql.integer(0))
      }.reduce(sql.integer(0)) { sql.binary(.add, $0, $1) }
    }
    let rank = sql.call(
      "row_number",
      [],
      over: WindowSpecification(
        partitionBy: [sql.name("entity")],
        orderBy: [OrderItem(expression: length, isDescending: true, nullsFirst: nil)]
          + times.map { sql.ascending($0) },
        range: sql.range
      )
    )
    let every = host.commonName("held_paths")
    host.addCommon(every, all)
    let ranked = sql.query(
      sql.select(
        [sql.item(sql.star), sql.item(rank, as: "held_rank")],
        from: sql.table(every)
      )
    )
    return sql.query(
      sql.select(
        [sql.item(sql.star)],
        from: TableReference(
          .query(ranked, isLateral: false),
          alias: sql.identifier("ranked"),
          range: sql.range
        ),
        where: sql.equal(sql.name("held_rank"), sql.integer(1))
      )
    )
  }

  func element(_ path: Expression, _ index: Expression) -> Expression {
    sql.expression(.index(path, index))
  }

  func interval(_ duration: Duration) -> Expression {
    sql.expression(
      .interval(sql.expression(.literal(.integer(duration.amount))), unit: duration.unit)
    )
  }

  /// Whether the time is over in which an entity could still go on from a step.
  func isElapsed(_ path: Expression, at step: Expression, within: Duration?) -> Expression {
    let asOf = sql.instant(host.asOf.instant)
    let start = element(path, sql.integer(1))
    var isElapsed: Expression = sql.boolean(false)
    if let within {
      isElapsed = sql.binary(.lessOrEqual, sql.binary(.add, start, interval(within)), asOf)
    }
    let branches = steps.enumerated().compactMap { index, funnelStep -> (Expression, Expression)? in
      guard index > 0, let length = funnelStep.within else { return nil }
      return (
        sql.equal(step, sql.integer(index)),
        sql.binary(.lessOrEqual, sql.binary(.add, element(path, step), interval(length)), asOf)
      )
    }
    guard !branches.isEmpty else { return isElapsed }
    let own = sql.choose(branches, otherwise: sql.boolean(false))
    return within == nil ? own : sql.either([isElapsed, own]) ?? own
  }

  /// The conditions by which the start of a path lies in the statement's period.
  func periodConditions(_ path: Expression) -> [Expression] {
    let start = element(path, sql.integer(1))
    var conditions: [Expression] = []
    if let window = host.window {
      if let first = window.start { conditions.append(sql.atLeast(start, sql.instant(first))) }
      if let end = window.end { conditions.append(sql.less(start, sql.instant(end))) }
    }
    return conditions
  }

  /// What the events say of each instant, for `at entry`, `at step` and amounts of events.
  func moments(_ source: EventRelation) throws(StatementFailure) -> String? {
    let dimensions = momentDimensions
    let usesAmount = source.hasAmount && source.isEventAmount
    guard !dimensions.isEmpty || usesAmount else { return nil }
    guard source.hasEventDimensions || dimensions.isEmpty else {
      throw StatementFailure(
        dimensions.map {
          .clauseNeeds(
            "'\($0.name)' is known only as it is now; 'at entry' and 'at step' need a funnel over"
              + " events, or a HISTORY that says it, such as OWNER",
            range: $0.range
          )
        }
      )
    }
    // At one instant the event of the earliest step.
    let order = sql.choose(
      steps.indices.map { (stepConditions[$0], sql.integer($0 + 1)) },
      otherwise: sql.integer(steps.count + 1)
    )
    var items = [
      sql.item(sql.name("entity"), as: "entity"), sql.item(sql.name("at"), as: "at"),
    ]
    items += dimensions.map {
      sql.item(sql.call("arg_min", [sql.name($0.name), order]), as: $0.name)
    }
    // What the event of each step says, and whether there is one.
    for index in steps.indices {
      let condition = stepConditions[index]
      items.append(sql.item(sql.call("bool_or", [condition]), as: "met_\(index + 1)"))
      items += dimensions.map {
        sql.item(
          sql.call("first", [sql.name($0.name)], filter: condition),
          as: "\($0.name)_\(index + 1)"
        )
      }
      if usesAmount {
        items.append(
          sql.item(
            sql.call("first", [sql.name("amount")], filter: condition),
            as: "amount_\(index + 1)"
          )
        )
      }
    }
    let name = host.commonName("moments")
    host.addCommon(
      name,
      sql.query(
        sql.select(
          items,
          from: sql.table(source.name),
          where: sql.either(Array(stepConditions.prefix(steps.count))),
          groupBy: .elements([.expressions([sql.name("entity"), sql.name("at")])])
        )
      )
    )
    return name
  }

  /// A column of the moments as the event of a step says it; where a later stage implies the step,
  /// a dimension is that of the later event, and there is no amount.
  func atStep(_ name: String, of moments: String, step: Expression, isAmount: Bool) -> Expression {
    sql.choose(
      steps.indices.map { index in
        let isHere = sql.equal(step, sql.integer(index + 1))
        let isMet = sql.all([isHere, sql.name(moments, "met_\(index + 1)")]) ?? isHere
        return (isMet, sql.name(moments, "\(name)_\(index + 1)"))
      },
      otherwise: isAmount ? nil : sql.name(moments, name)
    )
  }
}
