/// Lets scans apply the conditions that stand directly above them.
///
/// What: `filter (amount > 10)` over `scan deals` becomes `scan deals where (amount > 10)`.
///
/// Why: a scan skips row groups by their least and greatest values, and reads the other columns
/// only for the rows that pass.
///
/// Why not further: the scan of a right side of `d LEFT JOIN c ON d.c = c.id WHERE c.name IS NULL`
/// must not drop the customers with names, or all deals would pass. Moving conditions towards
/// scans is the work of `PushFilters`, which knows joins.
struct PushFilterIntoScan: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    let plan = plan.mapChildren { apply($0, state) }
    guard case .filter(let predicate, .scan(var scan)) = plan else { return plan }
    state.hasChanged = true
    let conjuncts = (scan.predicate?.conjuncts ?? []) + predicate.conjuncts
    scan.predicate = .conjunction(conjuncts)
    return .scan(scan)
  }
}
