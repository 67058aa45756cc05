internal import TundishColumns

/// The rows that an expression is evaluated for: the columns of a batch, perhaps only some rows.
///
/// Columns of chosen rows are gathered when a node asks for them first, so that what nobody reads
/// costs nothing. A frame is made per batch and per narrowing, and used by one thread.
final class EvaluationFrame {
  /// The number of rows.
  let rowCount: Int
  private let base: [Column]
  private let rows: [Int32]?
  private var gathered: [Column?] = []

  /// Creates a frame of all rows of a batch.
  init(_ batch: Batch) {
    base = batch.columns
    rows = nil
    rowCount = batch.rowCount
  }

  /// Creates a frame of columns that have `rowCount` rows.
  init(columns: [Column], rowCount: Int) {
    base = columns
    rows = nil
    self.rowCount = rowCount
  }

  private init(base: [Column], rows: [Int32]) {
    self.base = base
    self.rows = rows
    rowCount = rows.count
    gathered = [Column?](repeating: nil, count: base.count)
  }

  /// Returns the column at a position, for the rows of this frame.
  func column(at position: Int) -> Column {
    guard let rows else { return base[position] }
    if let known = gathered[position] { return known }
    let column = base[position].gathered(rows)
    gathered[position] = column
    return column
  }

  /// Returns the frame of some of the rows.
  func narrowed(to chosen: [Int32]) -> EvaluationFrame {
    guard let rows else { return EvaluationFrame(base: base, rows: chosen) }
    return EvaluationFrame(base: base, rows: chosen.map { rows[Int($0)] })
  }

  /// The columns of the frame's batch that nodes may capture, all gathered.
  func allColumns() -> [Column] {
    base.indices.map { column(at: $0) }
  }
}
