/// How far two texts are from each other, in characters (Unicode scalars).
enum TextDistance {
  /// The greatest product of two lengths that is compared.
  static let maximumWork = 100_000_000

  /// Returns the least number of insertions, deletions and replacements.
  static func levenshtein(_ left: [UInt32], _ right: [UInt32]) throws(ExecutionError) -> Int {
    try checkWork(left, right)
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var row = Array(0...right.count)
    var meter = StepMeter()
    for i in left.indices {
      try meter.count(right.count)
      var diagonal = row[0]
      row[0] = i + 1
      for j in right.indices {
        let cost = diagonal + (left[i] == right[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(cost, min(row[j], row[j + 1]) + 1)
      }
    }
    return row[right.count]
  }

  /// Returns the least number of insertions, deletions, replacements and swaps of neighbours.
  ///
  /// Swapped characters may have edits between them: F. Damerau, 1964; R. Lowrance and R. Wagner,
  /// 1975.
  static func damerauLevenshtein(
    _ left: [UInt32],
    _ right: [UInt32]
  ) throws(ExecutionError) -> Int {
    try checkWork(left, right)
    let width = right.count + 2
    let limit = left.count + right.count
    var distances = Array(repeating: 0, count: (left.count + 2) * width)
    distances[0] = limit
    for i in 0...left.count {
      distances[(i + 1) * width] = limit
      distances[(i + 1) * width + 1] = i
    }
    for j in 0...right.count {
      distances[j + 1] = limit
      distances[width + j + 1] = j
    }
    var lastRows: [UInt32: Int] = [:]
    var meter = StepMeter()
    for i in 1..<left.count + 1 {
      try meter.count(8 * right.count)
      var lastColumn = 0
      for j in 1..<right.count + 1 {
        let row = lastRows[right[j - 1]] ?? 0
        let column = lastColumn
        var cost = 1
        if left[i - 1] == right[j - 1] {
          cost = 0
          lastColumn = j
        }
        let replaced = distances[i * width + j] + cost
        let inserted = distances[(i + 1) * width + j] + 1
        let deleted = distances[i * width + j + 1] + 1
        let swapped = distances[row * width + column] + (i - row - 1) + 1 + (j - column - 1)
        distances[(i + 1) * width + j + 1] = min(min(replaced, inserted), min(deleted, swapped))
      }
      lastRows[left[i - 1]] = i
    }
    return distances[(left.count + 1) * width + right.count + 1]
  }

  /// Returns Jaro's similarity, from 0 to 1.
  static func jaro(_ left: [UInt32], _ right: [UInt32]) throws(ExecutionError) -> Double {
    try checkWork(left, right)
    if left.isEmpty, right.isEmpty { return 1 }
    guard !left.isEmpty, !right.isEmpty else { return 0 }
    let reach = max(0, max(left.count, right.count) / 2 - 1)
    var isTaken = Array(repeating: false, count: right.count)
    var matched: [UInt32] = []
    var meter = StepMeter()
    for i in left.indices {
      try meter.count(min(reach, right.count))
      let first = max(0, i - reach)
      let end = min(right.count, i + reach + 1)
      guard first < end else { continue }
      for j in first..<end where !isTaken[j] && left[i] == right[j] {
        isTaken[j] = true
        matched.append(left[i])
        break
      }
    }
    guard !matched.isEmpty else { return 0 }
    let others = right.indices.filter { isTaken[$0] }.map { right[$0] }
    let outOfOrder = zip(matched, others).filter { $0 != $1 }.count
    let count = Double(matched.count)
    return
      (count / Double(left.count) + count / Double(right.count)
      + (count - Double(outOfOrder / 2)) / count) / 3
  }

  /// Returns Winkler's variant, which favours a common beginning of up to four characters.
  static func jaroWinkler(_ left: [UInt32], _ right: [UInt32]) throws(ExecutionError) -> Double {
    let similarity = try jaro(left, right)
    guard similarity > 0.7 else { return similarity }
    var prefix = 0
    while prefix < min(4, min(left.count, right.count)), left[prefix] == right[prefix] {
      prefix += 1
    }
    return similarity + Double(prefix) * 0.1 * (1 - similarity)
  }

  private static func checkWork(_ left: [UInt32], _ right: [UInt32]) throws(ExecutionError) {
    guard left.isEmpty || right.count <= maximumWork / left.count else {
      throw ExecutionError(
        .limit,
        "texts of \(left.count) and \(right.count) characters are too long to compare"
      )
    }
  }
}
