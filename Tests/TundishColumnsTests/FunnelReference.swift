@testable import TundishColumns

/// What a funnel means, said as plainly as possible.
///
/// Every way through the steps is tried, ways that break a law are dropped, and of the rest the best
/// is kept. Far too slow for use.
struct FunnelReference {
  let rules: FunnelRules
  let stepCount: Int
  /// In the order of time; at one instant in the order of the first step that an event meets.
  private let events: [FunnelEvent]

  typealias Way = [(position: Int, step: Int)]

  init(rules: FunnelRules, stepCount: Int, events: [FunnelEvent]) {
    self.rules = rules
    self.stepCount = stepCount
    func first(_ event: FunnelEvent) -> Int {
      event.isExcluded ? 64 : event.steps.trailingZeroBitCount
    }
    self.events = events.enumerated().sorted {
      ($0.element.at, first($0.element), $0.offset) < ($1.element.at, first($1.element), $1.offset)
    }.map(\.element)
  }

  /// Per kept path the time of each step, up to the last one reached.
  func paths() -> [[Int64?]] {
    var kept: [Way] = []
    for entry in entries() {
      var best: Way = []
      extend([entry]) { if best.isEmpty || isBetter($0, best) { best = $0 } }
      kept.append(best)
    }
    if rules.entry == .last { kept = Array(kept.suffix(1)) }
    if rules.entry == .first {
      kept = kept.reduce(into: []) { if $0.isEmpty || isBetter($1, $0[0]) { $0 = [$1] } }
    }
    return kept.map(times)
  }

  // MARK: Entries

  private func meets(_ position: Int, _ step: Int) -> Bool {
    !events[position].isExcluded && events[position].steps >> UInt64(step) & 1 != 0
  }

  private func steps(_ position: Int) -> [Int] { (0..<stepCount).filter { meets(position, $0) } }

  /// The number of times that going back has restarted before or at a position.
  private func run(_ position: Int) -> Int { runs[position] }

  private var runs: [Int] {
    var runs: [Int] = []
    var start = 0
    for position in events.indices {
      let instant = events.indices.filter { events[$0].at == events[position].at }
      let same = rules.ties == .unordered ? instant : [position]
      let earlier = (start..<position).filter { !same.contains($0) }
      let furthest = earlier.compactMap { steps($0).first }.max() ?? -1
      let isFirst = same.first == position
      if rules.regressions == .reset, isFirst,
        let highest = same.compactMap({ steps($0).last }).max(),
        highest < furthest
      {
        start = position
      }
      runs.append(start)
    }
    return runs
  }

  private func entries() -> [(position: Int, step: Int)] {
    var entries: [(Int, Int)] = []
    let runs = runs
    for run in Set(runs).sorted() {
      let members = events.indices.filter { runs[$0] == run && !steps($0).isEmpty }
      var own: [Int]
      if rules.order == .any {
        own = members
      } else {
        own = members.filter { meets($0, 0) }
        if rules.skips == .count, let first = members.first, !meets(first, 0) {
          own.insert(first, at: 0)
        }
      }
      switch rules.entry {
      case .first: own = Array(own.prefix(1))
      case .last: own = Array(own.suffix(1))
      case .every: break
      }
      if rules.order == .any {
        if rules.entry == .first, !entries.isEmpty { own = [] }
        entries += own.map { ($0, -1) }
      } else {
        entries += own.compactMap { position in steps(position).first.map { (position, $0) } }
      }
    }
    return entries
  }

  // MARK: Ways

  private func extend(_ way: Way, _ found: (Way) -> Void) {
    if way.count == 1, way[0].step == -1 {
      for step in steps(way[0].position) { extend([(way[0].position, step)], found) }
      return
    }
    if isLawful(way) { found(way) }
    guard let last = way.last else { return }
    for position in events.indices where position > last.position {
      for step in steps(position) {
        let isNext =
          rules.order == .any ? !way.contains { $0.step == step } : step > last.step
        if isNext { extend(way + [(position, step)], found) }
      }
    }
  }

  private func isLawful(_ way: Way) -> Bool {
    guard let first = way.first, let last = way.last else { return false }
    let (start, end) = (events[first.position].at, events[last.position].at)
    if let window = rules.window, end - start > window { return false }
    for position in events.indices where events[position].isExcluded {
      let at = events[position].at
      let isInside =
        rules.ties == .ordered
        ? first.position < position && position < last.position : start < at && at < end
      if isInside { return false }
    }
    if rules.order != .any, runs[first.position] != runs[last.position] { return false }
    return zip(way, way.dropFirst()).allSatisfy(mayFollow)
      && (rules.order != .strict || !hasBetween(way))
  }

  private func mayFollow(
    _ one: (position: Int, step: Int),
    _ next: (position: Int, step: Int)
  ) -> Bool {
    let (from, to) = (events[one.position].at, events[next.position].at)
    if rules.ties == .break, from == to { return false }
    if rules.order == .any { return true }
    if let window = rules.stepWindows[next.step], to - from > window { return false }
    let passedOver = one.step + 1..<next.step
    if passedOver.contains(where: { meets(next.position, $0) }) { return false }
    return rules.skips != .exclude || passedOver.allSatisfy { rules.optional.contains($0) }
  }

  private func hasBetween(_ way: Way) -> Bool {
    let used = Set(way.map(\.position))
    let start = way[0].position
    let end = way[way.count - 1].position
    return events.indices.contains { position in
      let at = events[position].at
      switch rules.ties {
      case .ordered: return start < position && position < end && !used.contains(position)
      case .unordered:
        return events[start].at < at && at < events[end].at && !used.contains(position)
      case .break:
        return events[start].at < at && at < events[end].at
          && !used.contains { events[$0].at == at }
      }
    }
  }

  // MARK: The best way

  private func length(_ way: Way) -> Int {
    if rules.order == .any || rules.skips == .touch { return way.count }
    return way[way.count - 1].step + 1
  }

  /// When each step was served or passed over.
  private func passed(_ way: Way) -> [Int64] {
    if rules.order == .any { return way.map { events[$0.position].at } }
    return (0...way[way.count - 1].step).compactMap { step in
      way.first { $0.step >= step }.map { events[$0.position].at }
    }
  }

  private func isBetter(_ way: Way, _ other: Way) -> Bool {
    if length(way) != length(other) { return length(way) > length(other) }
    let (own, others) = (passed(way), passed(other))
    if own != others {
      for (left, right) in zip(own, others) where left != right { return left < right }
      return own.count > others.count
    }
    if rules.order == .any { return false }
    return served(way).lexicographicallyPrecedes(served(other))
  }

  /// The event by which each step was served or passed over.
  private func served(_ way: Way) -> [Int] {
    (0...way[way.count - 1].step).compactMap { step in way.first { $0.step >= step }?.position }
  }

  private func times(_ way: Way) -> [Int64?] {
    if rules.order == .any { return way.map { events[$0.position].at } }
    let passed = passed(way)
    return passed.indices.map { step in
      if way.contains(where: { $0.step == step }) { return passed[step] }
      return rules.skips == .count && !rules.optional.contains(step) ? passed[step] : nil
    }
  }
}
