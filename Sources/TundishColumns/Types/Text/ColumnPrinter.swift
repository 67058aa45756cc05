/// Writes the values of one column as text: what a cast to VARCHAR gives, and what result writers
/// print where they have no form of their own.
package struct ColumnPrinter {
  private let column: Column
  private let zone: any TimeZoneSource
  private let children: [ColumnPrinter]

  /// Creates a printer; types nest no deeper than the parser allows.
  package init(_ column: Column, zone: any TimeZoneSource = UTCTimeZone()) {
    self.column = column
    self.zone = zone
    switch column.data {
    case .list(let lists): self.children = [ColumnPrinter(lists.child, zone: zone)]
    case .structure(let members, _):
      self.children = members.map { ColumnPrinter($0, zone: zone) }
    case .boolean, .int64, .int128, .float64, .text, .dictionary, .interval: self.children = []
    }
  }

  /// Appends a row's value; `NULL` where there is none.
  package func append(_ row: Int, to bytes: inout [UInt8]) {
    guard column.isValid(at: row) else {
      bytes.append(contentsOf: "NULL".utf8)
      return
    }
    let slot = column.position(of: row)
    switch column.data {
    case .boolean(let values): BooleanText.append(values[slot], to: &bytes)
    case .int64(let values): append(integer: values[slot], to: &bytes)
    case .int128(let values):
      if case .decimal(_, let scale) = column.type {
        DecimalText.append(values[slot], scale: scale, to: &bytes)
      } else {
        IntegerText.append(values[slot], to: &bytes)
      }
    case .float64(let values): DoubleText.append(values[slot], to: &bytes)
    case .text(let vector):
      append(text: vector.bytes, vector.views[slot].range, to: &bytes)
    case .dictionary(let codes, let dictionary):
      let values = dictionary.values
      append(text: values.bytes, values.views[Int(codes[slot])].range, to: &bytes)
    case .interval(let values): IntervalText.append(values[slot], to: &bytes)
    case .list(let lists): append(list: lists.ranges[slot], to: &bytes)
    case .structure: append(structureAt: slot, to: &bytes)
    }
  }

  private func append(integer value: Int64, to bytes: inout [UInt8]) {
    switch column.type {
    case .date: DateText.append(days: value, to: &bytes)
    case .time: DateText.append(timeOfDay: value, to: &bytes)
    case .timestamp: DateText.append(timestamp: value, to: &bytes)
    case .timestampTZ: DateText.append(timestampTZ: value, zone: zone, to: &bytes)
    case .decimal(_, let scale): DecimalText.append(Int128(value), scale: scale, to: &bytes)
    case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .double, .varchar,
      .blob, .interval, .enumeration, .list, .structure:
      IntegerText.append(value, to: &bytes)
    }
  }

  private func append(text: [UInt8], _ range: Range<Int>, to bytes: inout [UInt8]) {
    guard column.type == .blob else {
      bytes.append(contentsOf: text[range])
      return
    }
    BlobText.append(text[range], to: &bytes)
  }

  private func append(list range: Range<Int32>, to bytes: inout [UInt8]) {
    if column.type.isMap { return append(map: range, to: &bytes) }
    bytes.append(0x5B)
    for element in range {
      if element > range.lowerBound { bytes.append(contentsOf: ", ".utf8) }
      // Whoever asked is told that the query was cancelled.
      if element & 0xFFFF == 0xFFFF, Cancellation.isRequested { break }
      children[0].appendNested(Int(element), to: &bytes)
    }
    bytes.append(0x5D)
  }

  private func append(map range: Range<Int32>, to bytes: inout [UInt8]) {
    // The entries' printer has those of keys and values.
    let parts = children[0].children
    guard parts.count == 2 else { return }
    bytes.append(0x7B)
    for entry in range {
      if entry > range.lowerBound { bytes.append(contentsOf: ", ".utf8) }
      if entry & 0xFFFF == 0xFFFF, Cancellation.isRequested { break }
      let slot = children[0].column.position(of: Int(entry))
      parts[0].appendNested(slot, to: &bytes)
      bytes.append(0x3D)
      parts[1].appendNested(slot, to: &bytes)
    }
    bytes.append(0x7D)
  }

  private func append(rowAt slot: Int, to bytes: inout [UInt8]) {
    bytes.append(0x28)
    for (i, child) in children.enumerated() {
      if i > 0 { bytes.append(contentsOf: ", ".utf8) }
      child.appendNested(slot, to: &bytes)
    }
    if children.count == 1 { bytes.append(0x2C) }
    bytes.append(0x29)
  }

  private func append(structureAt slot: Int, to bytes: inout [UInt8]) {
    guard case .structure(let fields) = column.type else { return }
    if fields.isRow { return append(rowAt: slot, to: &bytes) }
    bytes.append(0x7B)
    for (i, field) in fields.enumerated() {
      if i > 0 { bytes.append(contentsOf: ", ".utf8) }
      Self.appendQuoted(Array(field.name.utf8)[...], to: &bytes)
      bytes.append(contentsOf: ": ".utf8)
      children[i].appendNested(slot, to: &bytes)
    }
    bytes.append(0x7D)
  }

  /// Appends a value inside a list or struct: what could be misread is quoted.
  private func appendNested(_ row: Int, to bytes: inout [UInt8]) {
    guard mayNeedQuotes, column.isValid(at: row) else { return append(row, to: &bytes) }
    let start = bytes.count
    append(row, to: &bytes)
    guard Self.needsQuotes(bytes[start...]) else { return }
    let text = Array(bytes[start...])
    bytes.removeLast(bytes.count - start)
    Self.appendQuoted(text[...], to: &bytes)
  }

  /// Whether the type's texts may hold marks that part the elements of lists and structs.
  private var mayNeedQuotes: Bool {
    switch column.type {
    case .varchar, .enumeration, .blob, .time, .timestamp, .timestampTZ, .interval: true
    case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .decimal, .double,
      .date,
      .list, .structure:
      false
    }
  }

  private static func needsQuotes(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first, let last = text.last else { return true }
    if NumberScanner.isSpace(first) || NumberScanner.isSpace(last) { return true }
    if text.count == 4, foldedKey(String(decoding: text, as: UTF8.self)) == "null" { return true }
    return text.contains { byte in
      switch byte {
      case 0x22, 0x27, 0x28, 0x29, 0x2C, 0x3A, 0x3D, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D: true
      default: false
      }
    }
  }

  private static func appendQuoted(_ text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(0x27)
    for byte in text {
      if byte == 0x27 || byte == 0x5C { bytes.append(0x5C) }
      bytes.append(byte)
    }
    bytes.append(0x27)
  }
}

/// Bytes as text: printable ASCII as it is, the rest as `\xFF`.
package enum BlobText {
  /// Reads text in which `\xFF` stands for a byte; nil for a broken escape or a letter beyond ASCII.
  package static func parse(_ text: Span<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var position = 0
    while position < text.count {
      let byte = text[position]
      guard byte < 0x80 else { return nil }
      guard byte == 0x5C else {
        bytes.append(byte)
        position += 1
        continue
      }
      guard position + 3 < text.count, text[position + 1] | 0x20 == 0x78,
        let high = IntegerText.hexadecimalValue(text[position + 2]),
        let low = IntegerText.hexadecimalValue(text[position + 3])
      else { return nil }
      bytes.append(high << 4 | low)
      position += 4
    }
    return bytes
  }

  /// Appends bytes as text.
  package static func append(_ blob: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    for byte in blob {
      if byte >= 0x20, byte < 0x7F, byte != 0x22, byte != 0x27, byte != 0x5C {
        bytes.append(byte)
      } else {
        bytes.append(contentsOf: "\\x".utf8)
        bytes.append(hexadecimalDigit(byte >> 4))
        bytes.append(hexadecimalDigit(byte & 15))
      }
    }
  }

  /// The digit, in upper case, of a value below 16.
  package static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 + value : 0x41 + value - 10
  }
}
