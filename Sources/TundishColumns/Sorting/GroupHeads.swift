/// The rows that may be among the first of their group, so that no others need to be sorted.
package enum GroupHeads {
  /// Only where at most one row of so many would stay, room is made for the first of each group.
  private static let leastReduction = 4

  /// Returns the rows, ascending, that fewer than `count` rows of their group come before.
  ///
  /// Rows that equal the last of these are among them. Without an order, the order of the rows counts.
  /// Nil where finding them would not pay: where there are many groups, or where the values of the
  /// order have no words of their own and would have to be sorted for it. Linear in the rows; the
  /// first of each group are kept in order, so `count` should be small.
  package static func rows(
    order: (column: Column, direction: SortDirection)?,
    groups: [Int32],
    groupCount: Int,
    count: Int
  ) -> [Int32]? {
    precondition(count > 0, "a head has a row")
    let (slotCount, overflows) = groupCount.multipliedReportingOverflow(by: count)
    guard !overflows, slotCount <= groups.count / leastReduction else { return nil }
    guard let order else { return firstRows(groups, groupCount: groupCount, count: count) }
    guard !order.column.isConstant, let words = words(order.column, order.direction)
    else { return nil }
    let worst = lastWords(words, groups, groupCount: groupCount, count: count)
    let span = words.span
    let group = groups.span
    return [Int32](capacity: groups.count) { rows in
      for row in group.indices where span[row] <= worst[Int(group[row])] {
        rows.append(Int32(truncatingIfNeeded: row))
      }
    }
  }

  /// The first rows of each group as they come.
  private static func firstRows(_ groups: [Int32], groupCount: Int, count: Int) -> [Int32] {
    var seen = [Int](repeating: 0, count: groupCount)
    var rows: [Int32] = []
    for (row, group) in groups.enumerated() where seen[Int(group)] < count {
      seen[Int(group)] += 1
      rows.append(Int32(row))
    }
    return rows
  }

  /// Words that are never smaller than those of rows before; NULL has that of an extreme value.
  private static func words(_ column: Column, _ direction: SortDirection) -> [UInt64]? {
    switch column.data {
    case .int64, .float64, .boolean: break
    case .dictionary(let codes, let dictionary):
      if dictionary.count > codes.count { return nil }
    case .text, .int128, .interval, .list, .structure: return nil
    }
    let order = OrderWords(column)
    let flip: UInt64 = direction.isDescending ? .max : 0
    guard let validity = order.validity else {
      return direction.isDescending ? order.words.map { ~$0 } : order.words
    }
    let null: UInt64 = direction.nullsFirst ? 0 : .max
    return order.words.indices.map { validity[$0] ? order.words[$0] ^ flip : null }
  }

  /// Per group, the word at place `count` from the least; the greatest word where there are fewer.
  private static func lastWords(
    _ words: [UInt64],
    _ groups: [Int32],
    groupCount: Int,
    count: Int
  ) -> [UInt64] {
    var heads = [UInt64](repeating: .max, count: groupCount * count)
    var head = heads.mutableSpan
    let word = words.span
    let group = groups.span
    for row in group.indices {
      let first = Int(group[row]) &* count
      var place = first &+ count &- 1
      guard word[row] < head[place] else { continue }
      while place > first, head[place &- 1] > word[row] {
        head[place] = head[place &- 1]
        place &-= 1
      }
      head[place] = word[row]
    }
    return count == 1 ? heads : (0..<groupCount).map { heads[$0 * count + count - 1] }
  }
}
