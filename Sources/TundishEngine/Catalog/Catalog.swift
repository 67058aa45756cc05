package import TundishColumns
package import TundishSyntax

/// Everything that has a name: tables, views, macros, types, the sales model, metrics, funnels.
///
/// A value: a statement works on the catalog that it was given, and a statement that changes
/// something returns a new catalog. That makes every statement atomic, BEGIN ... ROLLBACK a matter
/// of keeping the old value, and reading from several threads safe without locks. Tables share
/// their row groups, so a copy costs the dictionaries of names only.
package struct Catalog: Sendable {
  /// Tables by folded name; `schema.name` for those that are not in main.
  package var tables: [String: TableEntry] = [:]
  /// Views by folded name.
  package var views: [String: CreateView] = [:]
  /// The schema in which bare names of a view are looked up, where it is not main, by the view's key.
  package var viewSchemas: [String: String] = [:]
  /// The schemas beside main by folded name, as they are spelled.
  package var schemas: [String: String] = [:]
  /// Macros by folded name, `schema.name` for those that are not in main; several of one name differ
  /// by the number of parameters.
  package var macros: [String: [CreateMacro]] = [:]
  /// User-defined types by folded name.
  package var types: [String: DataType] = [:]
  /// Sequences by folded name.
  package var sequences: [String: SequenceCounter] = [:]
  /// The sales model; roles that nobody has set are absent.
  package var model = SalesModel()
  /// Metrics by folded name, the shipped ones included.
  ///
  /// The shipped ones are parsed when a name is first looked up: plain SQL starts without them.
  package var metrics: [String: CreateMetric] {
    get { changedMetrics ?? Prelude.metrics }
    set { changedMetrics = newValue }
  }
  /// The metrics since the first change; nil while there are just the shipped ones.
  private var changedMetrics: [String: CreateMetric]?
  /// Funnels by folded name.
  package var funnels: [String: CreateFunnel] = [:]
  /// Targets, in order of creation.
  package var targets: [CreateTarget] = []
  /// Scores by folded name.
  package var scores: [String: CreateScore] = [:]

  /// Creates an empty catalog.
  package init() {}
}

/// A table and its constraints.
package struct TableEntry: Sendable {
  /// The name, with the spelling it was created with, and the schema before it where that is not main.
  package var name: String
  /// The schema, folded; empty for main.
  package var schema = ""
  /// The rows.
  package var table: StoredTable
  /// What rows must satisfy, and defaults.
  package var constraints: TableConstraints
  /// TEMP.
  package var isTemporary: Bool

  /// Creates an entry.
  package init(
    name: String,
    table: StoredTable,
    constraints: TableConstraints = TableConstraints(),
    isTemporary: Bool = false
  ) {
    self.name = name
    self.table = table
    self.constraints = constraints
    self.isTemporary = isTemporary
  }
}

/// What CREATE INDEX leaves behind.
package struct TableIndex: Sendable {
  /// The name.
  package var name: String
  /// The positions of its columns.
  package var columns: [Int]
  /// UNIQUE.
  package var isUnique: Bool
}

/// What a row of one table refers to in another.
package struct ForeignKey: Sendable {
  /// The referring columns.
  package var columns: [String]
  /// The table that is referred to.
  package var table: String
  /// The columns of its key.
  package var keys: [String]
}

/// What the rows of a table must satisfy.
package struct TableConstraints: Sendable {
  /// The positions of NOT NULL columns.
  package var notNull: Set<Int> = []
  /// Defaults by position.
  package var defaults: [Int: Expression] = [:]
  /// The expressions of generated columns by position.
  package var generated: [Int: Expression] = [:]
  /// The declared types that have no storage of their own, by position.
  var declared: [Int: CheckedType] = [:]
  /// FOREIGN KEY conditions.
  package var foreignKeys: [ForeignKey] = []
  /// CHECK conditions.
  package var checks: [Expression] = []
  /// The positions of the primary key.
  package var primaryKey: [Int] = []
  /// The positions of further unique keys.
  package var uniqueKeys: [[Int]] = []
  /// Indexes: names only, for scans need none, and unique keys.
  package var indexes: [TableIndex] = []

  /// All keys but the primary one that no two rows may share.
  package var allUniqueKeys: [[Int]] {
    uniqueKeys + indexes.filter(\.isUnique).map(\.columns)
  }

  /// Creates constraints that are all absent.
  package init() {}
}
