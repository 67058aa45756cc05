/// Orders rows by several keys, stably.
///
/// Each key becomes unsigned words in its order, with NULL and the direction folded in; the words
/// of all keys are packed into as few 64-bit words as they need, and those are sorted by radix.
/// Text is in binary collation, `ENUM` in the order of its labels, -0.0 equals 0.0, and NaN is
/// greater than all other numbers.
package enum SortedOrder {
  /// Returns the rows in the order of the keys, equal ones as they come.
  package static func rows(of keys: [SortKey], rowCount: Int) -> [Int32] {
    precondition(rowCount <= Int(Int32.max), "rows to sort are numbered in 32 bits")
    var rows = (0..<Int32(rowCount)).map { $0 }
    guard rowCount > 1 else { return rows }
    var parts: [PackedKey] = []
    for key in keys where !key.column.isConstant { parts += PackedKey.parts(of: key) }
    var words = packed(parts, rowCount: rowCount)
    // From the least significant word to the most, as every pass keeps the order of equal words.
    var isFirst = true
    while let last = words.popLast() {
      var ordered = isFirst ? last.words : gatheredElements(last.words, at: rows)
      RadixSort.sort(&ordered, &rows, bits: last.bits)
      isFirst = false
    }
    return rows
  }

  /// Returns whether each position of an order begins a run of rows with equal values in some
  /// columns, NULL being equal to NULL.
  package static func runStarts(
    of columns: [Column],
    in order: [Int32]
  ) throws(ExecutionError) -> [Bool] {
    var table = GroupTable(keyTypes: columns.map(\.type))
    let groups = try table.groupIDs(for: columns.map { $0.gathered(order) }, rowCount: order.count)
    var starts = [Bool](repeating: true, count: order.count)
    for position in order.indices.dropFirst() {
      starts[position] = groups[position] != groups[position - 1]
    }
    return starts
  }

  /// Packs keys, the most significant first, into words, the most significant first.
  private static func packed(
    _ parts: [PackedKey],
    rowCount: Int
  ) -> [(words: [UInt64], bits: Int)] {
    var packed: [(words: [UInt64], bits: Int)] = []
    for part in parts {
      if let last = packed.last, last.bits + part.bits <= 64 {
        var words = last.words
        packed.removeLast()
        let shift = UInt64(part.bits)
        for row in words.indices { words[row] = words[row] &<< shift | part.words[row] }
        packed.append((words, last.bits + part.bits))
      } else {
        packed.append((part.words, part.bits))
      }
    }
    return packed
  }
}

/// The words of a key in its direction, as small as its values allow.
private struct PackedKey {
  let words: [UInt64]
  let bits: Int

  /// Returns the words of a key: one part, or a part for NULL and one for values where these fill
  /// 64 bits.
  static func parts(of key: SortKey) -> [PackedKey] {
    let ordered = OrderWords(key.column)
    var words = ordered.words
    var least = UInt64.max
    var greatest = UInt64.min
    if let validity = ordered.validity {
      for row in words.indices where validity[row] {
        least = min(least, words[row])
        greatest = max(greatest, words[row])
      }
    } else {
      for word in words {
        least = min(least, word)
        greatest = max(greatest, word)
      }
    }
    guard least <= greatest else { return [] }
    if key.direction.isDescending {
      for row in words.indices { words[row] = greatest &- words[row] }
    } else {
      for row in words.indices { words[row] = words[row] &- least }
    }
    let width = greatest - least
    guard let validity = ordered.validity else {
      return [PackedKey(words: words, bits: bitCount(width))]
    }
    let nullsFirst = key.direction.nullsFirst
    if width == .max {
      for row in words.indices where !validity[row] { words[row] = 0 }
      let flags = validity.map { $0 == nullsFirst ? UInt64(1) : 0 }
      return [PackedKey(words: flags, bits: 1), PackedKey(words: words, bits: 64)]
    }
    for row in words.indices {
      let word = nullsFirst ? words[row] &+ 1 : words[row]
      words[row] = validity[row] ? word : nullsFirst ? 0 : width + 1
    }
    return [PackedKey(words: words, bits: bitCount(width + 1))]
  }

  private static func bitCount(_ greatest: UInt64) -> Int {
    64 - greatest.leadingZeroBitCount
  }
}
