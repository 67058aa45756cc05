internal import TundishColumns
internal import TundishSyntax

/// Dates that are written as texts or numbers, such as `2026-01`, `Q1 2026`, `20260131` and the
/// seconds since 1970.
struct TextDates {
  let recognizer: ModelRecognizer

  /// The day, or the first day of the period, that a column names; nil where some value names none.
  func date(
    _ field: Field,
    as attribute: String,
    in table: TableEntry
  ) throws(StatementFailure) -> Expression? {
    let column = recognizer.quoted(field.name)
    if field.type.isInteger {
      return try number(column, field, as: attribute, in: table)
    }
    guard field.type.isText else { return nil }
    if let instant = try instant("CAST(\(column) AS BIGINT)", field, in: table) { return instant }
    if recognizer.isEmpty(field, of: table) {
      return recognizer.expression("CAST(\(column) AS TIMESTAMP)")
    }
    let all = try recognizer.lookup.texts(
      of: recognizer.sql.name(field.name),
      in: QualifiedName([recognizer.sql.identifier(table.name)])
    )
    // A report's row of sums says `Total` where others say their day.
    let said = all.filter { !$0.isEmpty && !ReportTotals.isTotal($0) }
    // Exports write a word such as `NULL` where there is no date; beside dates it can mean no more.
    let texts = said.filter { !Self.isNothing($0) }
    guard let first = texts.first else { return nil }
    if texts.count < all.count, texts.allSatisfy(Self.isWritten) {
      return recognizer.expression(
        "TRY_CAST(\(column) AS \(texts.allSatisfy { $0.utf8.count == 10 } ? "DATE" : "TIMESTAMP"))"
      )
    }
    guard texts.count == said.count else { return nil }
    if attribute == "PERIOD", let year = fiscalYear(column, texts) { return year }
    if let shape = Self.shapes.first(where: { $0.fits(first) }), texts.allSatisfy(shape.fits) {
      return recognizer.expression(shape.expression(column))
    }
    if let part = partOfYear(column, texts) { return part }
    if let named = MonthNames.date(of: column, texts) { return recognizer.expression(named) }
    return firstOfMonth(field, column, texts)
  }

  /// Whether a text is how exports and people write that there is nothing.
  static func isNothing(_ text: String) -> Bool {
    let words: Set<String> = [
      "null", "(null)", "\\n", "none", "nil", "n/a", "#n/a", "na", "nat", "nan", "-", "–", "—",
    ]
    return words.contains(text.lowercasedASCII)
  }

  /// `2026-01-31`, with or without a time.
  static func isWritten(_ text: String) -> Bool {
    let digits = text.utf8.prefix(10)
    return digits.count == 10
      && zip(digits, "9999-99-99".utf8).allSatisfy { found, wanted in
        wanted == 0x39 ? found >= 0x30 && found <= 0x39 : found == wanted
      }
  }

  /// `FY2026` and `FY26`, where fiscal years are calendar years.
  private func fiscalYear(_ column: String, _ texts: [String]) -> Expression? {
    guard recognizer.fiscalYearStart == 1,
      texts.allSatisfy({ text in
        PeriodName(text).map { $0.grain == .year && $0.year != nil } ?? false
      })
    else { return nil }
    let digits = "CAST(right(\(column), 2) AS INTEGER)"
    return recognizer.expression("make_date(2000 + \(digits), 1, 1)")
  }

  /// `Q3 FY25`, `FY2025-Q3`, `Q2'25`, `1Q 2026`, `H1 2025`: the first day of the quarter or half.
  private func partOfYear(_ column: String, _ texts: [String]) -> Expression? {
    let parts = texts.map(PartOfYear.init)
    guard let first = parts.first ?? nil,
      parts.allSatisfy({ $0?.isHalf == first.isHalf }),
      recognizer.fiscalYearStart == 1 || parts.allSatisfy({ $0?.isFiscal == false })
    else { return nil }
    let letter = first.isHalf ? "[HS]" : "[QKT]"
    let token = "(\(letter) ?[1-4]|[1-4] ?\(letter))"
    let number = "regexp_extract(regexp_extract(upper(\(column)), '\(token)'), '[1-4]')"
    let year = "regexp_extract(regexp_replace(upper(\(column)), '\(token)', ''), '[0-9]+')"
    let months = first.isHalf ? "* 6 - 5" : "* 3 - 2"
    return recognizer.expression(
      "make_date(2000 + CAST(right(\(year), 2) AS INTEGER), "
        + "CAST(\(number) AS INTEGER) \(months), 1)"
    )
  }

  /// `2026` as the period of a quota, `202601`, `20260131`, or seconds, milliseconds or microseconds
  /// since 1970, where all are such.
  private func number(
    _ column: String,
    _ field: Field,
    as attribute: String,
    in table: TableEntry
  ) throws(StatementFailure) -> Expression? {
    guard !ColumnHints.plain(field.name).hasSuffix("id") else { return nil }
    if let instant = try instant(column, field, in: table) { return instant }
    let texts = try recognizer.lookup.texts(
      of: recognizer.sql.name(field.name),
      in: QualifiedName([recognizer.sql.identifier(table.name)])
    )
    let numbers = texts.compactMap { Int($0) }
    if !numbers.isEmpty, numbers.allSatisfy(Self.isDay) {
      return recognizer.expression(
        "make_date(\(column) // 10000, \(column) // 100 % 100, \(column) % 100)"
      )
    }
    // Days of a spreadsheet, counted from the end of 1899: 2000 to 2050.
    let words = ColumnWords(field.name).words
    if !numbers.isEmpty, numbers.allSatisfy((36_526...55_152).contains),
      words.contains(where: { ["date", "close", "create", "open"].contains($0) })
    {
      return recognizer.expression("DATE '1899-12-30' + CAST(\(column) AS INTEGER)")
    }
    if attribute == "PERIOD", !numbers.isEmpty, numbers.allSatisfy((1990...2100).contains) {
      return recognizer.expression("make_date(\(column), 1, 1)")
    }
    guard !numbers.isEmpty,
      numbers.allSatisfy({ (190001...210012).contains($0) && (1...12).contains($0 % 100) })
    else { return nil }
    return recognizer.expression("make_date(\(column) // 100, \(column) % 100, 1)")
  }

  /// The instant that a column of numbers since 1970 stands for, whether it holds them as numbers or
  /// as texts; nil where it holds something else.
  func instant(_ field: Field, in table: TableEntry) throws(StatementFailure) -> Expression? {
    let column = recognizer.quoted(field.name)
    return try instant(
      field.type.isText ? "CAST(\(column) AS BIGINT)" : column,
      field,
      in: table
    )
  }

  /// The instants that numbers since 1970 are: between 2001 and 2100 their size tells the unit.
  private func instant(
    _ number: String,
    _ field: Field,
    in table: TableEntry
  ) throws(StatementFailure) -> Expression? {
    let column = recognizer.quoted(field.name)
    let numbers = "TRY_CAST(\(column) AS BIGINT)"
    let text =
      "SELECT count(\(column)) - count(\(numbers)), min(\(numbers)), max(\(numbers)) "
      + "FROM \(recognizer.quoted(table.name))"
    guard case .query(let query)? = Syntax.parse(text).script.statements.first?.kind,
      let row = try recognizer.lookup.rows(of: query).first, row.count == 3, row[0] == .integer(0),
      case .integer(let least) = row[1], case .integer(let greatest) = row[2]
    else { return nil }
    let seconds: ClosedRange<Int64> = 1_000_000_000...4_102_444_800
    for (unit, divisor) in [(Int64(1), ""), (1_000, " / 1000"), (1_000_000, " / 1000000")]
    where seconds.contains(least / unit) && seconds.contains(greatest / unit) {
      return recognizer.expression("to_timestamp(\(number)\(divisor))")
    }
    return nil
  }

  /// Whether a number is a day such as `20260131`.
  private static func isDay(_ number: Int) -> Bool {
    (19_000_101...21_001_231).contains(number) && (1...12).contains(number / 100 % 100)
      && (1...31).contains(number % 100)
  }

  /// `01/02/2026` in a column of months that all begin with `01`: the first days of months.
  private func firstOfMonth(_ field: Field, _ column: String, _ texts: [String]) -> Expression? {
    let words = ColumnWords(field.name).words
    guard words.contains("month") || words.contains("quarter") || words.contains("period"),
      texts.allSatisfy({ text in Self.numericDates.contains { $0.fits(text) } })
    else { return nil }
    let places = texts.map { $0.split { !$0.isNumber } }.filter { $0.count == 3 }
    let isDayFirst = places.allSatisfy { Int($0[0]) == 1 }
    let isMonthFirst = places.allSatisfy { Int($0[1]) == 1 }
    guard isDayFirst != isMonthFirst else { return nil }
    let month = isDayFirst ? "substr(\(column), 4, 2)" : "left(\(column), 2)"
    return recognizer.expression(
      "make_date(CAST(right(\(column), 4) AS INTEGER), CAST(\(month) AS INTEGER), 1)"
    )
  }

  /// A way to write a period: a pattern of `9` (digit), `Q` (quarter, `K` in Dutch, `T` in French,
  /// Spanish and Romanian) and other characters.
  private struct Shape: Sendable {
    var patterns: [String]
    var expression: @Sendable (String) -> String

    func fits(_ text: String) -> Bool {
      patterns.contains { pattern in
        pattern.utf8.count == text.utf8.count
          && zip(pattern.utf8, text.utf8).allSatisfy { wanted, found in
            switch wanted {
            case 0x39: found >= 0x30 && found <= 0x39
            case 0x51: found | 0x20 == 0x71 || found | 0x20 == 0x6B || found | 0x20 == 0x74
            default: wanted == found
            }
          }
      }
    }
  }

  private static let numericDates = [
    Shape(patterns: ["99/99/9999", "99-99-9999", "99.99.9999"]) { $0 }
  ]

  private static let shapes: [Shape] = [
    Shape(patterns: ["9999.99.99.", "9999. 99. 99."]) {
      "CAST(replace(rtrim(replace(\($0), ' ', ''), '.'), '.', '-') AS DATE)"
    },
    Shape(patterns: ["9999-99"]) { "CAST(\($0) || '-01' AS DATE)" },
    Shape(patterns: ["99/9999", "99-9999", "99.9999"]) {
      "make_date(CAST(right(\($0), 4) AS INTEGER), CAST(left(\($0), 2) AS INTEGER), 1)"
    },
    Shape(patterns: ["9999-Q9", "9999Q9", "9999 Q9"]) {
      "make_date(CAST(left(\($0), 4) AS INTEGER), CAST(right(\($0), 1) AS INTEGER) * 3 - 2, 1)"
    },
    Shape(patterns: ["Q9 9999", "Q9-9999", "Q9/9999"]) {
      "make_date(CAST(right(\($0), 4) AS INTEGER), CAST(substr(\($0), 2, 1) AS INTEGER) * 3 - 2, 1)"
    },
  ]
}
