/// `MERGE INTO t [AS a] USING <relation> ( ON <condition> | USING (<names>) ) WHEN ... THEN ...
/// [RETURNING ...]`.
package struct Merge: Sendable, Hashable {
  /// WITH before the statement.
  package var with: WithClause?
  /// The table that changes.
  package var table: QualifiedName
  /// Its alias.
  package var alias: Identifier?
  /// The rows that it is compared with.
  package var source: TableReference
  /// Which rows of both belong together.
  package var condition: JoinClause.Condition
  /// What happens, in the order in which conditions are tried.
  package var clauses: [MergeClause]
  /// RETURNING.
  package var returning: [SelectItem]

  /// Creates a statement.
  package init(
    table: QualifiedName,
    alias: Identifier? = nil,
    source: TableReference,
    condition: JoinClause.Condition,
    clauses: [MergeClause] = [],
    returning: [SelectItem] = []
  ) {
    self.table = table
    self.alias = alias
    self.source = source
    self.condition = condition
    self.clauses = clauses
    self.returning = returning
  }
}

/// `WHEN [NOT] MATCHED [BY SOURCE | BY TARGET] [AND <condition>] THEN <action>`.
package struct MergeClause: Sendable, Hashable {
  /// Which rows a clause is about.
  package enum Match: String, Sendable, Hashable, CaseIterable {
    /// Pairs of a row of the table and one of the source.
    case matched = "MATCHED"
    /// Rows of the source that match no row of the table.
    case notMatchedByTarget = "NOT MATCHED"
    /// Rows of the table that no row of the source matches.
    case notMatchedBySource = "NOT MATCHED BY SOURCE"
  }

  /// What happens to them.
  package enum Action: Sendable, Hashable {
    /// `UPDATE SET <column> = <expr>, ...`.
    case update([Assignment])
    /// `UPDATE [SET *]`, `UPDATE BY NAME`: all columns of the source.
    case updateAll(byName: Bool)
    /// `DELETE`.
    case delete
    /// `INSERT [(<names>)] VALUES (<expr>, ...)`.
    case insert(columns: [Identifier], values: [Expression])
    /// `INSERT [*]`, `INSERT BY NAME`: all columns of the source.
    case insertAll(byName: Bool)
    /// `INSERT DEFAULT VALUES`.
    case insertDefaults
    /// `DO NOTHING`.
    case nothing
    /// `ERROR [<message>]`.
    case error(Expression?)
  }

  /// Which rows it is about.
  package var match: Match
  /// `AND <condition>`.
  package var filter: Expression?
  /// What happens.
  package var action: Action
  /// Where it stands.
  package var range: SourceRange

  /// Creates a clause.
  package init(match: Match, filter: Expression?, action: Action, range: SourceRange) {
    self.match = match
    self.filter = filter
    self.action = action
    self.range = range
  }
}
