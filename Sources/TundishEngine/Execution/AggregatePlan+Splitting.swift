internal import TundishColumns
internal import TundishSyntax

extension AggregatePlan {
  /// The bits that a counter of distinct values may take before splitting pays: eight megabytes.
  private static let bitLimit = 67_108_864.0

  /// Returns the plan of `count(DISTINCT entity)` in two steps: the distinct pairs of group and
  /// entity, which can be found entity by entity, then their number per group.
  ///
  /// Nil where that is not what the plan computes, or groups and entities are so few that bits say
  /// which pairs were seen.
  func splitByEntity() -> AggregatePlan? {
    guard let call = aggregates.first, aggregates.count == 1, call.isDistinct,
      call.function.name == "count", call.arguments.count == 1, call.filter == nil,
      call.orderBy.isEmpty, !groups.isEmpty, groupingColumns.isEmpty,
      groupingSets == [Array(groups.indices)],
      let entity = call.arguments[0].columnID,
      !groups.contains(where: { $0.column.id == entity || $0.expression.columnID == entity }),
      let scan = EntityScan(
        input,
        by: call.arguments[0],
        keyCount: EntityAggregateOperator.manyKeys
      ), scan.pays(for: input)
    else { return nil }
    let estimator = CardinalityEstimator()
    let keyCount = scan.source.statistics(ofColumn: scan.source.entityColumn)?.distinctCount ?? 0
    let groupCount = estimator.rowCount(
      .aggregate(
        AggregatePlan(groups: groups, groupingSets: groupingSets, aggregates: [], input: input)
      )
    )
    guard groupCount * Double(keyCount) > Self.bitLimit else { return nil }
    var counting = call
    counting.isDistinct = false
    let entityColumn = PlanColumn(id: entity, name: "entity", type: call.arguments[0].type)
    let pairs = AggregatePlan(
      groups: groups + [ProjectedColumn(column: entityColumn, expression: call.arguments[0])],
      groupingSets: [Array(0...groups.count)],
      aggregates: [],
      input: input
    )
    return AggregatePlan(
      groups: groups.map { group in
        ProjectedColumn(
          column: group.column,
          expression: .column(group.column, range: group.expression.range)
        )
      },
      groupingSets: groupingSets,
      aggregates: [counting],
      input: .aggregate(pairs)
    )
  }

  /// Returns the plan of aggregates over the distinct values of one expression in two steps.
  ///
  /// First come the distinct pairs of group and value, which may go to files, then the aggregates
  /// over them; the inputs of both are left to whoever runs them.
  /// Nil where that is not what the plan computes.
  func splitByValue() -> (values: AggregatePlan, groups: AggregatePlan)? {
    guard let value = aggregates.first?.arguments.first, let key = value.key,
      groupingColumns.isEmpty, groupingSets == [Array(groups.indices)],
      aggregates.contains(where: \.isDistinct),
      aggregates.allSatisfy({ call in
        (call.isDistinct || call.function.overload.ignoresDuplicates) && call.filter == nil
          && call.orderBy.isEmpty
          && call.arguments.count == 1 && call.arguments[0].key == key
      })
    else { return nil }
    // A number that no binder reaches.
    let column = PlanColumn(id: ColumnID(Int.max / 4), name: "value", type: value.type)
    let none = Plan.values(columns: [], rows: [])
    let values = AggregatePlan(
      groups: groups + [ProjectedColumn(column: column, expression: value)],
      groupingSets: [Array(0...groups.count)],
      aggregates: [],
      input: none
    )
    return (
      values,
      AggregatePlan(
        groups: groups.map { group in
          ProjectedColumn(
            column: group.column,
            expression: .column(group.column, range: group.expression.range)
          )
        },
        groupingSets: groupingSets,
        aggregates: aggregates.map { call in
          var plain = call
          plain.isDistinct = false
          plain.arguments = [.column(column, range: call.arguments[0].range)]
          return plain
        },
        input: none
      )
    )
  }
}
