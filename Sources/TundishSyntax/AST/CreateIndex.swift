/// `CREATE [UNIQUE] INDEX [IF NOT EXISTS] [name] ON t [USING method] (<column> [ASC | DESC], ...)`.
package struct CreateIndex: Sendable, Hashable {
  /// UNIQUE.
  package var isUnique: Bool
  /// IF NOT EXISTS.
  package var ifNotExists: Bool
  /// The index's name; nil leaves the choice to the engine.
  package var name: Identifier?
  /// The table.
  package var table: QualifiedName
  /// USING.
  package var method: Identifier?
  /// What is indexed.
  package var keys: [OrderItem]

  /// Creates a statement.
  package init(
    isUnique: Bool,
    ifNotExists: Bool,
    name: Identifier?,
    table: QualifiedName,
    method: Identifier?,
    keys: [OrderItem]
  ) {
    self.isUnique = isUnique
    self.ifNotExists = ifNotExists
    self.name = name
    self.table = table
    self.method = method
    self.keys = keys
  }
}
