/// The text of the cells of one column of one batch: bytes one after the other.
///
/// Columns are turned into blocks one at a time, so that loops over values know their type, and rows
/// are then put together by copying bytes.
struct CellBlock {
  /// The bytes of all cells.
  var bytes: [UInt8] = []
  /// Where each cell ends.
  var ends: [Int] = []

  /// Creates an empty block with room for some cells.
  init(capacity: Int = 0) {
    ends.reserveCapacity(capacity)
    bytes.reserveCapacity(capacity &* 8)
  }

  /// Marks what was appended to `bytes` since the last call as one cell.
  @inline(__always)
  mutating func endCell() {
    ends.append(bytes.count)
  }

  /// The same; a cell without bytes gets those that stand for it.
  mutating func endCell(ifEmpty stand: [UInt8]) {
    if bytes.count == ends.last ?? 0 { bytes.append(contentsOf: stand) }
    endCell()
  }

  /// Where a cell's bytes lie.
  @inline(__always)
  func range(of row: Int) -> Range<Int> {
    (row == 0 ? 0 : ends[row &- 1])..<ends[row]
  }

  /// The text of a cell.
  func text(of row: Int) -> String {
    String(decoding: bytes[range(of: row)], as: UTF8.self)
  }
}
