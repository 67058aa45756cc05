package import TundishColumns

/// A table drawn with lines that fits the terminal, and says what it left out.
///
/// Wide text is cut with `…`; numbers and dates never are. Where that is not enough, columns in the
/// middle are dropped; where there are too many rows, those in the middle. A line under the box
/// counts what is shown.
package struct BoxWriter: ResultWriter {
  package let name = "box"
  package let summary = "a table drawn with lines, fitted to the terminal"
  package let isForPeople = true

  package func write(
    schema: Schema,
    batches: [Batch],
    options: WriterOptions,
    into sink: any ByteSink
  ) throws(FormatError) {
    let grid = try TextGrid(
      schema: schema,
      batches: batches,
      options: options,
      rows: options.maximumRowCount
    )
    let layout = BoxLayout(grid: grid, width: options.terminalWidth)
    var output = BufferedSink(sink)
    if !grid.columns.isEmpty {
      let lines = options.isUnicode ? BoxLines.unicode : BoxLines.ascii
      let drawing = BoxDrawing(grid: grid, layout: layout, lines: lines, options: options)
      try drawing.draw(into: &output)
    }
    for line in options.countsRows ? Self.counts(grid, layout) : [] {
      output.pending.append(line + "\n")
    }
    for line in options.footerLines { output.pending.append(line + "\n") }
    try output.flush()
  }

  /// The line that says how much of the result is shown.
  private static func counts(_ grid: TextGrid, _ layout: BoxLayout) -> [String] {
    let total = GroupedNumber.text(grid.totalRowCount)
    var parts: [String] = []
    if grid.rowCount < grid.totalRowCount {
      parts.append("\(GroupedNumber.text(grid.rowCount)) of \(total) rows")
    } else if grid.totalRowCount == 0 || grid.totalRowCount >= minimumCountedRowCount {
      parts.append("\(total) rows")
    }
    if layout.shownCount < grid.columns.count {
      parts.append("\(layout.shownCount) of \(grid.columns.count) columns")
    }
    return parts.isEmpty ? [] : [parts.joined(separator: " · ")]
  }

  /// Fewer rows than these are counted at a glance.
  private static let minimumCountedRowCount = 10
}

/// Integers for people: `8,800`.
enum GroupedNumber {
  /// Returns the digits with a comma between groups of three.
  static func text(_ value: Int) -> String {
    var text = ""
    let digits = String(value.magnitude)
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return value < 0 ? "-" + text : text
  }
}

/// The characters of a box.
struct BoxLines {
  let horizontal: String
  let vertical: String
  let top: (left: String, middle: String, right: String)
  let center: (left: String, middle: String, right: String)
  let bottom: (left: String, middle: String, right: String)
  let ellipsis: Character
  /// Stands in a row for the rows left out.
  let gap: String

  static var unicode: BoxLines {
    BoxLines(
      horizontal: "─",
      vertical: "│",
      top: ("┌", "┬", "┐"),
      center: ("├", "┼", "┤"),
      bottom: ("└", "┴", "┘"),
      ellipsis: "…",
      gap: "·"
    )
  }

  static var ascii: BoxLines {
    BoxLines(
      horizontal: "-",
      vertical: "|",
      top: ("+", "+", "+"),
      center: ("+", "+", "+"),
      bottom: ("+", "+", "+"),
      ellipsis: "~",
      gap: "."
    )
  }
}

/// Draws the cells of a grid in the places of a layout.
private struct BoxDrawing {
  let grid: TextGrid
  let layout: BoxLayout
  let lines: BoxLines
  let options: WriterOptions

  func draw(into output: inout BufferedSink) throws(FormatError) {
    rule(lines.top, into: &output.pending)
    if options.hasHeader {
      row(into: &output.pending, style: "1") { column in
        (grid.columns[column].name, grid.columns[column].isRightAligned, false)
      }
      rule(lines.center, into: &output.pending)
    }
    for position in 0..<grid.rowCount {
      if position == grid.headCount { gap(into: &output.pending) }
      row(into: &output.pending, style: nil) { column in
        let cells = grid.columns[column]
        return (cells.cells[position], cells.isRightAligned, cells.isNull[position])
      }
      try output.flushIfLarge()
    }
    rule(lines.bottom, into: &output.pending)
  }

  private func rule(
    _ joints: (left: String, middle: String, right: String),
    into bytes: inout [UInt8]
  ) {
    bytes.append(joints.left)
    for (i, slot) in layout.slots.enumerated() {
      if i > 0 { bytes.append(joints.middle) }
      for _ in 0..<(slot.width + 2) { bytes.append(lines.horizontal) }
    }
    bytes.append(joints.right + "\n")
  }

  private func row(
    into bytes: inout [UInt8],
    style: String?,
    _ cell: (Int) -> (text: String, isRightAligned: Bool, isNull: Bool)
  ) {
    for slot in layout.slots {
      bytes.append(lines.vertical + " ")
      if let column = slot.column {
        let (text, isRightAligned, isNull) = cell(column)
        let short = DisplayWidth.shortened(text, to: slot.width, ellipsis: lines.ellipsis)
        let padded = DisplayWidth.padded(short, to: slot.width, right: isRightAligned)
        let code = style ?? (isNull ? "2" : nil)
        if options.isColored, let code {
          bytes.append("\u{1B}[\(code)m\(padded)\u{1B}[0m")
        } else {
          bytes.append(padded)
        }
      } else {
        bytes.append(String(lines.ellipsis))
      }
      bytes.append(" ")
    }
    bytes.append(lines.vertical + "\n")
  }

  private func gap(into bytes: inout [UInt8]) {
    row(into: &bytes, style: nil) { column in
      (lines.gap, grid.columns[column].isRightAligned, false)
    }
  }
}
