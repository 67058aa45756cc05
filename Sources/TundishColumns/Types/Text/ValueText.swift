/// The text of single values, as a cast to VARCHAR gives it; for messages and small results.
package enum ValueText {
  /// Returns the text; `NULL` for NULL.
  package static func text(of value: Value, zone: any TimeZoneSource = UTCTimeZone()) -> String {
    let column = Column.constant(value, type: type(of: value), count: 1)
    var bytes: [UInt8] = []
    ColumnPrinter(column, zone: zone).append(0, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads `2026-01-31`; nil if the text is no date.
  package static func date(_ text: String) -> Value? {
    let bytes = Array(text.utf8)
    return DateText.parseDate(bytes.span).flatMap { Int32(exactly: $0) }.map(Value.date)
  }

  /// A type that holds the value.
  package static func type(of value: Value) -> DataType {
    switch value {
    case .null: .null
    case .boolean: .boolean
    case .integer: .bigint
    case .hugeint: .hugeint
    case .decimal(_, let scale):
      .decimal(precision: DataType.maximumDecimalPrecision, scale: scale)
    case .double: .double
    case .text: .varchar
    case .blob: .blob
    case .date: .date
    case .time: .time
    case .timestamp: .timestamp
    case .timestampTZ: .timestampTZ
    case .interval: .interval
    case .list(let elements):
      .list(elements.first { !$0.isNull }.map { type(of: $0) } ?? .null)
    case .map(let entries):
      .map(
        entries.first.map { type(of: $0.key) } ?? .null,
        to: entries.first { !$0.value.isNull }.map { type(of: $0.value) } ?? .null
      )
    case .structure(let members):
      .structure(
        members.map { StructField(name: $0.name, type: type(of: $0.value), isMarked: $0.isOfRow) }
      )
    }
  }
}
