/// Queries.
extension Formatter {
  /// A query in parentheses; sales queries inside print capitals and their first word.
  mutating func subquery(_ query: Query) -> Layout {
    let saved = usesSmallKeywords
    usesSmallKeywords = false
    defer { usesSmallKeywords = saved }
    return .group(["(", .nest([.softLine, self.query(query)]), .softLine, ")"])
  }

  /// A query; its clauses are separated by lines of the group around it.
  mutating func query(_ query: Query) -> Layout {
    var parts: [Layout] = []
    if let with = query.with { parts.append(self.with(with)) }
    parts.append(body(query.body))
    if let orderBy = query.orderBy { parts.append(self.orderBy(orderBy)) }
    if let limit = query.limit { parts += self.limit(limit) }
    return parts.joined(by: .line)
  }

  private mutating func body(_ body: QueryBody) -> Layout {
    switch body {
    case .select(let select): return self.select(select)
    case .values(let rows): return values(rows)
    case .table(let name): return .text("\(word("TABLE")) \(self.name(name))")
    case .setOperation(let kind, let isAll, let byName, let left, let right):
      let words = kind.rawValue + (isAll ? " ALL" : "") + (byName ? " BY NAME" : "")
      return setOperation(kind, words, left, right)
    case .parenthesized(let query): return subquery(query)
    case .sales(let sales): return salesQuery(sales, needsWord: true)
    case .pivot(let pivot): return self.pivot(pivot)
    case .unpivot(let unpivot): return self.unpivot(unpivot)
    case .describe(let statement): return self.statement(statement)
    }
  }

  private mutating func values(_ rows: [[Expression]]) -> Layout {
    let list = rows.map { row in row.map { expression($0) }.inParentheses }
    return .group([keyword("VALUES"), .nest([.line, list.commaSeparated])])
  }

  /// A chain of set operations, printed without recursion into its left side.
  private mutating func setOperation(
    _ kind: SetOperator,
    _ words: String,
    _ left: Query,
    _ right: Query
  ) -> Layout {
    var steps: [Layout] = [[.line, keyword(words), .line, operand(right, of: kind, isRight: true)]]
    var first = left
    while case .setOperation(let inner, let isAll, let byName, let left, let right) = first.body,
      !needsParentheses(first, in: kind, isRight: false), inner != .intersect || kind == .intersect
    {
      let words = inner.rawValue + (isAll ? " ALL" : "") + (byName ? " BY NAME" : "")
      steps.append([.line, keyword(words), .line, operand(right, of: inner, isRight: true)])
      first = left
    }
    return [operand(first, of: kind, isRight: false), .sequence(steps.reversed())]
  }

  private func needsParentheses(_ query: Query, in kind: SetOperator, isRight: Bool) -> Bool {
    if query.with != nil || query.orderBy != nil || query.limit != nil { return true }
    guard case .setOperation(let inner, _, _, _, _) = query.body else { return false }
    if inner == .intersect, kind != .intersect { return false }
    return isRight || kind == .intersect && inner != .intersect
  }

  private mutating func operand(_ query: Query, of kind: SetOperator, isRight: Bool) -> Layout {
    needsParentheses(query, in: kind, isRight: isRight) ? subquery(query) : self.query(query)
  }

  mutating func with(_ with: WithClause) -> Layout {
    let items = with.items.map { item -> Layout in
      var parts: [Layout] = [.text(name(item.name))]
      if !item.columns.isEmpty { parts += [" ", names(item.columns)] }
      parts += [" ", keyword("AS"), " "]
      if let isMaterialized = item.isMaterialized {
        parts += [keyword(isMaterialized ? "MATERIALIZED" : "NOT MATERIALIZED"), " "]
      }
      return .sequence(parts + [item.change.map { inParentheses($0) } ?? subquery(item.query)])
    }
    return [
      keyword(with.isRecursive ? "WITH RECURSIVE" : "WITH"), " ", items.joined(by: [",", .line]),
    ]
  }

  private mutating func inParentheses(_ change: TableChange) -> Layout {
    let statement =
      switch change {
      case .insert(let insert): self.insert(insert)
      case .update(let update): self.update(update)
      case .delete(let delete): self.delete(delete)
      case .merge(let merge): self.merge(merge)
      }
    return .group(["(", .nest([.softLine, statement]), .softLine, ")"])
  }

  // MARK: - Select

  private mutating func select(_ select: Select) -> Layout {
    var head: [Layout] = [keyword("SELECT")]
    switch select.distinct {
    case .all: head += [" ", keyword("DISTINCT")]
    case .on(let keys):
      head += [" ", keyword("DISTINCT ON"), " ", keys.map { expression($0) }.inParentheses]
    case nil: break
    }
    let items = self.items(select.items)
    var parts: [Layout] = [.group([.sequence(head), .nest([.line, items])])]
    if !select.from.isEmpty { parts.append(from(select.from)) }
    if let filter = select.filter { parts.append(clause("WHERE", expression(filter))) }
    if let groupBy = select.groupBy { parts.append(self.groupBy(groupBy)) }
    if let having = select.having { parts.append(clause("HAVING", expression(having))) }
    if !select.windows.isEmpty {
      let windows = select.windows.map { window -> Layout in
        [.text(name(window.name) + " "), keyword("AS"), " ", self.window(window.specification)]
      }
      parts.append(clause("WINDOW", windows.commaSeparated))
    }
    if let qualify = select.qualify { parts.append(clause("QUALIFY", expression(qualify))) }
    if let sample = select.sample {
      parts.append([keyword("USING SAMPLE"), " ", self.sample(sample)])
    }
    return parts.joined(by: .line)
  }

  /// A keyword and what it introduces, which moves to further lines where it does not fit.
  func clause(_ words: String, _ content: Layout) -> Layout {
    .group([keyword(words), .nest([.line, content])])
  }

  mutating func items(_ items: [SelectItem]) -> Layout {
    items.map { item in self.item(item) }.commaSeparated
  }

  mutating func item(_ item: SelectItem) -> Layout {
    guard let alias = item.alias else { return expression(item.expression) }
    return [expression(item.expression), " ", keyword("AS"), .text(" " + label(alias))]
  }

  private mutating func groupBy(_ groupBy: GroupBy) -> Layout {
    switch groupBy {
    case .all: return keyword("GROUP BY ALL")
    case .elements(let elements):
      return clause("GROUP BY", elements.map { grouping($0) }.commaSeparated)
    }
  }

  private mutating func grouping(_ element: GroupingElement) -> Layout {
    switch element {
    case .expressions(let members): return member(members)
    case .rollup(let members):
      return [keyword("ROLLUP"), " ", members.map { member($0) }.inParentheses]
    case .cube(let members):
      return [keyword("CUBE"), " ", members.map { member($0) }.inParentheses]
    case .groupingSets(let elements):
      return [keyword("GROUPING SETS"), " ", elements.map { grouping($0) }.inParentheses]
    }
  }

  private mutating func member(_ members: [Expression]) -> Layout {
    guard members.count == 1, let only = members.first else {
      return members.map { expression($0) }.inParentheses
    }
    if case .row(let values) = only.kind, values.count > 1 {
      return [keyword("ROW"), values.map { expression($0) }.inParentheses]
    }
    return expression(only)
  }

  /// Whether this is a number as it is written, which `%` may follow.
  private func isNumber(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .literal(.integer), .literal(.decimal), .literal(.double): true
    default: false
    }
  }

  func sample(_ sample: Sample) -> Layout {
    let amount = sample.amount + (sample.isPercentage ? "%" : " " + word("ROWS"))
    let text = sample.method.map { "\(name($0))(\(amount))" } ?? amount
    let seed = sample.seed.map { " \(word("REPEATABLE")) (\($0))" } ?? ""
    return .text(text + seed)
  }

  // MARK: - Order and limit

  mutating func orderItems(_ items: [OrderItem]) -> Layout {
    items.map { item -> Layout in
      [expression(item.expression), direction(item.isDescending, item.nullsFirst)]
    }.commaSeparated
  }

  private func direction(_ isDescending: Bool?, _ nullsFirst: Bool?) -> Layout {
    var text = ""
    if let isDescending { text += isDescending ? " DESC" : " ASC" }
    if let nullsFirst { text += nullsFirst ? " NULLS FIRST" : " NULLS LAST" }
    return keyword(text)
  }

  private mutating func orderBy(_ orderBy: OrderBy) -> Layout {
    switch orderBy {
    case .all(let isDescending, let nullsFirst, _):
      return [keyword("ORDER BY ALL"), direction(isDescending, nullsFirst)]
    case .items(let items):
      return clause("ORDER BY", orderItems(items))
    }
  }

  private mutating func limit(_ limit: LimitClause) -> [Layout] {
    var parts: [Layout] = []
    if limit.withTies, let count = limit.count {
      if let offset = limit.offset { parts.append([keyword("OFFSET"), " ", expression(offset)]) }
      parts.append([
        keyword("FETCH FIRST"), " ", expression(count, .other), " ",
        keyword("ROWS WITH TIES"),
      ])
      return parts
    }
    if let count = limit.count {
      let suffix = limit.isPercentage ? " " + word("PERCENT") : ""
      if limit.isPercentage, isNumber(count) {
        parts.append([keyword("LIMIT"), " ", expression(count), "%"])
      } else {
        parts.append([keyword("LIMIT"), " ", expression(count), .text(suffix)])
      }
    } else if limit.offset == nil {
      parts.append(keyword("LIMIT ALL"))
    }
    if let offset = limit.offset { parts.append([keyword("OFFSET"), " ", expression(offset)]) }
    return parts
  }

  // MARK: - From

  mutating func from(_ references: [TableReference]) -> Layout {
    clause("FROM", references.map { table($0) }.commaSeparated)
  }

  mutating func table(_ reference: TableReference) -> Layout {
    var parts: [Layout] = [relation(reference)]
    if let alias = reference.alias {
      parts += [" ", keyword("AS"), .text(" " + label(alias))]
      if !reference.columnAliases.isEmpty { parts.append(names(reference.columnAliases)) }
    }
    if let sample = reference.sample {
      parts += [" ", keyword("TABLESAMPLE"), " ", self.sample(sample)]
    }
    return .sequence(parts)
  }

  private mutating func relation(_ reference: TableReference) -> Layout {
    switch reference.kind {
    case .table(let name): return .text(self.name(name))
    case .file(let path): return .text(string(path))
    case .function(let call, let withOrdinality):
      return tableFunction(call, withOrdinality: withOrdinality)
    case .query(let query, let isLateral): return derivedTable(query, isLateral: isLateral)
    case .join:
      let isPlain = reference.alias == nil && reference.sample == nil
      return joins(reference, isGrouped: !isPlain)
    case .pivot(let source, let pivot): return pivoted(source, pivot)
    case .unpivot(let source, let unpivot): return unpivoted(source, unpivot)
    }
  }

  private mutating func tableFunction(_ call: FunctionCall, withOrdinality: Bool) -> Layout {
    [self.call(call), withOrdinality ? [" ", keyword("WITH ORDINALITY")] : .empty]
  }

  private mutating func derivedTable(_ query: Query, isLateral: Bool) -> Layout {
    [isLateral ? [keyword("LATERAL"), " "] : .empty, subquery(query)]
  }

  private mutating func pivoted(_ source: TableReference, _ pivot: Pivot) -> Layout {
    [operand(source), " ", keyword("PIVOT"), " ", self.pivot(pivot)]
  }

  private mutating func unpivoted(_ source: TableReference, _ unpivot: Unpivot) -> Layout {
    [operand(source), " ", keyword("UNPIVOT"), " ", self.unpivot(unpivot)]
  }

  /// A relation where a join needs parentheses.
  mutating func operand(_ reference: TableReference) -> Layout {
    if case .join = reference.kind, reference.alias == nil, reference.sample == nil {
      return ["(", table(reference), ")"]
    }
    return table(reference)
  }

  private mutating func joins(_ reference: TableReference, isGrouped: Bool) -> Layout {
    var steps: [Layout] = []
    var left = reference
    while case .join(let join) = left.kind, steps.isEmpty || left.alias == nil && left.sample == nil
    {
      steps.append([.line, self.join(join)])
      left = join.left
    }
    let chain: Layout = [table(left), .sequence(steps.reversed())]
    return isGrouped ? ["(", chain, ")"] : chain
  }

  private mutating func join(_ join: JoinClause) -> Layout {
    var words = ""
    if case .natural = join.condition { words += "NATURAL " }
    if join.isAsOf { words += "ASOF " }
    if join.kind != .inner { words += join.kind.rawValue + " " }
    var parts: [Layout] = [keyword(words + "JOIN"), " ", operand(join.right)]
    switch join.condition {
    case .none, .natural: break
    case .on(let condition): parts += [" ", keyword("ON"), " ", expression(condition)]
    case .using(let columns): parts += [" ", keyword("USING"), " ", names(columns)]
    }
    return .sequence(parts)
  }

  // MARK: - Pivots

  private mutating func pivot(_ pivot: Pivot) -> Layout {
    var parts: [Layout] = [items(pivot.aggregates), " ", keyword("FOR"), " "]
    parts.append(pivot.columns.map { pivotColumn($0) }.joined(by: " "))
    if !pivot.groupBy.isEmpty {
      parts += [" ", keyword("GROUP BY"), " ", expressions(pivot.groupBy)]
    }
    return .group(["(", .nest([.softLine, .sequence(parts)]), .softLine, ")"])
  }

  private mutating func pivotColumn(_ column: PivotColumn) -> Layout {
    guard let values = column.values else { return expression(column.expression, .other) }
    return [
      expression(column.expression, .other), " ", keyword("IN"), " ",
      values.map { item($0) }.inParentheses,
    ]
  }

  private mutating func unpivot(_ unpivot: Unpivot) -> Layout {
    let values: Layout =
      unpivot.valueColumns.count == 1
      ? .text(name(unpivot.valueColumns[0])) : names(unpivot.valueColumns)
    return [
      unpivot.includesNulls ? [keyword("INCLUDE NULLS"), " "] : .empty, "(", values, " ",
      keyword("FOR"), .text(" \(name(unpivot.nameColumn)) "), keyword("IN"), " ",
      unpivot.columns.map { item($0) }.inParentheses, ")",
    ]
  }

  private mutating func pivot(_ statement: PivotStatement) -> Layout {
    var parts: [Layout] = [[keyword("PIVOT"), " ", operand(statement.source)]]
    if !statement.pivot.columns.isEmpty {
      parts.append(clause("ON", statement.pivot.columns.map { pivotColumn($0) }.commaSeparated))
    }
    if !statement.pivot.aggregates.isEmpty {
      parts.append(clause("USING", items(statement.pivot.aggregates)))
    }
    if !statement.pivot.groupBy.isEmpty {
      parts.append(clause("GROUP BY", expressions(statement.pivot.groupBy)))
    }
    return parts.joined(by: .line)
  }

  private mutating func unpivot(_ statement: UnpivotStatement) -> Layout {
    let unpivot = statement.unpivot
    var parts: [Layout] = [[keyword("UNPIVOT"), " ", operand(statement.source)]]
    if unpivot.includesNulls { parts.append(keyword("INCLUDE NULLS")) }
    parts.append(clause("ON", items(unpivot.columns)))
    let values = unpivot.valueColumns.map(name).joined(separator: ", ")
    parts.append([
      keyword("INTO NAME"), .text(" \(name(unpivot.nameColumn)) "), keyword("VALUE"),
      .text(" " + values),
    ])
    return parts.joined(by: .line)
  }
}
