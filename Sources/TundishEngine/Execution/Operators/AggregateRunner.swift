internal import TundishColumns
internal import TundishSyntax

/// One aggregate call over one grouping set: DISTINCT and ORDER BY around the function's state.
class AggregateRunner {
  /// The call.
  let call: AggregateCall
  /// Whether a filter arrives as a truth per row instead of removing rows.
  var takesMask: Bool { false }
  /// Whether rows are wanted at all.
  var takesRows: Bool { true }

  /// The bytes of the rows that are kept until the end, roughly, beside those of groups.
  var heldByteCount: Int { 0 }

  init(_ call: AggregateCall) {
    self.call = call
  }

  /// Adds rows; `groups` has one element per row of the batch.
  func update(
    _ input: AggregateRows,
    groups: [Int32]?,
    groupCount: Int
  ) throws(RuntimeFailure) {
    preconditionFailure("every runner takes rows")
  }

  /// Adds the rows of another thread, which come after those so far.
  func absorb(
    _ other: AggregateRunner,
    mapping: [Int32],
    groupCount: Int
  ) throws(RuntimeFailure) {
    preconditionFailure("every runner takes those of its own kind")
  }

  /// Returns the result of each group.
  func finish(groupCount: Int) throws(RuntimeFailure) -> Column {
    preconditionFailure("every runner gives results")
  }

  /// Returns the runner of a call.
  static func make(_ call: AggregateCall, run: QueryRun) throws(RuntimeFailure) -> AggregateRunner {
    if call.arguments.isEmpty && call.function.name.hasPrefix("count") {
      return RowCountRunner(call)
    }
    if call.isDistinct && call.function.name == "count" && call.arguments.count == 1 {
      return DistinctCountRunner(call)
    }
    let state = try makeState(call, run: run)
    let isDistinct = call.isDistinct && !call.function.overload.ignoresDuplicates
    if !call.orderBy.isEmpty && call.function.overload.isOrderSensitive {
      return OrderedRunner(call, state: state, isDistinct: isDistinct, run: run)
    }
    return StateRunner(call, state: state, isDistinct: isDistinct)
  }

  static func makeState(
    _ call: AggregateCall,
    run: QueryRun
  ) throws(RuntimeFailure) -> any AggregateState {
    try makeState(call.function, arguments: call.arguments, range: call.range, run: run)
  }

  static func makeState(
    _ function: ResolvedAggregate,
    arguments: [BoundExpression],
    range: SourceRange,
    run: QueryRun
  ) throws(RuntimeFailure) -> any AggregateState {
    var constants: [Value?] = []
    for argument in arguments {
      constants.append(
        argument.isConstant
          ? try ExpressionEvaluator.constant(argument, context: run.context.functions) : nil
      )
    }
    return try blaming(range) { () throws(ExecutionError) in
      try function.overload.makeState(
        AggregateInput(
          argumentTypes: function.argumentTypes,
          constants: constants,
          resultType: function.resultType
        )
      )
    }
  }
}

/// `count(*)`, with or without a filter: adds the truth itself, so that a filter costs no branch.
private final class RowCountRunner: AggregateRunner {
  private var counts: [Int64] = []

  override var takesMask: Bool { true }

  override func update(
    _ input: AggregateRows,
    groups: [Int32]?,
    groupCount: Int
  ) throws(RuntimeFailure) {
    while counts.count < groupCount { counts.append(0) }
    switch (groups, input.mask) {
    case (nil, nil):
      counts[0] += Int64(input.rowCount)
    case (nil, .some(let mask)):
      counts[0] += Self.countTrue(mask)
    case (.some(let groups), nil):
      Self.add(&counts, groups)
    case (.some(let groups), .some(let mask)):
      let truth = mask.booleanValues()
      if let validity = mask.validityPerRow() {
        Self.add(&counts, groups, truth, validity)
      } else {
        Self.add(&counts, groups, truth)
      }
    }
  }

  override func absorb(
    _ other: AggregateRunner,
    mapping: [Int32],
    groupCount: Int
  ) throws(RuntimeFailure) {
    guard let other = other as? RowCountRunner else { return }
    while counts.count < groupCount { counts.append(0) }
    for (group, count) in other.counts.enumerated() { counts[Int(mapping[group])] += count }
  }

  override func finish(groupCount: Int) throws(RuntimeFailure) -> Column {
    while counts.count < groupCount { counts.append(0) }
    return .integers(counts, type: call.function.resultType)
  }

  private static func countTrue(_ mask: Column) -> Int64 {
    let truth = mask.booleanValues()
    var count: Int64 = 0
    if let validity = mask.validityPerRow() {
      for row in truth.indices { count &+= truth[row] && validity[row] ? 1 : 0 }
    } else {
      for row in truth.indices { count &+= truth[row] ? 1 : 0 }
    }
    return count
  }

  // Counts of rows cannot overflow 64 bits.

  private static func add(_ counts: inout [Int64], _ groups: [Int32]) {
    var counts = counts.mutableSpan
    let groups = groups.span
    for row in groups.indices { counts[Int(groups[row])] &+= 1 }
  }

  private static func add(_ counts: inout [Int64], _ groups: [Int32], _ truth: [Bool]) {
    precondition(groups.count == truth.count, "a truth per row")
    var counts = counts.mutableSpan
    let groups = groups.span
    let truth = truth.span
    for row in groups.indices { counts[Int(groups[row])] &+= truth[row] ? 1 : 0 }
  }

  private static func add(
    _ counts: inout [Int64],
    _ groups: [Int32],
    _ truth: [Bool],
    _ validity: [Bool]
  ) {
    precondition(groups.count == truth.count && truth.count == validity.count, "a truth per row")
    var counts = counts.mutableSpan
    let groups = groups.span
    let truth = truth.span
    let validity = validity.span
    for row in groups.indices {
      // Not `&&`, whose branch is mispredicted as often as the filter is undecided.
      counts[Int(groups[row])] &+= (truth[row] ? 1 : 0) & (validity[row] ? 1 : 0)
    }
  }
}

/// A function's state, with duplicates removed first where DISTINCT asks for it.
final class StateRunner: AggregateRunner {
  /// The function's state.
  let state: any AggregateState
  private var distinct: DistinctSet?
  /// The bytes of the texts in rows that are kept.
  private var keptTextByteCount = 0

  init(_ call: AggregateCall, state: any AggregateState, isDistinct: Bool) {
    self.state = state
    distinct = isDistinct ? DistinctSet(types: call.arguments.map(\.type)) : nil
    super.init(call)
  }

  /// Rows that are kept are there twice when they are brought together, and once more in the result.
  override var heldByteCount: Int {
    state.keptRowCount * (8 + 24 * call.arguments.count) + 2 * keptTextByteCount
      + (distinct?.count ?? 0) * 80
  }

  override func update(
    _ input: AggregateRows,
    groups: [Int32]?,
    groupCount: Int
  ) throws(RuntimeFailure) {
    state.resize(groupCount: groupCount)
    guard input.rowCount > 0 else { return }
    var groups = input.rows.map { rows in groups.map { gatheredGroups($0, rows) } } ?? groups
    var arguments = input.arguments
    var rowCount = input.rowCount
    if distinct != nil {
      let rows = try newRows(arguments, groups: groups, rowCount: rowCount)
      if rows.isEmpty { return }
      if rows.count < rowCount {
        groups = groups.map { gatheredGroups($0, rows) }
        arguments = arguments.map { $0.gathered(rows) }
        rowCount = rows.count
      }
    }
    if call.function.overload.keepsRows {
      for argument in arguments { keptTextByteCount += argument.viewedByteCount }
    }
    try blaming(call.range) { () throws(ExecutionError) in
      try state.update(arguments: arguments, groups: groups, rowCount: rowCount)
    }
  }

  override func absorb(
    _ other: AggregateRunner,
    mapping: [Int32],
    groupCount: Int
  ) throws(RuntimeFailure) {
    guard let other = other as? StateRunner else { return }
    keptTextByteCount += other.keptTextByteCount
    state.resize(groupCount: groupCount)
    try blaming(call.range) { () throws(ExecutionError) in
      if let others = other.distinct {
        // Values that both threads have seen count once.
        if let fresh = try distinct?.merge(others, mapping: mapping) {
          try state.update(
            arguments: fresh.arguments,
            groups: fresh.groups,
            rowCount: fresh.groups.count
          )
        }
      } else {
        try state.merge(other.state, mapping: mapping)
      }
    }
  }

  override func finish(groupCount: Int) throws(RuntimeFailure) -> Column {
    state.resize(groupCount: groupCount)
    return try blaming(call.range) { () throws(ExecutionError) in
      try state.finish(groupCount: groupCount)
    }
  }

  /// The rows whose combination of group and arguments has not occurred before.
  private func newRows(
    _ arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(RuntimeFailure) -> [Int32] {
    try blaming(call.range) { () throws(ExecutionError) in
      try distinct?.newRows(arguments, groups: groups, rowCount: rowCount) ?? []
    }
  }
}

/// A function whose rows must arrive in an order: buffers them until the end.
private final class OrderedRunner: AggregateRunner {
  private let state: any AggregateState
  private let run: QueryRun
  private var distinct: DistinctSet?
  private var buffer: [Batch] = []

  init(_ call: AggregateCall, state: any AggregateState, isDistinct: Bool, run: QueryRun) {
    self.state = state
    self.run = run
    distinct = isDistinct ? DistinctSet(types: call.arguments.map(\.type)) : nil
    super.init(call)
  }

  override func update(
    _ input: AggregateRows,
    groups: [Int32]?,
    groupCount: Int
  ) throws(RuntimeFailure) {
    guard input.rowCount > 0 else { return }
    let counted = input.rows.map { rows in groups.map { gatheredGroups($0, rows) } } ?? groups
    let ofRows = counted ?? [Int32](repeating: 0, count: input.rowCount)
    let batch = Batch(
      columns: [.integers(ofRows.map { Int64($0) }, type: .bigint)] + input.arguments
        + input.orderKeys,
      rowCount: input.rowCount
    )
    // Twice, when they are brought into order.
    try run.account(for: batch)
    try run.account(for: batch)
    buffer.append(batch)
  }

  override func absorb(
    _ other: AggregateRunner,
    mapping: [Int32],
    groupCount: Int
  ) throws(RuntimeFailure) {
    guard let other = other as? OrderedRunner else { return }
    for batch in other.buffer {
      let groups = batch.columns[0].int64Values().map { Int64(mapping[Int($0)]) }
      buffer.append(
        Batch(
          columns: [.integers(groups, type: .bigint)] + batch.columns.dropFirst(),
          rowCount: batch.rowCount
        )
      )
    }
  }

  override func finish(groupCount: Int) throws(RuntimeFailure) -> Column {
    state.resize(groupCount: groupCount)
    if !buffer.isEmpty {
      let types =
        [.bigint] + call.arguments.map(\.type) + call.orderBy.map(\.expression.type)
      let whole = try run.whole(buffer, types: types)
      buffer = []
      let order = try RowOrder.sorted(
        columns: Array(whole.columns[(1 + call.arguments.count)...]),
        keys: call.orderBy,
        rowCount: whole.rowCount,
        run: run
      )
      let groups = whole.columns[0].gathered(order).int64Values().map {
        Int32(truncatingIfNeeded: $0)
      }
      var arguments = whole.columns[1..<1 + call.arguments.count].map { $0.gathered(order) }
      var kept: [Int32]?
      if distinct != nil {
        let rows = try newRows(arguments, groups: groups, rowCount: order.count)
        arguments = arguments.map { $0.gathered(rows) }
        kept = gatheredGroups(groups, rows)
      }
      try blaming(call.range) { () throws(ExecutionError) in
        try state.update(
          arguments: arguments,
          groups: kept ?? groups,
          rowCount: (kept ?? groups).count
        )
      }
    }
    return try blaming(call.range) { () throws(ExecutionError) in
      try state.finish(groupCount: groupCount)
    }
  }

  /// The rows whose combination of group and arguments has not occurred before.
  private func newRows(
    _ arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(RuntimeFailure) -> [Int32] {
    try blaming(call.range) { () throws(ExecutionError) in
      try distinct?.newRows(arguments, groups: groups, rowCount: rowCount) ?? []
    }
  }
}

/// Returns the groups of some rows.
func gatheredGroups(_ groups: [Int32], _ rows: [Int32]) -> [Int32] {
  let groups = groups.span
  let rows = rows.span
  return [Int32](capacity: rows.count) { output in
    for position in rows.indices { output.append(groups[Int(rows[position])]) }
  }
}
