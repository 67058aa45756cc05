/// Orders rows by several keys, stably.
///
/// Each key becomes unsigned words in its order, with NULL and the direction folded in; the words
/// of all keys are packed into as few 64-bit words as they need, and those are sorted by radix.
/// Text is in binary collation, `ENUM` in the order of its labels, -0.0 equals 0.0, and NaN is
/// greater than all other numbers.
package enum SortedOrder {
  /// Returns the rows in the order of the keys, equal ones as they come.
  package static func rows(of keys: [SortKey], rowCount: Int) -> [Int32] {
    rows(of: keys, rowCount: rowCount) { count, piece in (0..<count).map { piece($0) } }
  }

  /// Returns the rows in the order of the keys, equal ones as they come, from pieces that `run` may
  /// compute at the same time: numbers `0 ..< count`, whose results it returns by number.
  ///
  /// Pieces are the rows whose most significant bits lie in a range, so that sorted pieces need not
  /// be merged: they follow each other.
  package static func rows<Failure: Error>(
    of keys: [SortKey],
    rowCount: Int,
    run: (_ count: Int, _ piece: (Int) -> [Int32]) throws(Failure) -> [[Int32]]
  ) throws(Failure) -> [Int32] {
    precondition(rowCount <= Int(Int32.max), "rows to sort are numbered in 32 bits")
    guard rowCount > 1 else { return (0..<Int32(rowCount)).map { $0 } }
    var parts: [PackedKey] = []
    for key in keys where !key.column.isConstant { parts += PackedKey.parts(of: key) }
    // Whoever asked is told that the query was cancelled.
    if Cancellation.isRequested { return (0..<Int32(rowCount)).map { $0 } }
    let words = packed(parts, rowCount: rowCount)
    guard let first = words.first, rowCount >= SortPieces.leastRowCount else {
      return sorted((0..<Int32(rowCount)).map { $0 }, by: words)
    }
    if Cancellation.isRequested { return (0..<Int32(rowCount)).map { $0 } }
    let pieces = SortPieces(first.words, bits: first.bits)
    let results = try run(pieces.count) { sorted(pieces.rows(of: $0), by: words) }
    var rows: [Int32] = []
    rows.reserveCapacity(rowCount)
    for result in results { rows.append(contentsOf: result) }
    return rows
  }

  /// Returns whether rows already stand in the order of the keys within each run of rows; `starts`
  /// holds the first row of each run and the number of rows.
  ///
  /// Linear; of one key of 64-bit integers without NULLs no words are made.
  package static func isSorted(_ keys: [SortKey], within starts: [Int32]) -> Bool {
    let keys = keys.filter { !$0.column.isConstant }
    guard let first = keys.first, let last = starts.last, last > 1 else { return true }
    if keys.count == 1, case .int64(let values) = first.column.data, first.column.validity == nil {
      return first.direction.isDescending
        ? isSorted(values, within: starts) { $0 >= $1 }
        : isSorted(values, within: starts) { $0 <= $1 }
    }
    let words = packed(keys.flatMap { PackedKey.parts(of: $0) }, rowCount: Int(last)).map(\.words)
    for run in starts.indices.dropLast() {
      for row in Int(starts[run]) + 1..<max(Int(starts[run]) + 1, Int(starts[run + 1])) {
        for word in words where word[row] != word[row - 1] {
          if word[row] < word[row - 1] { return false }
          break
        }
      }
    }
    return true
  }

  /// Returns whether each value but a run's first stands right to the one before it.
  @inline(__always)
  private static func isSorted(
    _ values: [Int64],
    within starts: [Int32],
    _ areInOrder: (Int64, Int64) -> Bool
  ) -> Bool {
    let values = values.span
    let starts = starts.span
    for run in 0..<starts.count &- 1 {
      var row = Int(starts[run]) &+ 1
      let end = Int(starts[run &+ 1])
      while row < end {
        if !areInOrder(values[row &- 1], values[row]) { return false }
        row &+= 1
      }
    }
    return true
  }

  /// Sorts rows that ascend by words, the most significant first.
  private static func sorted(
    _ rows: [Int32],
    by words: [(words: [UInt64], bits: Int)]
  ) -> [Int32] {
    var rows = rows
    // Whoever asked is told that the query was cancelled.
    if Cancellation.isRequested { return rows }
    // From the least significant word to the most, as every pass keeps the order of equal words.
    for (words, bits) in words.reversed() {
      var ordered = gatheredElements(words, at: rows)
      RadixSort.sort(&ordered, &rows, bits: bits)
    }
    return rows
  }

  /// Returns whether each position of an order begins a run of rows with equal values in some
  /// columns, NULL being equal to NULL.
  package static func runStarts(of columns: [Column], in order: [Int32]) -> [Bool] {
    var starts = [Bool](repeating: false, count: order.count)
    if !starts.isEmpty { starts[0] = true }
    for column in columns where !column.isConstant {
      switch column.data {
      case .boolean(let values): mark(&starts, column, order, values) { $0 != $1 }
      case .int64(let values): mark(&starts, column, order, values) { $0 != $1 }
      case .int128(let values): mark(&starts, column, order, values) { $0 != $1 }
      case .float64(let values):
        mark(&starts, column, order, values) { canonicalBits($0) != canonicalBits($1) }
      case .dictionary(let codes, _): mark(&starts, column, order, codes) { $0 != $1 }
      case .text(let values):
        mark(&starts, column, order, values.views) { one, other in
          one != other
            && !bytesEqual(
              values.bytes.span.extracting(one.range),
              values.bytes.span.extracting(other.range)
            )
        }
      case .interval, .list, .structure:
        for position in starts.indices.dropFirst() where !starts[position] {
          let (row, previous) = (Int(order[position]), Int(order[position - 1]))
          starts[position] = column.compare(row: row, with: previous) != 0
        }
      }
    }
    return starts
  }

  /// Marks the positions whose row differs from the row before.
  @inline(__always)
  private static func mark<Element>(
    _ starts: inout [Bool],
    _ column: Column,
    _ order: [Int32],
    _ values: [Element],
    _ differ: (Element, Element) -> Bool
  ) {
    guard order.count > 1 else { return }
    var starts = starts.mutableSpan
    let order = order.span
    let values = values.span
    if let validity = column.validity {
      let validity = validity.span
      for position in 1..<order.count {
        let (row, previous) = (Int(order[position]), Int(order[position &- 1]))
        let isChange =
          validity[row]
          ? !validity[previous] || differ(values[row], values[previous]) : validity[previous]
        starts[position] = starts[position] || isChange
      }
    } else {
      for position in 1..<order.count {
        let (row, previous) = (Int(order[position]), Int(order[position &- 1]))
        if differ(values[row], values[previous]) { starts[position] = true }
      }
    }
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
