// Adding values.
extension GroupKeyEncoder {
  static func fixedWords(of column: Column) -> KeyWords {
    let validity = column.validityPerRow()
    switch column.data {
    case .boolean:
      let truths = column.booleanValues()
      let codes = [Int32](capacity: truths.count) { codes in
        for truth in truths { codes.append(truth ? 1 : 0) }
      }
      return KeyWords(values: .codes(codes), validity: validity)
    case .int64: return KeyWords(values: .words(column.int64Values()), validity: validity)
    case .float64:
      let words = column.doubleValues().map { Int64(bitPattern: canonicalBits($0)) }
      return KeyWords(values: .words(words), validity: validity)
    case .int128, .text, .dictionary, .interval, .list, .structure:
      preconditionFailure("only fixed types of at most 64 bits are words as they are")
    }
  }

  mutating func added(
    _ values: TextVector,
    isConstant: Bool,
    _ count: Int,
    _ validity: [Bool]?
  ) throws(ExecutionError) -> [Int32] {
    var codes: [Int32] = []
    codes.reserveCapacity(count)
    try Self.intern(values, validity: validity, into: &interner, &codes)
    return isConstant ? [Int32](repeating: codes[0], count: count) : codes
  }

  static func intern(
    _ values: TextVector,
    validity: [Bool]?,
    into interner: inout TextInterner?,
    _ codes: inout [Int32]
  ) throws(ExecutionError) {
    // Taken out so that the tables are changed in place.
    guard var table = interner.take() else { return }
    let all = values.bytes.span
    for row in values.views.indices {
      guard validity?[row] != false else {
        codes.append(0)
        continue
      }
      guard let code = table.code(of: all.extracting(values.views[row].range)) else {
        throw ExecutionError(.limit, "more than 4 GiB of distinct text in one key")
      }
      codes.append(code)
    }
    interner = table
  }

  mutating func added(
    _ codes: [Int32],
    _ dictionary: TextDictionary,
    _ column: Column
  ) throws(ExecutionError) -> [Int32] {
    if primary == nil, interner == nil { primary = dictionary }
    if dictionary === primary { return column.isConstant ? repeated(codes, column) : codes }
    if interner == nil { interner = primary.map { TextInterner($0) } ?? TextInterner() }
    if mappings.count > Self.maximumMappingCount { mappings = [:] }
    var mapping =
      mappings.removeValue(forKey: dictionary.id)
      ?? Mapping(dictionary: dictionary, codes: [Int32](repeating: -1, count: dictionary.count))
    guard var table = interner.take() else { return codes }
    var own: [Int32] = []
    own.reserveCapacity(codes.count)
    let values = dictionary.values
    let all = values.bytes.span
    for row in codes.indices {
      guard column.validity?[row] != false else {
        own.append(0)
        continue
      }
      let position = Int(codes[row])
      if mapping.codes[position] < 0 {
        guard let code = table.code(of: all.extracting(values.views[position].range)) else {
          throw ExecutionError(.limit, "more than 4 GiB of distinct text in one key")
        }
        mapping.codes[position] = code
      }
      own.append(mapping.codes[position])
    }
    interner = table
    mappings[dictionary.id] = mapping
    return column.isConstant ? repeated(own, column) : own
  }

  func repeated(_ codes: [Int32], _ column: Column) -> [Int32] {
    [Int32](repeating: codes[0], count: column.count)
  }

  /// NULL has key bytes, and thus a code, of its own.
  mutating func addedByBytes(_ column: Column) throws(ExecutionError) -> [Int32] {
    var table = interner.take() ?? TextInterner()
    var codes: [Int32] = []
    codes.reserveCapacity(column.count)
    var newRows: [Int32] = []
    var bytes: [UInt8] = []
    for row in 0..<column.count {
      bytes.removeAll(keepingCapacity: true)
      column.appendKeyBytes(ofRow: row, to: &bytes)
      let known = table.count
      guard let code = table.code(of: bytes.span) else {
        throw ExecutionError(.limit, "more than 4 GiB of distinct values in one key")
      }
      if table.count > known { newRows.append(Int32(row)) }
      codes.append(code)
    }
    interner = table
    if !newRows.isEmpty { representatives.append(column.gathered(newRows)) }
    return codes
  }
}

// Looking values up.
extension GroupKeyEncoder {
  /// What one reader knows of the dictionaries that its batches came with.
  struct Cache {
    var mappings: [ObjectIdentifier: Mapping] = [:]
  }

  /// The mapping of a code that was not looked up yet.
  static let unknown: Int32 = -2

  /// Returns the words of a column without adding any; the code of a value that is not known is -1.
  func knownWords(of column: Column, cache: inout Cache) -> KeyWords {
    let validity = column.validityPerRow()
    switch column.data {
    case .boolean, .int64, .float64: return Self.fixedWords(of: column)
    case .text(let values):
      var codes: [Int32] = []
      codes.reserveCapacity(values.count)
      for row in values.views.indices {
        codes.append(
          column.validity?[row] == false ? -1 : knownCode(of: values, at: row)
        )
      }
      return KeyWords(
        values: .codes(column.isConstant ? repeated(codes, column) : codes),
        validity: validity
      )
    case .dictionary(let codes, let dictionary):
      if dictionary === primary {
        return KeyWords(
          values: .codes(column.isConstant ? repeated(codes, column) : codes),
          validity: validity
        )
      }
      if cache.mappings.count > Self.maximumMappingCount { cache.mappings = [:] }
      var mapping =
        cache.mappings.removeValue(forKey: dictionary.id)
        ?? Mapping(
          dictionary: dictionary,
          codes: [Int32](repeating: Self.unknown, count: dictionary.count)
        )
      var own: [Int32] = []
      own.reserveCapacity(codes.count)
      for code in codes {
        if mapping.codes[Int(code)] == Self.unknown {
          mapping.codes[Int(code)] = knownCode(of: dictionary.values, at: Int(code))
        }
        own.append(mapping.codes[Int(code)])
      }
      cache.mappings[dictionary.id] = mapping
      return KeyWords(
        values: .codes(column.isConstant ? repeated(own, column) : own),
        validity: validity
      )
    case .int128, .interval, .list, .structure:
      var bytes: [UInt8] = []
      var codes: [Int32] = []
      codes.reserveCapacity(column.count)
      for row in 0..<column.count {
        bytes.removeAll(keepingCapacity: true)
        column.appendKeyBytes(ofRow: row, to: &bytes)
        codes.append(interner?.knownCode(of: bytes.span) ?? -1)
      }
      return KeyWords(values: .codes(codes), validity: nil)
    }
  }

  func knownCode(of values: TextVector, at row: Int) -> Int32 {
    if let interner {
      return interner.knownCode(of: values.bytes.span.extracting(values.views[row].range))
    }
    guard let primary else { return -1 }
    let bytes = values.bytes.span.extracting(values.views[row].range)
    return primary.index.position(of: bytes, hash: bytesHash(bytes), in: primary.values)
  }
}
