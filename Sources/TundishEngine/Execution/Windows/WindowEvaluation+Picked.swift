internal import TundishColumns
internal import TundishSyntax

/// Aggregates of moving frames that pick one row of each, which is found without visiting the
/// frame's rows.
extension WindowEvaluation {
  /// Returns the values; nil for functions, types and frames that have no such way.
  func pickedResult(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column? {
    switch (function.name, arguments.count) {
    case ("first", 1):
      return try ends(function, filter, frames, isLast: false)
    case ("last", 1):
      return try ends(function, filter, frames, isLast: true)
    case ("any_value", 1):
      return try ends(function, validPlaces(arguments[0]), frames, isLast: false)
    case ("arg_min", 2), ("arg_max", 2):
      return try bestRows(function, frames, isMinimum: function.name == "arg_min")
    case ("mode", 1):
      return try mostFrequent(function, frames)
    default:
      return nil
    }
  }

  /// The function of the first or last row of each frame that counts.
  private func ends(
    _ function: ResolvedAggregate,
    _ counted: [Bool]?,
    _ frames: WindowFrames,
    isLast: Bool
  ) throws(RuntimeFailure) -> Column {
    let known = KnownPlaces(counted, count: partitions.count)
    return try picked(function) { place in
      let ranges = frames.ranges(at: place, partitions).map { known.numbers(in: $0) }
        .filter { !$0.isEmpty }
      return (isLast ? ranges.last?.last : ranges.first?.first).map { known.places[$0] }
    }
  }

  /// The function of the row with the least or greatest key, of equal keys the first.
  private func bestRows(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames,
    isMinimum: Bool
  ) throws(RuntimeFailure) -> Column? {
    let key = arguments[1]
    guard key.type.hasQuickOrder || key.type == .varchar else { return nil }
    let counted = validPlaces(arguments[0])
    let keyed = validPlaces(key)
    let both = counted.map { counted in
      keyed.map { zip(counted, $0).map { $0 && $1 } } ?? counted
    }
    let order = try EngineKernels.sortOrder(
      [(key, SortDirection(isDescending: !isMinimum))],
      rowCount: key.count,
      run: run
    )
    var ranks = [Int32](repeating: 0, count: order.count)
    for (rank, place) in order.enumerated() { ranks[Int(place)] = Int32(rank) }
    let known = KnownPlaces(both ?? keyed, count: partitions.count)
    let tree = RankTree(known.places.map { ranks[Int($0)] }, bound: order.count)
    return try picked(function) { place in
      let ranges = frames.ranges(at: place, partitions).map { known.numbers(in: $0) }
      guard ranges.contains(where: { !$0.isEmpty }) else { return nil }
      return order[Int(tree.rank(0, in: ranges))]
    }
  }

  /// The function of the first row of each frame that has the most frequent value, of values that
  /// are equally frequent the one that comes first.
  ///
  /// Nil where the ends of the frames move about so much that counting each frame is no dearer.
  private func mostFrequent(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column? {
    let count = partitions.count
    guard frames.exclusion == .noOthers, count > 0 else { return nil }
    var rows = 0
    var moves = 0
    var last = 0..<0
    for place in 0..<count {
      let range = frame(at: place, frames)
      rows += range.count
      moves += abs(range.lowerBound - last.lowerBound) + abs(range.upperBound - last.upperBound)
      last = range
    }
    guard moves < rows / 8 else { return nil }
    let values = try GroupAssigner(types: [arguments[0].type])
      .assign([arguments[0]], rowCount: count, run: run)
    var window = FrequencyWindow(values, validPlaces(arguments[0]))
    return try picked(function) { place in
      window.move(to: frame(at: place, frames))
      return window.mostFrequent
    }
  }

  private func frame(at place: Int, _ frames: WindowFrames) -> Range<Int> {
    let lower = Int(frames.lower[place])
    return lower..<max(lower, Int(frames.upper[place]))
  }

  /// The function of one row per place, or of none.
  private func picked(
    _ function: ResolvedAggregate,
    _ pick: (_ place: Int) -> Int32?
  ) throws(RuntimeFailure) -> Column {
    var places: [Int32] = []
    var groups: [Int32] = []
    for place in 0..<partitions.count {
      if place & 0xFFF == 0 { try run.checkCancellation() }
      guard let found = pick(place) else { continue }
      places.append(found)
      groups.append(Int32(place))
    }
    return try grouped(function, places: places, groups: groups, groupCount: partitions.count)
  }
}

/// How often each value occurs in a range of places that moves, and which is the most frequent.
///
/// A tree over the values has, at each node, the more frequent value of its two halves, so that a
/// place that comes or goes costs one step per level.
struct FrequencyWindow {
  private let values: [Int32]
  private let isValid: [Bool]?
  /// Per place, the next one with the same value.
  private var next: [Int32]
  private var range = 0..<0
  /// Per value, how often it occurs in the range, and where first.
  private var counts: [Int32]
  private var first: [Int32]
  /// The tree: the leaf of value `v` is `leafCount + v`, the parent of `n` is `n / 2`.
  private var best: [Int32]
  private let leafCount: Int

  /// A window of no places.
  ///
  /// - Parameters:
  ///   - values: A number below the number of places for each place, the same for equal values.
  ///   - isValid: Which places count; all if nil.
  init(_ values: [Int32], _ isValid: [Bool]?) {
    self.values = values
    self.isValid = isValid
    let valueCount = Int(values.max() ?? -1) + 1
    next = [Int32](repeating: Int32(values.count), count: values.count)
    var following = [Int32](repeating: Int32(values.count), count: valueCount)
    for place in values.indices.reversed() where isValid?[place] ?? true {
      next[place] = following[Int(values[place])]
      following[Int(values[place])] = Int32(place)
    }
    counts = [Int32](repeating: 0, count: valueCount)
    first = [Int32](repeating: 0, count: valueCount)
    var leafCount = 1
    while leafCount < valueCount { leafCount *= 2 }
    self.leafCount = leafCount
    best = [Int32](repeating: -1, count: 2 * leafCount)
  }

  /// The first place of the most frequent value; nil where no place counts.
  var mostFrequent: Int32? {
    best[1] < 0 ? nil : first[Int(best[1])]
  }

  /// Moves the window, one place at a time.
  mutating func move(to target: Range<Int>) {
    if !range.overlaps(target) {
      for place in range { remove(place) }
      range = target.lowerBound..<target.lowerBound
    }
    while range.lowerBound > target.lowerBound {
      range = range.lowerBound - 1..<range.upperBound
      add(range.lowerBound, isFirst: true)
    }
    while range.upperBound < target.upperBound {
      add(range.upperBound, isFirst: false)
      range = range.lowerBound..<range.upperBound + 1
    }
    while range.lowerBound < target.lowerBound {
      remove(range.lowerBound)
      range = range.lowerBound + 1..<range.upperBound
    }
    while range.upperBound > target.upperBound {
      range = range.lowerBound..<range.upperBound - 1
      remove(range.upperBound)
    }
  }

  private mutating func add(_ place: Int, isFirst: Bool) {
    guard isValid?[place] ?? true else { return }
    let value = Int(values[place])
    if isFirst || counts[value] == 0 { first[value] = Int32(place) }
    counts[value] += 1
    update(value)
  }

  private mutating func remove(_ place: Int) {
    guard isValid?[place] ?? true else { return }
    let value = Int(values[place])
    counts[value] -= 1
    if first[value] == place { first[value] = next[place] }
    update(value)
  }

  private mutating func update(_ value: Int) {
    var node = leafCount + value
    best[node] = counts[value] > 0 ? Int32(value) : -1
    while node > 1 {
      node /= 2
      best[node] = preferred(best[2 * node], best[2 * node + 1])
    }
  }

  private func preferred(_ left: Int32, _ right: Int32) -> Int32 {
    guard left >= 0 else { return right }
    guard right >= 0 else { return left }
    let (leftCount, rightCount) = (counts[Int(left)], counts[Int(right)])
    if leftCount != rightCount { return leftCount > rightCount ? left : right }
    return first[Int(left)] < first[Int(right)] ? left : right
  }
}
