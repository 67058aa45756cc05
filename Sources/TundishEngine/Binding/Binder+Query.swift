internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds a query; its plan gives exactly `columns`, in order.
  ///
  /// Nil where something was reported.
  func bind(query: Query, parent: Scope? = nil, isScalar: Bool = false) -> BoundQuery? {
    nested(query.range) {
      guard let with = query.with else {
        return bindUnnamed(query, parent: parent, isScalar: isScalar)
      }
      return bindWith(with, parent: parent) {
        bindUnnamed(query, parent: parent, isScalar: isScalar)
      }
    }
  }

  /// Binds a query apart from its WITH clause.
  private func bindUnnamed(_ query: Query, parent: Scope?, isScalar: Bool) -> BoundQuery? {
    switch query.body {
    case .select(let select):
      return bindSelect(select, orderBy: query.orderBy, limit: query.limit, parent: parent)
    case .values(let rows):
      return bindValues(rows, query.range, parent).flatMap { finish($0, query, parent) }
    case .table(let name):
      let star = SelectItem(expression: Expression(.star(Star()), range: query.range))
      let source = TableReference(.table(name), range: name.range)
      let select = Select(items: [star], from: [source], range: query.range)
      return bindSelect(select, orderBy: query.orderBy, limit: query.limit, parent: parent)
    case .setOperation(let operation, let isAll, let byName, let left, let right):
      return bindSetOperation(
        operation,
        isAll: isAll,
        byName: byName,
        left,
        right,
        query.range,
        parent
      ).flatMap { finish($0, query, parent) }
    case .parenthesized(let inner):
      return bind(query: inner, parent: parent, isScalar: isScalar)
        .flatMap { finish($0, query, parent) }
    case .sales(let sales):
      return bindSales(sales, isScalar: isScalar, query.range)
        .flatMap { finish($0, query, parent) }
    case .pivot(let statement):
      return bindExpanded(
        pivotQuery(statement.source, statement.pivot, query.range, isStatement: true),
        query,
        parent
      )
    case .unpivot(let statement):
      return bindExpanded(
        unpivotQuery(statement.source, statement.unpivot, query.range, parent),
        query,
        parent
      )
    case .describe(let statement):
      if case .summarize(let summarized) = statement.kind {
        return bindExpanded(summaryQuery(summarized, query.range), query, parent)
      }
      return bindDescription(statement, query.range).flatMap { finish($0, query, parent) }
    }
  }

  private func bindExpanded(_ expansion: Query?, _ query: Query, _ parent: Scope?) -> BoundQuery? {
    guard let expansion else { return nil }
    return bind(query: expansion, parent: parent).flatMap { finish($0, query, parent) }
  }

  /// Binds a sales query: the plain query that it stands for.
  private func bindSales(_ sales: SalesQuery, isScalar: Bool, _ range: SourceRange) -> BoundQuery? {
    guard let expander = environment.sales else {
      report(.unsupported("a sales query here", at: blame(range)))
      return nil
    }
    do {
      let expansion = try expander.expand(sales, isScalar: isScalar)
      for diagnostic in expansion.diagnostics { report(diagnostic) }
      recordExpansion(Syntax.format(expansion.query), at: range)
      return isolated(range) { bind(query: expansion.query) }
    } catch {
      for diagnostic in error.diagnostics { report(diagnostic) }
      return nil
    }
  }

  /// Runs a step that sees neither the common tables nor the macros around it, and whose text is
  /// not the user's.
  func isolated<Result>(_ range: SourceRange, _ body: () -> Result?) -> Result? {
    let outer = (commonTables, macroFrames, blamedRange)
    commonTables = []
    macroFrames = []
    blamedRange = blame(range)
    defer { (commonTables, macroFrames, blamedRange) = outer }
    return body()
  }

  /// Applies ORDER BY and LIMIT to a query that is not a SELECT: they see its output columns.
  private func finish(_ bound: BoundQuery, _ query: Query, _ parent: Scope?) -> BoundQuery? {
    guard query.orderBy != nil || query.limit != nil else { return bound }
    let relation = Relation(
      plan: bound.plan,
      tables: [],
      visible: bound.columns.map { ScopeColumn($0) }
    )
    let scope = Scope(parent: parent, relation: relation, clause: .orderBy)
    scope.furtherNames = bound.furtherNames
    let outputs = bound.columns.map { column in
      BoundItem(
        name: column.name,
        expression: .column(column, range: query.range),
        column: column
      )
    }
    guard let keys = bindOrderBy(query.orderBy, outputs, scope),
      let limit = bindLimit(query.limit, scope)
    else { return nil }
    guard scope.windows.isEmpty, scope.aggregates.isEmpty else {
      report(
        .misplacedAggregate(
          "aggregates and windows",
          clause: "ORDER BY of this query",
          at: blame(query.range)
        )
      )
      return nil
    }
    var hidden: [ProjectedColumn] = []
    var sortKeys: [SortKey] = []
    for key in keys {
      sortKeys.append(orderKey(key, outputs, &hidden))
    }
    var plan = bound.plan
    if !hidden.isEmpty {
      plan = .project(bound.columns.map { ProjectedColumn(passing: $0) } + hidden, plan)
    }
    if !sortKeys.isEmpty { plan = .sort(sortKeys, plan) }
    plan = limited(plan, limit, sortKeys)
    if !hidden.isEmpty {
      plan = .project(bound.columns.map { ProjectedColumn(passing: $0) }, plan)
    }
    return BoundQuery(plan: plan, columns: bound.columns)
  }

  /// Puts a limit on a plan.
  func limited(_ plan: Plan, _ limit: BoundLimit, _ keys: [SortKey]) -> Plan {
    guard let count = limit.count ?? (limit.offset == nil ? nil : .all) else { return plan }
    if limit.withTies, case .sort(let sorted, let input) = plan {
      return .limit(
        LimitPlan(
          count: count,
          offset: limit.offset,
          keys: sorted,
          withTies: true,
          input: input
        )
      )
    }
    return .limit(
      LimitPlan(count: count, offset: limit.offset, withTies: limit.withTies, input: plan)
    )
  }

  /// Binds LIMIT and OFFSET; the result is empty where nothing is written.
  func bindLimit(_ clause: LimitClause?, _ scope: Scope) -> BoundLimit? {
    guard let clause else { return BoundLimit() }
    var limit = BoundLimit()
    limit.withTies = clause.withTies
    if let count = clause.count {
      let type: DataType = clause.isPercentage ? .double : .bigint
      guard let bound = bindConstant(count, type, place: "LIMIT") else { return nil }
      if bound.literal == .null {
        limit.count = .all
      } else {
        limit.count = clause.isPercentage ? .percentage(bound) : .rows(bound)
      }
    }
    if let offset = clause.offset {
      guard let bound = bindConstant(offset, .bigint, place: "OFFSET") else { return nil }
      limit.offset = bound.literal == .null ? nil : bound
    }
    return limit
  }

  /// Binds an expression that must be constant.
  func bindConstant(
    _ expression: Expression,
    _ type: DataType,
    place: String
  )
    -> BoundExpression?
  {
    let scope = Scope(parent: nil, relation: .singleRow(), clause: .limit)
    guard let bound = bind(expression, scope) else { return nil }
    let range = bound.range
    guard bound.usedColumns.isEmpty else {
      report(.notConstant(place, at: range))
      return nil
    }
    if bound.hasSubquery { return constantSubquery(expression, bound, type, place) }
    guard bound.type.isNumeric || bound.type == .null || bound.isTextLiteral || bound.type == type
    else {
      report(
        .wrongType(place, needs: "a number", found: bound.type.description, at: range)
      )
      return nil
    }
    do {
      let cast = coerce(bound, to: type)
      let value = try ExpressionEvaluator.constant(cast, context: environment.context)
      if case .integer(let number) = value, number < 0 {
        report(
          .wrongType(place, needs: "a number that is not negative", found: "\(number)", at: range)
        )
        return nil
      }
      return BoundExpression(.literal(value), type: type, range: range)
    } catch {
      report(
        .unreadableLiteral(
          place,
          type: type.description,
          at: range,
          reason: error.error.message
        )
      )
      return nil
    }
  }

  /// The value of `LIMIT (SELECT ...)`, computed while binding.
  private func constantSubquery(
    _ expression: Expression,
    _ bound: BoundExpression,
    _ type: DataType,
    _ place: String
  ) -> BoundExpression? {
    guard let runner = environment.runner else {
      report(.notConstant(place, at: bound.range))
      return nil
    }
    let query = Query(
      body: .select(Select(items: [SelectItem(expression: expression)], range: expression.range)),
      range: expression.range
    )
    do {
      let value = try runner(query).rows.first?.first ?? .null
      return coerce(
        BoundExpression(.literal(value), type: bound.type, range: bound.range),
        to: type
      )
    } catch {
      for diagnostic in error.diagnostics { report(diagnostic) }
      return nil
    }
  }
}

/// LIMIT and OFFSET.
struct BoundLimit {
  var count: LimitPlan.Count?
  var offset: BoundExpression?
  var withTies = false
}
