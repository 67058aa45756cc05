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

  /// WITH before DEFAULT VALUES; of other forms it is the query's.
  package var with: WithClause?
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
