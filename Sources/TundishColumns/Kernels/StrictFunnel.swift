/// A funnel with nothing between its steps.
///
/// What "between" means at one instant is the policy of ties. With `ordered` the events follow each
/// other in their order, and each is the next step or ends the path. With `unordered` other events
/// at the instants of the path's start and end lie outside it. With `break` an instant counts as
/// one event, whichever of its events leads furthest.
struct StrictFunnel {
  let matcher: FunnelMatcher
  let events: FunnelEvents

  /// A path, and whether it has left out an event of its last instant.
  private struct Candidate {
    var path: FunnelPath
    var hasLeftOut = false
    var step: Int { path.furthest }
    /// When the last step was served: a later time can leave the next step more of its window.
    var at: Int64 { path.steps.last?.at ?? 0 }
  }

  /// The kept path of an entry.
  func path(from start: Int, end: Int) -> FunnelPath {
    let step = events.steps[start].trailingZeroBitCount
    let entry = FunnelPath(steps: [.init(step: step, at: events.times[start], position: start)])
    switch matcher.rules.ties {
    case .ordered: return contiguous(entry, start, end)
    case .unordered: return ofWholeInstants(entry, start, end)
    case .break: return ofOnePerInstant(entry, start, end)
    }
  }

  private func extended(_ path: FunnelPath, by position: Int) -> FunnelPath? {
    guard let last = path.steps.last,
      let step = matcher.served(by: events.steps[position], after: last.step),
      matcher.isInTime(from: last.at, to: events.times[position], step: step)
    else { return nil }
    return FunnelPath(
      steps: path.steps + [.init(step: step, at: events.times[position], position: position)]
    )
  }

  private func contiguous(_ entry: FunnelPath, _ start: Int, _ end: Int) -> FunnelPath {
    var path = entry
    var position = start + 1
    while position < end, let next = extended(path, by: position) {
      path = next
      position += 1
    }
    return path
  }

  private func ofOnePerInstant(_ entry: FunnelPath, _ start: Int, _ end: Int) -> FunnelPath {
    var best = entry
    var frontier = [entry]
    var instant = events.endOfInstant(start)
    while instant < end, !frontier.isEmpty {
      let instantEnd = min(end, events.endOfInstant(instant))
      var next = BestByStep(matcher.rules)
      for path in frontier {
        for position in instant..<instantEnd {
          if let longer = extended(path, by: position) { next.offer(Candidate(path: longer)) }
        }
      }
      frontier = next.candidates.map(\.path)
      for path in frontier where path.isBetter(than: best, matcher.rules) { best = path }
      instant = instantEnd
    }
    return best
  }

  private func ofWholeInstants(_ entry: FunnelPath, _ start: Int, _ end: Int) -> FunnelPath {
    var best = entry
    // Only what is left out of a later instant lies between.
    var frontier = walked(
      [entry],
      from: start + 1,
      to: max(start + 1, min(end, events.endOfInstant(start))),
      &best
    ).map(\.path)
    var instant = events.endOfInstant(start)
    while instant < end, !frontier.isEmpty {
      let instantEnd = events.endOfInstant(instant)
      let next = walked(frontier, from: instant, to: min(end, instantEnd), &best)
      frontier = instantEnd > end ? [] : next.filter { !$0.hasLeftOut }.map(\.path)
      instant = instantEnd
    }
    return best
  }

  /// What paths can become at one instant; a path may leave events out.
  private func walked(
    _ paths: [FunnelPath],
    from first: Int,
    to end: Int,
    _ best: inout FunnelPath
  ) -> [Candidate] {
    var candidates = paths.map { Candidate(path: $0) }
    for position in first..<end {
      var next = BestByStep(matcher.rules)
      for candidate in candidates {
        next.offer(Candidate(path: candidate.path, hasLeftOut: true))
        if let longer = extended(candidate.path, by: position) {
          next.offer(Candidate(path: longer, hasLeftOut: candidate.hasLeftOut))
          if longer.isBetter(than: best, matcher.rules) { best = longer }
        }
      }
      candidates = next.candidates
    }
    return candidates
  }

  /// The best path to each step at each time, apart for those that have left an event out.
  private struct BestByStep {
    private(set) var candidates: [Candidate] = []
    private let rules: FunnelRules

    init(_ rules: FunnelRules) { self.rules = rules }

    mutating func offer(_ candidate: Candidate) {
      let same = candidates.firstIndex {
        $0.step == candidate.step && $0.at == candidate.at
          && $0.hasLeftOut == candidate.hasLeftOut
      }
      guard let same else { return candidates.append(candidate) }
      if candidate.path.isBetter(than: candidates[same].path, rules) {
        candidates[same] = candidate
      }
    }
  }
}
