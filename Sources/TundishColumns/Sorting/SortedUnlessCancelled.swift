extension Sequence {
  /// Returns the elements in an order that only a comparison knows, equal ones as they come.
  ///
  /// Portions are sorted, then merged; between two portions the sort looks whether the query that
  /// it works for was cancelled, and leaves the rest as it is: the elements are all there, in no
  /// order that counts.
  func sortedUnlessCancelled(by precedes: (Element, Element) -> Bool) -> [Element] {
    var elements = Array(self)
    let count = elements.count
    guard count > mergePortion else {
      elements.sort(by: precedes)
      return elements
    }
    for start in stride(from: 0, to: count, by: mergePortion) {
      if Cancellation.isRequested { return elements }
      elements[start..<Swift.min(start + mergePortion, count)].sort(by: precedes)
    }
    var merged: [Element] = []
    var width = mergePortion
    while width < count {
      merged.removeAll(keepingCapacity: true)
      merged.reserveCapacity(count)
      for start in stride(from: 0, to: count, by: 2 * width) {
        let middle = Swift.min(start + width, count)
        let end = Swift.min(start + 2 * width, count)
        guard merge(elements, start..<middle, middle..<end, into: &merged, precedes) else {
          return elements
        }
      }
      swap(&elements, &merged)
      width *= 2
    }
    return elements
  }
}

/// The elements that are sorted, or merged, between two looks.
private let mergePortion = 16_384

/// Appends two sorted ranges in order; returns false where the work should stop.
private func merge<Element>(
  _ elements: [Element],
  _ first: Range<Int>,
  _ second: Range<Int>,
  into merged: inout [Element],
  _ precedes: (Element, Element) -> Bool
) -> Bool {
  var (left, right) = (first.lowerBound, second.lowerBound)
  while left < first.upperBound, right < second.upperBound {
    if merged.count & (mergePortion - 1) == 0, Cancellation.isRequested { return false }
    if precedes(elements[right], elements[left]) {
      merged.append(elements[right])
      right += 1
    } else {
      merged.append(elements[left])
      left += 1
    }
  }
  merged.append(contentsOf: elements[left..<first.upperBound])
  merged.append(contentsOf: elements[right..<second.upperBound])
  return true
}
