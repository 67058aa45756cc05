/// Columns whose values all stand in quotes, as many programs write them.
///
/// Such a writer has no other form for NULL than quotes around nothing. One that quotes what needs it
/// tells an empty text from NULL by them, and so do exports of this program.
enum QuotedColumns {
  /// The columns of some rows, by position; none where no value has quotes that it could do without.
  static func all(_ bytes: Span<UInt8>, _ slice: RowSlice, _ fields: FieldReader) -> Set<Int> {
    guard fields.quote != nil, slice.rowCount > 0 else { return [] }
    var columns: Set<Int> = []
    var isHabit = false
    for column in 0..<slice.columnCount {
      guard let hasNeedless = quoting(bytes, slice, column, fields) else { continue }
      columns.insert(column)
      isHabit = isHabit || hasNeedless
    }
    return isHabit ? columns : []
  }

  /// Whether a value has quotes that it could do without; nil where a field has none.
  private static func quoting(
    _ bytes: Span<UInt8>,
    _ slice: RowSlice,
    _ column: Int,
    _ fields: FieldReader
  ) -> Bool? {
    var hasNeedless = false
    for row in 0..<slice.rowCount {
      let field = fields.field(bytes, slice.range(row: row, column: column))
      guard field.isQuoted else { return nil }
      if !hasNeedless, !field.range.isEmpty {
        hasNeedless = !fields.needsQuotes(bytes, field.range)
      }
    }
    return hasNeedless
  }
}

extension CSVPlan {
  /// How the fields of a column are read.
  func fields(of column: Column) -> FieldReader {
    if column.evidence.keepsEmptyTexts { return fields.withoutNulls }
    return column.readsQuotedEmptyAsNull ? fields.withQuotedNulls : fields
  }
}
