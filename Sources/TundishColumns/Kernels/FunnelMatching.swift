/// The rules by which a funnel reads the events of one entity.
struct FunnelRules: Sendable, Hashable {
  /// How steps follow each other.
  enum Order: String, Sendable {
    case ordered, any, strict
  }
  /// Which entry starts the path.
  enum Entry: String, Sendable {
    case first, last, every
  }
  /// What a skipped step means.
  enum Skips: String, Sendable {
    case count, exclude, touch
  }
  /// What going back means.
  enum Regressions: String, Sendable {
    case ignore, reset, count
  }
  /// What equal instants mean.
  enum Ties: String, Sendable {
    case ordered, unordered, `break`
  }

  var order = Order.ordered
  var entry = Entry.first
  var skips = Skips.count
  var regressions = Regressions.ignore
  var ties = Ties.ordered
  /// The longest time from the first step; nil is unbounded.
  var window: Int64?
  /// The longest time from the previous step, by step (from 0).
  var stepWindows: [Int: Int64] = [:]
  /// The steps (from 0) that may be passed over.
  var optional: Set<Int> = []
  /// How many conditions after the steps forbid an event inside a path.
  var exclusionCount = 0

  /// Reads rules such as `skips exclude; within 2592000000000; step 2 within 86400000000`.
  init(_ text: String) throws(ExecutionError) {
    for phrase in text.split(separator: ";") {
      let words = phrase.split(separator: " ").map(String.init)
      guard try read(words) else {
        throw ExecutionError(.invalidArgument, "a funnel has no rule '\(phrase)'")
      }
    }
  }

  /// Rules with their defaults.
  init() {}

  private mutating func read(_ words: [String]) throws(ExecutionError) -> Bool {
    guard let first = words.first, let last = words.last else { return true }
    switch (first, words.count) {
    case ("steps", 2): return set(&order, Order(rawValue: last))
    case ("entry", 2): return set(&entry, Entry(rawValue: last))
    case ("skips", 2): return set(&skips, Skips(rawValue: last))
    case ("regressions", 2): return set(&regressions, Regressions(rawValue: last))
    case ("ties", 2): return set(&ties, Ties(rawValue: last))
    case ("within", 2):
      guard let length = Int64(last), length >= 0 else { return false }
      window = length
      return true
    case ("step", 4):
      guard let step = Int(words[1]), (2...64).contains(step), let length = Int64(last), length >= 0
      else { return false }
      stepWindows[step - 1] = length
      return true
    case ("optional", 2):
      guard let step = Int(last), (1...64).contains(step) else { return false }
      optional.insert(step - 1)
      return true
    case ("exclusions", 2):
      guard let count = Int(last), (0...32).contains(count) else { return false }
      exclusionCount = count
      return true
    default: return false
    }
  }

  private func set<T>(_ place: inout T, _ value: T?) -> Bool {
    guard let value else { return false }
    place = value
    return true
  }
}

extension EventSequence {
  /// The most events of one entity that a funnel accepts.
  static let maximumFunnelEventCount = 20_000

  /// Returns the kept path of each entry: per step the time at which it was entered, nil where it
  /// was passed over; up to the last step reached.
  ///
  /// An entity with more events than the limit is an error: leaving some out would change the answer.
  func funnelPaths(
    stepCount: Int,
    rules: FunnelRules
  ) throws(ExecutionError) -> [[Int64?]] {
    guard events.count <= Self.maximumFunnelEventCount else {
      throw ExecutionError(
        .limit,
        "one entity has \(events.count) events, and a funnel takes at most "
          + "\(Self.maximumFunnelEventCount); check its key, or narrow the period"
      )
    }
    var matcher = FunnelMatcher(sequence: self, stepCount: stepCount, rules: rules)
    return matcher.paths()
  }
}

/// Finds the longest path of one entity through the steps of a funnel.
///
/// From the last event to the first, the best continuation of every (event, step) is computed once;
/// the path is then read off forwards, choosing the earliest event among equally good ones.
private struct FunnelMatcher {
  let events: [EventSequence.Event]
  let stepCount: Int
  let rules: FunnelRules
  private let stepMask: UInt64

  init(sequence: EventSequence, stepCount: Int, rules: FunnelRules) {
    var events = Array(sequence.events)
    // At one instant, events of earlier steps come first.
    events = events.indices.sorted {
      let (left, right) = (events[$0], events[$1])
      if left.at != right.at { return left.at < right.at }
      let (first, second) = (
        left.conditions.trailingZeroBitCount, right.conditions.trailingZeroBitCount
      )
      return first == second ? $0 < $1 : first < second
    }.map { events[$0] }
    self.events = events
    self.stepCount = stepCount
    self.rules = rules
    stepMask = stepCount >= 64 ? .max : (1 << UInt64(stepCount)) - 1
  }

  mutating func paths() -> [[Int64?]] {
    if rules.order == .any { return anyOrderPaths() }
    let starts = entries()
    switch rules.entry {
    case .first, .last:
      var best: Path?
      for start in starts {
        guard let path = longest(from: start) else { continue }
        if let kept = best, !isBetter(path, than: kept) { continue }
        best = path
      }
      return best.map { [$0.times(rules.skips)] } ?? []
    case .every:
      return starts.compactMap { longest(from: $0)?.times(rules.skips) }
    }
  }

  private struct Path {
    /// The last step reached and the number of steps entered.
    var furthest: Int
    var entered: Int
    var steps: [(step: Int, at: Int64)]

    func times(_ skips: FunnelRules.Skips) -> [Int64?] {
      var times = [Int64?](repeating: nil, count: furthest + 1)
      for (step, at) in steps { times[step] = at }
      guard skips == .count else { return times }
      // A later stage implies the skipped ones, at its own time.
      var next: Int64?
      for index in times.indices.reversed() {
        if let time = times[index] { next = time } else { times[index] = next }
      }
      return times
    }
  }

  private func isBetter(_ path: Path, than other: Path) -> Bool {
    let first = score(path.furthest, path.entered)
    let second = score(other.furthest, other.entered)
    if first != second { return first > second }
    if rules.entry == .last, let start = path.steps.first?.at, let kept = other.steps.first?.at {
      return start > kept
    }
    for (left, right) in zip(path.steps, other.steps) where left.at != right.at {
      return left.at < right.at
    }
    return false
  }

  /// The rank of a path: where a later stage implies the skipped ones, the furthest stage counts;
  /// else the number of steps entered.
  private func score(_ furthest: Int, _ entered: Int) -> Int {
    rules.skips == .count ? furthest * 128 + entered : entered * 128 + furthest
  }

  /// The events at which a path may begin.
  ///
  /// Where a later stage implies the skipped ones, an entity enters with its first event of any
  /// step, so that the window counts from there; going back restarts at any event.
  private func entries() -> [Int] {
    let isFree = rules.skips == .count
    if rules.entry == .every { return events.indices.filter { events[$0].conditions & 1 != 0 } }
    let matching = events.indices.filter {
      events[$0].conditions & (isFree ? stepMask : 1) != 0
    }
    if isFree, rules.regressions == .reset { return matching }
    if rules.entry == .first { return matching.first.map { [$0] } ?? [] }
    let last = matching.last { events[$0].conditions & 1 != 0 } ?? matching.last
    return last.map { [$0] } ?? []
  }

  /// The best path that begins with an event.
  private func longest(from start: Int) -> Path? {
    let mask = events[start].conditions & stepMask
    guard mask != 0 else { return nil }
    let firstStep = rules.skips == .count ? mask.trailingZeroBitCount : 0
    var end = events.count
    if let window = rules.window {
      let (limit, isUnbounded) = events[start].at.addingReportingOverflow(window)
      if !isUnbounded {
        end = events[start...].firstIndex { $0.at > limit } ?? events.count
      }
    }
    // best[event - start][step]: the score of the best continuation.
    let width = stepCount
    let count = end - start
    var furthest = [Int](repeating: -1, count: count * width)
    var entered = [Int](repeating: 0, count: count * width)
    var next = [Int](repeating: -1, count: count * width)
    for offset in (0..<count).reversed() {
      let event = events[start + offset]
      for step in firstStep..<width where event.conditions >> UInt64(step) & 1 != 0 {
        let place = offset * width + step
        furthest[place] = step
        entered[place] = 1
        for later in successors(of: start + offset, step, end) {
          for target in targets(after: step)
          where events[later].conditions >> UInt64(target) & 1 != 0 {
            let other = (later - start) * width + target
            guard furthest[other] >= 0, isInTime(event.at, events[later].at, target) else {
              continue
            }
            let candidate = score(furthest[other], entered[other] + 1)
            let isFirst = next[place] < 0
            if candidate > score(furthest[place], entered[place])
              || (!isFirst && candidate == score(furthest[place], entered[place])
                && isEarlier(other, next[place], start, width))
            {
              furthest[place] = furthest[other]
              entered[place] = entered[other] + 1
              next[place] = other
            }
          }
        }
      }
    }
    var place = firstStep
    guard furthest[place] >= 0 else { return nil }
    var path = Path(furthest: furthest[place], entered: entered[place], steps: [])
    while place >= 0 {
      path.steps.append((place % width, events[start + place / width].at))
      place = next[place]
    }
    return path
  }

  private func isEarlier(_ place: Int, _ other: Int, _ start: Int, _ width: Int) -> Bool {
    events[start + place / width].at < events[start + other / width].at
  }

  private func isInTime(_ from: Int64, _ to: Int64, _ step: Int) -> Bool {
    guard let limit = rules.stepWindows[step] else { return true }
    let (distance, isOver) = to.subtractingReportingOverflow(from)
    return !isOver && distance <= limit
  }

  /// The steps that may follow a step.
  private func targets(after step: Int) -> Range<Int> {
    guard step + 1 < stepCount else { return stepCount..<stepCount }
    guard rules.skips == .exclude else { return step + 1..<stepCount }
    var last = step + 1
    while last < stepCount - 1, rules.optional.contains(last) { last += 1 }
    return step + 1..<last + 1
  }

  /// The events that may follow an event in a path, in order.
  private func successors(of event: Int, _ step: Int, _ end: Int) -> [Int] {
    var result: [Int] = []
    let exclusions: UInt64 =
      rules.exclusionCount == 0
      ? 0 : ((1 << UInt64(rules.exclusionCount)) - 1) << UInt64(stepCount)
    var index = event + 1
    while index < end {
      let other = events[index]
      if other.conditions & exclusions != 0 { break }
      if rules.ties == .break, other.at == events[event].at {
        index += 1
        continue
      }
      let steps = other.conditions & stepMask
      if rules.regressions == .reset, steps != 0,
        63 - steps.leadingZeroBitCount < step
      {
        break
      }
      result.append(index)
      if rules.order == .strict { break }
      index += 1
    }
    return result
  }

  /// Any order: the steps that happen within the window of an event, in the order of time.
  private func anyOrderPaths() -> [[Int64?]] {
    var best: [Int64?] = []
    var all: [[Int64?]] = []
    for start in events.indices where events[start].conditions & stepMask != 0 {
      var times: [Int64?] = []
      var seen: UInt64 = 0
      for event in events[start...] {
        if let window = rules.window, event.at - events[start].at > window { break }
        let fresh = event.conditions & stepMask & ~seen
        guard fresh != 0 else { continue }
        seen |= 1 << UInt64(fresh.trailingZeroBitCount)
        times.append(event.at)
      }
      if rules.entry == .every { all.append(times) }
      if times.count > best.count || (rules.entry == .last && times.count == best.count) {
        best = times
      }
    }
    if rules.entry == .every { return all }
    return best.isEmpty ? [] : [best]
  }
}
