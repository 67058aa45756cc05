package import TundishColumns

/// One `name = value` per line and a blank line between rows, for wide results.
package struct LineWriter: ResultWriter {
  package let name = "line"
  package let summary = "a line per value"
  package let isForPeople = true

  package func write(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions,
    into sink: any ByteSink
  ) throws(FormatError) {
    let grid = try TextGrid(schema: schema, batches: batches, options: options, rows: nil)
    var output = BufferedSink(sink)
    let width = grid.columns.reduce(0) { max($0, DisplayWidth.of($1.name)) }
    for row in 0..<grid.rowCount {
      if row > 0 { output.pending.append("\n") }
      for column in grid.columns {
        output.pending.append(DisplayWidth.padded(column.name, to: width, right: true))
        output.pending.append(" = \(column.cells[row])\n")
      }
      try output.flushIfLarge()
    }
    for line in options.footerLines { output.pending.append("\(line)\n") }
    try output.flush()
  }
}
