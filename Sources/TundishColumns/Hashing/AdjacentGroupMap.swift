/// What a row's keys are packed into where groups are found among those last made.
protocol AdjacentWord: Equatable, Sendable {
  /// A table that finds groups wherever they were made.
  associatedtype Table: Sendable

  /// Whether some bits, those of `mask`, are the same in another word.
  func agrees(with other: Self, in mask: Self) -> Bool
  /// Creates an empty table.
  static func makeTable() -> Table
  /// Writes the group of each row as `AdjacentGroupMap.insert` does.
  static func insert(
    _ rows: [Self],
    into table: inout Table,
    groups: inout [Int32],
    count: inout Int32,
    newRows: inout [Int32]
  )
  /// Writes the group of each row, or -1.
  static func find(_ rows: [Self], in table: Table, into groups: inout [Int32])
}

extension UInt64: AdjacentWord {
  @inline(__always)
  func agrees(with other: UInt64, in mask: UInt64) -> Bool { (self ^ other) & mask == 0 }

  static func makeTable() -> WordGroupMap { WordGroupMap() }

  static func insert(
    _ rows: [UInt64],
    into table: inout WordGroupMap,
    groups: inout [Int32],
    count: inout Int32,
    newRows: inout [Int32]
  ) {
    table.insert(rows, into: &groups, count: &count, newRows: &newRows)
  }

  static func find(_ rows: [UInt64], in table: WordGroupMap, into groups: inout [Int32]) {
    table.find(rows, into: &groups)
  }
}

/// The two words of a row whose keys do not fit into one.
struct WordPair: AdjacentWord {
  let first: UInt64
  let second: UInt64

  /// Pairs the words of rows.
  static func pairs(_ first: [UInt64], _ second: [UInt64]) -> [WordPair] {
    let first = first.span
    let second = second.span
    return [WordPair](capacity: first.count) { pairs in
      for row in first.indices { pairs.append(WordPair(first: first[row], second: second[row])) }
    }
  }

  @inline(__always)
  func agrees(with other: WordPair, in mask: WordPair) -> Bool {
    (first ^ other.first) & mask.first | (second ^ other.second) & mask.second == 0
  }

  static func makeTable() -> PairGroupMap { PairGroupMap() }

  static func insert(
    _ rows: [WordPair],
    into table: inout PairGroupMap,
    groups: inout [Int32],
    count: inout Int32,
    newRows: inout [Int32]
  ) {
    table.insert(
      rows.map(\.first),
      rows.map(\.second),
      into: &groups,
      count: &count,
      newRows: &newRows
    )
  }

  static func find(_ rows: [WordPair], in table: PairGroupMap, into groups: inout [Int32]) {
    table.find(rows.map(\.first), rows.map(\.second), into: &groups)
  }
}

/// Finds groups by packed keys where rows of the same entity, some bits of them, come one after the
/// other: only the groups last made can have a row's keys.
struct AdjacentGroupMap<Word: AdjacentWord>: Sendable {
  /// Per group, its keys.
  private var words: [Word] = []
  /// The bits that name the entity.
  private let mask: Word
  /// The first group of the entity at hand.
  private var first = 0
  /// Serves all groups once an entity had more than it pays to look through.
  private var table: Word.Table?

  /// The most groups of an entity that are looked through.
  private static var longestRun: Int { 32 }

  /// Creates an empty map of keys in which `mask` are the bits that name the entity.
  init(mask: Word) {
    self.mask = mask
  }

  /// Writes the group of each row, making groups from `count` on for keys that are new, and
  /// appends the rows that brought them.
  mutating func insert(
    _ rows: [Word],
    into groups: inout [Int32],
    count: inout Int32,
    newRows: inout [Int32]
  ) {
    if table == nil, !insertAdjacent(rows, into: &groups, count: &count, newRows: &newRows) {
      table = hashed()
    }
    // Rows that were given a group before the table was made are given it again.
    if var known = table {
      table = nil
      Word.insert(rows, into: &known, groups: &groups, count: &count, newRows: &newRows)
      table = known
    }
  }

  /// Returns whether all rows were inserted.
  private mutating func insertAdjacent(
    _ rows: [Word],
    into groups: inout [Int32],
    count: inout Int32,
    newRows: inout [Int32]
  ) -> Bool {
    let rows = rows.span
    var groups = groups.mutableSpan
    if rows.isEmpty { return true }
    // The last row's group, which most often is the next row's.
    var group = words.count &- 1
    var last = words.last ?? rows[0]
    for row in rows.indices {
      let word = rows[row]
      if group < 0 || word != last {
        last = word
        group = words.count &- 1
        if group < 0 || !words[group].agrees(with: word, in: mask) {
          first = words.count
          group = -1
        } else {
          while group >= first, words[group] != word { group &-= 1 }
        }
        if group < first {
          if words.count &- first >= Self.longestRun { return false }
          group = words.count
          words.append(word)
          count &+= 1
          newRows.append(Int32(truncatingIfNeeded: row))
        }
      }
      groups[row] = Int32(truncatingIfNeeded: group)
    }
    return true
  }

  /// Writes the group of each row, or -1; linear in the groups as well.
  func find(_ rows: [Word], into groups: inout [Int32]) {
    Word.find(rows, in: table ?? hashed(), into: &groups)
  }

  /// A table of the groups so far.
  private func hashed() -> Word.Table {
    var table = Word.makeTable()
    var groups = [Int32](repeating: -1, count: words.count)
    var count: Int32 = 0
    var newRows: [Int32] = []
    Word.insert(words, into: &table, groups: &groups, count: &count, newRows: &newRows)
    return table
  }
}
