/// Where the fields of some consecutive rows lie in an input.
///
/// Field `column` of row `row` ends at `ends[row * columnCount + column]` and begins one byte behind
/// the end of the field before it, or at `starts[row]`; offsets are relative to `base`. A field that
/// is missing, because the row was padded, ends one byte before it begins.
struct RowSlice {
  /// The offset in the input to which the others are relative.
  var base = 0
  /// The number of fields of every row.
  let columnCount: Int
  /// The number of rows.
  private(set) var rowCount = 0
  /// Where each row begins; with room behind the last.
  private var starts: [UInt32] = []
  /// Where each field ends; with room behind the last.
  private var ends: [UInt32] = []
  /// The number of ends, those of an unfinished row included.
  private(set) var endCount = 0

  init(columnCount: Int) {
    self.columnCount = columnCount
  }

  /// Returns where a field lies, quotes included; empty where it is missing.
  @inline(__always)
  func range(row: Int, column: Int) -> Range<Int> {
    let position = row &* columnCount &+ column
    let end = base &+ Int(ends[position])
    let start = column == 0 ? base &+ Int(starts[row]) : base &+ Int(ends[position &- 1]) &+ 1
    return start <= end ? start..<end : end..<end
  }

  /// Forgets all rows, and begins anew at an offset.
  mutating func reset(base: Int, rowLimit: Int) {
    self.base = base
    rowCount = 0
    endCount = 0
    if starts.count < rowLimit { starts = [UInt32](repeating: 0, count: rowLimit) }
    reserveEnds(64)
  }

  /// Takes over rows that were found the fast way.
  mutating func copy(_ rows: RegularRows, _ bytes: Span<UInt8>) {
    reset(base: rows.base, rowLimit: rows.rowCount)
    for row in 0..<rows.rowCount {
      for column in 0..<columnCount {
        appendEnd(rows.range(bytes, row: row, column: column).upperBound)
      }
      appendRow(start: rows.range(bytes, row: row, column: 0).lowerBound)
    }
  }

  /// Makes room for some more ends.
  @inline(__always)
  mutating func reserveEnds(_ count: Int) {
    if endCount &+ count > ends.count { growEnds(count) }
  }

  private mutating func growEnds(_ count: Int) {
    ends.append(contentsOf: repeatElement(0, count: max(count, ends.count, 4_096)))
  }

  /// Appends the end of a field.
  mutating func appendEnd(_ offset: Int) {
    reserveEnds(1)
    ends[endCount] = UInt32(truncatingIfNeeded: offset &- base)
    endCount &+= 1
  }

  /// Forgets the last ends.
  mutating func removeEnds(_ count: Int) {
    endCount -= count
  }

  /// Whether a field of the unfinished row is empty, counted from the last, not the first of a row.
  func isEmptyEnd(fromLast distance: Int) -> Bool {
    ends[endCount - 1 - distance] == ends[endCount - 2 - distance] &+ 1
  }

  /// Makes the last ends a row.
  mutating func appendRow(start: Int) {
    if rowCount == starts.count { starts.append(0) }
    starts[rowCount] = UInt32(truncatingIfNeeded: start &- base)
    rowCount &+= 1
  }
}

extension RowSlice {
  /// The row that a scanner is in.
  struct Row {
    /// Where it begins.
    var start: Int
    /// The number of its fields that ended.
    var fieldCount = 0
  }

  /// Takes separators of a block of 64 bytes from the first on.
  ///
  /// Stops behind the last, behind a newline that ends a row which is not regular, which is returned,
  /// or where there are enough rows. Bits that were taken are cleared.
  @inline(__always)
  mutating func take(
    _ separators: inout UInt64,
    newlines: UInt64,
    at block: Int,
    _ bytes: Span<UInt8>,
    row: inout Row,
    trimsReturn: Bool,
    maximumRowByteCount: Int,
    rowLimit: Int
  ) -> Int? {
    reserveEnds(64)
    return Self.take(
      &separators,
      newlines: newlines,
      offset: block,
      base: base,
      columnCount: columnCount,
      bytes,
      row: &row,
      trimsReturn: trimsReturn,
      maximumRowByteCount: maximumRowByteCount,
      rowLimit: rowLimit,
      ends: &ends,
      endCount: &endCount,
      starts: &starts,
      rowCount: &rowCount
    )
  }

  /// The loop of `take`, over the slice's parts: spans of two properties cannot be held at once.
  @inline(__always)
  private static func take(
    _ separators: inout UInt64,
    newlines: UInt64,
    offset block: Int,
    base: Int,
    columnCount: Int,
    _ bytes: Span<UInt8>,
    row: inout Row,
    trimsReturn: Bool,
    maximumRowByteCount: Int,
    rowLimit: Int,
    ends: inout [UInt32],
    endCount: inout Int,
    starts: inout [UInt32],
    rowCount: inout Int
  ) -> Int? {
    var ends = ends.mutableSpan
    var count = endCount
    var fieldCount = row.fieldCount
    var rowStart = row.start
    var irregular: Int?
    while separators != 0 {
      let bit = separators & (0 &- separators)
      let offset = block &+ separators.trailingZeroBitCount
      separators ^= bit
      fieldCount &+= 1
      if newlines & bit == 0 {
        ends[count] = UInt32(truncatingIfNeeded: offset &- base)
        count &+= 1
        continue
      }
      var end = offset
      if trimsReturn, end > rowStart, bytes[end &- 1] == 0x0D { end &-= 1 }
      guard fieldCount == columnCount, end > rowStart, end &- rowStart <= maximumRowByteCount else {
        irregular = offset
        break
      }
      ends[count] = UInt32(truncatingIfNeeded: end &- base)
      count &+= 1
      starts[rowCount] = UInt32(truncatingIfNeeded: rowStart &- base)
      rowCount &+= 1
      rowStart = offset &+ 1
      fieldCount = 0
      if rowCount == rowLimit { break }
    }
    endCount = count
    row.start = rowStart
    row.fieldCount = fieldCount
    return irregular
  }
}

/// A row that could not be read and was passed over.
package struct RejectedRow: Sendable, Hashable {
  /// The line on which the row begins, counted from 1.
  package let line: Int
  /// The name of the column; nil where the row as a whole does not fit.
  package let column: String?
  /// The row or value as it stands in the file, shortened.
  package let text: String
  /// Why it does not fit.
  package let reason: String
}
