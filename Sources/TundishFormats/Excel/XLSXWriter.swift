package import TundishColumns

/// An Excel workbook of one sheet.
///
/// Numbers that Excel would round, beyond 15 digits, are written as text, so that what is read back
/// is what was written.
package struct XLSXWriter: ResultWriter {
  package let name = "xlsx"
  package let fileExtensions = ["xlsx"]
  package let summary = "an Excel workbook of one sheet; for files"

  private static let maximumRowCount = 1_048_576
  private static let maximumColumnCount = 16_384

  /// Creates a writer.
  package init() {}

  package func write(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions,
    into sink: any ByteSink
  ) throws(FormatError) {
    let rowCount = batches.reduce(options.hasHeader ? 1 : 0) { $0 + $1.rowCount }
    guard rowCount <= Self.maximumRowCount, schema.fields.count <= Self.maximumColumnCount else {
      throw .workbook(
        "a sheet holds 1,048,576 rows and 16,384 columns; the result has \(rowCount) rows and "
          + "\(schema.fields.count) columns"
      )
    }
    var sheet = SheetXML()
    if options.hasHeader { sheet.appendRow(schema.fields.map { .text($0.name) }, isHeader: true) }
    let currencies = WorkbookXML.currencies(of: schema.fields.map(\.unit))
    let styles = schema.fields.map { WorkbookXML.style(of: $0.unit, currencies) }
    for batch in batches {
      for row in 0..<batch.rowCount {
        sheet.appendRow(batch.columns.map { $0.value(at: row) }, styles: styles)
      }
      try options.progress?.add(byteCount: 0, rowCount: batch.rowCount)
    }
    guard sheet.isComplete else {
      throw .workbook("a cell of a sheet holds 32,767 characters; a text of the result is longer")
    }
    try sink.write(
      try ZipWriter.archive(
        WorkbookXML.parts(currencies: currencies) + [("xl/worksheets/sheet1.xml", sheet.finish())],
        progress: options.progress
      )
    )
  }
}
