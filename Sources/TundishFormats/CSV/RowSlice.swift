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
  /// Where each row begins.
  var starts: [UInt32] = []
  /// Where each field ends.
  var ends: [UInt32] = []

  init(columnCount: Int) {
    self.columnCount = columnCount
  }

  /// The number of rows.
  var rowCount: Int { starts.count }

  /// Returns where a field lies, quotes included; empty where it is missing.
  @inline(__always)
  func range(row: Int, column: Int) -> Range<Int> {
    let position = row &* columnCount &+ column
    let end = base &+ Int(ends[position])
    let start = column == 0 ? base &+ Int(starts[row]) : base &+ Int(ends[position &- 1]) &+ 1
    return start <= end ? start..<end : end..<end
  }

  /// Forgets all rows, and begins anew at an offset.
  mutating func reset(base: Int) {
    self.base = base
    starts.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
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
