internal import TundishColumns
internal import TundishSyntax

extension Decorrelator {
  /// Returns a join whose right side no longer uses columns of the left one.
  func connect(_ join: JoinPlan) -> Plan {
    let outer = join.left.columnIDs
    let free = join.right.freeColumns.intersection(outer)
    if free.isEmpty { return .join(join.withKeys()) }
    if let plan = rebased(join) { return plan }
    guard let pulled = pull(join.right, outer: outer) else {
      return DomainJoin(state, join: join, outer: free).plan()
    }
    var join = join
    join.right = pulled.plan
    if join.kind == .mark {
      addMarkPredicates(pulled, outer: outer, &join)
      return .join(join)
    }
    let conditions = (join.condition?.conjuncts ?? []) + pulled.predicates
    join.condition = .conjunction(conditions) ?? join.condition
    return .join(join.withKeys())
  }

  /// Adds the subquery's own conditions to a mark join.
  ///
  /// They decide what is in the subquery's
  /// result, so NULL means that a row is not in it; the join's keys are about rows that are in it,
  /// where NULL means that nobody knows.
  private func addMarkPredicates(
    _ pulled: PulledPlan,
    outer: Set<ColumnID>,
    _ join: inout JoinPlan
  ) {
    var known: [BoundExpression] = []
    var conditions = join.condition.map { [$0] } ?? []
    for predicate in pulled.predicates {
      if let equality = Equality(predicate, outer: outer) {
        join.keys.append(
          JoinKey(left: equality.outer, right: equality.inner, isNullSafe: true)
        )
        if !equality.isNullSafe { known.append(.isKnown(equality.inner)) }
      } else {
        conditions.append(.truth(predicate, orNull: false))
      }
    }
    join.right = join.right.filtered(by: known)
    join.condition = .conjunction(conditions)
  }

  /// LATERAL over one row, as `FROM d, unnest(d.tags)`, goes on from the left rows themselves; nil
  /// where the right side reads anything else.
  private func rebased(_ join: JoinPlan) -> Plan? {
    switch join.kind {
    case .inner:
      guard let plan = chained(join.right, over: join.left) else { return nil }
      let conditions = join.condition?.conjuncts ?? []
      return plan.giving(join.outputs).filtered(
        by: join.keys.map { .compare($0.left, $0.isNullSafe ? .notDistinct : .equal, $0.right) }
          + conditions
      )
    case .left:
      guard join.keys.isEmpty, join.condition?.isTrue ?? true,
        var (unnest, columns) = Self.soleUnnest(join.right)
      else { return nil }
      unnest.keepsEmpty = true
      unnest.input = join.left
      let known = Set(join.left.columns.map(\.id))
      columns = columns.filter { !known.contains($0.column.id) }
      return .project(
        join.left.columns.map { ProjectedColumn(passing: $0) } + columns,
        .unnest(unnest)
      )
    case .right, .full, .semi, .anti, .single, .mark, .positional, .asOf, .asOfLeft:
      return nil
    }
  }

  /// The operators of a plan over one row, over other rows instead, whose columns pass through.
  private func chained(_ plan: Plan, over base: Plan) -> Plan? {
    switch plan {
    case .values(let columns, let rows):
      guard rows.count == 1 else { return nil }
      if columns.isEmpty { return base }
      let made = zip(columns, rows[0]).map { ProjectedColumn(column: $0, expression: $1) }
      return .project(base.columns.map { ProjectedColumn(passing: $0) } + made, base)
    case .filter(let predicate, let input):
      return chained(input, over: base).map { .filter(predicate, $0) }
    case .project(let columns, let input):
      guard let below = chained(input, over: base) else { return nil }
      let known = Set(columns.map(\.column.id))
      let passed = base.columns.filter { !known.contains($0.id) }
      return .project(passed.map { ProjectedColumn(passing: $0) } + columns, below)
    case .unnest(var unnest):
      guard !unnest.keepsEmpty, let below = chained(unnest.input, over: base) else { return nil }
      unnest.input = below
      return .unnest(unnest)
    case .scan, .tableFunction, .join, .aggregate, .window, .sort, .limit, .distinct,
      .distinctOn, .setOperation, .materialize, .reference, .recursive, .sample:
      return nil
    }
  }

  /// An unnest over one row, with nothing but passing projections above it.
  private static func soleUnnest(
    _ plan: Plan
  ) -> (unnest: UnnestPlan, columns: [ProjectedColumn])? {
    switch plan {
    case .unnest(let unnest):
      guard case .values(let columns, let rows) = unnest.input, columns.isEmpty, rows.count == 1
      else { return nil }
      return (unnest, unnest.outputs.map { ProjectedColumn(passing: $0) })
    case .project(let columns, let input):
      guard columns.allSatisfy({ $0.expression.columnID != nil }),
        let (unnest, _) = soleUnnest(input)
      else { return nil }
      let made = Set(unnest.outputs.map(\.id))
      guard columns.allSatisfy({ $0.expression.columnID.map(made.contains) ?? false }) else {
        return nil
      }
      return (unnest, columns)
    case .scan, .values, .tableFunction, .filter, .join, .aggregate, .window, .sort, .limit,
      .distinct, .distinctOn, .setOperation, .materialize, .reference, .recursive, .sample:
      return nil
    }
  }

  /// Returns a join without subqueries in its condition, and with an independent right side.
  func decorrelate(_ join: JoinPlan) -> Plan {
    guard Plan.join(join).expressions.contains(where: \.hasSubquery) else {
      return join.isDependent ? connect(join) : .join(join)
    }
    if join.kind == .inner, join.keys.allSatisfy({ !$0.left.hasSubquery && !$0.right.hasSubquery })
    {
      var plain = join
      let conjuncts = join.condition?.conjuncts ?? []
      plain.condition = .conjunction(conjuncts.filter { !$0.hasSubquery })
      let late = conjuncts.filter(\.hasSubquery)
      return filter(.conjunction(late, range: late[0].range), connect(plain))
    }
    var leftPlan = join.left
    var rightPlan = join.right
    let left = join.left.columnIDs
    let right = join.right.columnIDs
    var isMixed = false
    let lifted = join.mapExpressions { expression in
      liftSides(expression, &leftPlan, &rightPlan, left, right, &isMixed)
    }.with(left: leftPlan, right: rightPlan)
    if isMixed { return linked(join) }
    return connect(lifted).giving(join.outputs)
  }

  /// Lifts each subquery over the side whose columns it uses; notes where one uses both.
  private func liftSides(
    _ expression: BoundExpression,
    _ left: inout Plan,
    _ right: inout Plan,
    _ leftIDs: Set<ColumnID>,
    _ rightIDs: Set<ColumnID>,
    _ isMixed: inout Bool
  ) -> BoundExpression {
    guard expression.hasSubquery else { return expression }
    guard case .subquery = expression.kind else {
      return expression.mapOperands {
        liftSides($0, &left, &right, leftIDs, rightIDs, &isMixed)
      }
    }
    let used = expression.usedColumns
    if used.isDisjoint(with: rightIDs) { return lift(expression, over: &left) }
    if used.isDisjoint(with: leftIDs) { return lift(expression, over: &right) }
    isMixed = true
    return expression
  }

  /// An outer join whose condition has subqueries over both sides: rows are numbered, the pairs
  /// that satisfy the condition are found by an inner join, and joined back by number.
  private func linked(_ join: JoinPlan) -> Plan {
    let left = numbered(join.left)
    let right = numbered(join.right)
    let leftID = state.makeMaterialization()
    let rightID = state.makeMaterialization()
    let leftColumns = left.plan.columns
    let rightColumns = right.plan.columns
    var inner = join
    inner.kind = .inner
    inner.left = .reference(ReferencePlan(id: leftID, name: "left rows", columns: leftColumns))
    inner.right = .reference(ReferencePlan(id: rightID, name: "right rows", columns: rightColumns))
    let leftLink = state.makeCopy(of: left.number)
    let rightLink = state.makeCopy(of: right.number)
    let range = SourceRange(0, 0)
    let pairs = Plan.project(
      [
        ProjectedColumn(column: leftLink, expression: .column(left.number, range: range)),
        ProjectedColumn(column: rightLink, expression: .column(right.number, range: range)),
      ],
      decorrelate(inner)
    )
    let leftKey = JoinKey(
      left: .column(left.number, range: range),
      right: .column(leftLink, range: range)
    )
    let rightKey = JoinKey(
      left: .column(rightLink, range: range),
      right: .column(right.number, range: range)
    )
    let body: Plan
    switch join.kind {
    case .semi, .anti:
      body = .join(JoinPlan(kind: join.kind, left: inner.left, right: pairs, keys: [leftKey]))
    case .left, .full, .right, .inner, .single, .mark, .positional, .asOf, .asOfLeft:
      let isFull = join.kind == .full
      let linkedLeft = Plan.join(
        JoinPlan(
          kind: join.kind == .right ? .inner : .left,
          left: inner.left,
          right: pairs,
          keys: [leftKey]
        )
      )
      body = .join(
        JoinPlan(
          kind: isFull ? .full : join.kind == .right ? .right : .left,
          left: linkedLeft,
          right: inner.right,
          keys: [rightKey]
        )
      )
    }
    return .materialize(
      MaterializePlan(
        id: leftID,
        name: "left rows",
        definition: left.plan,
        body: .materialize(
          MaterializePlan(
            id: rightID,
            name: "right rows",
            definition: right.plan,
            body: body.giving(join.outputs)
          )
        )
      )
    )
  }

  /// Numbers the rows of a plan.
  private func numbered(_ plan: Plan) -> (plan: Plan, number: PlanColumn) {
    let number = state.makeColumn("row", .bigint)
    let call = WindowCall.rowNumber(number)
    let window = WindowPlan(partitionBy: [], orderBy: [], calls: [call], input: plan)
    return (.window(window), number)
  }
}

extension JoinPlan {
  func with(left: Plan, right: Plan) -> JoinPlan {
    var join = self
    join.left = left
    join.right = right
    return join
  }
}

extension WindowCall {
  /// Numbers rows: `row_number() AS <column>`.
  static func rowNumber(_ column: PlanColumn) -> WindowCall {
    ranking(.rowNumber, column)
  }

  /// A ranking function.
  static func ranking(_ function: Function, _ column: PlanColumn) -> WindowCall {
    WindowCall(
      column: column,
      function: function,
      arguments: [],
      frame: BoundFrame(mode: .rows, start: .unboundedPreceding, end: .currentRow),
      range: SourceRange(0, 0)
    )
  }
}
