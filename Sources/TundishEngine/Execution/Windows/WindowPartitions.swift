internal import TundishColumns
internal import TundishSyntax

/// Rows in the order of partition and window order, and where partitions and peers begin and end.
///
/// Places count rows in that order; `order[place]` is the row. Peers are rows of one partition with
/// equal order keys; without ORDER BY all rows of a partition are peers.
struct WindowPartitions {
  /// The row at each place.
  let order: [Int32]
  /// Whether each row is at its own place, so that nothing needs to be brought into order.
  let isInOrder: Bool
  /// The number of the partition at each place, from zero, ascending.
  private(set) var partition: [Int32]
  /// The first place of each partition; one more element than there are partitions.
  private(set) var starts: [Int32]
  /// The number of the peer group at each place, ascending over all partitions; empty, as are their
  /// starts, where no call asks for peers.
  private(set) var peers: [Int32]
  /// The first place of each peer group; one more element than there are groups.
  private(set) var peerStarts: [Int32]
  /// The order keys at each place; empty where no frame looks at their values.
  let orderKeys: [Column]

  /// `known` is the number of each row's partition, where somebody has asked for it before.
  init(
    partitionKeys: [Column],
    orderKeys: [Column],
    known: [Int32]? = nil,
    plan: WindowPlan,
    rowCount: Int,
    run: QueryRun
  ) throws(RuntimeFailure) {
    var sortKeys: [(Column, SortDirection)] = []
    var groups = known ?? [Int32](repeating: 0, count: rowCount)
    if !partitionKeys.isEmpty {
      if known == nil {
        groups = try GroupAssigner(types: partitionKeys.map(\.type))
          .assign(partitionKeys, rowCount: rowCount, run: run)
      }
      sortKeys.append(
        (.integers(groups.map { Int64($0) }, type: .bigint), SortDirection())
      )
    }
    for (column, key) in zip(orderKeys, plan.orderBy) { sortKeys.append((column, key.direction)) }
    try run.checkCancellation()
    let order =
      sortKeys.isEmpty
      ? [Int32](0..<Int32(rowCount))
      : try EngineKernels.sortOrder(sortKeys, rowCount: rowCount, run: run)
    try run.checkCancellation()
    self.order = order
    isInOrder = sortKeys.isEmpty
    self.orderKeys =
      plan.calls.contains { $0.frame.needsOrderKeys } ? orderKeys.map { $0.gathered(order) } : []
    partition = gatheredGroups(groups, order)
    starts = Self.runStarts(partition)
    peers = []
    peerStarts = []
    try run.checkCancellation()
    findPeers(groups, orderKeys, plan)
  }

  /// Takes rows of which those with one value of the key come one after the other: as they are
  /// where each partition stands in window order, as rows do that are written as things happen.
  init(
    adjacentKey: Column,
    orderKeys: [Column],
    plan: WindowPlan,
    rowCount: Int,
    run: QueryRun
  ) throws(RuntimeFailure) {
    let rows = [Int32](0..<Int32(rowCount))
    (partition, starts) = Self.runs(SortedOrder.runStarts(of: [adjacentKey], in: rows))
    let keys = zip(orderKeys, plan.orderBy).map { (column: $0, direction: $1.direction) }
    isInOrder = SortedOrder.isSorted(
      keys.map { TundishColumns.SortKey($0.column, $0.direction) },
      within: starts
    )
    try run.checkCancellation()
    if isInOrder {
      order = rows
    } else {
      let numbers = Column.integers(partition.map { Int64($0) }, type: .bigint)
      order = try EngineKernels.sortOrder(
        [(numbers, SortDirection())] + keys,
        rowCount: rowCount,
        run: run
      )
    }
    let order = order
    self.orderKeys =
      plan.calls.contains { $0.frame.needsOrderKeys } ? orderKeys.map { $0.gathered(order) } : []
    peers = []
    peerStarts = []
    try run.checkCancellation()
    // Partitions keep their places, whatever the order of their rows.
    findPeers(partition, orderKeys, plan)
  }

  /// Numbers the rows with equal order keys where a call asks for them; `groups` is the number of
  /// each row's partition.
  private mutating func findPeers(_ groups: [Int32], _ orderKeys: [Column], _ plan: WindowPlan) {
    guard plan.calls.contains(where: { $0.needsPeers }) else { return }
    if orderKeys.isEmpty {
      peers = partition
      peerStarts = starts
    } else {
      let columns = [Column.integers(groups.map { Int64($0) }, type: .bigint)] + orderKeys
      (peers, peerStarts) = Self.runs(SortedOrder.runStarts(of: columns, in: order))
    }
  }

  /// Brings the values of a column, by row, to their places.
  func placed(_ column: Column) -> Column { isInOrder ? column : column.gathered(order) }

  /// The number of rows.
  var count: Int { order.count }

  /// The places of the partition at a place.
  @inline(__always)
  func range(at place: Int) -> Range<Int> {
    let number = Int(partition[place])
    return Int(starts[number])..<Int(starts[number + 1])
  }

  /// The places of the peers of a place.
  @inline(__always)
  func peerRange(at place: Int) -> Range<Int> {
    let number = Int(peers[place])
    return Int(peerStarts[number])..<Int(peerStarts[number + 1])
  }

  /// The place of each row.
  func inverseOrder() -> [Int32] {
    var inverse = [Int32](repeating: 0, count: order.count)
    for (place, row) in order.enumerated() { inverse[Int(row)] = Int32(place) }
    return inverse
  }

  /// The number of the run at each place, and where runs begin, and the count.
  private static func runs(_ begins: [Bool]) -> (numbers: [Int32], starts: [Int32]) {
    var starts: [Int32] = []
    var number: Int32 = -1
    let numbers = [Int32](capacity: begins.count) { numbers in
      for place in begins.indices {
        if begins[place] {
          number &+= 1
          starts.append(Int32(truncatingIfNeeded: place))
        }
        numbers.append(number)
      }
    }
    starts.append(Int32(truncatingIfNeeded: begins.count))
    return (numbers, starts)
  }

  /// Where runs of equal numbers begin, and the count; the numbers become run numbers.
  private static func runStarts(_ numbers: borrowing [Int32]) -> [Int32] {
    var starts: [Int32] = []
    for place in numbers.indices where place == 0 || numbers[place] != numbers[place - 1] {
      starts.append(Int32(place))
    }
    starts.append(Int32(numbers.count))
    return starts
  }
}

extension WindowCall {
  /// Whether the call asks which rows have equal order keys.
  var needsPeers: Bool {
    switch function {
    case .fill: false
    case .rowNumber, .lag, .lead, .ntile:
      !argumentOrder.isEmpty && (frame.mode != .rows || frame.exclusion != .noOthers)
    case .rank, .denseRank, .percentRank, .cumeDist: true
    case .firstValue, .lastValue, .nthValue, .aggregate:
      frame.mode != .rows || frame.exclusion != .noOthers
    }
  }
}

extension BoundFrame {
  /// Whether a bound is an offset from the values of the order keys.
  var needsOrderKeys: Bool { mode == .range && (start.hasOffset || end.hasOffset) }
}
