internal import TundishColumns
internal import TundishSyntax

/// A query of WITH, bound.
struct NamedDefinition {
  let common: CommonTable
  let item: CommonTableExpression
  let plan: Plan
}

extension Binder {
  /// Puts the queries of WITH where they are read, or around what reads them.
  ///
  /// Each plan is passed through once, from the first query to the last, so that a chain of queries
  /// costs no more than its parts.
  func placing(
    _ definitions: [NamedDefinition],
    in body: BoundQuery,
    _ range: SourceRange
  ) -> BoundQuery? {
    let positions = Dictionary(
      uniqueKeysWithValues: definitions.enumerated().map { ($1.common.id, $0) }
    )
    let copies = copies(of: definitions, positions, in: body.plan)
    let isPlaced = definitions.indices.map { Self.isPlaced(definitions[$0], copies[$0]) }
    var placed = definitions.map(\.plan)
    var depths = [Int](repeating: 0, count: definitions.count)
    var isTaken = [Bool](repeating: false, count: definitions.count)
    /// The plan with the queries before a position in it, and how deep it is then.
    func placing(in plan: Plan, before end: Int) -> (plan: Plan, depth: Int) {
      var deepest = 0
      let whole = plan.replacingReferences { reference in
        guard let position = positions[reference.id], position < end, isPlaced[position] else {
          return nil
        }
        deepest = max(deepest, depths[position])
        defer { isTaken[position] = true }
        return reading(placed[position], as: reference, isCopy: isTaken[position])
      }
      // What stands in the place of a reference takes its level.
      return (whole, deepest == 0 ? plan.height : plan.height - 1 + deepest)
    }
    for position in definitions.indices where copies[position] > 0 {
      (placed[position], depths[position]) = placing(in: placed[position], before: position)
      guard depths[position] <= BindingLimits.planDepth else {
        reportDepth(definitions[position].item.name.range)
        return nil
      }
    }
    var (plan, depth) = placing(in: body.plan, before: definitions.count)
    for position in definitions.indices.reversed()
    where copies[position] > 0 && !isPlaced[position] {
      depth = max(depth, depths[position]) + 1
      plan = .materialize(
        MaterializePlan(
          id: definitions[position].common.id,
          name: definitions[position].common.name,
          definition: placed[position],
          body: plan
        )
      )
    }
    guard depth <= BindingLimits.planDepth else {
      reportDepth(range)
      return nil
    }
    var bound = body
    bound.plan = plan
    return bound
  }

  private func reportDepth(_ range: SourceRange) {
    let limit = BindingLimits.planDepth
    report(.tooComplex("queries of WITH that read each other \(limit) deep", at: blame(range)))
  }

  /// How many copies of each query the whole would have, were those that can be put in place.
  private func copies(
    of definitions: [NamedDefinition],
    _ positions: [MaterializationID: Int],
    in body: Plan
  ) -> [Int] {
    var copies = [Int](repeating: 0, count: definitions.count)
    func count(_ plan: Plan, before end: Int, times: Int) {
      for (id, count) in plan.referenceCounts() {
        guard let position = positions[id], position < end else { continue }
        let (more, overflow) = count.multipliedReportingOverflow(by: times)
        let limit = BindingLimits.copies + 1
        copies[position] = min(limit, copies[position] + (overflow ? limit : min(limit, more)))
      }
    }
    count(body, before: definitions.count, times: 1)
    for position in definitions.indices.reversed() where copies[position] > 0 {
      let isPlaced = Self.isPlaced(definitions[position], copies[position])
      count(definitions[position].plan, before: position, times: isPlaced ? copies[position] : 1)
    }
    return copies
  }

  /// Whether a query stands where it is read, and is not computed once for all readers.
  private static func isPlaced(_ definition: NamedDefinition, _ copies: Int) -> Bool {
    if definition.plan.isCorrelated { return true }
    if copies == 1 { return definition.item.isMaterialized != true }
    return definition.item.isMaterialized == false && copies <= BindingLimits.copies
  }

  /// A plan under the columns of a reference to it.
  private func reading(_ plan: Plan, as reference: ReferencePlan, isCopy: Bool) -> Plan {
    var plan = plan
    if isCopy {
      var copier = PlanCopier(makeColumn: { self.makeCopy(of: $0) }, makeID: makeMaterialization)
      plan = copier.copy(plan)
    }
    if case .project(let columns, let input) = plan, columns.count == reference.columns.count {
      let renamed = zip(reference.columns, columns).map { column, projected in
        ProjectedColumn(column: column, expression: projected.expression)
      }
      return .project(renamed, input)
    }
    let projected = zip(reference.columns, plan.columns).map { renamed, column in
      ProjectedColumn(column: renamed, expression: .column(column, range: SourceRange(0, 0)))
    }
    return .project(projected, plan)
  }
}

extension Plan {
  /// How often each materialized query is read.
  func referenceCounts() -> [MaterializationID: Int] {
    var counts: [MaterializationID: Int] = [:]
    countReferences(&counts)
    return counts
  }

  private func countReferences(_ counts: inout [MaterializationID: Int]) {
    if case .reference(let reference) = self { counts[reference.id, default: 0] += 1 }
    for expression in expressions where expression.hasSubquery {
      expression.forEachSubquery { $0.countReferences(&counts) }
    }
    for child in children { child.countReferences(&counts) }
  }

  /// Puts plans in the place of those references for which there is one.
  func replacingReferences(_ replacement: (ReferencePlan) -> Plan?) -> Plan {
    if case .reference(let reference) = self { return replacement(reference) ?? self }
    return mapExpressions { expression in
      expression.hasSubquery
        ? expression.mapSubqueryPlans { $0.replacingReferences(replacement) } : expression
    }.mapChildren { $0.replacingReferences(replacement) }
  }

  /// The number of operators from the top to the deepest input.
  var height: Int { 1 + children.reduce(0) { max($0, $1.height) } }
}
