internal import TundishColumns

extension BoundExpression {
  /// The condition where only true keeps a row: `(a, b) IN (query)` then needs not tell false from
  /// NULL, and becomes an EXISTS, which is a semi or anti join.
  var asFilter: BoundExpression {
    switch kind {
    case .and(let operands):
      return with(.and(operands.map(\.asFilter)))
    case .not(let operand):
      guard let (found, unknown) = operand.membership else { return self }
      let parts = [found] + unknown
      return with(.and(parts.map { $0.with(.not($0)) }))
    case .caseWhen:
      return membership?.found ?? self
    case .literal, .column, .call, .comparison, .or, .isNull, .cast, .coalesce, .inValues, .lambda,
      .subquery:
      return self
    }
  }

  /// The EXISTS that make this true, and those that make it NULL, if it was bound from
  /// `(a, b) IN (query)`.
  private var membership: (found: BoundExpression, unknown: [BoundExpression])? {
    guard case .caseWhen(let branches, let otherwise) = kind, branches.count == 2,
      branches[0].condition.isExists, branches[0].result.literal == .boolean(true),
      case .or(let unknown) = branches[1].condition.kind, unknown.allSatisfy(\.isExists),
      branches[1].result.literal == .null, otherwise?.literal == .boolean(false)
    else { return nil }
    return (branches[0].condition, unknown)
  }

  private var isExists: Bool {
    guard case .subquery(let subquery) = kind, case .exists = subquery.form else { return false }
    return true
  }
}
