internal import TundishColumns

/// Some consecutive records of a text, which one thread turns into columns.
struct JSONPiece: Sendable {
  /// Where the first record begins.
  var start = 0
  /// The number of records.
  var count = 0
  /// Records that begin here or behind belong to the next piece.
  var limit = Int.max

  /// The records of a piece.
  static let maximumRowCount = 32_768

  /// What was read of a piece.
  struct Result: Sendable {
    var groups: [ChunkResult.Group] = []
    /// Where records begin that are no objects, as the others are.
    var misplaced: [Int] = []
    /// What ended the reading.
    var error: FormatError?
    /// Whether a record is not as the sample shows them.
    var isMisfit = false
    /// Where the record behind the last begins; the end of the text where there is none.
    var end = 0
    /// Behind the last record of all; nil where that is in another piece.
    var endOfRecords: Int?
    var oddities = JSONOddities()
    var dropsAttributes = false
  }
}

/// Reads pieces of a text into columns, whose names and types are known.
struct JSONPieceReader {
  let layout: JSONLayout
  let options: JSONOptions
  /// The names of the columns; nil where the values are no objects and make one column.
  let keys: [String]?
  let readings: [JSONReading]
  /// Whether names and types come from some of the records only.
  var isSampled = false

  /// Reads one piece.
  func read(_ piece: JSONPiece, _ bytes: Span<UInt8>) -> JSONPiece.Result {
    var result = JSONPiece.Result()
    do throws(FormatError) {
      try read(piece, bytes, into: &result)
    } catch {
      result.error = error
    }
    return result
  }

  private func read(
    _ piece: JSONPiece,
    _ bytes: Span<UInt8>,
    into result: inout JSONPiece.Result
  ) throws(FormatError) {
    let columns = readings.map { JSONColumn($0) }
    var record = JSONRecord(flattens: options.flattens)
    // So that the columns of a record are those of the table.
    for key in keys ?? [] { _ = record.position(ofName: key) }
    var cursor = layout.cursor(from: piece.start)
    var wasRead = 0
    var preparation = JSONPreparation(flattens: options.flattens)
    var block = JSONBlock(width: readings.count)
    var rowCount = 0
    var toldOffset = piece.start
    func take() throws(FormatError) {
      for (position, column) in columns.enumerated() {
        column.append(block, column: position, bytes)
      }
      // Both passes over the text make all of it.
      let offset = max(toldOffset, cursor.recordStart)
      let passes = isSampled ? 1 : 2
      try options.progress?.add(
        byteCount: (offset - toldOffset) / passes,
        rowCount: block.rowCount
      )
      toldOffset = offset
      rowCount += block.rowCount
      block.removeAll()
    }
    defer {
      result.isMisfit = result.isMisfit || columns.contains(where: \.isMisfit)
    }
    func finishGroup() {
      guard rowCount > 0 else { return }
      result.groups.append(
        ChunkResult.Group(rowCount: rowCount, kept: nil, columns: columns.map { $0.finish() })
      )
      rowCount = 0
    }
    reading: while wasRead < piece.count {
      result.oddities = cursor.oddities
      let step = try cursor.nextGood(bytes, into: &record, mayBePlain: keys != nil, options)
      if cursor.recordStart >= piece.limit {
        result.end = cursor.recordStart
        break
      }
      wasRead += 1
      switch step {
      case .end:
        result.end = bytes.count
        result.endOfRecords = cursor.position
        break reading
      case .plain:
        if isSampled, record.names.count > readings.count {
          result.isMisfit = true
          return
        }
        block.append(record)
      case .tree(let tree):
        let value = preparation.prepared(tree)
        guard let keys else {
          block.append(value: value)
          break
        }
        if value.isMisplaced {
          if options.errorPolicy == .fail {
            var counter = LineCounter()
            let line = counter.line(bytes, at: cursor.recordStart)
            throw .jsonRecord(line: line, text: value.plainText ?? "")
          }
          result.misplaced.append(cursor.recordStart)
        } else {
          if isSampled, !value.hasOnly(keys) { result.isMisfit = true }
          block.append(value, keys: keys)
        }
      }
      if isSampled, result.isMisfit { return }
      if block.isFull {
        try take()
        if isSampled, columns.contains(where: \.isMisfit) { return }
      }
      if rowCount >= JSONPiece.maximumRowCount { finishGroup() }
    }
    try take()
    finishGroup()
    result.dropsAttributes = preparation.droppedAttributes
  }
}

extension JSONValue {
  /// Whether an object has no members but some; true of what is no object.
  func hasOnly(_ names: [String]) -> Bool {
    guard case .object(let members) = self else { return true }
    let known = Set(names)
    return members.allSatisfy { known.contains($0.name) }
  }
}
