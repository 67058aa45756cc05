internal import TundishColumns

extension BoundExpression {
  /// The columns that the expression uses, those of lambdas left out.
  var columnIDs: Set<ColumnID> {
    var ids: Set<ColumnID> = []
    collectColumnIDs(into: &ids)
    return ids
  }

  private func collectColumnIDs(into ids: inout Set<ColumnID>) {
    switch kind {
    case .column(let id):
      ids.insert(id)
    case .lambda(let parameters, let body):
      ids.formUnion(body.columnIDs.subtracting(parameters.map(\.id)))
    case .literal, .call, .comparison, .and, .or, .not, .isNull, .cast, .caseWhen, .coalesce,
      .inValues, .subquery:
      for operand in operands { operand.collectColumnIDs(into: &ids) }
    }
  }

  /// The direct operands.
  var operands: [BoundExpression] {
    switch kind {
    case .literal, .column, .subquery: []
    case .call(_, let arguments): arguments
    case .comparison(_, let left, let right): [left, right]
    case .and(let operands), .or(let operands), .coalesce(let operands): operands
    case .not(let operand), .isNull(let operand), .cast(let operand, _),
      .inValues(let operand, _), .lambda(_, let operand):
      [operand]
    case .caseWhen(let branches, let otherwise):
      branches.flatMap { [$0.condition, $0.result] } + (otherwise.map { [$0] } ?? [])
    }
  }

  /// Whether equal inputs always give equal results.
  var isDeterministic: Bool {
    if case .call(let function, _) = kind, !function.overload.isDeterministic { return false }
    return operands.allSatisfy(\.isDeterministic)
  }

  /// Whether the value is the same for every row.
  var isConstant: Bool { isDeterministic && columnIDs.isEmpty }
}
