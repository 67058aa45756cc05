/// The clauses of the sales door; each may stand once in a statement.
enum SalesClauseName: String, CaseIterable {
  case by
  case over
  case period
  case closing
  case `where`
  case having
  case basis = "cohort | period | snapshot"
  case asOf = "as of"
  case within
  case excluding
  case calendar
  case currency
  case compare
  case vs
  case attributed
  case with
  case top
  case order
  case limit
  case list
  case chart = "as"
  case horizon
  case amount
  case steps
  case entry
  case skips
  case regressions
  case ties

  /// The words that begin a clause.
  static let words: [Keyword: SalesClauseName] = [
    .by: .by, .over: .over, .this: .period, .last: .period, .next: .period, .past: .period,
    .since: .period, .today: .period, .yesterday: .period, .mtd: .period, .qtd: .period,
    .ytd: .period, .closing: .closing, .where: .where, .having: .having, .cohort: .basis,
    .period: .basis, .snapshot: .basis, .as: .chart, .within: .within, .excluding: .excluding,
    .calendar: .calendar, .currency: .currency, .compare: .compare, .vs: .vs,
    .attributed: .attributed, .with: .with, .top: .top, .bottom: .top, .order: .order,
    .limit: .limit, .list: .list, .horizon: .horizon, .amount: .amount, .steps: .steps,
    .entry: .entry, .skips: .skips, .regressions: .regressions, .ties: .ties,
  ]
}

/// The statements that clauses belong to.
enum SalesStatementKind: String {
  case metric = "a metric statement"
  case funnel = "a funnel statement"
  case flow = "a flow statement"
  case survival = "a survival statement"
  case why = "a why statement"

  /// Whether a clause has a meaning in the statement.
  func allows(_ clause: SalesClauseName) -> Bool {
    switch clause {
    case .horizon: self == .survival
    case .amount, .steps, .entry, .skips, .regressions, .ties: self == .funnel
    case .by, .over, .period, .closing, .where, .having, .basis, .asOf, .within, .excluding,
      .calendar, .currency, .compare, .vs, .attributed, .with, .top, .order, .limit, .list,
      .chart:
      true
    }
  }
}

/// The clauses that were read, of whichever statement.
struct ParsedClauses {
  var clauses = SalesClauses()
  var policies = FunnelPolicies()
  var amountPerStep = false
  var horizon: Duration?
  var seen: Set<SalesClauseName> = []
}
