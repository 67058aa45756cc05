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
    let style = CellStyle.json(options)
    let keys = Self.keys(of: schema)
    var output = BufferedSink(sink)
    var isFirst = true
    if isArray { output.pending.append(UInt8(ascii: "[")) }
    for batch in batches {
      let blocks = batch.columns.map { style.render($0) }
      for row in 0..<batch.rowCount {
        if isArray { output.pending.append(isFirst ? "\n" : ",\n") }
        isFirst = false
        output.pending.append(UInt8(ascii: "{"))
        for i in blocks.indices {
          output.pending.append(contentsOf: keys[i])
          output.pending.append(contentsOf: blocks[i].bytes[blocks[i].range(of: row)])
        }
        output.pending.append(UInt8(ascii: "}"))
        if !isArray { output.pending.append(0x0A) }
        try output.flushIfLarge()
      }
    }
    if isArray { output.pending.append(isFirst ? "]\n" : "\n]\n") }
    try output.flush()
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
