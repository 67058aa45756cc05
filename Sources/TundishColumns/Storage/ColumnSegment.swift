/// The rows of one column in one row group: immutable and as narrow as the values allow.
///
/// Codes refer to the table's dictionary of the column, so a segment is decoded by its table.
package struct ColumnSegment: Sendable {
  /// The values.
  let data: SegmentData
  /// True where there is a value; nil where no row is NULL, or all are.
  let validity: [Bool]?
  /// The number of rows.
  let rowCount: Int
  /// What is known of the values.
  let zone: ZoneMap
}

/// The buffers of a segment, by encoding.
enum SegmentData: Sendable {
  /// Every row is NULL.
  case nulls
  /// Every row has the value of a constant column.
  case constant(Column)
  /// Every row has one code.
  case constantCode(Int32)
  /// 64-bit integers as distances from a base.
  case integers8(base: Int64, [UInt8])
  case integers16(base: Int64, [UInt16])
  case integers32(base: Int64, [UInt32])
  /// 64-bit integers as they are.
  case integers64([Int64])
  /// Codes over the table's dictionary.
  case codes8([UInt8])
  case codes16([UInt16])
  case codes32([Int32])
  /// Text end to end; value `i` lies from `starts[i]` to `starts[i + 1]`.
  case text(starts: [UInt32], bytes: [UInt8])
  /// Anything else, as batches hold it.
  case plain(Column)
}

/// What is known of the values of one column in one row group.
package struct ZoneMap: Sendable, Hashable {
  /// The least value; nil where there is none, or it is not known.
  package var minimum: Value?
  /// The greatest value; nil where there is none, or it is not known.
  package var maximum: Value?
  /// The least and greatest value where the physical type is 64-bit integers.
  package var integers: ClosedRange<Int64>?
  /// The number of NULLs.
  package var nullCount: Int
  /// Whether values are known to ascend from row to row, NULLs aside.
  package var isSorted: Bool

  /// Creates a map of a segment of which only the NULLs are known.
  package init(nullCount: Int) {
    self.nullCount = nullCount
    isSorted = false
  }
}

extension ColumnSegment {
  /// Decodes some rows.
  func column(
    _ rows: Range<Int>,
    type: DataType,
    dictionary: TextDictionary?
  ) -> Column {
    let count = rows.count
    let data: ColumnData
    switch self.data {
    case .nulls: return .nulls(type: type, count: count)
    case .constant(let column):
      return Column(
        type: type,
        data: column.data,
        validity: column.validity,
        count: count,
        isConstant: true
      )
    case .constantCode(let code):
      guard let dictionary else { missingDictionary() }
      let values = ColumnData.dictionary(codes: [code], dictionary)
      guard let validity = validity(of: rows) else {
        return Column(type: type, data: values, count: count, isConstant: true)
      }
      return .codes(
        [Int32](repeating: code, count: count),
        dictionary,
        type: type,
        validity: validity
      )
    case .integers8(let base, let offsets): data = .int64(widened(offsets, base: base, rows))
    case .integers16(let base, let offsets): data = .int64(widened(offsets, base: base, rows))
    case .integers32(let base, let offsets): data = .int64(widened(offsets, base: base, rows))
    case .integers64(let values):
      data = .int64(rows.count == values.count ? values : Array(values[rows]))
    case .codes8(let codes): data = coded(widenedCodes(codes, rows), dictionary)
    case .codes16(let codes): data = coded(widenedCodes(codes, rows), dictionary)
    case .codes32(let codes):
      data = coded(rows.count == codes.count ? codes : Array(codes[rows]), dictionary)
    case .text(let starts, let bytes):
      data = .text(TextVector(views: views(starts, rows), bytes: bytes))
    case .plain(let column): return column.sliced(rows).retyped(type)
    }
    return Column(type: type, data: data, validity: validity(of: rows), count: count)
  }

  /// The bytes that the buffers take.
  var memoryBytes: Int {
    let values: Int =
      switch data {
      case .nulls, .constantCode: 0
      case .constant: 16
      case .integers8(_, let offsets): offsets.count
      case .integers16(_, let offsets): offsets.count * 2
      case .integers32(_, let offsets): offsets.count * 4
      case .integers64(let values): values.count * 8
      case .codes8(let codes): codes.count
      case .codes16(let codes): codes.count * 2
      case .codes32(let codes): codes.count * 4
      case .text(let starts, let bytes): starts.count * 4 + bytes.count
      case .plain(let column): column.memoryBytes
      }
    return values + (validity?.count ?? 0)
  }

  /// The validity of some rows, nil where none of them is NULL.
  private func validity(of rows: Range<Int>) -> [Bool]? {
    guard let validity else { return nil }
    let part = rows.count == validity.count ? validity : Array(validity[rows])
    var all = true
    for isValid in part { all = all && isValid }
    return all ? nil : part
  }

  private func coded(_ codes: [Int32], _ dictionary: TextDictionary?) -> ColumnData {
    guard let dictionary else { missingDictionary() }
    return .dictionary(codes: codes, dictionary)
  }

  private func missingDictionary() -> Never {
    preconditionFailure("a table with coded segments has the dictionary of their column")
  }
}

/// Returns the integers that distances from a base stand for.
private func widened<Offset: FixedWidthInteger & UnsignedInteger>(
  _ offsets: [Offset],
  base: Int64,
  _ rows: Range<Int>
) -> [Int64] {
  let part = offsets.span.extracting(rows)
  return [Int64](capacity: part.count) { output in
    // Wraps only back to the value that was encoded.
    for i in part.indices { output.append(base &+ Int64(truncatingIfNeeded: part[i])) }
  }
}

private func widenedCodes<Code: FixedWidthInteger & UnsignedInteger>(
  _ codes: [Code],
  _ rows: Range<Int>
) -> [Int32] {
  let part = codes.span.extracting(rows)
  return [Int32](capacity: part.count) { output in
    for i in part.indices { output.append(Int32(truncatingIfNeeded: part[i])) }
  }
}

private func views(_ starts: [UInt32], _ rows: Range<Int>) -> [TextView] {
  let part = starts.span.extracting(rows.lowerBound..<rows.upperBound + 1)
  return [TextView](capacity: rows.count) { output in
    for i in 0..<part.count - 1 {
      output.append(TextView(start: part[i], length: part[i + 1] &- part[i]))
    }
  }
}

extension Column {
  /// The bytes that the buffers take, those of dictionaries aside.
  package var memoryBytes: Int {
    let values: Int =
      switch data {
      case .boolean(let values): values.count
      case .int64(let values): values.count * 8
      case .int128(let values): values.count * 16
      case .float64(let values): values.count * 8
      case .text(let values): values.views.count * 8 + values.bytes.count
      case .dictionary(let codes, _): codes.count * 4
      case .interval(let values): values.count * 16
      case .list(let lists): lists.ranges.count * 8 + lists.child.memoryBytes
      case .structure(let columns, _): columns.reduce(0) { $0 + $1.memoryBytes }
      }
    return values + (validity?.count ?? 0)
  }
}
