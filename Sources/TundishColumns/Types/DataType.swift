/// The logical type of a column or value.
///
/// A logical type says what a value means; `PhysicalType` says how a batch holds it. All integers
/// of at most 64 bits, dates, times, timestamps and decimals of at most 18 digits share one physical
/// form, so a kernel is written once for all of them.
public enum DataType: Sendable, Hashable {
  /// The type of a bare `NULL`; coerces to every other type.
  case null
  /// `BOOLEAN`
  case boolean
  /// `TINYINT`, `INT1`
  case tinyint
  /// `SMALLINT`, `INT2`
  case smallint
  /// `INTEGER`, `INT`, `INT4`
  case integer
  /// `BIGINT`, `INT8`
  case bigint
  /// `HUGEINT`: 128 bits, signed
  case hugeint
  /// `DECIMAL(precision, scale)`; precision at most 38, unscaled value at most 10^precision - 1
  case decimal(precision: Int, scale: Int)
  /// `DOUBLE`, `REAL`, `FLOAT`
  case double
  /// `VARCHAR`, `TEXT`: UTF-8, binary collation
  case varchar
  /// `BLOB`
  case blob
  /// `DATE`: days since 1970-01-01, proleptic Gregorian
  case date
  /// `TIME`: microseconds since midnight
  case time
  /// `TIMESTAMP`: microseconds since 1970-01-01 00:00:00, without a zone
  case timestamp
  /// `TIMESTAMPTZ`: microseconds since 1970-01-01 00:00:00 UTC, shown in the session's zone
  case timestampTZ
  /// `INTERVAL`: months, days and microseconds, kept apart
  case interval
  /// `ENUM('a', 'b')`
  case enumeration([String])
  /// `T[]`
  indirect case list(DataType)
  /// `STRUCT(name type, ...)`
  case structure([StructField])
}

/// A named member of a `STRUCT` type.
public struct StructField: Sendable, Hashable {
  /// The member's name, with the spelling it was declared with.
  public let name: String
  /// The member's type.
  public let type: DataType
  /// Whether the struct is no plain one: an entry of a `MAP`, see `DataType.map(_:to:)`, a row
  /// without names, or JSON inside of JSON, see `DataType.embeddedJSON`.
  package let isMarked: Bool

  /// Creates a member.
  public init(name: String, type: DataType) {
    self.init(name: name, type: type, isMarked: false)
  }

  /// Creates a member of a struct of either kind.
  package init(name: String, type: DataType, isMarked: Bool) {
    self.name = name
    self.type = type
    self.isMarked = isMarked
  }
}

extension DataType {
  /// The greatest precision of a `DECIMAL`.
  public static let maximumDecimalPrecision = 38
  /// The greatest precision of a `DECIMAL` that is held in 64 bits.
  public static let maximumShortDecimalPrecision = 18

  /// How batches hold values of this type.
  package var physical: PhysicalType {
    switch self {
    case .null, .boolean: .boolean
    case .tinyint, .smallint, .integer, .bigint, .date, .time, .timestamp, .timestampTZ: .int64
    case .decimal(let precision, _):
      precision <= DataType.maximumShortDecimalPrecision ? .int64 : .int128
    case .hugeint: .int128
    case .double: .float64
    case .varchar, .blob, .enumeration: .text
    case .interval: .interval
    case .list: .list
    case .structure: .structure
    }
  }

  /// Whether this is one of the integer types.
  public var isInteger: Bool {
    switch self {
    case .tinyint, .smallint, .integer, .bigint, .hugeint: true
    case .null, .boolean, .decimal, .double, .varchar, .blob, .date, .time, .timestamp,
      .timestampTZ, .interval, .enumeration, .list, .structure:
      false
    }
  }

  /// Whether arithmetic applies: an integer, `DECIMAL` or `DOUBLE`.
  public var isNumeric: Bool {
    switch self {
    case .decimal, .double: true
    case .tinyint, .smallint, .integer, .bigint, .hugeint: true
    case .null, .boolean, .varchar, .blob, .date, .time, .timestamp, .timestampTZ, .interval,
      .enumeration, .list, .structure:
      false
    }
  }

  /// Whether this is a `DECIMAL` of any precision.
  public var isDecimal: Bool {
    if case .decimal = self { true } else { false }
  }

  /// Whether values are text: `VARCHAR` or an `ENUM`.
  public var isText: Bool {
    switch self {
    case .varchar, .enumeration: true
    case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .decimal, .double,
      .blob, .date, .time, .timestamp, .timestampTZ, .interval, .list, .structure:
      false
    }
  }

  /// Whether values are points on the calendar or the clock.
  public var isTemporal: Bool {
    switch self {
    case .date, .time, .timestamp, .timestampTZ: true
    case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .decimal, .double,
      .varchar, .blob, .interval, .enumeration, .list, .structure:
      false
    }
  }

  /// The least and greatest value that an integer type of at most 64 bits holds, else nil.
  package var int64Range: ClosedRange<Int64>? {
    switch self {
    case .tinyint: Int64(Int8.min)...Int64(Int8.max)
    case .smallint: Int64(Int16.min)...Int64(Int16.max)
    case .integer: Int64(Int32.min)...Int64(Int32.max)
    case .bigint: Int64.min...Int64.max
    case .null, .boolean, .hugeint, .decimal, .double, .varchar, .blob, .date, .time, .timestamp,
      .timestampTZ, .interval, .enumeration, .list, .structure:
      nil
    }
  }
}

extension DataType: CustomStringConvertible {
  /// The type as SQL writes it.
  public var description: String {
    switch self {
    case .null: "NULL"
    case .boolean: "BOOLEAN"
    case .tinyint: "TINYINT"
    case .smallint: "SMALLINT"
    case .integer: "INTEGER"
    case .bigint: "BIGINT"
    case .hugeint: "HUGEINT"
    case .decimal(let precision, let scale): "DECIMAL(\(precision),\(scale))"
    case .double: "DOUBLE"
    case .varchar: "VARCHAR"
    case .blob: "BLOB"
    case .date: "DATE"
    case .time: "TIME"
    case .timestamp: "TIMESTAMP"
    case .timestampTZ: "TIMESTAMP WITH TIME ZONE"
    case .interval: "INTERVAL"
    case .enumeration(let labels):
      "ENUM(" + labels.map(Self.quoted).joined(separator: ", ") + ")"
    case .list(let element):
      if let types = mapTypes { "MAP(\(types.key), \(types.value))" } else { "\(element)[]" }
    case .structure(let fields) where fields.isRow:
      "TUPLE(" + fields.map(\.type.description).joined(separator: ", ") + ")"
    case .structure(let fields):
      "STRUCT(" + fields.map { "\($0.name) \($0.type)" }.joined(separator: ", ") + ")"
    }
  }

  /// A label between quotes, with quotes doubled.
  private static func quoted(_ label: String) -> String {
    let pieces = label.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + pieces.joined(separator: "''") + "'"
  }
}
