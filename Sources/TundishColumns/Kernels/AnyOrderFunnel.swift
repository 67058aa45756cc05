/// A funnel whose steps may come in any order: how many different steps are served, and when.
///
/// Each event serves at most one step, so this is a matching of events and steps. Taking events in
/// the order of time and adding each that can be matched, others making room, serves any number of
/// steps as early as possible, because the sets of events that can be matched form a matroid.
struct AnyOrderFunnel {
  let matcher: FunnelMatcher
  let events: FunnelEvents
  /// Where something happens: positions, or with `ties break` the first of each instant.
  private var places: [(position: Int, steps: UInt64)] = []
  /// Per step the places that meet it.
  private var placesOfStep: [[Int]]

  init(matcher: FunnelMatcher, events: FunnelEvents) {
    self.matcher = matcher
    self.events = events
    placesOfStep = Array(repeating: [], count: matcher.stepCount)
    for position in events.steps.indices where events.steps[position] != 0 {
      if matcher.rules.ties == .break, let last = places.last,
        events.times[last.position] == events.times[position]
      {
        places[places.count - 1].steps |= events.steps[position]
      } else {
        places.append((position, events.steps[position]))
      }
    }
    for (index, place) in places.enumerated() {
      var rest = place.steps
      while rest != 0 {
        placesOfStep[rest.trailingZeroBitCount].append(index)
        rest &= rest - 1
      }
    }
  }

  /// The path of the first event of any step, or with `entry every` of each.
  func paths() -> [FunnelPath] {
    let entries = events.steps.indices.filter { events.steps[$0] != 0 }
    return (matcher.rules.entry == .every ? entries : Array(entries.prefix(1))).map(path)
  }

  private func path(from start: Int) -> FunnelPath {
    let end = events.end(ofPathFrom: start, rules: matcher.rules)
    let next = matcher.rules.ties == .break ? events.endOfInstant(start) : start + 1
    // Of one step no more places are needed than there are steps.
    var candidates: Set<Int> = []
    for list in placesOfStep {
      let first = firstPlace(in: list, from: next)
      candidates.formUnion(
        list[first...].prefix(matcher.stepCount).prefix { places[$0].position < end }
      )
    }
    var matching = Matching(stepCount: matcher.stepCount)
    matching.serve(events.steps[start])
    var times = [events.times[start]]
    for place in candidates.sorted() where times.count < matcher.stepCount {
      if matching.serve(places[place].steps) { times.append(events.times[places[place].position]) }
    }
    return FunnelPath(
      steps: times.enumerated().map { .init(step: $0.offset, at: $0.element, position: $0.offset) }
    )
  }

  /// Which event serves each step, as the steps that the event meets.
  private struct Matching {
    private var served: [UInt64?]

    init(stepCount: Int) { served = Array(repeating: nil, count: stepCount) }

    /// Matches an event with a step, moving others where that makes room.
    @discardableResult
    mutating func serve(_ mask: UInt64) -> Bool {
      var seen: UInt64 = 0
      return serve(mask, &seen)
    }

    /// Goes at most as deep as there are steps, since each is seen once.
    private mutating func serve(_ mask: UInt64, _ seen: inout UInt64) -> Bool {
      while mask & ~seen != 0 {
        let step = (mask & ~seen).trailingZeroBitCount
        seen |= 1 << UInt64(step)
        if let other = served[step], !serve(other, &seen) { continue }
        served[step] = mask
        return true
      }
      return false
    }
  }

  /// The index in a list of the first place at or after a position.
  private func firstPlace(in list: [Int], from position: Int) -> Int {
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if places[list[middle]].position < position { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
