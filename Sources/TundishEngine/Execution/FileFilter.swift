internal import TundishColumns

/// The condition of a scan as readers of files apply it.
enum FileFilter {
  /// Conditions of more parts are left to the scan: reader threads have small stacks.
  private static let maximumSize = 256

  /// Returns the filter of a scan; nil where there is no condition, or none that gives the same for
  /// the same row.
  static func make(of scan: ScanPlan, context: FunctionContext) -> RowFilter? {
    guard let condition = scan.predicate, condition.isDeterministic, !condition.hasSubquery,
      condition.size(upTo: maximumSize) < maximumSize
    else { return nil }
    let used = condition.columnIDs
    let columns = scan.columns.filter { used.contains($0.column.id) }
    guard !columns.isEmpty, columns.count == used.count else { return nil }
    let layout = ColumnLayout(columns.map(\.column))
    return RowFilter(
      positions: columns.map(\.position),
      types: columns.map(\.column.type)
    ) {
      let evaluator = try? ExpressionEvaluator([condition], layout: layout, context: context)
      return evaluator.map { ConditionTester($0) }
    }
  }
}

/// Evaluates a condition for rows as they are read.
private final class ConditionTester: RowTester {
  private let evaluator: ExpressionEvaluator

  init(_ evaluator: ExpressionEvaluator) { self.evaluator = evaluator }

  func rows(of columns: [Column], rowCount: Int) throws(ExecutionError) -> [Int32]? {
    do {
      return try evaluator.select(0, EvaluationFrame(columns: columns, rowCount: rowCount))
    } catch {
      throw error.error
    }
  }
}
