/// One value of any type, for the borders of the engine.
///
/// Literals, parameters and results read row by row are values; loops over columns never make one.
public enum Value: Sendable, Hashable {
  /// `NULL` of any type.
  case null
  /// A `BOOLEAN`.
  case boolean(Bool)
  /// An integer of any type of at most 64 bits.
  case integer(Int64)
  /// A `HUGEINT`.
  case hugeint(Int128)
  /// A `DECIMAL`: `unscaled` divided by 10 to the power of `scale`.
  case decimal(unscaled: Int128, scale: Int)
  /// A `DOUBLE`.
  case double(Double)
  /// A `VARCHAR`, or a label of an `ENUM`.
  case text(String)
  /// A `BLOB`.
  case blob([UInt8])
  /// A `DATE`, as days since 1970-01-01.
  case date(Int32)
  /// A `TIME`, as microseconds since midnight.
  case time(Int64)
  /// A `TIMESTAMP`, as microseconds since 1970-01-01 00:00:00.
  case timestamp(Int64)
  /// A `TIMESTAMPTZ`, as microseconds since 1970-01-01 00:00:00 UTC.
  case timestampTZ(Int64)
  /// An `INTERVAL`.
  case interval(Interval)
  /// A list.
  indirect case list([Value])
  /// A struct: names and values in declared order.
  indirect case structure([StructMember])
  /// A map, entry by entry.
  indirect case map([MapEntry])
}

/// A key and its value inside a map value.
public struct MapEntry: Sendable, Hashable {
  /// The key, which is unique in its map and not `NULL`.
  public let key: Value
  /// The value.
  public let value: Value

  /// Creates an entry.
  public init(key: Value, value: Value) {
    self.key = key
    self.value = value
  }
}

/// A named value inside a struct value.
public struct StructMember: Sendable, Hashable {
  /// The member's name.
  public let name: String
  /// The member's value.
  public let value: Value
  /// Whether the struct is a row, whose members have numbers for names.
  package let isOfRow: Bool

  /// Creates a member.
  public init(name: String, value: Value) {
    self.init(name: name, value: value, isOfRow: false)
  }

  /// Creates a member of a struct or of a row.
  package init(name: String, value: Value, isOfRow: Bool) {
    self.name = name
    self.value = value
    self.isOfRow = isOfRow
  }
}

extension Value {
  /// Whether this is `NULL`.
  public var isNull: Bool {
    if case .null = self { true } else { false }
  }
}
