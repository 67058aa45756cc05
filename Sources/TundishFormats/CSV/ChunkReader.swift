internal import TundishColumns

/// What stands in the part of a file that one thread read.
struct ChunkResult: Sendable {
  /// Some consecutive rows, as many as a row group has, or the last of the part.
  struct Group: Sendable {
    var rowCount: Int
    /// The rows that stay; nil where all do.
    var kept: [Int32]?
    /// Per column read, its values; nil where a value did not fit.
    var columns: [ChunkColumn?]
  }

  /// Something that the user must know, or that ends the reading.
  enum Issue: Sendable {
    case invalidUTF8(offset: Int)
    case row(RowProblem)
    /// A value that is not of the type that the user gave
    case value(slot: Int, range: Range<Int>)
  }

  /// Where the first row begins, as it was taken to be.
  let start: Int
  /// Where the row behind the last begins.
  var end: Int
  var groups: [Group] = []
  var issues: [Issue] = []
  /// Whether the last issue ends the reading, or the user does, or the filter is lost.
  var isFatal = false
  /// Whether the rows must be read without the filter.
  var isFilterLost = false
  /// Per slot, the first value that did not fit what the sample showed.
  var stops: [Int: Range<Int>] = [:]
  /// The number of rows that had empty fields beyond the last column.
  var trimmedRowCount = 0
  /// The number of rows read, those included that do not stay.
  var readRowCount = 0
  /// The rows whose quotes do not pair and that could be read nevertheless.
  var repairs: [RowProblem] = []
}

/// Reads parts of a file, one after the other, into columns.
///
/// Owned by one thread. Its buffers are kept from part to part.
final class ChunkReader {
  private let plan: CSVPlan
  private let options: CSVOptions
  /// The positions of the columns that are read.
  private let columns: [Int]
  private let parsers: [ColumnParser]
  private let regular: RegularRows?
  private let checksRows: Bool
  private var test: ChunkTest?
  private var slice: RowSlice
  private var seenMisfits: [Int]
  private var rowCount = 0
  private var dropped: Set<Int> = []

  /// Creates a reader.
  ///
  /// - Parameters:
  ///   - plan: How the file is read.
  ///   - options: What the user says.
  ///   - columns: The positions of the columns that are read.
  ///   - checksRows: Whether problems of rows and text are noted; not so when columns are read again.
  ///   - tests: What rows are left out by.
  init(
    plan: CSVPlan,
    options: CSVOptions,
    columns: [Int],
    checksRows: Bool,
    tests: ChunkFilter? = nil
  ) {
    test = tests.flatMap { ChunkTest($0) }
    self.plan = plan
    self.options = options
    self.columns = columns
    self.checksRows = checksRows
    parsers = columns.map { position in
      let column = plan.columns[position]
      return ColumnParser(
        reading: column.decision.reading,
        type: column.type,
        isGiven: column.isGiven,
        fields: plan.fields(of: column),
        policy: column.isGiven ? .null : .stop
      )
    }
    regular =
      options.usesGeneralRules
      ? nil
      : RegularRows(
        dialect: plan.dialect,
        columnCount: plan.columns.count,
        maximumRowByteCount: options.maximumLineByteCount
      )
    slice = RowSlice(columnCount: plan.columns.count)
    seenMisfits = columns.map { _ in 0 }
  }

  /// Reads the rows that begin from `start` on and in front of `limit`.
  ///
  /// `kept` says per group which rows stay, where that is known already.
  func read(
    _ bytes: Span<UInt8>,
    from start: Int,
    limit: Int,
    kept: [[Int32]?]?
  ) -> ChunkResult {
    var result = ChunkResult(start: start, end: start)
    var scanner = plan.scanner(from: start, options: options)
    scanner.limit = limit
    begin()
    while scanner.position < min(limit, bytes.count), !result.isFatal {
      let (firstByte, firstRow) = (scanner.position, rowCount)
      let room = StoredTable.preferredRowGroupRowCount - rowCount
      regular?.scan(bytes, from: scanner.position, limit: limit, rowLimit: room)
      if let regular, regular.rowCount > 0 {
        readSlice(bytes, scanner.position..<regular.end, hasHighBits: regular.hasHighBits, &result)
        if !result.isFatal { parse(bytes, regular, &result) }
        scanner.position = regular.end
        rowCount += regular.rowCount
      }
      // Where few rows were regular, the general rules read more than the one in the way.
      if regular.map({ $0.rowCount < 64 }) ?? true, scanner.position < limit, !result.isFatal,
        rowCount < StoredTable.preferredRowGroupRowCount
      {
        readGenerally(bytes, &scanner, &result)
      }
      if result.isFatal { break }
      noteMisfits(&result)
      result.readRowCount += rowCount - firstRow
      tell(byteCount: scanner.position - firstByte, rowCount: rowCount - firstRow, &result)
      if rowCount >= StoredTable.preferredRowGroupRowCount, !result.isFatal {
        finishGroup(&result, kept)
      }
    }
    if rowCount > 0, !result.isFatal { finishGroup(&result, kept) }
    result.end = scanner.position
    result.trimmedRowCount = scanner.trimmedRowCount
    result.repairs = scanner.repairs
    return result
  }

  /// Tells how far the reading is, and ends it where the user asked for that.
  private func tell(byteCount: Int, rowCount: Int, _ result: inout ChunkResult) {
    do throws(FormatError) {
      try options.progress?.add(byteCount: byteCount, rowCount: checksRows ? rowCount : 0)
    } catch {
      // `CSVRun` throws it when all threads have ended.
      result.isFatal = true
    }
  }

  /// Forgets what was left of another part.
  private func begin() {
    for parser in parsers { parser.abandon() }
    seenMisfits = columns.map { _ in 0 }
    rowCount = 0
    dropped = []
    test?.beginGroup()
  }

  private func parse(_ bytes: Span<UInt8>, _ regular: RegularRows, _ result: inout ChunkResult) {
    var isCopied = false
    for (i, parser) in parsers.enumerated() where !parser.isStopped && !isLate(i) {
      if parser.parse(bytes, regular, column: columns[i]) { continue }
      if !isCopied { slice.copy(regular, bytes) }
      isCopied = true
      parser.parse(bytes, slice, column: columns[i])
    }
    guard let rows = passedRows(of: regular.rowCount, &result) else { return }
    for (i, parser) in parsers.enumerated() where isLate(i) {
      parser.parseText(bytes, regular, columns[i], rows: rows)
    }
  }

  /// Whether a column is read only for rows that pass.
  private func isLate(_ slot: Int) -> Bool { test?.isLate[slot] ?? false }

  /// The rows of those read last for which late columns are to be read; nil where there is nothing
  /// more to read.
  private func passedRows(of count: Int, _ result: inout ChunkResult) -> [Int32]? {
    if test == nil { return nil }
    guard let rows = test?.rows(parsers, firstRow: rowCount, count: count) else {
      result.isFilterLost = true
      result.isFatal = true
      return nil
    }
    return rows
  }

  private func readGenerally(
    _ bytes: Span<UInt8>,
    _ scanner: inout RowScanner,
    _ result: inout ChunkResult
  ) {
    let start = scanner.position
    let problemCount = scanner.problems.count
    let room = StoredTable.preferredRowGroupRowCount - rowCount
    let limit = min(options.sliceRowCount, room)
    guard scanner.scan(bytes, rowLimit: limit, into: &slice) else { return }
    readSlice(bytes, start..<scanner.position, hasHighBits: true, &result)
    if checksRows {
      for problem in scanner.problems[problemCount...]
      where !result.isFatal && !problem.isBlank(bytes) {
        result.issues.append(.row(problem))
        result.isFatal = options.errorPolicy == .fail
      }
    }
    if result.isFatal { return }
    for (i, parser) in parsers.enumerated() where !parser.isStopped && !isLate(i) {
      parser.parse(bytes, slice, column: columns[i])
    }
    if let rows = passedRows(of: slice.rowCount, &result) {
      for (i, parser) in parsers.enumerated() where isLate(i) {
        parser.parseText(bytes, slice, columns[i], rows: rows)
      }
    }
    rowCount += slice.rowCount
  }

  /// Checks that the rows are UTF-8.
  private func readSlice(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    hasHighBits: Bool,
    _ result: inout ChunkResult
  ) {
    let isFirst = range.lowerBound == plan.firstRowOffset
    guard checksRows, hasHighBits || isFirst else { return }
    // The header is checked with the first rows.
    let start = isFirst ? 0 : range.lowerBound
    guard let offset = UTF8Check.firstInvalid(bytes, start..<range.upperBound) else { return }
    result.issues.append(.invalidUTF8(offset: offset))
    result.isFatal = true
  }

  private func noteMisfits(_ result: inout ChunkResult) {
    for (slot, parser) in parsers.enumerated() where parser.misfits.count > seenMisfits[slot] {
      if parser.isStopped {
        if result.stops[slot] == nil { result.stops[slot] = parser.misfits[0].range }
        if test != nil {
          // The column is read again for all rows, as its type is another.
          result.isFilterLost = true
          result.isFatal = true
        }
        continue
      }
      if checksRows {
        for misfit in parser.misfits[seenMisfits[slot]...] where !result.isFatal {
          result.issues.append(.value(slot: slot, range: misfit.range))
          result.isFatal = options.errorPolicy.stopsAtValues
          if options.errorPolicy == .skip { dropped.insert(misfit.row) }
        }
      }
      seenMisfits[slot] = parser.misfits.count
    }
  }

  private func finishGroup(_ result: inout ChunkResult, _ known: [[Int32]?]?) {
    var kept =
      dropped.isEmpty ? nil : (0..<Int32(rowCount)).filter { !dropped.contains(Int($0)) }
    if let known, result.groups.count < known.count { kept = known[result.groups.count] }
    var keptLate = kept
    if let test, test.passed.count < rowCount {
      kept = test.passed.filter { !dropped.contains(Int($0)) }
      keptLate =
        dropped.isEmpty
        ? nil
        : test.passed.indices.filter { !dropped.contains(Int(test.passed[$0])) }.map {
          Int32(truncatingIfNeeded: $0)
        }
    }
    result.groups.append(
      ChunkResult.Group(
        rowCount: kept?.count ?? rowCount,
        kept: kept,
        columns: parsers.enumerated().map { slot, parser in
          parser.isStopped ? nil : parser.finish(rows: isLate(slot) ? keptLate : kept)
        }
      )
    )
    seenMisfits = columns.map { _ in 0 }
    rowCount = 0
    dropped = []
    test?.beginGroup()
  }
}

extension CSVPlan {
  /// Returns a scanner of the rows from an offset on.
  func scanner(from start: Int, options: CSVOptions) -> RowScanner {
    var scanner = RowScanner(dialect: dialect, columnCount: columns.count, position: start)
    scanner.padsShortRows = padsShortRows
    scanner.repairsQuotes = options.errorPolicy != .fail
    scanner.maximumRowByteCount = options.maximumLineByteCount
    return scanner
  }
}
