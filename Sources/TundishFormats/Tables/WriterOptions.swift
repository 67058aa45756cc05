package import TundishColumns

/// How a result is written; each writer uses what applies to it.
package struct WriterOptions: Sendable {
  /// The columns of the terminal; nil where the width is not limited.
  package var terminalWidth: Int?
  /// The greatest number of rows to show where people look, in boxes and charts; nil shows all.
  package var maximumRowCount: Int?
  /// The text of NULL; nil is the writer's own: empty in CSV, `NULL` in the box.
  package var nullText: String?
  /// Lines to print under a box or chart.
  package var footerLines: [String]
  /// Whether escape codes for colours may be written.
  package var isColored: Bool
  /// Whether the names of the columns are written.
  package var hasHeader: Bool
  /// Whether numbers with a unit are formatted, where the writer does that.
  package var formatsNumbers: Bool
  /// The byte between fields; nil is the writer's own.
  package var delimiter: UInt8?
  /// The byte around fields that need quoting.
  package var quote: UInt8
  /// Whether every text field is quoted.
  package var quotesAll: Bool
  /// Whether text that a spreadsheet would run as a formula is made harmless by a leading `'`.
  package var guardsFormulas: Bool
  /// Whether numbers of delimited text carry their unit: `$1234.50`, `12.5%`.
  package var writesUnits = false
  /// Whether box drawing and bars may use characters outside ASCII.
  package var isUnicode: Bool
  /// By position of a column: the text of its NULLs for people's eyes, such as `(none)`.
  package var nullLabels: [Int: String]
  /// By position of a column: for each row, whether its NULL is a value that a link did not find.
  package var unmatched: [Int: [Bool]] = [:]
  /// The position of the column that marks rows of totals; not shown to people, who see the labels
  /// of such rows as `(total)` instead.
  package var totalColumn: Int?
  /// The position of the column that a chart draws; nil is the first with numbers.
  package var valueColumn: Int?
  /// The positions of the columns that label what a chart draws; nil are those in front of it.
  package var labelColumns: [Int]?
  /// The positions of further columns that a chart of a single row draws beside the first.
  package var otherValueColumns: [Int] = []
  /// Whether a box tells how many rows it has; not where its rows are lines of texts.
  package var countsRows = true
  /// By position of a column: how soon it gives way where a box is too narrow for all; empty where
  /// the columns are equal.
  package var columnRanks: [ColumnRank] = []
  /// How many threads may write; changes nothing but the time.
  package var threadCount = 1
  /// Told how many rows are written.
  package var progress: ReadingProgress?
  /// The offset from UTC in seconds of the session's zone at an instant in microseconds; nil is UTC.
  package var utcOffset: (@Sendable (Int64) -> Int)?

  /// What people see of a value that a link did not find.
  static let unmatchedLabel = "(no match)"
  /// What people see of a dimension in a row of totals.
  static let totalLabel = "(total)"
  /// What people see of a rate or an amount that there is not, such as of an empty denominator.
  package static let emptyLabel = "–"

  /// Creates options.
  package init(
    terminalWidth: Int? = nil,
    maximumRowCount: Int? = nil,
    nullText: String? = nil,
    footerLines: [String] = [],
    isColored: Bool = false,
    hasHeader: Bool = true,
    formatsNumbers: Bool = true,
    delimiter: UInt8? = nil,
    quote: UInt8 = UInt8(ascii: "\""),
    quotesAll: Bool = false,
    guardsFormulas: Bool = false,
    isUnicode: Bool = true,
    nullLabels: [Int: String] = [:],
    totalColumn: Int? = nil,
    valueColumn: Int? = nil,
    utcOffset: (@Sendable (Int64) -> Int)? = nil
  ) {
    self.terminalWidth = terminalWidth
    self.maximumRowCount = maximumRowCount
    self.nullText = nullText
    self.footerLines = footerLines
    self.isColored = isColored
    self.hasHeader = hasHeader
    self.formatsNumbers = formatsNumbers
    self.delimiter = delimiter
    self.quote = quote
    self.quotesAll = quotesAll
    self.guardsFormulas = guardsFormulas
    self.isUnicode = isUnicode
    self.nullLabels = nullLabels
    self.totalColumn = totalColumn
    self.valueColumn = valueColumn
    self.utcOffset = utcOffset
  }
}
