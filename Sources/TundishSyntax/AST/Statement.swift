/// One statement of a script.
package struct Statement: Sendable, Hashable {
  /// What it is.
  package let kind: Kind
  /// From its first token to its last, without the `;`.
  package let range: SourceRange

  /// Creates a statement.
  package init(_ kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  /// The kinds of statements.
  package indirect enum Kind: Sendable, Hashable {
    /// Any query, sales queries included.
    case query(Query)
    /// `EXPLAIN [TOKENS | AST | SQL | PLAN | OPTIMIZED | PHYSICAL | ANALYZE] <statement>`.
    case explain(ExplainOption?, Statement)
    case createTable(CreateTable)
    case createView(CreateView)
    case createMacro(CreateMacro)
    case createType(CreateType)
    case createSchema(name: Identifier, ifNotExists: Bool)
    case createIndex(CreateIndex)
    case createSequence(CreateSequence)
    case drop(Drop)
    case alterTable(AlterTable)
    case insert(Insert)
    case update(Update)
    case delete(Delete)
    case merge(Merge)
    /// `TRUNCATE [TABLE] t`.
    case truncate(QualifiedName)
    case load(Load)
    /// `SNIFF '<path>' [(options)]`.
    case sniff(path: String, pathRange: SourceRange, options: [FileOption])
    case copy(Copy)
    /// `EXPORT DATABASE '<folder>' [(options)]`.
    case exportDatabase(path: String, options: [FileOption])
    /// `IMPORT DATABASE '<folder>'`.
    case importDatabase(path: String)
    /// `SET <name> = <value>`, `SET <name> TO <value>`.
    case set(name: Identifier, value: Expression)
    /// `RESET <name>`.
    case reset(name: Identifier)
    /// `SET VARIABLE <name> = <value>`.
    case setVariable(name: Identifier, value: Expression)
    /// `RESET VARIABLE <name>`.
    case resetVariable(name: Identifier)
    case show(ShowTarget)
    /// `DESCRIBE <relation or query>`, `DESCRIBE METRIC <name>`, ...
    case describe(DescribeTarget)
    /// `SUMMARIZE <relation or query>`.
    case summarize(Query)
    /// `ASSERT <condition> [ELSE '<message>']`.
    case assert(Expression, message: String?)
    /// `CHECK [<relation>]`.
    case check(QualifiedName?)
    /// `DEDUPE <relation> ON <expr>, ... [ORDER BY ...]`.
    case dedupe(table: QualifiedName, keys: [Expression], orderBy: [OrderItem])
    /// `PREPARE <name> AS <statement>`.
    case prepare(name: Identifier, Statement)
    /// `EXECUTE <name> [(<argument>, ...)]`.
    case execute(name: Identifier, [FunctionArgument])
    /// `DEALLOCATE [PREPARE] <name>`; nil for ALL.
    case deallocate(Identifier?)
    case begin
    case commit
    case rollback
    case createModel(CreateModel)
    /// `ALTER MODEL ADD <item>`, `SET <item>`.
    case alterModel(ModelEdit, ModelItem)
    /// `ALTER MODEL DROP <role or link>`.
    case dropModelItem(ModelItemReference)
    case createMetric(CreateMetric)
    case createFunnel(CreateFunnel)
    case createTarget(CreateTarget)
    case createScore(CreateScore)
    /// `WHY <metric> <period> COMPARE ... BY ...`.
    case why(MetricStatement)
  }
}

/// What EXPLAIN prints.
package enum ExplainOption: String, Sendable, Hashable, CaseIterable {
  case tokens = "TOKENS"
  case ast = "AST"
  case sql = "SQL"
  case plan = "PLAN"
  case optimized = "OPTIMIZED"
  case physical = "PHYSICAL"
  case analyze = "ANALYZE"
}

/// What SHOW lists.
package enum ShowTarget: Sendable, Hashable {
  /// `SHOW TABLES`, `SHOW ALL TABLES`.
  case tables
  /// `SHOW SETTINGS`.
  case settings
  /// `SHOW MODEL`.
  case model
  /// `SHOW METRICS`.
  case metrics
  /// `SHOW FUNNELS`.
  case funnels
  /// `SHOW TARGETS`.
  case targets
  /// `SHOW SCORES`.
  case scores
  /// `SHOW VIEWS`.
  case views
  /// `SHOW MACROS`.
  case macros
  /// `SHOW FUNCTIONS`.
  case functions
  /// `SHOW <setting>`.
  case setting(Identifier)
}

/// What DESCRIBE describes.
package indirect enum DescribeTarget: Sendable, Hashable {
  /// `DESCRIBE t`, `DESCRIBE <query>`.
  case query(Query)
  /// `DESCRIBE METRIC <name>`.
  case metric(Identifier)
  /// `DESCRIBE FUNNEL <name>`.
  case funnel(Identifier)
  /// `DESCRIBE FUNCTION <name>`.
  case function(Identifier)
}
