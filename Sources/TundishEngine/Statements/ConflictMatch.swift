internal import TundishColumns

/// Finds which new rows have a key that is there already.
enum ConflictMatch {
  /// Returns the new rows without a match, of equal ones the first, and the pairs of the others.
  ///
  /// A key with a NULL matches nothing. Linear in the rows of both tables.
  static func match(
    _ new: StoredTable,
    with existing: StoredTable,
    key: [Int]
  ) throws(ExecutionError) -> (fresh: [Int32], matched: [(old: Int32, new: Int32)]) {
    var places: [[Value]: Int32] = [:]
    var number: Int32 = 0
    for batch in existing.batches() {
      for row in 0..<batch.rowCount {
        let values = key.map { batch.columns[$0].value(at: row) }
        if !values.contains(.null) { places[values] = number }
        number += 1
      }
    }
    var fresh: [Int32] = []
    var matched: [(old: Int32, new: Int32)] = []
    var seen: Set<[Value]> = []
    number = 0
    for batch in new.batches() {
      for row in 0..<batch.rowCount {
        let values = key.map { batch.columns[$0].value(at: row) }
        if let place = places[values] {
          matched.append((place, number))
        } else if values.contains(.null) || seen.insert(values).inserted {
          fresh.append(number)
        }
        number += 1
      }
    }
    return (fresh, matched)
  }
}
