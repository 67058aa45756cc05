package import TundishColumns

/// One JSON object per row, as an array or as lines.
///
/// Integers and decimals are written with all their digits, dates and times as strings, infinite
/// doubles as `null`, and names that occur twice get `_1`.
package struct JSONWriter: ResultWriter {
  package let name: String
  package let fileExtensions: [String]
  package let summary: String
  private let isArray: Bool

  /// An array of objects.
  package static let array = JSONWriter(
    name: "json",
    fileExtensions: ["json"],
    summary: "an array of objects",
    isArray: true
  )

  /// An object per line.
  package static let lines = JSONWriter(
    name: "jsonl",
    fileExtensions: ["jsonl", "ndjson"],
    summary: "an object per line",
    isArray: false
  )

  package func write(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions,
    into sink: any ByteSink
  ) throws(FormatError) {
    let isEmpty = batches.allSatisfy { $0.rowCount == 0 }
    if isEmpty { return try sink.write(isArray ? Array("[]\n".utf8) : []) }
    // Between two rows stands what the first row has not in front.
    let between = isArray ? ",\n" : ""
    var fronts = Self.keys(of: schema)
    if fronts.isEmpty { fronts = [[]] }
    fronts[0] = Array((between + "{").utf8) + fronts[0]
    let rows = RowText(
      style: CellStyle.json(options),
      fronts: fronts,
      end: Array((isArray ? "}" : "}\n").utf8)
    )
    if isArray { try sink.write(Array("[\n".utf8)) }
    try RowExport(rows, options)
      .write(batches, skipping: between.utf8.count, into: sink)
    if isArray { try sink.write(Array("\n]\n".utf8)) }
  }

  /// The bytes in front of each value: a comma but for the first, the name, a colon.
  private static func keys(of schema: Schema) -> [[UInt8]] {
    let names = ColumnNames.distinct(schema.fields.map(\.name))
    return names.enumerated().map { i, name in
      var key: [UInt8] = i > 0 ? [UInt8(ascii: ",")] : []
      key.appendJSONString(Array(name.utf8).span)
      key.append(UInt8(ascii: ":"))
      return key
    }
  }
}
