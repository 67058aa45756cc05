import TundishColumns

extension QueryResult {
  /// Decodes every row as a `Decodable` type: a property takes the column of its name, compared
  /// case-insensitively and with `snakeCase` columns for `camelCase` properties.
  ///
  /// `DATE` and `TIMESTAMP` decode as `String` in ISO form, and as `Int64` in days or microseconds
  /// since 1970; `DECIMAL` decodes as `Double` or, exactly, as `String`; NULL needs an optional
  /// property.
  ///
  /// - Parameter type: The type of the rows.
  /// - Returns: One value per row.
  /// - Throws: `TundishError.decoding` naming the column that does not fit.
  public func decode<Row: Decodable>(_ type: Row.Type) throws(TundishError) -> [Row] {
    var decoded: [Row] = []
    decoded.reserveCapacity(rowCount)
    for row in rows {
      do {
        decoded.append(try Row(from: RowDecoder(row: row)))
      } catch let DecodingError.keyNotFound(key, _) {
        throw .decoding("no column named '\(key.stringValue)' in the result")
      } catch let DecodingError.valueNotFound(_, context) {
        throw .decoding(context.debugDescription)
      } catch let DecodingError.typeMismatch(_, context) {
        throw .decoding(context.debugDescription)
      } catch {
        throw .decoding("\(error)")
      }
    }
    return decoded
  }
}

/// Presents one row to `Decodable`.
private struct RowDecoder: Decoder {
  let row: QueryRow
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(RowContainer<Key>(row: row))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    throw DecodingError.typeMismatch(
      QueryRow.self,
      .init(codingPath: [], debugDescription: "a row is no array")
    )
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    // A row of one column decodes as its value.
    ValueContainer(value: row.values.first ?? .null, column: row.schema.fields.first?.name ?? "")
  }
}

/// The columns of one row as keys.
struct RowContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let row: QueryRow
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { row.schema.fields.compactMap { Key(stringValue: $0.name) } }

  func contains(_ key: Key) -> Bool { value(key) != nil }

  private func value(_ key: Key) -> Value? {
    row[key.stringValue] ?? row[snakeCase(key.stringValue)]
  }

  private func container(_ key: Key) throws -> ValueContainer {
    guard let value = value(key) else {
      throw DecodingError.keyNotFound(key, .init(codingPath: [], debugDescription: ""))
    }
    return ValueContainer(value: value, column: key.stringValue)
  }

  func decodeNil(forKey key: Key) throws -> Bool { value(key)?.isNull ?? true }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try container(key).decode(type) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String {
    try container(key).decode(type)
  }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
    try container(key).decode(type)
  }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
    Float(try container(key).decode(Double.self))
  }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try container(key).decode(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type,
    forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try ValueDecoder(value: container(key).value, column: key.stringValue).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try ValueDecoder(value: container(key).value, column: key.stringValue).unkeyedContainer()
  }

  func superDecoder() -> any Decoder { RowDecoder(row: row) }
  func superDecoder(forKey key: Key) throws -> any Decoder {
    ValueDecoder(value: try container(key).value, column: key.stringValue)
  }
}

/// Returns `winRate` as `win_rate`.
private func snakeCase(_ name: String) -> String {
  var result = ""
  for character in name {
    if character.isUppercase {
      if !result.isEmpty { result.append("_") }
      result += character.lowercased()
    } else {
      result.append(character)
    }
  }
  return result
}
