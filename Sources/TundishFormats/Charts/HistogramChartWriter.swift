internal import TundishColumns

/// Counts of the values of a column in ranges of equal width.
package struct HistogramChartWriter: ChartWriter {
  package let name = "histogram"
  package let summary = "counts of the values of a column in ranges of equal width"

  func lines(schema: Schema, batches: [Batch], options: WriterOptions) -> [String]? {
    let data = ChartData(schema: schema, batches: batches, options: options, rows: nil)
    guard let valueName = data.valueName else { return nil }
    let values = data.points.compactMap(\.value)
    let nullCount = data.points.count - values.count
    var lines = [valueName]
    if let lowest = values.min(), let highest = values.max() {
      let width = Self.binWidth(lowest: lowest, highest: highest, count: values.count)
      let start = (lowest / width).rounded(.down) * width
      let binCount = min(
        Self.maximumBinCount,
        max(1, Int(((highest - start) / width).rounded(.down)) + 1)
      )
      var counts = [Int](repeating: 0, count: binCount)
      for value in values {
        counts[min(binCount - 1, max(0, Int(((value - start) / width).rounded(.down))))] += 1
      }
      lines += BarLines.draw(
        counts.enumerated().map { bin, count in
          let low = Self.text(start + Double(bin) * width)
          let high = Self.text(start + Double(bin + 1) * width)
          return (
            label: "\(low) .. \(high)", value: Double(count), text: GroupedNumber.text(count)
          )
        },
        options: options
      )
    }
    if nullCount > 0 { lines.append("\(GroupedNumber.text(nullCount)) NULL not drawn") }
    return lines + options.footerLines
  }

  private static let maximumBinCount = 60

  /// Returns 1, 2 or 5 times a power of ten, so that there are about as many ranges as the logarithm
  /// of the count of values asks for.
  private static func binWidth(lowest: Double, highest: Double, count: Int) -> Double {
    let range = highest - lowest
    guard range > 0, range.isFinite else { return 1 }
    let wanted = Double(max(5, min(20, Int.bitWidth - count.leadingZeroBitCount + 1)))
    var power = 1.0
    while power * 10 <= range / wanted { power *= 10 }
    while power > range / wanted { power /= 10 }
    for factor in [1.0, 2.0, 5.0] where power * factor >= range / wanted { return power * factor }
    return power * 10
  }

  private static func text(_ value: Double) -> String {
    if value == value.rounded(), value.magnitude < 1e15 { return String(Int64(value)) }
    // Borders are multiples of a round width; the rest is floating-point dust.
    let scaled = (value * 1e9).rounded() / 1e9
    return scaled.description
  }
}
