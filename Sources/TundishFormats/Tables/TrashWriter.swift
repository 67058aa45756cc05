package import TundishColumns

/// Runs a query and writes nothing, for timing.
package struct TrashWriter: ResultWriter {
  package let name = "trash"
  package let summary = "nothing, for timing"

  package func write(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions,
    into sink: any ByteSink
  ) throws(FormatError) {}
}
