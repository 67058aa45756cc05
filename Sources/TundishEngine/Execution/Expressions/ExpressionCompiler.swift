internal import TundishColumns
internal import TundishSyntax

/// Turns the expressions of one operator into nodes.
///
/// Equal expressions become one node that remembers its last result, so `sum(x) / sum(x)` and the
/// same FILTER on ten aggregates cost one evaluation per batch.
struct ExpressionCompiler {
  private let layout: ColumnLayout
  private let context: FunctionContext
  private var known: [ExpressionKey: SharedNode] = [:]
  private var depth = 0

  /// Creates a compiler for expressions over columns that lie so.
  init(layout: ColumnLayout, context: FunctionContext) {
    self.layout = layout
    self.context = context
  }

  /// Returns the node of an expression.
  mutating func compile(_ expression: BoundExpression) throws(RuntimeFailure) -> any EvaluationNode
  {
    depth += 1
    defer { depth -= 1 }
    guard depth < ExecutionLimits.expressionDepth else {
      throw RuntimeFailure(
        ExecutionError(.limit, "the expression is nested too deeply"),
        at: expression.range
      )
    }
    switch expression.kind {
    case .literal(let value):
      return ConstantNode(.constant(value, type: expression.type, count: 1))
    case .column(let id):
      return ColumnNode(position: layout.position(of: id))
    case .call, .comparison, .and, .or, .not, .isNull, .cast, .caseWhen, .coalesce, .inValues,
      .lambda, .subquery:
      break
    }
    let key = expression.key
    if let key, let node = known[key] { return node }
    let node = try compileOperation(expression)
    guard let key else { return node }
    let shared = SharedNode(node)
    known[key] = shared
    return shared
  }

  private mutating func compileOperation(
    _ expression: BoundExpression
  ) throws(RuntimeFailure) -> any EvaluationNode {
    if let node = try compileForDictionary(expression) { return node }
    if let node = try compileForCombinations(expression) { return node }
    return try compileKind(expression)
  }

  /// The node of a deterministic expression over one column only, of text; nil for all others.
  mutating func compileForDictionary(
    _ expression: BoundExpression
  ) throws(RuntimeFailure) -> DictionaryNode? {
    guard let position = soleTextColumn(of: expression) else { return nil }
    // Inside, operands see the values of the dictionary and need no wrapper of their own.
    var inner = ExpressionCompiler(layout: layout, context: context)
    inner.isInsideDictionary = true
    return DictionaryNode(
      try inner.compile(expression),
      position: position,
      columnCount: layout.columns.count
    )
  }

  /// The node of a deterministic expression of some size over truths and texts only; nil for all
  /// others.
  private mutating func compileForCombinations(
    _ expression: BoundExpression
  ) throws(RuntimeFailure) -> CombinationNode? {
    guard let positions = combinedColumns(of: expression) else { return nil }
    var inner = ExpressionCompiler(layout: layout, context: context)
    inner.isInsideDictionary = true
    return CombinationNode(
      try inner.compile(expression),
      general: try compileKind(expression),
      positions: positions,
      columnCount: layout.columns.count
    )
  }

  /// The most columns whose combinations are looked at.
  private static let combinedColumnCount = 6
  /// The parts from which an expression costs more than finding each row's combination.
  private static let combinedSize = 6

  private func combinedColumns(of expression: BoundExpression) -> [Int]? {
    guard !isInsideDictionary, expression.isDeterministic,
      expression.size(upTo: Self.combinedSize) >= Self.combinedSize
    else { return nil }
    let ids = expression.columnIDs.sorted()
    guard (1...Self.combinedColumnCount).contains(ids.count) else { return nil }
    var positions: [Int] = []
    for id in ids {
      guard let position = layout.positionIfPresent(of: id) else { return nil }
      let type = layout.columns[position].type
      guard type == .boolean || type.isText else { return nil }
      positions.append(position)
    }
    return positions
  }

  private var isInsideDictionary = false

  /// The position of the column of a deterministic expression that uses one column only, of text.
  private func soleTextColumn(of expression: BoundExpression) -> Int? {
    guard !isInsideDictionary, expression.isDeterministic else { return nil }
    let columns = expression.columnIDs
    guard columns.count == 1, let id = columns.first,
      let position = layout.positionIfPresent(of: id), layout.columns[position].type.isText
    else { return nil }
    return position
  }

  private mutating func compileKind(
    _ expression: BoundExpression
  ) throws(RuntimeFailure) -> any EvaluationNode {
    let range = expression.range
    switch expression.kind {
    case .literal, .column:
      return try compile(expression)
    case .call(let function, let arguments):
      return try compileCall(function, arguments, range: range)
    case .comparison(let comparison, let left, let right):
      return ComparisonNode(comparison, try compile(left), try compile(right))
    case .and(let operands):
      return JunctionNode(try compile(operands), isAnd: true)
    case .or(let operands):
      return JunctionNode(try compile(operands), isAnd: false)
    case .not(let operand):
      return NegationNode(try compile(operand))
    case .isNull(let operand):
      return NullTestNode(try compile(operand))
    case .cast(let operand, let isTry):
      return CastNode(
        try compile(operand),
        type: expression.type,
        isTry: isTry,
        context: context,
        range: range
      )
    case .caseWhen(let branches, let otherwise):
      return try compileCase(branches, otherwise, type: expression.type, range: range)
    case .coalesce(let operands):
      return CoalesceNode(try compile(operands), type: expression.type, range: range)
    case .inValues(let operand, let values):
      return MembershipNode(try compile(operand), values: values, type: operand.type)
    case .lambda, .subquery:
      preconditionFailure("lambdas stand in calls, and subqueries are removed before execution")
    }
  }

  private mutating func compile(
    _ expressions: [BoundExpression]
  ) throws(RuntimeFailure) -> [any EvaluationNode] {
    var nodes: [any EvaluationNode] = []
    for expression in expressions { nodes.append(try compile(expression)) }
    return nodes
  }

  private mutating func compileCase(
    _ branches: [BoundCaseBranch],
    _ otherwise: BoundExpression?,
    type: DataType,
    range: SourceRange
  ) throws(RuntimeFailure) -> any EvaluationNode {
    var compiled: [CaseNode.Branch] = []
    for branch in branches {
      compiled.append(
        CaseNode.Branch(
          condition: try compile(branch.condition),
          result: try compile(branch.result)
        )
      )
    }
    let fallback: any EvaluationNode
    if let otherwise {
      fallback = try compile(otherwise)
    } else {
      fallback = ConstantNode(.nulls(type: type, count: 1))
    }
    return try CaseNode(compiled, otherwise: fallback, type: type, range: range)
  }

  private mutating func compileCall(
    _ function: ResolvedScalar,
    _ arguments: [BoundExpression],
    range: SourceRange
  ) throws(RuntimeFailure) -> any EvaluationNode {
    if let last = arguments.last, case .lambda(let parameters, let body) = last.kind {
      let list = try compile(arguments[0])
      let start = try arguments.count > 2 ? compile(arguments[1]) : nil
      var inner = ExpressionCompiler(
        layout: ColumnLayout(layout.columns + parameters),
        context: context
      )
      if function.name == "list_reduce" {
        return ReduceNode(
          list: list,
          start: start,
          body: try inner.compile(body),
          parameterCount: parameters.count,
          type: function.resultType,
          range: range
        )
      }
      return LambdaCallNode(
        function,
        list: list,
        body: try inner.compile(body),
        parameterCount: parameters.count,
        range: range
      )
    }
    return CallNode(
      function,
      arguments: try compile(arguments),
      context: context,
      range: range
    )
  }
}
