internal import TundishColumns

/// A horizontal bar per row, with its label and its value.
package struct BarChartWriter: ChartWriter {
  package let name = "bar"
  package let summary = "a horizontal bar per row"

  func lines(schema: Schema, batches: [Batch], options: WriterOptions) -> [String]? {
    let data = ChartData(
      schema: schema,
      batches: batches,
      options: options,
      rows: options.maximumRowCount
    )
    guard let valueName = data.valueName else { return nil }
    let title = (data.labelNames + [valueName]).joined(separator: " · ")
    return [title]
      + BarLines.draw(
        data.points.map { (label: $0.label, value: $0.value, text: $0.text) },
        options: options
      )
      + data.footer(options)
  }
}

/// Lines with a label, a bar and a text, aligned and fitted to the terminal.
enum BarLines {
  /// The least columns for the bars.
  private static let minimumBarWidth = 10

  /// Draws lines; bars of negative values grow to the left of the axis.
  static func draw(
    _ rows: [(label: String, value: Double?, text: String)],
    options: WriterOptions
  ) -> [String] {
    let width = max(20, options.terminalWidth ?? ChartData.defaultWidth)
    let textWidth = rows.reduce(0) { max($0, DisplayWidth.of($1.text)) }
    let natural = rows.reduce(0) { max($0, DisplayWidth.of($1.label)) }
    let labelWidth = min(natural, max(4, width - textWidth - minimumBarWidth - 4))
    let barWidth = max(1, width - labelWidth - textWidth - 4)
    let highest = rows.reduce(0.0) { max($0, $1.value ?? 0) }
    let lowest = rows.reduce(0.0) { min($0, $1.value ?? 0) }
    let range = highest - lowest
    let scale = range > 0 && range.isFinite ? Double(barWidth) / range : 0
    let leftWidth = lowest < 0 ? Int((-lowest * scale).rounded(.up)) : 0
    let axis = options.isUnicode ? "│" : "|"
    return rows.map { row in
      let label = DisplayWidth.padded(
        DisplayWidth.shortened(
          row.label,
          to: labelWidth,
          ellipsis: options.isUnicode ? "…" : "~"
        ),
        to: labelWidth
      )
      let value = row.value ?? 0
      let bar = Bar.text(value.magnitude * scale, isUnicode: options.isUnicode)
      if value < 0 {
        // The left side has whole columns only: there are no blocks that fill from the right.
        let whole = String(
          repeating: options.isUnicode ? "█" : "#",
          count: min(leftWidth, max(1, Int((-value * scale).rounded())))
        )
        let left = DisplayWidth.padded(whole, to: leftWidth, right: true)
        return trimmed("\(label) \(left)\(axis) \(row.text)")
      }
      let left = String(repeating: " ", count: leftWidth)
      return trimmed("\(label) \(left)\(axis)\(bar) \(row.text)")
    }
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
