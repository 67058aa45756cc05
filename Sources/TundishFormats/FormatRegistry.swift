/// The formats in which results are written: one line each.
package enum FormatRegistry {
  /// All writers, in the order in which help lists them.
  package static let writers: [any ResultWriter] = [
    BoxWriter(),
    CSVWriter.csv,
    CSVWriter.tsv,
    JSONWriter.array,
    JSONWriter.lines,
    MarkdownWriter(),
    HTMLWriter(),
    XLSXWriter(),
    LineWriter(),
    TrashWriter(),
  ]

  /// The drawings that `AS <chart>` asks for.
  package static let charts: [any ResultWriter] = [
    BarChartWriter(),
    LineChartWriter(),
    FunnelChartWriter(),
    GridChartWriter(),
    HistogramChartWriter(),
  ]

  /// Returns the writer of a chart by its name.
  package static func chart(named name: String) -> (any ResultWriter)? {
    let name = name.lowercased()
    return charts.first { $0.name == name }
  }

  /// Returns the writer of a format by name; `ndjson` and `md` are accepted too.
  package static func writer(named name: String) -> (any ResultWriter)? {
    let name = name.lowercased()
    return writers.first { $0.name == name || $0.fileExtensions.contains(name) }
  }

  /// Returns the writer for a file by its extension, `.gz` aside.
  package static func writer(forPath path: String) -> (any ResultWriter)? {
    var parts = path.lowercased().split(separator: ".")
    if parts.last == "gz" { parts.removeLast() }
    guard parts.count > 1, let last = parts.last else { return nil }
    return writers.first { $0.fileExtensions.contains(String(last)) }
  }
}
