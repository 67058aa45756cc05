/// Finds the first rows of an order without sorting all of them.
///
/// What: a limit over a sort takes over its keys.
///
/// Why: `ORDER BY amount DESC LIMIT 5` keeps five rows at a time instead of all.
///
/// Why not for percentages: `LIMIT 10%` knows only in the end how many rows it wants, so the sort
/// stays.
struct TopN: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    let plan = plan.mapChildren { apply($0, state) }
    guard case .limit(var limit) = plan, limit.keys.isEmpty, case .rows = limit.count,
      case .sort(let keys, let input) = limit.input
    else { return plan }
    state.hasChanged = true
    limit.keys = keys
    limit.input = input
    return .limit(limit)
  }
}
