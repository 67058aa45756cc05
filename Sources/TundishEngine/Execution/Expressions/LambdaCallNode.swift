internal import TundishColumns
internal import TundishSyntax

/// `list_transform(list, x -> ...)` and `list_filter(list, x -> ...)`.
///
/// The body is evaluated over the elements of all lists of a batch, portion by portion; outer columns
/// are repeated per element. A second parameter is the element's position from 1.
final class LambdaCallNode: EvaluationNode {
  private let function: ResolvedScalar
  private let list: any EvaluationNode
  private let body: any EvaluationNode
  private let parameterCount: Int
  private let range: SourceRange
  let isTotal = false

  init(
    _ function: ResolvedScalar,
    list: any EvaluationNode,
    body: any EvaluationNode,
    parameterCount: Int,
    range: SourceRange
  ) {
    self.function = function
    self.list = list
    self.body = body
    self.parameterCount = parameterCount
    self.range = range
  }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    let lists = try list.evaluate(frame).expanded()
    guard case .list(let vector) = lists.data else {
      return .nulls(type: function.resultType, count: frame.rowCount)
    }
    var owners: [Int32] = []
    var elements: [Int32] = []
    var numbers: [Int64] = []
    var counts: [Int32] = []
    for row in 0..<frame.rowCount {
      let rows = lists.isValid(at: row) ? vector.ranges[row] : 0..<0
      counts.append(Int32(rows.count))
      owners.append(contentsOf: repeatElement(Int32(row), count: rows.count))
      elements.append(contentsOf: rows)
      if parameterCount > 1, !rows.isEmpty { numbers.append(contentsOf: 1...Int64(rows.count)) }
    }
    let values = vector.child.gathered(elements)
    let results = try results(of: values, numbers, owners, frame)
    let isFilter = function.name.hasSuffix("filter")
    let kept = isFilter ? results.selectedRows() : []
    if isFilter {
      counts = [Int32](repeating: 0, count: frame.rowCount)
      for element in kept { counts[Int(owners[Int(element)])] += 1 }
    }
    var end: Int32 = 0
    let ranges = counts.map { count in
      end += count
      return (end - count)..<end
    }
    return Column(
      type: function.resultType,
      data: .list(
        ListVector(
          ranges: ranges,
          child: isFilter ? values.gathered(kept) : results.expanded()
        )
      ),
      validity: lists.validity,
      count: frame.rowCount
    )
  }

  /// The elements that the body is evaluated for at once.
  private static let portionCount = 65_536

  /// The body's values for elements, of which the numbers and the rows they belong to are given.
  private func results(
    of elements: Column,
    _ numbers: [Int64],
    _ owners: [Int32],
    _ frame: EvaluationFrame
  ) throws(RuntimeFailure) -> Column {
    var results: [Column] = []
    var start = 0
    repeat {
      try blaming(range) { () throws(ExecutionError) in try Cancellation.check() }
      let portion = start..<min(start + Self.portionCount, owners.count)
      let rows = portion.count == owners.count ? owners : Array(owners[portion])
      var columns = frame.allColumns().map { $0.gathered(rows) }
      columns.append(elements.sliced(portion))
      if parameterCount > 1 { columns.append(.integers(Array(numbers[portion]), type: .bigint)) }
      results.append(try body.evaluate(EvaluationFrame(columns: columns, rowCount: rows.count)))
      start = portion.upperBound
    } while start < owners.count
    if results.count == 1 { return results[0] }
    let all = results
    return try blaming(range) { () throws(ExecutionError) in
      try Column.concatenated(all, type: all[0].type)
    }
  }
}
