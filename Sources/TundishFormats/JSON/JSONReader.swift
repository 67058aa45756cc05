package import TundishColumns

/// What the user says about a JSON file.
package struct JSONOptions: Sendable {
  /// Whether nested objects become columns `outer_inner`.
  package var flattens = false
  /// The member of the outermost object that holds the records; nil is found out.
  package var records: String?
  /// What to do with lines that are no JSON and with records that are no objects.
  package var errorPolicy = ErrorPolicy.tolerate
  /// The columns that are read as text, by folded name.
  package var textColumns: Set<String> = []
  /// How many threads may read; changes nothing but the time.
  package var threadCount = 1
  /// Told how far the reading is.
  package var progress: ReadingProgress?

  /// Creates options that leave everything to be found out.
  package init() {}

  /// Creates options from names and values as a statement gives them.
  package init(values: [String: String]) throws(FormatError) {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      switch name.lowercased() {
      case "flatten": flattens = ["true", "1", "on", "yes", ""].contains(value.lowercased())
      case "records": records = value
      case "on_error":
        guard let policy = ErrorPolicy(rawValue: value.lowercased()) else {
          throw .invalidOption(name, value, expected: "fail, skip or null")
        }
        errorPolicy = policy
      case "ignore_errors":
        if ["true", "1", "on", "yes", ""].contains(value.lowercased()) { errorPolicy = .skip }
      case "format", "auto_detect", "encoding", "compression", "locale": break
      default: throw .unknownJSONOption(name)
      }
    }
  }
}

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
    let text = try CSVText(source, options: textOptions)
    return try text.input.withSpan { bytes throws(FormatError) in
      if let offset = UTF8Check.firstInvalid(bytes, 0..<bytes.count) {
        var counter = LineCounter()
        throw .invalidUTF8(
          byte: bytes[offset],
          line: counter.line(bytes, at: offset),
          column: counter.column(bytes, at: offset)
        )
      }
      var run = JSONRun(options: options, text: text)
      return try run.read(bytes)
    }
  }
}
