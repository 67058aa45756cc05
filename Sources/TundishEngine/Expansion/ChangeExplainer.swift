internal import TundishSyntax

/// Expands `why win_rate this quarter compare previous quarter by owner, source`.
///
/// The change of a rate is split, for each segment of each dimension, into a mix effect (the segment
/// became a larger part) and a rate effect (the segment's own rate changed); over the segments of a
/// dimension they add up to the change.
struct ChangeExplainer {
  let expander: Expander
  let statement: MetricStatement

  func expand() throws(StatementFailure) -> Expansion {
    let sql = SQLBuilder(statement.range)
    guard statement.clauses.compare != nil, !statement.clauses.dimensions.isEmpty,
      let reference = statement.metrics.first
    else { throw incomplete }
    var union: Query?
    var footer: [FooterItem] = []
    var unit: String?
    for dimension in statement.clauses.dimensions {
      var single = statement
      single.metrics = [reference]
      single.clauses.dimensions = [dimension]
      single.clauses.orderBy = []
      single.clauses.limit = nil
      let host = try MetricExpander(expander: expander, statement: single)
      host.tellsPreviousCounts = true
      let expansion = try host.expand(isScalar: false)
      guard let metric = host.metrics.first, Self.isRatio(metric),
        metric.companions.count == 2, let column = host.dimensions.first
      else {
        throw StatementFailure([
          .clauseNeeds(
            "'why' splits the change of one number divided by another, such as win_rate or cpl",
            range: reference.range
          )
        ])
      }
      if let distinct = metric.companions.first(where: { !$0.isAdditive }) {
        throw StatementFailure([
          .clauseNeeds(
            "'why' cannot split '\(metric.name)': \(distinct.name) does not add up over segments",
            range: reference.range
          )
        ])
      }
      unit = metric.unit.name
      if footer.isEmpty { footer = expansion.footer }
      let part = effects(expansion.query, metric, column.name, sql)
      union =
        union.map { sql.query(.setOperation(.union, isAll: true, byName: false, $0, part)) } ?? part
    }
    guard let union else { throw incomplete }
    let from = TableReference(
      .query(union, isLateral: false),
      alias: sql.identifier("effects"),
      range: sql.range
    )
    let names = [
      "dimension", "segment", "rate", "rate_previous", "n", "n_previous", "mix_effect",
      "rate_effect", "effect",
    ]
    let measured: Set<String> = ["rate", "rate_previous", "mix_effect", "rate_effect", "effect"]
    let items = names.map {
      sql.item(measured.contains($0) ? sql.unit(sql.name($0), unit) : sql.name($0), as: $0)
    }
    var expansion = Expansion(
      query: sql.query(
        sql.select(items, from: from),
        orderBy: [
          sql.ascending(sql.name("dimension")),
          sql.descending(sql.call("abs", [sql.name("mix_effect")])),
        ].enumerated().map { index, item in
          index == 0
            ? item
            : sql.descending(
              sql.call(
                "abs",
                [sql.binary(.add, sql.name("mix_effect"), sql.name("rate_effect"))]
              )
            )
        } + [sql.ascending(sql.name("segment"))],
        limit: statement.clauses.limit
      ),
      footer: footer + [.text("mix and rate effects of a dimension add up to the change")]
    )
    expansion.chart = statement.clauses.chart
    expansion.drawn = DrawnColumns(labels: ["dimension", "segment"], value: "effect")
    return expansion
  }

  /// Whether a metric is a numerator by a denominator, both of which add up over segments.
  private static func isRatio(_ metric: BoundMetric) -> Bool {
    if metric.proportion != nil { return true }
    switch metric.definition.body {
    case .rate: return true
    case .derived(let expression):
      var ratio = expression.unparenthesized
      if case .call(let call) = ratio.kind, foldedEqual(call.name.last, "ratio"),
        let inner = call.arguments.first?.value
      {
        ratio = inner.unparenthesized
      }
      guard case .binary(.divide, let over, let under) = ratio.kind else { return false }
      return over.simpleName != nil && under.simpleName != nil
    case .count, .money, .days, .value: return false
    }
  }

  private var incomplete: StatementFailure {
    StatementFailure([
      .clauseNeeds(
        "'why' needs two windows and what to look at: why win_rate this quarter compare previous quarter by owner",
        range: statement.range
      )
    ])
  }

  private func effects(
    _ query: Query,
    _ metric: BoundMetric,
    _ dimension: String,
    _ sql: SQLBuilder
  ) -> Query {
    let compared = TableReference(
      .query(query, isLateral: false),
      alias: sql.identifier("compared"),
      range: sql.range
    )
    let rate = sql.name(metric.name)
    let before = sql.name(metric.name + "_previous")
    let hits = sql.name(metric.companions[0].name)
    let count = sql.name(metric.companions[1].name)
    let hitsBefore = sql.name(metric.companions[0].name + "_previous")
    let countBefore = sql.name(metric.companions[1].name + "_previous")
    let all = WindowSpecification(range: sql.range)
    func whole(_ value: Expression) -> Expression {
      sql.call("sum", [sql.cast(value, "DOUBLE")], over: all)
    }
    func share(_ part: Expression) -> Expression {
      sql.call(
        "coalesce",
        [sql.binary(.divide, sql.cast(part, "DOUBLE"), whole(part)), sql.integer(0)]
      )
    }
    let now = sql.call("coalesce", [rate, before, sql.integer(0)])
    let then = sql.call("coalesce", [before, rate, sql.integer(0)])
    let half = sql.expression(.literal(.double("5e-1")))
    let average = sql.binary(
      .multiply,
      half,
      sql.binary(
        .add,
        sql.call(
          "coalesce",
          [sql.binary(.divide, whole(hits), whole(count)), sql.integer(0)]
        ),
        sql.call(
          "coalesce",
          [sql.binary(.divide, whole(hitsBefore), whole(countBefore)), sql.integer(0)]
        )
      )
    )
    let product = sql.binary(
      .multiply,
      sql.binary(.subtract, share(count), share(countBefore)),
      sql.binary(
        .subtract,
        sql.binary(.multiply, half, sql.binary(.add, now, then)),
        average
      )
    )
    // Less of what is no different is no effect: 0, not -0.
    let mix = sql.binary(.add, product, sql.expression(.literal(.double("0e0"))))
    let moved = sql.binary(
      .multiply,
      sql.binary(.multiply, half, sql.binary(.add, share(count), share(countBefore))),
      sql.binary(.subtract, now, then)
    )
    // What is spent where nothing came of it has no rate of its own, but moves that of all.
    func unearned(_ part: Expression, _ divisor: Expression) -> Expression {
      sql.choose(
        [
          (
            sql.equal(divisor, sql.integer(0)),
            sql.call(
              "coalesce",
              [
                sql.binary(.divide, sql.cast(part, "DOUBLE"), whole(divisor)), sql.integer(0),
              ]
            )
          )
        ],
        otherwise: sql.integer(0)
      )
    }
    let own = sql.binary(
      .add,
      moved,
      sql.binary(.subtract, unearned(hits, count), unearned(hitsBefore, countBefore))
    )
    return sql.query(
      sql.select(
        [
          sql.item(sql.text(dimension), as: "dimension"),
          sql.item(sql.cast(sql.name(dimension), "VARCHAR"), as: "segment"),
          sql.item(sql.cast(rate, "DOUBLE"), as: "rate"),
          sql.item(sql.cast(before, "DOUBLE"), as: "rate_previous"),
          sql.item(count, as: "n"), sql.item(countBefore, as: "n_previous"),
          sql.item(mix, as: "mix_effect"), sql.item(own, as: "rate_effect"),
          sql.item(sql.binary(.add, mix, own), as: "effect"),
        ],
        from: compared
      )
    )
  }
}
