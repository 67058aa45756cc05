internal import TundishColumns

/// The part of a join's condition that bounds one expression of the collected side by expressions
/// of the other: `a.at >= b.start AND a.at < b.end` where `a` is collected.
///
/// The rows of each key are kept in the order of that expression, so that a row's matches are found
/// by bisection instead of trying every pair.
struct JoinRange {
  /// `<probe> <comparison> <build>`, as one half of a range.
  struct Bound {
    let probe: BoundExpression
    let comparison: ComparisonOperator
  }

  /// The expression over the collected side.
  let build: BoundExpression
  /// What bounds it.
  let bounds: [Bound]
  /// What else must hold; nil for nothing.
  let rest: BoundExpression?

  /// Finds a bounded expression; nil where the condition has none.
  init?(_ condition: BoundExpression?, probe: [PlanColumn], build: [PlanColumn]) {
    guard let condition, condition.isDeterministic else { return nil }
    let probeIDs = Set(probe.map(\.id))
    let buildIDs = Set(build.map(\.id))
    var parts = [condition]
    if case .and(let operands) = condition.kind { parts = operands }
    var found: [(key: ExpressionKey, build: BoundExpression, bound: Bound, part: Int)] = []
    for (number, part) in parts.enumerated() {
      guard case .comparison(let comparison, let left, let right) = part.kind,
        comparison.isInequality, left.type.hasQuickOrder,
        let leftKey = left.key, let rightKey = right.key
      else { continue }
      let leftIDs = left.columnIDs
      let rightIDs = right.columnIDs
      if !rightIDs.isEmpty && leftIDs.isSubset(of: probeIDs) && rightIDs.isSubset(of: buildIDs) {
        found.append((rightKey, right, Bound(probe: left, comparison: comparison), number))
      } else if !leftIDs.isEmpty && rightIDs.isSubset(of: probeIDs)
        && leftIDs.isSubset(of: buildIDs)
      {
        let bound = Bound(probe: right, comparison: comparison.mirrored)
        found.append((leftKey, left, bound, number))
      }
    }
    // An expression that is bounded on both sides narrows most.
    let best = found.max { first, second in
      found.filter { $0.key == first.key }.count < found.filter { $0.key == second.key }.count
    }
    guard let best else { return nil }
    let used = found.filter { $0.key == best.key }
    self.build = best.build
    bounds = used.map(\.bound)
    let left = parts.indices.filter { number in !used.contains { $0.part == number } }
    switch left.count {
    case 0: rest = nil
    case 1: rest = parts[left[0]]
    default:
      rest = BoundExpression(
        .and(left.map { parts[$0] }),
        type: .boolean,
        range: condition.range
      )
    }
  }
}

extension DataType {
  /// Whether values are numbers to the machine and order as such.
  var hasQuickOrder: Bool {
    switch physical {
    case .int64, .int128, .float64: true
    case .boolean, .text, .interval, .list, .structure: false
    }
  }
}

/// The collected side of a range: its values in the order of the index.
final class RangeValues {
  /// The values, group by group, ascending within a group, NULLs last.
  let values: OrderedNumbers
  /// Where the values of each group that are not NULL end.
  let knownEnds: [Int32]
  /// Whether each group has a NULL.
  let hasNulls: Bool

  /// Sorts the rows of an index by a column.
  init(_ column: Column, index: JoinIndex, run: QueryRun) throws(RuntimeFailure) {
    try index.sort(by: column, run: run)
    let sorted = column.gathered(index.rows).expanded()
    values = OrderedNumbers(sorted)
    var ends: [Int32] = []
    var hasNulls = false
    for group in 0..<index.starts.count - 1 {
      var end = index.starts[group + 1]
      if let validity = sorted.validity {
        while end > index.starts[group] && !validity[Int(end) - 1] {
          end -= 1
          hasNulls = true
        }
      }
      ends.append(end)
    }
    knownEnds = ends
    self.hasNulls = hasNulls
  }

  /// Narrows a group's range to the values that satisfy `<probe> <comparison> <value>`.
  func narrowed(
    _ range: Range<Int>,
    _ comparison: ComparisonOperator,
    _ probe: OrderedNumbers,
    _ row: Int
  ) -> Range<Int> {
    switch comparison {
    case .less:
      values.place(of: probe, row, in: range, after: true)..<range.upperBound
    case .lessOrEqual:
      values.place(of: probe, row, in: range, after: false)..<range.upperBound
    case .greater:
      range.lowerBound..<values.place(of: probe, row, in: range, after: false)
    case .greaterOrEqual:
      range.lowerBound..<values.place(of: probe, row, in: range, after: true)
    case .equal, .notEqual, .notDistinct, .distinct:
      range
    }
  }
}

/// Numbers of one physical type that can be searched.
enum OrderedNumbers {
  case int64([Int64])
  case int128([Int128])
  case float64([Double])

  init(_ column: Column) {
    switch column.expanded().data {
    case .int64(let values): self = .int64(values)
    case .int128(let values): self = .int128(values)
    case .float64(let values): self = .float64(values)
    case .boolean, .text, .dictionary, .interval, .list, .structure:
      preconditionFailure("only numbers bound a range")
    }
  }

  /// The first place in an ascending range whose value is not less than (or is greater than) a
  /// number of another column.
  func place(of other: OrderedNumbers, _ row: Int, in range: Range<Int>, after: Bool) -> Int {
    switch (self, other) {
    case (.int64(let values), .int64(let probes)):
      let probe = probes[row]
      return Self.partition(range) { after ? values[$0] <= probe : values[$0] < probe }
    case (.int128(let values), .int128(let probes)):
      let probe = probes[row]
      return Self.partition(range) { after ? values[$0] <= probe : values[$0] < probe }
    case (.float64(let values), .float64(let probes)):
      // NaN is greater than every number and equal to itself.
      let probe = probes[row]
      return Self.partition(range) { place in
        let value = values[place]
        if value.isNaN { return after && probe.isNaN }
        return probe.isNaN || (after ? value <= probe : value < probe)
      }
    case (.int64, _), (.int128, _), (.float64, _):
      preconditionFailure("both sides of a comparison have one type")
    }
  }

  /// The first place of a range for which a condition, true up to some place, is false.
  @inline(__always)
  private static func partition(_ range: Range<Int>, _ isBefore: (Int) -> Bool) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The bounds of the rows of one batch.
struct RangeProbe {
  private let range: RangeValues
  private let comparisons: [ComparisonOperator]
  private let values: [OrderedNumbers]
  private let validity: [[Bool]?]

  init(_ range: RangeValues, comparisons: [ComparisonOperator], columns: [Column]) {
    self.range = range
    self.comparisons = comparisons
    values = columns.map { OrderedNumbers($0) }
    validity = columns.map { $0.validityPerRow() }
  }

  /// Narrows the matches of a row by key to those within its bounds.
  func matches(of row: Int, group: Int32, in whole: Range<Int>) -> Range<Int> {
    guard !whole.isEmpty else { return whole }
    var matches = whole.lowerBound..<Int(range.knownEnds[Int(group)])
    for bound in comparisons.indices {
      guard validity[bound]?[row] ?? true else { return whole.lowerBound..<whole.lowerBound }
      matches = range.narrowed(matches, comparisons[bound], values[bound], row)
      if matches.isEmpty { return matches }
    }
    return matches
  }

  /// Whether NULL alone may keep an unmatched row from matching; only for a single bound.
  func isUnknown(_ row: Int, group: Int32, in whole: Range<Int>) -> Bool {
    guard !whole.isEmpty else { return false }
    if !(validity[0]?[row] ?? true) { return true }
    return Int(range.knownEnds[Int(group)]) < whole.upperBound
  }

  /// Whether unknown rows can be told without trying pairs.
  var hasSingleBound: Bool { comparisons.count == 1 }
}
