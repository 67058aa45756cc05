/// Keeps the first rows of an order while batches go by: `ORDER BY ... LIMIT n`.
///
/// Candidates are collected and cut down to the limit when they are twice as many. From then on,
/// rows whose first key comes after that of the last candidate are dropped at once. Equal rows stay
/// in the order in which they came.
package struct TopNSelector {
  private let types: [DataType]
  private let keyTypes: [DataType]
  private let directions: [SortDirection]
  private let limit: Int
  private var batches: [Batch] = []
  private var keyBatches: [Batch] = []
  private var candidateCount = 0
  /// The bound that the first key of further candidates must not exceed.
  private var bound: UInt64?
  /// The dictionary by whose ranks `bound` is meant.
  private var boundDictionary: TextDictionary?

  /// The candidates that are collected beyond the limit before they are cut down.
  private static let slackRowCount = 4_096

  /// Creates a selector of the first `limit` rows of batches with columns of some types.
  package init(
    types: [DataType],
    keyTypes: [DataType],
    directions: [SortDirection],
    limit: Int
  ) {
    precondition(limit >= 0, "a limit is not negative")
    self.types = types
    self.keyTypes = keyTypes
    self.directions = directions
    self.limit = limit
  }

  /// Considers the rows of a batch, with one key column per direction.
  package mutating func consume(_ batch: Batch, keys: [Column]) throws(ExecutionError) {
    guard limit > 0, batch.rowCount > 0 else { return }
    var batch = batch
    var keyBatch = Batch(columns: keys, rowCount: batch.rowCount)
    if let rows = rowsWithinBound(keys) {
      guard !rows.isEmpty else { return }
      if rows.count < batch.rowCount {
        batch = batch.gathered(rows)
        keyBatch = keyBatch.gathered(rows)
      }
    }
    batches.append(batch)
    keyBatches.append(keyBatch)
    candidateCount += batch.rowCount
    let (most, overflow) = limit.addingReportingOverflow(max(limit, Self.slackRowCount))
    if !overflow, candidateCount >= most { try cut() }
  }

  /// Returns the first rows in order.
  package mutating func finish() throws(ExecutionError) -> Batch {
    try cut()
    if let batch = batches.first { return batch }
    return try Batch.concatenated(
      [Batch(columns: types.map { .values([], type: $0) }, rowCount: 0)],
      types: types
    )
  }

  /// Sorts the candidates and keeps the first `limit`.
  private mutating func cut() throws(ExecutionError) {
    guard candidateCount > 0 else { return }
    let all = try Batch.concatenated(batches, types: types)
    let keys = try Batch.concatenated(keyBatches, types: keyTypes)
    let order = SortedOrder.rows(
      of: zip(keys.columns, directions).map { SortKey($0, $1) },
      rowCount: all.rowCount
    )
    try Cancellation.check()
    let rows = Array(order.prefix(limit))
    batches = [all.gathered(rows)]
    keyBatches = [keys.gathered(rows)]
    candidateCount = rows.count
    guard rows.count == limit, let first = keyBatches[0].columns.first else { return }
    boundDictionary = nil
    if case .dictionary(_, let dictionary) = first.data { boundDictionary = dictionary }
    bound = words(of: first.sliced(limit - 1..<limit))?.last
  }

  /// The rows whose first key does not exceed the bound; nil where that cannot be told.
  private func rowsWithinBound(_ keys: [Column]) -> [Int32]? {
    guard let bound, let first = keys.first, let words = words(of: first) else { return nil }
    return positionsOfTrue(words.map { $0 <= bound }, validity: nil)
  }

  /// Words that never fall along the order of the first key; nil for types that have none.
  ///
  /// NULL may share its word with the outermost values, which keeps a row too many, not too few.
  private func words(of column: Column) -> [UInt64]? {
    let column = column.expanded()
    var words: [UInt64]
    switch column.data {
    case .boolean(let values): words = values.map { $0 ? 1 : 0 }
    case .int64(let values): words = values.map { OrderWords.word($0) }
    case .float64(let values): words = values.map { OrderWords.word($0) }
    case .dictionary(let codes, let dictionary):
      guard let boundDictionary, dictionary === boundDictionary else { return nil }
      if case .enumeration = column.type {
        // The dictionary of an ENUM is its labels in order.
        words = codes.map { UInt64(UInt32(bitPattern: $0)) }
      } else {
        let ranks = dictionary.ranks
        words = codes.map { UInt64(UInt32(bitPattern: ranks[Int($0)])) }
      }
    case .int128(let values): words = values.map { OrderWords.word(Int64(clamping: $0)) }
    case .text, .interval, .list, .structure: return nil
    }
    if directions[0].isDescending {
      for row in words.indices { words[row] = ~words[row] }
    }
    if let validity = column.validity {
      let null: UInt64 = directions[0].nullsFirst ? .min : .max
      for row in validity.indices where !validity[row] { words[row] = null }
    }
    return words
  }
}
