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

/// `CREATE [OR REPLACE] [TEMP] TABLE [IF NOT EXISTS] t (...)`, `... AS <query>`.
package struct CreateTable: Sendable, Hashable {
  /// OR REPLACE.
  package var orReplace: Bool
  /// TEMP.
  package var isTemporary: Bool
  /// IF NOT EXISTS.
  package var ifNotExists: Bool
  /// The table's name.
  package var name: QualifiedName
  /// The declared columns; with AS they may have no types.
  package var columns: [ColumnDefinition]
  /// Constraints over several columns.
  package var constraints: [TableConstraint]
  /// `AS <query>`.
  package var query: Query?
  /// `WITH NO DATA`.
  package var withNoData: Bool

  /// Creates a statement.
  package init(
    orReplace: Bool = false,
    isTemporary: Bool = false,
    ifNotExists: Bool = false,
    name: QualifiedName,
    columns: [ColumnDefinition] = [],
    constraints: [TableConstraint] = [],
    query: Query? = nil,
    withNoData: Bool = false
  ) {
    self.orReplace = orReplace
    self.isTemporary = isTemporary
    self.ifNotExists = ifNotExists
    self.name = name
    self.columns = columns
    self.constraints = constraints
    self.query = query
    self.withNoData = withNoData
  }
}

/// `<name> <type> [NOT NULL] [DEFAULT <expr>] [CHECK (<expr>)] [PRIMARY KEY] [UNIQUE]`, `<name>
/// [<type>] [GENERATED ALWAYS] AS (<expr>) [VIRTUAL | STORED]`.
package struct ColumnDefinition: Sendable, Hashable {
  /// The column's name.
  package var name: Identifier
  /// The column's type; nil in CREATE TABLE AS.
  package var type: TypeName?
  /// NOT NULL.
  package var isNotNull: Bool
  /// DEFAULT.
  package var defaultValue: Expression?
  /// GENERATED ALWAYS AS.
  package var generated: Expression?
  /// CHECK, several.
  package var checks: [Expression]
  /// PRIMARY KEY.
  package var isPrimaryKey: Bool
  /// UNIQUE.
  package var isUnique: Bool
  /// REFERENCES.
  package var references: ForeignKeyTarget?

  /// Creates a definition.
  package init(
    name: Identifier,
    type: TypeName?,
    isNotNull: Bool = false,
    defaultValue: Expression? = nil,
    checks: [Expression] = [],
    isPrimaryKey: Bool = false,
    isUnique: Bool = false,
    generated: Expression? = nil
  ) {
    self.name = name
    self.type = type
    self.isNotNull = isNotNull
    self.defaultValue = defaultValue
    self.generated = generated
    self.checks = checks
    self.isPrimaryKey = isPrimaryKey
    self.isUnique = isUnique
  }
}

/// A constraint over a table.
package enum TableConstraint: Sendable, Hashable {
  /// `PRIMARY KEY (<name>, ...)`.
  case primaryKey([Identifier])
  /// `UNIQUE (<name>, ...)`.
  case unique([Identifier])
  /// `CHECK (<expr>)`.
  case check(Expression)
  /// `FOREIGN KEY (<name>, ...) REFERENCES <table> [(<name>, ...)]`.
  case foreignKey([Identifier], ForeignKeyTarget)
}

/// `REFERENCES <table> [(<name>, ...)]`.
package struct ForeignKeyTarget: Sendable, Hashable {
  /// The table whose rows must be there.
  package let table: QualifiedName
  /// The columns of its key; empty for the primary key.
  package let columns: [Identifier]

  /// Creates a target.
  package init(table: QualifiedName, columns: [Identifier]) {
    self.table = table
    self.columns = columns
  }
}

/// `CREATE [OR REPLACE] [TEMP] VIEW v [(names)] AS <query>`.
package struct CreateView: Sendable, Hashable {
  /// OR REPLACE.
  package var orReplace: Bool
  /// TEMP.
  package var isTemporary: Bool
  /// IF NOT EXISTS.
  package var ifNotExists: Bool
  /// The view's name.
  package var name: QualifiedName
  /// The names of its columns, where given.
  package var columns: [Identifier]
  /// Its query.
  package var query: Query

  /// Creates a statement.
  package init(
    orReplace: Bool,
    isTemporary: Bool,
    ifNotExists: Bool,
    name: QualifiedName,
    columns: [Identifier],
    query: Query
  ) {
    self.orReplace = orReplace
    self.isTemporary = isTemporary
    self.ifNotExists = ifNotExists
    self.name = name
    self.columns = columns
    self.query = query
  }
}

/// `CREATE [OR REPLACE] MACRO f(a, b := 1) AS <expr>`, `... AS TABLE <query>`.
package struct CreateMacro: Sendable, Hashable {
  /// What a macro stands for.
  package indirect enum Body: Sendable, Hashable {
    /// `AS <expr>`.
    case scalar(Expression)
    /// `AS TABLE <query>`.
    case table(Query)
  }

  /// OR REPLACE.
  package var orReplace: Bool
  /// TEMP.
  package var isTemporary: Bool
  /// The macro's name.
  package var name: QualifiedName
  /// Its parameters; a default where one is given.
  package var parameters: [MacroParameter]
  /// What it stands for.
  package var body: Body
  /// What it stands for with other numbers of parameters: `..., (a, b) AS a + b`.
  package var further: [CreateMacro]

  /// Creates a statement.
  package init(
    orReplace: Bool,
    isTemporary: Bool,
    name: QualifiedName,
    parameters: [MacroParameter],
    body: Body,
    further: [CreateMacro] = []
  ) {
    self.orReplace = orReplace
    self.isTemporary = isTemporary
    self.name = name
    self.parameters = parameters
    self.body = body
    self.further = further
  }
}

/// `<name> [:= <default>]`.
package struct MacroParameter: Sendable, Hashable {
  /// The parameter's name.
  package let name: Identifier
  /// Its default.
  package let defaultValue: Expression?

  /// Creates a parameter.
  package init(name: Identifier, defaultValue: Expression? = nil) {
    self.name = name
    self.defaultValue = defaultValue
  }
}

/// `CREATE [OR REPLACE] TYPE <name> AS <type>`, `... AS ENUM (<query>)`.
package struct CreateType: Sendable, Hashable {
  /// OR REPLACE.
  package var orReplace: Bool
  /// The type's name.
  package var name: Identifier
  /// What it stands for.
  package var type: TypeName
  /// The query whose values are the labels of an ENUM, in place of `type`.
  package var labels: Query?

  /// Creates a statement.
  package init(orReplace: Bool, name: Identifier, type: TypeName, labels: Query? = nil) {
    self.orReplace = orReplace
    self.name = name
    self.type = type
    self.labels = labels
  }
}

/// `DROP <kind> [IF EXISTS] <name>, ... [CASCADE]`.
package struct Drop: Sendable, Hashable {
  /// What can be dropped.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case table = "TABLE"
    case view = "VIEW"
    case macro = "MACRO"
    case type = "TYPE"
    case schema = "SCHEMA"
    case index = "INDEX"
    case sequence = "SEQUENCE"
    case model = "MODEL"
    case metric = "METRIC"
    case funnel = "FUNNEL"
    case target = "TARGET"
    case score = "SCORE"
  }

  /// What is dropped.
  package var kind: Kind
  /// IF EXISTS.
  package var ifExists: Bool
  /// The names; empty for MODEL.
  package var names: [QualifiedName]

  /// Creates a statement.
  package init(kind: Kind, ifExists: Bool, names: [QualifiedName]) {
    self.kind = kind
    self.ifExists = ifExists
    self.names = names
  }
}

/// `ALTER TABLE [IF EXISTS] t <action>`.
package struct AlterTable: Sendable, Hashable {
  /// What is changed.
  package indirect enum Action: Sendable, Hashable {
    /// `ADD [COLUMN] [IF NOT EXISTS] <column>`.
    case addColumn(ColumnDefinition, ifNotExists: Bool)
    /// `DROP [COLUMN] [IF EXISTS] <name>`.
    case dropColumn(Identifier, ifExists: Bool)
    /// `RENAME [COLUMN] <name> TO <name>`.
    case renameColumn(Identifier, to: Identifier)
    /// `RENAME TO <name>`.
    case renameTable(Identifier)
    /// `ALTER [COLUMN] <name> [SET DATA] TYPE <type> [USING <expr>]`.
    case setType(Identifier, TypeName, using: Expression?)
    /// `ALTER [COLUMN] <name> SET DEFAULT <expr>`.
    case setDefault(Identifier, Expression)
    /// `ALTER [COLUMN] <name> DROP DEFAULT`.
    case dropDefault(Identifier)
    /// `ALTER [COLUMN] <name> SET NOT NULL`.
    case setNotNull(Identifier)
    /// `ALTER [COLUMN] <name> DROP NOT NULL`.
    case dropNotNull(Identifier)
    /// `ADD [CONSTRAINT <name>] <constraint>`.
    case addConstraint(TableConstraint)
  }

  /// The table.
  package var table: QualifiedName
  /// IF EXISTS.
  package var ifExists: Bool
  /// What is changed.
  package var action: Action

  /// Creates a statement.
  package init(table: QualifiedName, ifExists: Bool, action: Action) {
    self.table = table
    self.ifExists = ifExists
    self.action = action
  }
}

/// `INSERT [OR REPLACE | OR IGNORE] INTO t [(names)] [BY NAME] <query> | DEFAULT VALUES
/// [ON CONFLICT ...] [RETURNING ...]`.
package struct Insert: Sendable, Hashable {
  /// `ON CONFLICT [(<names>)] DO NOTHING | DO UPDATE SET ... [WHERE ...]`.
  package struct Conflict: Sendable, Hashable {
    /// The columns of the key; empty means the primary key.
    package var target: [Identifier]
    /// `DO UPDATE SET`; nil is DO NOTHING.
    package var assignments: [Assignment]?
    /// `WHERE` of DO UPDATE.
    package var filter: Expression?
    /// INSERT OR REPLACE: all columns are set.
    package var replacesRow: Bool

    /// Creates a clause.
    package init(
      target: [Identifier],
      assignments: [Assignment]?,
      filter: Expression? = nil,
      replacesRow: Bool = false
    ) {
      self.target = target
      self.assignments = assignments
      self.filter = filter
      self.replacesRow = replacesRow
    }
  }

  /// The table.
  package var table: QualifiedName
  /// Its name in DO UPDATE.
  package var alias: Identifier?
  /// The columns, where given.
  package var columns: [Identifier]
  /// BY NAME.
  package var byName: Bool
  /// The rows; nil is DEFAULT VALUES.
  package var query: Query?
  /// ON CONFLICT.
  package var conflict: Conflict?
  /// RETURNING.
  package var returning: [SelectItem]

  /// Creates a statement.
  package init(
    table: QualifiedName,
    columns: [Identifier] = [],
    byName: Bool = false,
    query: Query?,
    conflict: Conflict? = nil,
    returning: [SelectItem] = []
  ) {
    self.table = table
    self.columns = columns
    self.byName = byName
    self.query = query
    self.conflict = conflict
    self.returning = returning
  }
}

/// `<column> = <expr>`.
package struct Assignment: Sendable, Hashable {
  /// The column.
  package let column: Identifier
  /// Its new value.
  package let value: Expression

  /// Creates an assignment.
  package init(column: Identifier, value: Expression) {
    self.column = column
    self.value = value
  }
}

/// `UPDATE t [AS a] SET ... [FROM ...] [WHERE ...] [RETURNING ...]`.
package struct Update: Sendable, Hashable {
  /// WITH before the statement.
  package var with: WithClause?
  /// The table.
  package var table: QualifiedName
  /// Its alias.
  package var alias: Identifier?
  /// The new values.
  package var assignments: [Assignment]
  /// Further relations.
  package var from: [TableReference]
  /// The rows to change.
  package var filter: Expression?
  /// RETURNING.
  package var returning: [SelectItem]

  /// Creates a statement.
  package init(
    table: QualifiedName,
    alias: Identifier? = nil,
    assignments: [Assignment],
    from: [TableReference] = [],
    filter: Expression? = nil,
    returning: [SelectItem] = []
  ) {
    self.table = table
    self.alias = alias
    self.assignments = assignments
    self.from = from
    self.filter = filter
    self.returning = returning
  }
}

/// `DELETE FROM t [AS a] [USING ...] [WHERE ...] [RETURNING ...]`.
package struct Delete: Sendable, Hashable {
  /// WITH before the statement.
  package var with: WithClause?
  /// The table.
  package var table: QualifiedName
  /// Its alias.
  package var alias: Identifier?
  /// Further relations.
  package var using: [TableReference]
  /// The rows to remove.
  package var filter: Expression?
  /// RETURNING.
  package var returning: [SelectItem]

  /// Creates a statement.
  package init(
    table: QualifiedName,
    alias: Identifier? = nil,
    using: [TableReference] = [],
    filter: Expression? = nil,
    returning: [SelectItem] = []
  ) {
    self.table = table
    self.alias = alias
    self.using = using
    self.filter = filter
    self.returning = returning
  }
}

/// `LOAD '<path>' [AS t] [(options)] [ON ERROR FAIL | SKIP | NULL]`.
package struct Load: Sendable, Hashable {
  /// A file, a folder or a glob.
  package var path: String
  /// Where the path stands.
  package var pathRange: SourceRange
  /// `AS t`.
  package var alias: Identifier?
  /// The options; ON ERROR becomes the option `on_error`.
  package var options: [FileOption]

  /// Creates a statement.
  package init(
    path: String,
    pathRange: SourceRange,
    alias: Identifier? = nil,
    options: [FileOption] = []
  ) {
    self.path = path
    self.pathRange = pathRange
    self.alias = alias
    self.options = options
  }
}

/// `<NAME> [=] <value>` in the options of LOAD, COPY and their kin; a value alone is TRUE.
package struct FileOption: Sendable, Hashable {
  /// The option's name.
  package let name: Identifier
  /// Its value; nil where none is written.
  package let value: Expression?

  /// Creates an option.
  package init(name: Identifier, value: Expression?) {
    self.name = name
    self.value = value
  }
}

/// `COPY (<query>) TO '<path>' [(options)]`, `COPY t [(names)] TO | FROM '<path>' [(options)]`.
package struct Copy: Sendable, Hashable {
  /// What is written, or the table that is read into.
  package indirect enum Subject: Sendable, Hashable {
    /// `(<query>)`.
    case query(Query)
    /// `t [(<name>, ...)]`.
    case table(QualifiedName, columns: [Identifier])
  }

  /// What is written, or the table that is read into.
  package var subject: Subject
  /// TO (true) or FROM.
  package var isExport: Bool
  /// The file.
  package var path: String
  /// Where the path stands.
  package var pathRange: SourceRange
  /// The options.
  package var options: [FileOption]

  /// Creates a statement.
  package init(
    subject: Subject,
    isExport: Bool,
    path: String,
    pathRange: SourceRange,
    options: [FileOption]
  ) {
    self.subject = subject
    self.isExport = isExport
    self.path = path
    self.pathRange = pathRange
    self.options = options
  }
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
