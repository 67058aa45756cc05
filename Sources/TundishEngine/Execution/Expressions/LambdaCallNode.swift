internal import TundishColumns
internal import TundishSyntax

/// `list_transform(list, x -> ...)` and `list_filter(list, x -> ...)`.
///
/// The body is evaluated once per batch over the elements of all lists; outer columns are repeated
/// per element. A second parameter is the element's position from 1.
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
      for (number, element) in rows.enumerated() {
        owners.append(Int32(row))
        elements.append(element)
        numbers.append(Int64(number + 1))
      }
    }
    var columns = frame.allColumns().map { $0.gathered(owners) }
    let values = vector.child.gathered(elements)
    columns.append(values)
    if parameterCount > 1 { columns.append(.integers(numbers, type: .bigint)) }
    let results = try body.evaluate(
      EvaluationFrame(columns: columns, rowCount: owners.count)
    )
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
}
