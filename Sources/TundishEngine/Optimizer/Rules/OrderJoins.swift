internal import TundishColumns
internal import TundishSyntax

/// Pairs the inputs of inner joins in the order that makes the fewest rows on the way.
///
/// What: inputs that are connected by inner joins alone are joined anew: up to eight of them in the
/// best of all orders (dynamic programming over subsets), more of them greedily, smallest result
/// first. The smaller side of each join is the right one, which is collected and indexed.
///
/// Why: `FROM items, orders, customers WHERE ... AND customers.region = 'north'` should start from
/// the few customers. How many rows a join gives is guessed from the tables' distinct counts.
///
/// Why not for other joins: in `a LEFT JOIN (b JOIN c ON ...) ON ...` joining `a` with `b` first
/// would keep rows of `a` for which there is a `b` and no `c`. Where the order is not clearly better,
/// the written one stays, since without ORDER BY it decides the order of rows.
struct OrderJoins: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    guard case .join(let join) = plan, join.kind == .inner else {
      return plan.mapChildren { apply($0, state) }
    }
    var region = JoinRegion()
    region.collect(plan) { apply($0, state) }
    guard region.relations.count > 1, let best = JoinOrderer(region).best() else {
      return plan.mapChildren { apply($0, state) }
    }
    state.hasChanged = true
    return best.giving(plan.columns)
  }
}

/// Inputs of inner joins, and the conditions between them.
struct JoinRegion {
  private(set) var relations: [Plan] = []
  private(set) var conditions: [BoundExpression] = []
  /// The joins as they are written, as a tree over positions of relations.
  private(set) var written: JoinTree?

  /// The more relations there are, the longer the masks.
  static let greatestCount = 60

  mutating func collect(_ plan: Plan, _ rewriteInput: (Plan) -> Plan) {
    written = tree(plan, rewriteInput)
  }

  private mutating func tree(_ plan: Plan, _ rewriteInput: (Plan) -> Plan) -> JoinTree {
    guard case .join(let join) = plan, join.kind == .inner else {
      relations.append(rewriteInput(plan))
      return .relation(relations.count - 1)
    }
    let left = tree(join.left, rewriteInput)
    let right = tree(join.right, rewriteInput)
    for key in join.keys {
      conditions.append(
        .compare(key.left, key.isNullSafe ? .notDistinct : .equal, key.right)
      )
    }
    conditions += join.condition?.conjuncts ?? []
    return .pair(left, right)
  }
}

/// An order of joins.
indirect enum JoinTree {
  case relation(Int)
  case pair(JoinTree, JoinTree)
}

/// Finds the order of the joins of one region.
private struct JoinOrderer {
  /// Some relations joined, and what that costs.
  private struct Candidate {
    var tree: JoinTree
    var mask: UInt64
    var rowCount: Double
    var cost: Double
  }

  /// A condition by the relations that it uses.
  private struct Edge {
    var mask: UInt64
    var selectivity: Double
    var isKey: Bool
  }

  /// The most relations for which all orders are tried.
  private static let exhaustiveCount = 8
  /// How much cheaper another order must look than the written one.
  private static let clearGain = 0.7

  private let region: JoinRegion
  private let rowCounts: [Double]
  private let edges: [Edge]

  init(_ region: JoinRegion) {
    self.region = region
    let estimator = CardinalityEstimator()
    let counts = region.relations.map { estimator.rowCount($0) }
    rowCounts = counts
    let columns = region.relations.map(\.columnIDs)
    func mask(_ ids: Set<ColumnID>) -> UInt64 {
      columns.enumerated().reduce(0) { mask, relation in
        relation.element.isDisjoint(with: ids) ? mask : mask | 1 << UInt64(relation.offset)
      }
    }
    func distinct(_ expression: BoundExpression) -> Double {
      let ids = expression.columnIDs
      guard let place = columns.firstIndex(where: { !$0.isDisjoint(with: ids) }) else { return 1 }
      return estimator.distinctCount(expression, in: region.relations[place]) ?? counts[place]
    }
    var edges = region.conditions.map { condition in
      let used = mask(condition.columnIDs)
      guard case .comparison(let comparison, let left, let right) = condition.kind,
        comparison == .equal || comparison == .notDistinct,
        mask(left.columnIDs) & mask(right.columnIDs) == 0
      else {
        return Edge(mask: used, selectivity: Selectivity.guess(condition), isKey: false)
      }
      let selectivity = 1 / max(1, distinct(left), distinct(right))
      return Edge(mask: used, selectivity: selectivity, isKey: true)
    }
    for (mask, keys) in Dictionary(
      grouping: edges.indices.filter { edges[$0].isKey },
      by: { edges[$0].mask }
    )
    where keys.count > 1 && mask.nonzeroBitCount == 2 {
      // All keys between two relations, taken together.
      let first = region.relations[mask.trailingZeroBitCount]
      let second = region.relations[63 - mask.leadingZeroBitCount]
      let share = keys.reduce(1) { $0 * edges[$1].selectivity }
      for key in keys { edges[key].selectivity = 1 }
      edges[keys[0]].selectivity = max(share, estimator.leastShareOfCombinations(first, second))
    }
    self.edges = edges
  }

  /// Returns the joins in a clearly better order; nil where there is none.
  func best() -> Plan? {
    let count = region.relations.count
    guard count <= JoinRegion.greatestCount, let written = region.written,
      region.conditions.allSatisfy({ $0.isDeterministic && !$0.canFail })
    else { return nil }
    let found = count <= Self.exhaustiveCount ? exhaustive() : greedy()
    guard let found, found.cost < candidate(written).cost * Self.clearGain else { return nil }
    return plan(found.tree)
  }

  private func single(_ relation: Int) -> Candidate {
    Candidate(
      tree: .relation(relation),
      mask: 1 << UInt64(relation),
      rowCount: rowCounts[relation],
      cost: 0
    )
  }

  /// Joins two candidates; the right one is collected.
  private func paired(_ left: Candidate, _ right: Candidate) -> Candidate {
    let mask = left.mask | right.mask
    var rows = left.rowCount * right.rowCount
    var hasKey = false
    for edge in edges
    where edge.mask & ~mask == 0 && edge.mask & left.mask != 0 && edge.mask & right.mask != 0 {
      rows *= edge.selectivity
      if edge.isKey { hasKey = true }
    }
    rows = max(1, rows)
    let work =
      hasKey ? left.rowCount + 2 * right.rowCount + rows : left.rowCount * right.rowCount + rows
    return Candidate(
      tree: .pair(left.tree, right.tree),
      mask: mask,
      rowCount: rows,
      cost: left.cost + right.cost + work
    )
  }

  private func candidate(_ tree: JoinTree) -> Candidate {
    switch tree {
    case .relation(let relation):
      return single(relation)
    case .pair(let left, let right):
      let first = candidate(left)
      let second = candidate(right)
      // The join collects its left side where that is much smaller.
      var joined =
        first.rowCount * 2 < second.rowCount ? paired(second, first) : paired(first, second)
      joined.tree = tree
      return joined
    }
  }

  private func cheaper(_ first: Candidate, _ second: Candidate) -> Candidate {
    let straight = paired(first, second)
    let turned = paired(second, first)
    return turned.cost < straight.cost ? turned : straight
  }

  private func isConnected(_ first: UInt64, _ second: UInt64) -> Bool {
    edges.contains { $0.isKey && $0.mask & first != 0 && $0.mask & second != 0 }
  }

  private func exhaustive() -> Candidate? {
    let count = region.relations.count
    let full = (UInt64(1) << UInt64(count)) - 1
    var best: [UInt64: Candidate] = [:]
    for relation in 0..<count { best[1 << UInt64(relation)] = single(relation) }
    for mask in 1...full where mask.nonzeroBitCount > 1 {
      var chosen: Candidate?
      // Each split once: the lowest relation is always in the first part.
      let lowest = mask & (~mask + 1)
      for crosses in [false, true] where chosen == nil {
        var part = (mask - 1) & mask
        while part > 0 {
          defer { part = (part - 1) & mask }
          guard part & lowest != 0, let first = best[part], let second = best[mask & ~part],
            crosses || isConnected(part, mask & ~part)
          else { continue }
          let joined = cheaper(first, second)
          if joined.cost < (chosen?.cost ?? .infinity) { chosen = joined }
        }
      }
      best[mask] = chosen
    }
    return best[full]
  }

  private func greedy() -> Candidate? {
    var open = region.relations.indices.map { single($0) }
    while open.count > 1 {
      var chosen: (first: Int, second: Int, joined: Candidate)?
      for crosses in [false, true] where chosen == nil {
        for first in open.indices {
          for second in open.indices where second > first {
            guard crosses || isConnected(open[first].mask, open[second].mask) else { continue }
            let joined = cheaper(open[first], open[second])
            if joined.rowCount < (chosen?.joined.rowCount ?? .infinity) {
              chosen = (first, second, joined)
            }
          }
        }
      }
      guard let chosen else { return nil }
      open.remove(at: chosen.second)
      open[chosen.first] = chosen.joined
    }
    return open.first
  }

  /// Makes the joins; each condition stands where all that it uses is joined.
  private func plan(_ tree: JoinTree) -> Plan {
    var open = region.conditions
    let plan = plan(tree, &open)
    return plan.filtered(by: open)
  }

  private func plan(_ tree: JoinTree, _ open: inout [BoundExpression]) -> Plan {
    switch tree {
    case .relation(let relation):
      return region.relations[relation]
    case .pair(let first, let second):
      let left = plan(first, &open)
      let right = plan(second, &open)
      let given = left.columnIDs.union(right.columnIDs)
      let ready = open.filter { !$0.columnIDs.isEmpty && $0.columnIDs.isSubset(of: given) }
      open.removeAll { !$0.columnIDs.isEmpty && $0.columnIDs.isSubset(of: given) }
      let join = JoinPlan(
        kind: .inner,
        left: left,
        right: right,
        condition: .conjunction(ready)
      )
      return .join(join.withKeys())
    }
  }
}
