internal import TundishColumns

/// A result as labels and numbers: what every chart draws.
///
/// The value is the first column with numbers, or the one that the options name; the labels are the
/// columns in front of it, and where there are none all that hold no numbers.
struct ChartData {
  /// One row.
  struct Point {
    /// The text of each label column.
    var labels: [String]
    /// The number; nil where it is NULL.
    var value: Double?
    /// The number as people read it.
    var text: String

    /// All labels as one.
    var label: String { labels.joined(separator: " · ") }
  }

  /// The rows shown.
  var points: [Point] = []
  /// The name of the value's column; nil where the result has no numbers.
  var valueName: String?
  /// The names of the label columns.
  var labelNames: [String] = []
  /// The number of rows of the result.
  var totalRowCount = 0

  /// Creates the data of a result.
  init(schema: Schema, batches: [Batch], options: WriterOptions, rows: Int?) {
    totalRowCount = batches.reduce(0) { $0 + $1.rowCount }
    let fields = schema.fields
    let chosen = options.valueColumn.flatMap { fields.indices.contains($0) ? $0 : nil }
    guard
      let value = chosen
        ?? fields.indices.first(where: { fields[$0].type.isNumeric && $0 != options.totalColumn })
    else { return }
    var labels = options.labelColumns ?? Array(0..<value)
    if labels.isEmpty {
      labels = fields.indices.filter { $0 != value && !fields[$0].type.isNumeric }
    }
    labels.removeAll { $0 == options.totalColumn }
    let others = options.otherValueColumns.filter(fields.indices.contains)
    if totalRowCount == 1, options.labelColumns == [], !others.isEmpty {
      valueName = fields[value].name
      labelNames = ["metric"]
      for batch in batches where batch.rowCount == 1 {
        for position in [value] + others {
          append(batch, schema.fields[position], position, options)
        }
      }
      return
    }
    valueName = fields[value].name
    labelNames = labels.map { fields[$0].name }
    var remaining = rows ?? totalRowCount
    for batch in batches where remaining > 0 {
      let part = batch.rowCount > remaining ? batch.sliced(0..<remaining) : batch
      remaining -= part.rowCount
      append(part, schema: schema, value: value, labels: labels, options: options)
    }
  }

  /// Appends the only value of a column, named as the column is.
  private mutating func append(
    _ batch: Batch,
    _ field: Field,
    _ position: Int,
    _ options: WriterOptions
  ) {
    let column = batch.columns[position]
    points.append(
      Point(
        labels: [field.name],
        value: Self.number(column.value(at: 0)),
        text: CellStyle.visible(options).render(column, unit: field.unit).text(of: 0)
      )
    )
  }

  private mutating func append(
    _ batch: Batch,
    schema: Schema,
    value: Int,
    labels: [Int],
    options: WriterOptions
  ) {
    let style = CellStyle.visible(options)
    let texts = style.render(batch.columns[value], unit: schema.fields[value].unit)
    let labelBlocks = labels.map { position in
      var labelStyle = style
      labelStyle.nullText = options.nullLabels[position] ?? style.nullText
      return labelStyle.render(batch.columns[position], unit: schema.fields[position].unit)
    }
    func isTotal(_ row: Int) -> Bool {
      guard let column = options.totalColumn else { return false }
      return batch.columns[column].value(at: row) == .boolean(true)
    }
    for row in 0..<batch.rowCount {
      let place = points.count
      points.append(
        Point(
          labels: zip(labels, labelBlocks).map { position, block in
            if isTotal(row), case .null = batch.columns[position].value(at: row) {
              return WriterOptions.totalLabel
            }
            let unmatched = options.unmatched[position] ?? []
            return unmatched.indices.contains(place) && unmatched[place]
              ? WriterOptions.unmatchedLabel : block.text(of: row)
          },
          value: Self.number(batch.columns[value].value(at: row)),
          text: texts.text(of: row)
        )
      )
    }
  }

  /// Returns a value as a coordinate.
  static func number(_ value: Value) -> Double? {
    switch value {
    case .integer(let number): return Double(number)
    case .hugeint(let number): return Double(number)
    case .decimal(let unscaled, let scale):
      var divisor = 1.0
      for _ in 0..<scale { divisor *= 10 }
      return Double(unscaled) / divisor
    case .double(let number): return number.isFinite ? number : nil
    case .null, .boolean, .text, .blob, .date, .time, .timestamp, .timestampTZ, .interval, .list,
      .structure, .map:
      return nil
    }
  }
}

extension ChartData {
  /// The width of charts where the terminal's is not known.
  static let defaultWidth = 80

  /// The lines under a chart: rows left out, then the footer.
  func footer(_ options: WriterOptions) -> [String] {
    var lines: [String] = []
    if points.count < totalRowCount {
      let shown = GroupedNumber.text(points.count)
      lines.append("\(shown) of \(GroupedNumber.text(totalRowCount)) rows")
    }
    return lines + options.footerLines
  }
}

/// Bars of a given length.
enum Bar {
  /// Returns a bar that takes `length` of the columns, to an eighth of a column.
  static func text(_ length: Double, isUnicode: Bool) -> String {
    guard length.isFinite, length > 0 else { return "" }
    guard isUnicode else {
      return String(repeating: "#", count: max(1, Int(length.rounded())))
    }
    let eighths = max(1, Int((length * 8).rounded()))
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }
}

/// A writer whose output is lines of a drawing.
protocol ChartWriter: ResultWriter {
  /// Returns the lines of the drawing; nil where the result has nothing to draw.
  func lines(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions
  ) -> [String]?
}

extension ChartWriter {
  package var isForPeople: Bool { true }

  /// Draws the chart, or a box where the result cannot be drawn.
  package func write(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions,
    into sink: any ByteSink
  ) throws(FormatError) {
    guard let lines = lines(schema: schema, batches: batches, options: options) else {
      var options = options
      options.footerLines.insert("no column with numbers to draw as \(name)", at: 0)
      return try BoxWriter().write(
        schema: schema,
        batches: batches,
        options: options,
        into: sink
      )
    }
    var output = BufferedSink(sink)
    for line in lines {
      output.pending.append(line)
      output.pending.append(0x0A)
      try output.flushIfLarge()
    }
    try output.flush()
  }
}
