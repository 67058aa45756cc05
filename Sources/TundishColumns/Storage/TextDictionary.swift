/// The distinct text values that a column's codes stand for.
///
/// Values are distinct and never NULL; code `i` is `values.views[i]`, in the order in which the
/// values first occurred in the table. One dictionary serves all batches of a table's column, so
/// work per distinct value (LIKE, lower, a hash) is done once and cached under its identity.
/// An `ENUM`'s dictionary is its labels in declared order.
package final class TextDictionary: Sendable {
  /// The distinct values.
  package let values: TextVector

  /// Creates a dictionary; the caller vouches that the values are distinct.
  package init(distinct values: TextVector) {
    self.values = values
  }

  /// The number of distinct values.
  package var count: Int { values.views.count }
}
