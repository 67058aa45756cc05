/// The "did you mean" of every stage: names that are a slip of the hand away.
package enum Suggestion {
  /// The largest number of slips that still suggests a name.
  package static let maximumDistance = 2
  /// Names longer than this are not compared: nobody mistypes them by hand.
  static let maximumLength = 128

  /// Returns the candidate that is nearest to the text, ignoring case, or nil if none is near.
  ///
  /// Short words allow fewer slips: one below five letters, none below two. Equally near candidates
  /// are ordered alphabetically, so the answer does not depend on their order.
  package static func closest(to text: String, in candidates: some Sequence<String>) -> String? {
    let wanted = folded(text)
    let limit = slipLimit(length: wanted.count)
    guard limit > 0, wanted.count <= maximumLength else { return nil }
    var best: (distance: Int, name: String)?
    for name in candidates {
      let candidate = folded(name)
      guard candidate.count <= maximumLength, abs(candidate.count - wanted.count) <= limit else {
        continue
      }
      let distance = editDistance(wanted, candidate)
      // The very name is no suggestion: it was found, and does not serve here.
      guard distance > 0, distance <= limit else { continue }
      if let current = best, (current.distance, current.name) <= (distance, name) { continue }
      best = (distance, name)
    }
    return best?.name
  }

  /// Returns the number of insertions, deletions, replacements and swaps of neighbours that turn
  /// one text into the other, ignoring case.
  package static func distance(_ first: String, _ second: String) -> Int {
    editDistance(folded(first), folded(second))
  }

  private static func slipLimit(length: Int) -> Int {
    switch length {
    case 0...1: 0
    case 2...4: 1
    default: maximumDistance
    }
  }

  private static func folded(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.map { scalar in
      scalar.value >= 0x41 && scalar.value <= 0x5A
        ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar
    }
  }

  /// The optimal string alignment distance, with three rows of the table.
  private static func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
    if first.isEmpty || second.isEmpty { return max(first.count, second.count) }
    var beforePrevious = [Int](repeating: 0, count: second.count + 1)
    var previous = Array(0...second.count)
    var current = previous
    for row in 1...first.count {
      current[0] = row
      for column in 1...second.count {
        let isSame = first[row - 1] == second[column - 1]
        var cost = min(
          previous[column] + 1,
          current[column - 1] + 1,
          previous[column - 1] + (isSame ? 0 : 1)
        )
        if row > 1, column > 1, first[row - 1] == second[column - 2],
          first[row - 2] == second[column - 1]
        {
          cost = min(cost, beforePrevious[column - 2] + 1)
        }
        current[column] = cost
      }
      (beforePrevious, previous, current) = (previous, current, beforePrevious)
    }
    return previous[second.count]
  }
}
