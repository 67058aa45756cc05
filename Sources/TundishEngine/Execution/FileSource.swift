internal import Synchronization
package import TundishColumns

/// A file, or several as one, that was looked at and whose rows were not read yet.
package protocol UnreadFile: Sendable {
  /// The columns, with types as a sample shows them.
  var schema: Schema { get }
  /// Reads the rows of some columns, given by position.
  ///
  /// The table has all columns; those not asked for hold nothing. Types may be wider than `schema`
  /// says, where later rows did not fit what the sample showed. Rows that do not pass the filter may
  /// be left out; types, notes and rejects are those of all rows nevertheless.
  func read(columns: [Int], filter: RowFilter?) throws(SourceError) -> FileRows
}

/// Rows that were read of a file.
package struct FileRows: Sendable {
  /// The rows.
  package let table: StoredTable
  /// What the user must know about them, one line each.
  package let notes: [String]
  /// The rows and values that were set aside.
  package let rejects: [FileReject]
  /// Whether rows were left out that do not pass the filter.
  package let isFiltered: Bool

  /// Creates rows.
  package init(
    table: StoredTable,
    notes: [String],
    rejects: [FileReject] = [],
    isFiltered: Bool = false
  ) {
    self.table = table
    self.notes = notes
    self.rejects = rejects
    self.isFiltered = isFiltered
  }
}

/// The rows of a file that a statement names.
///
/// To bind a statement it takes the columns alone. When the optimized plan shows which of them are
/// needed, the driver has these read (`StatementFiles`), and from then on the source is like that of
/// a table in memory. Before, it has no rows.
///
/// Where one scan alone reads the file, rows that its condition refuses may be missing. The statement
/// means the same without them, however its plan is made anew. Another plan that reads the file is
/// bound to a source of its own with all rows.
package final class FileSource: RandomAccessSource {
  package let schema: Schema
  private let file: any UnreadFile
  private let state: Mutex<State>

  private struct State {
    var rows: StoredTableSource
    /// The columns that have been read; nil before any reading.
    var columns: Set<Int>?
    /// Whether rows are missing that a condition refused.
    var isFiltered = false
  }

  /// Creates a source of a file that was not read.
  package init(_ file: any UnreadFile) {
    self.file = file
    schema = file.schema
    state = Mutex(State(rows: StoredTableSource(StoredTable(schema: file.schema)), columns: nil))
  }

  /// Creates a source of the same file whose types are known better.
  private init(_ file: any UnreadFile, rows: StoredTableSource, columns: Set<Int>) {
    self.file = file
    schema = rows.schema
    state = Mutex(State(rows: rows, columns: columns))
  }

  /// What a reading changed.
  enum Reading {
    /// All was there already
    case nothing
    /// There are rows now
    case rows(FileRows)
    /// A type is another than `schema` says, or rows are needed that were left out, so that the
    /// statement must be bound anew to this source
    case otherTypes(FileSource, FileRows)
  }

  /// Reads columns that have not been read.
  ///
  /// - Parameters:
  ///   - wanted: The columns that a plan needs.
  ///   - filter: The condition of the plan's only scan of the file.
  ///   - isAgain: Whether the plan is that for which the file was read, made anew.
  /// - Returns: What that means for the statement.
  /// - Throws: What keeps the file from being read.
  func read(_ wanted: Set<Int>, filter: RowFilter?, isAgain: Bool) throws(SourceError) -> Reading {
    let (known, isFiltered) = state.withLock { ($0.columns, $0.isFiltered) }
    if let known, known.isSuperset(of: wanted), !isFiltered || isAgain { return .nothing }
    let columns = wanted.union(known ?? [])
    var read = try file.read(columns: columns.sorted(), filter: known == nil ? filter : nil)
    if read.isFiltered, read.table.schema != schema {
      read = try file.read(columns: columns.sorted(), filter: nil)
    }
    let rows = StoredTableSource(read.table)
    guard rows.schema == schema, !isFiltered else {
      let same = rows.schema.fields.count == schema.fields.count
      return .otherTypes(
        FileSource(file, rows: rows, columns: same ? columns : []),
        read
      )
    }
    state.withLock { $0 = State(rows: rows, columns: columns, isFiltered: read.isFiltered) }
    return .rows(read)
  }

  /// Whether rows are missing that a condition refused.
  var isFiltered: Bool { state.withLock { $0.isFiltered } }

  /// Whether columns have been read, as the driver does before it runs a plan.
  func has(_ wanted: [Int]) -> Bool {
    let known = state.withLock { $0.columns }
    return known?.isSuperset(of: wanted) ?? false
  }

  package var stored: StoredTableSource? { state.withLock { $0.columns == nil ? nil : $0.rows } }
  private var rows: StoredTableSource { state.withLock { $0.rows } }

  package var rowCount: Int? { stored?.rowCount }
  package var morselCount: Int { rows.morselCount }

  package func statistics(ofColumn position: Int) -> ColumnStatistics? {
    let isRead = state.withLock { $0.columns?.contains(position) ?? false }
    return isRead ? rows.statistics(ofColumn: position) : nil
  }

  package func cursor(
    morsel: Int,
    columns: [Int],
    predicates: [ZonePredicate],
    batchRowCount: Int
  ) throws(ExecutionError) -> any BatchCursor {
    try rows.cursor(
      morsel: morsel,
      columns: columns,
      predicates: predicates,
      batchRowCount: batchRowCount
    )
  }

  func rowCount(ofMorsel morsel: Int) -> Int { rows.rowCount(ofMorsel: morsel) }

  func isExcluded(morsel: Int, by predicates: [ZonePredicate]) -> Bool {
    rows.isExcluded(morsel: morsel, by: predicates)
  }

  func column(morsel: Int, position: Int, rows range: Range<Int>) -> Column {
    rows.column(morsel: morsel, position: position, rows: range)
  }

  func column(morsel: Int, position: Int, places: [Int32]) -> Column {
    rows.column(morsel: morsel, position: position, places: places)
  }

  var storedTable: StoredTable { rows.table }
}
