package import TundishColumns

/// An HTML table.
package struct HTMLWriter: ResultWriter {
  package let name = "html"
  package let fileExtensions = ["html", "htm"]
  package let summary = "an HTML table"

  package func write(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions,
    into sink: any ByteSink
  ) throws(FormatError) {
    let grid = try TextGrid(schema: schema, batches: batches, options: options, rows: nil)
    var output = BufferedSink(sink)
    output.pending.append("<table>\n")
    if options.hasHeader {
      output.pending.append("<thead>\n<tr>")
      for column in grid.columns {
        output.pending.append("<th>\(Self.escaped(column.name))</th>")
      }
      output.pending.append("</tr>\n</thead>\n")
    }
    output.pending.append("<tbody>\n")
    for row in 0..<grid.rowCount {
      output.pending.append("<tr>")
      for column in grid.columns {
        let tag = column.isRightAligned ? "<td style=\"text-align: right\">" : "<td>"
        output.pending.append("\(tag)\(Self.escaped(column.cells[row]))</td>")
      }
      output.pending.append("</tr>\n")
      try output.flushIfLarge()
    }
    output.pending.append("</tbody>\n</table>\n")
    for line in options.footerLines {
      output.pending.append("<p>\(Self.escaped(line))</p>\n")
    }
    try output.flush()
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { "<>&\"'".utf8.contains($0) }) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
