public import TundishColumns
import TundishSyntax

@testable import TundishEngine

/// Builds small plans over tables in memory, and reads their results.
struct Fixture {
  private var nextID = 0
  private var columns: [String: PlanColumn] = [:]
  static let range = SourceRange(3, 7)

  mutating func newColumn(_ name: String, _ type: DataType) -> PlanColumn {
    nextID += 1
    let column = PlanColumn(id: ColumnID(nextID), name: name, type: type)
    columns[name] = column
    return column
  }

  /// A scan of a table; a row group has few rows, so that there are several.
  mutating func scan(
    _ fields: [(String, DataType)],
    _ rows: [[Value]],
    predicate: ((Fixture) -> BoundExpression)? = nil
  ) throws -> Plan {
    let schema = Schema(fields.map { Field(name: $0.0, type: $0.1) })
    let columns = fields.indices.map { position in
      Column.values(rows.map { $0[position] }, type: fields[position].1)
    }
    let table = try StoredTable(
      schema: schema,
      batches: [Batch(columns: columns, rowCount: rows.count)],
      rowGroupRowCount: 64
    )
    var scanned: [ScanColumn] = []
    for (position, field) in fields.enumerated() {
      scanned.append(ScanColumn(column: newColumn(field.0, field.1), position: position))
    }
    return .scan(
      ScanPlan(
        source: StoredTableSource(table),
        name: "t",
        columns: scanned,
        predicate: predicate?(self)
      )
    )
  }

  func column(_ name: String) -> BoundExpression {
    guard let column = columns[name] else {
      preconditionFailure("the fixture has a column \(name)")
    }
    return BoundExpression(.column(column.id), type: column.type, range: Self.range)
  }

  func plan(_ name: String) -> PlanColumn {
    guard let column = columns[name] else {
      preconditionFailure("the fixture has a column \(name)")
    }
    return column
  }

  func literal(_ value: Value, _ type: DataType) -> BoundExpression {
    BoundExpression(.literal(value), type: type, range: Self.range)
  }

  func compare(
    _ left: BoundExpression,
    _ comparison: ComparisonOperator,
    _ right: BoundExpression
  ) -> BoundExpression {
    BoundExpression(.comparison(comparison, left, right), type: .boolean, range: Self.range)
  }

  func key(
    _ name: String,
    descending: Bool = false,
    nullsFirst: Bool = false
  ) -> TundishEngine.SortKey {
    TundishEngine.SortKey(
      expression: column(name),
      isDescending: descending,
      nullsFirst: nullsFirst
    )
  }

  mutating func aggregate(
    _ name: String,
    _ arguments: [BoundExpression],
    as output: String,
    distinct: Bool = false,
    orderBy: [TundishEngine.SortKey] = [],
    filter: BoundExpression? = nil
  ) throws -> AggregateCall {
    let resolved = try Self.resolve(name, arguments.map(\.type))
    return AggregateCall(
      column: newColumn(output, resolved.resultType),
      function: resolved,
      arguments: arguments,
      isDistinct: distinct,
      orderBy: orderBy,
      filter: filter,
      range: Self.range
    )
  }

  static func resolve(_ name: String, _ types: [DataType]) throws -> ResolvedAggregate {
    try FunctionRegistry.standard.resolveAggregate(name: name, argumentTypes: types).get()
  }

  /// Runs a plan at several batch sizes and thread counts, which must agree, and returns its rows.
  static func rows(_ plan: Plan, _ output: [PlanColumn]) throws -> [[Value]] {
    var all: [[Value]]?
    for (size, threadCount) in [(1, 1), (3, 2), (2_048, 1), (2_048, 3)] {
      let result = try QueryExecutor.run(
        plan: plan,
        output: output,
        context: ExecutionContext(
          functions: FunctionContext(nowMicroseconds: 0),
          threadCount: threadCount,
          batchRowCount: size
        )
      )
      let rows = result.batches.flatMap { batch in (0..<batch.rowCount).map { batch.row(at: $0) } }
      if let all, all != rows { throw BatchSizeMatters(rows: rows, before: all) }
      all = rows
    }
    return all ?? []
  }

  struct BatchSizeMatters: Error {
    let rows: [[Value]]
    let before: [[Value]]
  }
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral,
  ExpressibleByBooleanLiteral
{
  /// Creates an integer.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// Creates a text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// Creates a NULL.
  public init(nilLiteral: ()) { self = .null }
  /// Creates a truth.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
}
