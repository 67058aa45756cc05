internal import TundishColumns
internal import TundishSyntax

/// Window functions partitioned by a key of one large table, computed entity by entity.
///
/// Each part of the table is partitioned and sorted on its own, by any thread; the rows themselves
/// are then read in the table's order, and each takes its values from where they were computed.
/// Gives the same rows in the same order as `WindowOperator`.
final class EntityWindowOperator: PhysicalOperator {
  private let plan: WindowPlan
  private let source: PartitionedTableSource
  /// The columns that the calls use, and the row number, entity by entity.
  private let entities: any PhysicalOperator
  /// All columns, in the table's order.
  private let input: any PhysicalOperator
  let columns: [PlanColumn]

  /// Returns how to read the input entity by entity; nil where another way serves better.
  ///
  /// Rows must all be there: a row's values are found by its number in the table.
  static func scan(for window: WindowPlan) -> EntityScan? {
    guard window.partitionBy.count == 1,
      let scan = EntityScan(window.input, by: window.partitionBy[0]), !scan.isFiltered
    else { return nil }
    guard case .scan(var read) = scan.plan else { return scan }
    var used = Set(window.partitionBy[0].columnIDs + [EntityScan.rowNumber.id])
    for expression in Plan.window(window).expressions { used.formUnion(expression.columnIDs) }
    read.columns.removeAll { !used.contains($0.column.id) }
    return EntityScan(plan: .scan(read), source: scan.source, isFiltered: false)
  }

  init(
    _ window: WindowPlan,
    _ scan: EntityScan,
    entities: any PhysicalOperator,
    input: any PhysicalOperator
  ) {
    plan = window
    source = scan.source
    self.entities = entities
    self.input = input
    columns = input.columns + window.calls.map(\.column)
  }

  var name: String { "window" }
  var children: [any PhysicalOperator] { [input] }
  var details: String {
    plan.details(of: input.columns, how: "entity by entity")
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    try source.build(run)
    let pipeline = try run.prepare(entities)
    let morselCount = pipeline.source.morselCount
    let threadCount = run.profiler == nil ? run.context.threadCount : 1
    let parts = (0..<max(1, min(threadCount, morselCount))).map { _ in Part() }
    let failures = WorkerPool.run(count: parts.count) { number throws(RuntimeFailure) in
      let morsels =
        morselCount * number / parts.count..<morselCount * (number + 1) / parts.count
      for morsel in morsels { try compute(morsel, of: pipeline, into: parts[number], run) }
    }
    if let failure = failures.compactMap({ $0 }).first { throw failure }
    var placeOfRow = [Int32](repeating: 0, count: source.table.rowCount)
    var place: Int32 = 0
    for part in parts {
      for row in part.rows {
        placeOfRow[Int(row)] = place
        place += 1
      }
    }
    let results = try run.whole(parts.flatMap(\.results), types: plan.calls.map(\.column.type))
    return Pipeline(
      source: Source(
        try run.prepare(input),
        table: source.table,
        results: results,
        placeOfRow: placeOfRow
      )
    )
  }

  /// The values of some morsels; only one thread touches it at a time.
  private final class Part {
    /// The calls' values, by place.
    var results: [Batch] = []
    /// The number of the row at each place.
    var rows: [Int64] = []
  }

  private func compute(
    _ morsel: Int,
    of pipeline: Pipeline,
    into part: Part,
    _ run: QueryRun
  ) throws(RuntimeFailure) {
    let entityRows = EntityWindowRows(plan: plan, layout: entities.layout)
    guard
      let rows = try entityRows.rows(
        morsel,
        of: pipeline,
        types: entities.columns.map(\.type),
        run
      )
    else { return }
    let (values, partitions) = try entityRows.values(of: rows, run)
    let batch = Batch(columns: values, rowCount: rows.rowCount)
    try run.account(for: batch)
    part.results.append(batch)
    let numbers = rows.columns[entities.layout.position(of: EntityScan.rowNumber.id)]
    part.rows += partitions.placed(numbers).int64Values()
  }

  /// The rows of the input, each with its values.
  private final class Source: MorselSource {
    private let pipeline: Pipeline
    private let firstRows: [Int]
    private let results: Batch
    private let placeOfRow: [Int32]

    init(_ pipeline: Pipeline, table: StoredTable, results: Batch, placeOfRow: [Int32]) {
      self.pipeline = pipeline
      self.results = results
      self.placeOfRow = placeOfRow
      var firstRows: [Int] = []
      var row = 0
      for group in 0..<table.rowGroupCount {
        firstRows.append(row)
        row += table.rowCount(ofRowGroup: group)
      }
      self.firstRows = firstRows
    }

    var morselCount: Int { pipeline.source.morselCount }
    var isParallel: Bool { pipeline.source.isParallel }

    func run(morsel: Int, into consumer: any Consumer) throws(RuntimeFailure) -> Flow {
      var row = firstRows[morsel]
      let results = results
      let placeOfRow = placeOfRow
      var head: any Consumer = MapConsumer(next: consumer) { batch throws(RuntimeFailure) in
        let places = Array(placeOfRow[row..<row + batch.rowCount])
        row += batch.rowCount
        return Batch(
          columns: batch.columns + results.columns.map { $0.gathered(places) },
          rowCount: batch.rowCount
        )
      }
      for stage in pipeline.stages.reversed() { head = try stage.makeConsumer(next: head) }
      return try pipeline.source.run(morsel: morsel, into: head)
    }
  }
}
