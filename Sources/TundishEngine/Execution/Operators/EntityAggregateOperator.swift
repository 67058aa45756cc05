internal import TundishColumns
internal import TundishSyntax

/// An aggregation over a table that is read entity by entity, by keys of which one is the entity: the
/// groups of a part are finished when the part is.
///
/// Serves functions that need all rows of a group together, and keys that make so many groups that
/// one table of them all would not stay near the processor. Gives the same rows as
/// `AggregateOperator`; by one key, in the same order, and by several in the order of the entities.
final class EntityAggregateOperator: PhysicalOperator {
  private let plan: AggregatePlan
  private let source: PartitionedTableSource
  private let input: any PhysicalOperator
  /// Which of the keys is the entity.
  private let entityKey: Int
  /// Whether groups must be put back into the order in which they first occur in the table; then
  /// the last aggregate is the number of each group's first row.
  private let restoresOrder: Bool
  let columns: [PlanColumn]

  /// Returns how to read the input entity by entity, and which of the keys that is; nil where
  /// another way serves better.
  static func scan(for aggregate: AggregatePlan) -> (scan: EntityScan, entityKey: Int)? {
    guard aggregate.groupingSets == [Array(aggregate.groups.indices)], firstRowNumber != nil else {
      return nil
    }
    let keepsRows = aggregate.aggregates.contains(where: \.keepsRows)
    if aggregate.groups.count == 1 {
      let key = aggregate.groups[0].expression
      if keepsRows { return EntityScan(aggregate.input, by: key).map { ($0, 0) } }
      // An index that is there already spares a table of groups that outgrows the caches.
      guard let scan = EntityScan(aggregate.input, by: key, keyCount: manyKeys), scan.isIndexed,
        scan.readsMuch(for: aggregate.input)
      else { return nil }
      return (scan, 0)
    }
    for (key, group) in aggregate.groups.enumerated() {
      let keyCount = keepsRows ? EntityScan.minimumKeyCount : manyKeys
      if let scan = EntityScan(aggregate.input, by: group.expression, keyCount: keyCount),
        keepsRows || scan.pays(for: aggregate.input)
      {
        return (scan, key)
      }
    }
    return nil
  }

  /// The entities from which one table of groups is larger than the caches.
  static let manyKeys = 65_536

  /// The aggregation as it reads its table entity by entity.
  struct Reader {
    /// The aggregation, with the number of each group's first row as last call where groups must be
    /// put back into order.
    let plan: AggregatePlan
    /// The table.
    let source: PartitionedTableSource
    let restoresOrder: Bool

    /// `keepsOrder` is false where nobody minds in which order the groups come.
    init(_ aggregate: AggregatePlan, _ scan: EntityScan, keepsOrder: Bool) {
      var plan = aggregate
      plan.input = scan.plan
      source = scan.source
      restoresOrder = keepsOrder && scan.isFiltered && aggregate.groups.count == 1
      if restoresOrder, let first = EntityAggregateOperator.firstRowNumber {
        plan.aggregates.append(first)
      }
      self.plan = plan
    }
  }

  init(
    _ aggregate: AggregatePlan,
    _ reader: Reader,
    entityKey: Int,
    input: any PhysicalOperator
  ) {
    self.entityKey = entityKey
    plan = reader.plan
    restoresOrder = reader.restoresOrder
    source = reader.source
    self.input = input
    columns =
      aggregate.groups.map(\.column) + aggregate.groupingColumns.map(\.column)
      + aggregate.aggregates.map(\.column)
  }

  /// The call `min(<row number>)`.
  private static var firstRowNumber: AggregateCall? {
    let resolution = FunctionRegistry.standard.resolveAggregate(
      name: "min",
      argumentTypes: [.bigint]
    )
    guard let function = try? resolution.get() else { return nil }
    let number = EntityScan.rowNumber
    return AggregateCall(
      column: PlanColumn(id: ColumnID(-2), name: "first row", type: .bigint),
      function: function,
      arguments: [BoundExpression(.column(number.id), type: number.type, range: .nowhere)],
      range: .nowhere
    )
  }

  var name: String { "aggregate" }
  var details: String {
    let key = plan.groups.map { $0.expression.explained(by: input.columns) }
    return "by \(key.joined(separator: ", ")), entity by entity; "
      + columns.dropFirst().map(\.name).joined(separator: ", ")
  }
  var children: [any PhysicalOperator] { [input] }
  var estimatedRowCount: Int? { input.estimatedRowCount.map { max(1, $0 / 10) } }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    try source.build(run)
    let pipeline = try run.prepare(input)
    let threadCount = run.profiler == nil ? run.context.threadCount : 1
    let morselCount = pipeline.source.morselCount
    let parts = (0..<max(1, min(threadCount, morselCount))).map { _ in Part() }
    let failures = WorkerPool.run(count: parts.count) { number throws(RuntimeFailure) in
      let morsels =
        morselCount * number / parts.count..<morselCount * (number + 1) / parts.count
      try aggregate(morsels, of: pipeline, into: parts[number], run)
    }
    if let failure = failures.compactMap({ $0 }).first { throw failure }
    let batches = parts.flatMap(\.batches)
    guard restoresOrder else { return Pipeline(source: BatchSource(batches, run: run)) }
    return try ordered(batches, run)
  }

  /// The groups of some morsels; only one thread touches it at a time.
  private final class Part {
    var batches: [Batch] = []
  }

  private func aggregate(
    _ morsels: Range<Int>,
    of pipeline: Pipeline,
    into part: Part,
    _ run: QueryRun
  ) throws(RuntimeFailure) {
    let sink = try AggregateConsumer(
      plan,
      layout: input.layout,
      bounds: plan.groups.map { input.integerBounds(of: $0.expression) },
      adjacentKey: entityKey,
      run: run
    )
    var head: any Consumer = run.profiler?.profiled(sink, of: self) ?? sink
    for stage in pipeline.stages.reversed() { head = try stage.makeConsumer(next: head) }
    for morsel in morsels {
      _ = try pipeline.source.run(morsel: morsel, into: head)
      let groups = try sink.takeGroups()
      guard groups.rowCount > 0 else { continue }
      try run.account(for: groups)
      part.batches.append(groups)
    }
    try head.finish()
  }

  /// The groups in the order of their first rows.
  private func ordered(_ batches: [Batch], _ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let types = columns.map(\.type) + [.bigint]
    let whole = try run.whole(batches, types: types)
    guard let firstRows = whole.columns.last, whole.rowCount > 0 else {
      return Pipeline(source: BatchSource([], run: run))
    }
    let order = Self.order(of: firstRows.int64Values(), rowCount: source.table.rowCount)
    let kept = Batch(columns: Array(whole.columns.dropLast()), rowCount: whole.rowCount)
    return Pipeline(source: GatheringSource(kept, order: order, run: run))
  }

  /// The places of some rows' numbers, ascending by number.
  ///
  /// They are distinct, so that a place per row of the table sorts them.
  private static func order(of rows: [Int64], rowCount: Int) -> [Int32] {
    var groupAtRow = [Int32](repeating: -1, count: rowCount)
    var places = groupAtRow.mutableSpan
    for group in rows.indices { places[Int(rows[group])] = Int32(truncatingIfNeeded: group) }
    let all = groupAtRow.span
    return [Int32](capacity: rows.count) { order in
      for row in all.indices where all[row] >= 0 { order.append(all[row]) }
    }
  }
}
