internal import TundishColumns

/// The expressions of one operator, compiled together; owned by one thread.
final class ExpressionEvaluator {
  private let nodes: [any EvaluationNode]
  private let types: [DataType]

  /// Compiles expressions over columns that lie so.
  init(
    _ expressions: [BoundExpression],
    layout: ColumnLayout,
    context: FunctionContext
  ) throws(RuntimeFailure) {
    var compiler = ExpressionCompiler(layout: layout, context: context)
    var nodes: [any EvaluationNode] = []
    for expression in expressions { nodes.append(try compiler.compile(expression)) }
    self.nodes = nodes
    types = expressions.map(\.type)
  }

  /// The number of expressions.
  var count: Int { nodes.count }

  /// Returns the values of all expressions.
  func evaluate(_ batch: Batch) throws(RuntimeFailure) -> [Column] {
    let frame = EvaluationFrame(batch)
    var columns: [Column] = []
    columns.reserveCapacity(nodes.count)
    for position in nodes.indices { columns.append(try evaluate(position, frame)) }
    return columns
  }

  /// Returns the values of one expression.
  func evaluate(_ position: Int, _ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    let column = try nodes[position].evaluate(frame)
    return column.type == types[position] ? column : column.retyped(types[position])
  }

  /// Returns the rows for which a condition is true; nil for all of them.
  func select(_ position: Int, _ frame: EvaluationFrame) throws(RuntimeFailure) -> [Int32]? {
    try nodes[position].chosen(nil, frame)
  }

  /// Returns the value of an expression that uses no column.
  static func constant(
    _ expression: BoundExpression,
    context: FunctionContext
  ) throws(RuntimeFailure) -> Value {
    if case .literal(let value) = expression.kind { return value }
    let evaluator = try ExpressionEvaluator(
      [expression],
      layout: ColumnLayout([]),
      context: context
    )
    return try evaluator.evaluate(Batch(columns: [], rowCount: 1))[0].value(at: 0)
  }
}
