internal import TundishColumns

/// Marks over an axis, one series per combination of the labels behind the first.
package struct LineChartWriter: ChartWriter {
  package let name = "line"
  package let summary = "marks over an axis, one series per dimension value"

  private static let height = 12
  private static let marks: [Character] = ["●", "○", "▲", "△", "■", "□", "◆", "◇"]
  private static let plainMarks: [Character] = ["*", "o", "+", "x", "#", "@", "%", "&"]

  func lines(schema: Schema, batches: [Batch], options: WriterOptions) -> [String]? {
    let data = ChartData(schema: schema, batches: batches, options: options, rows: nil)
    guard let valueName = data.valueName, !data.labelNames.isEmpty else { return nil }
    let axis = Self.ordered(Self.distinct(data.points.map { $0.labels[0] }))
    let series = Self.distinct(data.points.map { $0.labels.dropFirst().joined(separator: " · ") })
    let marks = options.isUnicode ? Self.marks : Self.plainMarks
    let known = data.points.filter { $0.value != nil }
    guard let highestPoint = known.max(by: { ($0.value ?? 0) < ($1.value ?? 0) }),
      let lowestPoint = known.min(by: { ($0.value ?? 0) < ($1.value ?? 0) }),
      let highest = highestPoint.value, let lowest = lowestPoint.value
    else { return nil }
    let labelWidth = max(DisplayWidth.of(highestPoint.text), DisplayWidth.of(lowestPoint.text))
    let width = max(10, (options.terminalWidth ?? ChartData.defaultWidth) - labelWidth - 3)
    let step = max(1, min(8, width / max(1, axis.count)))
    let shownCount = min(axis.count, width / step)
    var rows = [[Character]](
      repeating: [Character](repeating: " ", count: shownCount * step),
      count: Self.height
    )
    let positions = Dictionary(
      uniqueKeysWithValues: axis.prefix(shownCount).enumerated().map { ($1, $0) }
    )
    let seriesPositions = Dictionary(uniqueKeysWithValues: series.enumerated().map { ($1, $0) })
    for point in known {
      guard let value = point.value, let x = positions[point.labels[0]],
        let order = seriesPositions[point.labels.dropFirst().joined(separator: " · ")]
      else { continue }
      let share = highest > lowest ? (value - lowest) / (highest - lowest) : 0.5
      let y = Self.height - 1 - Int((share * Double(Self.height - 1)).rounded())
      rows[min(max(y, 0), Self.height - 1)][x * step] = marks[order % marks.count]
    }
    var lines = [valueName]
    for (y, row) in rows.enumerated() {
      let label = y == 0 ? highestPoint.text : y == Self.height - 1 ? lowestPoint.text : ""
      let padded = DisplayWidth.padded(label, to: labelWidth, right: true)
      lines.append("\(padded) \(options.isUnicode ? "┤" : "|")\(String(row))")
    }
    let first = axis.first ?? ""
    let last = shownCount > 1 ? axis[shownCount - 1] : ""
    let indent = String(repeating: " ", count: labelWidth + 2)
    let used = DisplayWidth.of(first) + DisplayWidth.of(last)
    let gap = String(repeating: " ", count: max(1, (shownCount - 1) * step + 1 - used))
    lines.append(indent + first + gap + last)
    if series.count > 1 {
      for (order, name) in series.enumerated() {
        lines.append("\(indent)\(marks[order % marks.count]) \(name)")
      }
    }
    if shownCount < axis.count {
      lines.append("\(shownCount) of \(axis.count) \(data.labelNames[0]) values")
    }
    return lines + options.footerLines
  }

  /// Returns numbers by their size, and other texts as they are: several series need not have the
  /// same places on the axis.
  private static func ordered(_ texts: [String]) -> [String] {
    let numbers = texts.compactMap(Double.init)
    guard numbers.count == texts.count else { return texts }
    return zip(texts, numbers).sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// Returns the texts in order of first occurrence.
  static func distinct(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}
