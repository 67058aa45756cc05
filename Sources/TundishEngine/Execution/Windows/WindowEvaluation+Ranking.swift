internal import TundishColumns
internal import TundishSyntax

extension WindowEvaluation {
  /// The ranking functions, which look at the order only.
  func rankResult() throws(RuntimeFailure) -> Column {
    switch call.function {
    case .rowNumber:
      return try integers { place in place - partitions.range(at: place).lowerBound + 1 }
    case .rank:
      return try integers { place in rank(at: place) }
    case .denseRank:
      return try integers { place in
        let first = partitions.range(at: place).lowerBound
        return Int(partitions.peers[place] - partitions.peers[first]) + 1
      }
    case .percentRank:
      return .doubles(
        try run.map(count: partitions.count) { place in
          let count = partitions.range(at: place).count
          return count == 1 ? 0 : Double(rank(at: place) - 1) / Double(count - 1)
        }
      )
    case .cumeDist:
      return .doubles(
        try run.map(count: partitions.count) { place in
          let range = partitions.range(at: place)
          let end = partitions.peerRange(at: place).upperBound
          return Double(end - range.lowerBound) / Double(range.count)
        }
      )
    case .ntile:
      return try tiles { place in
        let range = partitions.range(at: place)
        return (number: place - range.lowerBound, count: range.count)
      }
    case .lag, .lead, .firstValue, .lastValue, .nthValue, .fill, .aggregate:
      preconditionFailure("these functions do not rank")
    }
  }

  private func rank(at place: Int) -> Int {
    partitions.peerRange(at: place).lowerBound - partitions.range(at: place).lowerBound + 1
  }

  private func integers(_ value: (Int) -> Int) throws(RuntimeFailure) -> Column {
    .integers(try run.map(count: partitions.count) { Int64(value($0)) }, type: .bigint)
  }

  /// `ntile(n)`: the first buckets are one row larger where the rows do not divide evenly.
  func tiles(
    _ standing: (Int) -> (number: Int, count: Int)
  ) throws(RuntimeFailure) -> Column {
    let counts = arguments[0].int64Values()
    let validity = arguments[0].validityPerRow()
    for place in counts.indices where counts[place] <= 0 && (validity?[place] ?? true) {
      throw RuntimeFailure(
        ExecutionError(.invalidArgument, "ntile needs a number of buckets above zero"),
        at: call.arguments[0].range
      )
    }
    let standings = (0..<partitions.count).map(standing)
    let isEmpty = standings.contains { $0.count == 0 }
    let known = isEmpty ? standings.indices.map { standings[$0].count > 0 } : nil
    return .integers(
      try run.map(count: partitions.count) { place in
        guard validity?[place] ?? true, standings[place].count > 0 else { return 0 }
        let count = Int64(standings[place].count)
        let number = min(Int64(standings[place].number), count - 1)
        let bucketCount = min(counts[place], count)
        let size = count / bucketCount
        let larger = count % bucketCount
        let inLarger = larger * (size + 1)
        return number < inLarger
          ? number / (size + 1) + 1 : larger + (number - inLarger) / size + 1
      },
      type: .bigint,
      validity: known.map { known in
        validity.map { zip($0, known).map { $0 && $1 } } ?? known
      } ?? validity
    )
  }

  /// `lag` and `lead`: the value some rows before or after, in the partition.
  func shiftResult() throws(RuntimeFailure) -> Column {
    if !call.ignoresNulls, arguments.count == 1 { return arguments[0].gathered(neighbours()) }
    let known =
      call.ignoresNulls
      ? KnownPlaces(arguments[0].validityPerRow(), count: partitions.count) : nil
    return try shifted { place, step in
      let range = partitions.range(at: place)
      return known?.place(step, from: place, in: range)
        ?? (known == nil ? Self.shifted(place, step, in: range) : nil)
    }
  }

  /// The place before or after each place in its partition, or -1.
  private func neighbours() -> [Int32] {
    let isLead = if case .lead = call.function { true } else { false }
    let step: Int32 = isLead ? 1 : -1
    let last = Int32(truncatingIfNeeded: partitions.count - 1)
    var sources = [Int32](capacity: partitions.count) { sources in
      for place in 0..<Int32(truncatingIfNeeded: partitions.count) { sources.append(place &+ step) }
    }
    for start in partitions.starts {
      let edge = isLead ? start - 1 : start
      if edge >= 0, edge <= last { sources[Int(edge)] = -1 }
    }
    return sources
  }

  /// The values at places that are found by the offset, or the default where there is none.
  func shifted(
    _ target: (_ place: Int, _ step: Int) -> Int?
  ) throws(RuntimeFailure) -> Column {
    let value = arguments[0]
    let count = partitions.count
    let offsets = arguments.count > 1 ? arguments[1] : nil
    let steps = offsets?.int64Values() ?? [Int64](repeating: 1, count: count)
    let stepValidity = offsets?.validityPerRow()
    let isLead = if case .lead = call.function { true } else { false }
    // A place beyond the values stands for the default of that row.
    let sources = try run.map(count: count) { (place) throws(RuntimeFailure) -> Int32 in
      guard stepValidity?[place] ?? true else { return -1 }
      let step = Int(clamping: isLead ? steps[place] : 0 &- steps[place])
      if let source = target(place, step) { return Int32(source) }
      return arguments.count > 2 ? Int32(count + place) : -1
    }
    guard arguments.count > 2 else { return value.gathered(sources) }
    return try blaming(call.range) { () throws(ExecutionError) in
      try Column.concatenated(
        [value, arguments[2].retyped(value.type)],
        type: value.type
      ).gathered(sources)
    }
  }

  private static func shifted(_ place: Int, _ step: Int, in range: Range<Int>) -> Int? {
    let (target, overflow) = place.addingReportingOverflow(step)
    return !overflow && range.contains(target) ? target : nil
  }

  /// `first_value`, `last_value` and `nth_value`: one row of the frame.
  func pickResult(_ frames: WindowFrames) throws(RuntimeFailure) -> Column {
    let value = arguments[0]
    let known = countedPlaces().map { KnownPlaces($0, count: partitions.count) }
    let numbers = try pickNumbers()
    var sources = [Int32](repeating: -1, count: partitions.count)
    for place in sources.indices {
      if place & 0xFFFF == 0 { try run.checkCancellation() }
      let wanted: Int64? = if let numbers { numbers[place] } else { 1 }
      guard let wanted else { continue }
      let isLast = if case .lastValue = call.function { true } else { false }
      var left = wanted - 1
      let ranges = frames.ranges(at: place, partitions)
      for range in isLast ? ranges.reversed() : ranges {
        let places = known?.numbers(in: range) ?? range
        guard left < Int64(places.count) else {
          left -= Int64(places.count)
          continue
        }
        let number = isLast ? places.upperBound - 1 : places.lowerBound + Int(left)
        sources[place] = Int32(known?.places[number] ?? Int32(number))
        break
      }
    }
    return value.gathered(sources)
  }

  /// The places whose values may be picked; nil where all may.
  func countedPlaces() -> [Bool]? {
    let isKnown = call.ignoresNulls ? arguments[0].validityPerRow() : nil
    guard let filter else { return isKnown }
    return isKnown.map { zip($0, filter).map { $0 && $1 } } ?? filter
  }

  /// The argument of `nth_value` by place; nil for the other functions.
  func pickNumbers() throws(RuntimeFailure) -> [Int64?]? {
    guard case .nthValue = call.function else { return nil }
    let numbers = arguments[1].int64Values()
    let validity = arguments[1].validityPerRow()
    return try (0..<numbers.count).map { (place) throws(RuntimeFailure) -> Int64? in
      guard validity?[place] ?? true else { return nil }
      guard numbers[place] > 0 else {
        throw RuntimeFailure(
          ExecutionError(.invalidArgument, "nth_value counts from 1"),
          at: call.arguments[1].range
        )
      }
      return numbers[place]
    }
  }
}

/// The places that count, so that the n-th one from anywhere is found at once.
struct KnownPlaces {
  /// The places that count, ascending.
  private(set) var places: [Int32] = []
  /// How many places that count are before each place.
  private var before: [Int32] = []

  init(_ isKnown: [Bool]?, count: Int) {
    before.reserveCapacity(count + 1)
    for place in 0..<count {
      before.append(Int32(places.count))
      if isKnown?[place] ?? true { places.append(Int32(place)) }
    }
    before.append(Int32(places.count))
  }

  /// The numbers, in `places`, of the places within a range.
  func numbers(in range: Range<Int>) -> Range<Int> {
    Int(before[range.lowerBound])..<Int(before[range.upperBound])
  }

  /// The place that counts, so many steps from a place, within a range.
  func place(_ step: Int, from place: Int, in range: Range<Int>) -> Int? {
    let candidates = numbers(in: range)
    if step == 0 { return place }
    let number: Int
    if step > 0 {
      number = Int(before[place + 1]).addingReportingOverflow(step - 1).partialValue
    } else {
      number = Int(before[place]).addingReportingOverflow(step).partialValue
    }
    return candidates.contains(number) ? Int(places[number]) : nil
  }
}
