/// How a batch holds the values of a logical type.
///
/// There are few of these on purpose: every kernel dispatches on them once per batch. Narrower
/// integers exist in table storage only; a scan widens them, which costs less than a second set of
/// kernels would.
package enum PhysicalType: Sendable, Hashable, CaseIterable {
  /// One byte: `BOOLEAN`, and the type of a bare `NULL`
  case boolean
  /// Integers of at most 64 bits, `DATE`, `TIME`, `TIMESTAMP`, `TIMESTAMPTZ`, short `DECIMAL`
  case int64
  /// `HUGEINT`, long `DECIMAL`
  case int128
  /// `DOUBLE`
  case float64
  /// `VARCHAR`, `BLOB`, `ENUM`: views into bytes, or codes over a dictionary
  case text
  /// `INTERVAL`
  case interval
  /// `T[]`
  case list
  /// `STRUCT`
  case structure
}
