internal import TundishColumns
internal import TundishSyntax

/// A scalar function or operator.
final class CallNode: EvaluationNode {
  private let function: ResolvedScalar
  private let arguments: [any EvaluationNode]
  private let context: FunctionContext
  private let range: SourceRange
  let isTotal: Bool

  init(
    _ function: ResolvedScalar,
    arguments: [any EvaluationNode],
    context: FunctionContext,
    range: SourceRange
  ) {
    self.function = function
    self.arguments = arguments
    self.context = context
    self.range = range
    // A kernel may fail on values that no selected row has (a cast inside `strptime`, overflow), so
    // no call is trusted.
    isTotal = false
  }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    var columns: [Column] = []
    columns.reserveCapacity(arguments.count)
    for argument in arguments { columns.append(try argument.evaluate(frame)) }
    let input = KernelInput(
      arguments: columns,
      rowCount: frame.rowCount,
      resultType: function.resultType,
      context: context
    )
    return try blaming(range) { () throws(ExecutionError) in
      try function.overload.kernel(input)
    }
  }
}

/// A comparison of two expressions of one type.
final class ComparisonNode: EvaluationNode {
  private let comparison: ComparisonOperator
  private let left: any EvaluationNode
  private let right: any EvaluationNode
  let isTotal: Bool

  init(
    _ comparison: ComparisonOperator,
    _ left: any EvaluationNode,
    _ right: any EvaluationNode
  ) {
    self.comparison = comparison
    self.left = left
    self.right = right
    isTotal = left.isTotal && right.isTotal
  }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    let left = try left.evaluate(frame)
    let right = try right.evaluate(frame)
    return EngineKernels.compare(comparison, left, right)
  }

  func chosen(_ rows: [Int32]?, _ frame: EvaluationFrame) throws(RuntimeFailure) -> [Int32]? {
    guard left is ColumnNode, right is ConstantNode,
      let chosen = Comparison.narrowed(
        rows,
        comparison.kernel,
        try left.evaluate(frame),
        try right.evaluate(frame)
      )
    else { return try chosenByTruth(rows, frame) }
    return chosen.count == frame.rowCount ? nil : chosen
  }
}

/// `CAST` and `TRY_CAST`.
final class CastNode: EvaluationNode {
  private let operand: any EvaluationNode
  private let type: DataType
  private let isTry: Bool
  private let context: FunctionContext
  private let range: SourceRange
  let isTotal: Bool

  init(
    _ operand: any EvaluationNode,
    type: DataType,
    isTry: Bool,
    context: FunctionContext,
    range: SourceRange
  ) {
    self.operand = operand
    self.type = type
    self.isTry = isTry
    self.context = context
    self.range = range
    isTotal = isTry && operand.isTotal
  }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    let column = try operand.evaluate(frame)
    return try blaming(range) { () throws(ExecutionError) in
      try Cast.convert(column, to: type, isTry: isTry, context: context)
    }
  }
}
