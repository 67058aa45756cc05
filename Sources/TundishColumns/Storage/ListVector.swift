/// Lists as ranges of rows of one child column.
package final class ListVector: Sendable {
  /// The rows of `child` that each list holds.
  package let ranges: [Range<Int32>]
  /// The elements of all lists.
  package let child: Column

  /// Creates lists over a child column.
  package init(ranges: [Range<Int32>], child: Column) {
    self.ranges = ranges
    self.child = child
  }
}
