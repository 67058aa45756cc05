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
