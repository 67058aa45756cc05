/// Finds out how a file of delimited text is written.
///
/// Every combination of delimiter and quoting that occurs is tried on a sample. A combination is good
/// where many rows have the same number of fields, and where the fields look like values (after van
/// den Burg, Nazábal and Sutton, *Wrangling messy CSV files by detecting row and type patterns*, 2019).
struct DialectSniffer {
  /// The best dialect.
  private(set) var dialect: CSVDialect
  /// The number of fields of most rows.
  private(set) var columnCount = 1
  /// How many rows of the sample have so many fields, of how many.
  private(set) var rowShare = (matching: 0, total: 0)
  /// Whether every row of the sample with so many fields has at least two that are not empty.
  private(set) var hasFullRows = false

  /// The bytes looked at first; more where no row ends in them.
  private static let sampleByteCount = 64 << 10
  private static let maximumSampleByteCount = 16 << 20
  private static let sampleRowCount = 400
  private static let delimiters: [UInt8] = [
    UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|"), UInt8(ascii: ":"),
    UInt8(ascii: "^"), UInt8(ascii: "~"), 0x01, 0x1F, 0x20,
  ]

  /// Looks at the text behind a byte order mark.
  init(_ bytes: Span<UInt8>, start: Int, options: CSVOptions) {
    var sampleEnd = min(bytes.count, start + Self.sampleByteCount)
    let lineEnding = options.lineEnding ?? Self.lineEnding(bytes, start..<sampleEnd)
    var base = CSVDialect(comment: nil, lineEnding: lineEnding)
    base.comment =
      if let comment = options.comment { comment } else { Self.comment(bytes, start..<sampleEnd) }
    dialect = base
    // What is passed over has no say in how the rest is written.
    let skipped = options.skippedLineCount ?? 0
    let start = CSVPlan.offset(ofLine: skipped, bytes, start, base)
    sampleEnd = min(bytes.count, start + Self.sampleByteCount)
    while true {
      let sample = bytes.extracting(start..<sampleEnd)
      var best: Candidate?
      for candidate in Self.dialects(sample, base: base, options: options) {
        let score = Candidate(
          sample,
          candidate,
          isWhole: sampleEnd == bytes.count,
          isDelimiterGiven: options.delimiter != nil,
          isHeaderGiven: options.hasHeader == true
        )
        if let known = best, known.score >= score.score { continue }
        best = score
      }
      if let best {
        dialect = best.dialect
        columnCount = best.columnCount
        rowShare = (best.matchingRowCount, best.rowCount)
        hasFullRows = best.hasFullRows
        dialect.skippedLineCount = best.preambleLineCount
        if best.rowCount >= 2 || sampleEnd == bytes.count { break }
      }
      guard sampleEnd < bytes.count, sampleEnd - start < Self.maximumSampleByteCount else { break }
      sampleEnd = min(bytes.count, start + (sampleEnd - start) * 16)
    }
    if let skip = options.skippedLineCount { dialect.skippedLineCount = skip }
  }

  private static func lineEnding(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>
  ) -> CSVDialect.LineEnding {
    var lone = 0
    var feeds = 0
    for i in range {
      if bytes[i] == 0x0A {
        feeds += 1
      } else if bytes[i] == 0x0D, i + 1 < bytes.count, bytes[i + 1] != 0x0A {
        lone += 1
      }
    }
    if lone == 0 { return .lineFeed }
    if feeds == 0 { return .carriageReturn }
    // A few CR among many LF are part of values.
    return lone * 4 >= feeds ? .mixed : .lineFeed
  }

  /// The byte that begins comments; a `#` alone in a cell is the header of a column of numbers.
  private static func comment(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt8? {
    // Most files have no such line, which is seen at once.
    let isMarked = range.contains { i in
      bytes[i] == UInt8(ascii: "#")
        && (i == range.lowerBound || bytes[i - 1] == 0x0A || bytes[i - 1] == 0x0D)
    }
    guard isMarked else { return nil }
    let second = range.lowerBound + 1
    if second < range.upperBound, bytes[range.lowerBound] == UInt8(ascii: "#"),
      delimiters.contains(bytes[second]), bytes[second] != 0x20
    {
      return nil
    }
    return CommentSniffer(bytes, range).comment
  }

  private static func dialects(
    _ sample: Span<UInt8>,
    base: CSVDialect,
    options: CSVOptions
  ) -> [CSVDialect] {
    var present = [Bool](repeating: false, count: 256)
    for i in sample.indices { present[Int(sample[i])] = true }
    var delimiters =
      options.delimiter.map { [$0] } ?? Self.delimiters.filter { present[Int($0)] }
    // Words with spaces between them may be one column, and so may times.
    let mayBeText: [UInt8] = [0x20, UInt8(ascii: ":")]
    if options.delimiter == nil, delimiters.allSatisfy({ mayBeText.contains($0) }) {
      delimiters.append(UInt8(ascii: ","))
    }
    let doubleQuote = UInt8(ascii: "\"")
    let singleQuote = UInt8(ascii: "'")
    var quotings: [(quote: UInt8?, escape: UInt8?)] = []
    if let quote = options.quote {
      quotings = [(quote, nil)]
    } else {
      quotings.append((doubleQuote, nil))
      if present[Int(singleQuote)] { quotings.append((singleQuote, nil)) }
    }
    if let escape = options.escape {
      quotings = quotings.map { ($0.quote, escape) }
    } else if present[Int(UInt8(ascii: "\\"))] {
      quotings += quotings.filter { $0.quote != nil && present[Int($0.quote ?? 0)] }
        .map { ($0.quote, UInt8(ascii: "\\")) }
    }
    var dialects: [CSVDialect] = []
    for delimiter in delimiters.isEmpty ? [UInt8(ascii: ",")] : delimiters {
      for (quote, escape) in quotings where quote != delimiter {
        var dialect = base
        dialect.delimiter = delimiter
        dialect.quote = quote
        dialect.escape = escape == quote ? nil : escape
        dialects.append(dialect)
      }
    }
    return dialects
  }
}

extension DialectSniffer {
  /// How well a dialect fits a sample.
  private struct Candidate {
    let dialect: CSVDialect
    var columnCount = 1
    var rowCount = 0
    var matchingRowCount = 0
    var preambleLineCount = 0
    var hasFullRows = false
    var score = 0.0

    init(
      _ sample: Span<UInt8>,
      _ dialect: CSVDialect,
      isWhole: Bool,
      isDelimiterGiven: Bool,
      isHeaderGiven: Bool
    ) {
      self.dialect = dialect
      var rows = SampleRows(
        sample,
        dialect,
        rowLimit: DialectSniffer.sampleRowCount,
        isWhole: isWhole
      )
      if !isWhole { rows.dropLast() }
      rowCount = rows.counts.count
      guard rowCount > 0 else { return }
      chooseColumnCount(rows, isHeaderGiven: isHeaderGiven)
      // Lines in front of the table and behind it may be sparse.
      var body = zip(rows.counts, rows.textCounts).suffix(rowCount).filter { $0.0 == columnCount }
      while let last = body.last, last.1 < 2 { body.removeLast() }
      let sparseCount = body.count { $0.1 < 2 }
      hasFullRows = body.count >= 2 && sparseCount * 20 <= body.count && (body.first?.1 ?? 0) >= 2
      score = patternScore(rows) * rows.typeScore(columnCount: columnCount)
      // Trouble with quotes outweighs a nicer pattern.
      if rows.problemCount > 0 { score *= 0.3 / Double(1 + rows.problemCount) }
      // An apostrophe that encloses nothing is no quote.
      if dialect.quote == UInt8(ascii: "'"), rows.quotedFieldCount == 0 { score *= 0.05 }
      // One that is escaped inside, or that encloses most texts, is.
      if rows.problemCount == 0,
        rows.escapedQuoteCount > 0
          || rows.quotedFieldCount * 2 > rows.textCounts.reduce(0, +)
      {
        score *= 1.25
      }
      // Spaces separate words; only quotes around fields make them delimiters, around most of them
      // or wherever there are spaces inside.
      if dialect.delimiter == 0x20, !isDelimiterGiven {
        let isRegular =
          columnCount >= 3 && rows.quotedFieldCount > 0 && matchingRowCount * 20 >= rowCount * 19
        if !isRegular, rows.quotedFieldCount * 2 < rowCount * columnCount { score = 0 }
        // A line without spaces in front of the rows is their header, in another dialect.
        if preambleLineCount > 0 { score = 0 }
        // Nor do spaces separate where something else stands in front of a quote that opens.
        if let quote = dialect.quote, Self.opensBehindText(sample, quote) { score = 0 }
      }
      // A column of times is no row of numbers, and an address is no pair.
      if dialect.delimiter == UInt8(ascii: ":"), !isDelimiterGiven, Self.hasTimes(sample) {
        score = 0
      }
      // Quotes that are used speak for a quoting.
      if rows.quotedFieldCount > 0 { score *= 1.05 }
      score *= Self.prior(dialect)
    }

    /// Whether a quote stands behind a mark that is no space, and in front of a letter or digit.
    private static func opensBehindText(_ sample: Span<UInt8>, _ quote: UInt8) -> Bool {
      let marks = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), 0x09]
      for i in sample.indices where sample[i] == quote && i > 0 && i + 1 < sample.count {
        let isText =
          sample[i + 1] | 0x20 >= UInt8(ascii: "a") || NumberReading.isDigit(sample[i + 1])
        if isText, marks.contains(sample[i - 1]) { return true }
      }
      return false
    }

    /// Whether nearly all colons stand in times of day, behind a digit and in front of two, or in
    /// addresses, in front of two slashes.
    private static func hasTimes(_ sample: Span<UInt8>) -> Bool {
      func isSlash(_ i: Int) -> Bool { i < sample.count && sample[i] == UInt8(ascii: "/") }
      func isDigit(_ i: Int) -> Bool {
        i >= 0 && i < sample.count && NumberReading.isDigit(sample[i])
      }
      var colonCount = 0
      var timeCount = 0
      for i in sample.indices where sample[i] == UInt8(ascii: ":") {
        colonCount += 1
        if isDigit(i - 1), isDigit(i + 1), isDigit(i + 2) { timeCount += 1 }
        if isSlash(i + 1), isSlash(i + 2) { timeCount += 1 }
      }
      return colonCount > 0 && timeCount * 10 >= colonCount * 9
    }

    /// Usual delimiters win where two dialects fit alike.
    private static func prior(_ dialect: CSVDialect) -> Double {
      let delimiter: Double =
        switch dialect.delimiter {
        case UInt8(ascii: ","), 0x09: 1
        case UInt8(ascii: ";"), UInt8(ascii: "|"): 0.99
        case UInt8(ascii: ":"): 0.5
        default: 0.8
        }
      let quote: Double =
        switch dialect.quote {
        case UInt8(ascii: "\""): 1
        case nil: 0.95
        default: 0.9
        }
      return delimiter * quote * (dialect.escape == nil ? 1 : 0.98)
    }

    /// The most frequent number of fields, and how many rows in front have fewer.
    private mutating func chooseColumnCount(_ rows: SampleRows, isHeaderGiven: Bool) {
      var frequencies: [Int: Int] = [:]
      for count in rows.counts { frequencies[count, default: 0] += 1 }
      let first = rows.counts[0]
      // Of equally frequent numbers that of the first row wins.
      let most = frequencies.max {
        ($0.value, $0.key == first ? 1 : 0, $0.key) < ($1.value, $1.key == first ? 1 : 0, $1.key)
      }
      columnCount = most?.key ?? 1
      matchingRowCount = most?.value ?? 0
      // A header that lacks a name, above a single row.
      if rows.counts.count == 2, rows.isShortHeader(0) {
        columnCount = rows.counts[1]
        matchingRowCount = 1
      }
      guard columnCount > 1 else { return }
      // Title lines in front of the table have one or two texts where the rows behind have many.
      var titleCount = 0
      while titleCount < rows.counts.count,
        rows.counts[titleCount] < columnCount && rows.textCounts[titleCount] <= 2
          || columnCount >= 3 && rows.textCounts[titleCount] <= 1
      {
        titleCount += 1
      }
      // The last of them is the header where it lacks one name only, or where there is said to be
      // one and it has none.
      if titleCount > 0 {
        let last = titleCount - 1
        let isUnnamed =
          isHeaderGiven && rows.counts[last] == columnCount && rows.textCounts[last] == 0
        if isUnnamed || rows.isShortHeader(last) { titleCount = last }
      }
      // Notes behind the table are as short.
      var noteCount = 0
      while noteCount < 20, rows.counts.count - titleCount - noteCount > 2,
        rows.counts[rows.counts.count - 1 - noteCount] == 1
      {
        noteCount += 1
      }
      let shortCount = rows.isShortHeader(titleCount) ? 1 : 0
      let rest = rows.counts.count - titleCount - noteCount - shortCount
      guard titleCount > 0, rest >= 2, matchingRowCount * 10 >= rest * 9,
        rows.textCounts[titleCount] * 2 > columnCount || shortCount > 0
      else { return }
      // Without a full row below, sparse rows are rows.
      if rows.counts[0] == columnCount, rows.textCounts[titleCount] < columnCount { return }
      preambleLineCount = rows.lines[titleCount]
      rowCount -= titleCount
    }

    /// Few patterns of rows with many fields each are good.
    private func patternScore(_ rows: SampleRows) -> Double {
      var frequencies: [Int: Int] = [:]
      for count in rows.counts.suffix(rowCount) { frequencies[count, default: 0] += 1 }
      var sum = 0.0
      for (length, frequency) in frequencies {
        sum += Double(frequency) * max(0.001, Double(length - 1) / Double(length))
      }
      return sum / Double(frequencies.count) / Double(rowCount)
    }
  }
}
