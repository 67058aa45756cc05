import TundishColumns
import TundishEngine

/// The source of a metric or funnel as a box draws it: a row for each of its lines.
///
/// Data formats keep the text whole, as one value.
enum SourceLines {
  /// The rows of DESCRIBE with texts of several lines as several rows; nil where there are none.
  static func drawn(_ result: QueryResult) -> [Batch]? {
    guard let fields = result.schema?.fields, fields.map(\.name) == ["property", "value"],
      fields.allSatisfy(\.type.isText)
    else { return nil }
    let columns = fields.map { AnyColumnBuilder(type: $0.type) }
    var rowCount = 0
    var hasLines = false
    for batch in result.result.batches {
      for row in 0..<batch.rowCount {
        let values = batch.row(at: row)
        guard case .text(let text) = values[1] else { return nil }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
          .enumerated()
        {
          columns[0].append(index == 0 ? values[0] : .text(""))
          columns[1].append(.text(String(line)))
          rowCount += 1
          hasLines = hasLines || index > 0
        }
      }
    }
    guard hasLines else { return nil }
    return [Batch(columns: columns.map { $0.finish() }, rowCount: rowCount)]
  }
}
