/// A condition that a reader may apply while it reads, so that columns nobody needs for the other
/// rows are not read for them.
///
/// A reader may apply it or not: whoever gives it tests the rows again. One that applies it must read
/// the same types, and set the same rows aside, as without it.
package struct RowFilter: Sendable {
  /// The positions of the columns that the condition uses.
  package var positions: [Int]
  /// Their types; where a column turns out to be of another, the condition says nothing about it.
  package let types: [DataType]
  private let making: @Sendable () -> (any RowTester)?

  /// Creates a filter; `making` makes a tester for one thread, or nil where that fails.
  package init(
    positions: [Int],
    types: [DataType],
    making: @escaping @Sendable () -> (any RowTester)?
  ) {
    self.positions = positions
    self.types = types
    self.making = making
  }

  /// Returns a tester, which one thread uses.
  package func makeTester() -> (any RowTester)? { making() }
}

/// Tests rows for a `RowFilter`; owned by one thread.
package protocol RowTester: AnyObject {
  /// Returns the rows that pass, ascending; nil for all of them.
  ///
  /// The columns are those of the filter, in its order. Throws where the condition fails for a row.
  func rows(of columns: [Column], rowCount: Int) throws(ExecutionError) -> [Int32]?
}
