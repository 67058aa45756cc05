internal import TundishColumns
internal import TundishSyntax

/// Guesses how many rows plans give, from what tables know of their columns.
///
/// Guesses choose between plans that give the same rows, so a wrong one costs time only. They depend
/// on the tables' statistics alone, never on the machine.
struct CardinalityEstimator {
  /// What is known of a column: its distinct values, and its range where it is held as integers.
  struct ColumnFacts {
    var distinctCount: Double?
    var minimum: Double?
    var maximum: Double?
  }

  /// The rows where nothing is known.
  private static let unknownRowCount = 10_000.0
  /// The nesting at which looking for facts stops.
  private static let factDepth = 200

  /// Returns the number of rows that a plan may give.
  func rowCount(_ plan: Plan) -> Double {
    switch plan {
    case .scan(let scan):
      let rows = scan.source.rowCount.map(Double.init) ?? Self.unknownRowCount
      guard let predicate = scan.predicate else { return rows }
      var bare = scan
      bare.predicate = nil
      return max(1, rows * selectivity(predicate, over: .scan(bare), rowCount: rows))
    case .values(_, let rows):
      return Double(rows.count)
    case .tableFunction(let function):
      return function.source.rowCount.map(Double.init) ?? Self.unknownRowCount
    case .filter(let predicate, let input):
      let rows = rowCount(input)
      return max(1, rows * selectivity(predicate, over: input, rowCount: rows))
    case .project(_, let input), .sort(_, let input):
      return rowCount(input)
    case .join(let join):
      return rowCount(join)
    case .aggregate(let aggregate):
      let rows = rowCount(aggregate.input)
      if aggregate.groups.isEmpty { return 1 }
      var groups = 1.0
      for group in aggregate.groups {
        let known = distinctCount(group.expression, in: aggregate.input, rowCount: rows)
        groups *= known ?? max(1, rows / 10)
      }
      return min(rows, groups) * Double(max(1, aggregate.groupingSets.count))
    case .window(let window):
      return rowCount(window.input)
    case .limit(let limit):
      let rows = rowCount(limit.input)
      guard case .rows(let count) = limit.count, case .integer(let number)? = count.literal else {
        return rows
      }
      return min(rows, Double(number))
    case .distinct(let input), .distinctOn(_, let input):
      return max(1, rowCount(input) / 2)
    case .setOperation(let operation):
      let left = rowCount(operation.left)
      return operation.operation == .union ? left + rowCount(operation.right) : left
    case .unnest(let unnest):
      return rowCount(unnest.input) * 5
    case .materialize(let materialize):
      return rowCount(materialize.body)
    case .reference, .recursive:
      return Self.unknownRowCount
    case .sample(let sample):
      switch sample.size {
      case .fraction(let share), .share(let share):
        return max(1, rowCount(sample.input) * share)
      case .rows(let count): return min(rowCount(sample.input), Double(count))
      }
    }
  }

  private func rowCount(_ join: JoinPlan) -> Double {
    let left = rowCount(join.left)
    switch join.kind {
    case .semi, .anti: return max(1, left / 2)
    case .single, .mark, .asOf, .asOfLeft, .positional: return left
    case .inner, .left, .right, .full: break
    }
    let right = rowCount(join.right)
    var share = 1.0
    for key in join.keys {
      let leftCount = distinctCount(key.left, in: join.left, rowCount: left) ?? left
      let rightCount = distinctCount(key.right, in: join.right, rowCount: right) ?? right
      share /= max(1, leftCount, rightCount)
    }
    if join.keys.count > 1 {
      share = max(share, leastShareOfCombinations(join.left, join.right))
    }
    var rows = left * right * share
    if let condition = join.condition { rows *= Selectivity.guess(condition) }
    switch join.kind {
    case .left: return max(left, rows)
    case .right: return max(right, rows)
    case .full: return max(left + right, rows)
    case .inner, .semi, .anti, .single, .mark, .positional, .asOf, .asOfLeft:
      return max(1, rows)
    }
  }

  /// Returns the least share of all pairs of rows that may have equal values in several columns.
  ///
  /// Columns that are a key together depend on each other: there are no more combinations than rows
  /// in the table, though their distinct counts multiplied may be many times as many.
  func leastShareOfCombinations(_ left: Plan, _ right: Plan) -> Double {
    1 / max(1, min(unfilteredRowCount(left), unfilteredRowCount(right)))
  }

  /// The rows before conditions.
  private func unfilteredRowCount(_ plan: Plan) -> Double {
    var plan = plan
    while true {
      switch plan {
      case .filter(_, let input), .project(_, let input): plan = input
      case .scan(let scan): return scan.source.rowCount.map(Double.init) ?? rowCount(plan)
      case .values, .tableFunction, .join, .aggregate, .window, .sort, .limit, .distinct,
        .distinctOn, .setOperation, .unnest, .materialize, .reference, .recursive, .sample:
        return rowCount(plan)
      }
    }
  }

  /// Returns the number of distinct values that an expression may have, at most the rows.
  ///
  /// Who knows the plan's rows gives them: guessing them anew at every level of nested joins would
  /// take a time that doubles with each.
  func distinctCount(
    _ expression: BoundExpression,
    in plan: Plan,
    rowCount known: Double? = nil
  ) -> Double? {
    if expression.columnIDs.isEmpty { return 1 }
    guard let id = expression.columnIDs.first, expression.columnIDs.count == 1,
      let distinct = facts(of: id, in: plan, depth: 0)?.distinctCount
    else { return nil }
    return max(1, min(distinct, known ?? rowCount(plan)))
  }

  /// Returns the share of a plan's rows for which a condition may be true.
  func selectivity(
    _ condition: BoundExpression,
    over plan: Plan,
    rowCount rows: Double? = nil
  ) -> Double {
    switch condition.kind {
    case .and(let operands):
      return selectivity(ofAll: operands, over: plan, rows)
    case .or(let operands):
      return min(1, operands.reduce(0) { $0 + selectivity($1, over: plan, rowCount: rows) })
    case .not(let operand):
      return max(0.01, 1 - selectivity(operand, over: plan, rowCount: rows))
    case .inValues(let operand, let values):
      guard let count = distinctCount(operand, in: plan, rowCount: rows) else {
        return Selectivity.guess(condition)
      }
      return min(1, Double(values.count) / count)
    case .comparison(let comparison, let left, let right):
      if let value = right.literal {
        return selectivity(left, comparison, value, over: plan, rows)
          ?? Selectivity.guess(condition)
      }
      if let value = left.literal {
        return selectivity(right, comparison.mirrored, value, over: plan, rows)
          ?? Selectivity.guess(condition)
      }
      return Selectivity.guess(condition)
    case .literal, .column, .call, .isNull, .cast, .caseWhen, .coalesce, .lambda, .subquery:
      return Selectivity.guess(condition)
    }
  }

  /// The share for which all conditions are true, as if they did not depend on one another; but a
  /// lower and an upper bound of one column leave what lies between them.
  private func selectivity(
    ofAll conditions: [BoundExpression],
    over plan: Plan,
    _ rows: Double?
  ) -> Double {
    var share = 1.0
    var bounded: [(column: ColumnID, above: Double, below: Double)] = []
    for condition in conditions {
      guard let (column, isLower, own) = bound(condition, over: plan, rows) else {
        share *= selectivity(condition, over: plan, rowCount: rows)
        continue
      }
      let place = bounded.firstIndex { $0.column == column } ?? bounded.count
      if place == bounded.count { bounded.append((column, 1, 1)) }
      if isLower {
        bounded[place].above = min(bounded[place].above, own)
      } else {
        bounded[place].below = min(bounded[place].below, own)
      }
    }
    return bounded.reduce(share) { $0 * max(0.001, $1.above + $1.below - 1) }
  }

  /// The column that a comparison with a constant bounds, whether from below, and the share of rows
  /// within; nil for other conditions, and where the column's range is not known.
  private func bound(
    _ condition: BoundExpression,
    over plan: Plan,
    _ rows: Double?
  ) -> (column: ColumnID, isLower: Bool, share: Double)? {
    guard case .comparison(let written, let left, let right) = condition.kind else { return nil }
    let isMirrored = left.literal != nil
    let operand = isMirrored ? right : left
    guard let value = isMirrored ? left.literal : right.literal, let column = operand.columnID
    else { return nil }
    let comparison = isMirrored ? written.mirrored : written
    switch comparison {
    case .greater, .greaterOrEqual, .less, .lessOrEqual:
      guard let share = selectivity(operand, comparison, value, over: plan, rows) else {
        return nil
      }
      return (column, comparison == .greater || comparison == .greaterOrEqual, share)
    case .equal, .notDistinct, .notEqual, .distinct: return nil
    }
  }

  private func selectivity(
    _ operand: BoundExpression,
    _ comparison: ComparisonOperator,
    _ value: Value,
    over plan: Plan,
    _ rows: Double?
  ) -> Double? {
    switch comparison {
    case .equal, .notDistinct:
      return distinctCount(operand, in: plan, rowCount: rows).map { 1 / $0 }
    case .notEqual, .distinct:
      return distinctCount(operand, in: plan, rowCount: rows).map { 1 - 1 / max(2, $0) }
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let id = operand.columnID, let facts = facts(of: id, in: plan, depth: 0),
        let low = facts.minimum, let high = facts.maximum, high > low,
        let number = value.zoneInteger.map(Double.init) ?? value.asDouble
      else { return nil }
      let below = min(1, max(0, (number - low) / (high - low)))
      let isBelow = comparison == .less || comparison == .lessOrEqual
      return max(0.001, isBelow ? below : 1 - below)
    }
  }

  /// Finds what the table that a column comes from knows of it.
  private func facts(of id: ColumnID, in plan: Plan, depth: Int) -> ColumnFacts? {
    guard depth < Self.factDepth else { return nil }
    switch plan {
    case .scan(let scan):
      guard let column = scan.columns.first(where: { $0.column.id == id }),
        let statistics = scan.source.statistics(ofColumn: column.position)
      else { return nil }
      func number(_ value: Value?) -> Double? {
        value.flatMap { $0.zoneInteger.map(Double.init) ?? $0.asDouble }
      }
      return ColumnFacts(
        distinctCount: statistics.distinctCount.map(Double.init),
        minimum: number(statistics.minimum),
        maximum: number(statistics.maximum)
      )
    case .project(let columns, let input):
      guard let column = columns.first(where: { $0.column.id == id }) else { return nil }
      guard let source = column.expression.columnID else { return nil }
      return facts(of: source, in: input, depth: depth + 1)
    case .aggregate(let aggregate):
      guard let group = aggregate.groups.first(where: { $0.column.id == id }),
        let source = group.expression.columnID
      else { return nil }
      return facts(of: source, in: aggregate.input, depth: depth + 1)
    case .filter, .join, .window, .sort, .limit, .distinct, .distinctOn, .unnest, .materialize,
      .sample:
      for child in plan.children.reversed() {
        if let found = facts(of: id, in: child, depth: depth + 1) { return found }
      }
      return nil
    case .values, .tableFunction, .setOperation, .reference, .recursive:
      return nil
    }
  }
}
