/// A way of one entity through a funnel.
struct FunnelPath: Hashable {
  /// The steps that events served, in order, with their times.
  var steps: [Served]

  /// A step that an event served.
  struct Served: Hashable {
    var step: Int
    var at: Int64
    /// The event's place in the order in which a funnel reads events.
    var position: Int
  }

  /// The last step reached.
  var furthest: Int { steps.last?.step ?? -1 }

  /// How far a path goes: where only stages really entered count, their number; else the furthest.
  func length(_ rules: FunnelRules) -> Int {
    rules.skips == .touch && rules.order != .any ? steps.count : furthest
  }

  /// For each step up to the furthest, what served it or, where it was passed over, the next.
  var passed: [Served] {
    var all: [Served] = []
    for served in steps { while all.count <= served.step { all.append(served) } }
    return all
  }

  /// Whether this path is kept rather than another: the longer one; of equally long ones the one
  /// with the lexicographically smallest times, where a step passed over has that of the next; of
  /// these the one whose events stand first.
  func isBetter(than other: FunnelPath, _ rules: FunnelRules) -> Bool {
    let (own, others) = (length(rules), other.length(rules))
    if own != others { return own > others }
    return Self.isEarlier(passed, other.passed)
  }

  static func isEarlier(_ left: [Served], _ right: [Served]) -> Bool {
    for (one, other) in zip(left, right) where one.at != other.at { return one.at < other.at }
    if left.count != right.count { return left.count > right.count }
    for (one, other) in zip(left, right) where one.position != other.position {
      return one.position < other.position
    }
    return false
  }

  /// The time at which each step was entered, up to the furthest; nil where it was passed over.
  ///
  /// With `skips count` a later stage implies the skipped ones, at its own time; a step that is
  /// optional is never implied.
  func times(_ rules: FunnelRules) -> [Int64?] {
    var times = [Int64?](repeating: nil, count: furthest + 1)
    for served in steps { times[served.step] = served.at }
    guard rules.skips == .count else { return times }
    var next: Int64?
    for index in times.indices.reversed() {
      if let time = times[index] {
        next = time
      } else if !rules.optional.contains(index) {
        times[index] = next
      }
    }
    return times
  }
}
