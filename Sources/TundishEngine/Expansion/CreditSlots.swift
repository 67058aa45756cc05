internal import TundishSyntax

/// What the touches of a journey earn under a model, as whole numbers, so that shares are exact.
///
/// The slots read the columns `row_id`, `position` and `touches` of the touched rows, and some of
/// `at`, `days_before` and `key_position`.
struct CreditSlots {
  let model: Identifier
  let duration: Duration?
  let sql: SQLBuilder

  /// The models that look at one journey at a time.
  static let ofOneJourney = [
    "first", "last", "last_non_direct", "linear", "u_shaped", "w_shaped", "j", "inverse_j",
    "time_decay", "participation",
  ]
  /// The models that weigh all journeys, also those that led to nothing.
  static let ofAllJourneys = ["markov", "shapley"]
  /// All models.
  static let models = ofOneJourney + ofAllJourneys
  /// The models that need to know when touches happened.
  static let timed: Set<String> = ["time_decay", "w_shaped"]

  /// The part of each touch of its row, as `part` of `whole`; touches of one instant share theirs.
  func weights(of touched: String, keeping columns: [String]) -> Query {
    let row = sql.name("row_id")
    let isTimed = columns.contains("at")
    let peers = WindowSpecification(
      partitionBy: [row] + (isTimed ? [sql.name("at")] : [sql.name("position")]),
      range: sql.range
    )
    let names = ["row_id", "position"] + columns
    let inner = sql.query(
      sql.select(
        [sql.item(sql.star), sql.item(slot(), as: "slot")],
        from: sql.table(touched)
      )
    )
    let shared = sql.call("sum", [sql.name("slot")], over: peers)
    let all = sql.call(
      "sum",
      [sql.name("slot")],
      over: WindowSpecification(partitionBy: [row], range: sql.range)
    )
    let outer = sql.query(
      sql.select(
        names.map { sql.item(sql.name($0), as: $0) } + [
          sql.item(sql.cast(shared, "HUGEINT"), as: "part"),
          sql.item(
            sql.binary(
              .multiply,
              sql.cast(all, "HUGEINT"),
              sql.call("count", [sql.star], over: peers)
            ),
            as: "whole"
          ),
        ],
        from: TableReference(
          .query(inner, isLateral: false),
          alias: sql.identifier("slots"),
          range: sql.range
        )
      )
    )
    return sql.query(
      sql.select(
        [sql.item(sql.star)],
        from: TableReference(
          .query(outer, isLateral: false),
          alias: sql.identifier("parts"),
          range: sql.range
        ),
        where: sql.binary(.greater, sql.name("part"), sql.integer(0))
      )
    )
  }

  /// What a touch's place earns before sharing.
  private func slot() -> Expression {
    let position = sql.name("position")
    let count = sql.name("touches")
    let isFirst = sql.equal(position, sql.integer(1))
    let isLast = sql.equal(position, count)
    func one(where condition: Expression) -> Expression {
      sql.choose([(condition, sql.integer(1))], otherwise: sql.integer(0))
    }
    /// `ends` times the number of touches between, against 1 for each of those.
    func shaped(two: (Int, Int), ends: (Int, Int)) -> Expression {
      let between = sql.binary(.subtract, count, sql.integer(2))
      func end(_ times: Int) -> Expression {
        times == 1 ? between : sql.binary(.multiply, sql.integer(times), between)
      }
      return sql.choose(
        [
          (sql.equal(count, sql.integer(1)), sql.integer(1)),
          (sql.all([sql.equal(count, sql.integer(2)), isFirst]) ?? isFirst, sql.integer(two.0)),
          (sql.equal(count, sql.integer(2)), sql.integer(two.1)),
          (isFirst, end(ends.0)), (isLast, end(ends.1)),
        ],
        otherwise: sql.integer(1)
      )
    }
    switch foldedText(model.text) {
    case "first": return one(where: isFirst)
    case "last", "last_non_direct": return one(where: isLast)
    // 2/5 and 2/5 at the ends, 1/5 for all between.
    case "u_shaped": return shaped(two: (1, 1), ends: (2, 2))
    case "j": return shaped(two: (1, 3), ends: (1, 3))
    case "inverse_j": return shaped(two: (3, 1), ends: (3, 1))
    case "w_shaped": return wShaped(shaped(two: (1, 1), ends: (2, 2)), isFirst, isLast)
    case "time_decay": return decayed()
    default: return sql.integer(1)
    }
  }

  /// Three tenths for the first, the key and the last touch, a tenth for all others.
  private func wShaped(
    _ plain: Expression,
    _ isFirst: Expression,
    _ isLast: Expression
  )
    -> Expression
  {
    let key = sql.name("key_position")
    let count = sql.name("touches")
    let isPlain = sql.either([
      sql.binary(.lessOrEqual, key, sql.integer(1)), sql.atLeast(key, count),
    ])
    return sql.choose(
      [
        (isPlain ?? isFirst, plain),
        // An empty middle share goes to the three key touches.
        (sql.equal(count, sql.integer(3)), sql.integer(1)),
        (
          sql.either([isFirst, isLast, sql.equal(sql.name("position"), key)]) ?? isFirst,
          sql.binary(.multiply, sql.integer(3), sql.binary(.subtract, count, sql.integer(3)))
        ),
      ],
      otherwise: sql.integer(1)
    )
  }

  /// A half for each half-life before the newest touch, in 2^-50.
  private func decayed() -> Expression {
    let newest = sql.call(
      "min",
      [sql.name("days_before")],
      over: WindowSpecification(partitionBy: [sql.name("row_id")], range: sql.range)
    )
    let halfLife = duration.map { MetricBinder.days(of: $0) } ?? "7.0"
    let halves = sql.binary(
      .divide,
      sql.binary(.subtract, newest, sql.name("days_before")),
      sql.expression(.literal(.decimal(halfLife)))
    )
    let power = sql.call("pow", [sql.expression(.literal(.double("2e0"))), halves])
    return sql.cast(
      sql.call(
        "round",
        [sql.binary(.multiply, power, sql.expression(.literal(.integer("1125899906842624"))))]
      ),
      "BIGINT"
    )
  }
}
