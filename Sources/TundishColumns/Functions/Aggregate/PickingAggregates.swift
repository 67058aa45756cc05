/// Aggregates that return the value of one of the group's rows.
enum PickingAggregates {
  static let all: [AggregateFunction] = [first, last, anyValue, argMin, argMax]

  private static let first = AggregateFunction(
    "first",
    aliases: ["arbitrary"],
    summary: "Returns the value of the first row, also where it is NULL.",
    examples: [
      FunctionExample("SELECT first(x) FROM (VALUES ('a'), ('b')) t(x)", "a"),
      FunctionExample("SELECT first(x ORDER BY x DESC) FROM (VALUES (1), (2)) t(x)", "2"),
    ],
    overloads: [picking(.first)]
  )

  private static let last = AggregateFunction(
    "last",
    summary: "Returns the value of the last row, also where it is NULL.",
    examples: [
      FunctionExample("SELECT last(x) FROM (VALUES ('a'), ('b')) t(x)", "b"),
      FunctionExample("SELECT last(x) FROM (VALUES (1), (NULL)) t(x)", "NULL"),
    ],
    overloads: [picking(.last)]
  )

  private static let anyValue = AggregateFunction(
    "any_value",
    summary: "Returns the first value that is not NULL.",
    examples: [
      FunctionExample("SELECT any_value(x) FROM (VALUES (NULL), (2), (3)) t(x)", "2"),
      FunctionExample("SELECT any_value(x) FROM (VALUES ('a')) t(x)", "a"),
    ],
    overloads: [picking(.firstValue)]
  )

  private static func picking(_ rule: PositionPickState.Rule) -> AggregateOverload {
    AggregateOverload(
      [.any],
      isOrderSensitive: true,
      result: { $0[0] },
      makeState: { PositionPickState(rule: rule, type: $0.resultType) }
    )
  }

  private static let argMin = AggregateFunction(
    "arg_min",
    aliases: ["min_by", "argmin"],
    summary: "Returns the value of the row with the least key, or a list of the n with the least;"
      + " rows where either is NULL do not count.",
    examples: [
      FunctionExample(
        "SELECT arg_min(x, k) FROM (VALUES ('a', 2), ('b', 1), ('c', NULL)) t(x, k)",
        "b"
      ),
      FunctionExample(
        "SELECT arg_min(x, k, 2) FROM (VALUES ('a', 2), ('b', 1), ('c', 3)) t(x, k)",
        "[b, a]"
      ),
    ],
    overloads: [byKey(wantsGreatest: false), severalByKey(wantsGreatest: false)]
  )

  private static let argMax = AggregateFunction(
    "arg_max",
    aliases: ["max_by", "argmax"],
    summary: "Returns the value of the row with the greatest key, or a list of the n with the"
      + " greatest; rows where either is NULL do not count.",
    examples: [
      FunctionExample(
        "SELECT arg_max(x, k) FROM (VALUES ('a', 2), ('b', 1), ('c', NULL)) t(x, k)",
        "a"
      ),
      FunctionExample(
        "SELECT arg_max(x, k, 2) FROM (VALUES ('a', 2), ('b', 1), ('c', 3)) t(x, k)",
        "[c, a]"
      ),
    ],
    overloads: [byKey(wantsGreatest: true), severalByKey(wantsGreatest: true)]
  )

  private static func byKey(wantsGreatest: Bool) -> AggregateOverload {
    AggregateOverload(
      [.any, .any],
      isOrderSensitive: true,
      ignoresDuplicates: true,
      result: { $0[0] },
      makeState: { input in
        KeyPickState(
          type: input.resultType,
          keyType: input.argumentTypes[1],
          wantsGreatest: wantsGreatest
        )
      }
    )
  }

  private static func severalByKey(wantsGreatest: Bool) -> AggregateOverload {
    .collecting(
      [.any, .any, .exact(.bigint)],
      skipsNulls: [0, 1],
      isOrderSensitive: true,
      type: { .list($0[0]) },
      compute: { (groups, groupCount, input) throws(ExecutionError) -> Column in
        try TopRows.lists(
          of: groups.columns[0],
          by: groups.columns[1],
          groups: groups,
          groupCount: groupCount,
          limit: try TopRows.limit(input, at: 2),
          wantsGreatest: wantsGreatest
        )
      }
    )
  }
}

/// Lists of the rows with the least or greatest keys.
enum TopRows {
  /// Returns the number of rows to keep, which must be a positive constant.
  static func limit(_ input: AggregateInput, at position: Int) throws(ExecutionError) -> Int {
    guard case .integer(let limit)? = input.constants[position], limit > 0, limit < 1_000_000
    else {
      throw ExecutionError(
        .invalidArgument,
        "the number of values to keep must be a constant from 1 to 999999"
      )
    }
    return Int(limit)
  }

  /// Returns per group the values with the best keys, best first; NULL where a group is empty.
  static func lists(
    of values: Column,
    by keys: Column,
    groups: CollectedGroups,
    groupCount: Int,
    limit: Int,
    wantsGreatest: Bool
  ) throws(ExecutionError) -> Column {
    let order = OrderKeys.make(keys)
    var picked: [Int32] = []
    var ranges: [Range<Int32>] = []
    var validity: [Bool] = []
    for group in 0..<groupCount {
      let rows = groups.rows(of: group)
      let start = Int32(picked.count)
      let best = rows.sortedUnlessCancelled { lhs, rhs in
        order[lhs] == order[rhs]
          ? lhs < rhs : (order[lhs] < order[rhs]) != wantsGreatest
      }
      picked.append(contentsOf: best.prefix(limit).map { Int32($0) })
      ranges.append(start..<Int32(picked.count))
      validity.append(!rows.isEmpty)
    }
    return Column(
      type: .list(values.type),
      data: .list(ListVector(ranges: ranges, child: values.gathered(picked))),
      validity: validity.contains(false) ? validity : nil,
      count: groupCount
    )
  }
}

/// The state of `first`, `last` and `any_value`.
final class PositionPickState: AggregateState {
  enum Rule: Sendable {
    case first
    case last
    case firstValue
  }

  private var picked: PickedRows
  private var winners = BatchWinners()
  private let rule: Rule

  init(rule: Rule, type: DataType) {
    self.rule = rule
    picked = PickedRows(type: type)
  }

  func resize(groupCount: Int) { picked.resize(groupCount: groupCount) }

  func update(
    arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) {
    guard rowCount > 0 else { return }
    if groups == nil { resize(groupCount: 1) }
    let column = arguments[0]
    guard let groups else {
      guard let row = singleRow(column, rowCount), rule == .last || picked.rows[0] < 0 else {
        return
      }
      try picked.pick([row], of: column) { _ in 0 }
      return
    }
    winners.resize(groupCount: picked.rows.count)
    switch rule {
    case .last:
      for row in 0..<rowCount { winners.set(Int32(row), of: Int(groups[row])) }
    case .first, .firstValue:
      for row in 0..<rowCount where picked.rows[Int(groups[row])] < 0 {
        guard rule == .first || column.isValid(at: row) else { continue }
        let group = Int(groups[row])
        if winners[group] == nil { winners.set(Int32(row), of: group) }
      }
    }
    try picked.pick(winners.take(), of: column) { Int(groups[Int($0)]) }
  }

  func merge(_ other: any AggregateState, mapping: [Int32]) throws(ExecutionError) {
    guard let other = other as? PositionPickState else { mismatchedStates() }
    let groups = mapping.indices.filter { group in
      group < other.picked.rows.count && other.picked.rows[group] >= 0
        && (rule == .last || picked.rows[Int(mapping[group])] < 0)
    }
    let values = try other.picked.finish(groupCount: other.picked.rows.count)
    try picked.pick(groups.map { Int32($0) }, of: values) { Int(mapping[Int($0)]) }
  }

  func finish(groupCount: Int) throws(ExecutionError) -> Column {
    resize(groupCount: groupCount)
    return try picked.finish(groupCount: groupCount)
  }

  private func singleRow(_ column: Column, _ rowCount: Int) -> Int32? {
    switch rule {
    case .first: 0
    case .last: Int32(rowCount - 1)
    case .firstValue: (0..<rowCount).first { column.isValid(at: $0) }.map { Int32($0) }
    }
  }
}

/// The state of `arg_min`, `arg_max`, and of `min` and `max` of types that accumulators do not hold.
final class KeyPickState: AggregateState {
  private var picked: PickedRows
  private var keys: any PickKeys

  init(type: DataType, keyType: DataType, wantsGreatest: Bool) {
    picked = PickedRows(type: type)
    keys = makePickKeys(for: keyType, wantsGreatest: wantsGreatest)
  }

  func resize(groupCount: Int) {
    picked.resize(groupCount: groupCount)
    keys.resize(groupCount: groupCount)
  }

  func update(
    arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) {
    guard rowCount > 0 else { return }
    if groups == nil { resize(groupCount: 1) }
    let values = arguments[0]
    var key = arguments[arguments.count - 1]
    if arguments.count > 1, let validity = values.validityPerRow() {
      key = key.masked(by: validity)
    }
    let winners = try keys.improve(keys: key, groups: groups, rowCount: rowCount)
    try picked.pick(winners, of: values) { row in groups.map { Int($0[Int(row)]) } ?? 0 }
  }

  func merge(_ other: any AggregateState, mapping: [Int32]) throws(ExecutionError) {
    guard let other = other as? KeyPickState else { mismatchedStates() }
    let improved = keys.merge(other.keys, mapping: mapping)
    let values = try other.picked.finish(groupCount: other.picked.rows.count)
    try picked.pick(improved, of: values) { Int(mapping[Int($0)]) }
  }

  func finish(groupCount: Int) throws(ExecutionError) -> Column {
    resize(groupCount: groupCount)
    return try picked.finish(groupCount: groupCount)
  }
}
