package import TundishColumns

/// Comma- and tab-separated text with the quoting of RFC 4180.
///
/// NULL is empty in CSV and an empty text is `""`, so that both read back. In TSV, which people and
/// tests look at, NULL is `NULL` unless the options say otherwise.
package struct CSVWriter: ResultWriter {
  package let name: String
  package let fileExtensions: [String]
  package let summary: String
  private let delimiter: UInt8
  private let nullText: String

  /// Comma-separated values.
  package static let csv = CSVWriter(
    name: "csv",
    fileExtensions: ["csv"],
    summary: "comma-separated values, quoted as RFC 4180 says",
    delimiter: UInt8(ascii: ","),
    nullText: ""
  )

  /// Tab-separated values.
  package static let tsv = CSVWriter(
    name: "tsv",
    fileExtensions: ["tsv", "tab"],
    summary: "tab-separated values with NULL spelled out",
    delimiter: UInt8(ascii: "\t"),
    nullText: "NULL"
  )

  package func write(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions,
    into sink: any ByteSink
  ) throws(FormatError) {
    let delimiter = options.delimiter ?? delimiter
    let style = CellStyle(
      textForm: .delimited(
        delimiter: delimiter,
        quote: options.quote,
        quotesAll: options.quotesAll,
        guardsFormulas: options.guardsFormulas
      ),
      nullText: options.nullText ?? nullText,
      utcOffset: options.utcOffset
    )
    var output = BufferedSink(sink)
    if options.hasHeader {
      for (i, field) in schema.fields.enumerated() {
        if i > 0 { output.pending.append(delimiter) }
        style.append(Array(field.name.utf8).span, to: &output.pending)
      }
      output.pending.append(0x0A)
    }
    try output.flush()
    var rows = RowText(
      style: style,
      fronts: schema.fields.indices.map { $0 > 0 ? [delimiter] : [] },
      end: [0x0A]
    )
    // A line without any bytes would be taken for a blank line.
    if schema.fields.count == 1 { rows.emptyCell = [options.quote, options.quote] }
    let written = options.writesUnits ? UnitText.batches(batches, schema: schema) : batches
    try RowExport(rows, options)
      .write(written, skipping: 0, into: sink)
  }
}
