internal import TundishColumns
internal import TundishSyntax

/// What an expression computes, as far as it shows: equal keys, equal results for equal rows.
///
/// Made by the thousand while a statement is planned; therefore a flat list of words and names
/// instead of a printed text.
struct ExpressionKey: Hashable {
  private enum Part: Hashable {
    case node(Tag, operandCount: Int)
    case name(String)
    case number(Int)
    case type(DataType)
    case value(Value)
    case bits(UInt64)
  }

  private enum Tag: Hashable {
    case literal, column, call, comparison, and, or, not, isNull, cast, tryCast, caseWhen
    case coalesce, inValues, lambda, aggregate, filter, sortKey
  }

  private var parts: [Part] = []
  /// The parameters of the lambdas around the place that is being appended.
  ///
  /// They count by their position: each binding of `lambda x: x + 1` makes a new `x`.
  private var parameters: [ColumnID] = []

  /// Nil where the expression must not be shared: it may give another result each time, or holds a
  /// subquery.
  init?(_ expression: BoundExpression) {
    guard append(expression) else { return nil }
  }

  /// Nil where the call must not be shared.
  init?(_ call: AggregateCall) {
    parts.append(.node(.aggregate, operandCount: call.arguments.count))
    parts.append(.name(call.function.name))
    parts += call.function.argumentTypes.map { .type($0) }
    parts.append(.type(call.column.type))
    parts.append(.number(call.isDistinct ? 1 : 0))
    for argument in call.arguments {
      guard append(argument) else { return nil }
    }
    for item in call.orderBy {
      parts.append(.node(.sortKey, operandCount: 1))
      parts.append(.number((item.isDescending ? 2 : 0) + (item.nullsFirst ? 1 : 0)))
      guard append(item.expression) else { return nil }
    }
    if let filter = call.filter {
      parts.append(.node(.filter, operandCount: 1))
      guard append(filter) else { return nil }
    }
  }

  /// Appends an expression in front order; recursion is bounded by the parser's nesting limit.
  private mutating func append(_ expression: BoundExpression) -> Bool {
    let operands = expression.operands
    func node(_ tag: Tag) { parts.append(.node(tag, operandCount: operands.count)) }
    switch expression.kind {
    case .literal(let value):
      node(.literal)
      append(value)
    case .column(let id):
      node(.column)
      let position = parameters.lastIndex(of: id)
      parts.append(.number(position.map { -1 - $0 } ?? id.rawValue))
    case .call(let function, _):
      guard function.overload.isDeterministic else { return false }
      node(.call)
      parts.append(.name(function.name))
      parts += function.argumentTypes.map { .type($0) }
    case .comparison(let comparison, _, _):
      node(.comparison)
      parts.append(.name(comparison.rawValue))
    case .and: node(.and)
    case .or: node(.or)
    case .not: node(.not)
    case .isNull: node(.isNull)
    case .cast(_, let isTry): node(isTry ? .tryCast : .cast)
    case .caseWhen(_, let otherwise):
      node(.caseWhen)
      parts.append(.number(otherwise == nil ? 0 : 1))
    case .coalesce: node(.coalesce)
    case .inValues(_, let values):
      node(.inValues)
      parts.append(.number(values.count))
      for value in values { append(value) }
    case .lambda(let own, _):
      node(.lambda)
      parts += own.map { .type($0.type) }
      parameters += own.map(\.id)
      defer { parameters.removeLast(own.count) }
      return appendRest(of: expression, operands)
    case .subquery: return false
    }
    return appendRest(of: expression, operands)
  }

  private mutating func appendRest(
    of expression: BoundExpression,
    _ operands: [BoundExpression]
  ) -> Bool {
    parts.append(.type(expression.type))
    for operand in operands {
      guard append(operand) else { return false }
    }
    return true
  }

  /// Doubles go by their bits: zeros of either sign are equal, but not the same.
  private mutating func append(_ value: Value) {
    switch value {
    case .double(let number): parts.append(.bits(number.bitPattern))
    case .list(let elements):
      parts.append(.number(elements.count))
      for element in elements { append(element) }
    case .map(let entries):
      parts.append(.number(entries.count))
      for entry in entries {
        append(entry.key)
        append(entry.value)
      }
    case .structure(let members):
      parts.append(.number(members.count))
      for member in members {
        parts.append(.name(member.name))
        append(member.value)
      }
    case .null, .boolean, .integer, .hugeint, .decimal, .text, .blob, .date, .time, .timestamp,
      .timestampTZ, .interval:
      parts.append(.value(value))
    }
  }
}

extension BoundExpression {
  /// What equal expressions share; nil where the expression must not be shared.
  var key: ExpressionKey? { ExpressionKey(self) }
}

extension AggregateCall {
  /// What equal calls share; nil where the call must not be shared.
  var key: ExpressionKey? { ExpressionKey(self) }
}
