internal import TundishSyntax

/// Splits whole units over the touches of a row in the parts that they earn: each gets the units
/// that its part holds, and what is left goes to the largest remainders, so that the parts add up
/// to the whole.
struct CreditSplit {
  /// The relation with `part`, `whole` and `position`; a row without a match in it is not split.
  let weighted: String
  /// What tells the rows apart that are split.
  let row: Expression
  let sql: SQLBuilder

  /// A credit is counted in billionths.
  private static let credits = 1_000_000_000

  /// The credit of a touch, of 1 or of a number of conversions, exact to a billionth.
  func credit(of conversions: Expression?) -> Expression {
    let units: Expression
    if let conversions {
      units = sql.call(
        "round",
        [sql.binary(.multiply, conversions, sql.integer(Self.credits))]
      )
    } else {
      units = sql.integer(Self.credits)
    }
    return sql.binary(
      .divide,
      sql.decimal(parts(of: sql.cast(units, "HUGEINT")), precision: 28, scale: 9),
      sql.integer(Self.credits)
    )
  }

  /// The part of an amount, in its minor unit.
  func money(_ amount: Expression, digits: Int) -> Expression {
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let units = sql.cast(
      sql.call("round", [sql.binary(.multiply, amount, sql.integer(scale))]),
      "HUGEINT"
    )
    let part = sql.binary(
      .divide,
      sql.decimal(parts(of: units), precision: 28, scale: digits),
      sql.integer(scale)
    )
    return sql.decimal(part, precision: 28, scale: digits)
  }

  /// Whole units in whole parts.
  private func parts(of units: Expression) -> Expression {
    func orOne(_ name: String) -> Expression {
      sql.call("coalesce", [sql.name(weighted, name), sql.integer(1)])
    }
    let size = sql.call("abs", [units])
    let earned = sql.binary(.multiply, size, orOne("part"))
    let base = sql.binary(.integerDivide, earned, orOne("whole"))
    let remainder = sql.binary(
      .divide,
      sql.cast(sql.binary(.modulo, earned, orOne("whole")), "DOUBLE"),
      orOne("whole")
    )
    let left = sql.binary(
      .subtract,
      size,
      sql.call("sum", [base], over: WindowSpecification(partitionBy: [row], range: sql.range))
    )
    let rank = sql.call(
      "row_number",
      [],
      over: WindowSpecification(
        partitionBy: [row],
        orderBy: [
          sql.descending(remainder), OrderItem(expression: sql.name(weighted, "position")),
        ],
        range: sql.range
      )
    )
    let bonus = sql.choose(
      [(sql.binary(.lessOrEqual, rank, left), sql.integer(1))],
      otherwise: sql.integer(0)
    )
    return sql.binary(
      .multiply,
      sql.call("sign", [units]),
      sql.binary(.add, base, bonus)
    )
  }
}
