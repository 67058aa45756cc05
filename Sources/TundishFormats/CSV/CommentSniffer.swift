/// Finds out whether lines that begin with `#` are comments.
///
/// A `#` may as well begin a name or a value, so the lines behind it are compared with the others.
struct CommentSniffer {
  private static let mark = UInt8(ascii: "#")
  private static let delimiters = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")]
  private static let quote = UInt8(ascii: "\"")

  /// One line: whether it begins with `#`, and how often it has each delimiter outside quotes.
  private struct Line {
    var isMarked = false
    var counts = [Int](repeating: 0, count: CommentSniffer.delimiters.count)
    /// The same in front of the first `#` outside quotes; nil where there is none.
    var countsInFront: [Int]?
    /// Whether spaces stand around that `#`, as around one that begins a comment.
    var isSpaced = false
  }

  private var lines: [Line] = []

  /// The most lines that are looked at.
  private static let maximumLineCount = 400

  /// Looks at the lines of a sample; a newline inside quotes ends none.
  init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var line = Line()
    var isLineStart = true
    var isQuoted = false
    for i in range {
      let byte = bytes[i]
      if !isQuoted, byte == 0x0A || byte == 0x0D {
        if !isLineStart { lines.append(line) }
        if lines.count == Self.maximumLineCount { return }
        line = Line()
        isLineStart = true
        continue
      }
      if isLineStart { line.isMarked = byte == Self.mark }
      isLineStart = false
      // An apostrophe or inch sign in a comment opens nothing.
      if byte == Self.quote, !line.isMarked { isQuoted.toggle() }
      guard !isQuoted else { continue }
      if byte == Self.mark, line.countsInFront == nil {
        line.countsInFront = line.counts
        line.isSpaced =
          i > range.lowerBound && bytes[i - 1] == 0x20 && i + 1 < range.upperBound
          && bytes[i + 1] == 0x20
      }
      for (k, delimiter) in Self.delimiters.enumerated() where byte == delimiter {
        line.counts[k] += 1
      }
    }
    if !isLineStart, !isQuoted { lines.append(line) }
  }

  /// The byte that begins comments; nil where there are none.
  var comment: UInt8? {
    guard let first = lines.first, lines.contains(where: { !$0.isMarked }) else { return nil }
    return (first.isMarked ? isTitle : areBetweenRows) ? Self.mark : nil
  }

  /// Whether `#` begins comments behind rows too: only without what follows it have all rows the same
  /// number of some delimiter, or it stands between spaces behind the last field of several rows.
  ///
  /// That is looked for where the text begins with a comment, as a `#` in a value is common.
  var cutsRows: Bool {
    guard let first = lines.first, first.isMarked, comment != nil else { return false }
    let rows = lines.filter { !$0.isMarked }
    guard rows.count >= 2, rows.contains(where: { $0.countsInFront != nil }) else { return false }
    let cutRows = rows.filter { $0.countsInFront != nil }
    // Several ends of rows that look like comments, the header's perhaps among them.
    let areNotes = cutRows.count >= 2 && cutRows.allSatisfy(\.isSpaced)
    return Self.delimiters.indices.contains { k in
      let count = (rows[0].countsInFront ?? rows[0].counts)[k]
      return count > 0 && rows.allSatisfy { ($0.countsInFront ?? $0.counts)[k] == count }
        && (areNotes || rows.contains { $0.counts[k] != count })
    }
  }

  /// Whether the first line is no header: lines with `#` stand in front of others.
  ///
  /// Where it has the fields of the line below, it holds names, the first of which begins with `#`.
  private var isTitle: Bool {
    guard lines.count > 1, !lines[1].isMarked else { return true }
    return lines[0].counts != lines[1].counts || lines[0].counts.allSatisfy { $0 == 0 }
  }

  /// Whether all other lines have the same number of some delimiter, and no line with `#` has it.
  private var areBetweenRows: Bool {
    let marked = lines.filter(\.isMarked)
    let rows = lines.filter { !$0.isMarked }
    guard !marked.isEmpty else { return false }
    return Self.delimiters.indices.contains { k in
      let count = rows[0].counts[k]
      return count > 0 && rows.allSatisfy { $0.counts[k] == count }
        && marked.allSatisfy { $0.counts[k] != count }
    }
  }
}
