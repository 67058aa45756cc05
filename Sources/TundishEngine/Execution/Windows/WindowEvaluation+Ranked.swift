internal import TundishColumns
internal import TundishSyntax

/// Aggregates of moving frames that a tree of ranks finds without visiting each frame's rows.
extension WindowEvaluation {
  /// Returns the values; nil for functions, types and frames that have no such way.
  func rankedResult(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column? {
    switch (function.name, call.isDistinct, arguments.count) {
    case ("median", false, 1):
      return try middles(function, frames) { ($0 - 1) / 2...$0 / 2 }
    case ("quantile_disc", false, 2):
      guard call.arguments[1].isConstant, arguments[1].count > 0,
        let fraction = arguments[1].value(at: 0).asDouble, (-1...1).contains(fraction)
      else { return nil }
      return try middles(function, frames) { count in
        let position = Quantile.position(of: fraction, count: count)
        return position...position
      }
    case ("quantile_cont", false, 2):
      guard call.arguments[1].isConstant, arguments[1].count > 0,
        let fraction = arguments[1].value(at: 0).asDouble, (-1...1).contains(fraction)
      else { return nil }
      return try neighbours(function, frames, fraction)
    case ("count", true, 1):
      return frames.exclusion == .noOthers ? try distinctCounts(frames) : nil
    default:
      return nil
    }
  }

  /// The function of the values that sorting each frame would put at some positions, which are all
  /// that it depends on.
  private func middles(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames,
    _ positions: (_ count: Int) -> ClosedRange<Int>
  ) throws(RuntimeFailure) -> Column? {
    var places: [Int32] = []
    var groups: [Int32] = []
    let isRanked = try forEachRankedFrame(frames) { place, count, pick in
      for position in positions(count) {
        places.append(pick(position))
        groups.append(Int32(place))
      }
    }
    guard isRanked else { return nil }
    return try grouped(function, places: places, groups: groups, groupCount: partitions.count)
  }

  /// The quantile between the two values next to its position, each of which is the quantile of
  /// itself alone.
  private func neighbours(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames,
    _ fraction: Double
  ) throws(RuntimeFailure) -> Column? {
    var low: [Int32] = []
    var high: [Int32] = []
    var groups: [Int32] = []
    var shares = [Double](repeating: 0, count: partitions.count)
    let isRanked = try forEachRankedFrame(frames) { place, count, pick in
      let (position, share) = Quantile.place(of: fraction, count: count)
      let first = pick(position)
      low.append(first)
      high.append(share > 0 ? pick(position + 1) : first)
      groups.append(Int32(place))
      shares[place] = share
    }
    guard isRanked else { return nil }
    let count = partitions.count
    return Quantile.between(
      try grouped(function, places: low, groups: groups, groupCount: count),
      try grouped(function, places: high, groups: groups, groupCount: count),
      shares: shares
    )
  }

  /// Visits each frame that has values, with their number and a way to the place of the one that
  /// sorting would put at a position; false for types that have no quick order.
  private func forEachRankedFrame(
    _ frames: WindowFrames,
    _ visit: (_ place: Int, _ count: Int, _ pick: (Int) -> Int32) -> Void
  ) throws(RuntimeFailure) -> Bool {
    let argument = arguments[0]
    guard argument.type.hasQuickOrder else { return false }
    let order = try EngineKernels.sortOrder(
      [(argument, SortDirection())],
      rowCount: argument.count,
      run: run
    )
    var ranks = [Int32](repeating: 0, count: order.count)
    for (rank, place) in order.enumerated() { ranks[Int(place)] = Int32(rank) }
    let known = KnownPlaces(validPlaces(argument), count: partitions.count)
    let tree = RankTree(known.places.map { ranks[Int($0)] }, bound: order.count)
    for place in 0..<partitions.count {
      if place & 0xFFF == 0 { try run.checkCancellation() }
      let ranges = frames.ranges(at: place, partitions).map { known.numbers(in: $0) }
      let count = ranges.reduce(0) { $0 + $1.count }
      guard count > 0 else { continue }
      visit(place, count) { order[Int(tree.rank($0, in: ranges))] }
    }
    return true
  }

  /// How many places of each frame have a value that no place before them in the frame has.
  private func distinctCounts(_ frames: WindowFrames) throws(RuntimeFailure) -> Column {
    let known = KnownPlaces(validPlaces(arguments[0]), count: partitions.count)
    let values = try GroupAssigner(types: [arguments[0].type])
      .assign([arguments[0]], rowCount: partitions.count, run: run)
    // Per place that counts, the number after that of the last one with the same value, or 0.
    var last: [Int32: Int32] = [:]
    var previous: [Int32] = []
    previous.reserveCapacity(known.places.count)
    for (number, place) in known.places.enumerated() {
      if number & 0xFFFF == 0 { try run.checkCancellation() }
      let next = Int32(number + 1)
      previous.append(last.updateValue(next, forKey: values[Int(place)]) ?? 0)
    }
    let tree = RankTree(previous, bound: previous.count + 1)
    let counts = try run.map(count: partitions.count) { place in
      let numbers = known.numbers(in: Int(frames.lower[place])..<Int(frames.upper[place]))
      return Int64(tree.count(below: Int32(numbers.lowerBound + 1), in: numbers))
    }
    return .integers(counts, type: .bigint)
  }
}
