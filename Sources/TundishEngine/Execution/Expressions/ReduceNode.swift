internal import TundishColumns
internal import TundishSyntax

/// `list_reduce(list, (a, x) -> ..., start)`: folds each row's list from the left.
///
/// Step k treats the k-th element of all lists that have one, so the body is evaluated as often as
/// the longest list has elements, but for no more values than there are elements. An empty list gives the start, and is an error without one.
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
    let firsts = try first(frame, lists, rows, of: vector.child)
    // Where each row's last value is among those that stand: its first one, or a later step's.
    var standing = [firsts]
    var standingCount = firsts.count
    var sources = (0..<frame.rowCount).map { Int32($0) }
    var step = start == nil ? 1 : 0
    var active = sources.filter { rows[Int($0)].count > step }
    var carried = firsts.gathered(active)
    while !active.isEmpty {
      try blaming(range) { () throws(ExecutionError) in try Cancellation.check() }
      let values = try next(frame, active, carried, vector.child, rows, step: step)
      step += 1
      let ends = active.indices.filter { rows[Int(active[$0])].count == step }
      if ends.isEmpty {
        carried = values
        continue
      }
      for (place, position) in ends.enumerated() {
        sources[Int(active[position])] = Int32(standingCount + place)
      }
      standingCount += ends.count
      standing.append(values.gathered(ends.map { Int32($0) }))
      let going = active.indices.filter { rows[Int(active[$0])].count > step }
      carried = values.gathered(going.map { Int32($0) })
      active = going.map { active[$0] }
    }
    let all = standing
    return try blaming(range) { () throws(ExecutionError) in
      try Column.concatenated(all, type: type)
    }.gathered(sources)
  }

  /// The values of the rows that have an element at a step.
  private func next(
    _ frame: EvaluationFrame,
    _ active: [Int32],
    _ carried: Column,
    _ elements: Column,
    _ rows: [Range<Int32>],
    step: Int
  ) throws(RuntimeFailure) -> Column {
    var columns = frame.allColumns().map { $0.gathered(active) }
    columns.append(carried)
    columns.append(elements.gathered(active.map { rows[Int($0)].lowerBound + Int32(step) }))
    if parameterCount > 2 {
      let number = Int64(step + 1)
      columns.append(.integers(active.map { _ in number }, type: .bigint))
    }
    return try body.evaluate(EvaluationFrame(columns: columns, rowCount: active.count))
      .expanded().retyped(type)
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

  private func joined(_ first: Column, _ second: Column) throws(RuntimeFailure) -> Column {
    try blaming(range) { () throws(ExecutionError) in
      try Column.concatenated([first, second], type: type)
    }
  }
}
