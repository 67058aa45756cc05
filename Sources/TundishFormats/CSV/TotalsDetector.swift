/// Finds rows of totals at the end of a table, as reports have them: added to the rows above, they would
/// count everything twice.
///
/// Such a row begins with a word for it and says nothing in most of its other fields, unlike the row
/// above. A row of empty fields in front of it belongs to it.
struct TotalsDetector {
  /// The lines, first to last; a blank one in front of the totals among them.
  private(set) var lines: [Range<Int>] = []

  private static let maximumByteCount = 4_096
  private static let maximumLineCount = 3

  private static let words: Set<String> = [
    "total", "totals", "grand total", "sum", "subtotal", "summe", "gesamt", "gesamtsumme",
    "gesamtergebnis", "totaal", "eindtotaal", "totale", "total general", "total geral",
    "total général", "somme", "suma", "razem", "suma końcowa", "celkem", "összesen", "summa",
    "i alt", "sum total", "toplam", "genel toplam", "итого", "всего", "合計", "总计", "합계",
  ]

  init(_ bytes: Span<UInt8>, _ table: Range<Int>, dialect: CSVDialect, columnCount: Int) {
    guard columnCount >= 3, dialect.lineEnding != .carriageReturn else { return }
    var end = table.upperBound
    var found: [Range<Int>] = []
    while found.count < Self.maximumLineCount,
      let line = Self.lastLine(bytes, table.lowerBound..<end)
    {
      guard
        let fields = Self.fields(bytes, line, dialect, columnCount: columnCount),
        let first = fields.first(where: { !$0.isEmpty })
      else { break }
      let filled = fields.count { !$0.isEmpty }
      guard Self.words.contains(Self.word(first)), (filled - 1) * 2 <= columnCount - 1,
        fields.contains(where: { $0.utf8.contains(where: NumberReading.isDigit) })
      else { break }
      found.append(line)
      end = line.lowerBound
    }
    guard !found.isEmpty else { return }
    if let line = Self.lastLine(bytes, table.lowerBound..<end),
      let fields = Self.fields(bytes, line, dialect, columnCount: columnCount),
      fields.allSatisfy(\.isEmpty)
    {
      found.append(line)
      end = line.lowerBound
    }
    // What is left must be rows that say more than the totals do.
    guard let above = Self.lastLine(bytes, table.lowerBound..<end),
      let fields = Self.fields(bytes, above, dialect, columnCount: columnCount),
      fields.count(where: { !$0.isEmpty }) * 2 > columnCount
    else { return }
    lines = found.reversed()
  }

  private static func word(_ text: String) -> String {
    var word = Substring(text.lowercased())
    while let last = word.last, last == ":" || last == "." || last == " " { word.removeLast() }
    return String(word)
  }

  /// The last line in a range that is not blank, without what ends it.
  private static func lastLine(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    var end = range.upperBound
    while end > range.lowerBound, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    var start = end
    while start > range.lowerBound, bytes[start - 1] != 0x0A { start -= 1 }
    return start < end && end - start <= maximumByteCount ? start..<end : nil
  }

  /// The texts of the fields of a line; nil where it is no row of so many.
  private static func fields(
    _ bytes: Span<UInt8>,
    _ line: Range<Int>,
    _ dialect: CSVDialect,
    columnCount: Int
  ) -> [String]? {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for i in line {
      let byte = bytes[i]
      if byte == dialect.quote {
        isQuoted.toggle()
      } else if byte == dialect.delimiter, !isQuoted {
        fields.append(trimmed(field))
        field = []
      } else {
        field.append(byte)
      }
    }
    fields.append(trimmed(field))
    // A quote that is open here may hold the end of a value of several lines.
    return isQuoted || fields.count != columnCount ? nil : fields
  }

  private static func trimmed(_ field: [UInt8]) -> String {
    var text = field[...]
    while let first = text.first, first <= 0x20 { text.removeFirst() }
    while let last = text.last, last <= 0x20 { text.removeLast() }
    return String(decoding: text, as: UTF8.self)
  }
}
