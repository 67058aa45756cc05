internal import TundishColumns

/// A bar per step, with its share of the first step and of the step before.
package struct FunnelChartWriter: ChartWriter {
  package let name = "funnel"
  package let summary = "a bar per step with its share of the first and of the previous step"

  func lines(schema: Schema, batches: [Batch], options: WriterOptions) -> [String]? {
    let data = ChartData(
      schema: schema,
      batches: batches,
      options: options,
      rows: options.maximumRowCount
    )
    guard data.valueName != nil else { return nil }
    var first: Double?
    var previous: Double?
    // Each value of the dimensions in front of the step has a funnel of its own.
    var group: [String]?
    var rows: [(label: String, value: Double?, text: String)] = []
    for point in data.points {
      var text = point.text
      if group != point.labels.dropLast() {
        group = point.labels.dropLast()
        first = point.value
        previous = nil
      }
      if let value = point.value {
        if let first, first != 0, previous != nil { text += "  \(Self.share(value / first))" }
        if let last = previous, last != 0 { text += "  \(Self.share(value / last)) of previous" }
      }
      rows.append((label: point.label, value: point.value, text: text))
      previous = point.value
    }
    return BarLines.draw(rows, options: options) + data.footer(options)
  }

  private static func share(_ fraction: Double) -> String {
    var bytes: [UInt8] = []
    UnitFormat(unit: .rate, type: .double)?.append(.double(fraction), to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
