/// `CREATE [OR REPLACE] [TEMP] SEQUENCE [IF NOT EXISTS] <name> [INCREMENT [BY] <n>] [MINVALUE <n>]
/// [MAXVALUE <n>] [START [WITH] <n>] [CYCLE]`.
package struct CreateSequence: Sendable, Hashable {
  /// OR REPLACE.
  package var orReplace: Bool
  /// TEMP.
  package var isTemporary: Bool
  /// IF NOT EXISTS.
  package var ifNotExists: Bool
  /// The sequence's name.
  package var name: QualifiedName
  /// The distance of two numbers; 1 where it is not written.
  package var increment: Int64?
  /// The least number.
  package var minimum: Int64?
  /// The greatest number.
  package var maximum: Int64?
  /// The first number.
  package var start: Int64?
  /// CYCLE, or NO CYCLE.
  package var cycles: Bool?

  /// Creates a statement.
  package init(orReplace: Bool, isTemporary: Bool, ifNotExists: Bool, name: QualifiedName) {
    self.orReplace = orReplace
    self.isTemporary = isTemporary
    self.ifNotExists = ifNotExists
    self.name = name
  }
}
