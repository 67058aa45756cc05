internal import TundishColumns
internal import TundishSyntax

/// Removes sorts and DISTINCTs that change nothing.
///
/// What: DISTINCT over the keys of a GROUP BY, over another DISTINCT, or over one row; DISTINCT and
/// ORDER BY in what is only looked up by a semi, anti or mark join; ORDER BY over one row; ORDER BY
/// twice by the same keys; DISTINCT inside aggregates that ignore duplicates, as `min`.
///
/// Why: each of them collects all rows.
///
/// Why not every inner ORDER BY: `SELECT first(owner) FROM (FROM deals ORDER BY closed)` means it,
/// and so does a GROUP BY above it, whose groups come in the order in which they are first seen.
struct RemoveRedundant: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    let plan = plan.mapChildren { apply($0, state) }
    switch plan {
    case .distinct(let input):
      guard input.givesAtMostOneRow || input.isDistinctAlready else { return plan }
      state.hasChanged = true
      return input
    case .sort(let keys, let input):
      if input.givesAtMostOneRow {
        state.hasChanged = true
        return input
      }
      guard case .sort(let inner, let source) = input,
        keys.map(\.expression.key) == inner.map(\.expression.key),
        keys.allSatisfy({ $0.expression.key != nil })
      else { return plan }
      state.hasChanged = true
      return .sort(keys, source)
    case .join(var join):
      switch join.kind {
      case .semi, .anti, .mark: break
      case .inner, .left, .right, .full, .single, .positional, .asOf, .asOfLeft: return plan
      }
      join.right = unordered(join.right, state)
      return .join(join)
    case .aggregate(var aggregate):
      for position in aggregate.aggregates.indices
      where aggregate.aggregates[position].isDistinct
        && aggregate.aggregates[position].function.overload.ignoresDuplicates
      {
        state.hasChanged = true
        aggregate.aggregates[position].isDistinct = false
      }
      return .aggregate(aggregate)
    case .scan, .values, .tableFunction, .filter, .project, .window, .limit, .distinctOn,
      .setOperation, .unnest, .materialize, .reference, .recursive, .sample:
      return plan
    }
  }

  /// The rows of a plan, in any order and as often as one likes.
  private func unordered(_ plan: Plan, _ state: OptimizerState) -> Plan {
    switch plan {
    case .sort(_, let input), .distinct(let input):
      state.hasChanged = true
      return unordered(input, state)
    case .project(let columns, let input):
      guard columns.allSatisfy(\.expression.isDeterministic) else { return plan }
      return .project(columns, unordered(input, state))
    case .filter(let predicate, let input):
      guard predicate.isDeterministic else { return plan }
      return .filter(predicate, unordered(input, state))
    case .scan, .values, .tableFunction, .join, .aggregate, .window, .limit, .distinctOn,
      .setOperation, .unnest, .materialize, .reference, .recursive, .sample:
      return plan
    }
  }
}

extension Plan {
  /// Whether no two rows of the plan are equal.
  var isDistinctAlready: Bool {
    switch self {
    case .distinct: return true
    case .aggregate(let aggregate):
      return aggregate.groupingSets == [Array(aggregate.groups.indices)]
    case .setOperation(let operation):
      return !operation.isAll
    case .project(let columns, let input):
      guard case .aggregate(let aggregate) = input,
        aggregate.groupingSets == [Array(aggregate.groups.indices)]
      else { return false }
      let passed = Set(columns.compactMap(\.expression.columnID))
      return aggregate.groups.allSatisfy { passed.contains($0.column.id) }
    case .filter(_, let input), .sort(_, let input):
      return input.isDistinctAlready
    case .limit(let limit):
      return limit.input.isDistinctAlready
    case .scan, .values, .tableFunction, .join, .window, .distinctOn, .unnest, .materialize,
      .reference, .recursive, .sample:
      return false
    }
  }
}
