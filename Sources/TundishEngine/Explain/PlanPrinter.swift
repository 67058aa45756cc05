internal import TundishColumns
internal import TundishSyntax

/// Shows plans as indented trees, one operator a line, inputs below their operator.
package enum PlanPrinter {
  /// Returns the lines of a plan.
  package static func lines(_ plan: Plan) -> [String] {
    lines(plan, depth: 0)
  }

  private static func lines(_ plan: Plan, depth: Int) -> [String] {
    var found = [String(repeating: "  ", count: depth) + line(plan)]
    for subquery in plan.expressions.flatMap(\.subqueries) {
      found.append(String(repeating: "  ", count: depth + 1) + subquery.explainedForm)
      found += lines(subquery.plan, depth: depth + 2)
    }
    for child in plan.children { found += lines(child, depth: depth + 1) }
    return found
  }

  /// Returns the line of one operator.
  static func line(_ plan: Plan) -> String {
    let details = details(plan)
    return details.isEmpty ? name(plan) : "\(name(plan)) \(details)"
  }

  private static func name(_ plan: Plan) -> String {
    switch plan {
    case .scan: "scan"
    case .values: "values"
    case .tableFunction: "table function"
    case .filter: "filter"
    case .project: "project"
    case .join(let join): "\(join.kind.explained) join"
    case .aggregate: "aggregate"
    case .window: "window"
    case .sort: "sort"
    case .limit(let limit): limit.keys.isEmpty ? "limit" : "top n"
    case .distinct: "distinct"
    case .distinctOn: "distinct on"
    case .setOperation(let operation):
      foldedKey(operation.operation.rawValue) + (operation.isAll ? " all" : "")
    case .unnest: "unnest"
    case .materialize: "materialize"
    case .reference: "read"
    case .recursive: "recursive"
    case .sample: "sample"
    }
  }

  private static func details(_ plan: Plan) -> String {
    let given = plan.children.flatMap(\.columns)
    switch plan {
    case .scan(let scan):
      let names = scan.columns.map(\.column.name).joined(separator: ", ")
      let filter = scan.predicate.map { " where \($0.explained(by: scan.outputs))" } ?? ""
      return "\(scan.name): \(names)\(filter)"
    case .values(let columns, let rows):
      if columns.isEmpty { return rows.count == 1 ? "one row" : "\(rows.count) rows" }
      return "\(columns.map(\.name).joined(separator: ", ")): \(rows.count) rows"
    case .tableFunction(let function):
      return function.name
    case .filter(let predicate, _):
      return predicate.explained(by: given)
    case .project(let columns, _):
      return columns.map { $0.explained(by: given) }.joined(separator: ", ")
    case .join(let join):
      return details(join, given)
    case .aggregate(let aggregate):
      return details(aggregate, given)
    case .window(let window):
      return details(window, given)
    case .sort(let keys, _):
      return keys.explained(by: given)
    case .limit(let limit):
      let keys = limit.keys.isEmpty ? "" : " by \(limit.keys.explained(by: given))"
      return limit.explainedCounts + keys
    case .distinctOn(let keys, _):
      return keys.map { $0.explained(by: given) }.joined(separator: ", ")
    case .setOperation(let operation):
      return operation.columns.map(\.name).joined(separator: ", ")
    case .unnest(let unnest):
      let lists = unnest.lists.map { $0.explained(by: given) }.joined(separator: ", ")
      return lists + (unnest.ordinality.map { ", numbered as \($0.name)" } ?? "")
        + (unnest.keepsEmpty ? ", keeps empty" : "")
    case .materialize(let materialize):
      return materialize.name
    case .reference(let reference):
      return "\(reference.name): \(reference.columns.map(\.name).joined(separator: ", "))"
    case .recursive(let recursive):
      return recursive.name + (recursive.isAll ? "" : ", distinct")
    case .sample(let sample):
      switch sample.size {
      case .fraction(let share), .share(let share): return "\(share)"
      case .rows(let count): return "\(count) rows"
      }
    case .distinct:
      return ""
    }
  }

  private static func details(_ join: JoinPlan, _ given: [PlanColumn]) -> String {
    var conditions = join.keys.map { key in
      let comparison: ComparisonOperator = key.isNullSafe ? .notDistinct : .equal
      return
        "(\(key.left.explained(by: given)) \(comparison.rawValue) "
        + "\(key.right.explained(by: given)))"
    }
    if let asOf = join.asOf {
      conditions.append(
        "(\(asOf.left.explained(by: given)) \(asOf.comparison.rawValue) "
          + "\(asOf.right.explained(by: given)))"
      )
    }
    if let condition = join.condition, !condition.isTrue {
      conditions.append(condition.explained(by: given))
    }
    let mark = join.markColumn.map { "as \($0.name)" } ?? ""
    let on = conditions.isEmpty ? "" : "on \(conditions.joined(separator: " AND "))"
    return [on, mark].filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func details(_ aggregate: AggregatePlan, _ given: [PlanColumn]) -> String {
    var parts = aggregate.aggregates.map { call in
      let isCount = call.arguments.isEmpty && call.function.name == "count"
      let arguments =
        isCount ? "*" : call.arguments.map { $0.explained(by: given) }.joined(separator: ", ")
      let distinct = call.isDistinct ? "DISTINCT " : ""
      let order = call.orderBy.isEmpty ? "" : " ORDER BY \(call.orderBy.explained(by: given))"
      let filter = call.filter.map { " FILTER \($0.explained(by: given))" } ?? ""
      return "\(call.function.name)(\(distinct)\(arguments)\(order))\(filter)"
    }
    if !aggregate.groups.isEmpty {
      let groups = aggregate.groups.map { $0.explained(by: given) }.joined(separator: ", ")
      let sets = aggregate.groupingSets.count > 1 ? " in \(aggregate.groupingSets.count) sets" : ""
      parts.append("by \(groups)\(sets)")
    }
    return parts.joined(separator: ", ")
  }

  private static func details(_ window: WindowPlan, _ given: [PlanColumn]) -> String {
    var parts = [window.calls.map { $0.explained(by: given) }.joined(separator: ", ")]
    if !window.partitionBy.isEmpty {
      parts.append(
        "partition by " + window.partitionBy.map { $0.explained(by: given) }.joined(separator: ", ")
      )
    }
    if !window.orderBy.isEmpty {
      parts.append("order by \(window.orderBy.explained(by: given))")
    }
    if let count = window.headCount { parts.append("first \(count) of each") }
    return parts.joined(separator: " ")
  }
}

extension JoinPlan.Kind {
  var explained: String {
    switch self {
    case .asOf: "asof"
    case .asOfLeft: "asof left"
    case .inner, .left, .right, .full, .semi, .anti, .single, .mark, .positional: rawValue
    }
  }
}

extension ProjectedColumn {
  /// `name`, or `name: <expression>` where the column is not passed through.
  func explained(by columns: [PlanColumn]) -> String {
    if expression.columnID == column.id { return column.name }
    return "\(column.name): \(expression.explained(by: columns))"
  }
}

extension WindowCall {
  func explained(by columns: [PlanColumn]) -> String {
    let inner = arguments.map { $0.explained(by: columns) }.joined(separator: ", ")
    return "\(column.name): \(function.explained)(\(inner))"
  }
}

extension WindowCall.Function {
  var explained: String {
    switch self {
    case .rowNumber: "row_number"
    case .rank: "rank"
    case .denseRank: "dense_rank"
    case .percentRank: "percent_rank"
    case .cumeDist: "cume_dist"
    case .ntile: "ntile"
    case .lag: "lag"
    case .lead: "lead"
    case .firstValue: "first_value"
    case .lastValue: "last_value"
    case .nthValue: "nth_value"
    case .fill: "fill"
    case .aggregate(let function): function.name
    }
  }
}

extension BoundExpression {
  /// The subqueries of the expression, outermost ones only.
  var subqueries: [BoundSubquery] {
    if case .subquery(let subquery) = kind {
      return [subquery] + subquery.operands.flatMap(\.subqueries)
    }
    return operands.flatMap(\.subqueries)
  }
}

extension BoundSubquery {
  var explainedForm: String {
    switch form {
    case .scalar: "scalar subquery"
    case .exists: "exists subquery"
    case .any(_, let comparison): "\(comparison.rawValue) any subquery"
    case .all(_, let comparison): "\(comparison.rawValue) all subquery"
    }
  }
}
