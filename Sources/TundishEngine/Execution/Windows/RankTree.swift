internal import TundishColumns

/// Finds the n-th smallest rank among ranges of places, in one step per bit of a rank.
///
/// A wavelet matrix: level by level, from the highest bit to the lowest, places whose bit is 0 come
/// before the others in the order that they had; the counts of zeros lead from one level to the next.
struct RankTree {
  private struct Level {
    let bit: Int32
    /// How many of the places before each one have a 0.
    let zerosBefore: [Int32]
  }

  private var levels: [Level] = []

  /// The tree of some ranks, which are below a bound.
  init(_ ranks: [Int32], bound: Int) {
    var current = ranks
    for shift in (0..<max(1, bound.bitWidth - bound.leadingZeroBitCount)).reversed() {
      let bit = Int32(truncatingIfNeeded: 1 << shift)
      // A tree without its last levels finds some rank; the query has been cancelled.
      if Cancellation.isRequested { break }
      var zerosBefore: [Int32] = [0]
      zerosBefore.reserveCapacity(current.count + 1)
      var zeros: [Int32] = []
      var ones: [Int32] = []
      for rank in current {
        if rank & bit == 0 { zeros.append(rank) } else { ones.append(rank) }
        zerosBefore.append(Int32(zeros.count))
      }
      levels.append(Level(bit: bit, zerosBefore: zerosBefore))
      current = zeros + ones
    }
  }

  /// How many places of a range have a rank below one that is at most the bound.
  func count(below rank: Int32, in range: Range<Int>) -> Int {
    var range = range
    var count = 0
    for level in levels {
      let before = level.zerosBefore
      let low = Int(before[range.lowerBound])..<Int(before[range.upperBound])
      if rank & level.bit == 0 {
        range = low
      } else {
        count += low.count
        let shift = Int(before[before.count - 1]) - low.lowerBound
        range = range.lowerBound + shift..<range.upperBound + shift - low.count
      }
    }
    return count
  }

  /// How many ranks in the ranges are below a rank, which may be the bound itself.
  func count(below rank: Int32, in ranges: [Range<Int>]) -> Int {
    ranges.reduce(0) { $0 + count(below: rank, in: $1) }
  }

  /// The rank that so many others in the ranges are below; the number is below their count.
  func rank(_ number: Int, in ranges: [Range<Int>]) -> Int32 {
    var left = number
    var ranges = ranges
    var result: Int32 = 0
    for level in levels {
      let before = level.zerosBefore
      let low = ranges.map { Int(before[$0.lowerBound])..<Int(before[$0.upperBound]) }
      let count = low.reduce(0) { $0 + $1.count }
      if left < count {
        ranges = low
      } else {
        left -= count
        result |= level.bit
        let zeros = Int(before[before.count - 1])
        ranges = zip(ranges, low).map { range, low in
          zeros + range.lowerBound - low.lowerBound..<zeros + range.upperBound - low.upperBound
        }
      }
    }
    return result
  }
}
