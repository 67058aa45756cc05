/// Finds groups by a packed word of few bits: an array of group numbers.
struct DenseGroupMap: Sendable {
  /// Per packed word, its group, or -1.
  private var slots: [Int32]

  /// Creates a map of words of so many bits.
  init(bits: Int) {
    slots = [Int32](repeating: -1, count: 1 << bits)
  }

  /// Writes the group of each row, making groups from `count` on for words that are new, and
  /// appends the rows that brought them.
  mutating func insert(
    _ words: [UInt64],
    into groups: inout [Int32],
    count: inout Int32,
    newRows: inout [Int32]
  ) {
    let words = words.span
    var groups = groups.mutableSpan
    var slots = slots.mutableSpan
    for row in words.indices {
      let slot = Int(truncatingIfNeeded: words[row])
      var group = slots[slot]
      if group < 0 {
        group = count
        count &+= 1
        slots[slot] = group
        newRows.append(Int32(truncatingIfNeeded: row))
      }
      groups[row] = group
    }
  }

  /// Writes the group of each row, or -1.
  func find(_ words: [UInt64], into groups: inout [Int32]) {
    let words = words.span
    let slots = slots.span
    var groups = groups.mutableSpan
    for row in words.indices { groups[row] = slots[Int(truncatingIfNeeded: words[row])] }
  }
}

/// Finds groups by two packed words: open addressing with linear probing, at most half full.
struct PairGroupMap: Sendable {
  private var slots: [Slot]
  private var shift: UInt64

  private struct Slot {
    var first: UInt64
    var second: UInt64
    /// The group, or -1 where the slot is free.
    var group: Int32
  }

  private static let chunkRowCount = 2_048
  /// The bits of a row's number that are zero where a cancelled insertion ends.
  private static let lookMask = 0x1_FFFF

  /// Creates an empty map.
  init() {
    let size = 8_192
    slots = [Slot](repeating: Slot(first: 0, second: 0, group: -1), count: size)
    shift = UInt64((UInt64(size) - 1).leadingZeroBitCount)
  }

  /// Writes the group of each row, making groups from `count` on for pairs that are new, and
  /// appends the rows that brought them.
  mutating func insert(
    _ first: [UInt64],
    _ second: [UInt64],
    into rowGroups: inout [Int32],
    count: inout Int32,
    newRows: inout [Int32]
  ) {
    var start = 0
    while start < first.count {
      let end = min(first.count, start + Self.chunkRowCount)
      reserve(Int(count) + end - start)
      if start & Self.lookMask == 0, Cancellation.isRequested { return }
      Self.insert(
        first,
        second,
        start..<end,
        &slots,
        shift,
        into: &rowGroups,
        count: &count,
        &newRows
      )
      start = end
    }
  }

  /// Writes the group of each row, or -1.
  func find(_ first: [UInt64], _ second: [UInt64], into rowGroups: inout [Int32]) {
    let slots = slots.span
    var rowGroups = rowGroups.mutableSpan
    let mask = slots.count &- 1
    for row in first.indices {
      let (one, two) = (first[row], second[row])
      var slot = Int(truncatingIfNeeded: combinedHash(one, two) &>> shift)
      while slots[slot].group >= 0, slots[slot].first != one || slots[slot].second != two {
        slot = (slot &+ 1) & mask
      }
      rowGroups[row] = slots[slot].group
    }
  }

  private static func insert(
    _ first: [UInt64],
    _ second: [UInt64],
    _ rows: Range<Int>,
    _ slots: inout [Slot],
    _ shift: UInt64,
    into rowGroups: inout [Int32],
    count: inout Int32,
    _ newRows: inout [Int32]
  ) {
    let first = first.span
    let second = second.span
    var slots = slots.mutableSpan
    var rowGroups = rowGroups.mutableSpan
    let mask = slots.count &- 1
    for row in rows {
      let (one, two) = (first[row], second[row])
      var slot = Int(truncatingIfNeeded: combinedHash(one, two) &>> shift)
      while slots[slot].group >= 0, slots[slot].first != one || slots[slot].second != two {
        slot = (slot &+ 1) & mask
      }
      var group = slots[slot].group
      if group < 0 {
        group = count
        count &+= 1
        slots[slot] = Slot(first: one, second: two, group: group)
        newRows.append(Int32(truncatingIfNeeded: row))
      }
      rowGroups[row] = group
    }
  }

  private mutating func reserve(_ capacity: Int) {
    var size = slots.count
    while size < capacity * 2 { size *= 2 }
    guard size > slots.count else { return }
    let mask = size - 1
    shift = UInt64((UInt64(size) - 1).leadingZeroBitCount)
    var larger = [Slot](repeating: Slot(first: 0, second: 0, group: -1), count: size)
    for old in slots where old.group >= 0 {
      var slot = Int(truncatingIfNeeded: combinedHash(old.first, old.second) &>> shift)
      while larger[slot].group >= 0 { slot = (slot + 1) & mask }
      larger[slot] = old
    }
    slots = larger
  }
}
