/// Finds lines behind the last row that do not belong to the table: notes, sources, totals.
///
/// Such a line has one text where every row of the sample has several. A line with an odd number of
/// quotes may be the end of a row, so that the search never begins inside of quotes.
struct FooterDetector {
  /// Where the table ends.
  private(set) var end: Int
  /// The lines behind it that are not blank, first to last.
  private(set) var lines: [Range<Int>] = []

  /// More lines at the end than this are rows.
  private static let maximumLineCount = 20
  private static let maximumByteCount = 4_096

  /// Looks behind the rows; for notes only where every row of the sample has several texts.
  init(
    _ bytes: Span<UInt8>,
    from start: Int,
    dialect: CSVDialect,
    columnCount: Int,
    findsNotes: Bool
  ) {
    end = bytes.count
    if findsNotes { findNotes(bytes, from: start, dialect: dialect, columnCount: columnCount) }
    let totals = TotalsDetector(bytes, start..<end, dialect: dialect, columnCount: columnCount)
    if let first = totals.lines.first {
      end = first.lowerBound
      lines = totals.lines + lines
    }
  }

  private mutating func findNotes(
    _ bytes: Span<UInt8>,
    from start: Int,
    dialect: CSVDialect,
    columnCount: Int
  ) {
    // With two columns, a line of one text may as well be a row that lost a field.
    guard columnCount >= 3 else { return }
    func isNewline(_ byte: UInt8) -> Bool {
      byte == 0x0A && dialect.lineEnding != .carriageReturn
        || byte == 0x0D && dialect.lineEnding != .lineFeed
    }
    var lineEnd = bytes.count
    var candidate = bytes.count
    var found: [Range<Int>] = []
    while lineEnd > start, found.count <= Self.maximumLineCount {
      var textEnd = lineEnd
      if textEnd > start, isNewline(bytes[textEnd - 1]) { textEnd -= 1 }
      if textEnd > start, bytes[textEnd - 1] == 0x0D { textEnd -= 1 }
      var lineStart = textEnd
      while lineStart > start, !isNewline(bytes[lineStart - 1]),
        textEnd - lineStart <= Self.maximumByteCount
      {
        lineStart -= 1
      }
      let line = lineStart..<textEnd
      guard line.count <= Self.maximumByteCount,
        Self.isNote(bytes, line, dialect, columnCount: columnCount)
      else {
        break
      }
      if !line.isEmpty, bytes[lineStart] > 0x20 || line.count > 1 {
        found.append(line)
        candidate = lineStart
      }
      lineEnd = lineStart
    }
    if !found.isEmpty, found.count <= Self.maximumLineCount, candidate > start {
      end = candidate
      lines = found.reversed()
    }
  }

  /// Whether a line is blank or has one text: alone, or in front of empty fields.
  private static func isNote(
    _ bytes: Span<UInt8>,
    _ line: Range<Int>,
    _ dialect: CSVDialect,
    columnCount: Int
  ) -> Bool {
    var delimiters = 0
    var texts = 0
    var quotes = 0
    var isInText = false
    var isFirst = false
    var hasLetter = false
    for i in line {
      let byte = bytes[i]
      if byte == dialect.quote { quotes += 1 }
      if byte >= 0x80 || (byte | 0x20) &- UInt8(ascii: "a") < 26 { hasLetter = true }
      if byte == dialect.delimiter, quotes % 2 == 0 {
        delimiters += 1
        isInText = false
      } else if byte > 0x20, byte != dialect.quote, !isInText {
        isInText = true
        texts += 1
        if delimiters == 0 { isFirst = true }
      }
    }
    guard quotes % 2 == 0 else { return false }
    // A row of empty fields is a row.
    if texts == 0 { return quotes == 0 && delimiters < columnCount - 1 }
    guard texts == 1, isFirst else { return false }
    // A number alone is what is left of a row that was cut off.
    return hasLetter && delimiters < columnCount
  }
}
