/// The sizes at which the executor stops or changes its ways.
enum ExecutionLimits {
  /// The most rounds of a recursive query.
  static let recursionRounds = 1_000_000
  /// The most rows that a row number can address inside a buffering operator.
  static let bufferedRows = Int(Int32.max)
  /// The pairs of rows that a join makes before it looks at the cancellation flag.
  static let joinPairs = 65_536
  /// The rows of a loop over many after which it looks at the cancellation flag.
  static let rowsBetweenLooks = 65_536
  /// The nesting of plan operators; the parser's limits keep plans far below it.
  static let planDepth = 2_000
  /// The nesting of expressions inside one operator.
  static let expressionDepth = 10_000
  /// The most elements of one unnested row set per batch.
  static let unnestedRows = 65_536
}
