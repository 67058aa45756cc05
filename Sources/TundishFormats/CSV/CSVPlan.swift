internal import TundishColumns

/// How a file of delimited text will be read: its dialect, columns and types.
struct CSVPlan {
  /// One column of the file.
  struct Column {
    var name: String
    var decision: TypeDecision
    var type: DataType
    /// Whether the user gave the type.
    var isGiven = false
    /// What was seen in the sample.
    var evidence: TypeEvidence
    /// Whether quotes around nothing stand for NULL.
    var readsQuotedEmptyAsNull = false

    /// Takes a unit that the texts do not say.
    mutating func take(_ unit: Unit?) {
      if type.isNumeric, decision.unit == .none, let unit { decision.unit = unit }
    }
  }

  var dialect: CSVDialect
  var columns: [Column]
  /// Where the first row of values begins.
  var firstRowOffset: Int
  var rowShare: (matching: Int, total: Int)
  var headerEvidence: String
  var hints: LocaleHints
  let fields: FieldReader
  /// Where the table ends: at the end of the text, or in front of lines that are no rows.
  var end: Int
  /// What the user should know about the rows as a whole.
  var notes: [String] = []
  /// Tells about lines in front of the table; nil where there are none.
  var titleNote: String?
  /// Whether rows with too few fields are filled up with NULL.
  var padsShortRows: Bool
  /// The bytes of a row of the sample, newline included.
  var averageRowByteCount = 64.0
}

extension CSVPlan {
  /// Looks at a text from its first row on.
  ///
  /// - Parameters:
  ///   - input: The text, as UTF-8.
  ///   - start: The first byte behind a byte order mark.
  ///   - options: What the user says.
  /// - Throws: `FormatError` where there is no row, or options name columns that do not exist.
  init(_ input: InputBytes, start: Int, options: CSVOptions) throws(FormatError) {
    self = try input.withSpan { bytes throws(FormatError) in
      try Self.make(bytes, input: input, start: start, options: options)
    }
  }

  private static func make(
    _ bytes: Span<UInt8>,
    input: InputBytes,
    start: Int,
    options: CSVOptions
  ) throws(FormatError) -> CSVPlan {
    let sniffer = DialectSniffer(bytes, start: start, options: options)
    let whole = bytes
    var dialect = sniffer.dialect
    let dataStart = offset(ofLine: dialect.skippedLineCount, bytes, start, dialect)
    var fields = FieldReader(dialect: dialect, nullTexts: options.nullTexts)
    fields.allowsQuotedNulls = options.allowsQuotedNulls ?? false
    var scanner = RowScanner(
      dialect: dialect,
      columnCount: sniffer.columnCount,
      position: dataStart
    )
    scanner.repairsQuotes = options.errorPolicy != .fail
    guard let first = scanner.firstRow(bytes, at: dataStart) else {
      try checkUnclosed(bytes, dataStart, dialect, options)
      if let count = options.skippedLineCount, count > 0 { throw .nothingBehind(lines: count) }
      throw .emptyFile
    }
    let footer =
      options.errorPolicy != .fail
      ? FooterDetector(
        bytes,
        from: first.next,
        dialect: dialect,
        columnCount: sniffer.columnCount,
        findsNotes: sniffer.hasFullRows
      )
      : nil
    let bytes = bytes.extracting(..<(footer?.end ?? bytes.count))
    var headerCells = first.fields.map { string(bytes, $0, fields) }
    while headerCells.count > sniffer.columnCount, headerCells.last?.isEmpty == true {
      headerCells.removeLast()
    }
    var padsShortRows = options.padsShortRows || options.errorPolicy == .null
    var columnCount = sniffer.columnCount
    if options.names.count > max(columnCount, headerCells.count) {
      guard padsShortRows else {
        throw .wrongNameCount(options.names.count, expected: columnCount)
      }
      columnCount = options.names.count
    }
    if padsShortRows || options.hasHeader == true {
      columnCount = max(columnCount, headerCells.count)
    }

    scanner = RowScanner(dialect: dialect, columnCount: columnCount, position: first.next)
    scanner.padsShortRows = padsShortRows || columnCount > sniffer.columnCount
    scanner.repairsQuotes = options.errorPolicy != .fail
    var slice = RowSlice(columnCount: columnCount)
    _ = scanner.scan(bytes, rowLimit: min(options.sampleRowCount, 1 << 20), into: &slice)
    let widest = scanner.problems.compactMap(\.fieldCount).max() ?? 0
    if options.padsShortRows, options.names.isEmpty, widest > columnCount {
      // Where short rows are filled up, a longer one has columns that the others lack.
      columnCount = widest
      scanner = RowScanner(dialect: dialect, columnCount: columnCount, position: first.next)
      scanner.padsShortRows = true
      scanner.repairsQuotes = options.errorPolicy != .fail
      slice = RowSlice(columnCount: columnCount)
      _ = scanner.scan(bytes, rowLimit: min(options.sampleRowCount, 1 << 20), into: &slice)
    }
    let sampleByteCount = scanner.position - first.next
    var evidence = [TypeEvidence](repeating: TypeEvidence(options), count: columnCount)
    for column in evidence.indices {
      gather(bytes, slice, column, fields, into: &evidence[column])
    }
    let line: (Int) -> Int = { offset in
      input.withSpan { bytes in
        var counter = LineCounter(dialect)
        return counter.line(bytes, at: offset)
      }
    }

    var notes: [String] = []
    if let footer, !footer.lines.isEmpty {
      let text = footer.lines.prefix(3).map { "'\(Excerpt.text(whole, $0))'" }
        .joined(separator: ", ")
      let count = footer.lines.count
      notes.append(
        (count == 1
          ? "1 line at the end is no row and was"
          : "\(count) lines at the end are not rows and were")
          + " left out: \(text)"
      )
    }
    var titleNote: String?
    if options.skippedLineCount == nil, dialect.skippedLineCount > 0 {
      let count = dialect.skippedLineCount
      let text = Excerpt.text(bytes, start..<max(start, min(dataStart, bytes.count) - 1))
      titleNote =
        "\(count == 1 ? "1 line" : "\(count) lines") in front of the table left out: '\(text)'"
    }
    var hints = hints(evidence, dialect, options)
    let header = HeaderDetector(cells: headerCells, evidence: evidence, hints: hints)
    dialect.hasHeader = options.hasHeader ?? header.hasHeader
    if dialect.hasHeader, headerCells.count > columnCount {
      let excess = headerCells.count - columnCount
      if headerCells.count(where: \.isEmpty) >= excess {
        // A stray delimiter in the header: names without a text have no column.
        for _ in 0..<excess {
          if let empty = headerCells.firstIndex(where: \.isEmpty) { headerCells.remove(at: empty) }
        }
      } else if options.errorPolicy != .fail {
        columnCount = headerCells.count
        for _ in 0..<excess { evidence.append(TypeEvidence(options)) }
      }
    }
    if columnCount > sniffer.columnCount, dialect.hasHeader, options.errorPolicy != .fail {
      padsShortRows = true
      notes.append(
        "the header names \(columnCount) columns, most rows have \(sniffer.columnCount); "
          + "the others are NULL"
      )
    }
    if dialect.hasHeader, headerCells.count < columnCount, headerCells.count > 1,
      options.names.isEmpty
    {
      let count = headerCells.count
      let note =
        "the header names \(count) of \(columnCount) columns, taken to be the first \(count); "
        + "NAMES or HEADER false say otherwise"
      titleNote = titleNote.map { "\($0); \(note)" } ?? note
    }
    if !dialect.hasHeader, first.fields.count == columnCount {
      for (column, range) in first.fields.enumerated() where column < columnCount {
        gather(bytes, range, fields, into: &evidence[column])
      }
      hints = Self.hints(evidence, dialect, options)
    }
    let names = names(
      dialect.hasHeader ? headerCells : [],
      count: columnCount,
      options: options
    )
    hints.writesFalseAsEmpty = zip(names, evidence).contains { name, evidence in
      evidence.writesFalseAsEmpty(name: name)
    }
    var options = options
    for (name, type) in zip(names, options.positionalTypes) {
      options.types[foldedKey(name)] = type
    }
    let keys = Set(names.map { foldedKey($0) })
    for name in options.types.keys.sorted() + options.notNullColumns.sorted()
    where !keys.contains(name) {
      throw .unknownColumn(name, known: names)
    }
    var plan = CSVPlan(
      dialect: dialect,
      columns: [],
      firstRowOffset: dialect.hasHeader ? first.next : dataStart,
      rowShare: sniffer.rowShare,
      headerEvidence: options.hasHeader == nil ? header.evidence : "given",
      hints: hints,
      fields: fields,
      end: bytes.count,
      notes: notes,
      titleNote: titleNote,
      padsShortRows: padsShortRows
    )
    if slice.rowCount > 0 {
      plan.averageRowByteCount = Double(sampleByteCount) / Double(slice.rowCount)
    }
    for (position, (name, gathered)) in zip(names, evidence).enumerated() {
      var evidence = gathered
      evidence.keepsEmptyTexts = options.notNullColumns.contains(foldedKey(name))
      var column = Self.column(name, evidence, hints: hints, options: options, line: line)
      column.take(options.units[position])
      plan.columns.append(column)
    }
    let quoted = QuotedColumns.all(bytes, slice, fields)
    for position in plan.columns.indices {
      plan.columns[position].readsQuotedEmptyAsNull =
        options.allowsQuotedNulls ?? quoted.contains(position)
    }
    return plan
  }

  /// Decides about one column.
  private static func column(
    _ name: String,
    _ evidence: TypeEvidence,
    hints: LocaleHints,
    options: CSVOptions,
    line: (Int) -> Int
  ) -> Column {
    if let type = options.types[foldedKey(name)] {
      let found = evidence.decision(name: name, hints: hints, line: { $0 })
      // Where the file says the same, it also says how: with 1 and empty, or a comma.
      let reading =
        found.reading.type == type && found.reading != .text
        ? found.reading : ColumnReading.reading(of: type, evidence, hints, options)
      var decision = TypeDecision(reading: reading, evidence: "given")
      if type.isNumeric { decision.unit = found.unit }
      return Column(name: name, decision: decision, type: type, isGiven: true, evidence: evidence)
    }
    if options.readsAllAsText {
      let decision = TypeDecision(reading: .text, evidence: "given")
      return Column(name: name, decision: decision, type: .varchar, evidence: evidence)
    }
    let decision = evidence.decision(name: name, hints: hints, line: line)
      .among(options.typeCandidates)
    return Column(
      name: name,
      decision: decision,
      type: decision.reading.type,
      evidence: evidence
    )
  }

  private static func checkUnclosed(
    _ bytes: Span<UInt8>,
    _ start: Int,
    _ dialect: CSVDialect,
    _ options: CSVOptions
  ) throws(FormatError) {
    var scanner = RowScanner(dialect: dialect, columnCount: 1, position: start)
    var slice = RowSlice(columnCount: 1)
    _ = scanner.scan(bytes, rowLimit: 2, into: &slice)
    if let problem = scanner.problems.first {
      throw problem.error(bytes, dialect, columnCount: 1, limit: options.maximumLineByteCount)
    }
  }

  /// Returns where a line begins, counted from 0 at `start`.
  static func offset(
    ofLine count: Int,
    _ bytes: Span<UInt8>,
    _ start: Int,
    _ dialect: CSVDialect
  ) -> Int {
    var offset = start
    for _ in 0..<count where offset < bytes.count {
      while offset < bytes.count, !dialect.lineEnding.endsLine(bytes, offset) { offset += 1 }
      offset = min(offset + 1, bytes.count)
    }
    return offset
  }

  private static func string(
    _ bytes: Span<UInt8>,
    _ raw: Range<Int>,
    _ fields: FieldReader
  ) -> String {
    let text = fields.unescaped(bytes, fields.field(bytes, raw))
    return String(decoding: text.span.trimmedBytes(), as: UTF8.self)
  }

  private static func names(
    _ cells: [String],
    count: Int,
    options: CSVOptions
  ) -> [String] {
    let names = (0..<count).map { column -> String in
      if column < options.names.count { return options.names[column] }
      let cell = column < cells.count ? cells[column] : ""
      return cell.isEmpty ? ColumnNames.positional(column, of: count) : cell
    }
    return ColumnNames.distinct(options.normalizesNames ? names.map(ColumnNames.normalized) : names)
  }

  private static func hints(
    _ evidence: [TypeEvidence],
    _ dialect: CSVDialect,
    _ options: CSVOptions
  ) -> LocaleHints {
    var hints = LocaleHints(usesSemicolons: dialect.delimiter == UInt8(ascii: ";"))
    let orders = Set(evidence.compactMap(\.provenDayOrder))
    let marks = Set(evidence.compactMap(\.provenDecimalMark))
    let locale = options.locale.flatMap(Locale.init)
    hints.dayOrder = orders.count == 1 ? orders.first : orders.isEmpty ? locale?.dayOrder : nil
    hints.decimalMark = marks.count == 1 ? marks.first : marks.isEmpty ? locale?.decimalMark : nil
    if let mark = options.decimalMark {
      hints.decimalMark = mark
      hints.isMarkGiven = true
    }
    return hints
  }

  /// Gathers evidence from the fields of a column in a slice.
  static func gather(
    _ bytes: Span<UInt8>,
    _ slice: RowSlice,
    _ column: Int,
    _ fields: FieldReader,
    into evidence: inout TypeEvidence
  ) {
    for row in 0..<slice.rowCount {
      gather(bytes, slice.range(row: row, column: column), fields, into: &evidence)
      if evidence.isSettled { return }
    }
  }

  private static func gather(
    _ bytes: Span<UInt8>,
    _ raw: Range<Int>,
    _ fields: FieldReader,
    into evidence: inout TypeEvidence
  ) {
    let range = fields.trimmed(bytes, fields.field(bytes, raw).range)
    if range.isEmpty || fields.isNullText(bytes, range) {
      evidence.addNull()
    } else {
      evidence.add(bytes, range)
    }
  }
}

extension Span<UInt8> {
  /// Returns the bytes without white space at both ends.
  func trimmedBytes() -> [UInt8] {
    var start = 0
    var end = count
    while start < end, self[start] <= 0x20 { start += 1 }
    while end > start, self[end - 1] <= 0x20 { end -= 1 }
    var copy: [UInt8] = []
    copy.append(extracting(start..<end))
    return copy
  }
}

/// What a session's locale says about texts that could be read in two ways.
struct Locale {
  let dayOrder: DayOrder
  let decimalMark: UInt8

  /// Creates a locale of a name such as `de_DE` or `en-US`.
  init?(_ name: String) {
    let key = name.lowercased().filter { $0 != "-" && $0 != "_" }
    guard key.count >= 2 else { return nil }
    dayOrder = key.hasPrefix("enus") || key == "en" || key == "us" ? .monthFirst : .dayFirst
    let usesPoint = ["en", "us", "ja", "zh", "ko", "th", "he"].contains { key.hasPrefix($0) }
    decimalMark = UInt8(ascii: usesPoint ? "." : ",")
  }
}

extension ColumnReading {
  /// Returns how texts become values of a type that the user gave.
  static func reading(
    of type: DataType,
    _ evidence: TypeEvidence,
    _ hints: LocaleHints,
    _ options: CSVOptions
  ) -> ColumnReading {
    let order = evidence.provenDayOrder ?? hints.dayOrder ?? .monthFirst
    let mark = evidence.provenDecimalMark ?? hints.decimalMark ?? UInt8(ascii: ".")
    switch type {
    case .boolean: return .boolean
    case .tinyint, .smallint, .integer, .bigint: return .integer
    case .hugeint: return .number(precision: 38, scale: 0, decimalMark: mark)
    case .decimal(let precision, let scale):
      return .number(precision: precision, scale: scale, decimalMark: mark)
    case .double: return .double
    case .date:
      if let text = options.dateFormat, let format = DateFormat(text) {
        return .formatted(format, isDate: true)
      }
      return .date(order)
    case .timestamp:
      if let text = options.timestampFormat, let format = DateFormat(text) {
        return .formatted(format, isDate: false)
      }
      return .timestamp(order)
    case .timestampTZ: return .timestampTZ(order)
    case .time: return .time
    case .interval: return .duration
    case .null, .varchar, .blob, .enumeration, .list, .structure: return .text
    }
  }
}

extension TypeEvidence {
  /// Creates evidence that also looks for the user's forms of dates.
  init(_ options: CSVOptions) {
    self.init(
      dateFormat: options.dateFormat.flatMap { DateFormat($0) },
      timestampFormat: options.timestampFormat.flatMap { DateFormat($0) }
    )
  }

  /// Whether further values cannot change anything.
  var isSettled: Bool { possible.isEmpty }
}

extension RowProblem {
  /// Returns the error that tells the user.
  func error(
    _ bytes: Span<UInt8>,
    _ dialect: CSVDialect,
    columnCount: Int,
    limit: Int
  ) -> FormatError {
    var counter = LineCounter(dialect)
    let line = counter.line(bytes, at: start)
    let text = Excerpt.text(bytes, start..<max(start, min(end, bytes.count)))
    switch kind {
    case .tooFewFields(let count):
      return .tooFewFields(count, expected: columnCount, line: line, text: text)
    case .tooManyFields(let count):
      return .tooManyFields(count, expected: columnCount, line: line, text: text)
    case .unclosedQuote:
      let column = counter.column(bytes, at: offset)
      return .unclosedQuote(line: counter.line(bytes, at: offset), column: column, text: text)
    case .textAfterQuote:
      let column = counter.column(bytes, at: offset)
      return .textAfterQuote(line: counter.line(bytes, at: offset), column: column, text: text)
    case .tooLong: return .rowTooLong(limit: limit, line: line)
    }
  }

  /// Why the row was passed over, for the rejects.
  func reason(columnCount: Int) -> String {
    switch kind {
    case .tooFewFields(let count), .tooManyFields(let count):
      "\(count) fields where \(columnCount) are expected"
    case .unclosedQuote: "a quote is never closed"
    case .textAfterQuote: "text follows a closing quote"
    case .tooLong: "the row is too long"
    }
  }
}
