/// The values of one column in some consecutive rows, as a reader hands them over that reads several
/// parts of a file at once.
///
/// Columns of fixed-size values are encoded by the thread that read them. Text waits for the
/// dictionary of the whole table, which `ChunkedTable` makes in the order of the rows.
package struct ChunkColumn: Sendable {
  enum Values: Sendable {
    case encoded(ColumnSegment)
    case text(ChunkText, validity: [Bool]?, nullCount: Int)
  }

  var values: Values
  /// The number of rows.
  package let rowCount: Int

  /// Encodes integers; `validity` is nil where no row is NULL.
  package static func integers(
    _ values: Span<Int64>,
    validity: [Bool]?,
    type: DataType
  ) -> ChunkColumn {
    if values.isEmpty || validity?.contains(true) == false {
      return nulls(rowCount: values.count)
    }
    return ChunkColumn(
      values: .encoded(SegmentEncoder.integerSegment(values, validity: validity, type: type)),
      rowCount: values.count
    )
  }

  /// Encodes a column of any type but text.
  package static func fixed(_ column: Column) -> ChunkColumn {
    if column.count == 0 || column.isAllNull { return nulls(rowCount: column.count) }
    return ChunkColumn(
      values: .encoded(SegmentEncoder.encodeFixed(column)),
      rowCount: column.count
    )
  }

  /// Takes text; `validity` is nil where no row is NULL.
  package static func text(_ text: ChunkText, validity: [Bool]?, rowCount: Int) -> ChunkColumn {
    let nullCount = validity.map { $0.reduce(0) { $0 + ($1 ? 0 : 1) } } ?? 0
    if nullCount == rowCount { return nulls(rowCount: rowCount) }
    return ChunkColumn(
      values: .text(text, validity: nullCount == 0 ? nil : validity, nullCount: nullCount),
      rowCount: rowCount
    )
  }

  private static func nulls(rowCount: Int) -> ChunkColumn {
    let segment = ColumnSegment(
      data: .nulls,
      validity: nil,
      rowCount: rowCount,
      zone: ZoneMap(nullCount: rowCount)
    )
    return ChunkColumn(values: .encoded(segment), rowCount: rowCount)
  }
}

/// The text of some rows, coded over values of its own or end to end.
///
/// Distinct values are in the order of their first rows. What stands under a NULL is code 0, or an
/// empty text.
package enum ChunkText: Sendable {
  /// At most 256 distinct values
  case codes8([UInt8], distinct: TextVector)
  /// At most 65,536 distinct values
  case codes16([UInt16], distinct: TextVector)
  /// Value `i` lies from `starts[i]` to `starts[i + 1]`.
  case plain(starts: [UInt32], bytes: [UInt8])
}
