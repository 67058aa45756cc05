internal import Synchronization
internal import TundishColumns

// Reading a long text once, with types that a sample shows.
extension JSONRun {
  /// Reads the text with the types of its first records; nil where they are not those of all records,
  /// or where something must be told of a record.
  ///
  /// `members` are those around the array of records where it was guessed; what stands behind it is
  /// looked at afterwards, and may show that the records are others.
  mutating func readAtOnce(
    _ bytes: Span<UInt8>,
    _ layout: JSONLayout,
    _ members: JSONMembers?
  ) throws(FormatError) -> JSONResult? {
    // Given columns leave others out, of which nothing is known then.
    guard options.columns.isEmpty, let sample = JSONSample(bytes, layout, options) else {
      return nil
    }
    let columns = JSONColumns(sample.shape, options)
    guard columns.isObject else { return nil }
    let reader = JSONPieceReader(
      layout: layout,
      options: options,
      keys: columns.keys,
      readings: columns.readings,
      isSampled: true
    )
    let pieces = sample.pieces(bytes, layout, options)
    var results = read(pieces, reader)
    var groups: [ChunkResult.Group] = []
    var oddities = JSONOddities()
    var dropsAttributes = false
    var position = pieces[0].start
    var endOfRecords: Int?
    for number in pieces.indices {
      var piece = pieces[number]
      // A record may reach over the whole part.
      if position >= piece.limit { continue }
      if piece.start != position {
        piece.start = position
        results[number] = reader.read(piece, bytes)
      }
      let result = results[number]
      guard result.error == nil, !result.isMisfit, result.misplaced.isEmpty else {
        try options.progress?.check()
        return nil
      }
      groups += result.groups
      oddities.add(result.oddities)
      if result.dropsAttributes { dropsAttributes = true }
      position = result.end
      endOfRecords = result.endOfRecords
      if endOfRecords != nil { break }
    }
    if let members {
      guard let end = endOfRecords, let note = Self.note(of: members, bytes, end, layout, options)
      else { return nil }
      if !note.isEmpty { notes.append(note) }
    }
    if dropsAttributes { notes.append(Self.attributesNote) }
    rowNotes = oddities.notes(bytes)
    notes += rowNotes
    return try result(columns, groups)
  }

  /// What is said of the array of records, or nothing; nil where it is not the one that was guessed.
  private static func note(
    of guessed: JSONMembers,
    _ bytes: Span<UInt8>,
    _ end: Int,
    _ layout: JSONLayout,
    _ options: JSONOptions
  ) -> String? {
    var members = guessed
    guard let isWhole = try? members.skipRest(bytes, from: end), isWhole,
      let records = try? members.records(options), layout.begins(at: records.start)
    else { return nil }
    return records.note ?? ""
  }

  /// Reads the values of pieces on several threads; none after one that cannot be used.
  private func read(_ pieces: [JSONPiece], _ reader: JSONPieceReader) -> [JSONPiece.Result] {
    let results = Mutex([JSONPiece.Result](repeating: JSONPiece.Result(), count: pieces.count))
    let isOver = Atomic<Bool>(false)
    let input = text.input
    ReaderThreads.run(count: pieces.count, threadCount: options.threadCount) { number in
      guard !isOver.load(ordering: .relaxed) else { return }
      let result = input.withSpan { reader.read(pieces[number], $0) }
      input.discardPages(pieces[number].start..<max(pieces[number].start, result.end))
      // A piece that was cut in the wrong place says nothing about the others.
      if number == 0, result.isMisfit || result.error != nil {
        isOver.store(true, ordering: .relaxed)
      }
      results.withLock { $0[number] = result }
    }
    return results.withLock { $0 }
  }
}
