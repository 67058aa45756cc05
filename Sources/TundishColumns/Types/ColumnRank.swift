/// How soon a column of an answer gives way where a terminal is too narrow for all of them.
package enum ColumnRank: Int, Sendable, Hashable, Comparable {
  /// What was asked: dimensions and metrics, which stay.
  case asked
  /// What a clause of the question added: the previous period, the target, the share.
  case clause
  /// A remark on the row.
  case note
  /// What a metric is computed of: numerator and denominator.
  case part
  /// The ends of an interval.
  case bound
  /// A column in which no row says anything.
  case empty

  package static func < (first: ColumnRank, second: ColumnRank) -> Bool {
    first.rawValue < second.rawValue
  }
}
