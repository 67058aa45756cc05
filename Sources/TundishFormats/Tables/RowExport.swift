internal import Synchronization
internal import TundishColumns

/// Writes many batches: several threads make text of some batches each, which is then passed on in
/// order.
struct RowExport {
  private let text: RowText
  private let threadCount: Int
  private let progress: ReadingProgress?

  /// The cells that a thread turns into text at a time, about.
  private static let pieceCellCount = 1 << 17

  init(_ text: RowText, _ options: WriterOptions) {
    self.text = text
    threadCount = max(1, options.threadCount)
    progress = options.progress
  }

  /// Writes all rows.
  ///
  /// - Parameters:
  ///   - batches: The rows.
  ///   - skipped: The bytes to leave out in front of the very first row.
  ///   - sink: What takes the text.
  /// - Throws: What the sink throws.
  func write(
    _ batches: [Batch],
    skipping skipped: Int,
    into sink: any ByteSink
  ) throws(FormatError) {
    var text = text
    text.prepare(for: batches)
    let pieces = Self.pieces(of: batches)
    var skipped = skipped
    var next = 0
    while next < pieces.count {
      let round = next..<min(pieces.count, next + threadCount * 2)
      next = round.upperBound
      let texts = Mutex([[[UInt8]]](repeating: [], count: round.count))
      ReaderThreads.run(count: round.count, threadCount: threadCount) { [text] number in
        let rows = batches[pieces[round.lowerBound + number]].map { text.rows(of: $0) }
        texts.withLock { $0[number] = rows }
      }
      for rows in texts.withLock({ $0.joined() }) where !rows.isEmpty {
        try sink.write(skipped == 0 ? rows : Array(rows.dropFirst(skipped)))
        skipped = 0
      }
      let written = pieces[round.lowerBound].lowerBound..<pieces[round.upperBound - 1].upperBound
      try progress?.add(
        byteCount: 0,
        rowCount: batches[written].reduce(0) { $0 + $1.rowCount }
      )
    }
  }

  private static func pieces(of batches: [Batch]) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = 0
    var cellCount = 0
    for (position, batch) in batches.enumerated() {
      cellCount += batch.rowCount * max(1, batch.columns.count)
      if cellCount >= pieceCellCount || position == batches.count - 1 {
        pieces.append(start..<position + 1)
        start = position + 1
        cellCount = 0
      }
    }
    return pieces
  }
}
