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
    let layout = BoxLayout(
      grid: grid,
      width: options.terminalWidth,
      ranks: Self.ranks(grid, options)
    )
    var output = BufferedSink(sink)
    if !grid.columns.isEmpty {
      let lines = options.isUnicode ? BoxLines.unicode : BoxLines.ascii
      let drawing = BoxDrawing(grid: grid, layout: layout, lines: lines, options: options)
      try drawing.draw(into: &output)
    }
    let counts = options.countsRows ? Self.counts(grid, layout, options) : []
    for line in counts + options.footerLines {
      for part in WordWrapping.lines(line, width: options.terminalWidth) {
        output.pending.append(part + "\n")
      }
    }
    try output.flush()
  }

  /// The ranks of the columns shown; those that say nothing in any row give way first.
  private static func ranks(_ grid: TextGrid, _ options: WriterOptions) -> [ColumnRank] {
    var ranks = options.columnRanks
    if let total = options.totalColumn, ranks.indices.contains(total) { ranks.remove(at: total) }
    for position in ranks.indices where grid.columns.indices.contains(position) {
      let column = grid.columns[position]
      if ranks[position] > .clause, !column.isNull.isEmpty, column.isNull.allSatisfy({ $0 }) {
        ranks[position] = .empty
      }
    }
    return ranks
  }

  /// The line that says how much of the result is shown.
  private static func counts(
    _ grid: TextGrid,
    _ layout: BoxLayout,
    _ options: WriterOptions
  ) -> [String] {
    let total = GroupedNumber.text(grid.totalRowCount)
    var parts: [String] = []
    if grid.rowCount < grid.totalRowCount {
      parts.append("\(GroupedNumber.text(grid.rowCount)) of \(total) rows")
    } else if grid.totalRowCount == 0 || grid.totalRowCount >= minimumCountedRowCount {
      parts.append("\(total) rows")
    }
    if layout.shownCount < grid.columns.count {
      var told = "\(layout.shownCount) of \(grid.columns.count) columns"
      if !options.columnRanks.isEmpty {
        let shown = Set(layout.slots.compactMap(\.column))
        let hidden = grid.columns.indices.filter { !shown.contains($0) }
          .map { grid.columns[$0].name }
        told += "; too narrow for \(hidden.joined(separator: ", ")): .mode line shows all"
      }
      parts.append(told)
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
      let heads = layout.slots.map { slot in
        slot.column.map { names(of: $0, in: slot.width) } ?? []
      }
      let lineByColumn = Dictionary(
        zip(layout.slots.compactMap { $0.column }, heads.filter { !$0.isEmpty }),
        uniquingKeysWith: { first, _ in first }
      )
      for line in 0..<(heads.map { $0.count }.max() ?? 0) {
        row(into: &output.pending, style: "1") { column in
          let lines = lineByColumn[column] ?? []
          let text = lines.indices.contains(line) ? lines[line] : ""
          return (text, grid.columns[column].isRightAligned, false)
        }
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

  /// A column's name, on several lines where columns have ranks and it is too wide.
  private func names(of column: Int, in width: Int) -> [String] {
    let name = grid.columns[column].name
    return options.columnRanks.isEmpty ? [name] : WordWrapping.lines(ofName: name, width: width)
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
