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
    let argument = arguments[0]
    guard argument.type.hasQuickOrder else { return nil }
    let order = try EngineKernels.sortOrder(
      [(argument, SortDirection())],
      rowCount: argument.count,
      run: run
    )
    var ranks = [Int32](repeating: 0, count: order.count)
    for (rank, place) in order.enumerated() { ranks[Int(place)] = Int32(rank) }
    let known = KnownPlaces(validPlaces(argument), count: partitions.count)
    let tree = RankTree(known.places.map { ranks[Int($0)] }, bound: order.count)
    var places: [Int32] = []
    var groups: [Int32] = []
    for place in 0..<partitions.count {
      if place & 0xFFF == 0 { try run.checkCancellation() }
      let ranges = frames.ranges(at: place, partitions).map { known.numbers(in: $0) }
      let count = ranges.reduce(0) { $0 + $1.count }
      guard count > 0 else { continue }
      for position in positions(count) {
        places.append(order[Int(tree.rank(position, in: ranges))])
        groups.append(Int32(place))
      }
    }
    return try grouped(function, places: places, groups: groups, groupCount: partitions.count)
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
