/// The number of true and of all values.
struct TruthCount: Accumulator {
  private(set) var trueCount: Int64 = 0
  private(set) var count: Int64 = 0

  init() {}

  @inline(__always)
  mutating func add(_ value: Bool) {
    trueCount &+= value ? 1 : 0
    count &+= 1
  }

  mutating func merge(_ other: TruthCount) {
    trueCount &+= other.trueCount
    count &+= other.count
  }
}

/// Counts of rows and of values.
enum CountAggregates {
  static let all: [AggregateFunction] = [count, countIf, share, approximateDistinctCount]

  private static let count = AggregateFunction(
    "count",
    aliases: ["count_star"],
    summary: "Returns the number of rows, or of values that are not NULL.",
    examples: [
      FunctionExample("SELECT count(*) FROM (VALUES (1), (NULL)) t(x)", "2"),
      FunctionExample("SELECT count(x) FROM (VALUES (1), (NULL)) t(x)", "1"),
    ],
    overloads: [
      AggregateOverload(
        [],
        result: { _ in .bigint },
        makeState: { _ in CountState(countsRows: true) }
      ),
      AggregateOverload(
        [.any],
        result: { _ in .bigint },
        makeState: { _ in CountState(countsRows: false) }
      ),
    ]
  )

  private static let countIf = AggregateFunction(
    "count_if",
    aliases: ["countif"],
    summary: "Returns the number of rows for which a condition is true.",
    examples: [
      FunctionExample("SELECT count_if(x > 1) FROM (VALUES (1), (2), (NULL)) t(x)", "1"),
      FunctionExample("SELECT count_if(x) FROM (VALUES (false)) t(x)", "0"),
    ],
    overloads: [
      .accumulating(
        [.exact(.boolean)],
        with: TruthCount.self,
        type: { _ in .bigint },
        result: { cell, _ in cell.trueCount }
      )
    ]
  )

  private static let share = AggregateFunction(
    "share",
    summary: "Returns the fraction of rows for which a condition is true, of those where it is"
      + " known; NULL where there are none.",
    examples: [
      FunctionExample("SELECT share(x > 1) FROM (VALUES (1), (2), (3), (4)) t(x)", "0.75"),
      FunctionExample("SELECT share(x) FROM (VALUES (true), (NULL)) t(x)", "1.0"),
    ],
    overloads: [
      .accumulating(
        [.exact(.boolean)],
        with: TruthCount.self,
        type: { _ in .double },
        result: { cell, _ in
          cell.count == 0 ? nil : Double(cell.trueCount) / Double(cell.count)
        }
      )
    ]
  )

  private static let approximateDistinctCount = AggregateFunction(
    "approx_count_distinct",
    summary: "Returns the number of distinct values: exact up to 1024, then within about 2 %.",
    examples: [
      FunctionExample(
        "SELECT approx_count_distinct(x) FROM (VALUES (1), (2), (2), (NULL)) t(x)",
        "2"
      ),
      FunctionExample("SELECT approx_count_distinct(x) FROM (VALUES ('a'), ('a')) t(x)", "1"),
    ],
    overloads: [
      AggregateOverload(
        [.any],
        ignoresDuplicates: true,
        result: { _ in .bigint },
        makeState: { _ in DistinctSketchState() }
      )
    ]
  )
}

/// The state of `count`.
final class CountState: AggregateState {
  private var counts: [Int64] = []
  private let countsRows: Bool

  init(countsRows: Bool) {
    self.countsRows = countsRows
  }

  func resize(groupCount: Int) {
    guard groupCount > counts.count else { return }
    counts.append(contentsOf: repeatElement(0, count: groupCount - counts.count))
  }

  func update(
    arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) {
    let validity = countsRows ? nil : arguments[0].validityPerRow()
    guard let groups else {
      resize(groupCount: 1)
      counts[0] &+= Int64(rowCount - (countsRows ? 0 : arguments[0].nullCount))
      return
    }
    if let validity {
      Self.count(into: &counts, groups.span, validity.span)
    } else {
      Self.count(into: &counts, groups.span)
    }
  }

  func merge(_ other: any AggregateState, mapping: [Int32]) throws(ExecutionError) {
    guard let other = other as? CountState else { mismatchedStates() }
    for (group, target) in mapping.enumerated() where group < other.counts.count {
      counts[Int(target)] &+= other.counts[group]
    }
  }

  func finish(groupCount: Int) throws(ExecutionError) -> Column {
    resize(groupCount: groupCount)
    return .integers(Array(counts.prefix(groupCount)))
  }

  private static func count(into counts: inout [Int64], _ groups: Span<Int32>) {
    var counts = counts.mutableSpan
    for row in groups.indices { counts[Int(groups[row])] &+= 1 }
  }

  private static func count(
    into counts: inout [Int64],
    _ groups: Span<Int32>,
    _ validity: Span<Bool>
  ) {
    var counts = counts.mutableSpan
    for row in groups.indices { counts[Int(groups[row])] &+= validity[row] ? 1 : 0 }
  }
}
