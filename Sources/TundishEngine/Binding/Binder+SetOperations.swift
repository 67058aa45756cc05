internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds VALUES: as many columns as the first row, each of the common type of its values.
  func bindValues(_ rows: [[Expression]], _ range: SourceRange, _ parent: Scope?) -> BoundQuery? {
    guard let width = rows.first?.count else { return nil }
    let scope = Scope(parent: parent, relation: .singleRow(), clause: .values)
    var bound: [[BoundExpression]] = []
    var isComplete = true
    for row in rows {
      guard row.count == width else {
        let place = row.reduce(row.first?.range ?? range) { $0.union($1.range) }
        report(
          .wrongColumnCount("a row of VALUES", wanted: width, found: row.count, at: blame(place))
        )
        isComplete = false
        continue
      }
      if let values = bind(all: row, scope) { bound.append(values) } else { isComplete = false }
    }
    guard isComplete else { return nil }
    var columns: [PlanColumn] = []
    for position in 0..<width {
      let values = bound.map { $0[position] }
      guard let unified = unify(values, place: "column \(position + 1) of VALUES", blame(range))
      else { return nil }
      for row in bound.indices { bound[row][position] = unified[row] }
      let type = unified[0].type
      let column = makeColumn("col\(position)", type, unit: commonUnit(values))
      declaredTypes[column.id] = commonCheckedType(of: unified, type)
      columns.append(column)
    }
    return BoundQuery(plan: .values(columns: columns, rows: bound), columns: columns)
  }

  /// Binds UNION, INTERSECT and EXCEPT.
  func bindSetOperation(
    _ operation: SetOperator,
    isAll: Bool,
    byName: Bool,
    _ left: Query,
    _ right: Query,
    _ range: SourceRange,
    _ parent: Scope?
  ) -> BoundQuery? {
    let sides = (bind(query: left, parent: parent), bind(query: right, parent: parent))
    guard var first = sides.0, var second = sides.1 else { return nil }
    let texts = (
      first.furtherNames.merging(Self.itemTexts(left)) { name, _ in name },
      second.furtherNames.merging(Self.itemTexts(right)) { name, _ in name }
    )
    first.furtherNames = texts.0
    second.furtherNames = texts.1
    if byName {
      guard hasDistinctNames(first, left), hasDistinctNames(second, right) else { return nil }
      (first, second) = alignedByName(first, second)
    } else if first.columns.count != second.columns.count {
      report(
        .setOperandWidths(
          operation.rawValue,
          left: first.columns.count,
          right: second.columns.count,
          at: blame(right.range)
        )
      )
      return nil
    }
    var types: [DataType] = []
    for (a, b) in zip(first.columns, second.columns) {
      guard let type = TypeCoercion.unionType(a.type, b.type) else {
        report(
          .noCommonType(
            "column '\(a.name)' of \(operation.rawValue)",
            [a.type.description, b.type.description],
            at: blame(right.range)
          )
        )
        return nil
      }
      types.append(type)
    }
    let columns = zip(first.columns, zip(second.columns, types)).map { a, other in
      makeColumn(a.name, other.1, unit: a.unit == other.0.unit ? a.unit : .none)
    }
    for (column, sides) in zip(columns, zip(first.columns, second.columns))
    where declaredTypes[sides.0.id] == declaredTypes[sides.1.id] {
      declaredTypes[column.id] = declaredTypes[sides.0.id]
    }
    let plan = Plan.setOperation(
      SetOperationPlan(
        operation: operation,
        isAll: isAll,
        left: casting(first, to: types, at: left.range),
        right: casting(second, to: types, at: right.range),
        columns: columns
      )
    )
    var query = BoundQuery(plan: plan, columns: columns)
    var names = first.furtherNames.merging(second.furtherNames) { name, _ in name }
    if byName {
      // What one name means on both sides are two columns.
      names = names.filter { second.furtherNames[$0.key] ?? $0.value == $0.value }
    }
    query.furtherNames = second.columns.enumerated().reduce(into: names) { names, column in
      let key = foldedKey(column.element.name)
      if names[key] == nil { names[key] = column.offset }
    }
    return query
  }

  /// The texts of a SELECT's expressions, so that ORDER BY of the whole may repeat one.
  private static func itemTexts(_ query: Query) -> [String: Int] {
    guard case .select(let select) = query.body else { return [:] }
    var texts: [String: Int] = [:]
    for (position, item) in select.items.enumerated() where position < itemTextLimit {
      // After a star, items and columns are no longer counted alike.
      if case .star = item.expression.kind { break }
      if item.expression.firstColumns != nil { break }
      texts[itemKey(item.expression)] = position
      guard case .name(let parts) = item.expression.unwrapped.kind, let last = parts.last else {
        continue
      }
      let range = item.expression.range
      // `x` and `t.x` are one column where there is one table.
      let relation = soleRelation(select).map { [$0] } ?? []
      for names in [[last], relation + [last]] {
        let key = itemKey(Expression(.name(names), range: range))
        if texts[key] == nil { texts[key] = position }
      }
    }
    return texts
  }

  /// The name of the one relation in FROM; nil where there are several, or it has none.
  private static func soleRelation(_ select: Select) -> Identifier? {
    guard select.from.count == 1, let source = select.from.first else { return nil }
    if let alias = source.alias { return alias }
    if case .table(let name) = source.kind { return name.parts.last }
    return nil
  }

  /// Whether BY NAME can tell the columns of a side apart, which else is reported.
  private func hasDistinctNames(_ side: BoundQuery, _ query: Query) -> Bool {
    var seen: Set<String> = []
    guard let twice = side.columns.first(where: { !seen.insert(foldedKey($0.name)).inserted })
    else { return true }
    report(.duplicateName("name", twice.name, at: blame(query.range)))
    return false
  }

  /// How many items of a SELECT are kept by their text.
  private static let itemTextLimit = 100

  /// A key that no name has.
  static func itemKey(_ expression: Expression) -> String {
    if case .name(let parts) = expression.unwrapped.kind {
      return "(" + parts.map { foldedKey($0.text) }.joined(separator: ".") + ")"
    }
    return "(" + Syntax.format(expression.unwrapped) + ")"
  }

  /// Gives the columns of a query other types.
  func casting(_ query: BoundQuery, to types: [DataType], at range: SourceRange) -> Plan {
    guard query.columns.map(\.type) != types else { return query.plan }
    let projected = zip(query.columns, types).map { column, type in
      column.type == type
        ? ProjectedColumn(passing: column)
        : ProjectedColumn(
          column: makeColumn(column.name, type, unit: column.unit),
          expression: coerce(.column(column, range: blame(range)), to: type)
        )
    }
    return .project(projected, query.plan)
  }

  /// Both sides with the columns of both, by name; absent ones are NULL.
  private func alignedByName(_ left: BoundQuery, _ right: BoundQuery) -> (BoundQuery, BoundQuery) {
    var names = left.columns.map(\.name)
    var seen = Set(names.map(foldedKey))
    for column in right.columns where seen.insert(foldedKey(column.name)).inserted {
      names.append(column.name)
    }
    return (aligned(left, names), aligned(right, names))
  }

  private func aligned(_ query: BoundQuery, _ names: [String]) -> BoundQuery {
    let projected = names.map { name in
      let key = foldedKey(name)
      if let column = query.columns.first(where: { foldedKey($0.name) == key }) {
        return ProjectedColumn(passing: column)
      }
      return ProjectedColumn(
        column: makeColumn(name, .null),
        expression: .null(.null, range: blame(SourceRange(0, 0)))
      )
    }
    var whole = BoundQuery(plan: .project(projected, query.plan), columns: projected.map(\.column))
    let keys = names.map(foldedKey)
    whole.furtherNames = query.furtherNames.compactMapValues { position in
      query.columns.indices.contains(position)
        ? keys.firstIndex(of: foldedKey(query.columns[position].name)) : nil
    }
    return whole
  }
}
