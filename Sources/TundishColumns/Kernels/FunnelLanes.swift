/// The nodes of a funnel search: an event together with a step that it meets.
///
/// Nodes lie in lanes, by the step that they serve and the next lower step that their event also
/// meets: an event does not pass over a step that it meets.
struct FunnelLanes {
  /// The nodes of position `p` are `firstNode[p] ..< firstNode[p + 1]`, in the order of steps.
  private(set) var firstNode: [Int] = []
  private(set) var positions: [Int] = []
  private(set) var steps: [Int] = []
  /// The lane of each node, and its place there.
  private(set) var lanes: [Int] = []
  /// The step that the nodes of each lane serve.
  private(set) var stepOfLane: [Int] = []
  /// The nodes of each lane, in the order of positions.
  private(set) var nodes: [[Int]] = []
  /// The lanes that may follow each step.
  private(set) var following: [[Int]] = []

  /// Makes the nodes of some positions.
  init(events: FunnelEvents, range: Range<Int>, targets: [UInt64]) {
    firstNode = Array(repeating: 0, count: events.count + 1)
    var known: [Int: Int] = [:]
    var below: [Int] = []
    for position in 0..<events.count {
      firstNode[position] = steps.count
      guard range.contains(position) else { continue }
      var rest = events.steps[position]
      var lower = -1
      while rest != 0 {
        let step = rest.trailingZeroBitCount
        let key = step * 65 + lower + 1
        let lane = known[key] ?? stepOfLane.count
        if lane == stepOfLane.count {
          known[key] = lane
          stepOfLane.append(step)
          below.append(lower)
          nodes.append([])
        }
        nodes[lane].append(steps.count)
        positions.append(position)
        steps.append(step)
        lanes.append(lane)
        lower = step
        rest &= rest - 1
      }
    }
    firstNode[events.count] = steps.count
    following = targets.enumerated().map { step, targets in
      stepOfLane.indices.filter {
        targets >> UInt64(stepOfLane[$0]) & 1 != 0 && below[$0] <= step
      }
    }
  }
}

/// The smallest arrivals of runs of nodes, by which runs without any that is early enough are
/// passed over at once.
struct ArrivalPyramid {
  private static let fanOut = 64
  private let lengthCount: Int
  /// Per level, per block and length, the smallest value; level 0 are the nodes themselves.
  private var levels: [[Int32]]

  init(nodes: [Int], arrival: [Int32], lengthCount: Int) {
    self.lengthCount = lengthCount
    var level: [Int32] = []
    level.reserveCapacity(nodes.count * lengthCount)
    for node in nodes { level += arrival[node * lengthCount..<(node + 1) * lengthCount] }
    levels = [level]
    while level.count > lengthCount {
      let count = level.count / lengthCount
      let blocks = (count + Self.fanOut - 1) / Self.fanOut
      var above = [Int32](repeating: FunnelSearch.never, count: blocks * lengthCount)
      for index in 0..<count {
        for length in 0..<lengthCount {
          let place = index / Self.fanOut * lengthCount + length
          above[place] = min(above[place], level[index * lengthCount + length])
        }
      }
      levels.append(above)
      level = above
    }
  }

  /// The first place at or after another whose value is below a bound.
  func first(from place: Int, length: Int, below bound: Int32) -> Int? {
    var level = 0
    var index = place
    while level < levels.count {
      let values = levels[level]
      let count = values.count / lengthCount
      let end = min(count, (index / Self.fanOut + 1) * Self.fanOut)
      while index < end, values[index * lengthCount + length] >= bound { index += 1 }
      if index < end {
        if level == 0 { return index }
        level -= 1
        index *= Self.fanOut
      } else {
        guard index < count else { return nil }
        level += 1
        index /= Self.fanOut
      }
    }
    return nil
  }
}

/// Per lane and length, the nodes of a window that slides towards earlier events, such that the
/// first has the smallest arrival.
struct FunnelQueues {
  private struct Queue {
    var nodes: [Int] = []
    var head = 0
  }
  private var queues: [Queue]
  private let lengthCount: Int

  init(laneCount: Int, lengthCount: Int) {
    self.lengthCount = lengthCount
    queues = Array(repeating: Queue(), count: laneCount * lengthCount)
  }

  /// Adds a node that lies before all others.
  mutating func push(_ node: Int, lane: Int, arrival: [Int32]) {
    for length in 0..<lengthCount {
      let value = arrival[node * lengthCount + length]
      guard value != FunnelSearch.never else { continue }
      let index = lane * lengthCount + length
      while queues[index].nodes.count > queues[index].head,
        let last = queues[index].nodes.last, arrival[last * lengthCount + length] >= value
      {
        queues[index].nodes.removeLast()
      }
      queues[index].nodes.append(node)
    }
  }

  /// The node with the smallest arrival among those that are not too late.
  mutating func first(lane: Int, length: Int, isTooLate: (Int) -> Bool) -> Int? {
    let index = lane * lengthCount + length
    while queues[index].head < queues[index].nodes.count {
      let node = queues[index].nodes[queues[index].head]
      guard isTooLate(node) else { return node }
      queues[index].head += 1
    }
    return nil
  }
}
