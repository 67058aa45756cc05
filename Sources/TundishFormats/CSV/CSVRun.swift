internal import Synchronization
internal import TundishColumns

/// One reading of a file: parts of it become row groups, misfits become notes, rejects or errors.
struct CSVRun {
  private var plan: CSVPlan
  private let text: CSVText
  private let options: CSVOptions
  /// The columns to read.
  private let positions: [Int]
  /// Where the parts begin.
  private var starts: [Int] = []
  /// Per part, its row groups.
  private var chunks: [[ChunkResult.Group]] = []
  private var rejects: [RejectedRow] = []
  private var notes: [String] = []
  /// The columns whose type is not what the sample showed.
  private var wideningNotes: [String] = []
  private var counter: LineCounter
  private var rejectedCount = 0
  /// The rows that had to be set aside or repaired, for `ErrorPolicy.tolerate`.
  private var odd = OddRows()
  private var trimmedRowCount = 0
  /// The first misfit of each column to read again.
  private var stopped: [Int: String] = [:]
  /// The condition that rows may be left out by.
  var filter: RowFilter?
  /// Whether the filter cannot be applied: a column has another type than it was bound to, or a type
  /// that the sample does not show, or the condition fails for a row.
  private var isFilterLost = false

  private static let maximumRejectCount = 10_000

  init(plan: CSVPlan, text: CSVText, options: CSVOptions, positions: [Int]) {
    self.plan = plan
    self.text = text
    self.options = options
    self.positions = positions
    counter = LineCounter(plan.dialect)
    notes = text.notes + plan.notes + [plan.titleNote].compactMap { $0 }
  }

  /// Reads all rows; nil where that must be done without the filter.
  mutating func read(_ bytes: Span<UInt8>) throws(FormatError) -> CSVResult? {
    // Columns that the sample leaves undecided are decided by all rows.
    // Those that are not read take part, as one may prove the order of days for another.
    let ties = plan.columns.indices.filter { plan.columns[$0].decision.isTie }
    if positions.contains(where: { plan.columns[$0].decision.isTie }) {
      decide(bytes, columns: ties)
    }
    if filter != nil, tests == nil { return nil }
    starts = ChunkStarts.offsets(bytes, plan, options)
    options.progress?.begin(totalByteCount: bytes.count)
    try parse(bytes, slots: Array(positions.indices), isFirst: true)
    if isFilterLost { return nil }
    try judge(bytes)
    if trimmedRowCount > 0 {
      notes.append("\(trimmedRowCount) rows had empty fields beyond the last column")
    }
    if !stopped.isEmpty { try widen(bytes) }
    return try result()
  }

  /// The filter as the parts apply it; nil where it is of no use or does not fit.
  private var tests: ChunkFilter? {
    filter.flatMap { ChunkFilter($0, positions: positions, columns: plan.columns) }
  }

  /// Reads some of the columns; `slots` are positions among those to be read.
  ///
  /// All parts are read at the same time, then taken in order: one that did not begin where the
  /// part in front of it ended is read again.
  private mutating func parse(
    _ bytes: Span<UInt8>,
    slots: [Int],
    isFirst: Bool
  ) throws(FormatError) {
    var results = [ChunkResult?](repeating: nil, count: starts.count)
    var position = plan.firstRowOffset
    var next = 0
    try options.progress?.advance(byteCount: position, rowCount: 0)
    while next < starts.count {
      results = read(results, from: next, slots: slots, isFirst: isFirst)
      try options.progress?.check()
      while next < starts.count, let result = results[next] {
        guard result.start == position else {
          // It is read again, so that it counts once.
          try options.progress?.add(
            byteCount: result.start - result.end,
            rowCount: isFirst ? -result.readRowCount : 0
          )
          starts[next] = position
          results[next] = nil
          break
        }
        try take(result, number: next, slots: slots, isFirst: isFirst, bytes)
        if isFilterLost { return }
        results[next] = nil
        position = result.end
        next += 1
      }
    }
  }

  /// Reads the parts that have no result yet, except those behind one that ends the reading.
  private func read(
    _ results: [ChunkResult?],
    from first: Int,
    slots: [Int],
    isFirst: Bool
  ) -> [ChunkResult?] {
    let pending = (first..<starts.count).filter { results[$0] == nil }
    let shared = Mutex(results)
    let firstFatal = Atomic<Int>(Int.max)
    let queue = Atomic<Int>(0)
    let (plan, options, input, starts, chunks) = (plan, options, text.input, starts, chunks)
    let columns = slots.map { positions[$0] }
    let tests = isFirst ? tests : nil
    ReaderThreads.runWorkers(count: min(pending.count, options.threadCount)) { _ in
      let reader = ChunkReader(
        plan: plan,
        options: options,
        columns: columns,
        checksRows: isFirst,
        tests: tests
      )
      while true {
        let turn = queue.wrappingAdd(1, ordering: .relaxed).oldValue
        guard turn < pending.count else { return }
        let number = pending[turn]
        guard number < firstFatal.load(ordering: .relaxed) else { return }
        let limit = number + 1 < starts.count ? starts[number + 1] : Int.max
        let result = input.withSpan { bytes in
          reader.read(
            bytes.extracting(..<plan.end),
            from: starts[number],
            limit: limit,
            kept: isFirst ? nil : chunks[number].map(\.kept)
          )
        }
        if result.isFatal { firstFatal.min(number, ordering: .relaxed) }
        input.discardPages(starts[number]..<result.end)
        shared.withLock { $0[number] = result }
      }
    }
    return shared.withLock { $0 }
  }

  /// Takes the rows of a part whose place is certain.
  private mutating func take(
    _ result: ChunkResult,
    number: Int,
    slots: [Int],
    isFirst: Bool,
    _ bytes: Span<UInt8>
  ) throws(FormatError) {
    if isFirst {
      for issue in result.issues { try handle(issue, bytes) }
      isFilterLost = result.isFilterLost
      if isFilterLost { return }
      trimmedRowCount += result.trimmedRowCount
      odd.note(repairs: result.repairs)
      odd.readRowCount += result.readRowCount
      chunks.append(result.groups)
    } else {
      for group in result.groups.indices {
        for (i, slot) in slots.enumerated() {
          chunks[number][group].columns[slot] = result.groups[group].columns[i]
        }
      }
    }
    for (i, range) in result.stops where stopped[slots[i]] == nil {
      let value = Excerpt.text(bytes, range)
      stopped[slots[i]] = "'\(value)' in line \(counter.line(bytes, at: range.lowerBound))"
    }
  }

  /// Decides about columns with the evidence of all rows.
  private mutating func decide(_ bytes: Span<UInt8>, columns: [Int]) {
    var scanner = plan.scanner(from: plan.firstRowOffset, options: options)
    var slice = RowSlice(columnCount: plan.columns.count)
    var evidence = [TypeEvidence](repeating: TypeEvidence(options), count: columns.count)
    for (i, column) in columns.enumerated() {
      evidence[i].keepsEmptyTexts = plan.columns[column].evidence.keepsEmptyTexts
    }
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
      plan.columns[column].decision = decision.among(options.typeCandidates)
      plan.columns[column].type = plan.columns[column].decision.reading.type
      plan.columns[column].take(options.units[column])
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
      wideningNotes.append(
        "column \(now.name) is \(now.type) and not \(before[i]) because of \(reasons[i])"
      )
    }
  }

  private mutating func handle(
    _ issue: ChunkResult.Issue,
    _ bytes: Span<UInt8>
  ) throws(FormatError) {
    switch issue {
    case .invalidUTF8(let offset):
      throw .invalidUTF8(
        byte: bytes[offset],
        line: counter.line(bytes, at: offset),
        column: counter.column(bytes, at: offset),
        text: Excerpt.around(bytes, offset)
      )
    case .row(let problem): try handle(problem, bytes)
    case .value(let slot, let range):
      let column = plan.columns[positions[slot]]
      try handle(range, column.name, column.type, bytes)
    }
  }

  /// Handles a row that does not fit as a whole.
  private mutating func handle(
    _ problem: RowProblem,
    _ bytes: Span<UInt8>
  ) throws(FormatError) {
    let columnCount = plan.columns.count
    if odd.firstProblem == nil { odd.firstProblem = problem }
    odd.setAsideCount += 1
    if problem.holdsOneValue(bytes, delimiter: plan.dialect.delimiter) { odd.loneCount += 1 }
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
  private mutating func judge(_ bytes: Span<UInt8>) throws(FormatError) {
    let rowCount = odd.readRowCount + odd.setAsideCount
    if let first = odd.firstProblem ?? odd.firstRepair, options.errorPolicy == .tolerate {
      if let problem = odd.firstProblem, let fieldCount = secondTable(bytes, from: problem) {
        odd.notes.append(
          OddRows.secondTableText(
            line: counter.line(bytes, at: problem.start),
            fieldCount: fieldCount
          )
        )
        return
      }
      if !odd.areFew(among: rowCount) { throw error(of: first, bytes) }
    }
    if let first = odd.firstProblem {
      odd.notes.append(
        odd.setAsideText(
          line: counter.line(bytes, at: first.start),
          reason: first.reason(columnCount: plan.columns.count)
        )
      )
    }
    if let first = odd.firstRepair {
      odd.notes.append(odd.repairText(line: counter.line(bytes, at: first.start)))
    }
  }

  /// Returns the number of fields of the rows from a problem on, where they are a table of their own:
  /// they all have as many, at least two of them, and no row of the first table follows.
  private func secondTable(_ bytes: Span<UInt8>, from first: RowProblem) -> Int? {
    guard let fieldCount = first.fieldCount, fieldCount > 1, odd.setAsideCount > 1 else {
      return nil
    }
    var scanner = plan.scanner(from: first.start, options: options)
    var slice = RowSlice(columnCount: plan.columns.count)
    _ = scanner.scan(bytes, rowLimit: 1, into: &slice)
    let isTable =
      slice.rowCount == 0 && scanner.problems.count == odd.setAsideCount
      && scanner.problems.allSatisfy { $0.fieldCount == fieldCount }
    return isTable ? fieldCount : nil
  }

  /// Handles a value that does not fit the type that the user gave.
  private mutating func handle(
    _ range: Range<Int>,
    _ name: String,
    _ type: DataType,
    _ bytes: Span<UInt8>
  ) throws(FormatError) {
    let value = Excerpt.text(bytes, range)
    let line = counter.line(bytes, at: range.lowerBound)
    if options.errorPolicy.stopsAtValues {
      throw .valueDoesNotFit(
        value,
        type: "\(type)",
        column: name,
        line: line,
        hint: "NULLSTR '\(value)' reads it as NULL, ON_ERROR 'null' every such value, "
          + "ON_ERROR 'skip' leaves the rows out"
      )
    }
    reject(line: line, column: name, text: value, reason: "cannot be read as \(type)")
  }

  private mutating func reject(line: Int, column: String?, text: String, reason: String) {
    rejectedCount += 1
    guard rejects.count < min(Self.maximumRejectCount, options.maximumRejectCount) else { return }
    rejects.append(RejectedRow(line: line, column: column, text: text, reason: reason))
  }

  private mutating func result() throws(FormatError) -> CSVResult {
    let columns = positions.map { plan.columns[$0] }
    let schema = Schema(
      columns.map { Field(name: $0.name, type: $0.type, unit: $0.decision.unit) }
    )
    do {
      let table = try ChunkedTable.make(
        schema: schema,
        groups: chunks.flatMap { $0 },
        threadCount: options.threadCount
      )
      var report = plan.report(text)
      report.rowCount = table.rowCount
      report.notes = notes + wideningNotes + odd.notes
      report.rowNotes += wideningNotes + odd.notes
      let valueCount = rejectedCount - odd.setAsideCount
      if valueCount > 0 {
        report.notes.append("\(valueCount) values could not be read; see the table rejects")
      }
      if text.encoding != .utf8, options.encoding == nil {
        report.notes.append("the file was read as \(text.encoding.rawValue)")
      }
      return CSVResult(
        table: table,
        report: report,
        rejects: rejects,
        isFiltered: filter != nil
      )
    } catch {
      throw .tooMuch(error.message)
    }
  }
}
