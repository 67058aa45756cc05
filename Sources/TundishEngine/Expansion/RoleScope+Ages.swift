internal import TundishColumns
internal import TundishSyntax

// Customers by age: a row for each customer in each bucket since the one in which it joined.
extension RoleScope {
  /// The most buckets that a customer is followed through.
  static let maximumAge = 1_200

  /// Makes the rows those of customers by age, where age 0 is the bucket of a customer's first
  /// subscription; dimensions are those of that subscription.
  ///
  /// The columns of the alias: `joined_at`; `ripe`, 1 where the bucket has ended before as-of, else
  /// NULL; `retained`, 1 where a subscription was active at its end, else 0, NULL where not ripe.
  func joinAges(
    of grain: Grain,
    frame: TimeFrame,
    asOf: LocalInstant
  ) throws(StatementFailure) -> String {
    guard let start = try attribute("start")?.value else {
      throw StatementFailure([
        .missingAttribute(
          "START",
          of: role,
          table: definition.table.last,
          neededBy: "cohort_retention",
          range: sql.range
        )
      ])
    }
    let customer = customerColumn ?? start
    let ages = try newestAge(start, grain, frame, asOf)
    keepFirst(of: customer, by: start)
    let firsts = nested(definition)
    let firstStart = try firsts.attribute("start")?.value ?? start
    let joined = sql.query(
      sql.select(
        [
          sql.item(firsts.customerColumn ?? firstStart, as: "key"),
          sql.item(sql.call("min", [firstStart]), as: "joined_at"),
        ],
        from: firsts.from,
        where: sql.isNull(firstStart, not: true),
        groupBy: .elements([.expressions([sql.integer(1)])])
      )
    )
    let (count, unit) = SalesCalendar.length(of: grain)
    let step = sql.binary(.add, sql.name("age"), sql.integer(1))
    let end = sql.binary(
      .add,
      frame.bucket(sql.name("joined_at"), grain, sql),
      sql.binary(.multiply, sql.interval(count, unit), step)
    )
    // The end of each bucket of each customer's life.
    let lives = sql.query(
      sql.select(
        [
          sql.item(sql.name("key")), sql.item(sql.name("joined_at")), sql.item(sql.name("age")),
          sql.item(end, as: "age_end"),
        ],
        from: sql.join(
          relation(joined, "joined"),
          .cross,
          series(to: ages, as: "ages", column: "age"),
          on: nil
        )
      )
    )
    let subscriptions = nested(definition)
    let began = try subscriptions.attribute("start")?.value ?? start
    let until = sql.name("lives", "age_end")
    var isActive = sql.less(began, until)
    if let ended = try subscriptions.attribute("end")?.value {
      let isOpen = sql.expression(.binary(.or, sql.isNull(ended), sql.atLeast(ended, until)))
      isActive = sql.all([isActive, sql.grouped(isOpen)]) ?? isActive
    }
    let isRipe = sql.binary(.lessOrEqual, until, sql.instant(asOf))
    let customerOf = subscriptions.customerColumn ?? began
    let columns = ["key", "joined_at", "age"]
    let followed = sql.query(
      sql.select(
        columns.map { sql.item(sql.name("lives", $0), as: $0) } + [
          sql.item(sql.call("max", [sql.choose([(isRipe, sql.integer(1))])]), as: "ripe"),
          sql.item(
            sql.call(
              "max",
              [
                sql.choose([
                  (sql.all([isRipe, sql.grouped(isActive)]) ?? isRipe, sql.integer(1)),
                  (isRipe, sql.integer(0)),
                ])
              ]
            ),
            as: "retained"
          ),
        ],
        from: sql.join(
          relation(lives, "lives"),
          .inner,
          subscriptions.from,
          on: sql.equal(customerOf, sql.name("lives", "key"))
        ),
        groupBy: .elements(columns.map { .expressions([sql.name("lives", $0)]) })
      )
    )
    let alias = joinRows(followed, as: "customer_ages", key: "key", on: customer)
    overrides["age"] = sql.name(alias, "age")
    return alias
  }

  /// The column that tells customers apart; each subscription is its own where there is none.
  private var customerColumn: Expression? {
    (definition.value("customer") ?? definition.value("key")).map { qualified($0) }
  }

  /// Leaves of each customer the first subscription.
  private func keepFirst(of customer: Expression, by start: Expression) {
    var first = sql.select([sql.item(sql.star)], from: from)
    let order = [start] + (definition.value("key").map { [qualified($0)] } ?? [])
    first.qualify = sql.equal(
      sql.call(
        "row_number",
        [],
        over: WindowSpecification(
          partitionBy: [customer],
          orderBy: order.map { sql.ascending($0) },
          range: sql.range
        )
      ),
      sql.integer(1)
    )
    from = relation(sql.query(first), alias)
  }

  /// How many buckets lie between the first subscription and as-of.
  private func newestAge(
    _ start: Expression,
    _ grain: Grain,
    _ frame: TimeFrame,
    _ asOf: LocalInstant
  ) throws(StatementFailure) -> Int {
    let query = sql.query(
      sql.select([sql.item(sql.call("min", [start]), as: "first")], from: from)
    )
    guard let value = try lookup.rows(of: query).first?.first, let first = LocalInstant(value)
    else { return 0 }
    let calendar = frame.calendar
    let last = calendar.start(of: grain, at: asOf.lastDay)
    var day = calendar.start(of: grain, at: first.day)
    var age = 0
    while day < last, age < Self.maximumAge {
      day = calendar.advance(day, by: 1, grain)
      age += 1
    }
    return age
  }

  private func series(to last: Int, as name: String, column: String) -> TableReference {
    TableReference(
      .function(
        FunctionCall(
          name: QualifiedName([sql.identifier("generate_series")]),
          arguments: [
            FunctionArgument(value: sql.integer(0)), FunctionArgument(value: sql.integer(last)),
          ]
        ),
        withOrdinality: false
      ),
      alias: sql.identifier(name),
      columnAliases: [sql.identifier(column)],
      range: sql.range
    )
  }
}
