internal import TundishColumns
internal import TundishSyntax

/// Counts, sums, means and extremes of moving frames, without visiting each frame's rows.
extension WindowEvaluation {
  /// Returns the values; nil for functions and types that have no quick way.
  func quickResult(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column? {
    switch (function.name, arguments.count) {
    case ("count", 0):
      return try counts(validCounts(filter), frames)
    case ("count", 1):
      return try counts(validCounts(validPlaces(arguments[0])), frames)
    case ("sum", 1), ("avg", 1):
      return try sums(function, frames)
    case ("min", 1), ("max", 1):
      return try extremes(isMinimum: function.name == "min", frames)
    default:
      return nil
    }
  }

  private func counts(
    _ before: [Int32],
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column {
    .integers(
      try run.map(count: partitions.count) { place in
        var count: Int32 = 0
        frames.forEachRange(at: place, partitions) { range in
          count += before[range.upperBound] - before[range.lowerBound]
        }
        return Int64(count)
      },
      type: .bigint
    )
  }

  // MARK: - Sums

  private func sums(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column? {
    let argument = arguments[0].expanded()
    let isValid = validPlaces(argument)
    let before = validCounts(isValid)
    try run.checkCancellation()
    switch argument.data {
    case .int64(let values):
      guard argument.type.isNumeric else { return nil }
      return try wholeSums(values.map { Int128($0) }, isValid, before, function, frames)
    case .int128(let values):
      return try wholeSums(values, isValid, before, function, frames)
    case .float64(let values):
      return try fractionSums(values, isValid, before, function, frames)
    case .boolean, .text, .dictionary, .interval, .list, .structure:
      return nil
    }
  }

  /// Sums of whole numbers from prefixes, which wrap around and so give exact differences.
  private func wholeSums(
    _ values: [Int128],
    _ isValid: [Bool]?,
    _ before: [Int32],
    _ function: ResolvedAggregate,
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column? {
    // Beyond 2^96 a sum of 2^31 values might not fit; the general way reports that.
    guard values.allSatisfy({ $0.magnitude < 1 << 96 }) else { return nil }
    try run.checkCancellation()
    var prefix: [Int128] = [0]
    prefix.reserveCapacity(values.count + 1)
    var sum: Int128 = 0
    for place in values.indices {
      if isValid?[place] ?? true { sum &+= values[place] }
      prefix.append(sum)
    }
    try run.checkCancellation()
    var totals = [Int128](repeating: 0, count: values.count)
    var counts = [Int64](repeating: 0, count: values.count)
    for place in values.indices {
      if place & 0xFFFF == 0 { try run.checkCancellation() }
      var total: Int128 = 0
      var count: Int32 = 0
      frames.forEachRange(at: place, partitions) { range in
        total &+= prefix[range.upperBound] &- prefix[range.lowerBound]
        count += before[range.upperBound] - before[range.lowerBound]
      }
      totals[place] = total
      counts[place] = Int64(count)
    }
    try run.checkCancellation()
    return try wholeResult(totals, counts, function)
  }

  private func wholeResult(
    _ totals: [Int128],
    _ counts: [Int64],
    _ function: ResolvedAggregate
  ) throws(RuntimeFailure) -> Column? {
    let validity = counts.map { $0 > 0 }
    let type = function.resultType
    if function.name == "sum" {
      switch type.physical {
      case .int128:
        return Column(type: type, data: .int128(totals), validity: validity, count: totals.count)
      case .int64:
        guard totals.allSatisfy({ Int64(exactly: $0) != nil }) else { return nil }
        return .integers(
          totals.map { Int64(truncatingIfNeeded: $0) },
          type: type,
          validity: validity
        )
      case .float64:
        return .doubles(totals.map(nearestDouble), validity: validity)
      case .boolean, .text, .interval, .list, .structure:
        return nil
      }
    }
    switch (type, arguments[0].type) {
    case (.double, _):
      return .doubles(
        zip(totals, counts).map { $1 == 0 ? 0 : nearestDouble($0) / Double($1) },
        validity: validity
      )
    case (.decimal(_, let scale), .decimal(_, let argumentScale)):
      guard type.physical == .int128 else { return nil }
      var factor: Int128 = 1
      for _ in 0..<max(0, scale - argumentScale) { factor *= 10 }
      var means: [Int128] = []
      means.reserveCapacity(totals.count)
      for (total, count) in zip(totals, counts) {
        let (scaled, overflow) = total.multipliedReportingOverflow(by: factor)
        if overflow { return nil }
        means.append(count == 0 ? 0 : Self.roundedQuotient(scaled, Int128(count)))
      }
      return Column(type: type, data: .int128(means), validity: validity, count: means.count)
    default:
      return nil
    }
  }

  /// The quotient rounded half to even; the divisor is positive.
  private static func roundedQuotient(_ dividend: Int128, _ divisor: Int128) -> Int128 {
    let (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
    let twice = rest.magnitude * 2
    let isUp =
      twice > divisor.magnitude || (twice == divisor.magnitude && quotient & 1 != 0)
    guard isUp else { return quotient }
    return dividend < 0 ? quotient - 1 : quotient + 1
  }

  /// Sums of fractions, with their rounding errors kept apart, so that a frame's sum does not
  /// depend on the frames before it.
  private func fractionSums(
    _ values: [Double],
    _ isValid: [Bool]?,
    _ before: [Int32],
    _ function: ResolvedAggregate,
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column {
    let isMean = function.name == "avg"
    let summands = values.indices.map { place in
      CompensatedSum(isValid?[place] ?? true ? values[place] : 0)
    }
    var results = [Double](repeating: 0, count: values.count)
    var validity = [Bool](repeating: true, count: values.count)
    let isRunning = frames.startsAtPartition && frames.exclusion == .noOthers
    let running = isRunning ? runningSums(summands) : []
    let tree =
      isRunning ? nil : SegmentTree(summands, empty: CompensatedSum(0)) { $0.adding($1) }
    for place in values.indices {
      if place & 0xFFFF == 0 { try run.checkCancellation() }
      var sum = CompensatedSum(0)
      var count: Int32 = 0
      frames.forEachRange(at: place, partitions) { range in
        count += before[range.upperBound] - before[range.lowerBound]
        sum = tree.map { sum.adding($0.combined(range)) } ?? running[range.upperBound - 1]
      }
      validity[place] = count > 0
      results[place] = isMean ? sum.value / Double(max(1, count)) : sum.value
    }
    return .doubles(results, validity: validity)
  }

  /// The sum of each place and those before it in its partition.
  private func runningSums(_ summands: [CompensatedSum]) -> [CompensatedSum] {
    var sums = summands
    for place in sums.indices.dropFirst()
    where partitions.partition[place] == partitions.partition[place - 1] {
      sums[place] = sums[place - 1].adding(summands[place])
    }
    return sums
  }

  // MARK: - Extremes

  /// The least or greatest value of each frame, found by rank.
  private func extremes(
    isMinimum: Bool,
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column {
    let argument = arguments[0]
    let isValid = validPlaces(argument)
    // The best rank wins; of equal values any one serves.
    let order = try EngineKernels.sortOrder(
      [(argument, SortDirection(isDescending: !isMinimum))],
      rowCount: argument.count,
      run: run
    )
    let none = Int32.max
    var ranks = [Int32](repeating: none, count: order.count)
    for (rank, place) in order.enumerated() where isValid?[Int(place)] ?? true {
      ranks[Int(place)] = Int32(rank)
    }
    let isRunning = frames.startsAtPartition && frames.exclusion == .noOthers
    let running = isRunning ? runningBest(ranks) : []
    let tree = isRunning ? nil : SegmentTree(ranks, empty: none) { min($0, $1) }
    let sources = try run.map(count: partitions.count) { (place) -> Int32 in
      var best = none
      frames.forEachRange(at: place, partitions) { range in
        best = min(best, tree?.combined(range) ?? running[range.upperBound - 1])
      }
      return best == none ? -1 : order[Int(best)]
    }
    return argument.gathered(sources)
  }

  private func runningBest(_ ranks: [Int32]) -> [Int32] {
    var best = ranks
    for place in best.indices.dropFirst()
    where partitions.partition[place] == partitions.partition[place - 1] {
      best[place] = min(best[place - 1], best[place])
    }
    return best
  }
}

/// A sum of doubles and the rounding error that it has gathered (Knuth's two-sum).
struct CompensatedSum {
  private var high: Double
  private var low = 0.0

  init(_ value: Double) {
    high = value
  }

  /// The sum, rounded.
  var value: Double { high.isFinite ? high + low : high }

  /// Returns the sum of both.
  func adding(_ other: CompensatedSum) -> CompensatedSum {
    let sum = high + other.high
    let part = sum - high
    var result = CompensatedSum(sum)
    result.low = low + other.low + ((high - (sum - part)) + (other.high - part))
    return result
  }
}
