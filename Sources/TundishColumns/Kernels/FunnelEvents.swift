/// An event of one entity as a funnel sees it.
struct FunnelEvent {
  let at: Int64
  /// Bit `s` set where the event meets step `s`.
  var steps: UInt64
  /// Whether the event forbids the path that it lies in; it serves no step.
  var isExcluded = false
}

/// The events of one entity in the order in which a funnel reads them.
///
/// Events are in the order of time; at one instant they stand in the order of the first step that
/// each meets, then those that meet none. A place in this order is a *position*.
struct FunnelEvents {
  private(set) var times: [Int64]
  private(set) var steps: [UInt64]
  /// The positions of excluded events.
  private(set) var exclusions: [Int] = []

  /// Sorts the events; those that meet no step are kept only where something between counts.
  init(_ events: [FunnelEvent], keepsOthers: Bool) {
    times = []
    steps = []
    times.reserveCapacity(events.count)
    steps.reserveCapacity(events.count)
    for event in FunnelEvents.sorted(events)
    where event.steps != 0 || event.isExcluded || keepsOthers {
      if event.isExcluded { exclusions.append(times.count) }
      times.append(event.at)
      steps.append(event.isExcluded ? 0 : event.steps)
    }
  }

  var count: Int { times.count }

  private static func sorted(_ events: [FunnelEvent]) -> [FunnelEvent] {
    func place(_ event: FunnelEvent) -> Int {
      event.isExcluded ? 64 : event.steps.trailingZeroBitCount
    }
    func isBefore(_ left: FunnelEvent, _ right: FunnelEvent) -> Bool {
      left.at == right.at ? place(left) < place(right) : left.at < right.at
    }
    // Most sources are in the order of time already.
    var isSorted = true
    for index in events.indices.dropFirst() where isBefore(events[index], events[index - 1]) {
      isSorted = false
      break
    }
    if isSorted { return events }
    let order = events.indices.sortedUnlessCancelled { left, right in
      if isBefore(events[left], events[right]) { return true }
      return isBefore(events[right], events[left]) ? false : left < right
    }
    return order.map { events[$0] }
  }

  /// The first position later than an instant.
  func positionAfter(_ instant: Int64) -> Int {
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The first position at which a path that starts at a position can no longer be.
  func end(ofPathFrom start: Int, rules: FunnelRules) -> Int {
    var end = count
    if let window = rules.window {
      let (limit, isUnbounded) = times[start].addingReportingOverflow(window)
      if !isUnbounded { end = positionAfter(limit) }
    }
    guard !exclusions.isEmpty else { return end }
    switch rules.ties {
    case .ordered:
      let first = firstExclusion { $0 > start }
      return first < exclusions.count ? min(end, exclusions[first]) : end
    case .unordered, .break:
      // At the instant of the start or of the end it lies outside the path.
      let after = positionAfter(times[start])
      let first = firstExclusion { $0 >= after }
      guard first < exclusions.count else { return end }
      return min(end, positionAfter(times[exclusions[first]]))
    }
  }

  /// The first exclusion for which a condition holds that holds for all later ones.
  private func firstExclusion(where holds: (Int) -> Bool) -> Int {
    var low = 0
    var high = exclusions.count
    while low < high {
      let middle = (low + high) / 2
      if holds(exclusions[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Where the events are cut so that going back restarts: the beginning of each run in which no
  /// event lies before the furthest step that the run has entered earlier.
  func restarts(ties: FunnelRules.Ties) -> [Int] {
    var starts = [0]
    var furthest = -1
    var position = 0
    while position < count {
      let instantEnd = ties == .unordered ? endOfInstant(position) : position + 1
      var lowest = -1
      var highest = -1
      for mask in steps[position..<instantEnd] where mask != 0 {
        lowest = max(lowest, mask.trailingZeroBitCount)
        highest = max(highest, 63 - mask.leadingZeroBitCount)
      }
      if highest >= 0 {
        if highest < furthest {
          starts.append(position)
          furthest = lowest
        } else {
          furthest = max(furthest, lowest)
        }
      }
      position = instantEnd
    }
    return starts
  }

  /// The position after the last event of the instant of a position.
  func endOfInstant(_ position: Int) -> Int {
    var end = position + 1
    while end < count, times[end] == times[position] { end += 1 }
    return end
  }
}
