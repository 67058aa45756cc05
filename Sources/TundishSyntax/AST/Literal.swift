/// A constant as written.
package enum Literal: Sendable, Hashable {
  /// `NULL`.
  case null
  /// `TRUE`, `FALSE`.
  case boolean(Bool)
  /// Digits without separators; of any length.
  case integer(String)
  /// `1.50`: digits with a point and no exponent; exact.
  case decimal(String)
  /// `1.5e3`.
  case double(String)
  /// `'text'`, `E'\n'`, `$$text$$`, already unescaped.
  case string(String)
  /// `X'0aff'`.
  case blob([UInt8])
}

/// A length of time with its unit, as in `90 days`.
package struct Duration: Sendable, Hashable {
  /// The number of units, digits with an optional point.
  package let amount: String
  /// The unit.
  package let unit: IntervalUnit
  /// Where it stands.
  package let range: SourceRange

  /// Creates a duration.
  package init(amount: String, unit: IntervalUnit, range: SourceRange) {
    self.amount = amount
    self.unit = unit
    self.range = range
  }
}

/// The units of intervals and durations.
package enum IntervalUnit: String, Sendable, Hashable, CaseIterable {
  case microsecond
  case millisecond
  case second
  case minute
  case hour
  case day
  case week
  case month
  case quarter
  case year
  case decade
  case century
  case millennium
}
