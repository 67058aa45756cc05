internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds WITH: each named query in the sight of those before it, then the body.
  ///
  /// A query that is read once takes the place of its name; others are computed once.
  func bindWith(_ with: WithClause, parent: Scope?, _ body: () -> BoundQuery?) -> BoundQuery? {
    var definitions: [NamedDefinition] = []
    commonTables.append(CommonTableFrame())
    defer { commonTables.removeLast() }
    let level = commonTables.count - 1
    var isComplete = true
    for item in with.items {
      let key = foldedKey(item.name.text)
      if let change = item.change {
        if item.hasRun {
          commonTables[level].tables[key] = CommonTable(
            id: makeMaterialization(),
            name: item.name.text,
            columns: nil,
            silentVerb: change.verb
          )
          continue
        }
        report(
          .wrongState(
            "\(change.verb) may stand only in the WITH clause that begins a statement which runs by itself",
            at: blame(item.range)
          )
        )
        isComplete = false
        continue
      }
      if commonTables[level].tables[key] != nil {
        report(.duplicateName("common table", item.name.text, at: blame(item.name.range)))
      }
      let id = makeMaterialization()
      let bound =
        with.isRecursive
        ? bindRecursive(item, id, parent) : bind(query: item.query, parent: parent)
      let named = bound.flatMap { naming($0, item) }
      let common = CommonTable(id: id, name: item.name.text, columns: named?.columns)
      commonTables[level].tables[key] = common
      if let named {
        definitions.append(NamedDefinition(common: common, item: item, plan: named.plan))
      } else {
        isComplete = false
      }
    }
    guard let bound = body(), isComplete else { return nil }
    return placing(definitions, in: bound, with.items.first?.name.range ?? SourceRange(0, 0))
  }

  private func naming(_ bound: BoundQuery, _ item: CommonTableExpression) -> BoundQuery? {
    guard !item.columns.isEmpty else { return bound }
    guard item.columns.count <= bound.columns.count else {
      report(
        .wrongColumnCount(
          "column names of '\(item.name.text)'",
          wanted: bound.columns.count,
          found: item.columns.count,
          at: blame(item.name.range)
        )
      )
      return nil
    }
    return named(bound, item.columns)
  }

  /// Binds a query of WITH RECURSIVE that is no UNION, and so must not read itself.
  private func bindWithoutUnion(
    _ item: CommonTableExpression,
    _ id: MaterializationID,
    _ parent: Scope?
  ) -> BoundQuery? {
    let level = commonTables.count - 1
    let key = foldedKey(item.name.text)
    let catalog = environment.catalog
    guard catalog.tables[key] == nil, catalog.views[key] == nil else {
      return bind(query: item.query, parent: parent)
    }
    let count = diagnostics.count
    // Known, but without columns: nothing is said about what reads it.
    commonTables[level].tables[key] = CommonTable(id: id, name: item.name.text, columns: nil)
    defer { commonTables[level].tables[key] = nil }
    let bound = bind(query: item.query, parent: parent)
    if bound == nil, diagnostics.count == count {
      report(
        .recursiveForm(
          "'\(item.name.text)' reads itself, but is no UNION of first rows with further ones",
          at: blame(item.name.range)
        )
      )
    }
    return bound
  }

  /// Binds a query that may read itself: `anchor UNION [ALL] step`.
  private func bindRecursive(
    _ item: CommonTableExpression,
    _ id: MaterializationID,
    _ parent: Scope?
  ) -> BoundQuery? {
    guard
      case .setOperation(.union, let isAll, byName: false, let anchorQuery, let stepQuery) =
        item.query.unwrapped.body, item.query.with == nil
    else {
      return bindWithoutUnion(item, id, parent)
    }
    let level = commonTables.count - 1
    let key = foldedKey(item.name.text)
    guard let anchorBound = bind(query: anchorQuery, parent: parent),
      let anchor = naming(anchorBound, item)
    else { return nil }
    commonTables[level].tables[key] = CommonTable(
      id: id,
      name: item.name.text,
      columns: anchor.columns
    )
    defer { commonTables[level].tables[key] = nil }
    guard let step = bind(query: stepQuery, parent: parent) else { return nil }
    guard step.columns.count == anchor.columns.count else {
      report(
        .setOperandWidths(
          "WITH RECURSIVE",
          left: anchor.columns.count,
          right: step.columns.count,
          at: blame(stepQuery.range)
        )
      )
      return nil
    }
    for (a, b) in zip(anchor.columns, step.columns)
    where TypeCoercion.unionType(a.type, b.type) == nil {
      report(
        .noCommonType(
          "column '\(a.name)' of WITH RECURSIVE",
          [a.type.description, b.type.description],
          at: blame(stepQuery.range)
        )
      )
      return nil
    }
    let columns = anchor.columns.map { makeCopy(of: $0) }
    guard step.plan.referenceCount(id) > 0 else {
      return BoundQuery(
        plan: .setOperation(
          SetOperationPlan(
            operation: .union,
            isAll: isAll,
            left: anchor.plan,
            right: casting(step, to: columns.map(\.type), at: stepQuery.range),
            columns: columns
          )
        ),
        columns: columns
      )
    }
    if item.query.orderBy != nil || item.query.limit != nil {
      report(
        .recursiveForm(
          "ORDER BY and LIMIT of a recursive query belong to the query that reads it",
          at: blame(item.query.range)
        )
      )
      return nil
    }
    return BoundQuery(
      plan: .recursive(
        RecursivePlan(
          id: id,
          name: item.name.text,
          isAll: isAll,
          anchor: anchor.plan,
          step: casting(step, to: columns.map(\.type), at: stepQuery.range),
          columns: columns
        )
      ),
      columns: columns
    )
  }
}

extension Query {
  /// The query without parentheses around it.
  var unwrapped: Query {
    var inner = self
    while case .parenthesized(let next) = inner.body, inner.with == nil, inner.orderBy == nil,
      inner.limit == nil
    {
      inner = next
    }
    return inner
  }
}

extension Plan {
  /// How often a materialized query is read.
  func referenceCount(_ id: MaterializationID) -> Int {
    var count = 0
    if case .reference(let reference) = self, reference.id == id { count += 1 }
    for expression in expressions {
      expression.forEachSubquery { count += $0.referenceCount(id) }
    }
    for child in children { count += child.referenceCount(id) }
    return count
  }
}

extension BoundExpression {
  /// Visits the plans of the subqueries inside.
  func forEachSubquery(_ visit: (Plan) -> Void) {
    _ = mapSubqueryPlans { plan in
      visit(plan)
      return plan
    }
  }

  /// Replaces the plans of the subqueries inside.
  func mapSubqueryPlans(_ transform: (Plan) -> Plan) -> BoundExpression {
    let mapped = mapOperands { $0.mapSubqueryPlans(transform) }
    guard case .subquery(let subquery) = mapped.kind else { return mapped }
    return mapped.with(
      .subquery(
        BoundSubquery(
          form: subquery.form,
          plan: transform(subquery.plan),
          output: subquery.output
        )
      )
    )
  }
}
