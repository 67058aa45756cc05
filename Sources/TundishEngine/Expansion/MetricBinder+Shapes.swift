internal import TundishSyntax

// What can be told from the shape of an aggregate.
extension MetricBinder {
  static func isAggregate(_ name: String) -> Bool {
    aggregates.contains(foldedText(name))
  }

  static let aggregates: Set<String> = [
    "count", "sum", "avg", "mean", "min", "max", "median", "mode", "quantile_cont",
    "quantile_disc", "stddev", "variance", "bool_or", "bool_and", "first", "last", "any_value",
    "arg_min", "arg_max", "approx_count_distinct", "product", "statistic",
  ]

  /// Whether the aggregate is a count: also a sum that is cast to BIGINT, whose terms count.
  static func isCount(_ aggregate: Expression) -> Bool {
    if case .cast(let inner, let type, _) = aggregate.unparenthesized.kind,
      case .named(let name, _) = type.kind, foldedEqual(name, "bigint")
    {
      return isAdditive(inner)
    }
    guard case .call(let call) = aggregate.unparenthesized.kind else { return false }
    return foldedEqual(call.name.last, "count")
  }

  /// Whether no rows mean 0.
  static func isAdditive(_ aggregate: Expression) -> Bool {
    guard case .call(let call) = aggregate.unparenthesized.kind else { return false }
    if foldedEqual(call.name.last, "round"), let inner = call.arguments.first?.value {
      return isAdditive(inner)
    }
    return foldedEqual(call.name.last, "count") || foldedEqual(call.name.last, "sum")
  }

  static func countsDistinct(_ aggregate: Expression) -> Bool {
    guard case .call(let call) = aggregate.unparenthesized.kind else { return false }
    return call.isDistinct
  }

  /// The date by which the rows of a role are counted on their own.
  static func ownDate(of role: ModelRole) -> Expression {
    let sql = SQLBuilder()
    return switch role {
    case .leads, .opportunities: sql.name("created")
    case .customers: sql.name("since")
    case .subscriptions: sql.name("start")
    case .quotas: sql.name("period")
    case .history, .visits, .touches, .spend, .activities, .mqls, .sqls, .bookings: sql.name("at")
    }
  }

  /// The currency of an amount of a role; nil where it is unknown.
  func currency(
    of role: ModelRole?,
    in aggregate: Expression
  ) throws(StatementFailure) -> String? {
    let isOfDeals = aggregate.contains {
      if case .call(let call) = $0.kind { foldedEqual(call.name.last, "won_amount") } else { false }
    }
    guard let role = isOfDeals ? .opportunities : role, let definition = model.role(role) else {
      return nil
    }
    if let currencyOf { return try currencyOf(role) }
    if case .literal(.string(let code))? = definition.currency(of: "amount")?.kind { return code }
    return nil
  }
}
