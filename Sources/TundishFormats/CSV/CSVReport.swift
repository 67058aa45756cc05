package import TundishColumns

/// What was found out about a file of delimited text, and on which evidence.
package struct CSVReport: Sendable {
  /// What was decided about one column.
  package struct Column: Sendable {
    /// The name.
    package var name: String
    /// The type.
    package var type: DataType
    /// The unit.
    package var unit: Unit
    /// Why.
    package var evidence: String
    /// What was not guessed, with the option that decides; nil where all is clear.
    package var warning: String?
    /// What the option `types` would not say: the form of dates, such as `d/m/yyyy`.
    package var dateFormat: String?
    /// The decimal mark of numbers with signs of units or groups; nil where a point is certain.
    package var decimalMark: UInt8?
  }

  /// How the file is written.
  package var dialect: CSVDialect
  /// What separates fields where it is not one byte.
  package var separator: Separator?
  /// Its encoding.
  package var encoding: TextEncoding
  /// How many rows of the sample had the expected number of fields, of how many.
  package var rowShare: (matching: Int, total: Int)
  /// The columns of the file.
  package var columns: [Column]
  /// The number of rows read.
  package var rowCount = 0
  /// What else the user should know, one line each.
  package var notes: [String] = []
  /// Of these, the ones that every use of the rows must show: some were set aside or repaired, or a
  /// column's type is not what the first rows show.
  package var rowNotes: [String] = []
  /// Whether the header was given, and not found out.
  package var headerEvidence: String
}

extension CSVReport {
  /// The notes and the warnings of columns, one line each.
  package var messages: [String] {
    notes + columns.compactMap { column in column.warning.map { "column \(column.name) \($0)" } }
  }

  /// The decisions with their evidence, and the statement that fixes them.
  package func lines(path: String) -> [String] {
    dialectLines + columnLines + [loadStatement(path: path)]
  }

  /// The decisions about a sheet of a workbook, whose cells have no dialect.
  package var sheetLines: [String] {
    ["header       \(dialect.hasHeader ? "yes" : "no")  (\(headerEvidence))"] + columnLines
  }

  private var dialectLines: [String] {
    var lines = [
      "delimiter    \(delimiterName)  "
        + "(\(rowShare.matching) of \(rowShare.total) sampled rows have \(columns.count) fields)",
      "quote        \(dialect.quote.map(Self.name) ?? "none")"
        + (dialect.escape.map { "  escape \(Self.name($0))" } ?? ""),
      "line ending  \(dialect.lineEnding.rawValue)",
      "encoding     \(encoding.rawValue)",
      "header       \(dialect.hasHeader ? "yes" : "no")  (\(headerEvidence))",
    ]
    if dialect.skippedLineCount > 0 {
      lines.append("skipped      \(dialect.skippedLineCount) lines")
    }
    if let comment = dialect.comment { lines.append("comment      \(Self.name(comment))") }
    return lines
  }

  private var columnLines: [String] {
    var lines: [String] = []
    let nameWidth = columns.reduce(0) { max($0, DisplayWidth.of($1.name)) }
    let typeWidth = columns.reduce(0) { max($0, Self.typeText($1).count) }
    for column in columns {
      let name = DisplayWidth.padded(column.name, to: nameWidth)
      let type = DisplayWidth.padded(Self.typeText(column), to: typeWidth)
      lines.append("column       \(name)  \(type)  (\(column.evidence))")
    }
    return lines + messages.map { "note         \($0)" }
  }

  /// The statement that reads the file so without looking.
  package func loadStatement(path: String) -> String {
    var options: [String] = []
    switch separator {
    case nil: options.append("DELIMITER \(Self.literal(dialect.delimiter))")
    case .text(let bytes):
      options.append("DELIMITER \(Self.quoted(String(decoding: bytes, as: UTF8.self)))")
    case .spaces: break
    case .widths(let widths): options.append("WIDTHS \(widths)")
    }
    options.append("QUOTE \(dialect.quote.map(Self.literal) ?? "''")")
    if let escape = dialect.escape { options.append("ESCAPE \(Self.literal(escape))") }
    options.append("HEADER \(dialect.hasHeader)")
    if dialect.skippedLineCount > 0 { options.append("SKIP \(dialect.skippedLineCount)") }
    if let comment = dialect.comment { options.append("COMMENT \(Self.literal(comment))") }
    if encoding != .utf8 { options.append("ENCODING '\(encoding.rawValue)'") }
    // A mark holds for all numbers; where some have a point, those with a comma prove it anew.
    let hasComma = columns.contains(where: Self.hasDecimalComma)
    let hasPoint = columns.contains { !Self.hasDecimalComma($0) && Self.isFractional($0.type) }
    if hasComma, !hasPoint { options.append("DECIMAL ','") }
    // A form holds for all columns of dates; where they differ, each proves its own.
    let dates = columns.filter { $0.type == .date }
    if let format = dates.first?.dateFormat, dates.allSatisfy({ $0.dateFormat == format }) {
      options.append("DATE_FORMAT '\(format)'")
    }
    let typed = columns.filter { !hasPoint || !Self.hasDecimalComma($0) }
    let types = typed.map { "\(Self.quoted($0.name)): \(Self.quoted($0.type.description))" }
    options.append("TYPES {\(types.joined(separator: ", "))}")
    return "LOAD \(Self.quoted(path)) (\(options.joined(separator: ", ")));"
  }

  private static func hasDecimalComma(_ column: Column) -> Bool {
    column.decimalMark == UInt8(ascii: ",")
  }

  private static func isFractional(_ type: DataType) -> Bool {
    if case .decimal(_, let scale) = type { return scale > 0 }
    return type == .double
  }

  private var delimiterName: String {
    switch separator {
    case nil: Self.name(dialect.delimiter)
    case .text(let bytes): Self.quoted(String(decoding: bytes, as: UTF8.self))
    case .spaces: "runs of spaces"
    case .widths: "fixed widths"
    }
  }

  private static func typeText(_ column: Column) -> String {
    switch column.unit {
    case .none: column.type.description
    case .rate: "\(column.type) rate"
    case .percent: "\(column.type) percent"
    case .days: "\(column.type) days"
    case .ratio: "\(column.type) ratio"
    case .money(let currency): "\(column.type) money" + (currency.map { "(\($0))" } ?? "")
    case .mixedMoney: "\(column.type) money(mixed)"
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }

  private static func literal(_ byte: UInt8) -> String {
    byte == 0x09 ? "'\\t'" : quoted(String(decoding: [byte], as: UTF8.self))
  }

  private static func name(_ byte: UInt8) -> String {
    switch byte {
    case 0x09: "tab"
    case 0x20: "space"
    default: literal(byte)
    }
  }
}

/// A table read from delimited text.
package struct CSVResult: Sendable {
  /// The rows.
  package var table: StoredTable
  /// What was found out.
  package var report: CSVReport
  /// Rows and values that could not be read and were passed over, where the options allow it.
  package var rejects: [RejectedRow]
  /// Whether rows were left out that do not pass the filter.
  package var isFiltered = false
}
