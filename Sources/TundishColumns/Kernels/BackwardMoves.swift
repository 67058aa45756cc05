/// Where the events of an entity go back: per step, when events of only earlier steps happened.
struct BackwardMoves {
  /// Per step, in order.
  private let times: [[Int64]]
  private let events: FunnelEvents
  private let rules: FunnelRules

  init(events: [FunnelEvent], matcher: FunnelMatcher) {
    let events = FunnelEvents(events, keepsOthers: false)
    var times = [[Int64]](repeating: [], count: matcher.stepCount)
    for position in events.steps.indices where events.steps[position] != 0 {
      let highest = 63 - events.steps[position].leadingZeroBitCount
      for step in times.indices where step > highest { times[step].append(events.times[position]) }
    }
    self.times = times
    self.events = events
    rules = matcher.rules
  }

  /// Per step of a path up to the furthest, whether an event of an earlier step came later than it
  /// and before the path went on or could no longer go on.
  func regressed(_ path: FunnelPath) -> [Bool] {
    var flags = [Bool](repeating: false, count: path.furthest + 1)
    guard rules.order != .any, let first = path.steps.first else { return flags }
    var limit = Int64.max
    if let window = rules.window {
      let (end, isUnbounded) = first.at.addingReportingOverflow(window)
      if !isUnbounded { limit = end }
    }
    for (index, served) in path.steps.enumerated() {
      let list = times[served.step]
      let next = index + 1 < path.steps.count ? path.steps[index + 1].at : nil
      let place = Self.firstIndex(in: list, after: served.at)
      guard place < list.count else { continue }
      flags[served.step] = next.map { list[place] < $0 } ?? (list[place] <= limit)
    }
    return flags
  }

  private static func firstIndex(in times: [Int64], after instant: Int64) -> Int {
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
