internal import TundishColumns
internal import TundishSyntax

/// Ranks by an order of the call's own: `rank(ORDER BY x) OVER (ORDER BY y ...)` is the place that the
/// row has, or would have, among the rows of its frame ordered by x.
extension WindowEvaluation {
  /// All rows by the call's own order, and where each of them stands there.
  private struct OwnOrder {
    /// The places in order.
    let order: [Int32]
    /// The number of each place in the order.
    let ranks: [Int32]
    /// The number of the first of the equal rows around each place.
    let firsts: [Int32]
    /// One more than the number of the last of them.
    let ends: [Int32]
    /// Finds rows of a frame by their numbers.
    let tree: RankTree
    /// The places that FILTER leaves.
    let known: KnownPlaces
  }

  /// `row_number`, `rank`, `percent_rank`, `cume_dist` and `ntile` within frames.
  func orderedRankResult(_ frames: WindowFrames) throws(RuntimeFailure) -> Column {
    let own = ownOrder()
    let places = 0..<partitions.count
    func below(_ rank: Int32, at place: Int) -> Int {
      own.tree.count(below: rank, in: ranges(at: place, frames, own))
    }
    func size(at place: Int) -> Int {
      ranges(at: place, frames, own).reduce(0) { $0 + $1.count }
    }
    switch call.function {
    case .rowNumber:
      return .integers(places.map { Int64(below(own.ranks[$0], at: $0) + 1) }, type: .bigint)
    case .rank:
      return .integers(places.map { Int64(below(own.firsts[$0], at: $0) + 1) }, type: .bigint)
    case .percentRank:
      return .doubles(
        places.map { place in
          let size = size(at: place)
          return size > 1 ? Double(below(own.firsts[place], at: place)) / Double(size - 1) : 0
        }
      )
    case .cumeDist:
      return .doubles(
        places.map { place in
          let size = size(at: place)
          return size > 0 ? Double(below(own.ends[place], at: place)) / Double(size) : 0
        }
      )
    case .ntile:
      return try tiles { place in
        (number: below(own.ranks[place], at: place), count: size(at: place))
      }
    case .denseRank, .lag, .lead, .firstValue, .lastValue, .nthValue, .fill, .aggregate:
      preconditionFailure("these functions have no rank by an order of their own")
    }
  }

  /// `lag` and `lead` within frames.
  func orderedShiftResult(_ frames: WindowFrames) throws(RuntimeFailure) -> Column {
    let own = ownOrder()
    return try shifted { place, step in
      // No step leads to the row itself, be it in its frame or not.
      if step == 0 { return place }
      let ranges = ranges(at: place, frames, own)
      let number = own.tree.count(below: own.ranks[place], in: ranges)
      // Beside a frame that the row is no part of, the one that comes next stands at its own number.
      let after = own.tree.count(below: own.ranks[place] + 1, in: ranges)
      let isMissing = after == number
      let (target, overflow) = number.addingReportingOverflow(
        step > 0 && isMissing ? step - 1 : step
      )
      guard !overflow, target >= 0, target < ranges.reduce(0, { $0 + $1.count }) else {
        return nil
      }
      return Int(own.order[Int(own.tree.rank(target, in: ranges))])
    }
  }

  private func ranges(at place: Int, _ frames: WindowFrames, _ own: OwnOrder) -> [Range<Int>] {
    frames.ranges(at: place, partitions).map { own.known.numbers(in: $0) }
  }

  private func ownOrder() -> OwnOrder {
    let count = partitions.count
    let order = EngineKernels.sortOrder(
      zip(argumentOrder, call.argumentOrder).map { ($0, $1.direction) },
      rowCount: count
    )
    var ranks = [Int32](repeating: 0, count: count)
    for (rank, place) in order.enumerated() { ranks[Int(place)] = Int32(rank) }
    var firsts = ranks
    var ends = ranks
    var start = 0
    while start < count {
      let values = argumentOrder.map { $0.value(at: Int(order[start])) }
      var end = start + 1
      while end < count, argumentOrder.map({ $0.value(at: Int(order[end])) }) == values { end += 1 }
      for number in start..<end {
        firsts[Int(order[number])] = Int32(start)
        ends[Int(order[number])] = Int32(end)
      }
      start = end
    }
    let known = KnownPlaces(filter, count: count)
    return OwnOrder(
      order: order,
      ranks: ranks,
      firsts: firsts,
      ends: ends,
      tree: RankTree(known.places.map { ranks[Int($0)] }, bound: count),
      known: known
    )
  }
}
