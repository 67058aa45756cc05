/// The rows of a sample under one dialect: numbers of fields, and what the fields look like.
struct SampleRows {
  /// The number of fields of each row, empty ones at the end left out where others have fewer.
  private(set) var counts: [Int] = []
  /// The number of fields of each row that are not empty.
  private(set) var textCounts: [Int] = []
  /// The number of fields of each row that begin as numbers do.
  private(set) var numberCounts: [Int] = []
  /// The number of lines in front of each row.
  private(set) var lines: [Int] = []
  /// Quotes that are not closed, or have text behind them.
  private(set) var problemCount = 0
  /// The fields in quotes.
  private(set) var quotedFieldCount = 0
  /// The quotes that are escaped inside of quotes.
  private(set) var escapedQuoteCount = 0
  private var knownCellCount = 0
  private var cellCount = 0

  init(_ bytes: Span<UInt8>, _ dialect: CSVDialect, rowLimit: Int, isWhole: Bool) {
    var i = 0
    var line = 0
    let ending = dialect.lineEnding
    var unclosedCount = 0
    var problemsOfFirst = 0
    var fieldCounts: [Int] = []
    var lastTexts: [Int] = []
    while i < bytes.count, fieldCounts.count < rowLimit {
      if bytes[i] == dialect.comment || bytes[i] == 0x0A || bytes[i] == 0x0D {
        while i < bytes.count, !ending.endsLine(bytes, i) { i += 1 }
        i += 1
        line += 1
        continue
      }
      let rowStart = i
      let firstLine = line
      var fieldCount = 0
      var lastText = 0
      var textCount = 0
      var numberCount = 0
      var isRowEnd = false
      while !isRowEnd {
        let start = i
        i = Self.endOfField(
          bytes,
          start,
          dialect,
          &problemCount,
          &unclosedCount,
          &quotedFieldCount,
          &escapedQuoteCount
        )
        for offset in start..<i where ending.endsLine(bytes, offset) { line += 1 }
        fieldCount += 1
        if i > start, bytes[start] > 0x20 || i > start + 1 {
          lastText = fieldCount
          textCount += 1
        }
        if i > start, Self.beginsAsNumber(bytes, start..<i) { numberCount += 1 }
        cellCount += 1
        if CellLook.isKnown(bytes, start..<i, dialect) { knownCellCount += 1 }
        isRowEnd = i >= bytes.count || bytes[i] != dialect.delimiter
        i += 1
      }
      line += 1
      if dialect.lineEnding == .mixed, i < bytes.count, i > rowStart, bytes[i - 1] == 0x0D,
        bytes[i] == 0x0A
      {
        i += 1
      }
      fieldCounts.append(fieldCount)
      lastTexts.append(lastText)
      if fieldCounts.count == 1 { problemsOfFirst = problemCount + unclosedCount }
      lines.append(firstLine)
      textCounts.append(textCount)
      numberCounts.append(numberCount)
    }
    // The end of a sample may cut a field; the end of a file does not.
    if isWhole { problemCount += unclosedCount }
    counts = Self.counts(fieldCounts, lastTexts, isFirstSound: problemsOfFirst == 0)
  }

  /// The numbers of fields without those that only a delimiter at the end of rows makes, as long as
  /// the first row of the table can be trusted to have all names.
  private static func counts(
    _ fieldCounts: [Int],
    _ lastTexts: [Int],
    isFirstSound: Bool
  ) -> [Int] {
    guard let first = fieldCounts.first, isFirstSound else { return fieldCounts }
    var frequencies: [Int: Int] = [:]
    for count in fieldCounts { frequencies[count, default: 0] += 1 }
    let most = frequencies.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? first
    // Lines in front of the table have few fields.
    let named = fieldCounts.first { $0 * 2 > most } ?? first
    return zip(fieldCounts, lastTexts).map { $0 > named ? max(named, $1) : $0 }
  }

  private static func beginsAsNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let signs = [UInt8(ascii: "-"), UInt8(ascii: "+"), 0x20]
    let first = range.first { !signs.contains(bytes[$0]) } ?? range.lowerBound
    return NumberReading.isDigit(bytes[first])
  }

  /// Whether a row is a header that lacks one name: words, and one more value in the row below.
  func isShortHeader(_ row: Int) -> Bool {
    let next = row + 1
    guard counts.indices.contains(next), counts[row] >= 2 else { return false }
    return counts[row] == counts[next] - 1 && textCounts[row] == counts[row]
      && numberCounts[row] == 0 && numberCounts[next] > 0
  }

  /// Leaves the last row out, which may be cut off.
  mutating func dropLast() {
    guard counts.count > 1 else { return }
    counts.removeLast()
    lines.removeLast()
    textCounts.removeLast()
    numberCounts.removeLast()
  }

  /// The share of fields that look like values, from 0 to 1.
  func typeScore(columnCount: Int) -> Double {
    max(0.001, Double(knownCellCount) / Double(max(1, cellCount)))
  }

  private static func endOfField(
    _ bytes: Span<UInt8>,
    _ start: Int,
    _ dialect: CSVDialect,
    _ problemCount: inout Int,
    _ unclosedCount: inout Int,
    _ quotedFieldCount: inout Int,
    _ escapedQuoteCount: inout Int
  ) -> Int {
    var i = start
    func isNewline(_ byte: UInt8) -> Bool {
      switch dialect.lineEnding {
      case .lineFeed: byte == 0x0A
      case .carriageReturn: byte == 0x0D
      case .mixed: byte == 0x0A || byte == 0x0D
      }
    }
    if let quote = dialect.quote, i < bytes.count, bytes[i] == quote {
      i += 1
      while i < bytes.count {
        if bytes[i] == dialect.escape {
          if i + 1 < bytes.count, bytes[i + 1] == quote { escapedQuoteCount += 1 }
          i += 2
          continue
        }
        if bytes[i] == quote {
          if dialect.escape == nil, i + 1 < bytes.count, bytes[i + 1] == quote {
            escapedQuoteCount += 1
            i += 2
            continue
          }
          break
        }
        i += 1
      }
      guard i < bytes.count else {
        unclosedCount += 1
        return bytes.count
      }
      i += 1
      quotedFieldCount += 1
      while i < bytes.count, bytes[i] == 0x20, bytes[i] != dialect.delimiter { i += 1 }
      if i < bytes.count, bytes[i] == 0x0D, !isNewline(0x0D) { i += 1 }
      if i < bytes.count, bytes[i] != dialect.delimiter, !isNewline(bytes[i]) { problemCount += 1 }
    }
    while i < bytes.count, bytes[i] != dialect.delimiter, !isNewline(bytes[i]) {
      i += bytes[i] == dialect.escape && i + 1 < bytes.count && !isNewline(bytes[i + 1]) ? 2 : 1
    }
    return min(i, bytes.count)
  }
}

/// Whether a field looks like a value: a number, a date, words, rather than a piece of a row.
enum CellLook {
  static func isKnown(_ bytes: Span<UInt8>, _ range: Range<Int>, _ dialect: CSVDialect) -> Bool {
    guard !range.isEmpty else { return true }
    if bytes[range.lowerBound] == dialect.quote { return true }
    var isPlain = true
    for i in range {
      switch bytes[i] {
      case UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|"), UInt8(ascii: "\""),
        UInt8(ascii: "^"), UInt8(ascii: "~"), UInt8(ascii: "{"), UInt8(ascii: "}"),
        UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "<"), UInt8(ascii: ">"):
        isPlain = false
      default: break
      }
    }
    if isPlain { return true }
    guard range.count <= TextCursor.capacity else { return false }
    return NumberReading.number(bytes, range, decimalMark: UInt8(ascii: ".")) != nil
      || NumberReading.number(bytes, range, decimalMark: UInt8(ascii: ",")) != nil
      || TemporalReading.moment(bytes, range) != nil
  }
}
