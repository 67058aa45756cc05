/// Matches the events of one entity against the steps of a funnel.
///
/// Where an entity has one entry and no step has a window of its own, its events are read once and
/// the next step is taken as soon as it comes: the step reached at any time is then the furthest
/// that any path has reached, and no path has it earlier. Only where taking a step early can make a
/// later one impossible, `FunnelSearch` looks ahead.
struct FunnelMatcher {
  let rules: FunnelRules
  let stepCount: Int
  /// The steps that may follow each step, as bits.
  let targets: [UInt64]

  init(rules: FunnelRules, stepCount: Int) throws(ExecutionError) {
    try rules.check(stepCount: stepCount)
    self.rules = rules
    self.stepCount = stepCount
    let all: UInt64 = stepCount >= 64 ? .max : (1 << UInt64(stepCount)) - 1
    targets = (0..<stepCount).map { step in
      var last = rules.skips == .exclude ? step + 1 : stepCount - 1
      while last < stepCount - 1, rules.optional.contains(last) { last += 1 }
      let upToLast: UInt64 = last >= 63 ? .max : (1 << UInt64(last + 1)) - 1
      let upToStep: UInt64 = step >= 63 ? .max : (1 << UInt64(step + 1)) - 1
      return all & upToLast & ~upToStep
    }
  }

  /// Returns the kept path of an entity; with `entry every` the path of each entry, in order.
  func paths(_ events: [FunnelEvent]) -> [FunnelPath] {
    let events = FunnelEvents(events, keepsOthers: rules.order == .strict)
    guard rules.order != .any else { return AnyOrderFunnel(matcher: self, events: events).paths() }
    let entries = entries(of: events)
    if rules.order == .strict {
      let funnel = StrictFunnel(matcher: self, events: events)
      return kept(entries) { funnel.path(from: $0.position, end: $0.end) }
    }
    guard rules.stepWindows.isEmpty, rules.skips != .touch else {
      let search = FunnelSearch(matcher: self, events: events, entries: entries)
      return kept(entries) { search.path(from: $0.position, end: $0.end) }
    }
    let walk = FunnelWalk(matcher: self, events: events, isIndexed: rules.entry == .every)
    return kept(entries) { walk.path(from: $0.position, end: $0.end) }
  }

  /// The step that an event serves after a step; nil if none that may follow.
  func served(by mask: UInt64, after step: Int) -> Int? {
    let possible = mask & targets[step]
    return possible == 0 ? nil : possible.trailingZeroBitCount
  }

  /// Whether a step may happen at an instant when the one before happened at another.
  func isInTime(from: Int64, to: Int64, step: Int) -> Bool {
    guard let limit = rules.stepWindows[step] else { return true }
    let (distance, isOver) = to.subtractingReportingOverflow(from)
    return !isOver && distance <= limit
  }

  /// A position at which an entity enters the funnel, and the first one that its path cannot use.
  struct Entry {
    var position: Int
    var end: Int
  }

  private func kept(_ entries: [Entry], _ path: (Entry) -> FunnelPath) -> [FunnelPath] {
    if rules.entry == .every { return entries.map(path) }
    var best: FunnelPath?
    for entry in entries {
      let candidate = path(entry)
      if let kept = best, !candidate.isBetter(than: kept, rules) { continue }
      best = candidate
    }
    return best.map { [$0] } ?? []
  }

  /// The entries from which paths are tried.
  ///
  /// An entity enters with each event of the first step; where a later stage implies the skipped
  /// ones, also with an event of a later step that comes before all of these. With
  /// `regressions reset` each run between restarts has entries of its own.
  private func entries(of events: FunnelEvents) -> [Entry] {
    let starts = rules.regressions == .reset ? events.restarts(ties: rules.ties) : [0]
    var entries: [Entry] = []
    for (index, start) in starts.enumerated() {
      let runEnd = index + 1 < starts.count ? starts[index + 1] : events.count
      var found: [Int] = []
      for position in start..<runEnd where events.steps[position] != 0 {
        let isFirstStep = events.steps[position] & 1 != 0
        guard isFirstStep || (found.isEmpty && rules.skips == .count) else { continue }
        if rules.entry == .last { found.removeAll(keepingCapacity: true) }
        found.append(position)
        if rules.entry == .first { break }
      }
      for position in found {
        let end = min(runEnd, events.end(ofPathFrom: position, rules: rules))
        entries.append(Entry(position: position, end: max(end, position + 1)))
      }
    }
    return rules.entry == .last ? Array(entries.suffix(1)) : entries
  }
}
