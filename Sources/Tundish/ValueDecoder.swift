import TundishColumns

/// Presents one value to `Decodable`: scalars, lists and structs.
struct ValueDecoder: Decoder {
  let value: Value
  let column: String
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let members: [StructMember]
    switch value {
    case .structure(let own): members = own
    case .map(let entries):
      members = entries.map { StructMember(name: ValueText.text(of: $0.key), value: $0.value) }
    default: throw mismatch("a struct or a map")
    }
    let schema = Schema(members.map { Field(name: $0.name, type: .null) })
    return KeyedDecodingContainer(
      RowContainer<Key>(row: QueryRow(schema: schema, values: members.map(\.value)))
    )
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .list(let values) = value else { throw mismatch("a list") }
    return ListContainer(values: values, column: column)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    ValueContainer(value: value, column: column)
  }

  private func mismatch(_ wanted: String) -> DecodingError {
    .typeMismatch(
      Value.self,
      .init(codingPath: [], debugDescription: "column '\(column)' holds \(value), not \(wanted)")
    )
  }
}

/// One scalar value.
struct ValueContainer: SingleValueDecodingContainer {
  let value: Value
  let column: String
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { value.isNull }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .boolean(let flag) = value else { throw mismatch("Bool") }
    return flag
  }

  func decode(_ type: String.Type) throws -> String {
    if case .text(let text) = value { return text }
    guard !value.isNull else { throw mismatch("String") }
    return ValueText.text(of: value)
  }

  func decode(_ type: Double.Type) throws -> Double {
    guard let number = value.doubleValue else { throw mismatch("Double") }
    return number
  }

  func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
  func decode(_ type: Int.Type) throws -> Int { try integer() }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
  func decode(_ type: UInt.Type) throws -> UInt { try integer() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    if let scalar = try scalar(type) { return scalar }
    return try T(from: ValueDecoder(value: value, column: column))
  }

  /// Decodes the types for which the protocol has requirements of their own.
  private func scalar<T>(_ type: T.Type) throws -> T? {
    switch type {
    case is Value.Type: value as? T
    case is String.Type: try decode(String.self) as? T
    case is Double.Type: try decode(Double.self) as? T
    case is Bool.Type: try decode(Bool.self) as? T
    case is Int.Type: try decode(Int.self) as? T
    case is Int64.Type: try decode(Int64.self) as? T
    case is Int32.Type: try decode(Int32.self) as? T
    default: nil
    }
  }

  private func integer<Integer: FixedWidthInteger>() throws -> Integer {
    let number: Int64? =
      switch value {
      case .date(let days): Int64(days)
      case .time(let microseconds), .timestamp(let microseconds), .timestampTZ(let microseconds):
        microseconds
      default: value.integerValue
      }
    guard let number, let exact = Integer(exactly: number) else {
      throw mismatch("\(Integer.self)")
    }
    return exact
  }

  private func mismatch(_ wanted: String) -> DecodingError {
    let found = value.isNull ? "NULL; make the property optional" : "\(value), not \(wanted)"
    return .typeMismatch(
      Value.self,
      .init(codingPath: [], debugDescription: "column '\(column)' holds \(found)")
    )
  }
}

/// The elements of a list.
private struct ListContainer: UnkeyedDecodingContainer {
  let values: [Value]
  let column: String
  var currentIndex = 0
  var codingPath: [any CodingKey] { [] }
  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex >= values.count }

  init(values: [Value], column: String) {
    self.values = values
    self.column = column
  }

  private mutating func next() throws -> Value {
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        Value.self,
        .init(codingPath: [], debugDescription: "the list in column '\(column)' has ended")
      )
    }
    defer { currentIndex += 1 }
    return values[currentIndex]
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, values[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    try ValueContainer(value: next(), column: column).decode(type)
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try ValueDecoder(value: next(), column: column).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try ValueDecoder(value: next(), column: column).unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder {
    ValueDecoder(value: try next(), column: column)
  }
}
