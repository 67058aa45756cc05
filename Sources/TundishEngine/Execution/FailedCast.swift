internal import TundishColumns
internal import TundishSyntax

/// The row of a table whose value could not be converted, found after a query has failed.
///
/// Batches do not know their place, so the table is read once more. Only where every row of the table
/// reaches the cast is its first bad row the one that failed; elsewhere nothing is said.
struct FailedCast {
  /// The table's name.
  let table: String
  /// The row's number, from 1.
  let number: Int

  /// Looks for the cast that a text stands for, and for the row on which it fails.
  static func find(
    in plan: Plan,
    at range: SourceRange,
    context: FunctionContext
  ) -> FailedCast? {
    guard range != .nowhere else { return nil }
    for expression in plan.expressions {
      guard let cast = expression.cast(at: range) else { continue }
      switch plan {
      case .scan(let scan):
        return scan.predicate?.isConjunction == false
          ? row(of: cast, in: scan, context) : nil
      case _:
        guard plan.children.count == 1, case .scan(let scan) = plan.children[0],
          scan.predicate == nil
        else { return nil }
        return row(of: cast, in: scan, context)
      }
    }
    for child in plan.children {
      if let found = find(in: child, at: range, context: context) { return found }
    }
    return nil
  }

  private static func row(
    of cast: (operand: BoundExpression, type: DataType),
    in scan: ScanPlan,
    _ context: FunctionContext
  ) -> FailedCast? {
    let layout = ColumnLayout(scan.columns.map(\.column))
    let known = Set(scan.columns.map(\.column.id))
    let used = cast.operand.columnIDs
    guard !used.isEmpty, used.isSubset(of: known), !cast.operand.hasSubquery,
      let evaluator = try? ExpressionEvaluator([cast.operand], layout: layout, context: context),
      (scan.source as? FileSource)?.isFiltered != true
    else { return nil }
    var number = 0
    for morsel in 0..<scan.source.morselCount {
      let cursor = try? scan.source.cursor(
        morsel: morsel,
        columns: scan.columns.map(\.position),
        predicates: [],
        batchRowCount: 2_048
      )
      guard let cursor else { return nil }
      while let batch = try? cursor.next() {
        guard let values = try? evaluator.evaluate(batch)[0] else { return nil }
        if let row = values.firstFailure(as: cast.type, context) {
          return FailedCast(table: scan.name, number: number + row + 1)
        }
        number += batch.rowCount
      }
    }
    return nil
  }
}

extension Column {
  /// The first row whose value has no counterpart in another type; nil where all have one.
  func firstFailure(as type: DataType, _ context: FunctionContext) -> Int? {
    if (try? Cast.convert(self, to: type, context: context)) != nil { return nil }
    return (0..<count).first { row in
      let single = Column.values([value(at: row)], type: self.type)
      return (try? Cast.convert(single, to: type, context: context)) == nil
    }
  }
}

extension BoundExpression {
  /// The cast that a text stands for, here or inside.
  func cast(at range: SourceRange) -> (operand: BoundExpression, type: DataType)? {
    if self.range == range, case .cast(let operand, isTry: false) = kind { return (operand, type) }
    for operand in operands {
      if let found = operand.cast(at: range) { return found }
    }
    return nil
  }

  var isConjunction: Bool {
    if case .and = kind { true } else { false }
  }
}
