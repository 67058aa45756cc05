/// Runs numbered pieces of work, perhaps at the same time; the threads are another module's.
package protocol PieceRunner {
  /// Returns the results of pieces 0 ..< count by number.
  func results<Result>(
    count: Int,
    of piece: (Int) -> Result
  ) throws(ExecutionError) -> [Result]
}

// A map of many words at once.
//
// A table of millions of slots is a cache miss per word. So words are first brought together by the
// region that their hash falls into, as many as have room in the cache, and each region's slots are
// filled on their own, by whichever thread comes first. Groups get their numbers last, in the order
// of their first rows, so that the map is that of one insertion after the other in all but where
// colliding words lie.
extension WordGroupMap {
  /// The fewest words for which that pays.
  static let leastBuiltCount = 1 << 17
  /// The slots of a region: 12 bytes each, which fit into a core's cache.
  private static let regionBits = 15
  /// The most regions: each is a place that rows are written to in turn.
  private static let maximumRegionCountBits = 12

  /// What the rows of all words come to.
  struct Built {
    let map: WordGroupMap
    /// The group of each row.
    let groups: [Int32]
    /// The first row of each group.
    let newRows: [Int32]
  }

  /// Makes the map of some words; nil where the hashes of different words crowd in one region.
  static func built(
    of words: [UInt64],
    by runner: any PieceRunner
  ) throws(ExecutionError) -> Built? {
    // At most two thirds full.
    let slotBits = max(regionBits, Int.bitWidth - (words.count / 2 * 3).leadingZeroBitCount)
    let regionCountBits = min(maximumRegionCountBits, slotBits - regionBits)
    let regionSlotBits = slotBits - regionCountBits
    let parts = RegionParts(words, bits: regionCountBits)
    try Cancellation.check()
    let regions = try runner.results(count: parts.count) { number in
      FilledRegion(
        parts.words[parts.places(of: number)],
        slotBits: regionSlotBits,
        shift: UInt64(64 - slotBits)
      )
    }
    guard regions.allSatisfy(\.hasRoom) else { return nil }
    let numbers = try Numbers(regions, parts, rowCount: words.count)
    var keys: [UInt64] = []
    var slots: [Int32] = []
    keys.reserveCapacity(1 << slotBits)
    slots.reserveCapacity(1 << slotBits)
    var groups = [Int32](repeating: 0, count: words.count)
    for (number, region) in regions.enumerated() {
      try Cancellation.check()
      let ofRegion = numbers.groups(of: region, parts, number)
      keys += region.keys
      for group in region.groups { slots.append(group < 0 ? -1 : ofRegion[Int(group)]) }
      // Where each row has a group of its own, it is that of its number.
      if numbers.groupCount < words.count {
        scatter(region.rowGroups, ofRegion, parts.rows[parts.places(of: number)], into: &groups)
      }
    }
    if numbers.groupCount == words.count { groups = [Int32](0..<Int32(words.count)) }
    return Built(
      map: WordGroupMap(keys: keys, groups: slots, regionMask: (1 << regionSlotBits) - 1),
      groups: groups,
      newRows: numbers.newRows
    )
  }

  private static func scatter(
    _ rowGroups: [Int32],
    _ numbers: [Int32],
    _ rows: ArraySlice<Int32>,
    into groups: inout [Int32]
  ) {
    var groups = groups.mutableSpan
    let rowGroups = rowGroups.span
    let numbers = numbers.span
    let rows = rows.span
    for place in rows.indices { groups[Int(rows[place])] = numbers[Int(rowGroups[place])] }
  }
}

/// Rows and their words by region, in order within a region.
private struct RegionParts {
  let words: [UInt64]
  let rows: [Int32]
  private let starts: [Int]

  init(_ words: [UInt64], bits: Int) {
    let shift = UInt64(64 - bits)
    var next = Self.starts(words, shift: shift, count: 1 << bits)
    starts = next
    var ordered = [UInt64](repeating: 0, count: words.count)
    var rows = [Int32](repeating: 0, count: words.count)
    // Rows that a cancelled query leaves out are all row 0.
    for start in stride(from: 0, to: words.count, by: Self.portionCount)
    where !Cancellation.isRequested {
      let end = min(start + Self.portionCount, words.count)
      Self.distribute(words, start..<end, shift: shift, &next, into: &ordered, &rows)
    }
    self.words = ordered
    self.rows = rows
  }

  /// The rows that are distributed between two looks at the cancellation flag.
  private static let portionCount = 1 << 20

  /// The number of regions.
  var count: Int { starts.count - 1 }

  /// The places of a region's rows.
  func places(of region: Int) -> Range<Int> { starts[region]..<starts[region + 1] }

  /// The region of a word; a shift by all bits gives region 0.
  @inline(__always)
  private static func region(_ word: UInt64, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: WordGroupMap.hash(word) >> shift)
  }

  private static func starts(_ words: [UInt64], shift: UInt64, count: Int) -> [Int] {
    var starts = [Int](repeating: 0, count: count + 1)
    var counts = starts.mutableSpan
    let words = words.span
    for row in words.indices { counts[region(words[row], shift) &+ 1] &+= 1 }
    for region in 0..<count { counts[region &+ 1] &+= counts[region] }
    return starts
  }

  private static func distribute(
    _ words: [UInt64],
    _ range: Range<Int>,
    shift: UInt64,
    _ next: inout [Int],
    into ordered: inout [UInt64],
    _ rows: inout [Int32]
  ) {
    let words = words.span
    var next = next.mutableSpan
    var ordered = ordered.mutableSpan
    var rows = rows.mutableSpan
    for row in range {
      let region = region(words[row], shift)
      let place = next[region]
      next[region] = place &+ 1
      ordered[place] = words[row]
      rows[place] = Int32(truncatingIfNeeded: row)
    }
  }
}

/// The slots of one region, with groups numbered within it.
private struct FilledRegion {
  /// Per slot, its word.
  var keys: [UInt64]
  /// Per slot, its group, or -1.
  var groups: [Int32]
  /// The group of each of the region's rows.
  var rowGroups: [Int32]
  /// The place of each group's first row among the region's rows.
  var firstPlaces: [Int32] = []
  /// Whether the words have left a quarter of the slots free.
  var hasRoom = true

  init(_ words: ArraySlice<UInt64>, slotBits: Int, shift: UInt64) {
    keys = [UInt64](repeating: 0, count: 1 << slotBits)
    groups = [Int32](repeating: -1, count: 1 << slotBits)
    rowGroups = [Int32](repeating: 0, count: words.count)
    hasRoom = Self.fill(words, shift, &keys, &groups, &rowGroups, &firstPlaces)
  }

  /// Returns whether the words have room.
  private static func fill(
    _ words: ArraySlice<UInt64>,
    _ shift: UInt64,
    _ keys: inout [UInt64],
    _ groups: inout [Int32],
    _ rowGroups: inout [Int32],
    _ firstPlaces: inout [Int32]
  ) -> Bool {
    let words = words.span
    var keys = keys.mutableSpan
    var groups = groups.mutableSpan
    var rowGroups = rowGroups.mutableSpan
    let mask = keys.count &- 1
    let room = keys.count &- keys.count / 4
    var count = 0
    for place in words.indices {
      let word = words[place]
      var slot = Int(truncatingIfNeeded: WordGroupMap.hash(word) >> shift) & mask
      while groups[slot] >= 0, keys[slot] != word { slot = (slot &+ 1) & mask }
      if groups[slot] < 0 {
        if count >= room { return false }
        keys[slot] = word
        groups[slot] = Int32(truncatingIfNeeded: count)
        firstPlaces.append(Int32(truncatingIfNeeded: place))
        count &+= 1
      }
      rowGroups[place] = groups[slot]
    }
    return true
  }
}

/// The numbers of the groups of all regions, in the order of their first rows.
private struct Numbers {
  /// The first row of each group.
  let newRows: [Int32]
  /// How many groups begin before each row.
  private let before: [Int32]

  var groupCount: Int { newRows.count }

  init(
    _ regions: [FilledRegion],
    _ parts: RegionParts,
    rowCount: Int
  ) throws(ExecutionError) {
    var before = [Int32](repeating: 0, count: rowCount)
    var groupCount = 0
    for (number, region) in regions.enumerated() {
      if number & 0xF == 0 { try Cancellation.check() }
      let start = parts.places(of: number).lowerBound
      for place in region.firstPlaces { before[Int(parts.rows[start + Int(place)])] = 1 }
      groupCount += region.firstPlaces.count
    }
    newRows = Self.addUp(&before, groupCount: groupCount)
    self.before = before
  }

  /// The numbers of a region's groups.
  func groups(of region: FilledRegion, _ parts: RegionParts, _ number: Int) -> [Int32] {
    let start = parts.places(of: number).lowerBound
    return region.firstPlaces.map { before[Int(parts.rows[start + Int($0)])] }
  }

  /// Turns marks of rows into how many come before, and returns the marked rows.
  private static func addUp(_ marks: inout [Int32], groupCount: Int) -> [Int32] {
    var marks = marks.mutableSpan
    return [Int32](capacity: groupCount) { rows in
      var count: Int32 = 0
      for row in marks.indices {
        let isFirst = marks[row] != 0
        marks[row] = count
        if isFirst {
          rows.append(Int32(truncatingIfNeeded: row))
          count &+= 1
        }
      }
    }
  }
}
