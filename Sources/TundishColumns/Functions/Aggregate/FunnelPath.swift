/// `funnel_path`: the way of an entity through the steps of a funnel.
enum FunnelPath {
  static let all: [AggregateFunction] = [funnelPath]

  private static let funnelPath = AggregateFunction(
    "funnel_path",
    summary: "Returns the paths of an entity through the steps of a funnel under written rules: per"
      + " path the time at which each step was entered, up to the last step reached.",
    examples: [
      FunctionExample(
        "SELECT funnel_path('skips exclude', t, e = 'a', e = 'b') FROM (VALUES"
          + " (TIMESTAMP '2026-01-01 10:00:00', 'a'), (TIMESTAMP '2026-01-03 10:00:00', 'b')) v(t, e)",
        "[[2026-01-01 10:00:00, 2026-01-03 10:00:00]]"
      ),
      FunctionExample(
        "SELECT funnel_path('', t, e = 'a', e = 'b') FROM (VALUES"
          + " (TIMESTAMP '2026-01-01 10:00:00', 'c')) v(t, e)",
        "[]"
      ),
    ],
    overloads: [
      .collecting(
        [.exact(.varchar), .exact(.timestamp), .any],
        variadic: .any,
        skipsNulls: [1],
        type: { types in
          EventColumns.areConditions(types[2...]) ? .list(.list(.timestamp)) : nil
        },
        compute: { (groups, groupCount, input) throws(ExecutionError) -> Column in
          guard case .text(let text)? = input.constants[0] else {
            throw ExecutionError(.invalidArgument, "the rules of a funnel must be a constant text")
          }
          let rules = try FunnelRules(text)
          let conditionCount = input.argumentTypes.count - 2
          let stepCount = conditionCount - rules.exclusionCount
          guard stepCount > 0 else {
            throw ExecutionError(.invalidArgument, "a funnel needs at least one step")
          }
          let events = try EventColumns(groups, conditions: 2..<(2 + conditionCount), time: 1)
          var paths: [[[Int64?]]] = []
          for group in 0..<groupCount {
            paths.append(
              try events.sequence(of: groups.rows(of: group))
                .funnelPaths(stepCount: stepCount, rules: rules)
            )
          }
          return try Self.column(paths)
        }
      )
    ]
  )

  /// The paths of each group as lists of lists of times.
  private static func column(_ paths: [[[Int64?]]]) throws(ExecutionError) -> Column {
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
    let child = Column.integers(times, type: .timestamp, validity: isKnown)
    let middle = Column(
      type: .list(.timestamp),
      data: .list(ListVector(ranges: inner, child: child)),
      count: inner.count
    )
    return Column(
      type: .list(.list(.timestamp)),
      data: .list(ListVector(ranges: outer, child: middle)),
      count: outer.count
    )
  }
}
