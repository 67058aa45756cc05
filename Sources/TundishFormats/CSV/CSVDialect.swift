/// How a file of delimited text is written.
package struct CSVDialect: Sendable, Hashable {
  /// What ends a row.
  package enum LineEnding: String, Sendable, Hashable {
    /// LF, or CR LF
    case lineFeed = "\\n"
    /// CR alone
    case carriageReturn = "\\r"
    /// Both, in one file
    case mixed = "mixed"

    /// Whether a line ends with the byte at an offset; both bytes of CR LF end one line.
    func endsLine(_ bytes: Span<UInt8>, _ offset: Int) -> Bool {
      let byte = bytes[offset]
      switch self {
      case .lineFeed: return byte == 0x0A
      case .carriageReturn: return byte == 0x0D
      case .mixed:
        let isPair = byte == 0x0D && offset + 1 < bytes.count && bytes[offset + 1] == 0x0A
        return byte == 0x0A || byte == 0x0D && !isPair
      }
    }
  }

  /// The byte between fields.
  package var delimiter: UInt8
  /// The byte around fields that contain delimiters; nil where there is none.
  package var quote: UInt8?
  /// The byte that makes a quote inside quotes literal; nil where a quote is doubled.
  package var escape: UInt8?
  /// The byte that begins a line to pass over.
  package var comment: UInt8?
  /// What ends a row.
  package var lineEnding: LineEnding
  /// The lines in front of the header or the first row.
  package var skippedLineCount: Int
  /// Whether the first row holds names.
  package var hasHeader: Bool
  /// Whether runs of spaces separate fields; such a file is rewritten with tabs first.
  package var isSpaceAligned: Bool

  /// Creates a dialect.
  package init(
    delimiter: UInt8 = UInt8(ascii: ","),
    quote: UInt8? = UInt8(ascii: "\""),
    escape: UInt8? = nil,
    comment: UInt8? = nil,
    lineEnding: LineEnding = .lineFeed,
    skippedLineCount: Int = 0,
    hasHeader: Bool = true,
    isSpaceAligned: Bool = false
  ) {
    self.delimiter = delimiter
    self.quote = quote
    self.escape = escape == quote ? nil : escape
    self.comment = comment
    self.lineEnding = lineEnding
    self.skippedLineCount = skippedLineCount
    self.hasHeader = hasHeader
    self.isSpaceAligned = isSpaceAligned
  }
}
