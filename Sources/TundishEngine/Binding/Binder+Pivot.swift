internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// The plain query that a PIVOT stands for: one FILTERed aggregate per combination of values.
  func pivotQuery(
    _ source: TableReference,
    _ pivot: Pivot,
    _ range: SourceRange,
    isStatement: Bool
  ) -> Query? {
    if pivot.columns.isEmpty, pivot.aggregates.isEmpty, pivot.groupBy.isEmpty {
      report(.callForm("PIVOT needs ON, USING or GROUP BY", at: blame(range)))
      return nil
    }
    var combinations: [[(condition: Expression, name: String)]] = [[]]
    for column in pivot.columns {
      guard let values = pivotValues(column, source, range) else { return nil }
      combinations = combinations.flatMap { prefix in
        values.map { value in
          prefix + [(condition: pivotCondition(column.expression, value, range), name: value.name)]
        }
      }
      guard combinations.count <= BindingLimits.columns else {
        report(
          .tooComplex("PIVOT makes more than \(BindingLimits.columns) columns", at: blame(range))
        )
        return nil
      }
    }
    let count = SelectItem(
      expression: Expression(
        .call(
          FunctionCall(
            name: QualifiedName([Identifier("count", range: range)]),
            arguments: [
              FunctionArgument(value: Expression(.star(Star()), range: range))
            ]
          )
        ),
        range: range
      )
    )
    let aggregates = pivot.aggregates.isEmpty ? [count] : pivot.aggregates
    guard let groups = pivotGroups(source, pivot, aggregates, range) else { return nil }
    var items = groups.map { SelectItem(expression: $0) }
    for combination in combinations where !pivot.columns.isEmpty {
      let prefix = combination.map(\.name).joined(separator: "_")
      for aggregate in aggregates {
        var name = prefix
        if aggregates.count > 1 || aggregate.alias != nil {
          name += "_" + (aggregate.alias?.text ?? Syntax.format(aggregate.expression))
        }
        items.append(
          SelectItem(
            expression: filtering(aggregate.expression, combination.map(\.condition), range),
            alias: Identifier(name, range: range, isQuoted: true)
          )
        )
      }
    }
    if pivot.columns.isEmpty { items += pivot.aggregates }
    let select = Select(
      items: items,
      from: [source],
      groupBy: groups.isEmpty ? nil : .elements(groups.map { .expressions([$0]) }),
      range: range
    )
    let order =
      groups.isEmpty || !isStatement ? nil : OrderBy.items(groups.map { OrderItem(expression: $0) })
    return Query(body: .select(select), orderBy: order, range: range)
  }

  /// A value of a pivoted column.
  struct PivotValue {
    let expression: Expression
    let name: String
  }

  private func pivotCondition(
    _ column: Expression,
    _ value: PivotValue,
    _ range: SourceRange
  )
    -> Expression
  {
    Expression(.isDistinctFrom(column, value.expression, isNegated: true), range: range)
  }

  private func pivotValues(
    _ column: PivotColumn,
    _ source: TableReference,
    _ range: SourceRange
  )
    -> [PivotValue]?
  {
    if let written = column.values {
      var names: Set<String> = []
      for item in written {
        let name = item.alias?.text ?? Self.pivotName(item.expression)
        guard names.insert(name).inserted else {
          report(.duplicateName("value", name, at: blame(item.expression.range)))
          return nil
        }
      }
      return written.map { item in
        PivotValue(
          expression: item.expression,
          name: item.alias?.text ?? Self.pivotName(item.expression)
        )
      }
    }
    guard let runner = environment.runner else {
      report(.notConstant("the values of PIVOT here; write them with IN (...)", at: blame(range)))
      return nil
    }
    let text = Expression(
      .cast(
        column.expression,
        TypeName(.named("VARCHAR", arguments: []), range: range),
        isTry: false
      ),
      range: range
    )
    let notNull = Expression(.isNull(column.expression, isNegated: true), range: range)
    let select = Select(
      distinct: .all,
      items: [SelectItem(expression: column.expression), SelectItem(expression: text)],
      from: [source],
      filter: notNull,
      range: range
    )
    let query = Query(
      with: nil,
      body: .select(select),
      // As in DuckDB the new columns stand in the order of their names.
      orderBy: .items([OrderItem(expression: text, isDescending: false)]),
      range: range
    )
    do {
      return try runner(query).rows.compactMap { row in
        guard case .text(let name) = row[1] else { return nil }
        let literal = Expression(.literal(.string(name)), range: range)
        return PivotValue(expression: literal, name: name)
      }
    } catch {
      for diagnostic in error.diagnostics { report(diagnostic) }
      return nil
    }
  }

  private static func pivotName(_ expression: Expression) -> String {
    if case .literal(.string(let text)) = expression.unwrapped.kind { return text }
    return Syntax.format(expression.unwrapped)
  }

  /// The grouping columns: those written, else all columns that nothing else uses.
  private func pivotGroups(
    _ source: TableReference,
    _ pivot: Pivot,
    _ aggregates: [SelectItem],
    _ range: SourceRange
  ) -> [Expression]? {
    if !pivot.groupBy.isEmpty || pivot.columns.isEmpty { return pivot.groupBy }
    let relation = bindRelation(source, left: nil, parent: nil)
    guard !relation.isUnknown else { return nil }
    var used: Set<String> = []
    for column in pivot.columns { used.formUnion(column.expression.columnNames) }
    for aggregate in aggregates { used.formUnion(aggregate.expression.columnNames) }
    return relation.visible.filter { !used.contains($0.key) }.map { column in
      Expression(.name([Identifier(column.name, range: range, isQuoted: true)]), range: range)
    }
  }

  /// Adds FILTER to every aggregate of an expression.
  private func filtering(
    _ expression: Expression,
    _ conditions: [Expression],
    _ range: SourceRange
  )
    -> Expression
  {
    switch expression.kind {
    case .call(var call):
      if environment.functions.aggregate(named: call.name.last) != nil {
        let all = conditions + (call.filter.map { [$0] } ?? [])
        call.filter = all.dropFirst().reduce(all.first) { left, right in
          left.map { Expression(.binary(.and, $0, right), range: range) }
        }
      } else {
        call.arguments = call.arguments.map {
          FunctionArgument(name: $0.name, value: filtering($0.value, conditions, range))
        }
      }
      return Expression(.call(call), range: expression.range)
    case .binary(let symbol, let left, let right):
      return Expression(
        .binary(
          symbol,
          filtering(left, conditions, range),
          filtering(right, conditions, range)
        ),
        range: expression.range
      )
    case .parenthesized(let inner):
      return Expression(
        .parenthesized(filtering(inner, conditions, range)),
        range: expression.range
      )
    case .cast(let inner, let type, let isTry):
      return Expression(
        .cast(filtering(inner, conditions, range), type, isTry: isTry),
        range: expression.range
      )
    default:
      return expression  // constants and the like
    }
  }

  /// The plain query that an UNPIVOT stands for: one SELECT per column, put together.
  func unpivotQuery(
    _ source: TableReference,
    _ unpivot: Unpivot,
    _ range: SourceRange,
    _ parent: Scope?
  ) -> Query? {
    let relation = bindRelation(source, left: nil, parent: parent)
    guard !relation.isUnknown else { return nil }
    let scope = Scope(parent: parent, relation: relation, clause: .select)
    var groups: [UnpivotGroup] = []
    for item in unpivot.columns {
      if case .row(let members) = item.expression.unwrapped.kind {
        let names = members.compactMap { member -> Identifier? in
          if case .name(let parts) = member.kind { parts.last?.spelled(in: scope) } else { nil }
        }
        groups.append(UnpivotGroup(names, label: item.alias?.text))
        continue
      }
      if let group = UnpivotGroup(computing: item, scope) {
        groups.append(group)
        continue
      }
      guard let written = expandItems([item], scope) else { return nil }
      for column in written {
        guard case .some(let name) = column.columnName else {
          report(.callForm("UNPIVOT takes columns", at: blame(item.expression.range)))
          return nil
        }
        groups.append(
          UnpivotGroup(
            [Identifier(name, range: item.expression.range, isQuoted: true).spelled(in: scope)],
            label: item.alias?.text
          )
        )
      }
    }
    guard !groups.isEmpty else {
      report(.emptyStar("UNPIVOT needs a column", at: blame(range)))
      return nil
    }
    if let odd = groups.first(where: { $0.values.count != unpivot.valueColumns.count }) {
      report(
        .wrongColumnCount(
          "the columns of UNPIVOT that make one row",
          wanted: unpivot.valueColumns.count,
          found: odd.values.count,
          at: blame(odd.range)
        )
      )
      return nil
    }
    let used = Set(groups.flatMap { $0.names.map { foldedKey($0.text) } })
    for name in groups.flatMap(\.names) where scope.visibleColumns(foldedKey(name.text)).isEmpty {
      report(
        .unknownColumn(
          name.text,
          at: blame(name.range),
          closest: Suggestion.closest(to: name.text, in: scope.visible.map(\.name))
        )
      )
      return nil
    }
    let kept = relation.visible.filter { !used.contains($0.key) }.map { column in
      Expression(.name([Identifier(column.name, range: range, isQuoted: true)]), range: range)
    }
    return unpivotUnion(source, unpivot, groups, kept, range)
  }

  /// One row per column and row, row by row: the lists of names and values, unnested side by side.
  private func unpivotUnion(
    _ source: TableReference,
    _ unpivot: Unpivot,
    _ groups: [UnpivotGroup],
    _ kept: [Expression],
    _ range: SourceRange
  ) -> Query? {
    var items = kept.map { SelectItem(expression: $0) }
    let labels = groups.map { Expression(.literal(.string($0.label)), range: range) }
    items.append(
      SelectItem(expression: Self.unnestCall(labels, range), alias: unpivot.nameColumn)
    )
    for (position, column) in unpivot.valueColumns.enumerated() {
      let values = groups.map { $0.values[position] }
      items.append(SelectItem(expression: Self.unnestCall(values, range), alias: column))
    }
    let inner = Query(
      body: .select(Select(items: items, from: [source], range: range)),
      range: range
    )
    if unpivot.includesNulls { return inner }
    let conditions = unpivot.valueColumns.map { column in
      Expression(
        .isNull(Expression(.name([column]), range: range), isNegated: true),
        range: range
      )
    }
    let filter = conditions.dropFirst().reduce(conditions.first) { left, right in
      left.map { Expression(.binary(.and, $0, right), range: range) }
    }
    let derived = TableReference(
      .query(inner, isLateral: false),
      alias: Identifier("unpivoted", range: range),
      range: range
    )
    let star = SelectItem(expression: Expression(.star(Star()), range: range))
    return Query(
      body: .select(Select(items: [star], from: [derived], filter: filter, range: range)),
      range: range
    )
  }

  private static func unnestCall(_ items: [Expression], _ range: SourceRange) -> Expression {
    let list = Expression(.list(items), range: range)
    return Expression(
      .call(
        FunctionCall(
          name: QualifiedName([Identifier("unnest", range: range)]),
          arguments: [FunctionArgument(value: list)]
        )
      ),
      range: range
    )
  }
}

/// What UNPIVOT makes one row of: a column, an expression over one, or several columns together.
private struct UnpivotGroup {
  /// The columns that are used up.
  let names: [Identifier]
  /// The values, one per value column.
  let values: [Expression]
  /// What the name column says.
  let label: String

  init(_ names: [Identifier], label: String?) {
    self.names = names
    values = names.map { Expression(.name([$0]), range: $0.range) }
    self.label = label ?? names.map(\.text).joined(separator: "_")
  }

  /// `UNPIVOT ... ON jan::VARCHAR`: an expression over one column, labelled by its name.
  init?(computing item: SelectItem, _ scope: Scope) {
    let expression = item.expression.unwrapped
    if case .name = expression.kind { return nil }
    guard expression.firstColumns == nil, expression.columnNames.count == 1,
      let name = expression.firstColumnName
    else { return nil }
    names = [name]
    values = [expression]
    label = item.alias?.text ?? name.spelled(in: scope).text
  }

  /// Where its first value is written.
  var range: SourceRange { values.first?.range ?? SourceRange(0, 0) }
}

extension Identifier {
  /// The name as the column is spelled that it means.
  func spelled(in scope: Scope) -> Identifier {
    let name = scope.visibleColumns(foldedKey(text)).first?.name ?? text
    return Identifier(name, range: range, isQuoted: true)
  }
}

extension WrittenItem {
  /// The column that the item names; nil where it is another expression.
  var columnName: String? {
    switch source {
    case .column(let column, _): return column.name
    case .expression(let expression, _):
      if case .name(let parts) = expression.unwrapped.kind { return parts.last?.text }
      return nil
    }
  }
}

extension Expression {
  /// The first column that is used.
  var firstColumnName: Identifier? {
    if case .name(let parts) = kind { return parts.last }
    for child in directChildren {
      if let found = child.firstColumnName { return found }
    }
    return nil
  }

  /// The folded names of the columns that are used, qualifiers left out.
  var columnNames: Set<String> {
    if case .name(let parts) = kind { return [foldedKey(parts.last?.text ?? "")] }
    return directChildren.reduce(into: []) { $0.formUnion($1.columnNames) }
  }
}
