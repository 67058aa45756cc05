internal import Synchronization
internal import TundishColumns

/// One reading of a JSON text: once for the types that hold all values, once for the values, unless
/// the types that the first records of a long text show hold all values.
///
/// The first reading notes where records begin, so that the second can be done by several threads.
struct JSONRun {
  let options: JSONOptions
  let text: CSVText
  private var shape = JSONShape()
  var notes: [String] = []
  var rowNotes: [String] = []
  private var pieces: [JSONPiece] = []
  private var rejects: [RejectedRow] = []
  private var rejectedCount = 0
  private var counter = LineCounter()

  static let attributesNote = "the member 'attributes' was dropped but for its referenceId"
  private static let maximumRejectCount = 10_000
  /// The records after which the progress is told.
  private static let stepRowCount = 1_024

  init(options: JSONOptions, text: CSVText) {
    self.options = options
    self.text = text
  }

  /// Reads all records.
  mutating func read(_ bytes: Span<UInt8>) throws(FormatError) -> JSONResult {
    options.progress?.begin(totalByteCount: bytes.count)
    let guess = JSONLayout.guessed(bytes, start: text.start, options)
    if let (layout, members) = guess, let result = try readAtOnce(bytes, layout, members) {
      return result
    }
    let layout = try JSONLayout(bytes, start: text.start, options)
    // An array inside an object was sought through the whole text.
    text.input.discardPages(0..<bytes.count)
    if let note = layout.note { notes.append(note) }
    if guess == nil || !layout.isMember, let result = try readAtOnce(bytes, layout, nil) {
      return result
    }
    options.progress?.begin(totalByteCount: bytes.count)
    try look(bytes, layout)
    return try table(bytes, layout)
  }

  /// Finds out what the records look like, and where they begin.
  private mutating func look(
    _ bytes: Span<UInt8>,
    _ layout: JSONLayout
  ) throws(FormatError) {
    var record = JSONRecord(flattens: options.flattens)
    var cursor = layout.cursor()
    var preparation = JSONPreparation(flattens: options.flattens)
    var piece = JSONPiece()
    var toldOffset = text.start
    var isEnd = false
    while !isEnd {
      switch try next(&cursor, bytes, into: &record) {
      case .plain: shape.add(record, bytes)
      case .tree(let value): shape.add(preparation.prepared(value))
      case .end:
        isEnd = true
        continue
      }
      if piece.count == 0 { piece.start = cursor.recordStart }
      piece.count += 1
      if piece.count % Self.stepRowCount == 0 {
        let offset = max(toldOffset, cursor.recordStart)
        try options.progress?.add(byteCount: (offset - toldOffset) / 2, rowCount: 0)
        toldOffset = offset
      }
      if piece.count == JSONPiece.maximumRowCount {
        pieces.append(piece)
        text.input.discardPages(piece.start..<cursor.recordStart)
        piece = JSONPiece()
      }
    }
    if piece.count > 0 { pieces.append(piece) }
    if preparation.droppedAttributes {
      notes.append(Self.attributesNote)
    }
    rowNotes = cursor.oddities.notes(bytes)
    notes += rowNotes
  }

  private mutating func table(
    _ bytes: Span<UInt8>,
    _ layout: JSONLayout
  ) throws(FormatError) -> JSONResult {
    let columns = JSONColumns(shape, options)
    let groups = try groups(
      bytes,
      JSONPieceReader(
        layout: layout,
        options: options,
        keys: columns.isObject ? columns.keys : nil,
        readings: columns.readings
      )
    )
    noteRejects()
    return try result(columns, groups)
  }

  /// Makes the table of what was read.
  func result(
    _ columns: JSONColumns,
    _ groups: [ChunkResult.Group]
  ) throws(FormatError) -> JSONResult {
    let table: StoredTable
    do {
      table = try ChunkedTable.make(
        schema: columns.schema,
        groups: groups,
        threadCount: options.threadCount
      )
    } catch {
      throw .tooMuch(error.message)
    }
    return JSONResult(
      table: try JSONColumnTypes.converted(table, options),
      columns: zip(columns.schema.fields, columns.shapes).map { field, shape in
        (name: field.name, type: field.type, evidence: shape.evidence)
      },
      notes: notes,
      rowNotes: rowNotes,
      rejects: rejects
    )
  }

  /// Reads the values of all pieces, on several threads, and takes them in order.
  private mutating func groups(
    _ bytes: Span<UInt8>,
    _ reader: JSONPieceReader
  ) throws(FormatError) -> [ChunkResult.Group] {
    let results = Mutex([JSONPiece.Result](repeating: JSONPiece.Result(), count: pieces.count))
    let (pieces, input) = (pieces, text.input)
    ReaderThreads.run(count: pieces.count, threadCount: options.threadCount) { number in
      let result = input.withSpan { reader.read(pieces[number], $0) }
      let end = number + 1 < pieces.count ? pieces[number + 1].start : input.count
      input.discardPages(pieces[number].start..<end)
      results.withLock { $0[number] = result }
    }
    var groups: [ChunkResult.Group] = []
    for result in results.withLock({ $0 }) {
      if let error = result.error { throw error }
      groups += result.groups
      for start in result.misplaced {
        reject(at: start, bytes, reason: "no object, as the other records are")
      }
    }
    return groups
  }

  /// Reads the next record; one that is no JSON is set aside where that is asked for and possible.
  private mutating func next(
    _ cursor: inout JSONCursor,
    _ bytes: Span<UInt8>,
    into record: inout JSONRecord
  ) throws(FormatError) -> JSONCursor.Step {
    while true {
      do throws(FormatError) {
        return try cursor.next(bytes, into: &record, mayBePlain: true)
      } catch {
        let start = cursor.recordStart
        guard try cursor.skipBad(bytes, options, error) else { throw error }
        reject(at: start, bytes, reason: error.message)
      }
    }
  }

  private mutating func reject(at start: Int, _ bytes: Span<UInt8>, reason: String) {
    rejectedCount += 1
    guard rejects.count < Self.maximumRejectCount else { return }
    var end = start
    while end < bytes.count, bytes[end] != 0x0A { end += 1 }
    rejects.append(
      RejectedRow(
        line: counter.line(bytes, at: start),
        column: nil,
        text: Excerpt.text(bytes, start..<end),
        reason: reason
      )
    )
  }

  private mutating func noteRejects() {
    guard rejectedCount > 0, let first = rejects.first else { return }
    let rows = rejectedCount == 1 ? "1 record was" : "\(rejectedCount) records were"
    rowNotes.append(
      "\(rows) set aside, see the table rejects: line \(first.line) (\(first.reason)); "
        + "ON ERROR FAIL stops there"
    )
    notes += rowNotes.suffix(1)
  }
}
