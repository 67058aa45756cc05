/// The events of one entity in the order of time, each with the conditions that it meets.
struct EventSequence {
  /// An event: when it happened, and bit `i` set where condition `i` holds.
  struct Event {
    let at: Int64
    let conditions: UInt64
  }

  /// The greatest number of conditions.
  static let maximumConditionCount = 64

  private(set) var events: [Event]

  /// Sorts events by time; events of one instant keep their order.
  init(_ events: [Event]) {
    let order = events.indices.sortedUnlessCancelled {
      events[$0].at == events[$1].at ? $0 < $1 : events[$0].at < events[$1].at
    }
    self.events = order.map { events[$0] }
  }
}

// MARK: - Window funnels

/// How ClickHouse's `windowFunnel` is restricted; the modes combine.
struct WindowFunnelModes: OptionSet {
  let rawValue: Int

  /// A repeated step ends the search.
  static let strictDeduplication = WindowFunnelModes(rawValue: 1)
  /// An event that is not the next step ends the search.
  static let strictOrder = WindowFunnelModes(rawValue: 2)
  /// Each step happens later than the one before, not at the same instant.
  static let strictIncrease = WindowFunnelModes(rawValue: 4)
  /// One event serves at most one step.
  static let strictOnce = WindowFunnelModes(rawValue: 8)

  /// The mode of a name; nil if there is none.
  init?(name: String) {
    switch foldedKey(name) {
    case "default", "": self = []
    case "strict", "strict_deduplication": self = .strictDeduplication
    case "strict_order": self = .strictOrder
    case "strict_increase": self = .strictIncrease
    case "strict_once": self = .strictOnce
    default: return nil
    }
  }

  init(rawValue: Int) {
    self.rawValue = rawValue
  }
}

extension EventSequence {
  /// Returns the number of steps of the longest chain within a window from its first step.
  func windowFunnelLevel(stepCount: Int, window: Int64, modes: WindowFunnelModes) -> Int {
    /// The latest chain that has reached a step: when it began, and when it reached the step.
    struct Chain {
      var began: Int64
      var reached: Int64
    }
    var chains = [Chain?](repeating: nil, count: stepCount)
    func level() -> Int { (chains.lastIndex { $0 != nil } ?? -1) + 1 }
    for (at, step) in steps(stepCount: stepCount, modes: modes) {
      guard let step else {
        // Only `strict_order` asks for events that meet no condition.
        if chains[0] != nil { return level() }
        continue
      }
      if step == 0 {
        chains[0] = Chain(began: at, reached: at)
        if stepCount == 1 { return 1 }
        continue
      }
      if modes.contains(.strictDeduplication), chains[step] != nil { return level() }
      guard let before = chains[step - 1] else {
        if modes.contains(.strictOrder), chains[0] != nil { return level() }
        continue
      }
      let (end, isUnbounded) = before.began.addingReportingOverflow(window)
      guard isUnbounded || at <= end else { continue }
      if modes.contains(.strictIncrease), before.reached >= at { continue }
      chains[step] = Chain(began: before.began, reached: at)
      if step + 1 == stepCount { return stepCount }
    }
    return level()
  }

  /// The steps that events serve, in order: at one instant events without any come first (only
  /// `strict_order` sees them), then earlier steps, so that one
  /// event may serve equal consecutive steps; with `strict_once`, later steps of one event come
  /// first, so that none builds on itself.
  private func steps(
    stepCount: Int,
    modes: WindowFunnelModes
  ) -> [(at: Int64, step: Int?)] {
    var steps: [(at: Int64, step: Int?)] = []
    var start = 0
    while start < events.count {
      var end = start + 1
      while end < events.count, events[end].at == events[start].at { end += 1 }
      if modes.contains(.strictOrder) {
        for row in start..<end where events[row].conditions == 0 {
          steps.append((events[row].at, nil))
        }
      }
      if modes.contains(.strictOnce) {
        let rows = (start..<end).sorted {
          let left = events[$0].conditions.trailingZeroBitCount
          let right = events[$1].conditions.trailingZeroBitCount
          return left == right ? $0 < $1 : left < right
        }
        for row in rows {
          for step in (0..<stepCount).reversed() where events[row].conditions >> step & 1 != 0 {
            steps.append((events[row].at, step))
          }
        }
      } else {
        for step in 0..<stepCount {
          for row in start..<end where events[row].conditions >> step & 1 != 0 {
            steps.append((events[row].at, step))
          }
        }
      }
      start = end
    }
    return steps
  }
}

// MARK: - Event patterns

/// A pattern over events: `(?1)(?t<=3600).*(?2)`.
///
/// `(?N)` is an event that meets condition N, `.` any event, `.*` any number of events, and
/// `(?t op seconds)` any number of events such that the next element's event stands in that
/// distance of time to the last one. A match may begin anywhere.
struct EventPattern: Sendable {
  /// An element that matches one event.
  struct Element: Sendable {
    /// The condition; nil for `.`.
    var condition: Int?
    /// Whether events may lie between the last element's event and this one's.
    var allowsGap = false
    /// The distances of time that are allowed, in microseconds or the unit of integer times.
    var distances: [ClosedRange<Int64>] = []
  }

  private(set) var elements: [Element] = []

  /// Parses a pattern; `unitsPerSecond` converts its times.
  init(_ text: String, conditionCount: Int, unitsPerSecond: Int64) throws(ExecutionError) {
    let bytes = Array(text.utf8)
    var position = 0
    var next = Element()
    func failure(_ reason: String) -> ExecutionError {
      ExecutionError(.invalidPattern, "the event pattern '\(text)' is wrong, because \(reason)")
    }
    func number() throws(ExecutionError) -> Int64 {
      var value: Int64 = 0
      let start = position
      while position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 {
        guard value < 1_000_000_000_000 else { throw failure("a number is too large") }
        value = value * 10 + Int64(bytes[position] - 0x30)
        position += 1
      }
      guard position > start else { throw failure("a number is missing") }
      return value
    }
    while position < bytes.count {
      guard elements.count < 64 else { throw failure("it has more than 64 elements") }
      switch bytes[position] {
      case UInt8(ascii: "."):
        position += 1
        if position < bytes.count, bytes[position] == UInt8(ascii: "*") {
          position += 1
          next.allowsGap = true
        } else {
          elements.append(next)
          next = Element()
        }
      case UInt8(ascii: " "):
        position += 1
      case UInt8(ascii: "("):
        guard position + 2 < bytes.count, bytes[position + 1] == UInt8(ascii: "?") else {
          throw failure("'(' must begin '(?N)' or '(?t'")
        }
        position += 2
        if bytes[position] == UInt8(ascii: "t") {
          position += 1
          var symbol = ""
          while position < bytes.count, "<>=!".utf8.contains(bytes[position]) {
            symbol.append(Character(Unicode.Scalar(bytes[position])))
            position += 1
          }
          let (seconds, isOverflow) = try number().multipliedReportingOverflow(by: unitsPerSecond)
          if isOverflow { throw failure("a time is too large") }
          guard let ranges = EventPattern.ranges(symbol, seconds) else {
            throw failure("a time needs one of < <= > >= == !=")
          }
          next.allowsGap = true
          next.distances =
            next.distances.isEmpty ? ranges : EventPattern.common(next.distances, ranges)
          if next.distances.isEmpty { next.distances = [-1 ... -1] }
        } else {
          let condition = try number()
          guard condition >= 1, condition <= conditionCount else {
            throw failure("there is no condition \(condition)")
          }
          next.condition = Int(condition) - 1
          elements.append(next)
          next = Element()
        }
        guard position < bytes.count, bytes[position] == UInt8(ascii: ")") else {
          throw failure("a '(' is never closed")
        }
        position += 1
      default:
        throw failure("only '(?N)', '(?t op N)', '.' and '.*' may occur")
      }
    }
    guard !elements.isEmpty else { throw failure("it has no element that matches an event") }
  }

  private static func ranges(_ symbol: String, _ limit: Int64) -> [ClosedRange<Int64>]? {
    switch symbol {
    case "<": limit == 0 ? [-1 ... -1] : [0...limit - 1]
    case "<=": [0...limit]
    case ">": [limit + 1...Int64.max]
    case ">=": [limit...Int64.max]
    case "==", "=": [limit...limit]
    case "!=": limit == 0 ? [1...Int64.max] : [0...limit - 1, limit + 1...Int64.max]
    default: nil
    }
  }

  private static func common(
    _ left: [ClosedRange<Int64>],
    _ right: [ClosedRange<Int64>]
  ) -> [ClosedRange<Int64>] {
    left.flatMap { first in
      right.compactMap { second in first.overlaps(second) ? first.clamped(to: second) : nil }
    }
  }
}

extension EventSequence {
  /// Returns how many matches follow each other without sharing events, at most `limit`.
  ///
  /// Events that meet no condition are not seen. Each match ends as early as it can. Takes time
  /// proportional to events times elements, and a logarithm for gaps with times.
  func matchCount(of pattern: EventPattern, limit: Int = Int.max) -> Int {
    let elements = pattern.elements
    /// Per element, the times of the events that it can match, since the last match.
    var times = [[Int64]](repeating: [], count: elements.count)
    /// Per element, whether it can match the event before the current one.
    var isAdjacent = [Bool](repeating: false, count: elements.count)
    var count = 0
    for event in events where event.conditions != 0 {
      // Later elements first: none may build on this same event.
      for position in elements.indices.reversed() {
        let element = elements[position]
        var matches = element.condition.map { event.conditions >> $0 & 1 != 0 } ?? true
        if matches, position > 0 {
          if !element.allowsGap {
            matches = isAdjacent[position - 1]
          } else if element.distances.isEmpty {
            matches = !times[position - 1].isEmpty
          } else {
            matches = element.distances.contains { distance in
              Self.contains(times[position - 1], before: event.at, at: distance)
            }
          }
        }
        isAdjacent[position] = matches
        if matches { times[position].append(event.at) }
      }
      guard isAdjacent[elements.count - 1] else { continue }
      count += 1
      if count >= limit { return count }
      for position in elements.indices {
        times[position].removeAll(keepingCapacity: true)
        isAdjacent[position] = false
      }
    }
    return count
  }

  /// Whether sorted times hold one in a distance before an instant.
  private static func contains(
    _ times: [Int64],
    before instant: Int64,
    at distance: ClosedRange<Int64>
  ) -> Bool {
    guard distance.lowerBound >= 0 else { return false }
    let (latest, isTooEarly) = instant.subtractingReportingOverflow(distance.lowerBound)
    if isTooEarly { return false }
    let (earliest, isUnbounded) = instant.subtractingReportingOverflow(distance.upperBound)
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= latest { low = middle + 1 } else { high = middle }
    }
    return low > 0 && (isUnbounded || times[low - 1] >= earliest)
  }
}
