internal import TundishSyntax

// The aggregates of a metric over credited rows.
extension TouchCredits {
  /// An aggregate over credited rows: counts add credits, sums are of the split amounts, averages
  /// divide the one by the other, and what is counted once is so at its first row.
  func aggregate(
    _ value: Expression,
    _ spread: inout CreditedColumns
  ) throws(StatementFailure) -> Expression {
    switch value.kind {
    case .parenthesized(let inner):
      return sql.grouped(try aggregate(inner, &spread))
    case .cast(let inner, let type, let isTry):
      return sql.expression(.cast(try aggregate(inner, &spread), type, isTry: isTry))
    case .call(let call) where MetricBinder.isAggregate(call.name.last):
      return try aggregate(call, &spread)
    case .call(var call):
      for index in call.arguments.indices {
        call.arguments[index] = FunctionArgument(
          value: try aggregate(call.arguments[index].value, &spread)
        )
      }
      return sql.expression(.call(call))
    case .binary(let operation, let left, let right):
      return sql.expression(
        .binary(operation, try aggregate(left, &spread), try aggregate(right, &spread))
      )
    case .literal:
      return value
    default:
      throw notAdditive
    }
  }

  private func aggregate(
    _ call: FunctionCall,
    _ spread: inout CreditedColumns
  ) throws(StatementFailure) -> Expression {
    guard let argument = call.arguments.first?.value else { throw notAdditive }
    let credit = sql.name("credit")
    func sum(_ column: Expression, _ conditions: [Expression?]) -> Expression {
      sql.call("sum", [column], filter: sql.all(conditions.compactMap { $0 }))
    }
    switch (foldedText(call.name.last), call.isDistinct) {
    case ("count", false):
      if case .star = argument.kind { return sum(credit, [call.filter]) }
      return sum(credit, [call.filter, sql.isNull(argument, not: true)])
    case ("count", true):
      guard let column = argument.simpleName?.text else { throw notAdditive }
      let name: String
      if let known = spread.firsts.first(where: { $0.column == column && $0.filter == call.filter })
      {
        name = known.name
      } else {
        name = "is_first_\(column)" + (spread.firsts.isEmpty ? "" : "_\(spread.firsts.count + 1)")
        spread.firsts.append((name, column, call.filter))
      }
      return sum(credit, [call.filter, sql.isNull(argument, not: true), sql.name(name)])
    case ("sum", false):
      try addMoney(argument, &spread)
      return sql.expression(.call(call))
    case ("avg", false):
      try addMoney(argument, &spread)
      let count = sum(credit, [call.filter, sql.isNull(argument, not: true)])
      return sql.binary(.divide, sum(argument, [call.filter]), count)
    default: throw notAdditive
    }
  }

  private func addMoney(
    _ argument: Expression,
    _ spread: inout CreditedColumns
  ) throws(StatementFailure) {
    guard let column = argument.simpleName?.text else { throw notAdditive }
    if !spread.money.contains(column) { spread.money.append(column) }
  }

  private var notAdditive: StatementFailure {
    StatementFailure([
      .clauseNeeds(
        "'attributed by' spreads counts, sums and averages, such as won, bookings and cpa; a median or a duration cannot be spread",
        range: statement.range
      )
    ])
  }
}
