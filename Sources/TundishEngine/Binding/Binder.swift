internal import TundishColumns
internal import TundishSyntax

/// Gives names meaning: turns a syntax tree into a plan, or into diagnostics.
///
/// One binder binds one statement. Functions that bind return nil where something was reported, and
/// go on with what is independent of it, so that one statement reports all its errors. The binder
/// reads the catalog and changes nothing.
final class Binder {
  /// What the binder may know.
  let environment: BindingEnvironment
  private var found: [Diagnostic] = []
  /// The common table expressions in sight, innermost last.
  var commonTables: [CommonTableFrame] = []
  /// The arguments of the macros being expanded, innermost last.
  var macroFrames: [MacroFrame] = []
  /// The views and macros being expanded, to find circles.
  var expanding: [String] = []
  /// The schema in which bare names are looked up first, folded; a view has its own.
  var searchedSchema: String
  /// The text to blame instead of an expansion's own.
  var blamedRange: SourceRange?
  /// What stood for sales constructs of the user's own text, as text: EXPLAIN SQL puts it there.
  var expansions: [SourceRange: String] = [:]
  /// Whether the relation at hand has an alias of its own.
  var isAliased = false
  /// Whether tables have the column `rowid`: a query is bound with it when it asks for it.
  var exposesRowIDs = false
  /// Whether a name was looked for that could be `rowid`.
  var missesRowID = false
  /// Whether rows are read that are not those of a table: a file's, the last result's, a list's.
  var readsPassingRows = false
  /// The types that columns of tables were declared with, where these have no storage of their own.
  var declaredTypes: [ColumnID: CheckedType] = [:]
  private var columnCount = 0
  private var materializationCount = 0
  private var depth = 0
  private var remainingNodes = BindingLimits.boundNodes
  private var remainingExpansions = BindingLimits.expansionsPerStatement
  private var hasReportedComplexity = false

  init(_ environment: BindingEnvironment) {
    self.environment = environment
    searchedSchema = environment.settings.schema
  }

  /// Adds a diagnostic, once.
  func report(_ diagnostic: Diagnostic) {
    guard !found.contains(diagnostic) else { return }
    found.append(diagnostic)
  }

  /// What was found wrong so far, in the order of the text.
  var diagnostics: [Diagnostic] {
    found.sorted { left, right in
      (left.range?.lowerBound ?? 0, left.range?.upperBound ?? 0)
        < (right.range?.lowerBound ?? 0, right.range?.upperBound ?? 0)
    }
  }

  /// The text to blame for a part of the tree.
  func blame(_ range: SourceRange) -> SourceRange { blamedRange ?? range }

  /// Remembers what stands for a part of the user's text; parts of expansions have no such text.
  func recordExpansion(_ text: @autoclosure () -> String, at range: SourceRange) {
    if blamedRange == nil, macroFrames.isEmpty { expansions[range] = text() }
  }

  /// Makes a column.
  func makeColumn(_ name: String, _ type: DataType, unit: Unit = .none) -> PlanColumn {
    columnCount += 1
    return PlanColumn(id: ColumnID(columnCount), name: name, type: type, unit: unit)
  }

  /// Makes a column like another one.
  func makeCopy(of column: PlanColumn) -> PlanColumn {
    let copy = makeColumn(column.name, column.type, unit: column.unit)
    declaredTypes[copy.id] = declaredTypes[column.id]
    return copy
  }

  /// Makes the column of an expression's values.
  func makeColumn(_ name: String, of bound: BoundExpression) -> PlanColumn {
    let column = makeColumn(name, bound.type, unit: bound.unit)
    declaredTypes[column.id] = checkedType(of: bound)
    return column
  }

  /// Names a query that is computed once.
  func makeMaterialization() -> MaterializationID {
    materializationCount += 1
    return MaterializationID(materializationCount)
  }

  /// The least number that no column has yet, for passes that make columns.
  var nextColumnNumber: Int { columnCount + 1 }
  /// The least number that no materialization has yet.
  var nextMaterializationNumber: Int { materializationCount + 1 }

  /// Counts the use of an alias or macro, whose expression is bound anew.
  func countExpansion() { remainingExpansions -= 1 }

  /// The type of an expression that is bound again later: nothing is reported or computed for it.
  func type(of expression: Expression, _ scope: Scope) -> DataType? {
    let reported = found
    let asked = (scope.aggregates, scope.groupingCalls, scope.windows, scope.unnests)
    defer {
      found = reported
      (scope.aggregates, scope.groupingCalls, scope.windows, scope.unnests) = asked
    }
    return bind(expression, scope)?.type
  }

  /// Runs a step one level deeper, unless the statement is nested too deeply or grows too large.
  func nested<Result>(_ range: SourceRange, _ body: () -> Result?) -> Result? {
    depth += 1
    remainingNodes -= 1
    defer { depth -= 1 }
    if depth > BindingLimits.depth || remainingNodes < 0 || remainingExpansions < 0 {
      if !hasReportedComplexity {
        hasReportedComplexity = true
        report(
          .tooComplex(
            depth > BindingLimits.depth
              ? "the statement is nested too deeply; name parts of it in WITH"
              : "the statement grows too large when its aliases and macros are expanded",
            at: blame(range)
          )
        )
      }
      return nil
    }
    return body()
  }
}

/// What a binder may know.
struct BindingEnvironment {
  let catalog: Catalog
  let settings: Settings
  let resolver: (any SourceResolver)?
  /// The files that the statement has opened.
  var files = StatementFiles()
  let context: FunctionContext
  let parameters: [Parameter: Value]
  let lastResult: LastResult?
  /// Runs a query while another is bound, for what depends on data: PIVOT without IN.
  var runner: ((Query) throws(StatementFailure) -> (schema: Schema, rows: [[Value]]))?
  /// Expands sales queries and metric calls; nil where there are none.
  var sales: Expander?

  /// What can be called; made when the first name is looked up, as many a statement calls nothing.
  var functions: FunctionRegistry { .standard }
}

/// The sizes at which binding stops.
enum BindingLimits {
  /// The nesting of queries and expressions, expansions included.
  static let depth = 1_200
  /// The expressions bound in one statement, expansions included.
  static let boundNodes = 2_000_000
  /// The aliases and macros expanded in one statement.
  static let expansionsPerStatement = 20_000
  /// The columns of one relation.
  static let columns = 10_000
  /// The operators from the top of a plan to its deepest input, where queries of WITH read each other.
  static let planDepth = 1_000
  /// The copies of a query that NOT MATERIALIZED puts in place.
  static let copies = 1_000
  /// The nesting of views and macros.
  static let expansions = 64
  /// The grouping sets of one GROUP BY.
  static let groupingSets = 4_096
}

/// The relation and the output columns that a query stands for.
struct BoundQuery: Sendable {
  var plan: Plan
  /// The output columns, in order; the plan gives at least these.
  var columns: [PlanColumn]
  /// Further names of the columns, folded, that ORDER BY may use: those of a set operation's later
  /// queries.
  var furtherNames: [String: Int] = [:]
  /// The declared types of columns that have no storage of their own.
  var declared: [ColumnID: CheckedType] = [:]
}
