internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Builds what stands above FROM, WHERE and the aggregation: windows, QUALIFY, unnest, the
  /// projection, DISTINCT, ORDER BY, LIMIT.
  func project(
    _ input: Plan,
    _ parts: SelectParts,
    _ scope: Scope,
    _ range: SourceRange
  )
    -> BoundQuery?
  {
    var plan = windowed(input, scope.windows)
    if let condition = parts.qualify { plan = .filter(condition, plan) }
    if !scope.unnests.isEmpty {
      plan = .unnest(UnnestPlan(lists: scope.unnests, ordinality: nil, input: plan))
    }
    let items = renewed(parts.items, over: plan)
    var hidden: [ProjectedColumn] = []
    let keys = parts.keys.map { orderKey($0, items, &hidden) }
    let visible = items.map(\.column)
    let projected = items.map { ProjectedColumn(column: $0.column, expression: $0.expression) }
    switch parts.distinct {
    case .rows:
      plan = .project(projected + hidden, plan)
      if !keys.isEmpty { plan = .sort(keys, plan) }
    case .distinct:
      guard hidden.isEmpty else {
        let culprit = parts.keys.first { if case .expression = $0.target { true } else { false } }
        report(.orderWithDistinct(at: culprit?.range ?? blame(range)))
        return nil
      }
      plan = .distinct(.project(projected, plan))
      if !keys.isEmpty { plan = .sort(keys, plan) }
    case .on(let targets):
      var on: [BoundExpression] = []
      for target in targets {
        let key = BoundOrderKey(
          target: target,
          isDescending: false,
          nullsFirst: false,
          range: blame(range)
        )
        on.append(orderKey(key, items, &hidden).expression)
      }
      plan = .project(projected + hidden, plan)
      if !keys.isEmpty { plan = .sort(keys, plan) }
      plan = .distinctOn(on, plan)
    }
    plan = limited(plan, parts.limit, keys)
    if !hidden.isEmpty { plan = .project(visible.map { ProjectedColumn(passing: $0) }, plan) }
    return BoundQuery(plan: plan, columns: visible)
  }

  /// The outputs with columns that agree with their expressions after rewriting: those that pass
  /// through keep the input's id, the others have a new one.
  private func renewed(_ items: [BoundItem], over input: Plan) -> [BoundItem] {
    var used = Set(input.columns.map(\.id))
    return items.map { item in
      var item = item
      item.column = output(item.name, item.expression, &used)
      return item
    }
  }

  /// Computes windows, those of one partitioning and order together.
  private func windowed(_ input: Plan, _ windows: [PendingWindow]) -> Plan {
    var plan = input
    var groups: [(key: PendingWindow.SharingKey?, plan: WindowPlan)] = []
    for window in windows {
      let key = window.key
      if key != nil, let position = groups.firstIndex(where: { $0.key == key }) {
        groups[position].plan.calls.append(window.call)
      } else {
        groups.append(
          (
            key: key,
            plan: WindowPlan(
              partitionBy: window.partitionBy,
              orderBy: window.orderBy,
              calls: [window.call],
              input: input
            )
          )
        )
      }
    }
    for var group in groups {
      group.plan.input = plan
      plan = .window(group.plan)
    }
    return plan
  }
}

extension PendingWindow {
  /// What windows with one partitioning and order share.
  struct SharingKey: Hashable {
    struct Item: Hashable {
      let key: ExpressionKey
      let isDescending: Bool
      let nullsFirst: Bool
    }

    let partition: [ExpressionKey]
    let order: [Item]
  }

  /// Nil where an expression gives another result each time, so that nothing can be shared.
  var key: SharingKey? {
    let partition = partitionBy.compactMap(\.key)
    let order = orderBy.compactMap { item in
      item.expression.key.map {
        SharingKey.Item(key: $0, isDescending: item.isDescending, nullsFirst: item.nullsFirst)
      }
    }
    guard partition.count == partitionBy.count, order.count == orderBy.count else { return nil }
    return SharingKey(partition: partition, order: order)
  }
}
