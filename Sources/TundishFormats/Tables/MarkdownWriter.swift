package import TundishColumns

/// A table in GitHub's Markdown, with numbers to the right.
package struct MarkdownWriter: ResultWriter {
  package let name = "markdown"
  package let fileExtensions = ["md", "markdown"]
  package let summary = "a Markdown table"

  package func write(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions,
    into sink: any ByteSink
  ) throws(FormatError) {
    let grid = try TextGrid(schema: schema, batches: batches, options: options, rows: nil)
    var output = BufferedSink(sink)
    let columns = grid.columns.indices
    output.pending.append("|")
    for column in columns {
      output.pending.append(" \(Self.escaped(grid.columns[column].name)) |")
    }
    output.pending.append("\n|")
    for column in columns {
      output.pending.append(grid.columns[column].isRightAligned ? " ---: |" : " --- |")
    }
    output.pending.append("\n")
    for row in 0..<grid.rowCount {
      output.pending.append("|")
      for column in columns {
        output.pending.append(" \(Self.escaped(grid.columns[column].cells[row])) |")
      }
      output.pending.append("\n")
      try output.flushIfLarge()
    }
    try output.flush()
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { "|<\\".utf8.contains($0) }) else { return text }
    var escaped = ""
    for character in text {
      switch character {
      case "|": escaped += "\\|"
      case "<": escaped += "&lt;"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
