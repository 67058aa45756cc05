internal import TundishColumns

/// How the texts of a column become values.
enum ColumnReading: Hashable {
  /// As they are
  case text
  /// `true` and `false`, or another pair of words
  case boolean
  /// `1`, and nothing for false
  case oneOrEmpty
  /// Plain digits
  case integer
  /// Plain digits and a decimal point
  case decimal(precision: Int, scale: Int)
  /// Digits with an exponent
  case double
  /// Numbers with marks, currencies, percent signs
  case number(precision: Int, scale: Int, decimalMark: UInt8)
  /// `2026-01-31`, `31.12.2026`
  case date(DayOrder)
  /// `20260131`
  case compactDate
  /// The same with a time
  case timestamp(DayOrder)
  /// The same with a zone
  case timestampTZ(DayOrder)
  /// `10:30:00`
  case time
  /// `1 day, 16:26:23`
  case duration
  /// A date or timestamp in a form that the user gave
  case formatted(DateFormat, isDate: Bool)

  /// The type of the values; numbers with at most 18 digits and no scale are `BIGINT`.
  var type: DataType {
    switch self {
    case .text: .varchar
    case .boolean, .oneOrEmpty: .boolean
    case .integer: .bigint
    case .decimal(let precision, let scale): .decimal(precision: precision, scale: scale)
    case .double: .double
    case .number(let precision, 0, _)
    where precision <= DataType.maximumShortDecimalPrecision: .bigint
    case .number(let precision, let scale, _): .decimal(precision: precision, scale: scale)
    case .date, .compactDate: .date
    case .timestamp: .timestamp
    case .timestampTZ: .timestampTZ
    case .time: .time
    case .duration: .interval
    case .formatted(_, let isDate): isDate ? .date : .timestamp
    }
  }
}
