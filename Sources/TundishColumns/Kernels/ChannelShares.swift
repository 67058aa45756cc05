/// The journeys that led to conversions, and those that did not, by the channels touched.
struct ChannelJourneys {
  /// Journeys of one path: which channels in order, and how many did and did not convert.
  struct Journey {
    var channels: [Int]
    var conversions: Double
    var nonConversions: Double
  }

  /// The channels, in the order in which they were first seen.
  private(set) var channels: [String] = []
  private(set) var journeys: [Journey] = []
  private var indices: [String: Int] = [:]

  /// The most channels for which Shapley values are computed: all of their subsets are weighed.
  static let maximumShapleyChannelCount = 12
  /// The most channels of a Markov chain: its matrix is inverted.
  static let maximumMarkovChannelCount = 500

  /// Adds journeys of one path.
  mutating func add(path: [String], conversions: Double, nonConversions: Double) {
    let places = path.map { name in
      if let known = indices[name] { return known }
      indices[name] = channels.count
      channels.append(name)
      return channels.count - 1
    }
    journeys.append(
      Journey(channels: places, conversions: conversions, nonConversions: nonConversions)
    )
  }

  /// All conversions.
  var conversions: Double { journeys.reduce(0) { $0 + $1.conversions } }

  // MARK: Markov

  /// The share of each channel by its removal effect in a Markov chain of first order: how much
  /// of all conversions is lost if every journey that would touch the channel ends there.
  ///
  /// A journey that never converts without channel `c` is one that passes through `c` and then
  /// converts, so the loss is the probability of ever reaching `c` times that of converting from
  /// `c`; both are read off the inverse of `I - Q`, where `Q` are the moves between channels.
  func markovShares() throws(ExecutionError) -> [Double] {
    let count = channels.count
    guard count <= Self.maximumMarkovChannelCount else {
      throw ExecutionError(
        .limit,
        "markov takes at most \(Self.maximumMarkovChannelCount) channels, and there are \(count)"
      )
    }
    var moves = [[Double]](repeating: Array(repeating: 0, count: count), count: count)
    var starts = [Double](repeating: 0, count: count)
    var converting = [Double](repeating: 0, count: count)
    var leaving = [Double](repeating: 0, count: count)
    for journey in journeys {
      let weight = journey.conversions + journey.nonConversions
      guard let first = journey.channels.first, let last = journey.channels.last, weight > 0
      else { continue }
      starts[first] += weight
      for (from, to) in zip(journey.channels, journey.channels.dropFirst()) {
        moves[from][to] += weight
        leaving[from] += weight
      }
      converting[last] += journey.conversions
      leaving[last] += weight
    }
    var matrix = [[Double]](repeating: Array(repeating: 0, count: count), count: count)
    for from in 0..<count {
      for to in 0..<count where leaving[from] > 0 {
        matrix[from][to] = -moves[from][to] / leaving[from]
      }
      matrix[from][from] += 1
    }
    guard let visits = Self.inverse(matrix) else { return Self.evenly(count) }
    let total = starts.reduce(0, +)
    guard total > 0 else { return Self.evenly(count) }
    var effects = [Double](repeating: 0, count: count)
    for channel in 0..<count {
      var reached = 0.0
      var converted = 0.0
      for other in 0..<count {
        reached += starts[other] / total * visits[other][channel]
        if leaving[other] > 0 {
          converted += visits[channel][other] * converting[other] / leaving[other]
        }
      }
      effects[channel] = reached / visits[channel][channel] * converted
    }
    return Self.normalized(effects)
  }

  /// The inverse of a matrix by elimination with the largest pivot; nil if it has none.
  private static func inverse(_ matrix: [[Double]]) -> [[Double]]? {
    let count = matrix.count
    var left = matrix
    var right = matrix.indices.map { row in (0..<count).map { $0 == row ? 1.0 : 0.0 } }
    for column in 0..<count {
      guard
        let pivot = (column..<count).max(by: { abs(left[$0][column]) < abs(left[$1][column]) }),
        abs(left[pivot][column]) > 1e-12
      else { return nil }
      left.swapAt(column, pivot)
      right.swapAt(column, pivot)
      let scale = left[column][column]
      for index in 0..<count {
        left[column][index] /= scale
        right[column][index] /= scale
      }
      for row in 0..<count where row != column && left[row][column] != 0 {
        let factor = left[row][column]
        for index in 0..<count {
          left[row][index] -= factor * left[column][index]
          right[row][index] -= factor * right[column][index]
        }
      }
    }
    return right
  }

  // MARK: Shapley

  /// The share of each channel by its Shapley value, where a set of channels is worth the
  /// conversion rate of the journeys that touched no other channel.
  func shapleyShares() throws(ExecutionError) -> [Double] {
    let count = channels.count
    guard count <= Self.maximumShapleyChannelCount else {
      throw ExecutionError(
        .limit,
        "shapley is exact up to \(Self.maximumShapleyChannelCount) channels, and there are \(count);"
          + " put the smallest together, or use markov"
      )
    }
    let subsets = 1 << count
    var converted = [Double](repeating: 0, count: subsets)
    var all = [Double](repeating: 0, count: subsets)
    for journey in journeys {
      let set = journey.channels.reduce(0) { $0 | 1 << $1 }
      converted[set] += journey.conversions
      all[set] += journey.conversions + journey.nonConversions
    }
    // Sums over all subsets, one channel at a time.
    for channel in 0..<count {
      for set in 0..<subsets where set >> channel & 1 != 0 {
        converted[set] += converted[set ^ 1 << channel]
        all[set] += all[set ^ 1 << channel]
      }
    }
    let worth = (0..<subsets).map { $0 == 0 || all[$0] == 0 ? 0 : converted[$0] / all[$0] }
    var factorial = [1.0]
    for number in 0..<max(1, count) { factorial.append(factorial[number] * Double(number + 1)) }
    var values = [Double](repeating: 0, count: count)
    for set in 0..<subsets {
      let size = set.nonzeroBitCount
      for channel in 0..<count where set >> channel & 1 == 0 {
        let weight = factorial[size] * factorial[count - size - 1] / factorial[count]
        values[channel] += weight * (worth[set | 1 << channel] - worth[set])
      }
    }
    return Self.normalized(values)
  }

  private static func normalized(_ values: [Double]) -> [Double] {
    let total = values.reduce(0, +)
    return total == 0 ? evenly(values.count) : values.map { $0 / total }
  }

  /// Where nothing converts, no channel stands out.
  private static func evenly(_ count: Int) -> [Double] {
    Array(repeating: count == 0 ? 0 : 1 / Double(count), count: count)
  }
}
