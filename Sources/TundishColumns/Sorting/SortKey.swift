/// The direction of one sort key.
package struct SortDirection: Sendable, Hashable {
  /// Whether greater values come first.
  package let isDescending: Bool
  /// Whether NULL comes before all values, in either direction.
  package let nullsFirst: Bool

  /// Creates a direction.
  package init(isDescending: Bool = false, nullsFirst: Bool = false) {
    self.isDescending = isDescending
    self.nullsFirst = nullsFirst
  }
}

/// A column to sort rows by.
package struct SortKey: Sendable {
  /// The values.
  package let column: Column
  /// The direction.
  package let direction: SortDirection

  /// Creates a key.
  package init(_ column: Column, _ direction: SortDirection = SortDirection()) {
    self.column = column
    self.direction = direction
  }
}
