internal import TundishColumns
internal import TundishSyntax

/// Computes what no row changes.
///
/// What: `DATE '2026-01-31' - INTERVAL 1 MONTH` becomes a date.
///
/// Why: it is computed once, and scans can compare it with the least and greatest values of row
/// groups.
///
/// Why not always: what fails stays as it is, since it may stand where no row reaches it:
/// `SELECT CASE WHEN true THEN 1 ELSE CAST('x' AS INTEGER) END`. `random()` differs from row to
/// row. Without the session's clock and zone, calls and zoned times stay too.
struct FoldConstants: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    plan.mapAllExpressions { fold($0, state) }
  }

  private func fold(_ expression: BoundExpression, _ state: OptimizerState) -> BoundExpression {
    switch expression.kind {
    case .literal, .column, .lambda, .subquery:
      return expression
    case .call, .comparison, .and, .or, .not, .isNull, .cast, .caseWhen, .coalesce, .inValues:
      break
    }
    if let value = value(expression, state) {
      state.hasChanged = true
      return expression.with(.literal(value))
    }
    return expression.mapOperands { fold($0, state) }
  }

  private func value(_ expression: BoundExpression, _ state: OptimizerState) -> Value? {
    guard expression.isConstant, !expression.type.isNested, !expression.hasSubquery,
      state.functions != nil || !expression.mayDependOnSession
    else { return nil }
    let context = state.functions ?? FunctionContext(nowMicroseconds: 0)
    return try? ExpressionEvaluator.constant(expression, context: context)
  }
}

extension DataType {
  var isNested: Bool {
    switch self {
    case .list, .structure: true
    case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .decimal, .double,
      .varchar, .blob, .date, .time, .timestamp, .timestampTZ, .interval, .enumeration:
      false
    }
  }
}

extension BoundExpression {
  var mayDependOnSession: Bool {
    if case .call = kind { return true }
    return type == .timestampTZ || operands.contains(where: \.mayDependOnSession)
  }
}
