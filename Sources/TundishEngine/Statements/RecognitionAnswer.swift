internal import TundishColumns
internal import TundishSyntax

/// What recognition learned of tables by a query, kept from one LOAD to the next.
///
/// It holds as long as the tables that the query reads are the same under the same names, and so are
/// all views and macros.
struct RecognitionAnswer: Sendable {
  let schema: Schema
  let rows: [[Value]]
  /// The identities of the tables that the query reads, by the keys of the catalog.
  private let tables: [String: UInt64]
  private let views: [String: CreateView]
  private let macros: [String: [CreateMacro]]

  /// Nil where the query reads something else than tables of the catalog.
  init?(schema: Schema, rows: [[Value]], plan: Plan, catalog: Catalog) {
    var identities: Set<UInt64> = []
    guard plan.addTables(to: &identities) else { return nil }
    var tables: [String: UInt64] = [:]
    for (key, entry) in catalog.tables where identities.contains(entry.table.identity) {
      tables[key] = entry.table.identity
    }
    guard Set(tables.values) == identities else { return nil }
    self.schema = schema
    self.rows = rows
    self.tables = tables
    views = catalog.views
    macros = catalog.macros
  }

  /// Whether a catalog has all that the answer rests on.
  func holds(in catalog: Catalog) -> Bool {
    tables.allSatisfy { catalog.tables[$0.key]?.table.identity == $0.value }
      && views == catalog.views && macros == catalog.macros
  }
}

extension Plan {
  /// Adds the identities of the tables that a plan reads, as the binder made it; false where it reads
  /// anything else.
  func addTables(to identities: inout Set<UInt64>) -> Bool {
    switch self {
    case .scan(let scan):
      guard let table = scan.source.stored?.table else { return false }
      identities.insert(table.identity)
    case .tableFunction:
      return false
    default:
      break
    }
    var readsTables = true
    for expression in expressions {
      expression.forEachSubquery { readsTables = $0.addTables(to: &identities) && readsTables }
    }
    for child in children { readsTables = child.addTables(to: &identities) && readsTables }
    return readsTables
  }
}

/// Runs the queries of recognition, but not those whose answers a LOAD before this one left.
///
/// Recognition asks every table of the catalog, and a LOAD brings or changes few of them.
final class RememberingRunner: QueryRunner {
  private let runner: StatementRunner
  private let known: [Query: RecognitionAnswer]
  /// The answers that this LOAD asked for.
  private(set) var used: [Query: RecognitionAnswer] = [:]

  /// The most rows that an answer may have to be kept.
  private static let greatestRowCount = 10_000

  /// `known` are the answers that the LOAD before asked for.
  init(_ runner: StatementRunner, known: [Query: RecognitionAnswer]) {
    self.runner = runner
    self.known = known
  }

  func rows(of query: Query) throws(StatementFailure) -> (schema: Schema, rows: [[Value]]) {
    let catalog = runner.session.catalog
    if let answer = used[query] ?? known[query], answer.holds(in: catalog) {
      used[query] = answer
      return (answer.schema, answer.rows)
    }
    let planned = try runner.planned(query)
    let batches = try runner.run(planned.plan, planned.bound).batches
    let schema = runner.schema(of: planned.bound)
    let rows = StatementRunner.rows(of: batches)
    if rows.count <= Self.greatestRowCount {
      used[query] = RecognitionAnswer(
        schema: schema,
        rows: rows,
        plan: planned.bound.plan,
        catalog: catalog
      )
    }
    return (schema, rows)
  }
}
