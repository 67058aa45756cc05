internal import TundishColumns
internal import TundishSyntax

/// Removes the dependence of a join's right side on the left one, whatever the right side is.
///
/// The left rows are computed once; the distinct values of the columns that the right side uses are
/// its *domain*. The domain is joined into the right side, as deep as it is needed, so that the
/// right side gives its rows for all outer values at once, each with the values that it is for. In
/// the end both are joined by those values.
final class DomainJoin {
  let state: OptimizerState
  /// The outer columns that the right side uses.
  let outer: [PlanColumn]
  let outerIDs: Set<ColumnID>
  /// Names the distinct outer values.
  let domain: MaterializationID
  /// Queries within the right side that were given the outer values: readers of them have those
  /// too.
  var widened: Set<MaterializationID> = []
  private let join: JoinPlan

  init(_ state: OptimizerState, join: JoinPlan, outer: Set<ColumnID>) {
    self.state = state
    self.join = join
    outerIDs = outer
    let known = join.left.columnsByID
    self.outer = outer.sorted().compactMap { known[$0] }
    domain = state.makeMaterialization()
  }

  /// Returns the join without the dependence.
  func plan() -> Plan {
    let rows = state.makeMaterialization()
    let columns = join.left.columns
    let copies = columns.map { state.makeCopy(of: $0) }
    let places = Dictionary(
      zip(columns.map(\.id), copies),
      uniquingKeysWith: { first, _ in first }
    )
    let values = outer.compactMap { places[$0.id] }
    let domainPlan = Plan.distinct(
      Plan.reference(ReferencePlan(id: rows, name: "outer rows", columns: copies)).giving(values)
    )
    var plain = join
    plain.left = .reference(ReferencePlan(id: rows, name: "outer rows", columns: columns))
    let right = attach(join.right)
    plain.right = right.plan
    for (column, value) in zip(outer, right.values) {
      plain.keys.append(
        JoinKey(
          left: .column(column, range: .nowhere),
          right: .column(value, range: .nowhere),
          isNullSafe: true
        )
      )
    }
    return .materialize(
      MaterializePlan(
        id: rows,
        name: "outer rows",
        definition: join.left,
        body: .materialize(
          MaterializePlan(
            id: domain,
            name: "outer values",
            definition: domainPlan,
            body: Plan.join(plain.withKeys()).giving(join.outputs)
          )
        )
      )
    )
  }

  /// A plan that gives, beside its columns, the outer values that each row is for.
  struct Attached {
    var plan: Plan
    /// The columns that hold the outer values, in the order of `outer`.
    var values: [PlanColumn]
  }

  /// Whether a plan uses outer values.
  func depends(_ plan: Plan) -> Bool {
    !plan.freeColumns.isDisjoint(with: outerIDs) || plan.reads(widened)
  }

  /// Whether an expression uses outer values.
  func depends(_ expression: BoundExpression) -> Bool {
    !expression.usedColumns.isDisjoint(with: outerIDs)
  }

  /// Reads the domain.
  func readDomain() -> Attached {
    let values = outer.map { state.makeCopy(of: $0) }
    let reference = ReferencePlan(id: domain, name: "outer values", columns: values)
    return Attached(plan: .reference(reference), values: values)
  }

  /// Replaces outer columns by the columns that hold their values.
  func substitute(_ values: [PlanColumn]) -> (BoundExpression) -> BoundExpression {
    var replacements: [ColumnID: BoundExpression] = [:]
    for (column, value) in zip(outer, values) {
      replacements[column.id] = .column(value, range: .nowhere)
    }
    return { $0.substituting(replacements) }
  }

  /// Keys by which two sides have the same outer values.
  func sameValues(_ left: [PlanColumn], _ right: [PlanColumn]) -> [JoinKey] {
    zip(left, right).map {
      JoinKey(
        left: .column($0, range: .nowhere),
        right: .column($1, range: .nowhere),
        isNullSafe: true
      )
    }
  }

  /// Returns a plan's rows for all outer values.
  func attach(_ plan: Plan) -> Attached {
    guard depends(plan) else {
      let read = readDomain()
      return Attached(
        plan: .join(JoinPlan(kind: .inner, left: read.plan, right: plan)),
        values: read.values
      )
    }
    switch plan {
    case .filter(_, let input), .sort(_, let input):
      return passing(plan, input)
    case .sample(let sample):
      return passing(plan, sample.input)
    case .project(let columns, let input):
      let below = attach(input)
      let made = columns.map { $0.mapped(substitute(below.values)) }
      let values = below.values.map { ProjectedColumn(passing: $0) }
      return Attached(plan: .project(made + values, below.plan), values: below.values)
    case .unnest(let unnest):
      return passing(plan, unnest.input)
    case .join(let join):
      return attach(join)
    case .aggregate(let aggregate):
      return attach(aggregate)
    case .window(let window):
      let below = attach(window.input)
      return attach(window, to: below)
    case .limit(let limit):
      return attach(limit)
    case .distinct(let input):
      let below = attach(input)
      return Attached(
        plan: .distinct(below.plan.giving(input.columns + below.values)),
        values: below.values
      )
    case .distinctOn(let keys, let input):
      let below = attach(input)
      let values = below.values.map { BoundExpression.column($0, range: .nowhere) }
      return Attached(
        plan: .distinctOn(values + keys.map(substitute(below.values)), below.plan),
        values: below.values
      )
    case .setOperation(let operation):
      return attach(operation)
    case .materialize(let materialize):
      return attach(materialize)
    case .reference(var reference):
      let values = outer.map { state.makeCopy(of: $0) }
      reference.columns += values
      return Attached(plan: .reference(reference), values: values)
    case .recursive(let recursive):
      return attach(recursive)
    case .values(let columns, let rows):
      return attachValues(columns, rows)
    case .scan(var scan):
      // A scan's own condition uses outer values.
      let predicate = scan.predicate
      scan.predicate = nil
      return attach(.filter(predicate ?? .boolean(true, range: .nowhere), .scan(scan)))
    case .tableFunction:
      return readDomain()
    }
  }

  /// An operator that passes its input's columns on and works row by row.
  private func passing(_ plan: Plan, _ input: Plan) -> Attached {
    let below = attach(input)
    let rewritten = plan.mapExpressions(substitute(below.values)).mapChildren { _ in below.plan }
    return Attached(plan: rewritten, values: below.values)
  }

  /// A window computes within the rows of each outer value.
  func attach(_ window: WindowPlan, to below: Attached) -> Attached {
    guard
      case .window(var rewritten) = Plan.window(window)
        .mapExpressions(substitute(below.values))
    else { return below }
    rewritten.partitionBy += below.values.map { .column($0, range: .nowhere) }
    rewritten.input = below.plan
    return Attached(plan: .window(rewritten), values: below.values)
  }

  private func attach(_ operation: SetOperationPlan) -> Attached {
    let left = attach(operation.left)
    let right = attach(operation.right)
    let count = operation.columns.count
    let values = outer.map { state.makeCopy(of: $0) }
    var operation = operation
    let leftColumns = Array(operation.left.columns.prefix(count))
    let rightColumns = Array(operation.right.columns.prefix(count))
    operation.left = left.plan.giving(leftColumns + left.values)
    operation.right = right.plan.giving(rightColumns + right.values)
    operation.columns += values
    return Attached(plan: .setOperation(operation), values: values)
  }

  private func attach(_ materialize: MaterializePlan) -> Attached {
    var materialize = materialize
    if depends(materialize.definition) {
      let columns = materialize.definition.columns
      let definition = attach(materialize.definition)
      materialize.definition = definition.plan.giving(columns + definition.values)
      widened.insert(materialize.id)
    }
    let body = attach(materialize.body)
    materialize.body = body.plan
    return Attached(plan: .materialize(materialize), values: body.values)
  }

  private func attach(_ recursive: RecursivePlan) -> Attached {
    var recursive = recursive
    let count = recursive.columns.count
    let anchorColumns = Array(recursive.anchor.columns.prefix(count))
    let stepColumns = Array(recursive.step.columns.prefix(count))
    let anchor = attach(recursive.anchor)
    widened.insert(recursive.id)
    let step = attach(recursive.step)
    let values = outer.map { state.makeCopy(of: $0) }
    recursive.anchor = anchor.plan.giving(anchorColumns + anchor.values)
    recursive.step = step.plan.giving(stepColumns + step.values)
    recursive.columns += values
    return Attached(plan: .recursive(recursive), values: values)
  }

  private func attachValues(_ columns: [PlanColumn], _ rows: [[BoundExpression]]) -> Attached {
    var plans: [Plan] = []
    var values: [PlanColumn] = []
    for row in rows {
      let read = readDomain()
      let made = columns.map { rows.count == 1 ? $0 : state.makeCopy(of: $0) }
      let projected = zip(made, row).map { column, expression in
        ProjectedColumn(column: column, expression: substitute(read.values)(expression))
      }
      values = read.values
      plans.append(
        .project(projected + read.values.map { ProjectedColumn(passing: $0) }, read.plan)
      )
    }
    guard plans.count > 1 else { return Attached(plan: plans[0], values: values) }
    let outputs = outer.map { state.makeCopy(of: $0) }
    return Attached(
      plan: .unionAll(plans, columns: columns + outputs, state),
      values: outputs
    )
  }
}
