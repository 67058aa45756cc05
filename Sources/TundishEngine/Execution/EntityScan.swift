internal import TundishColumns
internal import TundishSyntax

/// A plan that reads one table by the entities that a key names, instead of in the table's order.
///
/// Pays where work needs all rows of a key at once: the rows of a key come one after the other, so
/// that nothing is kept but one part of the table, and parts are worked on by different threads.
/// The index is made once and kept with the table.
struct EntityScan {
  /// The plan, reading the partitioned table; gives `rowNumber` as its last column.
  let plan: Plan
  /// The partitioned table.
  let source: PartitionedTableSource
  /// Whether rows are left out, so that keys may first occur in another order than in the table.
  let isFiltered: Bool

  /// The number of a row in its table; no plan has negative ids.
  static let rowNumber = PlanColumn(id: ColumnID(-1), name: "row number", type: .bigint)

  /// The fewest rows and keys for which an index is made.
  private static let minimumRowCount = 131_072
  static let minimumKeyCount = 4_096

  /// Nil where `plan` is anything but the rows of one large table, filtered, projected and joined,
  /// or the key is no column of it, or has fewer values than `keyCount`.
  init?(_ plan: Plan, by key: BoundExpression, keyCount: Int = minimumKeyCount) {
    guard case .column(let id) = key.kind,
      let scan = Self.reading(plan, by: id, keyCount: keyCount)
    else { return nil }
    self = scan
  }

  init(plan: Plan, source: PartitionedTableSource, isFiltered: Bool) {
    self.plan = plan
    self.source = source
    self.isFiltered = isFiltered
  }

  private static func reading(_ plan: Plan, by key: ColumnID, keyCount: Int) -> EntityScan? {
    switch plan {
    case .scan(var scan):
      guard let stored = scan.source.stored,
        let entity = scan.columns.first(where: { $0.column.id == key }),
        stored.table.rowCount >= minimumRowCount,
        let known = stored.statistics(ofColumn: entity.position)?.distinctCount,
        known >= keyCount
      else { return nil }
      let source = PartitionedTableSource(stored.table, entityColumn: entity.position)
      scan.source = source
      scan.columns.append(ScanColumn(column: rowNumber, position: source.rowNumberPosition))
      return EntityScan(plan: .scan(scan), source: source, isFiltered: scan.predicate != nil)
    case .filter(let condition, let input):
      guard let scan = reading(input, by: key, keyCount: keyCount) else { return nil }
      return EntityScan(plan: .filter(condition, scan.plan), source: scan.source, isFiltered: true)
    case .project(let projections, let input):
      guard let made = projections.first(where: { $0.column.id == key }),
        case .column(let passed) = made.expression.kind,
        let scan = reading(input, by: passed, keyCount: keyCount)
      else { return nil }
      return EntityScan(
        plan: .project(projections + [ProjectedColumn(passing: rowNumber)], scan.plan),
        source: scan.source,
        isFiltered: scan.isFiltered
      )
    case .join(let join):
      return joining(join, by: key, keyCount: keyCount)
    case .values, .tableFunction, .aggregate, .window, .sort, .limit, .distinct,
      .distinctOn, .setOperation, .unnest, .materialize, .reference, .recursive, .sample:
      return nil
    }
  }

  /// A join that the rows of the table stream past: each of them is matched before the next, so
  /// that the rows of an entity stay together.
  private static func joining(_ join: JoinPlan, by key: ColumnID, keyCount: Int) -> EntityScan? {
    guard !join.keys.isEmpty, let side = HashJoinOperator.streamingSide(of: join) else {
      return nil
    }
    let isLeft = side == .left
    var names = [key]
    if join.kind == .inner {
      // What equals the key names the entity too.
      for pair in join.keys {
        let (streamed, other) = isLeft ? (pair.left, pair.right) : (pair.right, pair.left)
        if other.columnID == key, let id = streamed.columnID { names.append(id) }
      }
    }
    for name in names {
      guard let scan = reading(isLeft ? join.left : join.right, by: name, keyCount: keyCount) else {
        continue
      }
      var joined = join
      if isLeft { joined.left = scan.plan } else { joined.right = scan.plan }
      return EntityScan(plan: .join(joined), source: scan.source, isFiltered: true)
    }
    return nil
  }

  /// Whether reading by entity pays for work that would do without: the index is there, or a good
  /// part of the table's rows, all of which it takes, comes through `input`.
  func pays(for input: Plan) -> Bool {
    isIndexed || readsMuch(for: input)
  }

  /// Whether the table's index by entity was made before.
  var isIndexed: Bool { source.table.isIndexed(byColumn: source.entityColumn) }

  /// Whether a good part of the table's rows comes through `input`.
  func readsMuch(for input: Plan) -> Bool {
    CardinalityEstimator().rowCount(input) * 4 >= Double(source.table.rowCount)
  }

  /// Whether operators that were made of the plan do read its source part by part.
  func isStreamed(by top: any PhysicalOperator) -> Bool {
    var current = top
    while true {
      switch current {
      case let scan as ScanOperator: return scan.reads(source)
      case let join as HashJoinOperator:
        switch join.streamingSide {
        case .left: current = join.left
        case .right: current = join.right
        case nil: return false
        }
      case is FilterOperator, is ProjectOperator:
        guard let input = current.children.first else { return false }
        current = input
      case _: return false
      }
    }
  }
}

extension AggregateCall {
  /// Whether the call must see all rows of a group together, or remembers each of them.
  var keepsRows: Bool {
    function.overload.keepsRows || isDistinct && !function.overload.ignoresDuplicates
      || !orderBy.isEmpty && function.overload.isOrderSensitive
  }
}

extension AggregatePlan {
  /// Whether a result depends on the order in which rows come, beside the order of the groups.
  var heedsOrder: Bool {
    aggregates.contains { $0.function.overload.isOrderSensitive }
  }
}
