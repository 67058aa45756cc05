/// Writes the values of a column as JSON.
struct JSONPrinter {
  private let column: Column
  private let children: [JSONPrinter]
  private let printed: PrintedArgument

  /// Creates a printer; types nest no deeper than the parser allows.
  init(_ column: Column, _ context: FunctionContext) {
    self.column = column
    printed = PrintedArgument(column, context)
    switch column.data {
    case .list(let lists): children = [JSONPrinter(lists.child, context)]
    case .structure(let members, _): children = members.map { JSONPrinter($0, context) }
    case .boolean, .int64, .int128, .float64, .text, .dictionary, .interval: children = []
    }
  }

  /// Appends a row's value; `null` where there is none.
  func append(_ row: Int, to bytes: inout [UInt8]) {
    guard column.isValid(at: row) else {
      bytes.append(contentsOf: "null".utf8)
      return
    }
    let slot = column.position(of: row)
    switch column.data {
    case .list(let lists) where column.type.isMap:
      append(entries: lists.ranges[slot], to: &bytes)
    case .list(let lists):
      bytes.append(UInt8(ascii: "["))
      for (offset, element) in lists.ranges[slot].enumerated() {
        // Whoever asked is told that the query was cancelled.
        if offset & 0xFFFF == 0xFFFF, Cancellation.isRequested { break }
        if offset > 0 { bytes.append(UInt8(ascii: ",")) }
        children[0].append(Int(element), to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .structure where column.type == .embeddedJSON:
      append(embedded: slot, to: &bytes)
    case .structure:
      guard case .structure(let fields) = column.type else { return }
      bytes.append(UInt8(ascii: "{"))
      for (offset, field) in fields.enumerated() {
        if offset > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONText.append(quoting: field.name.utf8, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        children[offset].append(slot, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    case .float64(let values) where !values[slot].isFinite:
      bytes.append(contentsOf: "null".utf8)
    case .boolean, .int64, .int128, .float64, .text, .dictionary, .interval:
      let text = printed.string(row)
      if column.type.isNumeric || column.type == .boolean {
        // 1e+99 is written 1e99.
        bytes.append(contentsOf: text.utf8.lazy.filter { $0 != UInt8(ascii: "+") })
      } else {
        JSONText.append(quoting: text.utf8, to: &bytes)
      }
    }
  }

  /// JSON as it is, without spaces; what is no JSON is a string.
  private func append(embedded row: Int, to bytes: inout [UInt8]) {
    let part = children[0]
    guard part.column.isValid(at: row) else { return part.append(row, to: &bytes) }
    let json = JSONText(bytes: Array(part.printed.string(row).utf8))
    guard let value = json.value(in: 0..<json.bytes.count) else {
      return part.append(row, to: &bytes)
    }
    bytes.append(contentsOf: json.compact(value).utf8)
  }

  /// The entries of a map as members named by the keys' texts.
  private func append(entries range: Range<Int32>, to bytes: inout [UInt8]) {
    let parts = children[0].children
    guard parts.count == 2 else { return }
    bytes.append(UInt8(ascii: "{"))
    for (offset, entry) in range.enumerated() {
      if offset & 0xFFFF == 0xFFFF, Cancellation.isRequested { break }
      if offset > 0 { bytes.append(UInt8(ascii: ",")) }
      let slot = children[0].column.position(of: Int(entry))
      JSONText.append(quoting: parts[0].printed.string(slot).utf8, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      parts[1].append(slot, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }
}
