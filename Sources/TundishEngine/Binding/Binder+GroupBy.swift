internal import TundishColumns
internal import TundishSyntax

/// GROUP BY, bound over the columns of FROM.
struct BoundGrouping {
  /// Whether GROUP BY was written.
  var isWritten: Bool
  /// The distinct grouping expressions.
  var expressions: [BoundExpression] = []
  /// The grouping sets, as positions in `expressions`.
  var sets: [[Int]] = [[]]
  /// The select items with a subquery that are groups: item to position in `expressions`.
  ///
  /// Bound subqueries cannot be compared, so these are known by their place.
  var items: [Int: Int] = [:]
}

/// The select items, as GROUP BY refers to them.
struct GroupableItems {
  /// The items after stars are expanded.
  let written: [WrittenItem]
  /// The items that can be groups as they are bound: those with a subquery and no aggregate.
  let withSubquery: [Int: BoundExpression]
}

/// An expression of GROUP BY.
struct GroupExpression {
  let expression: BoundExpression
  /// The select item that it is, where that has a subquery.
  var item: Int?
}

extension Binder {
  /// Binds GROUP BY; positions and aliases mean select items.
  func bindGroupBy(
    _ groupBy: GroupBy?,
    _ written: [WrittenItem],
    _ items: [BoundItem]?,
    _ scope: Scope
  ) -> BoundGrouping? {
    switch groupBy {
    case .none: return BoundGrouping(isWritten: false)
    case .all: return items.map { groupByAll($0, scope) }
    case .elements(let elements):
      let groupable = GroupableItems(
        written: written,
        withSubquery: itemsWithSubquery(items ?? [], scope)
      )
      let sets = scope.within(.groupBy) { bindElements(elements, groupable, scope) }
      return sets.map { numbered($0) }
    }
  }

  /// The columns that aggregates and windows compute.
  private func computedColumns(_ scope: Scope) -> Set<ColumnID> {
    var computed: Set<ColumnID> = []
    for call in scope.aggregates { computed.insert(call.column.id) }
    for call in scope.groupingCalls { computed.insert(call.column.id) }
    for window in scope.windows { computed.insert(window.call.column.id) }
    return computed
  }

  private func itemsWithSubquery(_ items: [BoundItem], _ scope: Scope) -> [Int: BoundExpression] {
    let computed = computedColumns(scope)
    var found: [Int: BoundExpression] = [:]
    for (position, item) in items.enumerated() where item.expression.hasSubquery {
      guard item.expression.usedColumns.isDisjoint(with: computed) else { continue }
      found[position] = item.expression
    }
    return found
  }

  /// GROUP BY ALL: every select item that uses columns, but no aggregate and no window.
  private func groupByAll(_ items: [BoundItem], _ scope: Scope) -> BoundGrouping {
    let computed = computedColumns(scope)
    var groups: [GroupExpression] = []
    for (position, item) in items.enumerated() {
      let bound = item.expression
      guard bound.hasSubquery || !bound.usedColumns.isEmpty,
        bound.usedColumns.isDisjoint(with: computed)
      else { continue }
      groups.append(GroupExpression(expression: bound, item: bound.hasSubquery ? position : nil))
    }
    return numbered([groups])
  }

  /// Gives equal expressions one number.
  private func numbered(_ sets: [[GroupExpression]]) -> BoundGrouping {
    var grouping = BoundGrouping(isWritten: true, sets: [])
    var positions: [ExpressionKey: Int] = [:]
    for set in sets {
      var members: [Int] = []
      for group in set {
        let key = group.expression.hasSubquery ? nil : group.expression.key
        let known = group.item.flatMap { grouping.items[$0] } ?? key.flatMap { positions[$0] }
        if let known {
          if !members.contains(known) { members.append(known) }
          continue
        }
        if let item = group.item { grouping.items[item] = grouping.expressions.count }
        if let key { positions[key] = grouping.expressions.count }
        members.append(grouping.expressions.count)
        grouping.expressions.append(group.expression)
      }
      grouping.sets.append(members)
    }
    return grouping
  }

  /// The sets of all elements, multiplied.
  private func bindElements(
    _ elements: [GroupingElement],
    _ written: GroupableItems,
    _ scope: Scope
  ) -> [[GroupExpression]]? {
    var product: [[GroupExpression]] = [[]]
    var isComplete = true
    for element in elements {
      guard let sets = bindElement(element, written, scope) else {
        isComplete = false
        continue
      }
      guard product.count * max(1, sets.count) <= BindingLimits.groupingSets else {
        report(
          .tooComplex(
            "GROUP BY makes more than \(BindingLimits.groupingSets) grouping sets",
            at: blame(SourceRange(0, 0))
          )
        )
        return nil
      }
      product = product.flatMap { prefix in sets.map { prefix + $0 } }
    }
    return isComplete ? product : nil
  }

  private func bindElement(
    _ element: GroupingElement,
    _ written: GroupableItems,
    _ scope: Scope
  ) -> [[GroupExpression]]? {
    switch element {
    case .expressions(let expressions):
      return bindGroups(expressions, written, scope).map { [$0] }
    case .rollup(let members):
      let bound = members.map { bindGroups($0, written, scope) }
      let found = bound.compactMap { $0 }
      guard found.count == bound.count else { return nil }
      return (0...found.count).reversed().map { Array(found[..<$0].joined()) }
    case .cube(let members):
      let bound = members.map { bindGroups($0, written, scope) }
      let found = bound.compactMap { $0 }
      guard found.count == bound.count, found.count <= 12 else { return nil }
      let masks = (0..<(1 << found.count)).reversed()
      return masks.map { mask in
        found.indices.filter { mask >> (found.count - 1 - $0) & 1 == 1 }.flatMap { found[$0] }
      }
    case .groupingSets(let elements):
      var sets: [[GroupExpression]] = []
      for element in elements {
        guard let inner = bindElement(element, written, scope) else { return nil }
        sets += inner
      }
      return sets
    }
  }

  private func bindGroups(
    _ expressions: [Expression],
    _ written: GroupableItems,
    _ scope: Scope
  ) -> [GroupExpression]? {
    let bound = expressions.map { bindGroup($0, written, scope) }
    let found = bound.compactMap { $0 }
    return found.count == bound.count ? found.flatMap { $0 } : nil
  }

  private func bindGroup(
    _ expression: Expression,
    _ groupable: GroupableItems,
    _ scope: Scope
  )
    -> [GroupExpression]?
  {
    if case .star = expression.kind {
      return scope.visible.map {
        GroupExpression(expression: .column($0.column, range: blame(expression.range)))
      }
    }
    if case .row(let members) = expression.unwrapped.kind {
      return bindGroups(members, groupable, scope)
    }
    if let group = groupWithSubquery(expression, groupable, scope) { return [group] }
    guard let digits = expression.unwrapped.writtenInteger else {
      return bind(expression, scope).map { [GroupExpression(expression: $0)] }
    }
    let written = groupable.written
    guard let position = Int(digits), position >= 1, position <= written.count else {
      report(
        .positionOutOfRange(
          digits,
          count: written.count,
          clause: "GROUP BY",
          at: blame(expression.range)
        )
      )
      return nil
    }
    switch written[position - 1].source {
    case .column(let column, let range):
      return [GroupExpression(expression: .column(column.column, range: range))]
    case .expression(let item, let choice):
      scope.columnsChoice = choice
      scope.aliasLimit = position - 1
      defer {
        scope.columnsChoice = nil
        scope.aliasLimit = .max
      }
      return bind(item, scope).map { [GroupExpression(expression: $0)] }
    }
  }

  /// The select item with a subquery that an expression is: by position, by alias, or by its text.
  private func groupWithSubquery(
    _ expression: Expression,
    _ groupable: GroupableItems,
    _ scope: Scope
  ) -> GroupExpression? {
    guard !groupable.withSubquery.isEmpty else { return nil }
    let inner = expression.unwrapped
    var position: Int?
    if case .literal(.integer(let digits)) = inner.kind {
      position = Int(digits).map { $0 - 1 }
    } else if case .name(let parts) = inner.kind {
      let key = foldedKey(parts[0].text)
      guard parts.count == 1, scope.visibleColumns(key).isEmpty else { return nil }
      position = scope.aliases[key]?.position
    } else {
      let text = Syntax.format(inner)
      position = groupable.withSubquery.keys.first { item in
        guard case .expression(let other, nil) = groupable.written[item].source else {
          return false
        }
        return Syntax.format(other.unwrapped) == text
      }
    }
    guard let position, let bound = groupable.withSubquery[position] else { return nil }
    return GroupExpression(expression: bound, item: position)
  }

  /// Builds the aggregation and rewrites what stands above it to its columns.
  func group(
    _ input: Plan,
    _ grouping: BoundGrouping,
    _ parts: inout SelectParts,
    _ relation: Relation,
    _ scope: Scope
  ) -> Plan? {
    let groups = grouping.expressions.map { expression in
      ProjectedColumn(
        column: makeColumn(groupName(expression, scope), of: expression),
        expression: expression
      )
    }
    let rewriter = GroupRewriter(groups, sets: grouping.sets, hidden: Set(input.columns.map(\.id)))
    for (item, position) in grouping.items {
      let range = parts.items[item].expression.range
      parts.items[item].expression = .column(groups[position].column, range: range)
    }
    parts.mapExpressions(rewriter.rewrite)
    scope.windows = scope.windows.map { rewriter.rewrite($0) }
    scope.unnests = scope.unnests.map { $0.mapped(rewriter.rewrite) }
    let groupings = bindGroupingColumns(scope, rewriter, groupCount: groups.count)
    for (id, range) in rewriter.ungrouped {
      let name = scope.tables.flatMap(\.columns).first { $0.column.id == id }?.name
      report(
        .ungroupedColumn(name ?? scope.visible.first { $0.column.id == id }?.name ?? "?", at: range)
      )
    }
    guard rewriter.ungrouped.isEmpty, let groupings else { return nil }
    var plan = Plan.aggregate(
      AggregatePlan(
        groups: groups,
        groupingSets: grouping.sets,
        groupingColumns: groupings,
        aggregates: scope.aggregates,
        input: input
      )
    )
    if let having = parts.having { plan = .filter(having, plan) }
    return plan
  }

  private func groupName(_ expression: BoundExpression, _ scope: Scope) -> String {
    guard let id = expression.columnID else { return "group" }
    return scope.visible.first { $0.column.id == id }?.name ?? "group"
  }

  /// Without arguments, GROUPING is about all GROUP BY expressions.
  private func bindGroupingColumns(
    _ scope: Scope,
    _ rewriter: GroupRewriter,
    groupCount: Int
  ) -> [GroupingColumn]? {
    var columns: [GroupingColumn] = []
    for call in scope.groupingCalls {
      guard groupCount > 0 else {
        report(.callForm("GROUPING needs a GROUP BY", at: call.range))
        return nil
      }
      var positions: [Int] = call.arguments.isEmpty ? Array(0..<groupCount) : []
      for argument in call.arguments {
        guard let position = rewriter.position(of: argument) else {
          report(
            .callForm("the arguments of GROUPING must be GROUP BY expressions", at: argument.range)
          )
          return nil
        }
        positions.append(position)
      }
      columns.append(GroupingColumn(column: call.column, positions: positions))
    }
    return columns
  }
}

/// Rewrites expressions over FROM to the columns that an aggregation gives.
final class GroupRewriter {
  private let columns: [ColumnID: PlanColumn]
  private let expressions: [ExpressionKey: PlanColumn]
  /// Constants that only some grouping sets have: NULL in the rows of the others.
  private let constants: [ExpressionKey: PlanColumn]
  private let positions: [ExpressionKey: Int]
  private let hidden: Set<ColumnID>
  /// The columns that the aggregation does not give, and where they are used.
  private(set) var ungrouped: [(ColumnID, SourceRange)] = []

  init(_ groups: [ProjectedColumn], sets: [[Int]], hidden: Set<ColumnID>) {
    self.hidden = hidden
    var constants: [ExpressionKey: PlanColumn] = [:]
    for (position, group) in groups.enumerated() where group.expression.literal != nil {
      guard sets.contains(where: { !$0.contains(position) }) else { continue }
      if let key = group.expression.key { constants[key] = group.column }
    }
    self.constants = constants
    var columns: [ColumnID: PlanColumn] = [:]
    var expressions: [ExpressionKey: PlanColumn] = [:]
    var positions: [ExpressionKey: Int] = [:]
    for (position, group) in groups.enumerated() {
      if let key = group.expression.key, !group.expression.hasSubquery { positions[key] = position }
      if let id = group.expression.columnID {
        columns[id] = group.column
      } else if let key = group.expression.key, !group.expression.hasSubquery,
        group.expression.literal == nil
      {
        expressions[key] = group.column
      }
    }
    self.columns = columns
    self.expressions = expressions
    self.positions = positions
  }

  func position(of expression: BoundExpression) -> Int? {
    expression.key.flatMap { positions[$0] }
  }

  func rewrite(_ expression: BoundExpression) -> BoundExpression {
    if expression.literal != nil, let key = expression.key, let column = constants[key] {
      return .column(column, range: expression.range)
    }
    return expression.replacing { part in
      if case .column(let id) = part.kind {
        if let column = columns[id] { return .column(column, range: part.range) }
        if hidden.contains(id) { ungrouped.append((id, part.range)) }
        return nil
      }
      guard !expressions.isEmpty, part.literal == nil, !part.hasSubquery, let key = part.key,
        let column = expressions[key]
      else { return nil }
      return .column(column, range: part.range)
    }
  }

  func rewrite(_ window: PendingWindow) -> PendingWindow {
    PendingWindow(
      call: window.call.mapped(rewrite),
      partitionBy: window.partitionBy.map(rewrite),
      orderBy: window.orderBy.map { $0.mapped(rewrite) }
    )
  }
}
