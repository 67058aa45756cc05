internal import TundishColumns

/// Combines any range of values in logarithmic time.
///
/// The levels above the values lie in one array, each node over two; ranges combine left to right.
struct SegmentTree<Element> {
  private let size: Int
  private var nodes: [Element]
  private let empty: Element
  private let combine: (Element, Element) -> Element

  init(_ values: [Element], empty: Element, combine: @escaping (Element, Element) -> Element) {
    var size = 1
    while size < values.count { size *= 2 }
    self.size = size
    self.empty = empty
    self.combine = combine
    nodes = [Element](repeating: empty, count: 2 * size)
    for (position, value) in values.enumerated() { nodes[size + position] = value }
    for position in stride(from: size - 1, to: 0, by: -1) {
      // Whoever asked is told that the query was cancelled.
      if position & 0xFFFF == 0, Cancellation.isRequested { break }
      nodes[position] = combine(nodes[2 * position], nodes[2 * position + 1])
    }
  }

  /// Returns the values of a range combined.
  func combined(_ range: Range<Int>) -> Element {
    var left = empty
    var right = empty
    var low = range.lowerBound + size
    var high = range.upperBound + size
    while low < high {
      if low & 1 == 1 {
        left = combine(left, nodes[low])
        low += 1
      }
      if high & 1 == 1 {
        high -= 1
        right = combine(nodes[high], right)
      }
      low >>= 1
      high >>= 1
    }
    return combine(left, right)
  }
}
