/// Least and greatest values.
enum ExtremeAggregates {
  static let all: [AggregateFunction] = [min, max]

  private static let min = AggregateFunction(
    "min",
    summary: "Returns the least value, or a list of the n least; NULL where there are none.",
    examples: [
      FunctionExample("SELECT min(x) FROM (VALUES (2), (1), (NULL)) t(x)", "1"),
      FunctionExample("SELECT min(x) FROM (VALUES ('b'), ('a')) t(x)", "a"),
      FunctionExample("SELECT min(x, 2) FROM (VALUES (3), (1), (2)) t(x)", "[1, 2]"),
    ],
    overloads: [single(wantsGreatest: false), several(wantsGreatest: false)]
  )

  private static let max = AggregateFunction(
    "max",
    summary: "Returns the greatest value, or a list of the n greatest; NULL where there are none.",
    examples: [
      FunctionExample("SELECT max(x) FROM (VALUES (2), (1), (NULL)) t(x)", "2"),
      FunctionExample("SELECT max(x) FROM (VALUES ('b'), ('a')) t(x)", "b"),
      FunctionExample("SELECT max(x, 2) FROM (VALUES (3), (1), (2)) t(x)", "[3, 2]"),
    ],
    overloads: [single(wantsGreatest: true), several(wantsGreatest: true)]
  )

  private static func single(wantsGreatest: Bool) -> AggregateOverload {
    AggregateOverload(
      [.any],
      ignoresDuplicates: true,
      result: { $0[0] },
      makeState: { input in
        let type = input.resultType
        switch type.physical {
        case .int64:
          return wantsGreatest
            ? AccumulatorState<Greatest<Int64>, Int64>(type: type) { $0.value }
            : AccumulatorState<Least<Int64>, Int64>(type: type) { $0.value }
        case .int128:
          return wantsGreatest
            ? AccumulatorState<Greatest<Int128>, Int128>(type: type) { $0.value }
            : AccumulatorState<Least<Int128>, Int128>(type: type) { $0.value }
        case .float64:
          return wantsGreatest
            ? AccumulatorState<GreatestDouble, Double>(type: type) { $0.value }
            : AccumulatorState<LeastDouble, Double>(type: type) { $0.value }
        case .boolean, .text, .interval, .list, .structure:
          return KeyPickState(type: type, keyType: type, wantsGreatest: wantsGreatest)
        }
      }
    )
  }

  private static func several(wantsGreatest: Bool) -> AggregateOverload {
    .collecting(
      [.any, .exact(.bigint)],
      type: { .list($0[0]) },
      compute: { (groups, groupCount, input) throws(ExecutionError) -> Column in
        try TopRows.lists(
          of: groups.columns[0],
          by: groups.columns[0],
          groups: groups,
          groupCount: groupCount,
          limit: try TopRows.limit(input, at: 1),
          wantsGreatest: wantsGreatest
        )
      }
    )
  }
}

/// The least of fixed-width integers.
private struct Least<Input: AggregateElement & FixedWidthInteger>: Accumulator {
  private var least = Input.max
  private var isEmpty = true

  init() {}

  var value: Input? { isEmpty ? nil : least }

  @inline(__always)
  mutating func add(_ value: Input) {
    least = min(least, value)
    isEmpty = false
  }

  mutating func add(all values: Span<Input>) {
    var least = least
    for row in values.indices { least = min(least, values[row]) }
    self.least = least
    isEmpty = isEmpty && values.isEmpty
  }

  mutating func merge(_ other: Least) {
    least = min(least, other.least)
    isEmpty = isEmpty && other.isEmpty
  }
}

/// The greatest of fixed-width integers.
private struct Greatest<Input: AggregateElement & FixedWidthInteger>: Accumulator {
  private var greatest = Input.min
  private var isEmpty = true

  init() {}

  var value: Input? { isEmpty ? nil : greatest }

  @inline(__always)
  mutating func add(_ value: Input) {
    greatest = max(greatest, value)
    isEmpty = false
  }

  mutating func add(all values: Span<Input>) {
    var greatest = greatest
    for row in values.indices { greatest = max(greatest, values[row]) }
    self.greatest = greatest
    isEmpty = isEmpty && values.isEmpty
  }

  mutating func merge(_ other: Greatest) {
    greatest = max(greatest, other.greatest)
    isEmpty = isEmpty && other.isEmpty
  }
}

/// The least of doubles, NaN being the greatest.
private struct LeastDouble: Accumulator {
  private var least = Double.nan
  private var isEmpty = true

  init() {}

  var value: Double? { isEmpty ? nil : least }

  @inline(__always)
  mutating func add(_ value: Double) {
    // Not less or equal: also where `least` is NaN.
    if !(least <= value) { least = value.isNaN ? least : value }
    isEmpty = false
  }

  mutating func merge(_ other: LeastDouble) {
    if !other.isEmpty { add(other.least) }
  }
}

/// The greatest of doubles, NaN being the greatest.
private struct GreatestDouble: Accumulator {
  private var greatest = -Double.infinity
  private var isEmpty = true

  init() {}

  var value: Double? { isEmpty ? nil : greatest }

  @inline(__always)
  mutating func add(_ value: Double) {
    // Not less or equal: also where `value` is NaN; NaN stays, since nothing compares with it.
    if !(value <= greatest), !greatest.isNaN { greatest = value }
    isEmpty = false
  }

  mutating func merge(_ other: GreatestDouble) {
    if !other.isEmpty { add(other.greatest) }
  }
}
