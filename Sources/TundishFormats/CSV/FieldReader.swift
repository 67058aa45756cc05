/// Takes fields out of their quotes and knows which stand for NULL.
struct FieldReader {
  /// The byte around fields; nil where there is none.
  let quote: UInt8?
  /// The byte that makes the next literal; nil where quotes are doubled.
  let escape: UInt8?
  private let delimiter: UInt8
  /// The texts that stand for NULL beside the empty one.
  private(set) var nullTexts: [[UInt8]]
  /// Whether an empty field is an empty text.
  private(set) var keepsEmptyTexts = false
  /// Whether these texts stand for NULL inside quotes too.
  var allowsQuotedNulls = false
  /// Whether quotes around nothing stand for NULL.
  private(set) var readsQuotedEmptyAsNull = false

  init(dialect: CSVDialect, nullTexts: [String]) {
    quote = dialect.quote
    escape = dialect.escape
    delimiter = dialect.delimiter
    self.nullTexts = nullTexts.filter { !$0.isEmpty }.map { Array($0.utf8) }
  }

  /// A reader of a column that has no NULL.
  var withoutNulls: FieldReader {
    var reader = self
    reader.nullTexts = []
    reader.keepsEmptyTexts = true
    return reader
  }

  /// A reader of a column whose values all stand in quotes, so that NULL has no other form.
  var withQuotedNulls: FieldReader {
    var reader = self
    reader.readsQuotedEmptyAsNull = true
    return reader
  }

  /// Whether a text has something that only quotes make part of it.
  func needsQuotes(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let last = range.last else { return false }
    if bytes[range.lowerBound] <= 0x20 || bytes[last] <= 0x20 { return true }
    for i in range {
      let byte = bytes[i]
      if byte == delimiter || byte == quote || byte == escape || byte == 0x0A || byte == 0x0D {
        return true
      }
    }
    return false
  }

  /// A field without its quotes.
  struct Field {
    /// Where the text lies.
    var range: Range<Int>
    /// Whether it stood in quotes.
    var isQuoted: Bool
  }

  /// Returns a field without its quotes; escapes are still in it.
  @inline(__always)
  func field(_ bytes: Span<UInt8>, _ raw: Range<Int>) -> Field {
    guard let quote, !raw.isEmpty, bytes[raw.lowerBound] == quote else {
      return Field(range: raw, isQuoted: false)
    }
    var end = raw.upperBound
    // Only spaces may stand behind the closing quote; a quote that encloses nothing is text.
    while end > raw.lowerBound &+ 1, bytes[end &- 1] == 0x20 { end &-= 1 }
    guard end > raw.lowerBound &+ 1, bytes[end &- 1] == quote else {
      return Field(range: raw, isQuoted: false)
    }
    return Field(range: raw.lowerBound &+ 1..<end &- 1, isQuoted: true)
  }

  /// Whether a field has escapes that `unescaped` must take out.
  @inline(__always)
  func hasEscapes(_ bytes: Span<UInt8>, _ field: Field) -> Bool {
    guard field.isQuoted || escape != nil else { return false }
    let escape = escape ?? quote ?? 0
    for i in field.range where bytes[i] == escape { return true }
    return false
  }

  /// Returns the text of a field without escapes.
  func unescaped(_ bytes: Span<UInt8>, _ field: Field) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(field.range.count)
    let character = escape ?? quote ?? 0
    var i = field.range.lowerBound
    while i < field.range.upperBound {
      if bytes[i] == character, i + 1 < field.range.upperBound, isEscapable(bytes[i + 1]) { i += 1 }
      text.append(bytes[i])
      i += 1
    }
    return text
  }

  /// Whether an escape in front of a byte stands for that byte alone; `\d` is two characters.
  private func isEscapable(_ byte: UInt8) -> Bool {
    guard let escape else { return byte == quote }
    return byte == escape || byte == quote || byte == delimiter || byte == 0x0A || byte == 0x0D
  }

  /// Whether a text is one of those that stand for NULL.
  func isNullText(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for text in nullTexts where text.count == range.count {
      var i = 0
      while i < text.count, text[i] == bytes[range.lowerBound + i] { i += 1 }
      if i == text.count { return true }
    }
    return false
  }

  /// Returns a range without spaces at both ends.
  @inline(__always)
  func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start &+= 1 }
    while end > start, bytes[end &- 1] == 0x20 || bytes[end &- 1] == 0x09 { end &-= 1 }
    return start..<end
  }

  /// Returns the text of a field as a string, for messages and names.
  func string(_ bytes: Span<UInt8>, _ raw: Range<Int>) -> String {
    let field = field(bytes, raw)
    return String(decoding: unescaped(bytes, field), as: UTF8.self)
  }
}
