internal import TundishColumns
internal import TundishSyntax

/// `list_reduce(list, (a, x) -> ..., start)`: folds each row's list from the left.
///
/// Step k treats the k-th element of all lists that have one, so the body is evaluated as often as
/// the longest list has elements. An empty list gives the start, and is an error without one.
final class ReduceNode: EvaluationNode {
  private let list: any EvaluationNode
  private let start: (any EvaluationNode)?
  private let body: any EvaluationNode
  private let parameterCount: Int
  private let type: DataType
  private let range: SourceRange
  let isTotal = false

  init(
    list: any EvaluationNode,
    start: (any EvaluationNode)?,
    body: any EvaluationNode,
    parameterCount: Int,
    type: DataType,
    range: SourceRange
  ) {
    self.list = list
    self.start = start
    self.body = body
    self.parameterCount = parameterCount
    self.type = type
    self.range = range
  }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    let lists = try list.evaluate(frame).expanded()
    guard case .list(let vector) = lists.data else {
      return .nulls(type: type, count: frame.rowCount)
    }
    let rows = (0..<frame.rowCount).map { lists.isValid(at: $0) ? vector.ranges[$0] : 0..<0 }
    var carried = try first(frame, lists, rows, of: vector.child)
    let longest = rows.map(\.count).max() ?? 0
    for step in stride(from: start == nil ? 1 : 0, to: longest, by: 1) {
      let active = (0..<frame.rowCount).filter { rows[$0].count > step }.map { Int32($0) }
      let elements = active.map { rows[Int($0)].lowerBound + Int32(step) }
      var columns = frame.allColumns().map { $0.gathered(active) }
      columns.append(carried.gathered(active))
      columns.append(vector.child.gathered(elements))
      if parameterCount > 2 {
        let number = Int64(step + 1)
        columns.append(.integers(active.map { _ in number }, type: .bigint))
      }
      let next = try body.evaluate(EvaluationFrame(columns: columns, rowCount: active.count))
      carried = try replacing(carried, at: active, with: next.expanded())
    }
    return carried
  }

  /// The start, or each list's first element; NULL where the list is.
  private func first(
    _ frame: EvaluationFrame,
    _ lists: Column,
    _ rows: [Range<Int32>],
    of elements: Column
  ) throws(RuntimeFailure) -> Column {
    let given = try start.map { (node) throws(RuntimeFailure) in
      try node.evaluate(frame).expanded()
    }
    var sources: [Int32] = []
    let source = given ?? elements
    for row in rows.indices {
      if !lists.isValid(at: row) {
        sources.append(Int32(source.count))
      } else if given != nil {
        sources.append(Int32(row))
      } else if let element = rows[row].first {
        sources.append(element)
      } else {
        throw RuntimeFailure(
          ExecutionError(.invalidArgument, "list_reduce of an empty list needs a start value"),
          at: range
        )
      }
    }
    return try joined(source, .nulls(type: type, count: 1)).gathered(sources)
  }

  private func replacing(
    _ column: Column,
    at rows: [Int32],
    with values: Column
  ) throws(RuntimeFailure) -> Column {
    var sources = (0..<column.count).map { Int32($0) }
    for (position, row) in rows.enumerated() {
      sources[Int(row)] = Int32(column.count + position)
    }
    return try joined(column, values).gathered(sources)
  }

  private func joined(_ first: Column, _ second: Column) throws(RuntimeFailure) -> Column {
    try blaming(range) { () throws(ExecutionError) in
      try Column.concatenated([first, second], type: type)
    }
  }
}
