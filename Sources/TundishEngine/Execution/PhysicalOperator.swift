internal import TundishColumns

/// A node of the physical plan: immutable, says how its rows are made.
///
/// `prepare` runs whatever must be complete before the first row can be given (the build side of a
/// join, a sort) and returns the pipeline that gives the rows. It may be called several times, as
/// the rounds of a recursive query do.
protocol PhysicalOperator: AnyObject {
  /// The name in EXPLAIN.
  var name: String { get }
  /// What it does, for EXPLAIN; empty where the name says it all.
  var details: String { get }
  /// The columns of its rows.
  var columns: [PlanColumn] { get }
  /// The operators that it reads.
  var children: [any PhysicalOperator] { get }
  /// The number of rows it will give, where a guess is possible.
  var estimatedRowCount: Int? { get }
  /// Returns the pipeline that gives the rows.
  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline
  /// The scan where rows may be dropped by the value of one of this operator's columns, if whoever
  /// asks drops them anyhow; nil where dropping them earlier could change other rows.
  func keyFilterTarget(of column: ColumnID) -> KeyFilterTarget?
}

extension PhysicalOperator {
  var details: String { "" }
  func keyFilterTarget(of column: ColumnID) -> KeyFilterTarget? { nil }
  var estimatedRowCount: Int? { children.first?.estimatedRowCount }
  /// The least and the greatest integer that an expression over the columns can give, where the
  /// table that it comes from tells and the rows are not much fewer than the integers between.
  func integerBounds(of expression: BoundExpression) -> ClosedRange<Int64>? {
    guard let id = expression.columnID, let target = keyFilterTarget(of: id),
      let bounds = target.scan.integerBounds(at: target.position),
      let rowCount = estimatedRowCount
    else { return nil }
    let width = UInt64(bitPattern: bounds.upperBound &- bounds.lowerBound)
    return width / 8 < UInt64(rowCount) ? bounds : nil
  }
  /// Where each column lies in the batches.
  var layout: ColumnLayout { ColumnLayout(columns) }
}

/// Where the columns of an operator lie in its batches.
struct ColumnLayout: Sendable {
  private let positions: [ColumnID: Int]
  /// The columns by position.
  let columns: [PlanColumn]

  init(_ columns: [PlanColumn]) {
    self.columns = columns
    var positions: [ColumnID: Int] = [:]
    for (position, column) in columns.enumerated() { positions[column.id] = position }
    self.positions = positions
  }

  /// The position of a column; the plan verifier has seen to it that it is there.
  func position(of id: ColumnID) -> Int {
    guard let position = positions[id] else {
      preconditionFailure("an operator's expressions use only columns of its input: \(id)")
    }
    return position
  }

  /// The position of a column, nil where the operator does not give it.
  func positionIfPresent(of id: ColumnID) -> Int? { positions[id] }
}
