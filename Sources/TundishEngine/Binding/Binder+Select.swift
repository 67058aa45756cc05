internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds a SELECT with the ORDER BY and LIMIT that belong to it.
  ///
  /// All clauses are bound before the plan is built, in the scope of FROM; aggregates and windows
  /// collect in the scope, and what stands above them is rewritten to their columns.
  func bindSelect(
    _ select: Select,
    orderBy: OrderBy?,
    limit: LimitClause?,
    parent: Scope?
  )
    -> BoundQuery?
  {
    let relation = bindFrom(select.from, parent: parent)
    let scope = Scope(parent: parent, relation: relation, clause: .select)
    nameWindows(select.windows, scope)
    let written = expandItems(select.items, scope)
    if let written { nameAliases(written, scope) }
    let filter = bindClause(select.filter, .filter, scope)
    let items = written.flatMap { bindItems($0, scope) }
    let grouping = bindGroupBy(select.groupBy, written ?? [], items, scope)
    scope.groupedColumns = Set((grouping?.expressions ?? []).compactMap(\.columnID))
    let having = bindClause(select.having, .having, scope)
    let qualify = bindClause(select.qualify, .qualify, scope)
    refuseIdleQualify(select.qualify, scope)
    let keys = bindOrderBy(orderBy, items ?? [], scope)
    let distinct = bindDistinct(select.distinct, items ?? [], scope)
    let bounds = bindLimit(limit, scope)
    guard let filter, let items, let grouping, let having, let qualify, let keys, let distinct,
      let bounds, !relation.isUnknown
    else { return nil }
    var plan = sampled(relation.plan, select.sample)
    if let condition = filter.condition { plan = .filter(condition, plan) }
    var parts = SelectParts(
      items: items,
      having: having.condition,
      qualify: qualify.condition,
      keys: keys,
      distinct: distinct,
      limit: bounds
    )
    let isGrouped =
      grouping.isWritten || !scope.aggregates.isEmpty || !scope.groupingCalls.isEmpty
      || having.condition != nil
    if isGrouped {
      guard let grouped = group(plan, grouping, &parts, relation, scope) else { return nil }
      plan = grouped
    }
    return project(plan, parts, scope, select.range)
  }

  /// Refuses QUALIFY where no window function stands in the items or in its condition: WHERE or
  /// HAVING is meant.
  private func refuseIdleQualify(_ condition: Expression?, _ scope: Scope) {
    guard let condition, scope.windows.isEmpty, diagnostics.isEmpty else { return }
    report(
      .windowUse(
        "QUALIFY filters by window functions, and there is none in SELECT or QUALIFY; WHERE and"
          + " HAVING filter by other conditions",
        at: blame(condition.range)
      )
    )
  }

  /// A clause that may be absent, bound.
  struct OptionalCondition {
    let condition: BoundExpression?
  }

  private func bindClause(
    _ expression: Expression?,
    _ clause: Clause,
    _ scope: Scope
  )
    -> OptionalCondition?
  {
    guard let expression else { return OptionalCondition(condition: nil) }
    if clause == .filter, let selector = expression.firstColumns {
      return scope.within(clause) { bindForAll(selector, expression, scope) }
    }
    return scope.within(clause) {
      bindCondition(expression, scope, place: clause.rawValue)
        .map { OptionalCondition(condition: $0.asFilter) }
    }
  }

  /// `WHERE COLUMNS(*) > 1`: the condition must hold for every column.
  private func bindForAll(
    _ selector: Expression,
    _ condition: Expression,
    _ scope: Scope
  )
    -> OptionalCondition?
  {
    guard let columns = chosenColumns(selector, condition.range, scope) else { return nil }
    defer { scope.columnsChoice = nil }
    var conditions: [BoundExpression] = []
    for column in columns {
      scope.columnsChoice = column
      guard let bound = bindCondition(condition, scope, place: Clause.filter.rawValue) else {
        return nil
      }
      conditions.append(bound)
    }
    let all = BoundExpression.conjunction(conditions, range: blame(condition.range))
    return OptionalCondition(condition: all.asFilter)
  }

  private func nameWindows(_ windows: [NamedWindow], _ scope: Scope) {
    for window in windows {
      let key = foldedKey(window.name.text)
      if scope.namedWindows[key] != nil {
        report(.duplicateName("window", window.name.text, at: blame(window.name.range)))
      }
      scope.namedWindows[key] = window.specification
    }
  }

  private func nameAliases(_ items: [WrittenItem], _ scope: Scope) {
    for (position, item) in items.enumerated() {
      guard let alias = item.alias, case .expression(let expression, nil) = item.source else {
        continue
      }
      let key = foldedKey(alias)
      if scope.aliases[key] == nil {
        scope.aliases[key] = AliasedItem(position: position, expression: expression)
      }
    }
  }

  /// Binds the select items; each sees the aliases of those before it.
  private func bindItems(_ written: [WrittenItem], _ scope: Scope) -> [BoundItem]? {
    var items: [BoundItem] = []
    var isComplete = true
    for (position, item) in written.enumerated() {
      scope.aliasLimit = position
      defer { scope.aliasLimit = .max }
      guard let bound = bindItem(item, scope) else {
        isComplete = false
        continue
      }
      let column = makeColumn(item.name, of: bound)
      items.append(BoundItem(name: item.name, expression: bound, column: column))
    }
    return isComplete ? items : nil
  }

  private func bindItem(_ item: WrittenItem, _ scope: Scope) -> BoundExpression? {
    switch item.source {
    case .column(let column, let range): return .column(column.column, range: range)
    case .expression(let expression, let choice):
      scope.columnsChoice = choice
      defer { scope.columnsChoice = nil }
      return bind(expression, scope)
    }
  }

  /// The column of an output; one that passes through from the input keeps its id.
  func output(
    _ name: String,
    _ bound: BoundExpression,
    _ passing: inout Set<ColumnID>
  )
    -> PlanColumn
  {
    if let id = bound.columnID, passing.remove(id) != nil {
      return PlanColumn(id: id, name: name, type: bound.type, unit: bound.unit)
    }
    return makeColumn(name, of: bound)
  }

  private func bindDistinct(
    _ distinct: Distinct?,
    _ items: [BoundItem],
    _ scope: Scope
  )
    -> BoundDistinct?
  {
    switch distinct {
    case .none: return .rows
    case .all: return .distinct
    case .on(let expressions):
      let targets = scope.within(.orderBy) {
        expressions.map { expression -> BoundOrderKey.Target? in
          let range = blame(expression.range)
          if refuseConstantKey(expression, items.count, "DISTINCT ON", range) { return nil }
          return bindOutputReference(expression, items, scope, clause: "DISTINCT ON")
        }
      }
      let found = targets.compactMap { $0 }
      return found.count == targets.count ? .on(found) : nil
    }
  }

  private func sampled(_ plan: Plan, _ sample: Sample?) -> Plan {
    guard let sample else { return plan }
    let seed = sample.seed.map { UInt64(bitPattern: Int64($0)) }
    let method = sample.method.map { foldedKey($0.text) }
    if sample.isPercentage {
      let share = (Double(sample.amount) ?? 0) / 100
      guard share <= 1 else {
        report(.callForm("a sample is at most 100% of the rows", at: blame(sample.range)))
        return plan
      }
      let size: SamplePlan.Size = method == "reservoir" ? .share(share) : .fraction(share)
      return .sample(SamplePlan(size: size, seed: seed, input: plan))
    }
    if method == "bernoulli" {
      let advice = "'bernoulli' takes a percentage; reservoir(n ROWS) takes a number of rows"
      report(.callForm(advice, at: blame(sample.range)))
      return plan
    }
    return .sample(SamplePlan(size: .rows(Int(sample.amount) ?? 0), seed: seed, input: plan))
  }

  /// Puts a sample on a relation.
  func sampled(_ relation: Relation, _ sample: Sample?) -> Relation {
    var relation = relation
    relation.plan = sampled(relation.plan, sample)
    return relation
  }
}

/// DISTINCT of a SELECT.
enum BoundDistinct {
  case rows
  case distinct
  case on([BoundOrderKey.Target])
}

/// The parts of a SELECT that stand above its aggregation.
struct SelectParts {
  var items: [BoundItem]
  var having: BoundExpression?
  var qualify: BoundExpression?
  var keys: [BoundOrderKey]
  var distinct: BoundDistinct
  var limit: BoundLimit

  /// Replaces every expression.
  mutating func mapExpressions(_ transform: (BoundExpression) -> BoundExpression) {
    for position in items.indices {
      items[position].expression = transform(items[position].expression)
    }
    having = having.map(transform)
    qualify = qualify.map(transform)
    keys = keys.map { key in
      BoundOrderKey(
        target: key.target.mapped(transform),
        isDescending: key.isDescending,
        nullsFirst: key.nullsFirst,
        range: key.range
      )
    }
    if case .on(let targets) = distinct {
      distinct = .on(targets.map { $0.mapped(transform) })
    }
  }
}

extension BoundOrderKey.Target {
  func mapped(_ transform: (BoundExpression) -> BoundExpression) -> BoundOrderKey.Target {
    switch self {
    case .output: self
    case .expression(let bound): .expression(transform(bound))
    }
  }
}
