internal import TundishColumns
internal import TundishSyntax

/// A column that a name can mean.
struct ScopeColumn {
  /// The name, as it is printed.
  let name: String
  /// The name, folded.
  let key: String
  /// What it stands for.
  let column: PlanColumn

  init(_ column: PlanColumn, name: String? = nil) {
    self.name = name ?? column.name
    key = foldedKey(name ?? column.name)
    self.column = column
  }
}

/// A relation in FROM, as qualified names see it.
struct ScopeTable {
  /// The alias or name, as it is printed.
  let name: String
  /// The alias or name, folded.
  let key: String
  /// The schema before the name, folded; empty where an alias hides it.
  var schema: String = ""
  /// All columns, those merged by USING too.
  var columns: [ScopeColumn]
  /// The catalog's name where this is a table or view without change, folded.
  var origin: String?
  /// `rowid`, which only its name asks for; nil where there is none.
  var rowID: PlanColumn?
  /// Whether the relation could not be bound, so that nothing is said about its columns.
  var isUnknown = false

  /// Whether a schema's name is that of the one schema, in which this table stands.
  func isMain(_ schemaName: String) -> Bool {
    schemaName == "main" && schema.isEmpty && origin == key
  }

  init(
    name: String,
    schema: String = "",
    columns: [ScopeColumn],
    origin: String? = nil,
    isUnknown: Bool = false
  ) {
    self.name = name
    key = foldedKey(name)
    self.schema = schema
    self.columns = columns
    self.origin = origin
    self.isUnknown = isUnknown
  }
}

/// What FROM, or a part of it, gives: rows, and the names that their columns have.
struct Relation {
  /// The rows.
  var plan: Plan
  /// The relations by name.
  var tables: [ScopeTable]
  /// The columns that unqualified names and `*` see, in order.
  var visible: [ScopeColumn]

  /// Whether some part could not be bound.
  var isUnknown: Bool { tables.contains { $0.isUnknown } }

  /// One row without columns.
  static func singleRow() -> Relation {
    Relation(plan: .values(columns: [], rows: [[]]), tables: [], visible: [])
  }
}

/// The clauses, as far as they differ in what may stand in them.
enum Clause: String {
  case select = "SELECT"
  case from = "FROM"
  case on = "ON"
  case filter = "WHERE"
  case groupBy = "GROUP BY"
  case having = "HAVING"
  case qualify = "QUALIFY"
  case orderBy = "ORDER BY"
  case aggregateArgument = "an aggregate"
  case windowArgument = "a window function"
  case values = "VALUES"
  case limit = "LIMIT"
  case constraint = "a constraint"
  case assignment = "SET"
  case returning = "RETURNING"

  /// Whether aggregates may stand here.
  var allowsAggregates: Bool {
    switch self {
    case .select, .having, .qualify, .orderBy, .windowArgument: true
    case .from, .on, .filter, .groupBy, .aggregateArgument, .values, .limit, .constraint,
      .assignment, .returning:
      false
    }
  }

  /// Whether window functions may stand here.
  var allowsWindows: Bool {
    switch self {
    case .select, .qualify, .orderBy: true
    case .from, .on, .filter, .groupBy, .having, .aggregateArgument, .windowArgument, .values,
      .limit, .constraint, .assignment, .returning:
      false
    }
  }
}

/// What names mean at one level of a query, and what its expressions ask for on the way: aggregates
/// and windows, which are computed below the projection.
final class Scope {
  /// The query around this one.
  let parent: Scope?
  /// The relations by name.
  var tables: [ScopeTable]
  /// The columns that unqualified names see.
  var visible: [ScopeColumn]
  /// The clause that is being bound.
  var clause: Clause
  /// The select items that later ones and other clauses may name, by folded alias.
  var aliases: [String: AliasedItem] = [:]
  /// Only items before this position may be named.
  var aliasLimit = Int.max
  /// The columns that GROUP BY names, as HAVING sees them.
  var groupedColumns: Set<ColumnID> = []
  /// Names of outputs beside their own, folded, that ORDER BY of a set operation may use.
  var furtherNames: [String: Int] = [:]
  /// Whether aliases go before columns, as a bare name in ORDER BY wants.
  var prefersAliases = false
  /// The aggregates that were asked for.
  var aggregates: [AggregateCall] = []
  /// Where among them each one was put; it may have been taken back since.
  private var aggregatePlaces: [ExpressionKey: Int] = [:]
  /// The GROUPING calls that were asked for: the column, and the arguments.
  var groupingCalls: [(column: PlanColumn, arguments: [BoundExpression], range: SourceRange)] = []
  /// The windows that were asked for.
  var windows: [PendingWindow] = []
  /// `unnest` calls in SELECT, which repeat rows.
  var unnests: [ProjectedColumn] = []
  /// WINDOW w AS (...), by folded name.
  var namedWindows: [String: WindowSpecification] = [:]
  /// The column that COLUMNS(...) stands for in this copy of a select item.
  var columnsChoice: ScopeColumn?
  /// The parameters of lambdas around the expression, innermost last.
  var lambdaParameters: [[ScopeColumn]] = []
  private var visibleByKey: [String: [ScopeColumn]]?

  init(parent: Scope?, relation: Relation, clause: Clause) {
    self.parent = parent
    tables = relation.tables
    visible = relation.visible
    self.clause = clause
  }

  /// Whether some relation of FROM could not be bound.
  var isUnknown: Bool { tables.contains { $0.isUnknown } }

  /// The columns of that name that unqualified names see.
  func visibleColumns(_ key: String) -> [ScopeColumn] {
    if let visibleByKey { return visibleByKey[key] ?? [] }
    let grouped = Dictionary(grouping: visible, by: \.key)
    visibleByKey = grouped
    return grouped[key] ?? []
  }

  /// Returns the column of an aggregate that is asked for, or of an equal one that was before.
  func column(of call: AggregateCall) -> PlanColumn {
    guard let key = call.key else {
      aggregates.append(call)
      return call.column
    }
    if let place = aggregatePlaces[key], place < aggregates.count, aggregates[place].key == key {
      return aggregates[place].column
    }
    aggregatePlaces[key] = aggregates.count
    aggregates.append(call)
    return call.column
  }

  /// Runs a step in another clause.
  func within<Result>(_ clause: Clause, _ body: () -> Result) -> Result {
    let outer = self.clause
    self.clause = clause
    defer { self.clause = outer }
    return body()
  }
}

/// A select item that has a name.
struct AliasedItem {
  let position: Int
  let expression: Expression
}

/// A window call, with the partition and order that its operator needs.
struct PendingWindow {
  var call: WindowCall
  var partitionBy: [BoundExpression]
  var orderBy: [SortKey]
}

/// The common table expressions of one WITH clause.
struct CommonTableFrame {
  var tables: [String: CommonTable] = [:]
}

/// A named query that is in sight.
struct CommonTable {
  let id: MaterializationID
  let name: String
  /// The columns of its definition; nil where it could not be bound.
  let columns: [PlanColumn]?
  /// The word of a statement that stands there and gives no rows; nil for all others.
  var silentVerb: String?
}

/// The arguments of a macro that is being expanded.
struct MacroFrame {
  /// The arguments by folded parameter name.
  let arguments: [String: Expression]
  /// The number of frames in sight where the macro was called.
  let callerDepth: Int
  /// The text to blame in the caller.
  let callerBlame: SourceRange?
  /// The scope of the call; nil for table macros in FROM.
  let scope: Scope?
}
