package import TundishColumns
package import TundishSyntax

/// Something that gives rows: a stored table, a file, a table function.
///
/// Immutable: two scans of one source give the same rows. Rows are cut into morsels of about 64k
/// rows that can be scanned by different threads; the order of rows is morsel by morsel.
package protocol TableSource: AnyObject, Sendable {
  /// The columns.
  var schema: Schema { get }
  /// The number of rows, where it is known without a scan.
  var rowCount: Int? { get }
  /// What is known of a column, for the optimizer; nil where nothing is.
  func statistics(ofColumn position: Int) -> ColumnStatistics?
  /// The table in memory that the rows are in; nil where there is none.
  var stored: StoredTableSource? { get }
  /// The number of morsels.
  var morselCount: Int { get }
  /// Starts reading one morsel. `predicates` may be used to skip rows that cannot pass; rows that
  /// do not pass may still be given.
  func cursor(
    morsel: Int,
    columns: [Int],
    predicates: [ZonePredicate],
    batchRowCount: Int
  ) throws(ExecutionError) -> any BatchCursor
}

extension TableSource {
  package var stored: StoredTableSource? { nil }
}

/// Gives the batches of one morsel in order; owned by one thread.
package protocol BatchCursor: AnyObject {
  /// The next batch; nil after the last.
  func next() throws(ExecutionError) -> Batch?
}

/// What is known of the values of a column.
package struct ColumnStatistics: Sendable {
  /// The least and greatest value; nil where there is none or it is not known.
  package var minimum: Value?
  package var maximum: Value?
  /// The number of NULLs.
  package var nullCount: Int?
  /// The number of distinct values: exact for dictionaries, else an estimate.
  package var distinctCount: Int?
  /// Whether rows are in ascending order of this column, NULLs aside.
  package var isSorted: Bool

  /// Creates statistics.
  package init(
    minimum: Value? = nil,
    maximum: Value? = nil,
    nullCount: Int? = nil,
    distinctCount: Int? = nil,
    isSorted: Bool = false
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.nullCount = nullCount
    self.distinctCount = distinctCount
    self.isSorted = isSorted
  }
}

/// `<column> <comparison> <constant>`: lets a source skip rows by minimum and maximum.
package struct ZonePredicate: Sendable {
  /// The position in the source's schema.
  package let position: Int
  /// The comparison.
  package let comparison: ComparisonOperator
  /// The constant, of the column's type.
  package let value: Value

  /// Creates a predicate.
  package init(position: Int, comparison: ComparisonOperator, value: Value) {
    self.position = position
    self.comparison = comparison
    self.value = value
  }
}

/// Opens files for the engine, which never touches the disk itself.
package protocol SourceResolver: Sendable {
  /// Opens a file, folder or glob as one relation, whose rows need not be read yet (`FileSource`).
  func open(path: String, options: FileOptions) throws(SourceError) -> any TableSource
  /// Loads a file, or every data file of a folder, as tables; what was found and decided comes back
  /// with them.
  func load(path: String, options: FileOptions) throws(SourceError) -> LoadReport
  /// Describes how a file would be read: the decisions, the evidence, the LOAD statement.
  func sniff(path: String, options: FileOptions) throws(SourceError) -> [String]
  /// Writes a result to a file, completely or not at all.
  func export(
    schema: Schema,
    batches: [Batch],
    path: String,
    options: FileOptions
  ) throws(SourceError) -> Int
  /// Writes tables and a script into a folder, which appears completely or stays as it was.
  func exportDatabase(
    folder: String,
    script: String,
    tables: [ExportedTable]
  ) throws(SourceError)
  /// Reads the script of such a folder.
  func readScript(folder: String) throws(SourceError) -> String
}

/// A table that EXPORT DATABASE writes.
package struct ExportedTable: Sendable {
  /// The table's name.
  package let name: String
  /// The columns.
  package let schema: Schema
  /// The rows.
  package let batches: [Batch]

  /// Creates a table.
  package init(name: String, schema: Schema, batches: [Batch]) {
    self.name = name
    self.schema = schema
    self.batches = batches
  }

  /// How the rows are written: every value in quotes, and nothing for NULL; where there is one column,
  /// a word without quotes, as an empty line would be no row.
  package static func writingOptions(columnCount: Int) -> FileOptions {
    var options = FileOptions(["format": .text("csv"), "force_quote": .boolean(true)])
    if columnCount == 1 { options.values["nullstr"] = .text(loneNull) }
    return options
  }

  /// How they are read, whatever the rows look like.
  package static func readingOptions(columnCount: Int) -> FileOptions {
    var options = FileOptions([
      "all_varchar": .boolean(true), "header": .boolean(true), "delimiter": .text(","),
      "quote": .text("\""), "escape": .text("\""), "allow_quoted_nulls": .boolean(false),
    ])
    if columnCount == 1 { options.values["nullstr"] = .text(loneNull) }
    return options
  }

  private static let loneNull = "\\N"

  /// The name of the file that holds a table's rows.
  ///
  /// A table may be called anything, a file not: bytes that mean something in paths or patterns are
  /// written as `%2F` is in addresses.
  package static func fileName(of table: String) -> String {
    var bytes: [UInt8] = []
    for byte in table.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: " "), 0x80...0xFF:
        bytes.append(byte)
      default:
        let digits = Array("0123456789ABCDEF".utf8)
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self) + ".csv"
  }
}

/// Options of reading and writing files: lower-case names and values.
package struct FileOptions: Sendable {
  /// The values by name.
  package var values: [String: Value]
  /// Where each is written, by its name.
  package var ranges: [String: SourceRange] = [:]
  /// How many threads may read; changes nothing but the time.
  package var threadCount = 1

  /// Creates options.
  package init(_ values: [String: Value] = [:]) {
    self.values = values
  }
}

/// A failure at a file: code, sentence, and lines that help.
package struct SourceError: Error, Sendable {
  /// A stable code of the F area, such as `F001`.
  package let code: String
  /// What was found and what would work.
  package let message: String
  /// Further lines.
  package let notes: [String]
  /// The option that is wrong, where one is.
  package let option: String?

  /// Creates an error.
  package init(code: String, message: String, notes: [String] = [], option: String? = nil) {
    self.code = code
    self.message = message
    self.notes = notes
    self.option = option
  }

  /// Where the failure is: at the option that is wrong, else at the file.
  package func range(of options: FileOptions?, file: SourceRange) -> SourceRange {
    guard let option, let options else { return file }
    return options.ranges[foldedKey(option)] ?? file
  }
}

/// What LOAD found.
package struct LoadReport: Sendable {
  /// The tables, in name order.
  package var tables: [LoadedTable]
  /// What was decided or passed over, one line each.
  package var notes: [String]
  /// The rows and values that could not be read.
  package var rejects: [FileReject]

  /// Creates a report.
  package init(tables: [LoadedTable], notes: [String], rejects: [FileReject] = []) {
    self.tables = tables
    self.notes = notes
    self.rejects = rejects
  }
}

/// One loaded table.
package struct LoadedTable: Sendable {
  /// The name that the file gives it.
  package var name: String
  /// Its rows.
  package var table: StoredTable
  /// What was decided on which evidence, one line each.
  package var notes: [String]

  /// Creates a table.
  package init(name: String, table: StoredTable, notes: [String]) {
    self.name = name
    self.table = table
    self.notes = notes
  }
}
