internal import TundishColumns

/// The first few rows of a table in some order: found by the columns that the order and the
/// condition need, and only then read in full.
final class LateTopNOperator: PhysicalOperator {
  private let finding: TopNOperator
  private let source: NumberedTableSource
  /// All columns that the scan is to give.
  private let read: [ScanColumn]
  /// What is computed from them; nil where they are the result.
  private let projections: [ProjectedColumn]?
  let columns: [PlanColumn]

  /// More rows than this are read in full from the start.
  private static let greatestCount: Int64 = 1_000
  /// The fewest rows of a table for which reading twice pays.
  private static let minimumRowCount = 8_192

  /// Nil where the limit does not order the rows of one table in memory, or there is nothing to put
  /// off.
  init?(_ limit: LimitPlan) {
    guard case .rows(let count) = limit.count, case .integer(let wanted)? = count.literal,
      wanted <= Self.greatestCount, !limit.withTies
    else { return nil }
    var input = limit.input
    var projections: [ProjectedColumn]?
    if case .project(let columns, let inner) = input {
      projections = columns
      input = inner
    }
    guard case .scan(let scan) = input, let stored = scan.source as? StoredTableSource,
      stored.table.rowCount >= Self.minimumRowCount
    else { return nil }
    let keys = limit.keys.map { key in
      key.mapped { Self.inlined($0, projections ?? []) }
    }
    var needed = scan.predicate?.columnIDs ?? []
    for key in keys {
      guard key.expression.isDeterministic else { return nil }
      needed.formUnion(key.expression.columnIDs)
    }
    var early = scan
    early.columns = scan.columns.filter { needed.contains($0.column.id) }
    guard early.columns.count < scan.columns.count else { return nil }
    source = NumberedTableSource(stored)
    early.source = source
    early.columns.append(
      ScanColumn(column: EntityScan.rowNumber, position: source.rowNumberPosition)
    )
    var found = limit
    found.keys = keys
    found.input = .scan(early)
    finding = TopNOperator(found, input: ScanOperator(early))
    read = scan.columns
    self.projections = projections
    columns = projections?.map(\.column) ?? scan.columns.map(\.column)
  }

  /// The expression with projected columns replaced by what they are computed from.
  private static func inlined(
    _ expression: BoundExpression,
    _ projections: [ProjectedColumn]
  ) -> BoundExpression {
    expression.replacing { part in
      guard case .column(let id) = part.kind else { return nil }
      return projections.first { $0.column.id == id }?.expression
    }
  }

  var name: String { "late top n" }
  var details: String {
    "then reads " + read.map(\.column.name).joined(separator: ", ")
  }
  var children: [any PhysicalOperator] { [finding] }
  var estimatedRowCount: Int? { finding.estimatedRowCount }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let found = try run.collectWhole(finding)
    guard found.rowCount > 0, let numbers = found.columns.last?.int64Values() else {
      return Pipeline(source: BatchSource([], run: run))
    }
    var values: [Column] = []
    for column in read {
      values.append(
        try blaming(.nowhere) { () throws(ExecutionError) in
          try source.column(position: column.position, ofRows: numbers)
        }
      )
    }
    var batch = Batch(columns: values, rowCount: numbers.count)
    if let projections {
      let evaluator = try ExpressionEvaluator(
        projections.map(\.expression),
        layout: ColumnLayout(read.map(\.column)),
        context: run.context.functions
      )
      batch = Batch(columns: try evaluator.evaluate(batch), rowCount: batch.rowCount)
    }
    return Pipeline(source: BatchSource([batch], run: run))
  }
}
