internal import TundishColumns

/// How JSON values at one place become values of a type: a shape that is decided.
final class JSONReading: Sendable {
  /// The type of the values.
  let type: DataType
  private let stringReading: ColumnReading
  private let element: JSONReading?
  private let members: [(name: String, reading: JSONReading)]

  init(
    type: DataType,
    stringReading: ColumnReading,
    element: JSONReading?,
    members: [(name: String, reading: JSONReading)]
  ) {
    self.type = type
    self.stringReading = stringReading
    self.element = element
    self.members = members
  }

  /// Returns a value of the type.
  func value(_ json: JSONValue) -> Value {
    switch (json, type) {
    case (.null, _): return .null
    case (_, .varchar): return json.plainText.map { .text($0) } ?? .null
    case (.boolean(let value), .boolean): return .boolean(value)
    case (.number(let text), let type): return Self.number(text, type)
    case (.string(let text), _):
      switch stringReading {
      case .date(let order):
        return PlainDate.days(text.span, 0..<text.count, order: order)
          .map { .date(Int32(truncatingIfNeeded: $0)) } ?? .null
      case .timestamp(let order):
        return PlainDate.microseconds(text.span, 0..<text.count, order: order)
          .map { .timestamp($0) } ?? .null
      case .timestampTZ(let order):
        return PlainDate.instant(text.span, 0..<text.count, order: order)
          .map { .timestampTZ($0) } ?? .null
      case .text, .boolean, .oneOrEmpty, .integer, .decimal, .double, .number, .compactDate,
        .time, .duration, .formatted:
        return .text(String(decoding: text, as: UTF8.self))
      }
    case (.array(let elements), _):
      guard let element else { return .list([]) }
      return .list(elements.map { element.value($0) })
    case (.object, .structure(let fields)):
      return .structure(
        zip(fields, members).map { field, member in
          StructMember(name: field.name, value: member.reading.value(json[member.name] ?? .null))
        }
      )
    case (.boolean, _), (.object, _): return .null
    }
  }

  private static func number(_ text: [UInt8], _ type: DataType) -> Value {
    let span = text.span
    switch type {
    case .bigint:
      return PlainNumber.integer(span, 0..<text.count).map { .integer($0) } ?? .null
    case .hugeint:
      return Int128(String(decoding: text, as: UTF8.self)).map { .hugeint($0) } ?? .null
    case .decimal(_, let scale):
      let number = NumberReading.number(span, 0..<text.count, decimalMark: UInt8(ascii: "."))
      return (number?.unscaled(toScale: scale)).map { .decimal(unscaled: $0, scale: scale) }
        ?? .null
    default:
      return Double(String(decoding: text, as: UTF8.self)).map { .double($0) } ?? .null
    }
  }
}
