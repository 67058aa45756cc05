internal import TundishColumns
internal import TundishSyntax

/// Checks that a plan makes sense, after each pass in debug builds.
///
/// Every column that an operator uses is given by its input, types fit, and no subquery is left.
enum PlanVerifier {
  /// Stops the program where a pass left a plan that makes no sense.
  static func verify(_ plan: Plan, output: [PlanColumn], after rule: String) {
    var problems = problems(of: plan)
    let given = Set(plan.columns.map(\.id))
    for column in output where !given.contains(column.id) {
      problems.append("the output column \(column.name) #\(column.id.rawValue) is lost")
    }
    guard !problems.isEmpty else { return }
    let text = (problems + PlanPrinter.lines(plan)).joined(separator: "\n")
    preconditionFailure("\(rule) keeps plans valid:\n\(text)")
  }

  /// What is wrong with a plan.
  static func problems(of plan: Plan) -> [String] {
    var found: [String] = []
    check(plan, &found)
    return found
  }

  private static func check(_ plan: Plan, _ found: inout [String]) {
    for child in plan.children { check(child, &found) }
    let name = PlanPrinter.line(plan)
    let given: Set<ColumnID>
    if case .scan(let scan) = plan {
      given = Set(scan.outputs.map(\.id))
    } else {
      given = Set(plan.children.flatMap(\.columns).map(\.id))
    }
    for expression in plan.expressions {
      if expression.hasSubquery { found.append("\(name): a subquery is left") }
      for id in expression.columnIDs.subtracting(given).sorted() {
        found.append("\(name): uses #\(id.rawValue), which its input does not give")
      }
    }
    checkTypes(plan, name, &found)
  }

  private static func checkTypes(_ plan: Plan, _ name: String, _ found: inout [String]) {
    func check(_ columns: [ProjectedColumn]) {
      for projected in columns where projected.column.type != projected.expression.type {
        found.append(
          "\(name): \(projected.column.name) is \(projected.column.type), "
            + "its expression \(projected.expression.type)"
        )
      }
    }
    switch plan {
    case .filter(let predicate, _):
      if predicate.type != .boolean { found.append("\(name): the condition is no truth") }
    case .project(let columns, _):
      check(columns)
    case .aggregate(let aggregate):
      check(aggregate.groups)
    case .join(let join):
      for key in join.keys where key.left.type != key.right.type {
        found.append("\(name): keys of types \(key.left.type) and \(key.right.type)")
      }
    case .setOperation(let operation):
      for side in [operation.left, operation.right]
      where side.columns.count < operation.columns.count {
        found.append("\(name): a side has too few columns")
      }
    case .recursive(let recursive):
      for side in [recursive.anchor, recursive.step]
      where side.columns.count < recursive.columns.count {
        found.append("\(name): a side has too few columns")
      }
    case .scan, .values, .tableFunction, .window, .sort, .limit, .distinct, .distinctOn, .unnest,
      .materialize, .reference, .sample:
      break
    }
  }
}
