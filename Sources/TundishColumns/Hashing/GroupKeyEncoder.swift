/// Turns the values of one key into integers, and keeps the integers of the groups.
///
/// Text is coded over the dictionary that comes first, and over a table of our own once values
/// arrive that it lacks. Types without a 64-bit form are coded by their key bytes.
struct GroupKeyEncoder: Sendable {
  /// The key's type.
  let type: DataType
  /// The word of each group.
  private(set) var groupWords: [Int64] = []
  /// Per group, whether the key has a value; nil where all groups have one.
  private(set) var groupValidity: [Bool]?
  /// The range of words seen so far, codes included.
  private(set) var domain: ClosedRange<Int64>?
  /// Whether a NULL was seen.
  private(set) var hasNulls = false
  var primary: TextDictionary?
  var interner: TextInterner?
  var mappings: [ObjectIdentifier: Mapping] = [:]
  /// Values in the order of their codes, for types coded by key bytes.
  var representatives: [Column] = []

  struct Mapping {
    /// Keeps the identity from being reused.
    let dictionary: TextDictionary
    /// Our code of each of its codes; -1 where not yet known.
    var codes: [Int32]
  }

  /// The most dictionaries whose mapping is kept.
  static let maximumMappingCount = 64

  /// Creates an encoder; a range of the integers to come, where known, avoids growing towards it.
  init(type: DataType, integers: ClosedRange<Int64>?) {
    self.type = type
    if case .enumeration(let labels) = type {
      primary = TextDictionary(distinct: TextVector(labels))
    }
    domain = type.physical == .int64 ? integers : nil
  }

  /// The words of `DOUBLE` keys, whose bits fill them, with a NaN that no value has for NULL.
  var isRaw: Bool { type.physical == .float64 }

  /// The word that stands for NULL where words fill 64 bits.
  static let rawNull: Int64 = 0x7FF8_0000_0000_0001

  /// Whether words are codes from zero.
  var isCoded: Bool {
    switch type.physical {
    case .boolean, .text, .int128, .interval, .list, .structure: true
    case .int64, .float64: false
    }
  }

  /// Returns the words of a column, adding values that are new, and widens the domain to them.
  mutating func addedWords(of column: Column) throws(ExecutionError) -> KeyWords {
    let words: KeyWords
    switch column.data {
    case .boolean, .int64, .float64: words = Self.fixedWords(of: column)
    case .text where column.isConstant && column.isAllNull:
      // NULLs need no table of values, which other columns could then do without.
      words = KeyWords(
        values: .codes([Int32](repeating: 0, count: column.count)),
        validity: column.validityPerRow()
      )
    case .text(let values):
      if interner == nil { interner = primary.map { TextInterner($0) } ?? TextInterner() }
      words = KeyWords(
        values: .codes(
          try added(values, isConstant: column.isConstant, column.count, column.validity)
        ),
        validity: column.validityPerRow()
      )
    case .dictionary(let codes, let dictionary):
      words = KeyWords(
        values: .codes(try added(codes, dictionary, column)),
        validity: column.validityPerRow()
      )
    case .int128, .interval, .list, .structure:
      words = KeyWords(values: .codes(try addedByBytes(column)), validity: nil)
    }
    if words.validity?.contains(false) == true { hasNulls = true }
    let seen: ClosedRange<Int64>?
    if isCoded {
      let count = interner?.count ?? primary?.count ?? 2
      seen = 0...Int64(max(count, 1) - 1)
    } else {
      seen = isRaw ? nil : words.bounds()
    }
    if let seen {
      let old = domain ?? seen
      domain = min(old.lowerBound, seen.lowerBound)...max(old.upperBound, seen.upperBound)
    }
    return words
  }

  /// Notes the words of new groups, which some rows have.
  mutating func addGroups(_ words: KeyWords, rows: [Int32]) {
    if let validity = words.validity, rows.contains(where: { !validity[Int($0)] }),
      groupValidity == nil
    {
      groupValidity = [Bool](repeating: true, count: groupWords.count)
    }
    if groupValidity != nil {
      for row in rows { groupValidity?.append(words.validity?[Int(row)] ?? true) }
    }
    switch words.values {
    case .codes(let codes): for row in rows { groupWords.append(Int64(codes[Int(row)])) }
    case .words(let values): for row in rows { groupWords.append(values[Int(row)]) }
    }
  }

  /// The words of all groups.
  var wordsOfGroups: KeyWords {
    KeyWords(values: .words(groupWords), validity: groupValidity)
  }

  /// Returns the key's values of some groups.
  func column(_ groups: Range<Int>) throws(ExecutionError) -> Column {
    let words = Array(groupWords[groups])
    let validity = groupValidity.map { Array($0[groups]) }
    switch type.physical {
    case .boolean:
      return Column(
        type: type,
        data: .boolean(words.map { $0 != 0 }),
        validity: validity,
        count: words.count
      )
    case .int64: return .integers(words, type: type, validity: validity)
    case .float64:
      let values = words.map { Double(bitPattern: UInt64(bitPattern: $0)) }
      return Column(type: type, data: .float64(values), validity: validity, count: words.count)
    case .text: return textColumn(words.map { Int32(truncatingIfNeeded: $0) }, validity)
    case .int128, .interval, .list, .structure:
      let values = try Column.concatenated(representatives, type: type)
      return values.gathered(words.map { Int32(truncatingIfNeeded: $0) })
    }
  }

  private func textColumn(_ codes: [Int32], _ validity: [Bool]?) -> Column {
    if let primary, primary.count > 0, primary.count == interner?.count ?? primary.count {
      return .codes(codes, primary, type: type, validity: validity)
    }
    let values = interner?.values ?? .empty
    guard !values.views.isEmpty else { return .nulls(type: type, count: codes.count) }
    if primary != nil, let interner {
      return .codes(codes, interner.dictionary(), type: type, validity: validity)
    }
    return .text(
      TextVector(views: gatheredElements(values.views, at: codes), bytes: values.bytes),
      type: type,
      validity: validity
    )
  }
}
