internal import TundishColumns
internal import TundishSyntax

/// Spreads the rows that a metric counts over the touches that led to them.
///
/// Credits of a row add up to 1; money is split in hundredths by largest remainder, so that the
/// parts add up to the whole. Touches after the row's date do not count, touches of one instant
/// share their slots, and a row without touches is `(direct)`.
struct TouchCredits {
  let statement: MetricExpander
  let attribution: Attribution
  let touches: RoleDefinition

  private var sql: SQLBuilder { statement.sql }

  /// The name under which rows without touches, and touches without a channel, stand.
  static let direct = "(direct)"

  static let models: Set<String> = [
    "first", "last", "last_non_direct", "linear", "u_shaped", "w_shaped", "j", "inverse_j",
    "time_decay", "participation", "markov", "shapley",
  ]

  private var model: String { foldedText(attribution.model.text) }

  /// Whether credit depends on all journeys, also on those that led to nothing.
  var isOfAllJourneys: Bool { model == "markov" || model == "shapley" }

  /// Whether a dimension is an attribute or column of the touches.
  static func isTouch(
    _ dimension: NamedDimension,
    _ touches: RoleDefinition,
    _ lookup: SchemaLookup
  ) throws(StatementFailure) -> Bool {
    guard let path = dimension.path, path.count == 1, let name = path.first?.text else {
      return false
    }
    if touches.value(name) != nil { return true }
    return try lookup.column(name, of: touches.table) != nil
  }

  /// Adds the columns by which touches find a row: its number, its key and its date.
  func prepare(_ compiler: GroupCompiler) throws(StatementFailure) {
    guard let date = compiler.date else {
      throw StatementFailure([
        .clauseNeeds("'attributed by' needs rows with a date", range: statement.range)
      ])
    }
    compiler.addAxis(
      "row_id",
      sql.call("row_number", [], over: WindowSpecification(range: sql.range))
    )
    compiler.addAxis("touched_key", try key(compiler.scope))
    compiler.addAxis("credited_at", sql.cast(date, "TIMESTAMP"))
    if model == "w_shaped" {
      compiler.addAxis("key_at", sql.cast(try keyInstant(compiler.scope), "TIMESTAMP"))
    }
  }

  /// When the lead converted, else when the opportunity was created: the last touch until then is
  /// the key touch of a w-shaped credit.
  private func keyInstant(_ scope: RoleScope) throws(StatementFailure) -> Expression {
    var found: [Expression] = []
    let path = scope.role == .leads ? ["converted"] : ["lead", "converted"]
    let isDeclared = statement.model.role(.leads)?.value("converted") != nil
    if isDeclared, let converted = try scope.resolve(path.map { sql.identifier($0) })?.value {
      found.append(converted)
    }
    if scope.role == .opportunities, let created = try scope.attribute("created")?.value {
      found.append(created)
    }
    guard let first = found.first else {
      throw StatementFailure([
        .clauseNeeds(
          "'w_shaped' needs CONVERTED of LEADS or CREATED of OPPORTUNITIES for its key touch",
          range: attribution.model.range
        )
      ])
    }
    return found.count == 1
      ? first : sql.call("coalesce", found.map { sql.cast($0, "TIMESTAMP") })
  }

  /// The column of a role's rows that the touches name.
  private func key(_ scope: RoleScope) throws(StatementFailure) -> Expression {
    switch scope.role {
    case .leads:
      if touches.value("lead") != nil, let key = scope.definition.value("key") {
        return scope.qualified(key)
      }
    case .opportunities:
      if touches.value("lead") == nil, touches.value("opportunity") != nil,
        let key = scope.definition.value("key")
      {
        return scope.qualified(key)
      }
      if let lead = scope.definition.value("lead") { return scope.qualified(lead) }
      let path = ["lead", "key"].map { sql.identifier($0) }
      if let found = try scope.resolve(path) { return found.value }
    case .history, .visits, .touches, .spend, .quotas, .activities, .customers, .subscriptions,
      .mqls, .sqls, .bookings:
      break
    }
    throw StatementFailure([
      .clauseNeeds(
        "'attributed by' needs LEAD of OPPORTUNITIES, by which touches find the deals they led to",
        range: statement.range
      )
    ])
  }

  /// Adds the credited rows; returns their name.
  func credit(
    _ rows: String,
    columns: [String],
    dimensions: [NamedDimension],
    money: [String],
    key role: ModelRole,
    counted: Expression?
  ) throws(StatementFailure) -> String {
    let touched = statement.commonName("touched")
    statement.addCommon(touched, try touchedRows(rows, dimensions, role))
    let weighted = statement.commonName("weighted")
    statement.addCommon(
      weighted,
      isOfAllJourneys
        ? try sharedWeights(touched, rows, dimensions, counted) : weights(touched, dimensions)
    )
    let credited = statement.commonName("credited")
    var items = columns.filter { !money.contains($0) }.map { sql.item(sql.name(rows, $0), as: $0) }
    items += dimensions.map { dimension in
      sql.item(
        sql.call("coalesce", [sql.name(weighted, dimension.name), sql.text(Self.direct)]),
        as: dimension.name
      )
    }
    let weight = sql.call("coalesce", [sql.name(weighted, "weight"), sql.integer(1)])
    items.append(sql.item(weight, as: "credit"))
    items += money.map { sql.item(share(of: sql.name(rows, $0), weight, weighted, rows), as: $0) }
    let from = sql.join(
      sql.table(rows),
      .left,
      sql.table(weighted),
      on: sql.equal(sql.name(rows, "row_id"), sql.name(weighted, "row_id"))
    )
    statement.addCommon(credited, sql.query(sql.select(items, from: from)))
    return credited
  }

  /// Every touch of every row, in order, with what its weight depends on.
  private func touchedRows(
    _ rows: String,
    _ dimensions: [NamedDimension],
    _ role: ModelRole
  ) throws(StatementFailure) -> Query {
    let scope = RoleScope(
      lookup: statement.lookup,
      model: statement.model,
      definition: touches,
      asOf: nil,
      range: statement.range
    )
    let usesLead = touches.value("lead") != nil
    guard let at = try scope.attribute("at")?.value,
      let key = touches.value(usesLead ? "lead" : "opportunity")
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
  private func sharedWeights(
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
    return sql.query(
      sql.select(
        [
          sql.item(sql.name(countedRows, "row_id"), as: "row_id"),
          sql.item(
            sql.call(
              "row_number",
              [],
              over: WindowSpecification(
                partitionBy: [sql.name(countedRows, "row_id")],
                orderBy: [OrderItem(expression: member("channel"))],
                range: sql.range
              )
            ),
            as: "position"
          ),
          sql.item(member("channel"), as: dimension.name),
          sql.item(member("share"), as: "weight"),
        ],
        from: sql.join(sql.table(countedRows), .cross, sql.table(shares), on: nil)
      )
    )
  }

  /// The weight of each touch; touches of one instant share theirs.
  private func weights(_ touched: String, _ dimensions: [NamedDimension]) -> Query {
    let row = sql.name("row_id")
    let isParticipation = foldedEqual(attribution.model.text, "participation")
    let raw = slot()
    let shared = sql.call(
      "avg",
      [raw],
      over: WindowSpecification(partitionBy: [row, sql.name("at")], range: sql.range)
    )
    let names = ["row_id", "at", "position"] + dimensions.map(\.name)
    let inner = sql.query(
      sql.select(
        names.map { sql.item(sql.name($0), as: $0) } + [sql.item(shared, as: "slot")],
        from: sql.table(touched)
      )
    )
    let total = sql.call(
      "sum",
      [sql.name("slot")],
      over: WindowSpecification(partitionBy: [row], range: sql.range)
    )
    let weight: Expression =
      isParticipation ? sql.integer(1) : sql.binary(.divide, sql.name("slot"), total)
    return sql.query(
      sql.select(
        names.map { sql.item(sql.name($0), as: $0) } + [sql.item(weight, as: "weight")],
        from: TableReference(
          .query(inner, isLateral: false),
          alias: sql.identifier("slots"),
          range: sql.range
        ),
        where: sql.binary(.greater, sql.name("slot"), sql.integer(0))
      )
    )
  }

  /// What a touch's place earns before sharing.
  private func slot() -> Expression {
    let position = sql.name("position")
    let count = sql.name("touches")
    let isFirst = sql.equal(position, sql.integer(1))
    let isLast = sql.equal(position, count)
    func number(_ text: String) -> Expression { sql.expression(.literal(.double(text))) }
    func shaped(_ two: (String, String), _ ends: (String, String), _ middle: String) -> Expression {
      sql.choose(
        [
          (sql.equal(count, sql.integer(1)), number("1e0")),
          (
            sql.all([sql.equal(count, sql.integer(2)), isFirst]) ?? isFirst, number(two.0)
          ),
          (sql.equal(count, sql.integer(2)), number(two.1)),
          (isFirst, number(ends.0)), (isLast, number(ends.1)),
        ],
        otherwise: sql.binary(
          .divide,
          number(middle),
          sql.binary(.subtract, count, sql.integer(2))
        )
      )
    }
    switch foldedText(attribution.model.text) {
    case "first": return sql.choose([(isFirst, number("1e0"))], otherwise: number("0e0"))
    case "last", "last_non_direct":
      return sql.choose([(isLast, number("1e0"))], otherwise: number("0e0"))
    case "u_shaped": return shaped(("5e-1", "5e-1"), ("4e-1", "4e-1"), "2e-1")
    case "w_shaped":
      let key = sql.name("key_position")
      let isPlain = sql.either([
        sql.binary(.lessOrEqual, key, sql.integer(1)), sql.atLeast(key, count),
      ])
      return sql.choose(
        [
          (
            isPlain ?? isFirst,
            shaped(("5e-1", "5e-1"), ("4e-1", "4e-1"), "2e-1")
          ),
          // An empty middle share goes to the three key touches.
          (sql.equal(count, sql.integer(3)), number("1e0")),
          (
            sql.either([isFirst, isLast, sql.equal(position, key)]) ?? isFirst,
            number("3e-1")
          ),
        ],
        otherwise: sql.binary(
          .divide,
          number("1e-1"),
          sql.binary(.subtract, count, sql.integer(3))
        )
      )
    case "j": return shaped(("25e-2", "75e-2"), ("2e-1", "6e-1"), "2e-1")
    case "inverse_j": return shaped(("75e-2", "25e-2"), ("6e-1", "2e-1"), "2e-1")
    case "time_decay":
      let halfLife = attribution.duration.map { MetricBinder.days(of: $0) } ?? "7.0"
      return sql.call(
        "pow",
        [
          number("2e0"),
          sql.expression(
            .unary(
              .minus,
              sql.grouped(
                sql.binary(
                  .divide,
                  sql.name("days_before"),
                  sql.expression(.literal(.decimal(halfLife)))
                )
              )
            )
          ),
        ]
      )
    default: return number("1e0")
    }
  }

  /// The share of a row's money, in whole hundredths; what rounding leaves goes to the largest
  /// remainders.
  private func share(
    of amount: Expression,
    _ weight: Expression,
    _ weighted: String,
    _ rows: String
  ) -> Expression {
    if foldedEqual(attribution.model.text, "participation") { return amount }
    let hundredths = sql.binary(.multiply, sql.cast(amount, "DOUBLE"), sql.integer(100))
    // A hair above exact products such as 0.2 x 50 keeps them whole.
    let exact = sql.call(
      "round",
      [sql.binary(.multiply, hundredths, weight), sql.integer(6)]
    )
    let base = sql.call("floor", [exact])
    let row = sql.name(rows, "row_id")
    let left = sql.binary(
      .subtract,
      sql.call("round", [hundredths]),
      sql.call("sum", [base], over: WindowSpecification(partitionBy: [row], range: sql.range))
    )
    let rank = sql.call(
      "row_number",
      [],
      over: WindowSpecification(
        partitionBy: [row],
        orderBy: [
          OrderItem(
            expression: sql.binary(.subtract, exact, base),
            isDescending: true,
            nullsFirst: false
          ),
          OrderItem(expression: sql.name(weighted, "position")),
        ],
        range: sql.range
      )
    )
    let bonus = sql.choose(
      [(sql.binary(.lessOrEqual, rank, left), sql.integer(1))],
      otherwise: sql.integer(0)
    )
    let whole = sql.decimal(
      sql.cast(sql.binary(.add, base, bonus), "BIGINT"),
      precision: 18,
      scale: 2
    )
    return sql.decimal(
      sql.binary(.divide, whole, sql.integer(100)),
      precision: 18,
      scale: 2
    )
  }

  /// An aggregate over credited rows: counts add credits, sums are of the split amounts.
  func aggregate(
    _ value: Expression,
    money: inout [String]
  ) throws(StatementFailure) -> Expression {
    guard case .call(var call) = value.unparenthesized.kind, !call.isDistinct,
      let argument = call.arguments.first?.value
    else { throw notAdditive }
    switch foldedText(call.name.last) {
    case "count":
      if case .star = argument.kind {
        call.arguments = [FunctionArgument(value: sql.name("credit"))]
        call.name = QualifiedName([sql.identifier("sum")])
        return Expression(.call(call), range: sql.range)
      }
      throw notAdditive
    case "sum":
      guard let column = argument.simpleName else { throw notAdditive }
      if !money.contains(column.text) { money.append(column.text) }
      return value
    default: throw notAdditive
    }
  }

  private var notAdditive: StatementFailure {
    StatementFailure([
      .clauseNeeds(
        "'attributed by' spreads counts and sums, such as won, opportunities and bookings",
        range: statement.range
      )
    ])
  }
}
