/// Reads the events of an entity forwards and takes each step as soon as it comes.
struct FunnelWalk {
  let matcher: FunnelMatcher
  let events: FunnelEvents
  /// Per step the positions that meet it, so that many entries need not read the same events; nil
  /// where there is one entry.
  private let positions: [[Int]]?

  init(matcher: FunnelMatcher, events: FunnelEvents, isIndexed: Bool) {
    self.matcher = matcher
    self.events = events
    guard isIndexed else {
      positions = nil
      return
    }
    var lists = [[Int]](repeating: [], count: matcher.stepCount)
    for position in events.steps.indices {
      var rest = events.steps[position]
      while rest != 0 {
        lists[rest.trailingZeroBitCount].append(position)
        rest &= rest - 1
      }
    }
    positions = lists
  }

  /// The path of an entry.
  func path(from start: Int, end: Int) -> FunnelPath {
    var step = events.steps[start].trailingZeroBitCount
    var path = FunnelPath(steps: [.init(step: step, at: events.times[start], position: start)])
    var position = start
    while step + 1 < matcher.stepCount, let next = following(position, step, end) {
      (position, step) = next
      path.steps.append(.init(step: step, at: events.times[position], position: position))
    }
    return path
  }

  /// The first event that takes the path further.
  private func following(_ position: Int, _ step: Int, _ end: Int) -> (Int, Int)? {
    let isBreak = matcher.rules.ties == .break
    let first = isBreak ? firstOfNextInstant(position, end) : position + 1
    guard let found = firstServing(from: first, after: step, end),
      let target = matcher.served(by: events.steps[found], after: step)
    else { return nil }
    guard isBreak else { return (found, target) }
    return furthest(found, target, after: step, end)
  }

  /// Of the events of one instant, of which one can count, the one that leads furthest.
  private func furthest(_ found: Int, _ target: Int, after step: Int, _ end: Int) -> (Int, Int) {
    var best = (found, target)
    var position = found + 1
    while position < end, events.times[position] == events.times[found] {
      if let other = matcher.served(by: events.steps[position], after: step), other > best.1 {
        best = (position, other)
      }
      position += 1
    }
    return best
  }

  private func firstOfNextInstant(_ position: Int, _ end: Int) -> Int {
    if positions != nil { return events.positionAfter(events.times[position]) }
    var next = position + 1
    while next < end, events.times[next] == events.times[position] { next += 1 }
    return next
  }

  private func firstServing(from first: Int, after step: Int, _ end: Int) -> Int? {
    guard let positions else {
      var position = first
      while position < end {
        if events.steps[position] & matcher.targets[step] != 0 { return position }
        position += 1
      }
      return nil
    }
    var best = end
    var rest = matcher.targets[step]
    while rest != 0 {
      let list = positions[rest.trailingZeroBitCount]
      var low = 0
      var high = list.count
      while low < high {
        let middle = (low + high) / 2
        if list[middle] < first { low = middle + 1 } else { high = middle }
      }
      if low < list.count { best = min(best, list[low]) }
      rest &= rest - 1
    }
    return best < end ? best : nil
  }
}
