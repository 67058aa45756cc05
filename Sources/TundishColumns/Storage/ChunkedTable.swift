/// Makes a table of chunks that were read at the same time.
///
/// Three steps, each of which may run on several threads: `merge` makes the dictionary of one
/// column, `encode` finishes the columns of one chunk, and `table` puts all together.
package enum ChunkedTable {
  /// How the chunks of one column become segments.
  package struct Merged: Sendable {
    /// The table's dictionary; nil where the column is not coded.
    let dictionary: TextDictionary?
    /// Per chunk, the table's codes of its distinct values; empty where they are the same.
    let mappings: [[Int32]]
  }

  /// The fewest values after which the share of distinct ones is judged.
  private static let trialValueCount = 1_024

  /// Makes the dictionary of a column from its chunks, in the order of their rows.
  ///
  /// As soon as more than half of the values were new when a chunk ends, the column is plain text.
  package static func merge(_ chunks: [ChunkColumn]) throws(ExecutionError) -> Merged {
    var interner = TextInterner()
    var mappings: [[Int32]] = []
    var valueCount = 0
    for chunk in chunks {
      guard case .text(let text, let validity, let nullCount) = chunk.values else {
        mappings.append([])
        continue
      }
      let before = interner.count
      switch text {
      case .codes8(_, let distinct), .codes16(_, let distinct):
        mappings.append(before == 0 ? [] : try interner.codes(of: distinct))
        if before == 0 { _ = try interner.codes(of: distinct) }
      case .plain(let starts, let bytes):
        if before == 0, valueCount == 0, chunk.rowCount - nullCount >= trialValueCount,
          isMostlyDistinct(starts, bytes, validity, nullCount: nullCount)
        {
          return Merged(dictionary: nil, mappings: [])
        }
        mappings.append(try codes(starts, bytes, validity, &interner))
      }
      valueCount += chunk.rowCount - nullCount
      if valueCount >= trialValueCount, interner.count * 2 > valueCount {
        return Merged(dictionary: nil, mappings: [])
      }
    }
    return Merged(
      dictionary: interner.count == 0 ? nil : interner.dictionary(),
      mappings: mappings
    )
  }

  /// Whether more than half of the values are certain to be distinct.
  ///
  /// Values of different hashes are; a bit for each hash says so in less time than a dictionary
  /// takes, and most columns that need none are known by half of their values.
  private static func isMostlyDistinct(
    _ starts: [UInt32],
    _ bytes: [UInt8],
    _ validity: [Bool]?,
    nullCount: Int
  ) -> Bool {
    let rowCount = starts.count - 1
    let half = (rowCount - nullCount) / 2
    let wordBits = Int.bitWidth - (rowCount / 16).leadingZeroBitCount
    var seen = [UInt64](repeating: 0, count: 1 << wordBits)
    let mask = UInt64(seen.count &- 1)
    let all = bytes.span
    var distinct = 0
    for row in 0..<rowCount where validity?[row] != false {
      let hash = bytesHash(all.extracting(Int(starts[row])..<Int(starts[row + 1])))
      let word = Int(truncatingIfNeeded: hash &>> 6 & mask)
      let bit: UInt64 = 1 &<< (hash & 63)
      distinct &+= seen[word] & bit == 0 ? 1 : 0
      seen[word] |= bit
      if distinct > half { return true }
    }
    return false
  }

  private static func codes(
    _ starts: [UInt32],
    _ bytes: [UInt8],
    _ validity: [Bool]?,
    _ interner: inout TextInterner
  ) throws(ExecutionError) -> [Int32] {
    var codes: [Int32] = []
    codes.reserveCapacity(starts.count)
    let all = bytes.span
    for row in 0..<starts.count - 1 {
      guard validity?[row] != false else {
        codes.append(0)
        continue
      }
      let value = all.extracting(Int(starts[row])..<Int(starts[row + 1]))
      guard let code = interner.code(of: value) else {
        throw ExecutionError(.limit, "more than 4 GiB of distinct text in one column")
      }
      codes.append(code)
    }
    return codes
  }

  /// Finishes one column of the chunk at a position.
  package static func encode(_ column: ChunkColumn, chunk: Int, _ merged: Merged) -> ColumnSegment {
    switch column.values {
    case .encoded(let segment): return segment
    case .text(let text, let validity, let nullCount):
      let data: SegmentData =
        if merged.dictionary == nil {
          plain(text, validity)
        } else {
          coded(text, merged.mappings[chunk], validity)
        }
      return ColumnSegment(
        data: data,
        validity: validity,
        rowCount: column.rowCount,
        zone: ZoneMap(nullCount: nullCount)
      )
    }
  }

  private static func coded(
    _ text: ChunkText,
    _ mapping: [Int32],
    _ validity: [Bool]?
  ) -> SegmentData {
    switch text {
    case .plain: return SegmentEncoder.segment(codes: mapping, validity: validity).data
    case .codes8(let codes, let distinct):
      if distinct.count == 1 { return .constantCode(mapping.first ?? 0) }
      if mapping.isEmpty { return .codes8(codes) }
      return mapped(codes, mapping)
    case .codes16(let codes, let distinct):
      if distinct.count == 1 { return .constantCode(mapping.first ?? 0) }
      return mapping.isEmpty ? .codes16(codes) : mapped(codes, mapping)
    }
  }

  /// Replaces codes, at the width of the greatest.
  private static func mapped<Code: FixedWidthInteger & UnsignedInteger & Sendable>(
    _ codes: [Code],
    _ mapping: [Int32]
  ) -> SegmentData {
    let greatest = mapping.max() ?? 0
    if greatest <= Int32(UInt8.max) { return .codes8(replaced(codes, mapping)) }
    if greatest <= Int32(UInt16.max) { return .codes16(replaced(codes, mapping)) }
    return .codes32(replaced(codes, mapping))
  }

  private static func replaced<Code, New>(_ codes: [Code], _ mapping: [Int32]) -> [New]
  where Code: FixedWidthInteger, New: FixedWidthInteger {
    // Under NULL there may be a code where no value has one.
    let narrow = mapping.map { New(truncatingIfNeeded: $0) }
    let old = codes.span
    let new = narrow.span
    return [New](capacity: old.count) { output in
      for row in old.indices { output.append(new[Int(truncatingIfNeeded: old[row])]) }
    }
  }

  private static func plain(_ text: ChunkText, _ validity: [Bool]?) -> SegmentData {
    switch text {
    case .plain(let starts, let bytes): return .text(starts: starts, bytes: bytes)
    case .codes8(let codes, let distinct): return spelledOut(codes, distinct, validity)
    case .codes16(let codes, let distinct): return spelledOut(codes, distinct, validity)
    }
  }

  private static func spelledOut<Code: FixedWidthInteger>(
    _ codes: [Code],
    _ distinct: TextVector,
    _ validity: [Bool]?
  ) -> SegmentData {
    var starts: [UInt32] = [0]
    var bytes: [UInt8] = []
    starts.reserveCapacity(codes.count + 1)
    let all = distinct.bytes.span
    for row in codes.indices {
      if validity?[row] != false {
        bytes.append(copying: all.extracting(distinct.views[Int(codes[row])].range))
      }
      starts.append(UInt32(truncatingIfNeeded: bytes.count))
    }
    return .text(starts: starts, bytes: bytes)
  }

  /// Puts row groups together; each has one segment per column of the schema.
  package static func table(
    schema: Schema,
    segments: [[ColumnSegment]],
    rowCounts: [Int],
    merged: [Merged]
  ) -> StoredTable {
    StoredTable(
      schema: schema,
      groups: zip(segments, rowCounts).map { StoredTable.RowGroup(segments: $0, rowCount: $1) },
      dictionaries: merged.map(\.dictionary),
      rowGroupRowCount: StoredTable.preferredRowGroupRowCount
    )
  }
}
