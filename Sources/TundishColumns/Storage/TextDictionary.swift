internal import Synchronization

/// The distinct text values that a column's codes stand for.
///
/// Values are distinct and never NULL; code `i` is `values.views[i]`, in the order in which the
/// values first occurred in the table. One dictionary serves all batches of a table's column, so
/// work per distinct value (LIKE, lower, a hash) is done once and cached under its identity.
/// An `ENUM`'s dictionary is its labels in declared order.
///
/// What is derived from the values (hashes, ranks, results of functions) is computed on first use
/// and kept; computing it twice on two threads is harmless.
package final class TextDictionary: Sendable {
  /// The distinct values.
  package let values: TextVector
  private let derived: Mutex<Derived>

  /// Creates a dictionary; the caller vouches that the values are distinct.
  package init(distinct values: TextVector) {
    self.values = values
    derived = Mutex(Derived())
  }

  init(distinct values: TextVector, index: TextIndex) {
    self.values = values
    derived = Mutex(Derived(index: index))
  }

  /// The number of distinct values.
  package var count: Int { values.views.count }

  /// What tells this dictionary from others while it is alive.
  package var id: ObjectIdentifier { ObjectIdentifier(self) }

  private struct Derived: Sendable {
    var index: TextIndex?
    var hashes: [UInt64]?
    var ranks: [Int32]?
    var results: [String: any Sendable] = [:]
  }

  /// The most results of functions that one dictionary keeps.
  private static let maximumResultCount = 64
}

extension TextDictionary {
  /// The hash of each value.
  ///
  /// Computed once; linear in the bytes.
  package var hashes: [UInt64] {
    if let known = derived.withLock({ $0.hashes }) { return known }
    let hashes = values.hashes()
    derived.withLock { $0.hashes = hashes }
    return hashes
  }

  /// The table from values to codes.
  ///
  /// Computed once; linear in the bytes.
  var index: TextIndex {
    if let known = derived.withLock({ $0.index }) { return known }
    let index = TextIndex(values, hashes: hashes)
    derived.withLock { $0.index = index }
    return index
  }

  /// The rank of each value in binary collation, from zero.
  ///
  /// Computed once; sorts the values.
  package var ranks: [Int32] {
    if let known = derived.withLock({ $0.ranks }) { return known }
    let order = TextRanks.sortedRows(of: values, validity: nil)
    var ranks = [Int32](repeating: 0, count: count)
    for (rank, code) in order.enumerated() { ranks[Int(code)] = Int32(rank) }
    derived.withLock { $0.ranks = ranks }
    return ranks
  }

  /// Returns the code of a value, or nil where no row can have it.
  package func code(of string: String) -> Int32? {
    code(of: Array(string.utf8))
  }

  /// Returns the code of a value, or nil where no row can have it.
  package func code(of bytes: [UInt8]) -> Int32? {
    let span = bytes.span
    let code = index.position(of: span, hash: bytesHash(span), in: values)
    return code < 0 ? nil : code
  }

  /// Returns the code in another dictionary of each value here, or -1 where the other lacks it.
  ///
  /// Computed anew on each call; linear in the bytes.
  package func codes(in other: TextDictionary) -> [Int32] {
    if other === self { return (0..<Int32(count)).map { $0 } }
    let hashes = hashes
    let index = other.index
    let values = values
    let all = values.bytes.span
    var codes: [Int32] = []
    codes.reserveCapacity(count)
    for position in values.views.indices {
      let value = all.extracting(values.views[position].range)
      codes.append(index.position(of: value, hash: hashes[position], in: other.values))
    }
    return codes
  }

  /// Returns what was computed of the values under a key before, or computes and keeps it.
  ///
  /// The key must name the function and every argument that the result depends on.
  package func cached<Result: Sendable>(
    _ key: String,
    _ compute: () throws(ExecutionError) -> Result
  ) throws(ExecutionError) -> Result {
    if let known = derived.withLock({ $0.results[key] }) as? Result { return known }
    let result = try compute()
    derived.withLock { derived in
      if derived.results.count >= Self.maximumResultCount { derived.results = [:] }
      derived.results[key] = result
    }
    return result
  }
}
