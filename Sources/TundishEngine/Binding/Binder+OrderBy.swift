internal import TundishColumns
internal import TundishSyntax

/// An output column of a query.
struct BoundItem {
  /// The output's name.
  var name: String
  /// Its value, over the columns below the projection.
  var expression: BoundExpression
  /// The column that the projection makes.
  var column: PlanColumn
}

/// A key of ORDER BY: an output column, or a further expression.
struct BoundOrderKey {
  enum Target {
    case output(Int)
    case expression(BoundExpression)
  }

  let target: Target
  let isDescending: Bool
  let nullsFirst: Bool
  let range: SourceRange
}

extension Binder {
  /// Binds ORDER BY; empty where nothing is written.
  func bindOrderBy(
    _ orderBy: OrderBy?,
    _ items: [BoundItem],
    _ scope: Scope
  )
    -> [BoundOrderKey]?
  {
    switch orderBy {
    case .none: return []
    case .all(let isDescending, let nullsFirst, let range):
      let isDescending = isDescending ?? environment.settings.isDescending
      return items.indices.map { position in
        BoundOrderKey(
          target: .output(position),
          isDescending: isDescending,
          nullsFirst: nullsFirst
            ?? environment.settings.nullOrder.comesFirst(isDescending: isDescending),
          range: blame(range)
        )
      }
    case .items(let written):
      let keys = scope.within(.orderBy) {
        written.map { bindOrderItem($0, items, scope) }
      }
      let found = keys.compactMap { $0 }
      return found.count == keys.count ? found.flatMap { $0 } : nil
    }
  }

  /// Binds one item: no key for a constant, several for COLUMNS.
  private func bindOrderItem(
    _ item: OrderItem,
    _ items: [BoundItem],
    _ scope: Scope
  )
    -> [BoundOrderKey]?
  {
    if let several = bindSeveralKeys(item, items, scope) { return several.keys }
    return bindOneKey(item, items, scope)
  }

  private func bindOneKey(
    _ item: OrderItem,
    _ items: [BoundItem],
    _ scope: Scope
  )
    -> [BoundOrderKey]?
  {
    let range = blame(item.expression.range)
    if refuseConstantKey(item.expression, items.count, "ORDER BY", range) { return nil }
    guard let target = bindOutputReference(item.expression, items, scope, clause: "ORDER BY")
    else { return nil }
    if case .expression(let bound) = target, bound.literal != nil { return [] }
    let isDescending = item.isDescending ?? environment.settings.isDescending
    return [
      BoundOrderKey(
        target: target,
        isDescending: isDescending,
        nullsFirst: item.nullsFirst
          ?? environment.settings.nullOrder.comesFirst(isDescending: isDescending),
        range: range
      )
    ]
  }

  /// Refuses a constant that is no position: it orders nothing, and is mostly meant as a name.
  func refuseConstantKey(
    _ expression: Expression,
    _ count: Int,
    _ clause: String,
    _ range: SourceRange
  ) -> Bool {
    switch expression.unwrapped.kind {
    case .unary(.minus, _):
      guard let digits = expression.unwrapped.writtenInteger else { return false }
      report(.positionOutOfRange(digits, count: count, clause: clause, at: range))
    case .literal(.integer): return false
    case .literal:
      report(.constantOrder(clause, at: range))
    default: return false  // an expression
    }
    return true
  }

  /// Refuses constants in the ORDER BY of an aggregate's arguments; a number, which there is no
  /// position, does no harm in DuckDB and PostgreSQL.
  func refuseConstantKeys(of call: FunctionCall) -> Bool {
    for item in call.orderBy {
      guard case .literal(let literal) = item.expression.unwrapped.kind else { continue }
      if case .integer = literal { continue }
      let range = blame(item.expression.range)
      report(.constantOrder("ORDER BY in a call", takesPositions: false, at: range))
      return true
    }
    return false
  }

  /// The keys of `*` and of an item with COLUMNS; nil for other items.
  private func bindSeveralKeys(
    _ item: OrderItem,
    _ items: [BoundItem],
    _ scope: Scope
  ) -> (keys: [BoundOrderKey]?, Void)? {
    let expression = item.expression
    let selector: Expression
    var each = expression
    if case .star = expression.kind {
      selector = expression
      each = Expression(.columns(expression), range: expression.range)
    } else if let first = expression.firstColumns {
      selector = first
    } else {
      return nil
    }
    guard areOneSelection(expression.allColumns),
      let columns = chosenColumns(selector, expression.range, scope)
    else { return (nil, ()) }
    defer { scope.columnsChoice = nil }
    var keys: [BoundOrderKey] = []
    for column in columns {
      scope.columnsChoice = column
      let one = OrderItem(
        expression: .init(.parenthesized(each), range: expression.range),
        isDescending: item.isDescending,
        nullsFirst: item.nullsFirst
      )
      guard let key = bindOneKey(one, items, scope) else { return (nil, ()) }
      keys += key
    }
    return (keys, ())
  }

  /// Binds an expression that may name an output column by position or name.
  func bindOutputReference(
    _ expression: Expression,
    _ items: [BoundItem],
    _ scope: Scope,
    clause: String
  ) -> BoundOrderKey.Target? {
    let range = blame(expression.range)
    let inner = expression.unwrapped
    if case .literal(.integer(let digits)) = inner.kind {
      guard let position = Int(digits), (1...max(1, items.count)).contains(position),
        position <= items.count
      else {
        // Without any item something else is wrong, and reported.
        if items.isEmpty { return nil }
        report(
          .positionOutOfRange(digits, count: items.count, clause: clause, at: range)
        )
        return nil
      }
      return .output(position - 1)
    }
    if case .name(let parts) = inner.kind, parts.count == 1 {
      let key = foldedKey(parts[0].text)
      if let position = parts[0].position, items.indices.contains(position - 1),
        !items.contains(where: { foldedKey($0.name) == key })
      {
        return .output(position - 1)
      }
      // What is named so goes before a column that has the name of its own.
      if let alias = scope.aliases[key], items.indices.contains(alias.position),
        foldedKey(items[alias.position].name) == key
      {
        return .output(alias.position)
      }
      if let position = items.firstIndex(where: { foldedKey($0.name) == key }) {
        return .output(position)
      }
      if let position = scope.furtherNames[key], items.indices.contains(position) {
        return .output(position)
      }
    }
    if !scope.furtherNames.isEmpty, let position = scope.furtherNames[Self.itemKey(inner)],
      items.indices.contains(position)
    {
      return .output(position)
    }
    guard let bound = bind(expression, scope) else { return nil }
    if let key = bound.key, !bound.hasSubquery,
      let position = items.firstIndex(where: { $0.expression.key == key })
    {
      return .output(position)
    }
    return .expression(bound)
  }

  /// The sort key over the projection's output; an expression that is no output becomes a hidden
  /// column.
  func orderKey(
    _ key: BoundOrderKey,
    _ items: [BoundItem],
    _ hidden: inout [ProjectedColumn]
  ) -> SortKey {
    let expression: BoundExpression
    switch key.target {
    case .output(let position):
      expression = .column(items[position].column, range: key.range)
    case .expression(let bound):
      let column = makeColumn("order", bound.type, unit: bound.unit)
      hidden.append(ProjectedColumn(column: column, expression: bound))
      expression = .column(column, range: key.range)
    }
    return SortKey(
      expression: expression,
      isDescending: key.isDescending,
      nullsFirst: key.nullsFirst
    )
  }
}
