/// The rows of a table in memory: immutable row groups of narrow columns.
package struct StoredTable: Sendable {
  /// The columns.
  package let schema: Schema
  /// The number of rows.
  package let rowCount: Int

  /// Creates an empty table.
  package init(schema: Schema) {
    self.schema = schema
    self.rowCount = 0
  }
}
