/// One bit per group and value: which values of a small range each group has.
struct DistinctBits: Sendable {
  /// The value of a group's first bit; a multiple of 64.
  private var base: Int64 = 0
  /// The words of one group.
  private var width = 0
  private var groupCount = 0
  /// The bits, group by group.
  private var words: [UInt64] = []
  /// What the values are codes of; nil for integers.
  private var dictionary: TextDictionary?

  /// The bytes of the bits.
  var byteCount: Int { words.count * 8 }

  /// Makes room for the values of a column in so many groups, within a number of bits; false where
  /// they do not fit or are of another kind, and then nothing is changed.
  mutating func makeRoom(for column: Column, groupCount: Int, limit: Int) -> Bool {
    switch column.data {
    case .int64(let values):
      guard dictionary == nil else { return false }
      let words = KeyWords(values: .words(values), validity: column.validity)
      guard let bounds = words.bounds() else { return true }
      return makeRoom(for: bounds, groupCount: groupCount, limit: limit)
    case .dictionary(_, let own):
      guard dictionary === own || (dictionary == nil && width == 0) else { return false }
      guard
        makeRoom(
          for: 0...Int64(max(own.count, 1) - 1),
          groupCount: groupCount,
          limit: limit
        )
      else { return false }
      dictionary = own
      return true
    case .boolean, .float64, .int128, .text, .interval, .list, .structure: return false
    }
  }

  private mutating func makeRoom(
    for bounds: ClosedRange<Int64>,
    groupCount: Int,
    limit: Int
  ) -> Bool {
    var low = bounds.lowerBound
    var high = bounds.upperBound
    if width > 0 {
      low = min(low, base)
      high = max(high, base + Int64(width) * 64 - 1)
    }
    low &= ~63
    // Far from the ends of the numbers, so that no distance overflows.
    guard low > Int64.min / 4, high < Int64.max / 4, high - low < Int64(limit) else { return false }
    let wanted = Int((high - low) / 64 + 1)
    guard groupCount <= limit / (wanted * 64) else { return false }
    if wanted > width || low < base {
      // Room for as many again, so that a range that grows is laid out anew only now and then.
      let isFirst = width == 0
      let roomy = isFirst ? wanted : max(wanted, width * 2)
      layOut(base: low, width: groupCount <= limit / (roomy * 64) ? roomy : wanted)
    }
    if groupCount > self.groupCount {
      words.append(
        contentsOf: repeatElement(0, count: groupCount * width - words.count)
      )
      self.groupCount = groupCount
    }
    return true
  }

  private mutating func layOut(base newBase: Int64, width newWidth: Int) {
    var moved = [UInt64](repeating: 0, count: groupCount * newWidth)
    let shift = width == 0 ? 0 : Int((base - newBase) / 64)
    for group in 0..<groupCount {
      for word in 0..<width {
        moved[group * newWidth + shift + word] = words[group * width + word]
      }
    }
    (base, width, words) = (newBase, newWidth, moved)
  }

  /// Adds the values of a column for which there is room, and counts those that are new.
  mutating func add(_ column: Column, _ groups: [Int32]?, counts: inout [Int64]) {
    switch column.data {
    case .int64(let values):
      Self.add(&words, &counts, values, base, width, groups, column.validity)
    case .dictionary(let codes, _):
      Self.add(&words, &counts, codes, base, width, groups, column.validity)
    case .boolean, .float64, .int128, .text, .interval, .list, .structure:
      preconditionFailure("there is room only for integers and codes")
    }
  }

  private static func add<Word: FixedWidthInteger>(
    _ words: inout [UInt64],
    _ counts: inout [Int64],
    _ values: [Word],
    _ base: Int64,
    _ width: Int,
    _ groups: [Int32]?,
    _ validity: [Bool]?
  ) {
    precondition(groups == nil || groups?.count == values.count, "a group per row")
    guard width > 0 else { return }
    var words = words.mutableSpan
    var counts = counts.mutableSpan
    let values = values.span
    for row in values.indices {
      if let validity, !validity[row] { continue }
      let group = Int(groups?[row] ?? 0)
      let bit = Int(truncatingIfNeeded: Int64(truncatingIfNeeded: values[row]) &- base)
      let place = group &* width &+ bit &>> 6
      let old = words[place]
      counts[group] &+= Int64(truncatingIfNeeded: (old &>> UInt64(bit & 63)) & 1 ^ 1)
      words[place] = old | 1 &<< UInt64(bit & 63)
    }
  }

  /// Adds other bits, whose group `g` is this one's group `mapping[g]`; false where they do not fit.
  mutating func merge(
    _ other: DistinctBits,
    _ mapping: [Int32],
    groupCount: Int,
    limit: Int,
    counts: inout [Int64]
  ) -> Bool {
    guard other.width > 0 else { return true }
    guard width == 0 || dictionary === other.dictionary else { return false }
    let bounds = other.base...(other.base + Int64(other.width) * 64 - 1)
    guard makeRoom(for: bounds, groupCount: groupCount, limit: limit) else { return false }
    dictionary = other.dictionary
    let shift = Int((other.base - base) / 64)
    for group in 0..<other.groupCount {
      let target = Int(mapping[group])
      for word in 0..<other.width {
        let place = target * width + shift + word
        let fresh = other.words[group * other.width + word] & ~words[place]
        counts[target] &+= Int64(fresh.nonzeroBitCount)
        words[place] |= fresh
      }
    }
    return true
  }

  /// The pairs of group and value that have been seen.
  func pairs(type: DataType) throws(ExecutionError) -> DistinctSet {
    var set = DistinctSet(types: [type])
    var groups: [Int32] = []
    var values: [Int64] = []
    for place in words.indices where words[place] != 0 {
      var left = words[place]
      while left != 0 {
        groups.append(Int32(truncatingIfNeeded: place / width))
        values.append(base + Int64(place % width * 64 + left.trailingZeroBitCount))
        left &= left - 1
      }
    }
    guard !values.isEmpty else { return set }
    let column: Column =
      if let dictionary {
        .codes(values.map { Int32(truncatingIfNeeded: $0) }, dictionary, type: type)
      } else {
        .integers(values, type: type)
      }
    _ = try set.newRows([column], groups: groups, rowCount: groups.count)
    return set
  }
}
