/// Some consecutive rows of a relation, column by column.
package struct Batch: Sendable {
  /// The columns; each has `rowCount` rows.
  package let columns: [Column]
  /// The number of rows; meaningful also where there are no columns.
  package let rowCount: Int

  /// The number of rows that operators aim for.
  package static let preferredRowCount = 2_048

  /// Creates a batch.
  package init(columns: [Column], rowCount: Int) {
    precondition(
      columns.allSatisfy { $0.count == rowCount },
      "all columns of a batch have as many rows as the batch"
    )
    self.columns = columns
    self.rowCount = rowCount
  }
}
