public import TundishColumns
import TundishEngine

/// The answer to a statement: columns with their types and units, rows, and what is said about them.
///
/// Immutable and cheap to copy. Rows are kept column by column; `rows` makes values one row at a
/// time, `doubles(in:)` and its kin give whole columns.
public struct QueryResult: Sendable {
  let result: StatementResult

  init(_ result: StatementResult) {
    self.result = result
  }

  /// The columns; nil for a statement that gives no rows, such as CREATE.
  public var schema: Schema? { result.schema }
  /// The number of rows.
  public var rowCount: Int { result.batches.reduce(0) { $0 + $1.rowCount } }
  /// Rows inserted, updated, deleted or written; nil where that has no meaning.
  public var changedRowCount: Int? { result.changedRowCount }
  /// The lines under a metric's answer: definition, basis, as-of, rows left out.
  public var footer: [String] { result.footer }
  /// What LOAD and CREATE report.
  public var messages: [String] { result.messages }
  /// Warnings.
  public var warnings: [Diagnostic] { result.diagnostics }

  /// The rows in order.
  public var rows: QueryRows { QueryRows(schema: schema ?? Schema([]), batches: result.batches) }

  /// The value in the first row and first column; nil if there is no row.
  public var firstValue: Value? { rows.first?.values.first }

  /// For each row, whether the NULL of a dimension stands for a value that a LINK of the model did
  /// not find, printed as `(no match)`, rather than for none.
  ///
  /// - Parameter name: The dimension's name, compared case-insensitively.
  /// - Returns: One truth per row; empty where the column has no such rows.
  public func unmatchedRows(in name: String) -> [Bool] {
    schema?.index(of: name).flatMap { result.unmatched[$0] } ?? []
  }

  /// All values of a column.
  ///
  /// - Parameter name: The column's name, compared case-insensitively.
  /// - Returns: One value per row.
  /// - Throws: `TundishError.decoding` if there is no such column.
  public func values(in name: String) throws(TundishError) -> [Value] {
    guard let position = schema?.index(of: name) else {
      throw .decoding("no column named '\(name)' in the result")
    }
    return result.batches.flatMap { batch in
      (0..<batch.rowCount).map { batch.columns[position].value(at: $0) }
    }
  }

  /// All values of a numeric column as `Double`; NULL is nil.
  ///
  /// - Parameter name: The column's name, compared case-insensitively.
  /// - Returns: One number per row.
  /// - Throws: `TundishError.decoding` if there is no such column or it is not numeric.
  public func doubles(in name: String) throws(TundishError) -> [Double?] {
    var numbers: [Double?] = []
    for value in try values(in: name) {
      if value.isNull {
        numbers.append(nil)
      } else if let number = value.doubleValue {
        numbers.append(number)
      } else {
        throw .decoding("column '\(name)' is not numeric")
      }
    }
    return numbers
  }
}

/// The rows of a result.
public struct QueryRows: Sequence, Sendable {
  let schema: Schema
  let batches: [Batch]

  /// The number of rows.
  public var count: Int { batches.reduce(0) { $0 + $1.rowCount } }

  /// The first row; nil if there is none.
  public var first: QueryRow? {
    var iterator = makeIterator()
    return iterator.next()
  }

  /// Goes through the rows in order.
  public func makeIterator() -> Iterator {
    Iterator(schema: schema, batches: batches)
  }

  /// Goes through rows in order.
  public struct Iterator: IteratorProtocol {
    let schema: Schema
    let batches: [Batch]
    var batchIndex = 0
    var row = 0

    init(schema: Schema, batches: [Batch]) {
      self.schema = schema
      self.batches = batches
    }

    /// The next row; nil after the last.
    public mutating func next() -> QueryRow? {
      while batchIndex < batches.count, row >= batches[batchIndex].rowCount {
        batchIndex += 1
        row = 0
      }
      guard batchIndex < batches.count else { return nil }
      defer { row += 1 }
      let batch = batches[batchIndex]
      return QueryRow(schema: schema, values: batch.columns.map { $0.value(at: row) })
    }
  }
}

/// One row of a result.
public struct QueryRow: Sendable, Hashable {
  /// The columns.
  public let schema: Schema
  /// One value per column.
  public let values: [Value]

  /// The value of the column named so, compared case-insensitively; nil if there is none.
  public subscript(name: String) -> Value? {
    schema.index(of: name).map { values[$0] }
  }
}
