internal import TundishColumns

/// How values become cells.
struct CellStyle {
  /// What is done to text.
  enum TextForm {
    /// Bytes as they are.
    case verbatim
    /// Quoted where a reader of delimited text would need it.
    case delimited(delimiter: UInt8, quote: UInt8, quotesAll: Bool, guardsFormulas: Bool)
    /// A JSON string.
    case json
    /// For a terminal: control characters are shown as escapes.
    case visible
  }

  /// What is done to text.
  var textForm: TextForm
  /// The text of NULL.
  var nullText: String
  /// Whether numbers with a unit are formatted for people.
  var formatsUnits = false
  /// The offset from UTC of the session's zone; nil is UTC.
  var utcOffset: (@Sendable (Int64) -> Int)?

  /// JSON tokens.
  static func json(_ options: WriterOptions) -> CellStyle {
    CellStyle(textForm: .json, nullText: "null", utcOffset: options.utcOffset)
  }

  /// Text for people.
  static func visible(_ options: WriterOptions) -> CellStyle {
    CellStyle(
      textForm: .visible,
      nullText: options.nullText ?? "NULL",
      formatsUnits: options.formatsNumbers,
      utcOffset: options.utcOffset
    )
  }
}

extension CellStyle {
  /// Whether values that are not numbers, such as dates, are written as JSON strings.
  var isJSON: Bool {
    if case .json = textForm { true } else { false }
  }

  /// Appends a text value.
  @inline(__always)
  func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
    switch textForm {
    case .verbatim:
      bytes.append(text)
    case .delimited(let delimiter, let quote, let quotesAll, let guardsFormulas):
      appendDelimited(text, delimiter, quote, quotesAll, guardsFormulas, to: &bytes)
    case .json:
      bytes.appendJSONString(text)
    case .visible:
      bytes.appendVisible(text)
    }
  }

  /// Whether a text is written as it is, between quotes in JSON.
  @inline(__always)
  func isPlain(_ text: Span<UInt8>) -> Bool {
    switch textForm {
    case .verbatim: return true
    case .visible: return false
    case .json:
      let quote = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
      let backslash = SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
      let space = SIMD16<UInt8>(repeating: 0x20)
      return !text.holds { ($0 .== quote) .| ($0 .== backslash) .| ($0 .< space) }
    case .delimited(let delimiter, let quote, let quotesAll, let guardsFormulas):
      if quotesAll || guardsFormulas || text.count == 0 { return false }
      let first = text[0]
      if first <= 0x20 || first == UInt8(ascii: "#") || text[text.count &- 1] <= 0x20 {
        return false
      }
      if equals(text, nullText) { return false }
      let delimiters = SIMD16<UInt8>(repeating: delimiter)
      let quotes = SIMD16<UInt8>(repeating: quote)
      let feed = SIMD16<UInt8>(repeating: 0x0A)
      let carriage = SIMD16<UInt8>(repeating: 0x0D)
      return !text.holds {
        ($0 .== delimiters) .| ($0 .== quotes) .| ($0 .== feed) .| ($0 .== carriage)
      }
    }
  }

  private func appendDelimited(
    _ text: Span<UInt8>,
    _ delimiter: UInt8,
    _ quote: UInt8,
    _ quotesAll: Bool,
    _ guardsFormulas: Bool,
    to bytes: inout [UInt8]
  ) {
    var isFormula = false
    if guardsFormulas, text.count > 0 {
      switch text[0] {
      case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D:
        isFormula = true
      default: break
      }
    }
    // An unquoted field that reads as NULL, or that begins or ends with a space, would not read back.
    var needsQuotes = quotesAll || equals(text, nullText)
    if text.count > 0 {
      needsQuotes = needsQuotes || text[0] <= 0x20 || text[text.count &- 1] <= 0x20
      // A lone `#` in front could be taken for a comment.
      needsQuotes = needsQuotes || text[0] == UInt8(ascii: "#")
    }
    for i in text.indices {
      let byte = text[i]
      if byte == delimiter || byte == quote || byte == 0x0A || byte == 0x0D { needsQuotes = true }
    }
    guard needsQuotes || isFormula else { return bytes.append(text) }
    if needsQuotes { bytes.append(quote) }
    if isFormula { bytes.append(UInt8(ascii: "'")) }
    for i in text.indices {
      if text[i] == quote { bytes.append(quote) }
      bytes.append(text[i])
    }
    if needsQuotes { bytes.append(quote) }
  }

  private func equals(_ text: Span<UInt8>, _ string: String) -> Bool {
    guard text.count == string.utf8.count else { return false }
    var i = 0
    for byte in string.utf8 {
      if text[i] != byte { return false }
      i &+= 1
    }
    return true
  }
}

extension [UInt8] {
  /// Appends a JSON string with its quotes.
  mutating func appendJSONString(_ text: Span<UInt8>) {
    append(UInt8(ascii: "\""))
    for i in text.indices {
      let byte = text[i]
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        append(byte)
      } else {
        appendJSONEscape(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func appendJSONEscape(_ byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: append(UInt8(ascii: "b"))
    case 0x09: append(UInt8(ascii: "t"))
    case 0x0A: append(UInt8(ascii: "n"))
    case 0x0C: append(UInt8(ascii: "f"))
    case 0x0D: append(UInt8(ascii: "r"))
    case 0x00..<0x20:
      append("u00")
      appendHexadecimal(byte)
    default: append(byte)
    }
  }

  /// Appends text with control characters shown as escapes, so that no data steers a terminal.
  mutating func appendVisible(_ text: Span<UInt8>) {
    var i = 0
    while i < text.count {
      let byte = text[i]
      i &+= 1
      switch byte {
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0x00..<0x20, 0x7F:
        append("\\x")
        appendHexadecimal(byte)
      case 0xC2 where i < text.count && text[i] >= 0x80 && text[i] < 0xA0:
        // The control characters of Latin-1, some of which terminals obey.
        append("\\x")
        appendHexadecimal(text[i])
        i &+= 1
      default: append(byte)
      }
    }
  }

  /// Appends two hexadecimal digits.
  mutating func appendHexadecimal(_ byte: UInt8) {
    for digit in [byte >> 4, byte & 0xF] {
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10)
    }
  }
}
