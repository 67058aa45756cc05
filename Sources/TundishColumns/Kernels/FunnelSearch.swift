/// Finds longest paths where taking a step as soon as it comes can be wrong: a step with a window
/// of its own may need a later predecessor, and with `skips touch` a step further on may cost
/// steps between.
///
/// A *node* is an event together with a step that it meets. From the last event to the first, each
/// node learns the earliest position at which a path from it can end, for every length. Minima over
/// windows slide, so this takes time proportional to events times steps times lengths. Paths are
/// then read off forwards, for any number of entries, without looking at a node twice per step.
struct FunnelSearch {
  private let matcher: FunnelMatcher
  private let events: FunnelEvents
  /// Whether length is the number of steps entered; else it is the furthest step.
  private let countsSteps: Bool
  private let lengthCount: Int
  /// Per node and length, the earliest position at which a path of that length ends.
  private var arrival: [Int32]
  private let nodes: FunnelLanes
  private var pyramids: [ArrivalPyramid] = []

  /// No path of that length.
  static let never = Int32.max

  init(matcher: FunnelMatcher, events: FunnelEvents, entries: [FunnelMatcher.Entry]) {
    self.matcher = matcher
    self.events = events
    countsSteps = matcher.rules.skips == .touch
    lengthCount = matcher.stepCount
    let first = entries.map(\.position).min() ?? 0
    let last = entries.map(\.end).max() ?? 0
    nodes = FunnelLanes(events: events, range: first..<last, targets: matcher.targets)
    arrival = Array(repeating: Self.never, count: nodes.steps.count * lengthCount)
    fill()
    pyramids = nodes.nodes.map {
      ArrivalPyramid(nodes: $0, arrival: arrival, lengthCount: lengthCount)
    }
  }

  // MARK: Backwards

  private mutating func fill() {
    var queues = FunnelQueues(laneCount: nodes.nodes.count, lengthCount: lengthCount)
    // The nodes of one event do not follow each other; with `ties break` those of an instant.
    var pending: [Int] = []
    for node in nodes.steps.indices.reversed() {
      let position = nodes.positions[node]
      let at = events.times[position]
      if let waiting = pending.last,
        matcher.rules.ties == .break
          ? events.times[nodes.positions[waiting]] != at : nodes.positions[waiting] != position
      {
        for other in pending { queues.push(other, lane: nodes.lanes[other], arrival: arrival) }
        pending.removeAll(keepingCapacity: true)
      }
      let step = nodes.steps[node]
      let row = node * lengthCount
      arrival[row + (countsSteps ? 0 : step)] = Int32(truncatingIfNeeded: position)
      for lane in nodes.following[step] {
        let limit = limit(from: at, to: nodes.stepOfLane[lane])
        for length in 0..<lengthCount - (countsSteps ? 1 : 0) {
          let next = queues.first(lane: lane, length: length) {
            events.times[nodes.positions[$0]] > limit
          }
          guard let next else { continue }
          let own = row + (countsSteps ? length + 1 : length)
          arrival[own] = min(arrival[own], arrival[next * lengthCount + length])
        }
      }
      pending.append(node)
    }
  }

  /// The last instant at which a step may follow an event.
  private func limit(from at: Int64, to step: Int) -> Int64 {
    guard let window = matcher.rules.stepWindows[step] else { return .max }
    let (limit, isUnbounded) = at.addingReportingOverflow(window)
    return isUnbounded ? .max : limit
  }

  // MARK: Forwards

  /// A node that a kept path may have reached, and what led there.
  private struct Reached {
    var node: Int
    /// The length that is still wanted.
    var length: Int
    var path: [FunnelPath.Served]
  }

  /// The kept path of an entry.
  func path(from start: Int, end: Int) -> FunnelPath {
    let node = nodes.firstNode[start]
    let row = node * lengthCount
    let best = (0..<lengthCount).last { arrival[row + $0] < Int32(truncatingIfNeeded: end) } ?? 0
    let first = FunnelPath.Served(
      step: nodes.steps[node],
      at: events.times[start],
      position: start
    )
    var frontier = [Reached(node: node, length: best, path: [first])]
    var step = first.step
    while true {
      let next = advanced(frontier, past: step, end)
      guard !next.isEmpty else { break }
      frontier = next
      step += 1
    }
    let paths = frontier.filter { isComplete($0) }.map { FunnelPath(steps: $0.path) }
    var kept = FunnelPath(steps: [first])
    for path in paths where path.isBetter(than: kept, matcher.rules) { kept = path }
    return kept
  }

  private func isComplete(_ reached: Reached) -> Bool {
    countsSteps ? reached.length == 0 : nodes.steps[reached.node] == reached.length
  }

  /// The nodes by which the step after one is passed as early as possible.
  private func advanced(_ frontier: [Reached], past step: Int, _ end: Int) -> [Reached] {
    var found: [Reached] = []
    var earliest = Int64.max
    func offer(_ reached: Reached) {
      let at = events.times[nodes.positions[reached.node]]
      if at < earliest {
        earliest = at
        found.removeAll(keepingCapacity: true)
      } else if at > earliest {
        return
      }
      // Of one step and length an earlier position can do all that later ones can.
      let passed = FunnelPath(steps: reached.path).passed
      func isAtLeast(_ one: Reached, _ other: Reached) -> Bool {
        nodes.positions[one.node] <= nodes.positions[other.node]
          && !FunnelPath.isEarlier(FunnelPath(steps: other.path).passed, passed)
      }
      let same = found.indices.filter {
        nodes.steps[found[$0].node] == nodes.steps[reached.node]
          && found[$0].length == reached.length
      }
      let isNeedless = same.contains {
        nodes.positions[found[$0].node] <= nodes.positions[reached.node]
          && !FunnelPath.isEarlier(passed, FunnelPath(steps: found[$0].path).passed)
      }
      if isNeedless { return }
      for index in same.reversed() where isAtLeast(reached, found[index]) {
        found.remove(at: index)
      }
      found.append(reached)
    }
    for reached in frontier {
      if nodes.steps[reached.node] > step {
        offer(reached)
        continue
      }
      guard !isComplete(reached) else { continue }
      let position = nodes.positions[reached.node]
      let wanted = countsSteps ? reached.length - 1 : reached.length
      let first =
        matcher.rules.ties == .break ? events.endOfInstant(position) : position + 1
      for lane in nodes.following[step] {
        let limit = limit(from: events.times[position], to: nodes.stepOfLane[lane])
        let place = Self.firstPlace(
          in: nodes.nodes[lane],
          from: first < events.count ? nodes.firstNode[first] : nodes.steps.count
        )
        let bound = Int32(truncatingIfNeeded: end)
        guard let found = pyramids[lane].first(from: place, length: wanted, below: bound) else {
          continue
        }
        let next = nodes.nodes[lane][found]
        guard events.times[nodes.positions[next]] <= limit else { continue }
        let served = FunnelPath.Served(
          step: nodes.steps[next],
          at: events.times[nodes.positions[next]],
          position: nodes.positions[next]
        )
        offer(Reached(node: next, length: wanted, path: reached.path + [served]))
      }
    }
    return found
  }

  /// The place of the first node at or after another.
  private static func firstPlace(in nodes: [Int], from node: Int) -> Int {
    var low = 0
    var high = nodes.count
    while low < high {
      let middle = (low + high) / 2
      if nodes[middle] < node { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
