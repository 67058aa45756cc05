/// `funnel_path`: the way of an entity through the steps of a funnel.
enum FunnelPathFunctions {
  static let all: [AggregateFunction] = [funnelPath, funnelRegressions]

  private static let funnelPath = AggregateFunction(
    "funnel_path",
    summary: "Returns the paths of an entity through the steps of a funnel under written rules: per"
      + " path the time at which each step was entered, up to the last step reached.",
    examples: [
      FunctionExample(
        "SELECT funnel_path('skips exclude', t, e = 'a', e = 'b') FROM (VALUES"
          + " (TIMESTAMP '2026-01-01 10:00:00', 'a'), (TIMESTAMP '2026-01-03 10:00:00', 'b')) v(t, e)",
        "[['2026-01-01 10:00:00', '2026-01-03 10:00:00']]"
      ),
      FunctionExample(
        "SELECT funnel_path('', t, e = 'a', e = 'b') FROM (VALUES"
          + " (TIMESTAMP '2026-01-01 10:00:00', 'c')) v(t, e)",
        "[]"
      ),
    ],
    overloads: [
      overload(result: .timestamp) { (matcher, groups) throws(ExecutionError) -> Column in
        let paths = groups.map { events in
          matcher.paths(events).map { $0.times(matcher.rules) }
        }
        return try Self.column(paths, type: .timestamp) {
          .integers($0, type: .timestamp, validity: $1)
        }
      }
    ]
  )

  private static let funnelRegressions = AggregateFunction(
    "funnel_regressions",
    summary: "Returns, for each path and step of funnel_path with the same arguments, whether the"
      + " entity then went back to an earlier step before it went on.",
    examples: [
      FunctionExample(
        "SELECT funnel_regressions('', t, e = 'a', e = 'b') FROM (VALUES"
          + " (TIMESTAMP '2026-01-01 10:00:00', 'a'), (TIMESTAMP '2026-01-03 10:00:00', 'b'),"
          + " (TIMESTAMP '2026-01-04 10:00:00', 'a')) v(t, e)",
        "[[false, true]]"
      ),
      FunctionExample(
        "SELECT funnel_regressions('', t, e = 'a', e = 'b') FROM (VALUES"
          + " (TIMESTAMP '2026-01-01 10:00:00', 'a')) v(t, e)",
        "[[false]]"
      ),
    ],
    overloads: [
      overload(result: .boolean) { (matcher, groups) throws(ExecutionError) -> Column in
        let flags = groups.map { events in
          let backward = BackwardMoves(events: events, matcher: matcher)
          return matcher.paths(events).map { path in
            backward.regressed(path).map { $0 ? Int64(1) : 0 }
          }
        }
        return try Self.column(flags, type: .boolean) { values, _ in
          .booleans(values.map { $0 != 0 })
        }
      }
    ]
  )

  /// An overload over rules, times and conditions, whose result is a list per path.
  private static func overload(
    result: DataType,
    _ compute:
      @escaping @Sendable (FunnelMatcher, [[FunnelEvent]]) throws(ExecutionError) -> Column
  ) -> AggregateOverload {
    .collecting(
      [.exact(.varchar), .exact(.timestamp), .any],
      variadic: .any,
      skipsNulls: [1],
      isOrderSensitive: true,
      type: { types in
        FunnelColumns.areConditions(types[2...]) ? .list(.list(result)) : nil
      },
      compute: { (groups, groupCount, input) throws(ExecutionError) -> Column in
        guard case .text(let text)? = input.constants[0] else {
          throw ExecutionError(.invalidArgument, "the rules of a funnel must be a constant text")
        }
        let rules = try FunnelRules(text)
        let matcher = try FunnelMatcher(
          rules: rules,
          stepCount: input.argumentTypes.count - 2 - rules.exclusionCount
        )
        let columns = try FunnelColumns(groups, matcher: matcher)
        return try compute(
          matcher,
          (0..<groupCount).map { columns.events(of: groups.rows(of: $0)) }
        )
      }
    )
  }

  /// The paths of each group as lists of lists of times.
  private static func column(
    _ paths: [[[Int64?]]],
    type: DataType,
    _ make: ([Int64], [Bool]) -> Column
  ) throws(ExecutionError) -> Column {
    var times: [Int64] = []
    var isKnown: [Bool] = []
    var inner: [Range<Int32>] = []
    var outer: [Range<Int32>] = []
    for group in paths {
      let first = Int32(truncatingIfNeeded: inner.count)
      for path in group {
        let start = Int32(truncatingIfNeeded: times.count)
        times.append(contentsOf: path.map { $0 ?? 0 })
        isKnown.append(contentsOf: path.map { $0 != nil })
        inner.append(start..<Int32(truncatingIfNeeded: times.count))
      }
      outer.append(first..<Int32(truncatingIfNeeded: inner.count))
    }
    guard times.count <= Int(Int32.max) else {
      throw ExecutionError(.limit, "the paths of a funnel are limited to 2^31 steps")
    }
    let child = make(times, isKnown)
    let middle = Column(
      type: .list(type),
      data: .list(ListVector(ranges: inner, child: child)),
      count: inner.count
    )
    return Column(
      type: .list(.list(type)),
      data: .list(ListVector(ranges: outer, child: middle)),
      count: outer.count
    )
  }
}

/// Times and conditions of collected events, steps first and then what excludes.
private struct FunnelColumns {
  private let times: [Int64]
  private var steps: [UInt64]
  private var isExcluded: [Bool]

  init(_ groups: CollectedGroups, matcher: FunnelMatcher) throws(ExecutionError) {
    times = groups.columns[1].int64Values()
    steps = Array(repeating: 0, count: times.count)
    isExcluded = Array(repeating: false, count: matcher.rules.exclusionCount == 0 ? 0 : times.count)
    for (bit, condition) in groups.columns[2...].enumerated() {
      let holds = condition.booleanValues()
      let validity = condition.validityPerRow()
      for row in holds.indices where holds[row] && validity?[row] ?? true {
        if bit < matcher.stepCount {
          steps[row] |= 1 << UInt64(bit)
        } else {
          isExcluded[row] = true
        }
      }
    }
  }

  /// The events of some rows, in the order of the rows.
  func events(of rows: Range<Int>) -> [FunnelEvent] {
    rows.map {
      FunnelEvent(
        at: times[$0],
        steps: steps[$0],
        isExcluded: isExcluded.isEmpty ? false : isExcluded[$0]
      )
    }
  }

  /// Whether all types are conditions, and not more than a funnel can have.
  static func areConditions(_ types: ArraySlice<DataType>) -> Bool {
    !types.isEmpty
      && types.count <= FunnelRules.maximumStepCount + FunnelRules.maximumExclusionCount
      && types.allSatisfy { $0 == .boolean || $0 == .null }
  }
}
