internal import TundishColumns
internal import TundishSyntax

extension WindowEvaluation {
  /// `first_value(x ORDER BY y) OVER (ORDER BY z ...)`: one row of the frame by an order of its own.
  func orderedPickResult(_ frames: WindowFrames) throws(RuntimeFailure) -> Column {
    let count = partitions.count
    let order = try EngineKernels.sortOrder(
      zip(argumentOrder, call.argumentOrder).map { ($0, $1.direction) },
      rowCount: count,
      run: run
    )
    var ranks = [Int32](repeating: 0, count: count)
    for (rank, place) in order.enumerated() { ranks[Int(place)] = Int32(rank) }
    let known = KnownPlaces(countedPlaces(), count: count)
    let tree = RankTree(known.places.map { ranks[Int($0)] }, bound: count)
    let numbers = try pickNumbers()
    let isLast = if case .lastValue = call.function { true } else { false }
    var sources = [Int32](repeating: -1, count: count)
    for place in sources.indices {
      if place & 0xFFF == 0 { try run.checkCancellation() }
      let wanted: Int64? = if let numbers { numbers[place] } else { 1 }
      guard let wanted else { continue }
      let ranges = frames.ranges(at: place, partitions).map { known.numbers(in: $0) }
      let size = ranges.reduce(0) { $0 + $1.count }
      let number = isLast ? size - 1 : Int(clamping: wanted - 1)
      guard number >= 0, number < size else { continue }
      sources[place] = order[Int(tree.rank(number, in: ranges))]
    }
    return arguments[0].gathered(sources)
  }
}
