internal import TundishColumns

/// A table with the first label down, the second across, and the value in the cells.
package struct GridChartWriter: ChartWriter {
  package let name = "grid"
  package let summary = "the first dimension down, the second across"

  func lines(schema: Schema, batches: [Batch], options: WriterOptions) -> [String]? {
    let data = ChartData(schema: schema, batches: batches, options: options, rows: nil)
    guard data.valueName != nil, data.labelNames.count >= 2 else { return nil }
    let down = LineChartWriter.distinct(
      data.points.map { $0.labels.dropLast().joined(separator: " · ") }
    )
    let across = LineChartWriter.distinct(data.points.map { $0.labels.last ?? "" })
    guard across.count <= Self.maximumColumnCount else { return nil }
    let rowPositions = Dictionary(uniqueKeysWithValues: down.enumerated().map { ($1, $0) })
    let columnPositions = Dictionary(uniqueKeysWithValues: across.enumerated().map { ($1, $0) })
    var cells = [[String]](
      repeating: [String](repeating: "", count: down.count),
      count: across.count
    )
    for point in data.points {
      guard let row = rowPositions[point.labels.dropLast().joined(separator: " · ")],
        let column = columnPositions[point.labels.last ?? ""]
      else { continue }
      // A cell without a value is blank: what has not happened yet is not 0.
      cells[column][row] = point.value == nil ? "" : point.text
    }
    let fields =
      [Field(name: data.labelNames.dropLast().joined(separator: " · "), type: .varchar)]
      + across.map { Field(name: $0, type: .varchar) }
    let batch = Batch(
      columns: [Column.strings(down)] + cells.map { Column.strings($0) },
      rowCount: down.count
    )
    var boxOptions = options
    boxOptions.nullLabels = [:]
    boxOptions.totalColumn = nil
    boxOptions.columnRanks = [.asked]
    let text = try? BoxWriter().text(
      schema: Schema(fields),
      batches: [batch],
      options: boxOptions
    )
    return text?.split(separator: "\n").map(String.init)
  }

  private static let maximumColumnCount = 1_000
}
