/// Finds rows and fields, 64 bytes at a time.
///
/// Blocks are read with the assumption that quotes stand where RFC 4180 puts them: around whole
/// fields, doubled inside. Where a block breaks it, the row is read again byte by byte by
/// `scanRowSlowly`, which knows every rule; the two agree wherever the first applies.
struct RowScanner {
  /// The dialect.
  let dialect: CSVDialect
  /// The number of fields that a row has.
  let columnCount: Int
  /// Where the next row begins.
  var position: Int
  /// Rows with too few or too many fields, quotes that are not closed.
  private(set) var problems: [RowProblem] = []
  /// Whether bytes at or above 0x80 were met.
  private(set) var hasHighBits = false
  /// The number of rows that had empty fields beyond the last column.
  private(set) var trimmedRowCount = 0
  /// Rows whose quotes do not pair and that `QuoteRepair` could read nevertheless.
  private(set) var repairs: [RowProblem] = []

  /// Whether rows with too few fields are filled up with NULL.
  var padsShortRows = false
  /// Whether rows whose quotes do not pair are read where there is one sensible way.
  var repairsQuotes = false
  /// The greatest number of bytes in a row.
  var maximumRowByteCount = CSVOptions.defaultMaximumLineByteCount
  /// The end of a range of bytes in which rows may begin; for tests and for threads.
  var limit = Int.max
  /// Whether only the scalar rules are used; for tests.
  var isSlow = false

  private let patterns: StructuralPatterns
  /// The last byte known to be text, for `isBlankRest`.
  private var nextText = -1

  init(dialect: CSVDialect, columnCount: Int, position: Int) {
    self.dialect = dialect
    self.columnCount = columnCount
    self.position = position
    patterns = StructuralPatterns(dialect)
  }

  /// A slice ends after so many bytes even if it has few rows, so that offsets fit 32 bits.
  private static let maximumSliceByteCount = 1 << 30
}

/// Something wrong with a row as a whole.
struct RowProblem: Hashable {
  enum Kind: Hashable {
    case tooFewFields(Int)
    case tooManyFields(Int)
    case unclosedQuote
    case textAfterQuote
    case tooLong
  }

  let kind: Kind
  /// Where the row begins.
  let start: Int
  /// Where the trouble is.
  let offset: Int
  /// Where the row ends.
  let end: Int

  /// The number of fields, where that is the problem.
  var fieldCount: Int? {
    switch kind {
    case .tooFewFields(let count), .tooManyFields(let count): count
    case .unclosedQuote, .textAfterQuote, .tooLong: nil
    }
  }
}

extension RowScanner {
  /// Reads rows into a slice until it has enough or the input ends; false if there was none.
  ///
  /// Rows with problems are left out and collected in `problems`.
  mutating func scan(
    _ bytes: Span<UInt8>,
    rowLimit: Int,
    into slice: inout RowSlice
  ) -> Bool {
    precondition(slice.columnCount == columnCount, "a slice has the scanner's columns")
    // Every row has at least a byte, so a small file takes little room.
    slice.reset(base: position, rowLimit: min(rowLimit, max(1, bytes.count &- position &+ 1)))
    let firstPosition = position
    while position < bytes.count, position < limit, slice.rowCount < rowLimit,
      position &- slice.base < Self.maximumSliceByteCount
    {
      if dialect.escape == nil, !isSlow, !isComment(bytes) {
        scanBlocks(bytes, rowLimit: rowLimit, into: &slice)
      } else {
        scanRowSlowly(bytes, into: &slice)
      }
    }
    return position > firstPosition
  }

  private func isComment(_ bytes: Span<UInt8>) -> Bool {
    position < bytes.count && bytes[position] == dialect.comment
  }

  /// Reads rows as long as blocks follow the simple rules; stops in front of a row otherwise.
  private mutating func scanBlocks(
    _ bytes: Span<UInt8>,
    rowLimit: Int,
    into slice: inout RowSlice
  ) {
    let raw = unsafe bytes.bytes
    var tail = [UInt8](repeating: 0, count: 64)
    let base = slice.base
    let lastLimit = min(bytes.count, base &+ Self.maximumSliceByteCount)
    let trimsReturn = dialect.lineEnding == .lineFeed
    // Where something is to be checked in front of each row, rows are taken one by one.
    let goesRowByRow = dialect.comment != nil || limit != Int.max
    var row = RowSlice.Row(start: position)
    // All ones where the block begins inside quotes.
    var inside: UInt64 = 0
    // Whether the byte before the block lets a quote open, and whether it closed one.
    var before: UInt64 = 1
    var pendingClose: UInt64 = 0
    var block = position
    while block < lastLimit, block &- row.start <= maximumRowByteCount {
      var masks: BlockMasks
      if block &+ 64 <= bytes.count {
        masks = BlockMasks(raw, at: block, patterns)
      } else {
        for i in 0..<64 { tail[i] = block &+ i < bytes.count ? bytes[block &+ i] : 0 }
        masks = BlockMasks(unsafe tail.span.bytes, at: 0, patterns)
        let valid: UInt64 = (1 &<< UInt64(bytes.count &- block)) &- 1
        masks.delimiters &= valid
        masks.newlines &= valid
        masks.quotes &= valid
      }
      if masks.hasHighBits { hasHighBits = true }
      var separators = masks.delimiters | masks.newlines
      var isIrregular = false
      if masks.quotes | inside | pendingClose != 0 {
        let insideMask = BlockMasks.prefixParity(masks.quotes) ^ inside
        let opens = masks.quotes & insideMask
        let closes = masks.quotes & ~insideMask
        let outside = separators & ~insideMask
        let wrongOpens = opens & ~((outside | closes) &<< 1 | before)
        var wrongCloses = (closes &<< 1 | pendingClose) & ~(outside | opens)
        // A quote may also be closed in front of CR LF, or at the end of the input.
        var rest = wrongCloses
        while rest != 0 {
          let offset = block &+ rest.trailingZeroBitCount
          let isEnd =
            offset >= bytes.count
            || (bytes[offset] == 0x0D && (offset &+ 1 >= bytes.count || bytes[offset &+ 1] == 0x0A))
          if isEnd { wrongCloses &= ~(1 &<< UInt64(offset &- block)) }
          rest &= rest &- 1
        }
        separators = outside
        if wrongOpens | wrongCloses != 0 {
          isIrregular = true
          let first = (wrongOpens | wrongCloses).trailingZeroBitCount
          separators &= (1 &<< UInt64(first)) &- 1
        }
        inside = UInt64(bitPattern: Int64(bitPattern: insideMask) &>> 63)
        before = (outside | closes) &>> 63
        pendingClose = closes &>> 63
      } else {
        before = separators &>> 63
      }
      while separators != 0 {
        let irregular = slice.take(
          &separators,
          newlines: masks.newlines,
          at: block,
          bytes,
          row: &row,
          trimsReturn: trimsReturn,
          maximumRowByteCount: maximumRowByteCount,
          rowLimit: goesRowByRow ? slice.rowCount &+ 1 : rowLimit
        )
        if let offset = irregular {
          let isTrimmed = trimsReturn && offset > row.start && bytes[offset &- 1] == 0x0D
          finishIrregularRow(
            bytes,
            row.start,
            end: isTrimmed ? offset - 1 : offset,
            row.fieldCount,
            &slice
          )
          row = RowSlice.Row(start: offset &+ 1)
        }
        position = row.start
        if slice.rowCount >= rowLimit || row.start >= limit {
          return slice.removeEnds(row.fieldCount)
        }
        if dialect.comment != nil, isComment(bytes) { return slice.removeEnds(row.fieldCount) }
      }
      if isIrregular {
        slice.removeEnds(row.fieldCount)
        scanRowSlowly(bytes, into: &slice)
        return
      }
      block &+= 64
    }
    // The rest is a row without a line ending, a quote that is not closed, or a slice's last row.
    slice.removeEnds(row.fieldCount)
    if position < bytes.count { scanRowSlowly(bytes, into: &slice) }
  }

  /// Decides about a row that has not as many fields as there are columns.
  ///
  /// The ends of all fields but the last are in the slice already.
  private mutating func finishIrregularRow(
    _ bytes: Span<UInt8>,
    _ rowStart: Int,
    end: Int,
    _ fieldCount: Int,
    _ slice: inout RowSlice
  ) {
    let kept = fieldCount - 1
    if end - rowStart > maximumRowByteCount {
      slice.removeEnds(kept)
      problems.append(RowProblem(kind: .tooLong, start: rowStart, offset: rowStart, end: end))
      return
    }
    // A blank line; in a file of one column it is a row without a value.
    if end == rowStart, fieldCount == 1 {
      if columnCount > 1 || isBlankRest(bytes, from: end) { return }
      let isSecondHalf =
        dialect.lineEnding == .mixed && end > 0 && end < bytes.count && bytes[end] == 0x0A
        && bytes[end - 1] == 0x0D
      if isSecondHalf { return }
    }
    slice.appendEnd(end)
    if fieldCount > columnCount {
      // Delimiters at the end of a row do no harm.
      let isEmpty = (0..<fieldCount - columnCount).allSatisfy { slice.isEmptyEnd(fromLast: $0) }
      slice.removeEnds(isEmpty ? fieldCount - columnCount : fieldCount)
      if isEmpty {
        trimmedRowCount += 1
        slice.appendRow(start: rowStart)
      } else {
        problems.append(
          RowProblem(kind: .tooManyFields(fieldCount), start: rowStart, offset: end, end: end)
        )
      }
      return
    }
    if fieldCount == columnCount {
      slice.appendRow(start: rowStart)
      return
    }
    guard padsShortRows else {
      slice.removeEnds(fieldCount)
      problems.append(
        RowProblem(kind: .tooFewFields(fieldCount), start: rowStart, offset: end, end: end)
      )
      return
    }
    for _ in fieldCount..<columnCount {
      slice.appendEnd(end)
    }
    slice.appendRow(start: rowStart)
  }

  /// Whether only line endings follow; the answer is kept, so that many blank lines cost no more.
  private mutating func isBlankRest(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    if start > nextText {
      nextText = start
      while nextText < bytes.count, bytes[nextText] == 0x0A || bytes[nextText] == 0x0D {
        nextText += 1
      }
    }
    return nextText >= bytes.count
  }
}

extension RowScanner {
  /// Reads one row byte by byte, by all rules.
  mutating func scanRowSlowly(_ bytes: Span<UInt8>, into slice: inout RowSlice) {
    let rowStart = position
    if isComment(bytes) {
      let end = endOfLine(bytes, from: rowStart)
      position = startOfNextLine(bytes, after: end)
      return
    }
    var fieldCount = 0
    var offset = rowStart
    while true {
      var problem: RowProblem.Kind?
      let end = endOfField(bytes, from: offset, &problem)
      if let problem {
        slice.removeEnds(fieldCount)
        if repair(bytes, problem, from: rowStart, at: end, into: &slice) { return }
        // The next row is sought behind the line on which the trouble is.
        let lineEnd = endOfLine(bytes, from: problem == .unclosedQuote ? rowStart : end)
        problems.append(RowProblem(kind: problem, start: rowStart, offset: end, end: lineEnd))
        position = startOfNextLine(bytes, after: lineEnd)
        return
      }
      fieldCount += 1
      if end < bytes.count, bytes[end] == dialect.delimiter, !isNewline(bytes[end]) {
        slice.appendEnd(end)
        offset = end + 1
        continue
      }
      var textEnd = end
      if dialect.lineEnding == .lineFeed, textEnd > offset, bytes[textEnd - 1] == 0x0D {
        textEnd -= 1
      }
      position = end < bytes.count ? end + 1 : bytes.count
      // In a mixed file LF directly behind CR belongs to it.
      if dialect.lineEnding == .mixed, end < bytes.count, bytes[end] == 0x0D,
        position < bytes.count, bytes[position] == 0x0A
      {
        position += 1
      }
      let isRegular = fieldCount == columnCount && textEnd > rowStart
      if isRegular, textEnd - rowStart <= maximumRowByteCount {
        slice.appendEnd(textEnd)
        slice.appendRow(start: rowStart)
      } else {
        finishIrregularRow(bytes, rowStart, end: textEnd, fieldCount, &slice)
      }
      return
    }
  }

  /// Reads a row whose quotes do not pair; false if there is no sensible way.
  private mutating func repair(
    _ bytes: Span<UInt8>,
    _ problem: RowProblem.Kind,
    from rowStart: Int,
    at offset: Int,
    into slice: inout RowSlice
  ) -> Bool {
    guard let (ends, lineEnd) = repairedEnds(bytes, from: rowStart) else { return false }
    for end in ends { slice.appendEnd(end) }
    slice.appendRow(start: rowStart)
    repairs.append(RowProblem(kind: problem, start: rowStart, offset: offset, end: lineEnd))
    position = startOfNextLine(bytes, after: lineEnd)
    return true
  }

  private func repairedEnds(
    _ bytes: Span<UInt8>,
    from rowStart: Int
  ) -> (ends: [Int], lineEnd: Int)? {
    guard repairsQuotes, repairs.count + problems.count < QuoteRepair.maximumRowCount else {
      return nil
    }
    let lineEnd = endOfLine(bytes, from: rowStart)
    var textEnd = lineEnd
    if textEnd > rowStart, bytes[textEnd - 1] == 0x0D { textEnd -= 1 }
    let repair = QuoteRepair(dialect: dialect, columnCount: columnCount)
    return repair.ends(bytes, rowStart..<textEnd).map { ($0, lineEnd) }
  }

  /// Returns where the fields of the row at an offset lie, and where the next row begins.
  ///
  /// Blank lines and comments in front of the row are passed over; nil where there is no row.
  func firstRow(_ bytes: Span<UInt8>, at start: Int) -> (fields: [Range<Int>], next: Int)? {
    var offset = start
    while offset < bytes.count {
      if bytes[offset] == dialect.comment {
        offset = startOfNextLine(bytes, after: endOfLine(bytes, from: offset))
      } else if bytes[offset] == 0x0A || bytes[offset] == 0x0D {
        offset += 1
      } else {
        break
      }
    }
    guard offset < bytes.count else { return nil }
    var fields: [Range<Int>] = []
    let rowStart = offset
    while true {
      var problem: RowProblem.Kind?
      let end = endOfField(bytes, from: offset, &problem)
      if problem != nil {
        guard let (ends, lineEnd) = repairedEnds(bytes, from: rowStart) else { return nil }
        let starts = [rowStart] + ends.map { $0 + 1 }
        return (zip(starts, ends).map { $0..<$1 }, startOfNextLine(bytes, after: lineEnd))
      }
      if end < bytes.count, bytes[end] == dialect.delimiter, !isNewline(bytes[end]) {
        fields.append(offset..<end)
        offset = end + 1
        continue
      }
      var textEnd = end
      if textEnd > offset, bytes[textEnd - 1] == 0x0D { textEnd -= 1 }
      fields.append(offset..<textEnd)
      return (fields, end < bytes.count ? startOfNextLine(bytes, after: end) : bytes.count)
    }
  }

  private func isNewline(_ byte: UInt8) -> Bool {
    switch dialect.lineEnding {
    case .lineFeed: byte == 0x0A
    case .carriageReturn: byte == 0x0D
    case .mixed: byte == 0x0A || byte == 0x0D
    }
  }

  private func endOfLine(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var i = start
    while i < bytes.count, !isNewline(bytes[i]) { i += 1 }
    return i
  }

  private func startOfNextLine(_ bytes: Span<UInt8>, after end: Int) -> Int {
    guard end < bytes.count else { return bytes.count }
    if bytes[end] == 0x0D, end + 1 < bytes.count, bytes[end + 1] == 0x0A { return end + 2 }
    return end + 1
  }

  /// Returns where the field at an offset ends: at a delimiter, a newline or the end of the input.
  private func endOfField(
    _ bytes: Span<UInt8>,
    from start: Int,
    _ problem: inout RowProblem.Kind?
  ) -> Int {
    var i = start
    if let quote = dialect.quote, i < bytes.count, bytes[i] == quote {
      i += 1
      var isClosed = false
      while i < bytes.count {
        if i &- start > maximumRowByteCount {
          problem = .tooLong
          return start
        }
        let byte = bytes[i]
        if byte == dialect.escape, i + 1 < bytes.count {
          i += 2
          continue
        }
        i += 1
        guard byte == quote else { continue }
        if dialect.escape == nil, i < bytes.count, bytes[i] == quote {
          i += 1
          continue
        }
        isClosed = true
        break
      }
      guard isClosed else {
        problem = .unclosedQuote
        return start
      }
      // Spaces between the closing quote and the delimiter are passed over.
      var next = i
      while next < bytes.count, bytes[next] == 0x20, bytes[next] != dialect.delimiter { next += 1 }
      if next < bytes.count, bytes[next] == 0x0D, dialect.lineEnding == .lineFeed,
        next + 1 >= bytes.count || bytes[next + 1] == 0x0A
      {
        next += 1
      }
      guard next >= bytes.count || bytes[next] == dialect.delimiter || isNewline(bytes[next]) else {
        problem = .textAfterQuote
        return i
      }
      return next
    }
    while i < bytes.count, bytes[i] != dialect.delimiter, !isNewline(bytes[i]) {
      // Outside quotes an escape makes the next byte literal, where there is one.
      i += bytes[i] == dialect.escape && i + 1 < bytes.count && !isNewline(bytes[i + 1]) ? 2 : 1
    }
    return min(i, bytes.count)
  }
}
