internal import TundishColumns
internal import TundishSyntax

// EXPLAIN of attribution: which touches were credited, and which were not for what reason.
extension TouchCredits {
  /// The touches read, those dropped by each rule, and the rows that none led to.
  ///
  /// `counted` has the rows that count, with `row_id`, `touched_key` and `credited_at`.
  func explanation(of counted: TableReference) throws(StatementFailure) -> [FooterItem] {
    let scope = touchScope
    guard let at = try scope.attribute("at")?.value, let key = touchKey else { return [] }
    let read = sql.select(
      [
        sql.item(
          sql.call("row_number", [], over: WindowSpecification(range: sql.range)),
          as: "touch_id"
        ),
        sql.item(scope.qualified(key), as: "touched"),
        sql.item(sql.cast(at, "TIMESTAMP"), as: "touch_at"),
      ],
      from: scope.from
    )
    let credited = sql.name("counted", "credited_at")
    let isEarlier = sql.binary(.lessOrEqual, sql.name("touch_at"), credited)
    var isRecent: Expression?
    if let lookback = attribution.lookback {
      let length = sql.expression(
        .interval(sql.expression(.literal(.integer(lookback.amount))), unit: lookback.unit)
      )
      isRecent = sql.atLeast(sql.name("touch_at"), sql.binary(.subtract, credited, length))
    }
    let isCredited = sql.all([isEarlier, isRecent].compactMap { $0 }) ?? isEarlier
    func any(_ condition: Expression) -> Expression {
      sql.call(
        "coalesce",
        [sql.call("bool_or", [condition]), sql.boolean(false)]
      )
    }
    let joined = sql.join(
      TableReference(
        .query(sql.query(read), isLateral: false),
        alias: sql.identifier("touches_read"),
        range: sql.range
      ),
      .left,
      counted,
      on: sql.equal(sql.name("touched"), sql.name("counted", "touched_key"))
    )
    let perTouch = sql.select(
      [
        sql.item(any(sql.isNull(sql.name("touch_at"))), as: "is_undated"),
        sql.item(any(sql.isNull(sql.name("counted", "row_id"), not: true)), as: "has_row"),
        sql.item(any(isEarlier), as: "is_earlier"),
        sql.item(any(isCredited), as: "is_credited"),
      ],
      from: joined,
      groupBy: .elements([.expressions([sql.name("touch_id")])])
    )
    func count(_ yes: [String], not no: [String]) -> Expression {
      let conditions = yes.map { sql.name($0) } + no.map { sql.not(sql.name($0)) }
      return sql.call("count", [sql.star], filter: sql.all(conditions))
    }
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.call("count", [sql.star]), as: "touches"),
          sql.item(count(["is_undated"], not: []), as: "undated"),
          sql.item(count([], not: ["is_undated", "has_row"]), as: "of_others"),
          sql.item(count(["has_row"], not: ["is_undated", "is_earlier"]), as: "too_late"),
          sql.item(count(["is_earlier"], not: ["is_credited"]), as: "too_early"),
          sql.item(count(["is_credited"], not: []), as: "credited"),
        ],
        from: TableReference(
          .query(sql.query(perTouch), isLateral: false),
          alias: sql.identifier("each_touch"),
          range: sql.range
        )
      )
    )
    let lookback = attribution.lookback.map { "\($0.amount) \($0.unit.rawValue)s" }
    return [
      .computed(query) { rows in
        guard let row = rows.first, row.count == 6 else { return [] }
        let numbers = row.map(MetricExpander.number)
        var lines = [
          "    \(numbers[0]) touches read", "    - \(numbers[1]) without a date",
          "    - \(numbers[2]) of leads that nothing counted came from",
          "    - \(numbers[3]) after what they would be credited with",
        ]
        if let lookback { lines.append("    - \(numbers[4]) longer ago than \(lookback)") }
        return lines + ["    = \(numbers[5]) credited"]
      }, try untouched(counted, joined: joined, isCredited),
    ]
  }

  /// The rows without a credited touch.
  private func untouched(
    _ counted: TableReference,
    joined: TableReference,
    _ isCredited: Expression
  ) throws(StatementFailure) -> FooterItem {
    let touched = sql.select(
      [sql.item(sql.call("count", [sql.name("counted", "row_id")], isDistinct: true))],
      from: joined,
      where: isCredited
    )
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.call("count", [sql.star]), as: "counted_rows"),
          sql.item(sql.expression(.scalarQuery(sql.query(touched))), as: "touched_rows"),
        ],
        from: counted
      )
    )
    return .computed(query) { rows in
      guard let row = rows.first, row.count == 2, case .integer(let all) = row[0],
        case .integer(let touched) = row[1]
      else { return [] }
      return [
        "    \(MetricExpander.number(.integer(all - touched))) rows without a touch are \(Self.direct)"
      ]
    }
  }
}
