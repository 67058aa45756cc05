internal import TundishColumns

/// Reads delimited text into a table.
///
/// Dialect and types are found out from a sample and hold for every row: a later value that does not
/// fit makes its column wider, exactly and with a note, and only that column is read again.
package enum CSVReader {
  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The path of the file; it may be compressed by gzip.
  ///   - options: What the user says about the file.
  ///   - columns: The names of the columns to read, in the order wanted; nil reads all.
  /// - Returns: The table and what was found out.
  /// - Throws: `FormatError` with line and column.
  package static func read(
    path: String,
    options: CSVOptions = CSVOptions(),
    columns: [String]? = nil
  ) throws(FormatError) -> CSVResult {
    try read(try InputBytes(path: path), options: options, columns: columns)
  }

  /// Reads bytes.
  package static func read(
    _ input: InputBytes,
    options: CSVOptions = CSVOptions(),
    columns: [String]? = nil
  ) throws(FormatError) -> CSVResult {
    let file = try CSVFile(input, options: options)
    return try file.read(columns: try file.positions(columns))
  }

  /// Files up to this size are read to the end to find out how they would be read.
  private static let sniffedByteCount = 256 << 20

  /// Finds out how a file would be read.
  ///
  /// A file that is not huge is read to its end: a late value may need another type than the first
  /// rows show. What keeps its rows from being read is left for the read to tell.
  package static func sniff(
    _ input: InputBytes,
    options: CSVOptions = CSVOptions()
  ) throws(FormatError) -> CSVReport {
    let file = try CSVFile(input, options: options)
    guard input.count <= sniffedByteCount,
      let result = try? file.read(columns: try file.positions(nil))
    else { return file.report }
    return result.report
  }
}

extension CSVPlan {
  /// Returns what was found out.
  func report(_ text: CSVText) -> CSVReport {
    CSVReport(
      dialect: dialect,
      separator: text.separator,
      encoding: text.encoding,
      rowShare: rowShare,
      columns: columns.map { column in
        CSVReport.Column(
          name: column.name,
          type: column.type,
          unit: column.decision.unit,
          evidence: column.decision.evidence
            + (column.readsQuotedEmptyAsNull && column.decision.reading == .text
              ? "; quotes around nothing are NULL" : ""),
          warning: column.decision.warning,
          dateFormat: column.decision.reading.dateFormat,
          decimalMark: column.decision.reading.decimalMark
        )
      },
      notes: text.notes + notes + [titleNote].compactMap { $0 },
      rowNotes: text.notes + notes + [titleNote].compactMap { $0 },
      headerEvidence: headerEvidence
    )
  }
}

extension ColumnReading {
  /// The form of dates whose order was decided.
  var dateFormat: String? {
    switch self {
    case .date(.dayFirst), .timestamp(.dayFirst), .timestampTZ(.dayFirst): "d/m/yyyy"
    case .text, .boolean, .oneOrEmpty, .integer, .decimal, .double, .number, .compactDate, .time,
      .duration, .formatted, .date, .timestamp, .timestampTZ:
      nil
    }
  }
}

extension ColumnReading {
  /// The decimal mark of numbers, where it had to be decided.
  var decimalMark: UInt8? {
    switch self {
    case .number(_, _, let mark): mark
    case .text, .boolean, .oneOrEmpty, .integer, .decimal, .double, .compactDate, .time,
      .duration, .formatted, .date, .timestamp, .timestampTZ:
      nil
    }
  }
}

/// The text of an input as UTF-8.
struct CSVText {
  /// The text; the input itself where that is UTF-8 already.
  let input: InputBytes
  /// The first byte behind a byte order mark.
  let start: Int
  /// The encoding of the input.
  let encoding: TextEncoding
  /// What separated fields before the text was rewritten; nil where it is one byte.
  let separator: Separator?
  /// What the first line says to be the delimiter, as Excel writes it: `sep=;`.
  private let declaredDelimiter: UInt8?
  /// The byte that begins comments behind rows, which were taken out, where the user did not name it.
  private let comment: UInt8?

  init(_ source: InputBytes, options: CSVOptions) throws(FormatError) {
    let input = try Decompression.decompressed(source, progress: options.progress)
    guard input.count > 0 else { throw .emptyFile }
    let (encoding, text) = try input.withSpan { bytes throws(FormatError) in
      try FileKind.check(bytes)
      let encoding =
        if let name = options.encoding {
          try TextEncoding.named(name, bytes)
        } else {
          TextEncoding.detected(bytes, isSample: true)
        }
      return (encoding, try encoding.transcoded(bytes))
    }
    self.encoding = encoding
    let whole = text.map { InputBytes($0) } ?? input
    let textStart = whole.withSpan { bytes in
      bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    }
    guard whole.count > textStart else { throw .emptyFile }
    let found = options.comment == nil ? Self.commentBehindRows(whole, start: textStart) : nil
    comment = found
    let uncommented = Self.withoutComments(
      whole,
      start: textStart,
      options,
      comment: found ?? options.comment ?? nil
    )
    let plain = uncommented ?? whole
    var start = uncommented == nil ? textStart : 0
    let declared = plain.withSpan { Self.declaredDelimiter($0, start: start, options) }
    // The line is no row where the delimiter is given, either.
    declaredDelimiter = options.delimiter == nil ? declared?.delimiter : nil
    if let declared { start = declared.end }
    let separator = plain.withSpan { bytes in
      options.separator
        ?? (options.delimiter == nil && declared == nil
          ? Separator.detected(bytes, start: start) : nil)
    }
    self.separator = separator
    guard let separator else {
      self.input = plain
      self.start = start
      return
    }
    let quote = options.quote ?? UInt8(ascii: "\"")
    let rewriting = SeparatorRewriting(separator: separator, quote: quote)
    self.input = InputBytes(plain.withSpan { rewriting.rewritten($0, start: start) })
    self.start = 0
  }

  /// The delimiter that a first line `sep=;` names, and where the next line begins.
  private static func declaredDelimiter(
    _ bytes: Span<UInt8>,
    start: Int,
    _ options: CSVOptions
  ) -> (delimiter: UInt8, end: Int)? {
    guard options.separator == nil, options.skippedLineCount == nil,
      bytes.count > start + 6
    else { return nil }
    var i = start
    let isQuoted = bytes[i] == UInt8(ascii: "\"")
    if isQuoted { i += 1 }
    for letter in "sep=".utf8 {
      guard bytes[i] | 0x20 == letter | 0x20 else { return nil }
      i += 1
    }
    let delimiter = bytes[i]
    i += 1
    if isQuoted, i < bytes.count, bytes[i] == UInt8(ascii: "\"") { i += 1 }
    if i < bytes.count, bytes[i] == 0x0D { i += 1 }
    guard i < bytes.count, bytes[i] == 0x0A, delimiter > 0x20 || delimiter == 0x09,
      delimiter < 0x80
    else { return nil }
    return (delimiter, i + 1)
  }

  /// The bytes that show whether there are comments behind rows.
  private static let commentSampleByteCount = 64 << 10

  /// What begins comments behind rows of a text that begins with a comment; nil where there are none.
  private static func commentBehindRows(_ input: InputBytes, start: Int) -> UInt8? {
    let mark = UInt8(ascii: "#")
    return input.withSpan { bytes in
      guard bytes[start] == mark else { return nil }
      let sample = start..<min(bytes.count, start + commentSampleByteCount)
      return CommentSniffer(bytes, sample).cutsRows ? mark : nil
    }
  }

  /// The text without comments behind rows, where it is known what begins comments; nil where there are
  /// none.
  private static func withoutComments(
    _ input: InputBytes,
    start: Int,
    _ options: CSVOptions,
    comment: UInt8?
  ) -> InputBytes? {
    guard let comment else { return nil }
    let removal = CommentRemoval(
      comment: comment,
      quote: options.quote ?? UInt8(ascii: "\""),
      delimiter: options.delimiter
    )
    return input.withSpan { removal.removed($0, start: start) }.map { InputBytes($0) }
  }

  /// What the user must know about the text as a whole.
  var notes: [String] {
    guard let comment else { return [] }
    let mark = String(UnicodeScalar(comment))
    return ["what follows '\(mark)' was taken for comments, behind rows too; COMMENT '' reads it"]
  }

  /// The options for the text as it stands here.
  func options(_ given: CSVOptions) -> CSVOptions {
    var options = given
    if let comment { options.comment = .some(comment) }
    if let declaredDelimiter { options.delimiter = declaredDelimiter }
    guard let separator else { return options }
    options.delimiter = SeparatorRewriting.byte
    if case .text = separator { return options }
    options.quote = .some(nil)
    return options
  }
}
