/// Sorts words and the rows that they belong to, stably, byte by byte from the lowest.
enum RadixSort {
  /// The rows below which a comparison sort is faster than counting bytes.
  private static let smallCount = 256
  /// The rows above which a cancelled sort ends between two passes.
  private static let lookCount = 65_536

  /// Sorts words of so many bits, and their rows with them.
  static func sort(_ words: inout [UInt64], _ rows: inout [Int32], bits: Int) {
    precondition(words.count == rows.count, "each word has its row")
    guard words.count > 1, bits > 0, !isSorted(words) else { return }
    if words.count < smallCount {
      sortSmall(&words, &rows)
    } else if bits <= 32 {
      var narrow = words.map { UInt32(truncatingIfNeeded: $0) }
      sortBytes(&narrow, &rows, bits: bits)
      words = narrow.map { UInt64($0) }
    } else {
      sortBytes(&words, &rows, bits: bits)
    }
  }

  private static func isSorted(_ words: [UInt64]) -> Bool {
    let words = words.span
    for i in 1..<words.count where words[i] < words[i &- 1] { return false }
    return true
  }

  private static func sortSmall(_ words: inout [UInt64], _ rows: inout [Int32]) {
    // Positions break ties, as the order of equal words must stay.
    let order = words.indices.sorted { lhs, rhs in
      words[lhs] == words[rhs] ? lhs < rhs : words[lhs] < words[rhs]
    }
    words = order.map { words[$0] }
    rows = order.map { rows[$0] }
  }

  private static func sortBytes<Word: FixedWidthInteger & UnsignedInteger>(
    _ words: inout [Word],
    _ rows: inout [Int32],
    bits: Int
  ) {
    var otherWords = [Word](repeating: 0, count: words.count)
    var otherRows = [Int32](repeating: 0, count: rows.count)
    for shift in stride(from: 0, to: bits, by: 8) {
      // Rows keep company with their words, in whatever order.
      if words.count > lookCount, Cancellation.isRequested { return }
      var starts = counts(words, shift: Word(shift))
      // A byte that all words share moves nothing.
      if starts.contains(words.count) { continue }
      var sum = 0
      for value in starts.indices {
        let count = starts[value]
        starts[value] = sum
        sum += count
      }
      scatter(words, rows, &starts, Word(shift), &otherWords, &otherRows)
      swap(&words, &otherWords)
      swap(&rows, &otherRows)
    }
  }

  private static func counts<Word: FixedWidthInteger & UnsignedInteger>(
    _ words: [Word],
    shift: Word
  ) -> [Int] {
    var counts = [Int](repeating: 0, count: 256)
    let words = words.span
    var slots = counts.mutableSpan
    for i in words.indices {
      slots[Int(truncatingIfNeeded: (words[i] &>> shift) & 0xFF)] &+= 1
    }
    return counts
  }

  private static func scatter<Word: FixedWidthInteger & UnsignedInteger>(
    _ words: [Word],
    _ rows: [Int32],
    _ starts: inout [Int],
    _ shift: Word,
    _ sortedWords: inout [Word],
    _ sortedRows: inout [Int32]
  ) {
    let words = words.span
    let rows = rows.span
    var starts = starts.mutableSpan
    var sortedWords = sortedWords.mutableSpan
    var sortedRows = sortedRows.mutableSpan
    for i in words.indices {
      let value = Int(truncatingIfNeeded: (words[i] &>> shift) & 0xFF)
      let position = starts[value]
      starts[value] = position &+ 1
      sortedWords[position] = words[i]
      sortedRows[position] = rows[i]
    }
  }
}
