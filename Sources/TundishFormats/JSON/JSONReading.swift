internal import TundishColumns

/// How JSON values at one place become values of a type: a shape that is decided.
final class JSONReading: Sendable {
  /// The type of the values.
  let type: DataType
  private let stringReading: ColumnReading
  private let element: JSONReading?
  private let members: [(name: String, reading: JSONReading)]
  /// Whether no value was seen from which the type could be known.
  let isUnknown: Bool

  init(
    type: DataType,
    stringReading: ColumnReading,
    element: JSONReading?,
    members: [(name: String, reading: JSONReading)],
    isUnknown: Bool = false
  ) {
    self.type = type
    self.stringReading = stringReading
    self.element = element
    self.members = members
    self.isUnknown = isUnknown
  }

  /// Keeps every value as its text.
  static let text = JSONReading(
    type: .varchar,
    stringReading: .text,
    element: nil,
    members: []
  )

  /// Returns a value of the type.
  func value(_ json: JSONValue) -> Value {
    switch (json, type) {
    case (.null, _): return .null
    case (_, .varchar): return json.plainText.map { .text($0) } ?? .null
    case (.boolean(let value), .boolean): return .boolean(value)
    case (.number(let text), _): return number(text.span, 0..<text.count)
    case (.string(let text), _): return string(text.span, 0..<text.count)
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

  /// Returns a value of the type for what a record has in the place of a column.
  func value(
    _ cell: JSONRecord.Cell,
    _ trees: [JSONValue],
    _ bytes: Span<UInt8>
  ) -> Value {
    switch cell.kind {
    case .missing, .null: return .null
    case .tree: return value(trees[cell.tree])
    case .yes, .no:
      switch type {
      case .boolean: return .boolean(cell.kind == .yes)
      case .varchar: return .text(cell.kind == .yes ? "true" : "false")
      default: return .null
      }
    case .number:
      return type == .varchar ? .text(Self.text(bytes, cell.range)) : number(bytes, cell.range)
    case .string:
      return type == .varchar ? .text(Self.text(bytes, cell.range)) : string(bytes, cell.range)
    }
  }

  /// Returns the 64 bits of a value of a type that has so many; nil for NULL.
  func integer(
    _ cell: JSONRecord.Cell,
    _ trees: [JSONValue],
    _ bytes: Span<UInt8>
  ) -> Int64? {
    switch (cell.kind, type) {
    case (.missing, _), (.null, _): return nil
    case (.number, .bigint):
      if let value = PlainNumber.integer(bytes, cell.range), value.magnitude < Self.shortLimit {
        return value
      }
      return nil
    case (.number, .decimal(_, let scale)):
      if let value = PlainNumber.decimal(bytes, cell.range, scale: scale),
        value.magnitude < Self.shortLimit
      {
        return value
      }
    case (.string, .date):
      if case .date(let order) = stringReading {
        return PlainDate.days(bytes, cell.range, order: order)
      }
    case (.string, .timestamp):
      if case .timestamp(let order) = stringReading {
        return PlainDate.microseconds(bytes, cell.range, order: order)
      }
    default: break
    }
    switch value(cell, trees, bytes) {
    case .integer(let number): return number.magnitude < Self.shortLimit ? number : nil
    case .decimal(let unscaled, _):
      return unscaled.magnitude < UInt128(Self.shortLimit)
        ? Int64(truncatingIfNeeded: unscaled) : nil
    case .date(let days): return Int64(days)
    case .timestamp(let instant), .timestampTZ(let instant), .time(let instant): return instant
    case .null, .boolean, .hugeint, .double, .text, .blob, .interval, .list, .structure, .map:
      return nil
    }
  }

  /// Returns the value of a column of floating point; nil for NULL.
  func double(
    _ cell: JSONRecord.Cell,
    _ trees: [JSONValue],
    _ bytes: Span<UInt8>
  ) -> Double? {
    if case .double(let number) = value(cell, trees, bytes), number.isFinite { number } else { nil }
  }

  /// Returns the value of a column of truth values; nil for NULL.
  func boolean(
    _ cell: JSONRecord.Cell,
    _ trees: [JSONValue],
    _ bytes: Span<UInt8>
  ) -> Bool? {
    switch cell.kind {
    case .yes: return true
    case .no: return false
    case .missing, .null, .number, .string, .tree: break
    }
    return if case .boolean(let flag) = value(cell, trees, bytes) { flag } else { nil }
  }

  /// Numbers of more than 18 digits have wider types.
  private static let shortLimit: UInt64 = 1_000_000_000_000_000_000

  /// Whether what a record has in the place of a column is of the type, and `value` therefore all
  /// that it says.
  func fits(_ cell: JSONRecord.Cell, _ trees: [JSONValue], _ value: Value) -> Bool {
    switch cell.kind {
    case .missing, .null: return true
    case .tree: return fits(trees[cell.tree])
    case .yes, .no, .number, .string: return !isUnknown && isOfType(value)
    }
  }

  /// Whether a value is of the type, whatever it holds.
  private func fits(_ json: JSONValue) -> Bool {
    switch (json, type) {
    case (.null, _): return true
    case _ where isUnknown: return false
    case (_, .varchar): return true
    case (.array(let elements), .list):
      guard let element else { return elements.isEmpty }
      return elements.allSatisfy { element.fits($0) }
    case (.object(let values), .structure):
      return values.indices.allSatisfy { i in
        let (name, value) = (values[i].name, values[i].value)
        // A value that a later one of the same name replaces need not fit.
        return members.contains { $0.name == name && $0.reading.fits(value) }
          || values[(i + 1)...].contains { $0.name == name }
      }
    case (.array, _), (.object, _): return false
    case (.boolean, _), (.number, _), (.string, _): return isOfType(value(json))
    }
  }

  private func isOfType(_ value: Value) -> Bool {
    switch (value, type.physical) {
    case (.integer(let number), .int64): number.magnitude < Self.shortLimit
    case (.decimal(let unscaled, _), .int64): unscaled.magnitude < UInt128(Self.shortLimit)
    case (.decimal(let unscaled, _), .int128): unscaled.magnitude < Self.wideLimit
    case (.hugeint(let number), .int128): number.magnitude < Self.wideLimit
    case (.double(let number), .float64): number.isFinite
    case (.boolean, .boolean), (.date, .int64), (.timestamp, .int64), (.timestampTZ, .int64):
      true
    case (.text, .text): true
    default: false
    }
  }

  /// Numbers of more than 38 digits have no exact type.
  private static let wideLimit: UInt128 = {
    var limit: UInt128 = 1
    for _ in 0..<38 { limit *= 10 }
    return limit
  }()

  private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    var text: [UInt8] = []
    text.append(bytes.extracting(range))
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns a string of a column that is not text.
  private func string(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Value {
    switch stringReading {
    case .date(let order):
      return PlainDate.days(bytes, range, order: order)
        .map { .date(Int32(truncatingIfNeeded: $0)) } ?? .null
    case .timestamp(let order):
      return PlainDate.microseconds(bytes, range, order: order).map { .timestamp($0) } ?? .null
    case .timestampTZ(let order):
      return PlainDate.instant(bytes, range, order: order).map { .timestampTZ($0) } ?? .null
    case .text, .boolean, .oneOrEmpty, .integer, .decimal, .double, .number, .compactDate, .time,
      .duration, .formatted:
      return .text(Self.text(bytes, range))
    }
  }

  private func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Value {
    switch type {
    case .bigint:
      return PlainNumber.integer(bytes, range).map { .integer($0) } ?? .null
    case .hugeint:
      return Int128(Self.text(bytes, range)).map { .hugeint($0) } ?? .null
    case .decimal(_, let scale):
      let number = NumberReading.number(bytes, range, decimalMark: UInt8(ascii: "."))
      return (number?.unscaled(toScale: scale)).map { .decimal(unscaled: $0, scale: scale) }
        ?? .null
    default:
      return Double(Self.text(bytes, range)).map { .double($0) } ?? .null
    }
  }
}
