internal import TundishColumns

// How the texts of options are read.
extension CSVOptions {
  static func byte(_ name: String, _ value: String) throws(FormatError) -> UInt8 {
    switch value {
    case "\\t", "tab": return 0x09
    case "space": return 0x20
    default: break
    }
    guard value.utf8.count == 1, let byte = value.utf8.first, byte < 0x80, byte != 0x0A,
      byte != 0x0D, byte != 0
    else { throw .invalidOption(name, value, expected: "one ASCII character") }
    return byte
  }

  /// The bytes of a delimiter that is longer than one.
  static func severalBytes(_ value: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in value.utf8 {
      if isEscaped {
        bytes.append(byte == UInt8(ascii: "t") ? 0x09 : byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\"), value.utf8.count > 1 {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    let isWord = value == "tab" || value == "space"
    let isPlain = !bytes.contains(0x0A) && !bytes.contains(0x0D) && !bytes.contains(0)
    return bytes.count >= 2 && bytes.count <= 8 && !isWord && isPlain ? bytes : nil
  }

  static func optionalByte(_ name: String, _ value: String) throws(FormatError) -> UInt8? {
    value.isEmpty || value == "\\0" || value.lowercased() == "none" ? nil : try byte(name, value)
  }

  static func boolean(_ name: String, _ value: String) throws(FormatError) -> Bool {
    switch value.lowercased() {
    case "true", "1", "on", "yes", "": return true
    case "false", "0", "off", "no": return false
    default: throw .invalidOption(name, value, expected: "true or false")
    }
  }

  /// A form of dates; nil where it is to be found out.
  static func dateFormat(_ name: String, _ value: String) throws(FormatError) -> String? {
    if value.isEmpty || value.lowercased() == "auto" { return nil }
    guard DateFormat(value) != nil else {
      throw .invalidOption(
        name,
        value,
        expected: "a format such as 'dd.mm.yyyy' or '%d.%m.%Y %H:%M:%S'"
      )
    }
    return value
  }

  static func count(_ name: String, _ value: String) throws(FormatError) -> Int {
    guard let count = Int(value), count >= 0 else {
      throw .invalidOption(name, value, expected: "a whole number, 0 or more")
    }
    return count
  }

  /// Reads `['a', 'b']` or `a, b`, or one text.
  static func list(_ value: String) -> [String] {
    guard let inner = enclosed(value, "[", "]") else { return [value] }
    return split(inner).map { unquoted($0) }
  }

  /// Reads `['BIGINT', 'DATE']`.
  static func types(_ name: String, _ value: String) throws(FormatError) -> [DataType] {
    var types: [DataType] = []
    for text in list(value) {
      guard let type = TypeText.type(named: text) else {
        throw .invalidOption(name, text, expected: "a type such as BIGINT or DECIMAL(18,2)")
      }
      types.append(type)
    }
    return types
  }

  /// Reads `{'a': 'BIGINT', 'b': 'DATE'}`.
  static func typedColumns(
    _ name: String,
    _ value: String
  ) throws(FormatError) -> [(name: String, type: DataType)] {
    let inner = enclosed(value, "{", "}") ?? value
    var columns: [(name: String, type: DataType)] = []
    for part in split(inner) {
      guard let colon = part.lastIndex(of: ":") else {
        throw .invalidOption(name, value, expected: "{'column': 'TYPE', ...}")
      }
      let type = unquoted(String(part[part.index(after: colon)...]))
      guard let type = TypeText.type(named: type) else {
        throw .invalidOption(name, type, expected: "a type such as BIGINT or DECIMAL(18,2)")
      }
      columns.append((name: unquoted(String(part[..<colon])), type: type))
    }
    return columns
  }

  static func enclosed(_ value: String, _ open: Character, _ close: Character) -> String? {
    let value = trimmed(value)
    guard value.count >= 2, value.first == open, value.last == close else { return nil }
    return String(value.dropFirst().dropLast())
  }

  /// Splits at commas outside quotes and parentheses.
  static func split(_ value: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var depth = 0
    var quote: Character?
    for character in value {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "(" {
        depth += 1
      } else if character == ")" {
        depth -= 1
      } else if character == ",", depth <= 0 {
        parts.append(part)
        part = ""
        continue
      }
      part.append(character)
    }
    if !trimmed(part).isEmpty { parts.append(part) }
    return parts
  }

  static func unquoted(_ value: String) -> String {
    let value = trimmed(value)
    guard value.count >= 2, let first = value.first, first == value.last,
      first == "'" || first == "\""
    else { return value }
    // Two quotes inside are one.
    let inner = Array(value.dropFirst().dropLast())
    var text = ""
    var i = 0
    while i < inner.count {
      text.append(inner[i])
      i += inner[i] == first && i + 1 < inner.count && inner[i + 1] == first ? 2 : 1
    }
    return text
  }

  static func trimmed(_ value: String) -> String {
    var value = Substring(value)
    while value.first?.isWhitespace == true { value.removeFirst() }
    while value.last?.isWhitespace == true { value.removeLast() }
    return String(value)
  }
}
