/// Numbers the groups of rows with equal keys, from zero in the order in which they are first seen.
///
/// NULL is a value of its own here, -0.0 is 0.0, and NaN equals NaN. The rows of a batch are turned
/// into integers key by key (`GroupKeyEncoder`), packed into few bits (`GroupKeyLayout`, which
/// chooses the strategy), and looked up in an array or a hash table.
package struct GroupTable: Sendable {
  /// The types of the keys.
  package let keyTypes: [DataType]
  /// The number of groups so far.
  package private(set) var groupCount = 0
  private var encoders: [GroupKeyEncoder]
  private let adjacentKey: Int?
  private var layout: GroupKeyLayout?
  private var map = Map.none

  /// The rows of a batch that are few enough not to ask whether the query was cancelled.
  private static let quickRowCount = 65_536

  private enum Map: Sendable {
    case none
    case dense(DenseGroupMap)
    case adjacent(AdjacentGroupMap<UInt64>)
    case adjacentPair(AdjacentGroupMap<WordPair>)
    case word(WordGroupMap)
    /// One map of pairs per packed word after the first, and the groups that each has.
    case pairs([PairGroupMap], counts: [Int32])
  }

  /// Creates a table without groups.
  ///
  /// The range of the integers that a key can have, where statistics tell it, spares the table from
  /// growing towards it. Rows with the same value of `adjacentKey`, if one is named, must come one
  /// after the other; then groups are found without hashing.
  package init(
    keyTypes: [DataType],
    integers: [ClosedRange<Int64>?]? = nil,
    adjacentKey: Int? = nil
  ) {
    self.keyTypes = keyTypes
    self.adjacentKey = adjacentKey
    encoders = keyTypes.enumerated().map { key, type in
      GroupKeyEncoder(type: type, integers: integers?[key])
    }
  }

  /// Returns the group of each row, making groups for keys that are new.
  package mutating func groupIDs(
    for keys: [Column],
    rowCount: Int,
    by runner: (any PieceRunner)? = nil
  ) throws(ExecutionError) -> [Int32] {
    try insert(keys, rowCount: rowCount, by: runner).groups
  }

  /// Returns the group of each row, making groups for keys that are new, and the first rows of the
  /// new groups in order.
  ///
  /// Many rows of a table without groups are brought into it by region where a runner is given.
  package mutating func insert(
    _ keys: [Column],
    rowCount: Int,
    by runner: (any PieceRunner)? = nil
  ) throws(ExecutionError) -> (groups: [Int32], newRows: [Int32]) {
    precondition(keys.count == keyTypes.count, "a table is given all its keys")
    guard rowCount > 0 else { return ([], []) }
    guard groupCount <= Int(Int32.max) - rowCount else {
      throw ExecutionError(.limit, "more than \(Int32.max) groups")
    }
    var words: [KeyWords] = []
    for key in keys.indices { words.append(try encoders[key].addedWords(of: keys[key])) }
    if let layout, layout.covers(encoders) {
    } else {
      rebuild()
    }
    let (groups, newRows) =
      try builtAtOnce(words, rowCount: rowCount, by: runner)
      ?? insertPacked(words, rowCount: rowCount)
    if rowCount > Self.quickRowCount { try Cancellation.check() }
    if !newRows.isEmpty {
      for key in words.indices { encoders[key].addGroups(words[key], rows: newRows) }
      growDense()
    }
    return (groups, newRows)
  }

  /// The bytes of the texts that keys have, beside what every group takes.
  package var textByteCount: Int { encoders.reduce(0) { $0 + ($1.interner?.memoryBytes ?? 0) } }

  /// Per key, the range of the integers seen so far, which a table of more such rows may be told.
  package var seenIntegers: [ClosedRange<Int64>?] {
    encoders.map { $0.type.physical == .int64 ? $0.domain : nil }
  }

  /// Returns the keys of some groups, one column per key.
  ///
  /// Linear in all groups' values for keys of wide or nested types; ask for all groups at once.
  package func keyColumns(_ groups: Range<Int>? = nil) throws(ExecutionError) -> [Column] {
    var columns: [Column] = []
    for encoder in encoders { columns.append(try encoder.column(groups ?? 0..<groupCount)) }
    return columns
  }

  /// Adds the groups of another table of the same key types; returns the group here of each group
  /// there.
  package mutating func merge(_ other: GroupTable) throws(ExecutionError) -> [Int32] {
    try groupIDs(for: try other.keyColumns(), rowCount: other.groupCount)
  }

  /// The name of the strategy in use, for profiles.
  package var strategyName: String {
    switch layout?.strategy {
    case nil: "none"
    case .dense(let bits): "dense array of 2^\(bits) slots"
    case .adjacent, .adjacentPair: "the groups last made"
    case .word: "hash of one word"
    case .pair: "hash of two words"
    case .chain(let wordCount): "hash of \(wordCount) words"
    }
  }

  // MARK: - Tables

  /// Makes the map of all rows at once; nil where they are few, or do not come first, or the strategy
  /// is another than hashing one word.
  private mutating func builtAtOnce(
    _ words: [KeyWords],
    rowCount: Int,
    by runner: (any PieceRunner)?
  ) throws(ExecutionError) -> (groups: [Int32], newRows: [Int32])? {
    guard let runner, let layout, case .word = layout.strategy, groupCount == 0,
      rowCount >= WordGroupMap.leastBuiltCount,
      let built = try WordGroupMap.built(
        of: layout.packed(words, rowCount: rowCount)[0],
        by: runner
      )
    else { return nil }
    map = .word(built.map)
    groupCount = built.newRows.count
    return (built.groups, built.newRows)
  }

  private mutating func insertPacked(
    _ words: [KeyWords],
    rowCount: Int
  ) -> (groups: [Int32], newRows: [Int32]) {
    guard let layout else { preconditionFailure("a layout is chosen before rows are packed") }
    let packed = layout.packed(words, rowCount: rowCount)
    var groups = [Int32](repeating: 0, count: rowCount)
    var newRows: [Int32] = []
    guard !keyTypes.isEmpty else {
      // Without keys there is one group.
      if groupCount == 0 { newRows = [0] }
      groupCount = 1
      return (groups, newRows)
    }
    var count = Int32(groupCount)
    let current = map
    map = .none
    switch consume current {
    case .none: preconditionFailure("a map is made with the layout")
    case .dense(var dense):
      dense.insert(packed[0], into: &groups, count: &count, newRows: &newRows)
      map = .dense(dense)
    case .adjacent(var adjacent):
      adjacent.insert(packed[0], into: &groups, count: &count, newRows: &newRows)
      map = .adjacent(adjacent)
    case .adjacentPair(var adjacent):
      let pairs = WordPair.pairs(packed[0], packed[1])
      adjacent.insert(pairs, into: &groups, count: &count, newRows: &newRows)
      map = .adjacentPair(adjacent)
    case .word(var word):
      word.insert(packed[0], into: &groups, count: &count, newRows: &newRows)
      map = .word(word)
    case .pairs(var pairs, var counts):
      var first = packed[0]
      for level in pairs.indices {
        // The rows that are new at the last level are those with new keys.
        newRows.removeAll(keepingCapacity: true)
        pairs[level].insert(
          first,
          packed[level + 1],
          into: &groups,
          count: &counts[level],
          newRows: &newRows
        )
        if level + 1 < pairs.count { first = groups.map { UInt64(UInt32(bitPattern: $0)) } }
      }
      count = counts[counts.count - 1]
      map = .pairs(pairs, counts: counts)
    }
    groupCount = Int(count)
    return (groups, newRows)
  }

  /// Chooses a new layout and puts the groups so far into its map.
  private mutating func rebuild() {
    let layout = GroupKeyLayout(encoders, groupCount: groupCount, adjacentKey: adjacentKey)
    self.layout = layout
    switch layout.strategy {
    case .dense(let bits): map = .dense(DenseGroupMap(bits: bits))
    case .adjacent(let mask): map = .adjacent(AdjacentGroupMap(mask: mask))
    case .adjacentPair(let mask): map = .adjacentPair(AdjacentGroupMap(mask: mask))
    case .word: map = .word(WordGroupMap())
    case .pair, .chain:
      let levels = layout.wordCount - 1
      map = .pairs(
        [PairGroupMap](repeating: PairGroupMap(), count: levels),
        counts: [Int32](repeating: 0, count: levels)
      )
    }
    let known = groupCount
    guard known > 0, !keyTypes.isEmpty else { return }
    groupCount = 0
    let (groups, _) = insertPacked(encoders.map(\.wordsOfGroups), rowCount: known)
    assert(groupCount == known && groups.last == Int32(known - 1), "groups keep their numbers")
  }

  /// Goes over from hashing to an array of slots when there are groups enough to fill one.
  private mutating func growDense() {
    guard let layout, case .word = layout.strategy, groupCount > nextDenseCheck else { return }
    nextDenseCheck = groupCount * 2
    if case .dense = GroupKeyLayout(encoders, groupCount: groupCount).strategy { rebuild() }
  }

  private var nextDenseCheck = 65_536
}

// Looking groups up.
extension GroupTable {
  /// What one reader of a table keeps between lookups; each thread has its own.
  package struct LookupCache {
    var keys: [GroupKeyEncoder.Cache] = []
    /// The groups that the table had; what was missing then may be there now.
    var groupCount = 0

    /// Creates an empty cache, to be used with one table only.
    package init() {}
  }

  /// Returns the group of each row, or -1 where no group has the row's keys.
  package func lookup(
    _ keys: [Column],
    rowCount: Int,
    cache: inout LookupCache
  ) -> [Int32] {
    precondition(keys.count == keyTypes.count, "a table is given all its keys")
    guard let layout, groupCount > 0 else { return [Int32](repeating: -1, count: rowCount) }
    guard !keys.isEmpty else { return [Int32](repeating: 0, count: rowCount) }
    if cache.groupCount != groupCount {
      cache.keys = keys.map { _ in GroupKeyEncoder.Cache() }
      cache.groupCount = groupCount
    }
    var missing: [Bool]?
    var words: [KeyWords] = []
    for key in keys.indices {
      let known = encoders[key].knownWords(of: keys[key], cache: &cache.keys[key])
      words.append(
        known.clamped(
          to: layout.domains[key],
          packsNull: layout.packsNull[key],
          missing: &missing
        )
      )
    }
    let packed = layout.packed(words, rowCount: rowCount)
    var groups = [Int32](repeating: -1, count: rowCount)
    switch map {
    case .none: return groups
    case .dense(let dense): dense.find(packed[0], into: &groups)
    case .adjacent(let adjacent): adjacent.find(packed[0], into: &groups)
    case .adjacentPair(let adjacent):
      adjacent.find(WordPair.pairs(packed[0], packed[1]), into: &groups)
    case .word(let word): word.find(packed[0], into: &groups)
    case .pairs(let pairs, _):
      var first = packed[0]
      for level in pairs.indices {
        pairs[level].find(first, packed[level + 1], into: &groups)
        // No group has the number of -1, so that what misses once misses at all further levels.
        if level + 1 < pairs.count { first = groups.map { UInt64(UInt32(bitPattern: $0)) } }
      }
    }
    if let missing {
      for row in missing.indices where missing[row] { groups[row] = -1 }
    }
    return groups
  }
}

extension KeyWords {
  /// Returns the words with those that cannot be packed replaced, and marks their rows as missing.
  func clamped(
    to domain: ClosedRange<Int64>?,
    packsNull: Bool,
    missing: inout [Bool]?
  ) -> KeyWords {
    var words = self
    if let domain {
      switch values {
      case .codes(let codes):
        let upper = Int32(truncatingIfNeeded: min(domain.upperBound, Int64(Int32.max)))
        guard let clamped = Self.clamp(codes, 0, upper, validity, &missing) else { break }
        words = KeyWords(values: .codes(clamped), validity: validity)
      case .words(let values):
        guard
          let clamped = Self.clamp(
            values,
            domain.lowerBound,
            domain.upperBound,
            validity,
            &missing
          )
        else { break }
        words = KeyWords(values: .words(clamped), validity: validity)
      }
    }
    if !packsNull, let validity {
      var mask = missing ?? [Bool](repeating: false, count: validity.count)
      for row in validity.indices where !validity[row] { mask[row] = true }
      missing = mask
    }
    return words
  }

  /// Nil where all words are within the bounds.
  private static func clamp<Word: FixedWidthInteger>(
    _ words: [Word],
    _ lower: Word,
    _ upper: Word,
    _ validity: [Bool]?,
    _ missing: inout [Bool]?
  ) -> [Word]? {
    var isOutside = false
    for word in words { isOutside = isOutside || word < lower || word > upper }
    guard isOutside else { return nil }
    var mask = missing ?? [Bool](repeating: false, count: words.count)
    var clamped = words
    for row in words.indices where words[row] < lower || words[row] > upper {
      clamped[row] = lower
      if validity?[row] != false { mask[row] = true }
    }
    missing = mask
    return clamped
  }
}
