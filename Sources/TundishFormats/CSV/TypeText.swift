internal import TundishColumns

/// Names of types as options give them.
enum TypeText {
  /// Returns the type of a name, compared case-insensitively; only types that text can be read as.
  static func type(named name: String) -> DataType? {
    let name = name.uppercased().filter { $0 != " " }
    switch name {
    case "BOOLEAN", "BOOL": return .boolean
    case "TINYINT", "INT1": return .tinyint
    case "SMALLINT", "INT2": return .smallint
    case "INTEGER", "INT", "INT4": return .integer
    case "BIGINT", "INT8": return .bigint
    case "HUGEINT": return .hugeint
    case "DOUBLE", "REAL", "FLOAT", "FLOAT8", "FLOAT4": return .double
    // What is stored as text: the values stay as they are written.
    case "VARCHAR", "TEXT", "STRING", "CHAR", "BPCHAR", "JSON", "UUID": return .varchar
    case "DATE": return .date
    case "TIME": return .time
    case "TIMESTAMP", "DATETIME": return .timestamp
    case "TIMESTAMPTZ", "TIMESTAMPWITHTIMEZONE": return .timestampTZ
    case "INTERVAL": return .interval
    case "DECIMAL", "NUMERIC": return .decimal(precision: 18, scale: 3)
    default: break
    }
    for prefix in ["DECIMAL(", "NUMERIC("] where name.hasPrefix(prefix) && name.hasSuffix(")") {
      let parts = name.dropFirst(prefix.count).dropLast().split(separator: ",").map { Int($0) }
      guard let precision = parts.first ?? nil, precision >= 1,
        precision <= DataType.maximumDecimalPrecision
      else { return nil }
      let scale = parts.count > 1 ? parts[1] : 0
      guard let scale, scale >= 0, scale <= precision, parts.count <= 2 else { return nil }
      return .decimal(precision: precision, scale: scale)
    }
    return nil
  }
}
