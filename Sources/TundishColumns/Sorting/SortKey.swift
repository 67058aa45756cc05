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

  /// Returns whether a row comes before (negative), with (0) or after (positive) another row of the
  /// same or another column, whose type is the same.
  package func order(of left: Column, _ leftRow: Int, with right: Column, _ rightRow: Int) -> Int {
    let (isLeftValid, isRightValid) = (left.isValid(at: leftRow), right.isValid(at: rightRow))
    guard isLeftValid, isRightValid else {
      let order = (isLeftValid ? 0 : 1) - (isRightValid ? 0 : 1)
      return nullsFirst ? -order : order
    }
    // Slices, as labels of an ENUM are looked up for all rows.
    let order = RowOrder.compare(
      left.sliced(leftRow..<leftRow + 1),
      0,
      right.sliced(rightRow..<rightRow + 1),
      0
    )
    return isDescending ? -order : order
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
