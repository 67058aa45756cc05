/// The rows of all groups, brought together group by group.
struct CollectedGroups {
  /// The argument columns, in group order; within a group in the order of arrival.
  let columns: [Column]
  /// Group `g` holds rows `offsets[g] ..< offsets[g + 1]`.
  let offsets: [Int]

  /// The rows of a group.
  func rows(of group: Int) -> Range<Int> { offsets[group]..<offsets[group + 1] }
}

/// The state of an aggregate that needs all its values at once: medians, lists, event sequences.
///
/// Batches are kept as they come and brought into group order by one counting sort at the end.
final class CollectingState: AggregateState {
  private var pieces: [[Column]] = []
  /// The group of each kept row; empty while all belong to group 0.
  private var groups: [Int32] = []
  private var rowCount = 0
  private var isGrouped = false
  private let skipsNulls: [Int]
  private let types: [DataType]
  private let compute: Compute
  /// What has been collected, once it was asked for.
  private var collected: CollectedGroups?

  /// Computes the results of groups `0 ..< groupCount`.
  typealias Compute =
    @Sendable (CollectedGroups, _ groupCount: Int) throws(ExecutionError) -> Column

  /// Creates a state that leaves out rows where an argument at one of `skipsNulls` is NULL.
  init(types: [DataType], skipsNulls: [Int], compute: @escaping Compute) {
    self.types = types
    self.skipsNulls = skipsNulls
    self.compute = compute
  }

  var keptRowCount: Int { rowCount }

  func resize(groupCount: Int) {}

  func update(
    arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) {
    guard rowCount > 0 else { return }
    guard let kept = keptRows(arguments, rowCount) else {
      append(arguments, groups, rowCount)
      return
    }
    guard !kept.isEmpty else { return }
    append(
      arguments.map { $0.gathered(kept) },
      groups.map { groups in kept.map { groups[Int($0)] } },
      kept.count
    )
  }

  func merge(_ other: any AggregateState, mapping: [Int32]) throws(ExecutionError) {
    guard let other = other as? CollectingState else { mismatchedStates() }
    guard other.rowCount > 0 else { return }
    let moved =
      other.isGrouped
      ? other.groups.map { mapping[Int($0)] }
      : Array(repeating: mapping.first ?? 0, count: other.rowCount)
    note(groups: moved, rowCount: other.rowCount)
    pieces.append(contentsOf: other.pieces)
  }

  func finish(groupCount: Int) throws(ExecutionError) -> Column {
    try compute(try groups(groupCount), groupCount)
  }

  package func finish(
    sharing other: any AggregateState,
    constants: [Column?],
    groupCount: Int
  ) throws(ExecutionError) -> Column {
    guard let other = other as? CollectingState else { mismatchedStates() }
    let groups = try other.groups(groupCount)
    let columns = zip(groups.columns, constants).map { kept, constant in
      constant?.repeated(kept.count) ?? kept
    }
    return try compute(CollectedGroups(columns: columns, offsets: groups.offsets), groupCount)
  }

  /// Brings the rows together group by group, once.
  private func groups(_ groupCount: Int) throws(ExecutionError) -> CollectedGroups {
    if let collected { return collected }
    var columns: [Column] = []
    for position in types.indices {
      try Cancellation.check()
      columns.append(
        try Column.concatenated(pieces.map { $0[position] }, type: types[position])
      )
    }
    pieces = []
    guard rowCount <= Int(Int32.max) else {
      throw ExecutionError(.limit, "an aggregate that keeps its rows is limited to 2^31 rows")
    }
    try Cancellation.check()
    let groups = partitioned(columns, groupCount)
    try Cancellation.check()
    self.groups = []
    collected = groups
    return groups
  }

  private func partitioned(_ columns: [Column], _ groupCount: Int) -> CollectedGroups {
    guard isGrouped else {
      var offsets = Array(repeating: rowCount, count: groupCount + 1)
      offsets[0] = 0
      return CollectedGroups(columns: columns, offsets: offsets)
    }
    if let offsets = Self.offsets(ofSorted: groups, groupCount: groupCount) {
      return CollectedGroups(columns: columns, offsets: offsets)
    }
    let (order, offsets) = Self.partition(groups, groupCount: groupCount)
    return CollectedGroups(columns: columns.map { $0.gathered(order) }, offsets: offsets)
  }

  /// The rows that have all required values; nil where that is all of them.
  private func keptRows(_ arguments: [Column], _ rowCount: Int) -> [Int32]? {
    let required = skipsNulls.compactMap { arguments[$0].validityPerRow() }
    guard var isKept = required.first else { return nil }
    for other in required.dropFirst() {
      for row in isKept.indices { isKept[row] = isKept[row] && other[row] }
    }
    let kept = positionsOfTrue(isKept, validity: nil)
    return kept.count == rowCount ? nil : kept
  }

  private func append(_ columns: [Column], _ groups: [Int32]?, _ rowCount: Int) {
    pieces.append(columns)
    note(groups: groups, rowCount: rowCount)
  }

  private func note(groups newGroups: [Int32]?, rowCount newCount: Int) {
    if newGroups != nil, !isGrouped {
      isGrouped = true
      groups = Array(repeating: 0, count: rowCount)
    }
    if isGrouped {
      groups.append(contentsOf: newGroups ?? Array(repeating: 0, count: newCount))
    }
    rowCount += newCount
  }

  /// Returns where each group begins; nil where rows do not come group by group.
  private static func offsets(ofSorted groups: [Int32], groupCount: Int) -> [Int]? {
    let groups = groups.span
    var last: Int32 = 0
    var isSorted = true
    for row in groups.indices {
      isSorted = isSorted && groups[row] >= last
      last = groups[row]
    }
    guard isSorted else { return nil }
    var offsets = [Int](repeating: groups.count, count: groupCount + 1)
    var next = 0
    for row in groups.indices {
      while next <= Int(groups[row]) {
        offsets[next] = row
        next += 1
      }
    }
    return offsets
  }

  /// Returns the rows in group order, and where each group begins.
  private static func partition(
    _ groups: [Int32],
    groupCount: Int
  ) -> (order: [Int32], offsets: [Int]) {
    var offsets = Array(repeating: 0, count: groupCount + 1)
    var order = Array(repeating: Int32(0), count: groups.count)
    fill(&order, &offsets, groups.span)
    return (order, offsets)
  }

  private static func fill(
    _ order: inout [Int32],
    _ offsets: inout [Int],
    _ groups: Span<Int32>
  ) {
    var order = order.mutableSpan
    var counts = offsets.mutableSpan
    for row in groups.indices { counts[Int(groups[row]) &+ 1] &+= 1 }
    for group in 1..<counts.count { counts[group] &+= counts[group &- 1] }
    // A group's next place, which ends as the start of the group after it.
    var next = [Int](capacity: counts.count) { output in
      for group in counts.indices { output.append(counts[group]) }
    }
    var places = next.mutableSpan
    for row in groups.indices {
      let group = Int(groups[row])
      order[places[group]] = Int32(truncatingIfNeeded: row)
      places[group] &+= 1
    }
  }
}

extension AggregateOverload {
  /// Makes an overload that sees all rows of a group at once.
  static func collecting(
    _ parameters: [ParameterType],
    variadic: ParameterType? = nil,
    skipsNulls: [Int] = [0],
    isOrderSensitive: Bool = false,
    ignoresDuplicates: Bool = false,
    type: @escaping @Sendable ([DataType]) -> DataType?,
    compute:
      @escaping @Sendable (CollectedGroups, Int, AggregateInput) throws(ExecutionError) -> Column
  ) -> AggregateOverload {
    AggregateOverload(
      parameters,
      variadic: variadic,
      isOrderSensitive: isOrderSensitive,
      ignoresDuplicates: ignoresDuplicates,
      keepsRows: true,
      result: type,
      makeState: { (input: AggregateInput) throws(ExecutionError) -> any AggregateState in
        CollectingState(types: input.argumentTypes, skipsNulls: skipsNulls) {
          (groups, groupCount) throws(ExecutionError) -> Column in
          try compute(groups, groupCount, input)
        }
      }
    )
  }
}
