internal import TundishColumns

/// One reading of a file: chunks of rows become batches, misfits become notes, rejects or errors.
struct CSVRun {
  private var plan: CSVPlan
  private let text: CSVText
  private let options: CSVOptions
  /// The columns to read.
  private let positions: [Int]
  /// Per chunk and column read, the values; nil while they are not settled.
  private var chunks: [[Column?]] = []
  /// Per chunk, the rows that stay; nil where all do.
  private var keptRows: [[Int32]?] = []
  private var rejects: [RejectedRow] = []
  private var notes: [String] = []
  private var counter: LineCounter
  private var rejectedCount = 0
  /// The rows that had to be set aside or repaired, for `ErrorPolicy.tolerate`.
  private var odd = OddRows()
  /// The first misfit of each column to read again.
  private var stopped: [Int: String] = [:]

  private static let chunkRowCount = 65_536
  private static let chunkByteCount = 1 << 29
  private static let maximumRejectCount = 10_000

  init(plan: CSVPlan, text: CSVText, options: CSVOptions, positions: [Int]) {
    self.plan = plan
    self.text = text
    self.options = options
    self.positions = positions
    counter = LineCounter(plan.dialect)
    notes = plan.notes + [plan.titleNote].compactMap { $0 }
  }

  /// Reads all rows.
  mutating func read(_ bytes: Span<UInt8>) throws(FormatError) -> CSVResult {
    // Columns that the sample leaves undecided are decided by all rows.
    let ties = positions.filter { plan.columns[$0].decision.isTie }
    if !ties.isEmpty { decide(bytes, columns: ties) }
    options.progress?.begin(totalByteCount: bytes.count)
    try parse(bytes, slots: Array(positions.indices), isFirst: true)
    if !stopped.isEmpty { try widen(bytes) }
    return try result()
  }

  private func makeScanner() -> RowScanner {
    var scanner = RowScanner(
      dialect: plan.dialect,
      columnCount: plan.columns.count,
      position: plan.firstRowOffset
    )
    scanner.padsShortRows = plan.padsShortRows
    scanner.repairsQuotes = options.errorPolicy != .fail
    scanner.maximumRowByteCount = options.maximumLineByteCount
    return scanner
  }

  /// Reads some of the columns; `slots` are positions among those to be read.
  private mutating func parse(
    _ bytes: Span<UInt8>,
    slots: [Int],
    isFirst: Bool
  ) throws(FormatError) {
    let parsers = slots.map { slot in
      let column = plan.columns[positions[slot]]
      return ColumnParser(
        reading: column.decision.reading,
        type: column.type,
        isGiven: column.isGiven,
        fields: plan.fields,
        policy: column.isGiven ? .null : .stop
      )
    }
    var scanner = makeScanner()
    var slice = RowSlice(columnCount: plan.columns.count)
    var chunk = 0
    var rowCount = 0
    var chunkStart = scanner.position
    var dropped: Set<Int> = []
    var problemCount = 0
    var seenMisfits = [Int](repeating: 0, count: slots.count)

    func isFull() -> Bool {
      rowCount >= Self.chunkRowCount || scanner.position - chunkStart >= Self.chunkByteCount
    }
    func finishChunk() {
      if isFirst {
        chunks.append([Column?](repeating: nil, count: positions.count))
        let kept =
          dropped.isEmpty ? nil : (0..<Int32(rowCount)).filter { !dropped.contains(Int($0)) }
        keptRows.append(kept)
      }
      for (slot, parser) in zip(slots, parsers) where !parser.isStopped {
        chunks[chunk][slot] = parser.finish()
      }
      seenMisfits = [Int](repeating: 0, count: slots.count)
      chunk += 1
      rowCount = 0
      dropped = []
      chunkStart = scanner.position
    }

    while true {
      let start = scanner.position
      let limit = min(options.sliceRowCount, Self.chunkRowCount - rowCount)
      guard scanner.scan(bytes, rowLimit: limit, into: &slice) else { break }
      if isFirst {
        try checkEncoding(bytes, start..<scanner.position, scanner.hasHighBits)
        for problem in scanner.problems[problemCount...] { try handle(problem, bytes) }
        problemCount = scanner.problems.count
      }
      for (i, parser) in parsers.enumerated() where !parser.isStopped {
        let position = positions[slots[i]]
        parser.parse(bytes, slice, column: position)
        guard parser.misfits.count > seenMisfits[i] else { continue }
        for misfit in parser.misfits[seenMisfits[i]...] {
          let name = plan.columns[position].name
          if parser.isStopped {
            let value = Excerpt.text(bytes, misfit.range)
            let line = counter.line(bytes, at: misfit.range.lowerBound)
            stopped[slots[i]] = "'\(value)' in line \(line)"
          } else if isFirst {
            try handle(misfit.range, row: misfit.row, name, parser.type, bytes, &dropped)
          }
        }
        seenMisfits[i] = parser.misfits.count
      }
      rowCount += slice.rowCount
      if isFirst { odd.readRowCount += slice.rowCount }
      try options.progress?.advance(
        byteCount: scanner.position,
        rowCount: isFirst ? slice.rowCount : 0
      )
      if isFull() { finishChunk() }
    }
    if rowCount > 0 { finishChunk() }
    if isFirst { try judge(scanner, bytes) }
    if isFirst, scanner.trimmedRowCount > 0 {
      notes.append("\(scanner.trimmedRowCount) rows had empty fields beyond the last column")
    }
  }

  /// Decides about columns with the evidence of all rows.
  private mutating func decide(_ bytes: Span<UInt8>, columns: [Int]) {
    var scanner = makeScanner()
    var slice = RowSlice(columnCount: plan.columns.count)
    var evidence = [TypeEvidence](repeating: TypeEvidence(options), count: columns.count)
    while scanner.scan(bytes, rowLimit: options.sliceRowCount, into: &slice) {
      for (i, column) in columns.enumerated() where !evidence[i].isSettled {
        CSVPlan.gather(bytes, slice, column, plan.fields, into: &evidence[i])
      }
    }
    var hints = plan.hints
    let orders = Set(evidence.compactMap(\.provenDayOrder))
    let marks = Set(evidence.compactMap(\.provenDecimalMark))
    if hints.dayOrder == nil, orders.count == 1 { hints.dayOrder = orders.first }
    if hints.decimalMark == nil, marks.count == 1 { hints.decimalMark = marks.first }
    let input = text.input
    let dialect = plan.dialect
    for (i, column) in columns.enumerated() {
      plan.columns[column].evidence = evidence[i]
      let decision = evidence[i].decision(name: plan.columns[column].name, hints: hints) { offset in
        input.withSpan { bytes in
          var counter = LineCounter(dialect)
          return counter.line(bytes, at: offset)
        }
      }
      plan.columns[column].decision = decision
      plan.columns[column].type = decision.reading.type
    }
  }

  /// Reads columns again whose later values did not fit what the sample showed.
  private mutating func widen(_ bytes: Span<UInt8>) throws(FormatError) {
    let slots = stopped.keys.sorted()
    let columns = slots.map { positions[$0] }
    let before = columns.map { plan.columns[$0].type }
    let reasons = slots.map { stopped[$0] ?? "" }
    decide(bytes, columns: columns)
    stopped = [:]
    try parse(bytes, slots: slots, isFirst: false)
    if !stopped.isEmpty {
      // Every value was looked at, so this does not happen; text holds whatever it is.
      let rest = stopped.keys.sorted()
      for slot in rest {
        plan.columns[positions[slot]].decision = TypeDecision(reading: .text, evidence: "text")
        plan.columns[positions[slot]].type = .varchar
      }
      stopped = [:]
      try parse(bytes, slots: rest, isFirst: false)
    }
    for (i, column) in columns.enumerated() {
      let now = plan.columns[column]
      notes.append(
        "column \(now.name) is \(now.type) and not \(before[i]) because of \(reasons[i])"
      )
    }
  }

  private func checkEncoding(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ hasHighBits: Bool
  ) throws(FormatError) {
    guard hasHighBits || range.lowerBound == plan.firstRowOffset else { return }
    // The header is checked with the first rows.
    let start = range.lowerBound == plan.firstRowOffset ? 0 : range.lowerBound
    guard let offset = UTF8Check.firstInvalid(bytes, start..<range.upperBound) else { return }
    var counter = LineCounter(plan.dialect)
    throw .invalidUTF8(
      byte: bytes[offset],
      line: counter.line(bytes, at: offset),
      column: counter.column(bytes, at: offset)
    )
  }

  /// Handles a row that does not fit as a whole.
  private mutating func handle(
    _ problem: RowProblem,
    _ bytes: Span<UInt8>
  ) throws(FormatError) {
    let columnCount = plan.columns.count
    if odd.firstProblem == nil { odd.firstProblem = problem }
    if options.errorPolicy == .fail { throw error(of: problem, bytes) }
    reject(
      line: counter.line(bytes, at: problem.start),
      column: nil,
      text: Excerpt.text(bytes, problem.start..<max(problem.start, min(problem.end, bytes.count))),
      reason: problem.reason(columnCount: columnCount)
    )
  }

  private func error(of problem: RowProblem, _ bytes: Span<UInt8>) -> FormatError {
    problem.error(
      bytes,
      plan.dialect,
      columnCount: plan.columns.count,
      limit: options.maximumLineByteCount
    )
  }

  /// Decides whether odd rows are few enough, and tells about them.
  private mutating func judge(
    _ scanner: RowScanner,
    _ bytes: Span<UInt8>
  ) throws(FormatError) {
    odd.setAsideCount = scanner.problems.count
    odd.repairedCount = scanner.repairs.count
    let rowCount = odd.readRowCount + odd.setAsideCount
    if let first = odd.firstProblem ?? scanner.repairs.first {
      if options.errorPolicy == .tolerate, !odd.areFew(among: rowCount) {
        throw error(of: first, bytes)
      }
    }
    if let first = odd.firstProblem {
      odd.notes.append(
        odd.setAsideText(
          line: counter.line(bytes, at: first.start),
          reason: first.reason(columnCount: plan.columns.count)
        )
      )
    }
    if let first = scanner.repairs.first {
      odd.notes.append(odd.repairText(line: counter.line(bytes, at: first.start)))
    }
  }

  /// Handles a value that does not fit the type that the user gave.
  private mutating func handle(
    _ range: Range<Int>,
    row: Int,
    _ name: String,
    _ type: DataType,
    _ bytes: Span<UInt8>,
    _ dropped: inout Set<Int>
  ) throws(FormatError) {
    let value = Excerpt.text(bytes, range)
    let line = counter.line(bytes, at: range.lowerBound)
    switch options.errorPolicy {
    case .fail, .tolerate:
      throw .valueDoesNotFit(
        value,
        type: "\(type)",
        column: name,
        line: line,
        hint: "NULLSTR '\(value)' reads it as NULL, ON_ERROR 'null' every such value, "
          + "ON_ERROR 'skip' leaves the rows out"
      )
    case .skip: dropped.insert(row)
    case .null: break
    }
    reject(line: line, column: name, text: value, reason: "cannot be read as \(type)")
  }

  private mutating func reject(line: Int, column: String?, text: String, reason: String) {
    rejectedCount += 1
    guard rejects.count < Self.maximumRejectCount else { return }
    rejects.append(RejectedRow(line: line, column: column, text: text, reason: reason))
  }

  private mutating func result() throws(FormatError) -> CSVResult {
    let columns = positions.map { plan.columns[$0] }
    let schema = Schema(
      columns.map { Field(name: $0.name, type: $0.type, unit: $0.decision.unit) }
    )
    var builder = StoredTableBuilder(schema: schema)
    do {
      for chunk in chunks.indices {
        var values = chunks[chunk].compactMap { $0 }
        chunks[chunk] = []
        if let kept = keptRows[chunk] { values = values.map { $0.gathered(kept) } }
        try builder.append(Batch(columns: values, rowCount: values.first?.count ?? 0))
      }
      let table = try builder.finish()
      var report = plan.report(text)
      report.rowCount = table.rowCount
      report.notes = notes + odd.notes
      report.rowNotes += odd.notes
      let valueCount = rejectedCount - odd.setAsideCount
      if valueCount > 0 {
        report.notes.append("\(valueCount) values could not be read; see the table rejects")
      }
      if text.encoding != .utf8, options.encoding == nil {
        report.notes.append("the file was read as \(text.encoding.rawValue)")
      }
      return CSVResult(table: table, report: report, rejects: rejects)
    } catch {
      throw .tooMuch(error.message)
    }
  }
}
