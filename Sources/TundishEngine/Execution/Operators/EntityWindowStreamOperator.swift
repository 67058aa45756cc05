internal import TundishColumns
internal import TundishSyntax

/// Window functions partitioned by a key of one large table, computed entity by entity and given in
/// that order, for readers to whom the order of rows does not matter.
///
/// Each part of the table is partitioned, computed and passed on before the next; nothing is brought
/// back into the table's order, as `EntityWindowOperator` does.
final class EntityWindowStreamOperator: PhysicalOperator {
  private let plan: WindowPlan
  private let source: PartitionedTableSource
  private let input: any PhysicalOperator
  let columns: [PlanColumn]

  /// Returns how to read the input entity by entity; nil where another way serves better.
  static func scan(for window: WindowPlan) -> EntityScan? {
    guard window.partitionBy.count == 1,
      let scan = EntityScan(window.input, by: window.partitionBy[0]),
      !scan.isFiltered || scan.readsMuch(for: window.input)
    else { return nil }
    return scan
  }

  init(_ window: WindowPlan, _ scan: EntityScan, input: any PhysicalOperator) {
    plan = window
    source = scan.source
    self.input = input
    columns = window.input.columns + window.calls.map(\.column)
  }

  var name: String { "window" }
  var children: [any PhysicalOperator] { [input] }
  var details: String {
    plan.details(of: input.columns, how: "streamed entity by entity")
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    try source.build(run)
    return Pipeline(
      source: Source(
        try run.prepare(input),
        types: input.columns.map(\.type),
        rows: EntityWindowRows(plan: plan, layout: input.layout),
        run: run
      )
    )
  }

  /// The parts of the table with the values of the calls.
  private final class Source: MorselSource {
    private let pipeline: Pipeline
    private let types: [DataType]
    private let entityRows: EntityWindowRows
    /// The positions of the columns that are passed on.
    private let passed: [Int]
    private let run: QueryRun

    init(_ pipeline: Pipeline, types: [DataType], rows: EntityWindowRows, run: QueryRun) {
      self.pipeline = pipeline
      self.types = types
      entityRows = rows
      passed = rows.plan.input.columns.map { rows.layout.position(of: $0.id) }
      self.run = run
    }

    var morselCount: Int { pipeline.source.morselCount }
    var isParallel: Bool { pipeline.source.isParallel }

    func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow {
      guard let rows = try entityRows.rows(morsel, of: pipeline, types: types, run) else {
        return .more
      }
      let (values, partitions) = try entityRows.values(of: rows, run)
      let whole = Batch(
        columns: passed.map { partitions.placed(rows.columns[$0]) } + values,
        rowCount: rows.rowCount
      )
      let step = max(1, run.context.batchRowCount)
      for start in stride(from: 0, to: whole.rowCount, by: step) {
        try run.checkCancellation()
        let batch = whole.sliced(start..<min(start + step, whole.rowCount))
        if case .done = try consumer.consume(batch) { return .done }
      }
      return .more
    }
  }
}
