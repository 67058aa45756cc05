internal import TundishColumns
internal import TundishSyntax

// The journeys of touches: those of the rows that count, and those that led to nothing.
extension TouchCredits {
  /// The touches as a table that attributes are read from.
  var touchScope: RoleScope {
    RoleScope(
      lookup: statement.lookup,
      model: statement.model,
      definition: touches,
      asOf: nil,
      range: statement.range
    )
  }

  /// The lead that a touch belongs to, or the opportunity where touches name none.
  var touchKey: Expression? {
    touches.value("lead") ?? touches.value("opportunity")
  }

  /// Every touch of every row, in order, with what its weight depends on.
  func touchedRows(
    _ rows: String,
    _ dimensions: [NamedDimension]
  ) throws(StatementFailure) -> Query {
    let scope = touchScope
    guard let at = try scope.attribute("at")?.value, let key = touchKey else {
      throw StatementFailure([
        .missingAttribute(
          "AT and LEAD",
          of: .touches,
          table: touches.table.last,
          neededBy: nil,
          range: statement.range
        )
      ])
    }
    let time = sql.cast(at, "TIMESTAMP")
    var conditions = [sql.binary(.lessOrEqual, time, sql.name(rows, "credited_at"))]
    if let lookback = attribution.lookback {
      let start = sql.binary(
        .subtract,
        sql.name(rows, "credited_at"),
        sql.expression(
          .interval(sql.expression(.literal(.integer(lookback.amount))), unit: lookback.unit)
        )
      )
      conditions.append(sql.atLeast(time, start))
    }
    conditions.insert(sql.equal(scope.qualified(key), sql.name(rows, "touched_key")), at: 0)
    let channel = try scope.attribute("channel")?.value ?? sql.text("")
    let isDirect = sql.call(
      "coalesce",
      [sql.equal(sql.cast(channel, "VARCHAR"), sql.text(Self.direct)), sql.boolean(true)]
    )
    let row = sql.name(rows, "row_id")
    var order = [OrderItem(expression: time)]
    if foldedEqual(attribution.model.text, "last_non_direct") {
      order.insert(OrderItem(expression: isDirect, isDescending: true, nullsFirst: nil), at: 0)
    }
    // Of one instant, in the order of the dimensions, so that the order is always the same.
    for dimension in dimensions {
      if let value = try scope.resolve(dimension.path ?? [])?.value {
        order.append(OrderItem(expression: value))
      }
    }
    var items = [
      sql.item(row, as: "row_id"), sql.item(time, as: "at"),
      sql.item(
        sql.call(
          "row_number",
          [],
          over: WindowSpecification(partitionBy: [row], orderBy: order, range: sql.range)
        ),
        as: "position"
      ),
      sql.item(
        sql.call(
          "count",
          [sql.star],
          over: WindowSpecification(partitionBy: [row], range: sql.range)
        ),
        as: "touches"
      ),
      sql.item(
        sql.binary(
          .divide,
          sql.call("date_diff", [sql.text("microsecond"), time, sql.name(rows, "credited_at")]),
          sql.expression(.literal(.double("86400000000e0")))
        ),
        as: "days_before"
      ),
    ]
    if model == "w_shaped" {
      items.append(
        sql.item(
          sql.call(
            "count",
            [sql.star],
            filter: sql.binary(.lessOrEqual, time, sql.name(rows, "key_at")),
            over: WindowSpecification(partitionBy: [row], range: sql.range)
          ),
          as: "key_position"
        )
      )
    }
    for dimension in dimensions {
      let value = try scope.resolve(dimension.path ?? [])?.value ?? sql.null
      items.append(sql.item(value, as: dimension.name))
    }
    return sql.query(
      sql.select(
        items,
        from: sql.join(sql.table(rows), .inner, scope.from, on: sql.all(conditions))
      )
    )
  }
  /// The weight of each channel by all journeys: those of the counted rows converted, those of
  /// leads (or deals) without a row that counts did not.
  ///
  /// Every counted row is then shared out alike, so that a channel's sum is its share of the whole.
  func sharedWeights(
    _ touched: String,
    _ rows: String,
    _ dimensions: [NamedDimension],
    _ counted: Expression?
  ) throws(StatementFailure) -> Query {
    guard let dimension = dimensions.first, dimensions.count == 1 else {
      throw StatementFailure([
        .clauseNeeds(
          "'\(attribution.model.text)' shares credit over one dimension of the touches, such as"
            + " 'by channel'",
          range: attribution.model.range
        )
      ])
    }
    let scope = RoleScope(
      lookup: statement.lookup,
      model: statement.model,
      definition: touches,
      asOf: nil,
      range: statement.range
    )
    guard let value = try scope.resolve(dimension.path ?? [])?.value,
      let at = try scope.attribute("at")?.value,
      let key = touches.value("lead") ?? touches.value("opportunity")
    else {
      throw StatementFailure([
        .missingAttribute(
          "AT and LEAD",
          of: .touches,
          table: touches.table.last,
          neededBy: nil,
          range: statement.range
        )
      ])
    }
    func channel(_ value: Expression) -> Expression {
      sql.call("coalesce", [sql.cast(value, "VARCHAR"), sql.text(Self.direct)])
    }
    func journey(_ path: Expression, isConverted: Bool) -> [SelectItem] {
      [
        sql.item(path, as: "path"),
        sql.item(sql.cast(sql.integer(isConverted ? 1 : 0), "DOUBLE"), as: "conversions"),
        sql.item(sql.cast(sql.integer(isConverted ? 0 : 1), "DOUBLE"), as: "others"),
      ]
    }
    let countedRows = statement.commonName("counted_rows")
    statement.addCommon(
      countedRows,
      sql.query(
        sql.select(
          ["row_id", "touched_key"].map { sql.item(sql.name($0), as: $0) },
          from: sql.table(rows),
          where: counted
        )
      )
    )
    let converted = sql.query(
      sql.select(
        journey(
          sql.call(
            "coalesce",
            [
              sql.call(
                "list",
                [channel(sql.name(touched, dimension.name))],
                orderBy: [OrderItem(expression: sql.name(touched, "position"))],
                filter: sql.isNull(sql.name(touched, "position"), not: true)
              ),
              sql.expression(.list([sql.text(Self.direct)])),
            ]
          ),
          isConverted: true
        ),
        from: sql.join(
          sql.table(countedRows),
          .left,
          sql.table(touched),
          on: sql.equal(sql.name(touched, "row_id"), sql.name(countedRows, "row_id"))
        ),
        groupBy: .elements([.expressions([sql.name(countedRows, "row_id")])])
      )
    )
    let keys = sql.query(
      sql.select(
        [sql.item(sql.name("touched_key"), as: "touched_key")],
        from: sql.table(countedRows),
        where: sql.isNull(sql.name("touched_key"), not: true)
      )
    )
    let asOf = sql.instant(statement.asOf.instant)
    let others = sql.query(
      sql.select(
        journey(
          sql.call(
            "list",
            [channel(value)],
            orderBy: [
              OrderItem(expression: sql.cast(at, "TIMESTAMP")),
              OrderItem(expression: channel(value)),
            ]
          ),
          isConverted: false
        ),
        from: scope.from,
        where: sql.all([
          sql.expression(.inQuery(scope.qualified(key), keys, isNegated: true)),
          sql.less(sql.cast(at, "TIMESTAMP"), asOf),
        ]),
        groupBy: .elements([.expressions([scope.qualified(key)])])
      )
    )
    let journeys = statement.commonName("journeys")
    statement.addCommon(
      journeys,
      sql.query(.setOperation(.union, isAll: true, byName: false, converted, others))
    )
    let shares = statement.commonName("channel_shares")
    statement.addCommon(
      shares,
      sql.query(
        sql.select(
          [
            sql.item(
              sql.call(
                "unnest",
                [
                  sql.call(
                    model,
                    ["path", "conversions", "others"].map { sql.name($0) }
                  )
                ]
              ),
              as: "channel_share"
            )
          ],
          from: sql.table(journeys)
        )
      )
    )
    func member(_ name: String) -> Expression {
      sql.expression(.index(sql.name(shares, "channel_share"), sql.text(name)))
    }
    let part = sql.cast(
      sql.call(
        "round",
        [
          sql.binary(
            .multiply,
            member("share"),
            sql.expression(.literal(.integer("1000000000000000")))
          )
        ]
      ),
      "HUGEINT"
    )
    let own = WindowSpecification(partitionBy: [sql.name(countedRows, "row_id")], range: sql.range)
    return sql.query(
      sql.select(
        [
          sql.item(sql.name(countedRows, "row_id"), as: "row_id"),
          sql.item(
            sql.call(
              "row_number",
              [],
              over: WindowSpecification(
                partitionBy: own.partitionBy,
                orderBy: [OrderItem(expression: member("channel"))],
                range: sql.range
              )
            ),
            as: "position"
          ),
          sql.item(member("channel"), as: dimension.name), sql.item(part, as: "part"),
          sql.item(sql.call("sum", [part], over: own), as: "whole"),
        ],
        from: sql.join(sql.table(countedRows), .cross, sql.table(shares), on: nil)
      )
    )
  }
}
