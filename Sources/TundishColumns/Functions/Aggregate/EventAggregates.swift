/// Aggregates over the events of an entity, with the meaning that ClickHouse documents.
enum EventAggregates {
  static let all: [AggregateFunction] = [windowFunnel, retention, sequenceMatch, sequenceCount]

  private static let windowFunnel = AggregateFunction(
    "window_funnel",
    aliases: ["windowfunnel"],
    summary: "Returns how many of the conditions happen in order within a window that begins at"
      + " the first; a last text argument names modes (strict_order, strict_deduplication,"
      + " strict_increase, strict_once).",
    examples: [
      FunctionExample(
        "SELECT window_funnel(INTERVAL 2 DAYS, t, e = 'a', e = 'b') FROM (VALUES"
          + " (DATE '2026-01-01', 'a'), (DATE '2026-01-03', 'b')) v(t, e)",
        "2"
      ),
      FunctionExample(
        "SELECT window_funnel(10, t, e = 'a', e = 'b') FROM (VALUES (1, 'a'), (12, 'b')) v(t, e)",
        "1"
      ),
    ],
    overloads: [funnel(window: .exact(.interval)), funnel(window: .integer)]
  )

  private static func funnel(window: ParameterType) -> AggregateOverload {
    .collecting(
      [window, .any, .any],
      variadic: .any,
      skipsNulls: [1],
      isOrderSensitive: true,
      type: { types in
        guard EventColumns.isTime(types[1], forWindow: types[0]) else { return nil }
        let conditions =
          types.last == .varchar && types.count > 3 ? types[2...].dropLast() : types[2...]
        return EventColumns.areConditions(conditions) ? .integer : nil
      },
      compute: { (groups, groupCount, input) throws(ExecutionError) -> Column in
        var conditionCount = input.argumentTypes.count - 2
        var modes: WindowFunnelModes = []
        if input.argumentTypes.last == .varchar {
          conditionCount -= 1
          modes = try Self.modes(input.constants.last ?? nil)
        }
        let window = try Self.window(input.constants[0], at: input.argumentTypes[1])
        let events = try EventColumns(groups, conditions: 2..<(2 + conditionCount), time: 1)
        let levels = events.windowFunnelLevels(
          groups,
          groupCount,
          stepCount: conditionCount,
          window: window,
          modes: modes
        )
        return .integers(levels, type: .integer)
      }
    )
  }

  /// Returns the modes of a list of names separated by commas.
  private static func modes(_ constant: Value?) throws(ExecutionError) -> WindowFunnelModes {
    guard case .text(let names)? = constant else {
      throw ExecutionError(.invalidArgument, "the mode of window_funnel must be a constant text")
    }
    var modes: WindowFunnelModes = []
    for part in names.split(separator: ",") {
      let name = String(part.drop { $0 == " " })
      guard let mode = WindowFunnelModes(name: name) else {
        throw ExecutionError(
          .invalidArgument,
          "window_funnel has no mode '\(name)'; it has default, strict_order,"
            + " strict_deduplication, strict_increase and strict_once"
        )
      }
      modes.formUnion(mode)
    }
    return modes
  }

  /// Returns the window's length in the units of `EventColumns`.
  private static func window(_ constant: Value?, at type: DataType) throws(ExecutionError) -> Int64
  {
    switch constant {
    case .integer(let length)? where length >= 0: return length
    case .interval(let interval)?:
      let length = interval.approximateMicroseconds
      if length >= 0, let window = Int64(exactly: length) { return window }
    case .null, .boolean, .integer, .hugeint, .decimal, .double, .text, .blob, .date, .time,
      .timestamp, .timestampTZ, .list, .structure, .map, nil:
      break
    }
    throw ExecutionError(
      .invalidArgument,
      "the window of window_funnel must be a constant that is not negative"
    )
  }

  private static let retention = AggregateFunction(
    "retention",
    summary: "Returns a list of 0 and 1: whether the first condition ever holds, then for each"
      + " further one whether it and the first do.",
    examples: [
      FunctionExample(
        "SELECT retention(d = 1, d = 2, d = 3) FROM (VALUES (1), (3)) t(d)",
        "[1, 0, 1]"
      ),
      FunctionExample("SELECT retention(d = 1, d = 2) FROM (VALUES (2)) t(d)", "[0, 0]"),
    ],
    overloads: [
      AggregateOverload(
        [.any],
        variadic: .any,
        ignoresDuplicates: true,
        result: { EventColumns.areConditions($0[...]) ? .list(.integer) : nil },
        makeState: { RetentionState(conditionCount: $0.argumentTypes.count) }
      )
    ]
  )

  private static let sequenceMatch = AggregateFunction(
    "sequence_match",
    aliases: ["sequencematch"],
    summary: "Returns whether the events, in order of time, match a pattern of (?N), (?t op"
      + " seconds), . and .*; events that meet no condition are not seen.",
    examples: [
      FunctionExample(
        "SELECT sequence_match('(?1)(?2)', t, n = 1, n = 2) FROM (VALUES (1, 1), (2, 3), (3, 2))"
          + " v(t, n)",
        "true"
      ),
      FunctionExample(
        "SELECT sequence_match('(?1)(?2)', t, n = 1, n = 2, n = 3) FROM (VALUES (1, 1), (2, 3),"
          + " (3, 2)) v(t, n)",
        "false"
      ),
    ],
    overloads: [
      pattern(type: .boolean) { sequences, pattern in
        .booleans(sequences.map { $0.matchCount(of: pattern, limit: 1) > 0 })
      }
    ]
  )

  private static let sequenceCount = AggregateFunction(
    "sequence_count",
    aliases: ["sequencecount"],
    summary: "Returns how many times the events match a pattern without sharing events.",
    examples: [
      FunctionExample(
        "SELECT sequence_count('(?1).*(?2)', t, n = 1, n = 2) FROM (VALUES (1, 1), (2, 3), (3, 2),"
          + " (4, 1), (5, 3), (6, 2)) v(t, n)",
        "2"
      ),
      FunctionExample(
        "SELECT sequence_count('(?1)(?t<=5)(?2)', t, n = 1, n = 2) FROM (VALUES (1, 1), (9, 2))"
          + " v(t, n)",
        "0"
      ),
    ],
    overloads: [
      pattern(type: .bigint) { sequences, pattern in
        .integers(sequences.map { Int64($0.matchCount(of: pattern)) })
      }
    ]
  )

  private static func pattern(
    type: DataType,
    _ result: @escaping @Sendable ([EventSequence], EventPattern) -> Column
  ) -> AggregateOverload {
    .collecting(
      [.exact(.varchar), .any, .any],
      variadic: .any,
      skipsNulls: [1],
      isOrderSensitive: true,
      type: { types in
        EventColumns.isTime(types[1], forWindow: nil) && EventColumns.areConditions(types[2...])
          ? type : nil
      },
      compute: { (groups, groupCount, input) throws(ExecutionError) -> Column in
        guard case .text(let text)? = input.constants[0] else {
          throw ExecutionError(.invalidArgument, "the pattern of events must be a constant text")
        }
        let pattern = try EventPattern(
          text,
          conditionCount: input.argumentTypes.count - 2,
          unitsPerSecond: input.argumentTypes[1].isTemporal ? 1_000_000 : 1
        )
        let events = try EventColumns(groups, conditions: 2..<input.argumentTypes.count, time: 1)
        let sequences = (0..<groupCount).map { events.sequence(of: groups.rows(of: $0)) }
        return result(sequences, pattern)
      }
    )
  }
}

/// Times and conditions of collected events; times of calendar types in microseconds.
struct EventColumns {
  private let times: [Int64]
  private var masks: [UInt64]

  init(_ groups: CollectedGroups, conditions: Range<Int>, time: Int) throws(ExecutionError) {
    guard conditions.count <= EventSequence.maximumConditionCount else {
      throw ExecutionError(
        .invalidArgument,
        "at most \(EventSequence.maximumConditionCount) conditions are allowed"
      )
    }
    let column = groups.columns[time]
    let values = column.int64Values()
    times = column.type == .date ? values.map { $0 &* 86_400_000_000 } : values
    masks = Array(repeating: 0, count: times.count)
    for (bit, position) in conditions.enumerated() {
      let condition = groups.columns[position]
      Self.add(1 &<< UInt64(bit), to: &masks, where: condition.trueRows())
    }
  }

  /// Sets a bit of the rows where a condition holds; no branch, since conditions hold at random.
  private static func add(_ bit: UInt64, to masks: inout [UInt64], where holds: [Bool]) {
    var masks = masks.mutableSpan
    let holds = holds.span
    precondition(masks.count == holds.count, "a truth per row")
    for row in holds.indices { masks[row] |= holds[row] ? bit : 0 }
  }

  /// Returns the level that each group reaches.
  func windowFunnelLevels(
    _ groups: CollectedGroups,
    _ groupCount: Int,
    stepCount: Int,
    window: Int64,
    modes: WindowFunnelModes
  ) -> [Int64] {
    var sweep = WindowFunnelSweep(stepCount: stepCount, window: window, modes: modes)
    var levels: [Int64] = []
    levels.reserveCapacity(groupCount)
    for group in 0..<groupCount {
      let rows = groups.rows(of: group)
      let level =
        sweep?.level(rows, times: times.span, masks: masks.span)
        ?? sequence(of: rows)
        .windowFunnelLevel(stepCount: stepCount, window: window, modes: modes)
      levels.append(Int64(level))
    }
    return levels
  }

  /// Returns the events of some rows in the order of time.
  func sequence(of rows: Range<Int>) -> EventSequence {
    EventSequence(rows.map { EventSequence.Event(at: times[$0], conditions: masks[$0]) })
  }

  /// Whether a type can say when events happen, measured by a window of another type.
  static func isTime(_ type: DataType, forWindow window: DataType?) -> Bool {
    switch type {
    case .date, .timestamp, .timestampTZ: window == nil || window == .interval
    case .tinyint, .smallint, .integer, .bigint: window != .interval
    case .null, .boolean, .hugeint, .decimal, .double, .varchar, .blob, .time, .interval,
      .enumeration, .list, .structure:
      false
    }
  }

  /// Whether all types are conditions.
  static func areConditions(_ types: ArraySlice<DataType>) -> Bool {
    !types.isEmpty && types.count <= EventSequence.maximumConditionCount
      && types.allSatisfy { $0 == .boolean || $0 == .null }
  }
}

/// The state of `retention`: which conditions have held, as bits.
final class RetentionState: AggregateState {
  private var masks: [UInt64] = []
  private let conditionCount: Int

  init(conditionCount: Int) {
    self.conditionCount = conditionCount
  }

  func resize(groupCount: Int) {
    guard groupCount > masks.count else { return }
    masks.append(contentsOf: repeatElement(0, count: groupCount - masks.count))
  }

  func update(
    arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) {
    if groups == nil { resize(groupCount: 1) }
    for (bit, condition) in arguments.enumerated() {
      let holds = condition.booleanValues()
      let validity = condition.validityPerRow()
      for row in 0..<rowCount where holds[row] && validity?[row] ?? true {
        masks[groups.map { Int($0[row]) } ?? 0] |= 1 << UInt64(bit)
      }
    }
  }

  func merge(_ other: any AggregateState, mapping: [Int32]) throws(ExecutionError) {
    guard let other = other as? RetentionState else { mismatchedStates() }
    for (group, target) in mapping.enumerated() where group < other.masks.count {
      masks[Int(target)] |= other.masks[group]
    }
  }

  func finish(groupCount: Int) throws(ExecutionError) -> Column {
    resize(groupCount: groupCount)
    var flags: [Int64] = []
    for mask in masks.prefix(groupCount) {
      for bit in 0..<conditionCount {
        flags.append(mask & 1 != 0 && mask >> UInt64(bit) & 1 != 0 ? 1 : 0)
      }
    }
    let width = conditionCount
    let ranges = (0..<groupCount).map { Int32($0 * width)..<Int32(($0 + 1) * width) }
    return Column(
      type: .list(.integer),
      data: .list(ListVector(ranges: ranges, child: .integers(flags, type: .integer))),
      count: groupCount
    )
  }
}
