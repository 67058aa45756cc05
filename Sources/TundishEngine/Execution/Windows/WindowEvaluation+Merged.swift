internal import TundishColumns
internal import TundishSyntax

// Aggregates of running and moving frames whose states can be merged.
extension WindowEvaluation {
  // MARK: - Running frames of any mergeable function

  /// Functions whose states are a few numbers per group, so that merging all groups is cheap; not
  /// those that keep their rows, whose states cannot be merged with themselves.
  static func isCheaplyMerged(_ function: ResolvedAggregate) -> Bool {
    let prefixes = [
      "stddev", "var", "corr", "covar", "regr", "bool_", "bit_", "product", "count_if",
    ]
    return prefixes.contains { function.name.hasPrefix($0) }
      || ["share", "sem"].contains(function.name)
  }

  /// Frames that start with their partition, or from the end those that end with it, by doubling.
  ///
  /// After step k the state of a place covers the 2^k places up to it, and merging it with itself
  /// moved by 2^k covers twice as many; from the end the places after it.
  func runningResult(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames,
    fromEnd: Bool
  ) throws(RuntimeFailure) -> Column {
    let count = partitions.count
    var state = try placeStates(function)
    let longest = (1..<partitions.starts.count).reduce(0) {
      max($0, Int(partitions.starts[$1] - partitions.starts[$1 - 1]))
    }
    // One more group than places takes what falls outside a partition, and is never read.
    let identity = [Int32](0...Int32(count))
    var width = 1
    while width < longest {
      try run.checkCancellation()
      let shifted = try run.map(count: count + 1) { (place) -> Int32 in
        let target = fromEnd ? place - width : place + width
        guard place < count, target >= 0, target < count,
          partitions.partition[target] == partitions.partition[place]
        else { return Int32(count) }
        return Int32(target)
      }
      let next = try makeState(function)
      next.resize(groupCount: count + 1)
      let current = state
      try blaming(call.range) { () throws(ExecutionError) in
        try next.merge(current, mapping: shifted)
        try next.merge(current, mapping: identity)
      }
      state = next
      width *= 2
    }
    // An empty frame has the result of a group without rows: the first group of a fresh state.
    let empty = try makeState(function)
    empty.resize(groupCount: 1)
    let ends = (0..<count).map { place in
      guard frames.upper[place] > frames.lower[place] else { return Int32(count) }
      return fromEnd ? frames.lower[place] : frames.upper[place] - 1
    }
    return try blaming(call.range) { () throws(ExecutionError) in
      let values = try state.finish(groupCount: count)
      let none = try empty.finish(groupCount: 1)
      return try Column.concatenated([values, none], type: values.type).gathered(ends)
    }
  }

  private func makeState(
    _ function: ResolvedAggregate
  ) throws(RuntimeFailure) -> any AggregateState {
    try AggregateRunner.makeState(function, arguments: call.arguments, range: call.range, run: run)
  }

  /// A state with a group per place that counts, and one more group.
  private func placeStates(
    _ function: ResolvedAggregate
  ) throws(RuntimeFailure) -> any AggregateState {
    let count = partitions.count
    let state = try makeState(function)
    state.resize(groupCount: count + 1)
    let places = filter.map { filter in rowNumbers(count: count) { filter[$0] } }
    try blaming(call.range) { () throws(ExecutionError) in
      try state.update(
        arguments: places.map { places in arguments.map { $0.gathered(places) } } ?? arguments,
        groups: places ?? [Int32](0..<Int32(count)),
        rowCount: places?.count ?? count
      )
    }
    return state
  }

  // MARK: - Moving frames

  /// The rows per frame from which merging states is worth while.
  private static let wideFrame = 32

  /// Frames that move: those at the start of their partition are prefixes, those at its end are
  /// suffixes, and the others are put together out of states of 2^k places.
  ///
  /// Nil where the frames are narrow, or of so many widths that several would need one state at once.
  func movingResult(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column? {
    let count = partitions.count
    guard frames.exclusion == .noOthers, count > 0 else { return nil }
    let rows = (0..<count).reduce(0) { $0 + max(0, Int(frames.upper[$1] - frames.lower[$1])) }
    guard rows > Self.wideFrame * count else { return nil }
    var choices = [Int32](repeating: 0, count: count)
    var inner: [Int32] = []
    for place in 0..<count {
      let partition = Int(partitions.partition[place])
      let isEmpty = frames.upper[place] <= frames.lower[place]
      if isEmpty || frames.lower[place] == partitions.starts[partition] {
        choices[place] = Int32(place)
      } else if frames.upper[place] == partitions.starts[partition + 1] {
        choices[place] = Int32(count + place)
      } else {
        choices[place] = Int32(2 * count + place)
        inner.append(Int32(place))
      }
    }
    guard let middle = try innerResult(function, frames, inner) else { return nil }
    let pieces = [
      try runningResult(function, frames, fromEnd: false),
      try runningResult(function, frames, fromEnd: true), middle,
    ]
    return try blaming(call.range) { () throws(ExecutionError) in
      try Column.concatenated(pieces, type: call.column.type).gathered(choices)
    }
  }

  /// A frame of n places is one state of 2^k places for each bit k of n, one after the other.
  private func innerResult(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames,
    _ inner: [Int32]
  ) throws(RuntimeFailure) -> Column? {
    let count = partitions.count
    let none = Int32(count)
    let widest = inner.reduce(0) { max($0, frames.upper[Int($1)] - frames.lower[Int($1)]) }
    let result = try makeState(function)
    result.resize(groupCount: count + 1)
    var state = try placeStates(function)
    let identity = [Int32](0...none)
    var width: Int32 = 1
    while width <= widest {
      try run.checkCancellation()
      var readers = [Int32](repeating: none, count: count + 1)
      for place in inner {
        let size = frames.upper[Int(place)] - frames.lower[Int(place)]
        guard size & width != 0 else { continue }
        let source = Int(frames.lower[Int(place)] + size & (width - 1))
        guard readers[source] == none else { return nil }
        readers[source] = place
      }
      // The places from one on: those of the first half, then those that follow.
      let following = identity.map { $0 < width || $0 == none ? none : $0 - width }
      let next = try makeState(function)
      next.resize(groupCount: count + 1)
      let current = state
      let isLast = width > widest / 2
      try blaming(call.range) { () throws(ExecutionError) in
        try result.merge(current, mapping: readers)
        if isLast { return }
        try next.merge(current, mapping: identity)
        try next.merge(current, mapping: following)
      }
      if isLast { break }
      state = next
      width *= 2
    }
    return try blaming(call.range) { () throws(ExecutionError) in
      try result.finish(groupCount: count)
    }
  }
}
