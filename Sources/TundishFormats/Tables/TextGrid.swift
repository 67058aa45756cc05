internal import TundishColumns

/// The cells of a result as texts for people's eyes, all columns or the first and last rows.
struct TextGrid {
  /// One column.
  struct Column {
    /// The name.
    var name: String
    /// Whether numbers stand here.
    var isRightAligned: Bool
    /// Whether cells may be shortened to fit: shortening a number or a date would lie.
    var isShortenable: Bool
    /// The text of each row shown.
    var cells: [String]
    /// Whether the value of each row shown is NULL.
    var isNull: [Bool]
  }

  /// The columns.
  var columns: [Column]
  /// The number of rows shown.
  let rowCount: Int
  /// The number of rows of the result.
  let totalRowCount: Int
  /// The number of rows shown before those left out.
  let headCount: Int

  /// Creates the grid of a result with at most `rows` rows, those in the middle left out.
  ///
  /// Fails where the user stops the writing of a file.
  init(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions,
    rows: Int?
  ) throws(FormatError) {
    let total = batches.reduce(0) { $0 + $1.rowCount }
    let shown = min(total, max(1, rows ?? total))
    let head = shown == total ? total : (shown + 1) / 2
    let parts = Self.parts(batches, head: head, tail: shown - head, total: total)
    let style = CellStyle.visible(options)
    var columns: [Column] = []
    for (position, field) in schema.fields.enumerated() where position != options.totalColumn {
      var column = Column(
        name: Self.visible(field.name),
        isRightAligned: field.type.isNumeric || field.type == .interval,
        isShortenable: !field.type.isNumeric && !field.type.isTemporal && field.type != .boolean,
        cells: [],
        isNull: []
      )
      var columnStyle = style
      columnStyle.nullText = options.nullLabels[position] ?? style.nullText
      for part in parts {
        try options.progress?.check()
        let block = columnStyle.render(part.columns[position], unit: field.unit)
        for row in 0..<part.rowCount {
          column.cells.append(block.text(of: row))
          column.isNull.append(!part.columns[position].isValid(at: row))
        }
        Self.labelTotals(&column, part, position, options)
      }
      if let unmatched = options.unmatched[position] {
        for row in column.cells.indices where column.isNull[row] {
          let place = row < head ? row : total - shown + row
          if unmatched.indices.contains(place), unmatched[place] {
            column.cells[row] = WriterOptions.unmatchedLabel
          }
        }
      }
      columns.append(column)
    }
    self.columns = columns
    rowCount = shown
    totalRowCount = total
    headCount = head
  }

  /// A NULL dimension in a row of totals stands for all its values.
  private static func labelTotals(
    _ column: inout Column,
    _ part: Batch,
    _ position: Int,
    _ options: WriterOptions
  ) {
    guard let total = options.totalColumn, let label = options.nullLabels[position],
      !label.isEmpty, label != WriterOptions.emptyLabel
    else { return }
    let start = column.cells.count - part.rowCount
    for row in 0..<part.rowCount where column.isNull[start + row] {
      if part.columns[total].value(at: row) == .boolean(true) {
        column.cells[start + row] = WriterOptions.totalLabel
      }
    }
  }

  private static func visible(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.appendVisible(Array(text.utf8).span)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Returns the first and last rows.
  private static func parts(_ batches: [Batch], head: Int, tail: Int, total: Int) -> [Batch] {
    if head + tail >= total { return batches }
    var parts: [Batch] = []
    var start = 0
    for batch in batches {
      let end = start + batch.rowCount
      if start < head { parts.append(batch.sliced(0..<min(batch.rowCount, head - start))) }
      if end > total - tail {
        parts.append(batch.sliced(max(0, total - tail - start)..<batch.rowCount))
      }
      start = end
    }
    return parts
  }
}
