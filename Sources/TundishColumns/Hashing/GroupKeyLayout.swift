/// How the words of all keys of a row are packed into as few 64-bit words as possible, and which
/// table finds the group of a packed row.
///
/// A key takes as many bits as its domain needs, with room to grow; the code zero stands for NULL.
/// Keys whose words fill 64 bits are kept as they are, with a bit of their own for NULL. When a key
/// outgrows its bits, a new layout is chosen and the groups are packed anew.
struct GroupKeyLayout: Sendable {
  /// What the bits of a key mean.
  enum Form: Sendable {
    /// Zero for NULL, else the distance from the base plus one.
    case coded(base: Int64)
    /// The word as it is; a given word for NULL.
    case raw(null: Int64)
    /// One for NULL, zero else.
    case nullFlag
  }

  /// The place of a key's bits.
  struct Part: Sendable {
    let key: Int
    let form: Form
    let bits: Int
    /// Which packed word holds the bits.
    var word = 0
    /// The number of bits below them.
    var shift = 0
  }

  /// Which table finds the group of a row.
  enum Strategy: Sendable {
    /// An array indexed by the packed word of so many bits.
    case dense(bits: Int)
    /// The groups last made, over one packed word of which some bits are the adjacent key.
    case adjacent(mask: UInt64)
    /// The same over two packed words.
    case adjacentPair(mask: WordPair)
    /// Open addressing over one packed word.
    case word
    /// Open addressing over two packed words.
    case pair
    /// One table of pairs after the other: of the first two words, then of the group so far and the
    /// next word.
    case chain(wordCount: Int)
  }

  /// The parts of all keys.
  private(set) var parts: [Part] = []
  /// The number of packed words.
  private(set) var wordCount = 1
  /// The table to use.
  private(set) var strategy = Strategy.word
  /// Per key, the words that can be packed; nil where all can.
  private(set) var domains: [ClosedRange<Int64>?] = []
  /// Per key, whether NULL can be packed.
  private(set) var packsNull: [Bool] = []

  /// The most bits of an array of slots for several keys, whatever the number of groups: 4 MiB.
  private static let denseBits = 20
  /// The most bits of an array of slots at all.
  private static let maximumDenseBits = 28

  /// Chooses the layout for what is known of the keys; the one place where the strategy is chosen.
  ///
  /// Rows with the same value of `adjacentKey`, if there is one, come one after the other.
  init(_ encoders: [GroupKeyEncoder], groupCount: Int, adjacentKey: Int? = nil) {
    for (key, encoder) in encoders.enumerated() {
      let domain = encoder.domain ?? 0...0
      let width = UInt64(bitPattern: domain.upperBound &- domain.lowerBound)
      if encoder.isRaw {
        add(Part(key: key, form: .raw(null: GroupKeyEncoder.rawNull), bits: 64), nil, true)
      } else if width > UInt64.max >> 2 {
        add(Part(key: key, form: .raw(null: 0), bits: 64), nil, encoder.hasNulls)
        if encoder.hasNulls { parts.append(Part(key: key, form: .nullFlag, bits: 1)) }
      } else {
        // Room for NULL, and for as many values again unless the codes are all known.
        let bits = 64 - (width + 1).leadingZeroBitCount
        let capacity = UInt64.max >> UInt64(64 - bits) - 1
        let base = Self.base(domain, capacity: capacity, isCoded: encoder.isCoded)
        let last = base.addingReportingOverflow(Int64(capacity))
        add(
          Part(key: key, form: .coded(base: base), bits: bits),
          base...(last.overflow ? .max : last.partialValue),
          true
        )
      }
    }
    Self.place(&parts, &wordCount)
    let bits = parts.reduce(0) { $0 + $1.bits }
    if let adjacentKey, wordCount == 1, !encoders.isEmpty {
      strategy = .adjacent(mask: mask(ofKey: adjacentKey, word: 0))
    } else if let adjacentKey, wordCount == 2 {
      let mask = WordPair(
        first: mask(ofKey: adjacentKey, word: 0),
        second: mask(ofKey: adjacentKey, word: 1)
      )
      strategy = .adjacentPair(mask: mask)
    } else if bits <= Self.denseBits(for: encoders, groupCount: groupCount) {
      strategy = .dense(bits: bits)
    } else if wordCount == 1 {
      strategy = .word
    } else if wordCount == 2 {
      strategy = .pair
    } else {
      strategy = .chain(wordCount: wordCount)
    }
  }

  /// Whether the words and NULLs that the encoders have seen can be packed.
  func covers(_ encoders: [GroupKeyEncoder]) -> Bool {
    for (key, encoder) in encoders.enumerated() {
      if encoder.hasNulls, !packsNull[key] { return false }
      guard let domain = domains[key], let seen = encoder.domain else { continue }
      if seen.lowerBound < domain.lowerBound || seen.upperBound > domain.upperBound { return false }
    }
    return true
  }

  /// The bits of a packed word that a key has.
  private func mask(ofKey key: Int, word: Int) -> UInt64 {
    var mask: UInt64 = 0
    for part in parts where part.key == key && part.word == word && part.bits > 0 {
      mask |= (UInt64.max >> UInt64(64 - part.bits)) << UInt64(part.shift)
    }
    return mask
  }

  private mutating func add(_ part: Part, _ domain: ClosedRange<Int64>?, _ packsNull: Bool) {
    parts.append(part)
    domains.append(domain)
    self.packsNull.append(packsNull)
  }

  /// The base of a domain: unused room is left on both sides, as values may come on either.
  private static func base(
    _ domain: ClosedRange<Int64>,
    capacity: UInt64,
    isCoded: Bool
  ) -> Int64 {
    if isCoded { return 0 }
    let width = UInt64(bitPattern: domain.upperBound &- domain.lowerBound)
    let room = capacity - min(capacity, width)
    let base = domain.lowerBound.subtractingReportingOverflow(Int64(room / 4))
    return base.overflow ? .min : base.partialValue
  }

  private static func denseBits(for encoders: [GroupKeyEncoder], groupCount: Int) -> Int {
    // The slots of one coded key are fewer than the bytes of its dictionary; otherwise slots may
    // outnumber groups eight to one.
    if encoders.count == 1, encoders[0].isCoded { return maximumDenseBits }
    let bitsForGroups = 64 - (groupCount * 8).leadingZeroBitCount
    return min(maximumDenseBits, max(denseBits, bitsForGroups))
  }

  /// Places parts into words, first fit in order.
  private static func place(_ parts: inout [Part], _ wordCount: inout Int) {
    var used: [Int] = [0]
    for i in parts.indices {
      if let word = used.firstIndex(where: { $0 + parts[i].bits <= 64 }) {
        parts[i].word = word
        parts[i].shift = used[word]
        used[word] += parts[i].bits
      } else {
        parts[i].word = used.count
        used.append(parts[i].bits)
      }
    }
    wordCount = used.count
  }
}

// Packing.
extension GroupKeyLayout {
  /// Packs the words of some rows, which the layout covers.
  func packed(_ keys: [KeyWords], rowCount: Int) -> [[UInt64]] {
    var packed = [[UInt64]](repeating: [], count: wordCount)
    for part in parts {
      let key = keys[part.key]
      // Taken out so that it is changed in place.
      var word = packed[part.word]
      packed[part.word] = []
      if word.isEmpty { word = [UInt64](repeating: 0, count: rowCount) }
      switch part.form {
      case .coded(let base):
        switch key.values {
        case .codes(let codes):
          Self.pack(codes, base: base, shift: UInt64(part.shift), key.validity, into: &word)
        case .words(let words):
          Self.pack(words, base: base, shift: UInt64(part.shift), key.validity, into: &word)
        }
      case .raw(let null): Self.pack(key, rawNull: null, into: &word)
      case .nullFlag:
        if let validity = key.validity {
          for row in validity.indices where !validity[row] {
            word[row] |= 1 << UInt64(part.shift)
          }
        }
      }
      packed[part.word] = word
    }
    return packed
  }

  private static func pack<Word: FixedWidthInteger>(
    _ words: [Word],
    base: Int64,
    shift: UInt64,
    _ validity: [Bool]?,
    into packed: inout [UInt64]
  ) {
    let count = packed.count
    precondition(words.count == count, "a key has one word per row")
    var packed = packed.mutableSpan
    let words = words.span
    if let validity {
      precondition(validity.count == count, "a validity has one element per row")
      let validity = validity.span
      for row in 0..<count {
        let code = UInt64(bitPattern: Int64(truncatingIfNeeded: words[row]) &- base) &+ 1
        packed[row] |= (validity[row] ? code : 0) &<< shift
      }
    } else {
      for row in 0..<count {
        let code = UInt64(bitPattern: Int64(truncatingIfNeeded: words[row]) &- base) &+ 1
        packed[row] |= code &<< shift
      }
    }
  }

  private static func pack(_ key: KeyWords, rawNull: Int64, into packed: inout [UInt64]) {
    guard case .words(let words) = key.values else {
      preconditionFailure("only full words are packed as they are")
    }
    if let validity = key.validity {
      for row in packed.indices {
        packed[row] = UInt64(bitPattern: validity[row] ? words[row] : rawNull)
      }
    } else {
      for row in packed.indices { packed[row] = UInt64(bitPattern: words[row]) }
    }
  }
}
