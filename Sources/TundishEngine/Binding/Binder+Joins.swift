internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds a join of any kind.
  func bindJoin(
    _ join: JoinClause,
    _ range: SourceRange,
    left outer: Relation?,
    parent: Scope?
  )
    -> Relation?
  {
    let left = bindRelation(join.left, left: outer, parent: parent)
    let seen = outer.map { crossedNames($0, left) } ?? left
    // A row that no left one matches has none to refer to.
    let isFilled = join.kind == .right || join.kind == .full
    var visible = isFilled ? outer : seen
    if isFilled, case .query(_, isLateral: true) = join.right.kind {
      visible = seen
      let message =
        "LATERAL cannot follow \(join.kind.rawValue) JOIN, which also gives rows without a row on"
        + " its left; INNER and LEFT JOIN can be used"
      report(.joinUse(message, at: blame(join.right.range)))
    }
    let right = bindRelation(join.right, left: visible, parent: parent)
    checkDuplicates(left, right, join.right.range)
    var combined = Relation(
      plan: left.plan,
      tables: left.tables + right.tables,
      visible: left.visible + right.visible
    )
    if left.isUnknown || right.isUnknown {
      if case .on(let condition) = join.condition {
        _ = bindCondition(
          condition,
          Scope(parent: parent, relation: combined, clause: .on),
          place: "ON"
        )
      }
      return combined
    }
    guard let matching = bindMatching(join, left, right, range, parent) else {
      combined.tables.append(ScopeTable(name: "", columns: [], isUnknown: true))
      return combined
    }
    return joined(join, left, right, matching, range)
  }

  /// The names of two relations side by side, without rows.
  private func crossedNames(_ left: Relation, _ right: Relation) -> Relation {
    Relation(
      plan: .values(columns: [], rows: [[]]),
      tables: left.tables + right.tables,
      visible: left.visible + right.visible
    )
  }

  /// How rows are matched: conditions over both sides, and the columns that USING merges.
  struct Matching {
    var conditions: [BoundExpression] = []
    var merged: [(left: ScopeColumn, right: ScopeColumn)] = []
  }

  private func bindMatching(
    _ join: JoinClause,
    _ left: Relation,
    _ right: Relation,
    _ range: SourceRange,
    _ parent: Scope?
  ) -> Matching? {
    switch join.condition {
    case .none:
      if join.kind != .cross && join.kind != .positional && join.kind != .inner {
        report(.joinUse("\(join.kind.rawValue) JOIN needs ON or USING", at: blame(range)))
        return nil
      }
      return Matching()
    case .on(let condition):
      let relation = Relation(
        plan: left.plan,
        tables: left.tables + right.tables,
        visible: left.visible + right.visible
      )
      let scope = Scope(parent: parent, relation: relation, clause: .on)
      guard let bound = bindCondition(condition, scope, place: "ON") else { return nil }
      return Matching(conditions: bound.conjuncts)
    case .using(let names):
      return bindUsing(names, left, right, join)
    case .natural:
      let names = left.visible.filter { column in
        right.visible.contains { $0.key == column.key }
      }
      guard !names.isEmpty else {
        report(.joinUse("NATURAL JOIN finds no column of one name on both sides", at: blame(range)))
        return nil
      }
      return bindUsing(
        names.map { Identifier($0.name, range: range) },
        left,
        right,
        join
      )
    }
  }

  private func bindUsing(
    _ names: [Identifier],
    _ left: Relation,
    _ right: Relation,
    _ join: JoinClause
  ) -> Matching? {
    var matching = Matching()
    var isComplete = true
    for (position, name) in names.enumerated() {
      let columns = (usingColumn(name, left), usingColumn(name, right))
      guard let leftColumn = columns.0, let rightColumn = columns.1 else {
        isComplete = false
        continue
      }
      let range = blame(name.range)
      let comparison: ComparisonOperator =
        join.isAsOf && position == names.count - 1 ? .greaterOrEqual : .equal
      guard
        let condition = compare(
          comparison,
          .column(leftColumn.column, range: range),
          .column(rightColumn.column, range: range),
          range: range
        )
      else {
        isComplete = false
        continue
      }
      matching.conditions.append(condition)
      matching.merged.append((left: leftColumn, right: rightColumn))
    }
    return isComplete ? matching : nil
  }

  private func usingColumn(_ name: Identifier, _ relation: Relation) -> ScopeColumn? {
    let key = foldedKey(name.text)
    let found = relation.visible.filter { $0.key == key }
    if found.count == 1 { return found[0] }
    if found.isEmpty {
      report(
        .unknownColumn(
          name.text,
          at: blame(name.range),
          closest: Suggestion.closest(to: name.text, in: relation.visible.map(\.name))
        )
      )
    } else {
      report(
        .ambiguousColumn(
          name.text,
          at: blame(name.range),
          spellings: ["it with ON instead of USING"]
        )
      )
    }
    return nil
  }

  private func joined(
    _ join: JoinClause,
    _ left: Relation,
    _ right: Relation,
    _ matching: Matching,
    _ range: SourceRange
  ) -> Relation? {
    guard let plan = joinPlan(join, left, right, matching.conditions, range) else { return nil }
    switch join.kind {
    case .semi, .anti:
      return Relation(plan: plan, tables: left.tables, visible: left.visible)
    case .inner, .left, .right, .full, .cross, .positional:
      break
    }
    var result = Relation(
      plan: plan,
      tables: left.tables + right.tables,
      visible: []
    )
    var visible = left.visible
    let mergedKeys = Set(matching.merged.map(\.right.key))
    if join.kind == .full, !matching.merged.isEmpty {
      (result.plan, visible) = mergedColumns(plan, visible, matching, range)
    } else if join.kind == .right {
      for pair in matching.merged {
        guard let position = visible.firstIndex(where: { $0.column.id == pair.left.column.id })
        else { continue }
        visible[position] = ScopeColumn(pair.right.column, name: pair.left.name)
      }
    }
    result.visible = visible + right.visible.filter { !mergedKeys.contains($0.key) }
    return result
  }

  /// The columns that FULL JOIN USING merges: whichever side has a row.
  private func mergedColumns(
    _ plan: Plan,
    _ visible: [ScopeColumn],
    _ matching: Matching,
    _ range: SourceRange
  ) -> (Plan, [ScopeColumn]) {
    var visible = visible
    var projected = plan.columns.map { ProjectedColumn(passing: $0) }
    for pair in matching.merged {
      guard let position = visible.firstIndex(where: { $0.column.id == pair.left.column.id }),
        let unified = unify(
          [
            .column(pair.left.column, range: blame(range)),
            .column(pair.right.column, range: blame(range)),
          ],
          place: "USING",
          blame(range)
        )
      else { continue }
      let column = makeColumn(pair.left.name, unified[0].type, unit: pair.left.column.unit)
      projected.append(
        ProjectedColumn(
          column: column,
          expression: BoundExpression(
            .coalesce(unified),
            type: unified[0].type,
            unit: column.unit,
            range: blame(range)
          )
        )
      )
      visible[position] = ScopeColumn(column, name: pair.left.name)
    }
    return (.project(projected, plan), visible)
  }

  private func joinPlan(
    _ join: JoinClause,
    _ left: Relation,
    _ right: Relation,
    _ conditions: [BoundExpression],
    _ range: SourceRange
  ) -> Plan? {
    if join.isAsOf { return asOfPlan(join, left, right, conditions, range) }
    let kind: JoinPlan.Kind =
      switch join.kind {
      case .inner, .cross: .inner
      case .left: .left
      case .right: .right
      case .full: .full
      case .semi: .semi
      case .anti: .anti
      case .positional: .positional
      }
    return split(conditions, kind, left.plan, right.plan)
  }

  /// A join whose equalities between the sides are keys.
  func split(
    _ conditions: [BoundExpression],
    _ kind: JoinPlan.Kind,
    _ left: Plan,
    _ right: Plan
  ) -> Plan {
    let (keys, rest) = JoinKey.split(
      conditions,
      left: Set(left.columns.map(\.id)),
      right: Set(right.columns.map(\.id))
    )
    if kind == .inner, rest.contains(where: \.hasSubquery) {
      let join = Plan.join(JoinPlan(kind: .inner, left: left, right: right, keys: keys))
      return BoundExpression.conjunction(rest).map { .filter($0, join) } ?? join
    }
    return .join(
      JoinPlan(kind: kind, left: left, right: right, keys: keys, condition: .conjunction(rest))
    )
  }
}

extension JoinKey {
  /// Takes the equalities between two sides out of conditions.
  static func split(
    _ conditions: [BoundExpression],
    left: Set<ColumnID>,
    right: Set<ColumnID>
  ) -> (keys: [JoinKey], rest: [BoundExpression]) {
    var keys: [JoinKey] = []
    var rest: [BoundExpression] = []
    for condition in conditions {
      guard case .comparison(let comparison, let first, let second) = condition.kind,
        comparison == .equal || comparison == .notDistinct, !condition.hasSubquery,
        condition.isDeterministic
      else {
        rest.append(condition)
        continue
      }
      let isNullSafe = comparison == .notDistinct
      let (a, b) = (first.usedColumns, second.usedColumns)
      if !a.isEmpty, !b.isEmpty, a.isSubset(of: left), b.isSubset(of: right) {
        keys.append(JoinKey(left: first, right: second, isNullSafe: isNullSafe))
      } else if !a.isEmpty, !b.isEmpty, a.isSubset(of: right), b.isSubset(of: left) {
        keys.append(JoinKey(left: second, right: first, isNullSafe: isNullSafe))
      } else {
        rest.append(condition)
      }
    }
    return (keys, rest)
  }
}

extension ComparisonOperator {
  /// Whether the comparison orders its sides.
  var isInequality: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: true
    case .equal, .notEqual, .notDistinct, .distinct: false
    }
  }

  /// The comparison that holds where this one does not, NULLs aside.
  var opposite: ComparisonOperator {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    case .notDistinct: .distinct
    case .distinct: .notDistinct
    }
  }
}
