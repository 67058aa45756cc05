/// Encodes the row groups of one column, and keeps the column's table-wide dictionary.
///
/// Text is coded over one dictionary whose codes are in first-row order, until more than half of
/// the rows brought new values; then the column becomes plain text, also in earlier row groups
/// (which the table does, by `abandonedDictionary`). `ENUM` columns are always coded, `BLOB` never.
struct SegmentEncoder: ~Copyable {
  private let type: DataType
  /// Whether text is still coded.
  private(set) var isCoded: Bool
  /// What codes referred to before the column became plain text.
  private(set) var abandonedDictionary: TextDictionary?
  private var interner: TextInterner
  private let original: TextDictionary?
  /// The non-NULL rows that were encoded so far, including those of the table appended to.
  private var codedRowCount: Int
  /// Codes of dictionaries that batches came with, in ours; -1 where not yet seen in a row.
  private var mappings: [ObjectIdentifier: Mapping] = [:]

  private struct Mapping {
    /// Keeps the identity from being reused.
    let dictionary: TextDictionary
    var codes: [Int32]
  }

  /// The fewest rows after which the share of distinct values is judged.
  private static let trialRowCount = 1_024
  /// The most dictionaries whose mapping is kept.
  private static let maximumMappingCount = 64

  /// Creates the encoder of a column.
  ///
  /// - Parameters:
  ///   - type: The column's type.
  ///   - dictionary: The dictionary to go on with; nil where there is none yet.
  ///   - rowCount: The rows that the dictionary already stands for.
  ///   - mayCode: Whether text may be coded; false where existing row groups are plain.
  init(type: DataType, dictionary: TextDictionary?, rowCount: Int, mayCode: Bool) {
    self.type = type
    codedRowCount = rowCount
    switch type {
    case .varchar:
      isCoded = mayCode || dictionary != nil
      original = dictionary
      interner = dictionary.map { TextInterner($0) } ?? TextInterner()
    case .enumeration(let labels):
      let all = dictionary ?? TextDictionary(distinct: TextVector(labels))
      isCoded = true
      original = all
      interner = TextInterner(all)
    case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .decimal, .double,
      .blob, .date, .time, .timestamp, .timestampTZ, .interval, .list, .structure:
      isCoded = false
      original = nil
      interner = TextInterner()
    }
  }

  /// The dictionary of all codes so far; nil where the column is not coded, or empty.
  func dictionary() -> TextDictionary? {
    guard isCoded else { return nil }
    // The same dictionary keeps what was derived from it before.
    if let original, original.count == interner.count { return original }
    return interner.count == 0 ? nil : interner.dictionary()
  }

  /// Encodes the rows of some columns as one segment.
  mutating func encode(_ pieces: [Column]) throws(ExecutionError) -> ColumnSegment {
    let rowCount = pieces.reduce(0) { $0 + $1.count }
    if pieces.allSatisfy({ $0.isAllNull }) {
      return ColumnSegment(
        data: .nulls,
        validity: nil,
        rowCount: rowCount,
        zone: ZoneMap(nullCount: rowCount)
      )
    }
    guard type.physical == .text else {
      return Self.encodeFixed(try Column.concatenated(pieces, type: type))
    }
    if isCoded {
      let validity = Self.validity(of: pieces, rowCount: rowCount)
      var codes: [Int32] = []
      codes.reserveCapacity(rowCount)
      for piece in pieces { try appendCodes(of: piece, to: &codes) }
      let nullCount = validity?.lazy.filter { !$0 }.count ?? 0
      codedRowCount += rowCount - nullCount
      guard case .varchar = type, codedRowCount >= Self.trialRowCount,
        interner.count * 2 > codedRowCount
      else {
        return Self.segment(codes: codes, validity: validity)
      }
      isCoded = false
      abandonedDictionary = interner.dictionary()
      interner = TextInterner()
      mappings = [:]
    }
    return try Self.plainText(try Column.concatenated(pieces, type: type))
  }

  private static func validity(of pieces: [Column], rowCount: Int) -> [Bool]? {
    guard pieces.contains(where: { $0.nullCount > 0 }) else { return nil }
    var validity: [Bool] = []
    validity.reserveCapacity(rowCount)
    for piece in pieces {
      validity.append(
        contentsOf: piece.validityPerRow() ?? [Bool](repeating: true, count: piece.count)
      )
    }
    return validity
  }

  // MARK: - Text

  private mutating func appendCodes(
    of column: Column,
    to codes: inout [Int32]
  ) throws(ExecutionError) {
    if column.isConstant {
      let single = Column(
        type: column.type,
        data: column.data,
        validity: column.validity,
        count: 1
      )
      var code: [Int32] = []
      try appendCodes(of: single, to: &code)
      codes.append(contentsOf: repeatElement(code[0], count: column.count))
      return
    }
    switch column.data {
    case .dictionary(let own, let dictionary):
      if let original, dictionary === original {
        codes.append(contentsOf: own)
        return
      }
      if mappings.count > Self.maximumMappingCount { mappings = [:] }
      // Taken out of the table while it changes, so that it is not copied.
      var mapping =
        mappings.removeValue(forKey: dictionary.id)
        ?? Mapping(
          dictionary: dictionary,
          codes: [Int32](repeating: -1, count: dictionary.count)
        )
      try Self.translate(
        own,
        validity: column.validity,
        dictionary,
        &mapping.codes,
        &interner,
        into: &codes
      )
      mappings[dictionary.id] = mapping
    case .text(let values):
      let all = values.bytes.span
      for row in 0..<column.count {
        guard column.validity?[row] != false else {
          codes.append(0)
          continue
        }
        guard let code = interner.code(of: all.extracting(values.views[row].range)) else {
          throw ExecutionError(.limit, "more than 4 GiB of distinct text in one column")
        }
        codes.append(code)
      }
    case .boolean, .int64, .int128, .float64, .interval, .list, .structure:
      preconditionFailure("a column of type \(type) holds text")
    }
  }

  private static func translate(
    _ own: [Int32],
    validity: [Bool]?,
    _ dictionary: TextDictionary,
    _ mapping: inout [Int32],
    _ interner: inout TextInterner,
    into codes: inout [Int32]
  ) throws(ExecutionError) {
    let values = dictionary.values
    let all = values.bytes.span
    for row in own.indices {
      guard validity?[row] != false else {
        codes.append(0)
        continue
      }
      let position = Int(own[row])
      var code = mapping[position]
      if code < 0 {
        guard let new = interner.code(of: all.extracting(values.views[position].range)) else {
          throw ExecutionError(.limit, "more than 4 GiB of distinct text in one column")
        }
        code = new
        mapping[position] = code
      }
      codes.append(code)
    }
  }

  static func segment(codes: [Int32], validity: [Bool]?) -> ColumnSegment {
    var least = Int32.max
    var greatest: Int32 = 0
    if let validity {
      for row in codes.indices where validity[row] {
        least = min(least, codes[row])
        greatest = max(greatest, codes[row])
      }
    } else {
      for code in codes {
        least = min(least, code)
        greatest = max(greatest, code)
      }
    }
    let data: SegmentData =
      if least == greatest {
        .constantCode(least)
      } else if greatest <= Int32(UInt8.max) {
        .codes8(codes.map { UInt8(truncatingIfNeeded: $0) })
      } else if greatest <= Int32(UInt16.max) {
        .codes16(codes.map { UInt16(truncatingIfNeeded: $0) })
      } else {
        .codes32(codes)
      }
    let nullCount = validity?.lazy.filter { !$0 }.count ?? 0
    return ColumnSegment(
      data: data,
      validity: validity,
      rowCount: codes.count,
      zone: ZoneMap(nullCount: nullCount)
    )
  }

  /// Encodes text end to end.
  static func plainText(_ column: Column) throws(ExecutionError) -> ColumnSegment {
    let values = column.textValues()
    let validity = column.validityPerRow()
    var starts: [UInt32] = [0]
    var bytes: [UInt8] = []
    starts.reserveCapacity(values.count + 1)
    for row in values.views.indices {
      if validity?[row] != false {
        let view = values.views[row]
        guard bytes.count + Int(view.length) <= TextVector.maximumByteCount else {
          throw ExecutionError(.limit, "more than 4 GiB of text in one row group")
        }
        bytes.append(contentsOf: values.bytes[view.range])
      }
      starts.append(UInt32(bytes.count))
    }
    return ColumnSegment(
      data: .text(starts: starts, bytes: bytes),
      validity: validity,
      rowCount: column.count,
      zone: ZoneMap(nullCount: column.nullCount)
    )
  }
}
