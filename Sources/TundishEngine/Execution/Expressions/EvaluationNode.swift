internal import TundishColumns

/// A compiled expression: evaluated per batch, owned by one thread.
protocol EvaluationNode: AnyObject {
  /// Whether evaluation cannot fail on any row, so that rows which need no result may be evaluated
  /// too where that is quicker.
  var isTotal: Bool { get }
  /// Returns one value per row of the frame.
  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column
  /// Returns those of some rows of the frame (nil for all) for which the condition is true; nil
  /// where that is all rows of the frame.
  func chosen(_ rows: [Int32]?, _ frame: EvaluationFrame) throws(RuntimeFailure) -> [Int32]?
}

extension EvaluationNode {
  func chosen(_ rows: [Int32]?, _ frame: EvaluationFrame) throws(RuntimeFailure) -> [Int32]? {
    try chosenByTruth(rows, frame)
  }

  /// The general way: the truth of the rows first.
  func chosenByTruth(
    _ rows: [Int32]?,
    _ frame: EvaluationFrame
  ) throws(RuntimeFailure) -> [Int32]? {
    guard let rows else {
      let chosen = try evaluate(frame).selectedRows()
      return chosen.count == frame.rowCount ? nil : chosen
    }
    if rows.isEmpty { return rows }
    guard isTotal, rows.count > frame.rowCount / 4 else {
      let truth = try evaluate(frame.narrowed(to: rows))
      return gatheredGroups(rows, truth.selectedRows())
    }
    let truth = try evaluate(frame)
    let values = truth.booleanValues()
    let validity = truth.validityPerRow()
    return rows.filter { values[Int($0)] && validity?[Int($0)] != false }
  }
}

/// A column of the input.
final class ColumnNode: EvaluationNode {
  let position: Int
  let isTotal = true

  init(position: Int) {
    self.position = position
  }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    frame.column(at: position)
  }
}

/// A constant.
final class ConstantNode: EvaluationNode {
  let value: Column
  let isTotal = true

  init(_ value: Column) {
    self.value = value
  }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    value.repeated(frame.rowCount)
  }
}

/// Remembers the result for the last frame, for expressions that an operator uses several times.
final class SharedNode: EvaluationNode {
  private let node: any EvaluationNode
  private var frame: EvaluationFrame?
  private var result: Column?

  init(_ node: any EvaluationNode) {
    self.node = node
  }

  var isTotal: Bool { node.isTotal }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    if let result, self.frame === frame { return result }
    let column = try node.evaluate(frame)
    self.frame = frame
    result = column
    return column
  }

  func chosen(_ rows: [Int32]?, _ frame: EvaluationFrame) throws(RuntimeFailure) -> [Int32]? {
    if result != nil, self.frame === frame { return try chosenByTruth(rows, frame) }
    return try node.chosen(rows, frame)
  }
}

extension Column {
  /// Returns a constant column with another number of rows.
  func repeated(_ count: Int) -> Column {
    Column(type: type, data: data, validity: validity, count: count, isConstant: true)
  }
}
