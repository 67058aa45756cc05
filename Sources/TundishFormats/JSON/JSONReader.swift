package import TundishColumns

/// A table read from JSON.
package struct JSONResult: Sendable {
  /// The rows.
  package var table: StoredTable
  /// What was decided, one line per column.
  package var columns: [(name: String, type: DataType, evidence: String)]
  /// What else the user should know, one line each.
  package var notes: [String]
  /// Of these, the ones that every use of the rows must show.
  package var rowNotes: [String] = []
  /// The lines and records that were set aside.
  package var rejects: [RejectedRow] = []
}

/// Reads JSON into a table: an array of objects, an object per line, or `{"records": [...]}`.
///
/// The text is read twice, first for the types that hold all values, then for the values. What
/// Salesforce wraps as `attributes` is dropped but for its `referenceId`, which other files refer to.
package enum JSONReader {
  /// Reads a file.
  package static func read(
    path: String,
    options: JSONOptions = JSONOptions()
  ) throws(FormatError) -> JSONResult {
    try read(try InputBytes(path: path), options: options)
  }

  /// Checks that a text is one JSON value by RFC 8259, and nothing else.
  package static func check(_ source: InputBytes) throws(FormatError) {
    try source.withSpan { bytes throws(FormatError) in
      if let offset = UTF8Check.firstInvalid(bytes, 0..<bytes.count) {
        throw JSONParser(position: offset).failure("invalid UTF-8", bytes)
      }
      var parser = JSONParser()
      _ = try parser.value(bytes)
      if parser.skipSpace(bytes) {
        throw parser.failure("text behind the end of the value", bytes)
      }
    }
  }

  /// Whether a text begins as JSON does: with a brace or bracket.
  package static func looksLikeJSON(_ input: InputBytes) -> Bool {
    input.withSpan { bytes in
      var i = 0
      while i < bytes.count, bytes[i] <= 0x20 { i += 1 }
      return i < bytes.count && (bytes[i] == UInt8(ascii: "{") || bytes[i] == UInt8(ascii: "["))
    }
  }

  /// Reads bytes.
  package static func read(
    _ source: InputBytes,
    options: JSONOptions = JSONOptions()
  ) throws(FormatError) -> JSONResult {
    // With a delimiter given the text stays as it is.
    var textOptions = CSVOptions()
    textOptions.delimiter = UInt8(ascii: ",")
    textOptions.progress = options.progress
    let text = try CSVText(source, options: textOptions)
    return try text.input.withSpan { bytes throws(FormatError) in
      if let offset = firstInvalid(text.input, bytes) {
        var counter = LineCounter()
        throw .invalidUTF8(
          byte: bytes[offset],
          line: counter.line(bytes, at: offset),
          column: counter.column(bytes, at: offset),
          text: Excerpt.around(bytes, offset)
        )
      }
      var run = JSONRun(options: options, text: text)
      return try run.read(bytes)
    }
  }

  /// The bytes that are checked before their memory is given up again.
  private static let stepByteCount = 8 << 20

  /// The first byte that is not UTF-8; nil where all are.
  private static func firstInvalid(_ input: InputBytes, _ bytes: Span<UInt8>) -> Int? {
    var start = 0
    while start < bytes.count {
      var end = min(bytes.count, start + stepByteCount)
      // Not in the middle of a character, which has at most four bytes.
      for _ in 0..<3 where end < bytes.count && bytes[end] & 0xC0 == 0x80 { end -= 1 }
      if let offset = UTF8Check.firstInvalid(bytes, start..<end) { return offset }
      input.discardPages(start..<end)
      start = end
    }
    return nil
  }
}
