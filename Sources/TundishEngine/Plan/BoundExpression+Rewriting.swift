package import TundishColumns
package import TundishSyntax

extension BoundExpression {
  /// Returns the expression with each direct operand replaced; subqueries' plans stay as they are.
  package func mapOperands(_ transform: (BoundExpression) -> BoundExpression) -> BoundExpression {
    switch kind {
    case .literal, .column:
      return self
    case .call(let function, let arguments):
      return with(.call(function, arguments.map(transform)))
    case .comparison(let comparison, let left, let right):
      return with(.comparison(comparison, transform(left), transform(right)))
    case .and(let operands):
      return with(.and(operands.map(transform)))
    case .or(let operands):
      return with(.or(operands.map(transform)))
    case .not(let operand):
      return with(.not(transform(operand)))
    case .isNull(let operand):
      return with(.isNull(transform(operand)))
    case .cast(let operand, let isTry):
      return with(.cast(transform(operand), isTry: isTry))
    case .caseWhen(let branches, let otherwise):
      let mapped = branches.map { branch in
        BoundCaseBranch(
          condition: transform(branch.condition),
          result: transform(branch.result)
        )
      }
      return with(.caseWhen(mapped, otherwise: otherwise.map(transform)))
    case .coalesce(let operands):
      return with(.coalesce(operands.map(transform)))
    case .inValues(let operand, let values):
      return with(.inValues(transform(operand), values))
    case .lambda(let parameters, let body):
      return with(.lambda(parameters, transform(body)))
    case .subquery(let subquery):
      return with(.subquery(subquery.mapLeft(transform)))
    }
  }

  /// Returns the same value in another form.
  package func with(_ kind: Kind) -> BoundExpression {
    BoundExpression(kind, type: type, unit: unit, range: range)
  }

  /// Replaces the topmost parts for which `replacement` gives something, also inside subqueries.
  package func replacing(
    _ replacement: (BoundExpression) -> BoundExpression?
  ) -> BoundExpression {
    if let replaced = replacement(self) { return replaced }
    let mapped = mapOperands { $0.replacing(replacement) }
    guard case .subquery(let subquery) = mapped.kind else { return mapped }
    let plan = subquery.plan.mapAllExpressions { $0.replacing(replacement) }
    return with(
      .subquery(BoundSubquery(form: subquery.form, plan: plan, output: subquery.output))
    )
  }

  /// Returns the expression with columns replaced by expressions.
  package func substituting(_ columns: [ColumnID: BoundExpression]) -> BoundExpression {
    if columns.isEmpty { return self }
    return replacing { part in
      guard case .column(let id) = part.kind else { return nil }
      return columns[id]
    }
  }

  /// The columns that are used, those that subqueries take from outside included.
  package var usedColumns: Set<ColumnID> {
    var ids: Set<ColumnID> = []
    collectUsedColumns(&ids)
    return ids
  }

  private func collectUsedColumns(_ ids: inout Set<ColumnID>) {
    switch kind {
    case .column(let id):
      ids.insert(id)
    case .lambda(let parameters, let body):
      ids.formUnion(body.usedColumns.subtracting(parameters.map(\.id)))
    case .subquery(let subquery):
      ids.formUnion(subquery.plan.freeColumns)
      for operand in subquery.operands { operand.collectUsedColumns(&ids) }
    case .literal, .call, .comparison, .and, .or, .not, .isNull, .cast, .caseWhen, .coalesce,
      .inValues:
      for operand in operands { operand.collectUsedColumns(&ids) }
    }
  }

  /// Whether a subquery occurs in the expression.
  package var hasSubquery: Bool {
    if case .subquery = kind { return true }
    return operands.contains { $0.hasSubquery }
  }

  /// The constant, where this is one.
  package var literal: Value? {
    if case .literal(let value) = kind { value } else { nil }
  }

  /// The column, where this is nothing else.
  package var columnID: ColumnID? {
    if case .column(let id) = kind { id } else { nil }
  }

  /// Whether this is the constant TRUE.
  package var isTrue: Bool { literal == .boolean(true) }

  /// The operands of AND, flattened; the expression itself where it is no AND.
  package var conjuncts: [BoundExpression] {
    if case .and(let operands) = kind { return operands.flatMap(\.conjuncts) }
    return isTrue ? [] : [self]
  }

  /// Joins conditions by AND; TRUE where there are none.
  package static func conjunction(
    _ conditions: [BoundExpression],
    range: SourceRange
  ) -> BoundExpression {
    if conditions.count == 1 { return conditions[0] }
    if conditions.isEmpty { return .boolean(true, range: range) }
    return BoundExpression(.and(conditions), type: .boolean, range: range)
  }

  /// Joins conditions by AND; nil where there are none.
  package static func conjunction(_ conditions: [BoundExpression]) -> BoundExpression? {
    guard let first = conditions.first else { return nil }
    let range = conditions.dropFirst().reduce(first.range) { $0.union($1.range) }
    return conjunction(conditions, range: range)
  }

  /// A constant truth.
  package static func boolean(_ value: Bool, range: SourceRange) -> BoundExpression {
    BoundExpression(.literal(.boolean(value)), type: .boolean, range: range)
  }

  /// A reference to a column.
  package static func column(_ column: PlanColumn, range: SourceRange) -> BoundExpression {
    BoundExpression(.column(column.id), type: column.type, unit: column.unit, range: range)
  }

  /// A NULL of some type.
  package static func null(_ type: DataType, range: SourceRange) -> BoundExpression {
    BoundExpression(.literal(.null), type: type, range: range)
  }
}

extension BoundSubquery {
  /// The operands outside the subquery: the left side of ANY and ALL.
  var operands: [BoundExpression] {
    switch form {
    case .scalar, .exists: []
    case .any(let left, _), .all(let left, _): [left]
    }
  }

  func mapLeft(_ transform: (BoundExpression) -> BoundExpression) -> BoundSubquery {
    switch form {
    case .scalar, .exists: self
    case .any(let left, let comparison):
      BoundSubquery(form: .any(transform(left), comparison), plan: plan, output: output)
    case .all(let left, let comparison):
      BoundSubquery(form: .all(transform(left), comparison), plan: plan, output: output)
    }
  }
}

extension ProjectedColumn {
  /// A column that passes through.
  init(passing column: PlanColumn, range: SourceRange = SourceRange(0, 0)) {
    self.init(column: column, expression: .column(column, range: range))
  }
}
