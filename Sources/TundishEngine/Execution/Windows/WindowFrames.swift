internal import TundishColumns
internal import TundishSyntax

/// The frame of each place: a range of places, from which an exclusion may take a part.
struct WindowFrames {
  /// The first place of each frame.
  private(set) var lower: [Int32]
  /// The place after the last one of each frame; never before `lower`.
  private(set) var upper: [Int32]
  /// What is left out.
  let exclusion: WindowFrame.Exclusion
  /// Whether every frame begins with its partition.
  let startsAtPartition: Bool
  /// Whether every frame is its whole partition.
  let isWholePartition: Bool

  init(
    _ call: WindowCall,
    plan: WindowPlan,
    partitions: WindowPartitions,
    offsets: WindowOffsets,
    run: QueryRun
  ) throws(RuntimeFailure) {
    let frame = call.frame
    exclusion = frame.exclusion
    let bounds = FrameBounds(frame.mode, partitions: partitions, plan: plan, run: run)
    lower = try bounds.places(of: frame.start, isStart: true, offset: offsets.start, call.range)
    upper = try bounds.places(of: frame.end, isStart: false, offset: offsets.end, call.range)
    for place in lower.indices where upper[place] < lower[place] { upper[place] = lower[place] }
    let isUnboundedStart = if case .unboundedPreceding = frame.start { true } else { false }
    let isUnboundedEnd = if case .unboundedFollowing = frame.end { true } else { false }
    let allArePeers = plan.orderBy.isEmpty && frame.mode != .rows
    let startIsFirst =
      isUnboundedStart || (allArePeers && Self.isCurrentRow(frame.start))
    startsAtPartition = startIsFirst
    isWholePartition =
      startIsFirst && (isUnboundedEnd || (allArePeers && Self.isCurrentRow(frame.end)))
      && frame.exclusion == .noOthers
  }

  private static func isCurrentRow(_ bound: BoundFrame.Bound) -> Bool {
    if case .currentRow = bound { true } else { false }
  }

  /// Calls a function with the ranges that a frame consists of, in order.
  @inline(__always)
  func forEachRange(
    at place: Int,
    _ partitions: WindowPartitions,
    _ body: (Range<Int>) -> Void
  ) {
    let low = Int(lower[place])
    let high = Int(upper[place])
    guard low < high else { return }
    switch exclusion {
    case .noOthers:
      body(low..<high)
    case .currentRow:
      Self.without(place..<place + 1, low, high, body)
    case .group:
      Self.without(partitions.peerRange(at: place), low, high, body)
    case .ties:
      let peers = partitions.peerRange(at: place)
      if low < min(high, peers.lowerBound) { body(low..<min(high, peers.lowerBound)) }
      if low <= place && place < high { body(place..<place + 1) }
      if max(low, peers.upperBound) < high { body(max(low, peers.upperBound)..<high) }
    }
  }

  @inline(__always)
  private static func without(
    _ hole: Range<Int>,
    _ low: Int,
    _ high: Int,
    _ body: (Range<Int>) -> Void
  ) {
    let end = min(high, hole.lowerBound)
    if low < end { body(low..<end) }
    let start = max(low, hole.upperBound)
    if start < high { body(start..<high) }
  }

  /// The ranges of a frame.
  func ranges(at place: Int, _ partitions: WindowPartitions) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    forEachRange(at: place, partitions) { ranges.append($0) }
    return ranges
  }
}

/// The values of the offsets of a frame, by place; nil where a bound has none.
struct WindowOffsets {
  var start: Column?
  var end: Column?
}

/// Computes one end of all frames.
private struct FrameBounds {
  private let mode: WindowFrame.Mode
  private let partitions: WindowPartitions
  private let plan: WindowPlan
  private let run: QueryRun

  init(
    _ mode: WindowFrame.Mode,
    partitions: WindowPartitions,
    plan: WindowPlan,
    run: QueryRun
  ) {
    self.mode = mode
    self.partitions = partitions
    self.plan = plan
    self.run = run
  }

  func places(
    of bound: BoundFrame.Bound,
    isStart: Bool,
    offset: Column?,
    _ range: SourceRange
  ) throws(RuntimeFailure) -> [Int32] {
    switch bound {
    case .unboundedPreceding:
      return try run.map(count: partitions.count) { Int32(partitions.range(at: $0).lowerBound) }
    case .unboundedFollowing:
      return try run.map(count: partitions.count) { Int32(partitions.range(at: $0).upperBound) }
    case .currentRow:
      return try run.map(count: partitions.count) { place in
        if mode == .rows { return Int32(isStart ? place : place + 1) }
        let peers = partitions.peerRange(at: place)
        return Int32(isStart ? peers.lowerBound : peers.upperBound)
      }
    case .preceding(let expression), .following(let expression):
      guard let offset else { preconditionFailure("a bound with an offset has its values") }
      let isFollowing = if case .following = bound { true } else { false }
      if mode == .range {
        return try rangePlaces(
          offset,
          isFollowing: isFollowing,
          isStart: isStart,
          expression.range
        )
      }
      return try countedPlaces(
        offset,
        isFollowing: isFollowing,
        isStart: isStart,
        expression.range
      )
    }
  }

  /// ROWS and GROUPS: counts rows or peer groups.
  private func countedPlaces(
    _ offset: Column,
    isFollowing: Bool,
    isStart: Bool,
    _ range: SourceRange
  ) throws(RuntimeFailure) -> [Int32] {
    let values = offset.int64Values()
    let validity = offset.validityPerRow()
    for place in values.indices where values[place] < 0 || !(validity?[place] ?? true) {
      throw RuntimeFailure(
        ExecutionError(
          .invalidArgument,
          "the offset of a window frame must be a number that is not negative"
        ),
        at: range
      )
    }
    return try run.map(count: partitions.count) { place in
      let bounds = partitions.range(at: place)
      let count = Int(clamping: min(values[place], Int64(Int32.max)))
      let shift = isFollowing ? count : -count
      if mode == .rows {
        let target = place + shift + (isStart ? 0 : 1)
        return Int32(min(max(target, bounds.lowerBound), bounds.upperBound))
      }
      let group = Int(partitions.peers[place]) + shift
      let first = Int(partitions.peers[bounds.lowerBound])
      let last = Int(partitions.peers[bounds.upperBound - 1])
      if group < first { return Int32(bounds.lowerBound) }
      if group > last { return Int32(bounds.upperBound) }
      return partitions.peerStarts[isStart ? group : group + 1]
    }
  }

  /// RANGE: finds where the key plus or minus the offset would stand.
  private func rangePlaces(
    _ offset: Column,
    isFollowing: Bool,
    isStart: Bool,
    _ range: SourceRange
  ) throws(RuntimeFailure) -> [Int32] {
    guard let sortKey = plan.orderBy.first, partitions.orderKeys.count == 1 else {
      throw RuntimeFailure(
        ExecutionError(
          .invalidArgument,
          "RANGE with an offset needs exactly one ORDER BY expression"
        ),
        at: range
      )
    }
    let key = partitions.orderKeys[0]
    // Following means later in the order: a smaller value where the order descends.
    let isSum = isFollowing != sortKey.isDescending
    let (keys, targets) = try RangeArithmetic.targets(
      key,
      offset,
      isSum: isSum,
      range: range,
      context: run.context.functions
    )
    let isDescending = sortKey.isDescending
    return try run.map(count: partitions.count) { place in
      guard let target = targets.value(at: place) else {
        // NULL keys are peers of each other only.
        let peers = partitions.peerRange(at: place)
        return Int32(isStart ? peers.lowerBound : peers.upperBound)
      }
      let known = knownRange(at: place, keys, nullsFirst: sortKey.nullsFirst)
      var low = known.lowerBound
      var high = known.upperBound
      while low < high {
        let middle = (low + high) / 2
        let value = keys.values[middle]
        let isBefore = isDescending ? value > target : value < target
        let isAhead = isBefore || (!isStart && value == target)
        if isAhead { low = middle + 1 } else { high = middle }
      }
      return Int32(low)
    }
  }

  /// The places of a partition whose key is not NULL.
  private func knownRange(at place: Int, _ keys: RangeKeys, nullsFirst: Bool) -> Range<Int> {
    let bounds = partitions.range(at: place)
    guard let validity = keys.validity else { return bounds }
    // NULLs are one run of peers at one end of the partition.
    if nullsFirst && !validity[bounds.lowerBound] {
      return partitions.peerRange(at: bounds.lowerBound).upperBound..<bounds.upperBound
    }
    if !nullsFirst && !validity[bounds.upperBound - 1] {
      return bounds.lowerBound..<partitions.peerRange(at: bounds.upperBound - 1).lowerBound
    }
    return bounds
  }
}
