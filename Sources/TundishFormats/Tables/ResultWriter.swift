package import TundishColumns

/// Writes a result in one format.
package protocol ResultWriter: Sendable {
  /// The name by which people choose the format.
  var name: String { get }
  /// The file extensions that stand for the format.
  var fileExtensions: [String] { get }
  /// One sentence for help.
  var summary: String { get }
  /// Whether the output is for people's eyes: it may be shortened, and takes footers.
  var isForPeople: Bool { get }
  /// Writes all rows of a result.
  func write(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions,
    into sink: any ByteSink
  ) throws(FormatError)
}

extension ResultWriter {
  package var fileExtensions: [String] { [] }
  package var isForPeople: Bool { false }

  /// Returns the text of a result; for tests and small results.
  package func text(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions = WriterOptions()
  ) throws(FormatError) -> String {
    let collector = ByteCollector()
    try write(schema: schema, batches: batches, options: options, into: collector)
    return collector.text
  }
}
