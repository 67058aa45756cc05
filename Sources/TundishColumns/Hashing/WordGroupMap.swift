/// Finds groups by one packed word: open addressing with linear probing, at most half full.
///
/// A map that is made of many words at once has regions (`WordGroupMap+Building.swift`): probing goes
/// round within the region of a word's first slot. Other maps are one region.
struct WordGroupMap: Sendable {
  private var keys: [UInt64]
  /// Per slot, the group, or -1 where the slot is free.
  private var groups: [Int32]
  /// The bits of a hash that are not part of its first slot.
  private var shift: UInt64
  /// The bits of a slot that are its place in its region.
  private var regionMask: Int

  /// The rows that are added between two checks of the size.
  private static let chunkRowCount = 2_048
  /// The bits of a row's number that are zero where a cancelled insertion ends.
  private static let lookMask = 0x1_FFFF

  /// Creates an empty map.
  init() {
    let size = 8_192
    keys = [UInt64](repeating: 0, count: size)
    groups = [Int32](repeating: -1, count: size)
    shift = UInt64((UInt64(size) - 1).leadingZeroBitCount)
    regionMask = size - 1
  }

  /// Creates a map of slots that are filled.
  init(keys: [UInt64], groups: [Int32], regionMask: Int) {
    self.keys = keys
    self.groups = groups
    self.regionMask = regionMask
    shift = UInt64((UInt64(keys.count) - 1).leadingZeroBitCount)
  }

  /// Writes the group of each row, making groups from `count` on for words that are new, and
  /// appends the rows that brought them.
  mutating func insert(
    _ words: [UInt64],
    into rowGroups: inout [Int32],
    count: inout Int32,
    newRows: inout [Int32]
  ) {
    var start = 0
    while start < words.count {
      let end = min(words.count, start + Self.chunkRowCount)
      reserve(Int(count) + end - start)
      // The caller fails; every row has some group.
      if start & Self.lookMask == 0, Cancellation.isRequested { return }
      Self.insert(
        words,
        start..<end,
        &keys,
        &groups,
        shift,
        regionMask,
        into: &rowGroups,
        count: &count,
        &newRows
      )
      start = end
    }
  }

  /// Writes the group of each row, or -1.
  func find(_ words: [UInt64], into rowGroups: inout [Int32]) {
    let words = words.span
    let keys = keys.span
    let groups = groups.span
    var rowGroups = rowGroups.mutableSpan
    let mask = regionMask
    for row in words.indices {
      let key = words[row]
      var slot = Int(truncatingIfNeeded: Self.hash(key) &>> shift)
      while groups[slot] >= 0, keys[slot] != key { slot = Self.next(slot, mask) }
      rowGroups[row] = groups[slot]
    }
  }

  @inline(__always)
  static func hash(_ key: UInt64) -> UInt64 {
    foldedProduct(key ^ 0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93)
  }

  /// The slot after another in its region.
  @inline(__always)
  static func next(_ slot: Int, _ regionMask: Int) -> Int {
    (slot & ~regionMask) | ((slot &+ 1) & regionMask)
  }

  private static func insert(
    _ words: [UInt64],
    _ rows: Range<Int>,
    _ keys: inout [UInt64],
    _ groups: inout [Int32],
    _ shift: UInt64,
    _ mask: Int,
    into rowGroups: inout [Int32],
    count: inout Int32,
    _ newRows: inout [Int32]
  ) {
    let words = words.span
    var keys = keys.mutableSpan
    var groups = groups.mutableSpan
    var rowGroups = rowGroups.mutableSpan
    for row in rows {
      let key = words[row]
      var slot = Int(truncatingIfNeeded: hash(key) &>> shift)
      while groups[slot] >= 0, keys[slot] != key { slot = next(slot, mask) }
      var group = groups[slot]
      if group < 0 {
        group = count
        count &+= 1
        keys[slot] = key
        groups[slot] = group
        newRows.append(Int32(truncatingIfNeeded: row))
      }
      rowGroups[row] = group
    }
  }

  private mutating func reserve(_ capacity: Int) {
    var size = keys.count
    while size < capacity * 2 { size *= 2 }
    guard size > keys.count else { return }
    let mask = size - 1
    shift = UInt64((UInt64(size) - 1).leadingZeroBitCount)
    var newKeys = [UInt64](repeating: 0, count: size)
    var newGroups = [Int32](repeating: -1, count: size)
    for old in keys.indices where groups[old] >= 0 {
      var slot = Int(truncatingIfNeeded: Self.hash(keys[old]) &>> shift)
      while newGroups[slot] >= 0 { slot = (slot + 1) & mask }
      newKeys[slot] = keys[old]
      newGroups[slot] = groups[old]
    }
    keys = newKeys
    groups = newGroups
    regionMask = mask
  }
}
