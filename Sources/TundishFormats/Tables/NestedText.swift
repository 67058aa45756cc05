internal import TundishColumns

extension CellStyle {
  /// Appends any value as text: lists as `[1, 2]`, structs as `{'a': 1}`.
  func appendNested(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append("NULL")
    case .list(let elements):
      bytes.append(UInt8(ascii: "["))
      for (i, element) in elements.enumerated() {
        if i > 0 { bytes.append(", ") }
        appendElement(element, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .structure(let members) where members.first?.isOfRow ?? false:
      bytes.append(UInt8(ascii: "("))
      for (i, member) in members.enumerated() {
        if i > 0 { bytes.append(", ") }
        appendElement(member.value, to: &bytes)
      }
      bytes.append(members.count == 1 ? ",)" : ")")
    case .structure(let members):
      bytes.append(UInt8(ascii: "{"))
      for (i, member) in members.enumerated() {
        if i > 0 { bytes.append(", ") }
        bytes.appendQuotedElement(member.name)
        bytes.append(": ")
        appendElement(member.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    case .map(let entries):
      bytes.append(UInt8(ascii: "{"))
      for (i, entry) in entries.enumerated() {
        if i > 0 { bytes.append(", ") }
        appendElement(entry.key, to: &bytes)
        bytes.append(UInt8(ascii: "="))
        appendElement(entry.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    case .boolean, .integer, .hugeint, .decimal, .double, .text, .blob, .date, .time, .timestamp,
      .timestampTZ, .interval:
      appendScalar(value, to: &bytes)
    }
  }

  /// Appends a value that is neither NULL, a list nor a struct.
  func appendScalar(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .boolean(let value): bytes.append(value ? "true" : "false")
    case .integer(let value): bytes.appendInteger(value)
    case .hugeint(let value): bytes.appendInteger(value)
    case .decimal(let unscaled, let scale): bytes.appendDecimal(unscaled, scale: scale)
    case .double(let value): bytes.appendDouble(value)
    case .text(let value): bytes.append(value)
    case .blob(let value): bytes.appendBlob(value.span)
    case .date(let value): bytes.appendDate(Int64(value))
    case .time(let value): bytes.appendTime(value)
    case .timestamp(let value): bytes.appendTimestamp(value)
    case .timestampTZ(let value):
      bytes.appendTimestampTZ(value, offsetSeconds: utcOffset?(value) ?? 0)
    case .interval(let value):
      bytes.appendInterval(
        months: value.months,
        days: value.days,
        microseconds: value.microseconds
      )
    case .null, .list, .structure, .map: appendNested(value, to: &bytes)
    }
  }

  /// Appends any value as JSON.
  func appendJSON(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append("null")
    case .boolean, .integer, .hugeint, .decimal: appendScalar(value, to: &bytes)
    case .double(let number):
      if number.isFinite { bytes.appendDouble(number) } else { bytes.append("null") }
    case .text(let text): bytes.appendJSONString(Array(text.utf8).span)
    case .blob, .date, .time, .timestamp, .timestampTZ, .interval:
      var text: [UInt8] = []
      appendScalar(value, to: &text)
      bytes.appendJSONString(text.span)
    case .list(let elements):
      bytes.append(UInt8(ascii: "["))
      for (i, element) in elements.enumerated() {
        if i > 0 { bytes.append(UInt8(ascii: ",")) }
        appendJSON(element, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .map(let entries):
      bytes.append(UInt8(ascii: "{"))
      for (i, entry) in entries.enumerated() {
        if i > 0 { bytes.append(UInt8(ascii: ",")) }
        var key: [UInt8] = []
        appendNested(entry.key, to: &key)
        bytes.appendJSONString(key.span)
        bytes.append(UInt8(ascii: ":"))
        appendJSON(entry.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    case .structure(let members):
      bytes.append(UInt8(ascii: "{"))
      for (i, member) in members.enumerated() {
        if i > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes.appendJSONString(Array(member.name.utf8).span)
        bytes.append(UInt8(ascii: ":"))
        appendJSON(member.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Text inside lists and structs is quoted where it could be taken for something else.
  private func appendElement(_ value: Value, to bytes: inout [UInt8]) {
    let text: String
    switch value {
    case .text(let own): text = own
    case .blob, .time, .timestamp, .timestampTZ, .interval:
      var printed: [UInt8] = []
      appendScalar(value, to: &printed)
      text = String(decoding: printed, as: UTF8.self)
    case .null, .boolean, .integer, .hugeint, .decimal, .double, .date, .list, .structure, .map:
      return appendNested(value, to: &bytes)
    }
    let isPlain =
      !text.isEmpty && text.lowercased() != "null" && text.first != " " && text.last != " "
      && !text.utf8.contains { "[]{}(),:;'\"=\\".utf8.contains($0) || $0 < 0x20 }
    if isPlain { bytes.append(text) } else { bytes.appendQuotedElement(text) }
  }
}

extension [UInt8] {
  mutating func appendQuotedElement(_ text: String) {
    append(UInt8(ascii: "'"))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") { append(UInt8(ascii: "\\")) }
      append(byte)
    }
    append(UInt8(ascii: "'"))
  }

  /// Appends a blob: printable ASCII as it is, other bytes as `\xAB`.
  mutating func appendBlob(_ blob: Span<UInt8>) {
    for i in blob.indices {
      let byte = blob[i]
      if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\"), byte != UInt8(ascii: "'"),
        byte != UInt8(ascii: "\"")
      {
        append(byte)
      } else {
        append("\\x")
        appendHexadecimal(byte)
      }
    }
  }
}
