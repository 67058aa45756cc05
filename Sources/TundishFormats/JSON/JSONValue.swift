/// A JSON value as it was written: numbers keep their digits, objects the order of their members.
indirect enum JSONValue: Hashable {
  case null
  case boolean(Bool)
  /// The text of the number.
  case number([UInt8])
  case string([UInt8])
  case array([JSONValue])
  case object([Member])

  struct Member: Hashable {
    var name: String
    var value: JSONValue
  }
}

extension JSONValue {
  /// Appends the value as JSON text without spaces.
  func append(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append("null")
    case .boolean(let value): bytes.append(value ? "true" : "false")
    case .number(let text): bytes.append(contentsOf: text)
    case .string(let text): bytes.appendJSONString(text.span)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (i, element) in elements.enumerated() {
        if i > 0 { bytes.append(UInt8(ascii: ",")) }
        element.append(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (i, member) in members.enumerated() {
        if i > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes.appendJSONString(Array(member.name.utf8).span)
        bytes.append(UInt8(ascii: ":"))
        member.value.append(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// The text of a scalar, or the JSON text of anything else; nil for null.
  var plainText: String? {
    switch self {
    case .null: return nil
    case .string(let text): return String(decoding: text, as: UTF8.self)
    case .boolean, .number, .array, .object:
      var bytes: [UInt8] = []
      append(to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Whether the value cannot be a record among objects; null is one without members.
  var isMisplaced: Bool {
    switch self {
    case .null, .object: false
    case .boolean, .number, .string, .array: true
    }
  }

  /// The value of a member of an object; the last where a name occurs twice.
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }
}
