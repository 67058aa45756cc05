package import TundishColumns

/// What to do with a row or value that cannot be read.
package enum ErrorPolicy: String, Sendable, Hashable {
  /// Set odd rows aside as long as they are few, and say so; else stop with an error.
  case tolerate
  /// Stop with an error.
  case fail
  /// Leave the row out and keep it among the rejects.
  case skip
  /// Read the value as NULL; a row with too few fields is filled up.
  case null
}

/// What the user says about a file of delimited text; nil is found out by looking.
package struct CSVOptions: Sendable {
  /// The byte between fields.
  package var delimiter: UInt8?
  /// The byte around fields; an inner nil says that there is none.
  package var quote: UInt8??
  /// The byte that makes the next literal; an inner nil says that there is none.
  package var escape: UInt8??
  /// The byte that begins lines to pass over; an inner nil says that there are none.
  package var comment: UInt8??
  /// Whether the first row holds names.
  package var hasHeader: Bool?
  /// The lines to pass over at the beginning.
  package var skippedLineCount: Int?
  /// The names of all columns, in place of those in the file.
  package var names: [String] = []
  /// The types of columns by name, folded.
  package var types: [String: DataType] = [:]
  /// Whether every column is read as text.
  package var readsAllAsText = false
  /// The texts that stand for NULL, beside the empty one.
  package var nullTexts: [String] = []
  /// How dates are written, such as `dd.mm.yyyy` or `%d.%m.%Y`.
  package var dateFormat: String?
  /// How timestamps are written.
  package var timestampFormat: String?
  /// The decimal mark: a point or a comma.
  package var decimalMark: UInt8?
  /// The encoding by name.
  package var encoding: String?
  /// The session's locale, such as `de_DE`, which decides ties.
  package var locale: String?
  /// The number of rows at which types are looked for first.
  package var sampleRowCount = CSVOptions.defaultSampleRowCount
  /// What to do with rows and values that cannot be read.
  package var errorPolicy = ErrorPolicy.tolerate
  /// Whether rows with too few fields are filled up with NULL.
  package var padsShortRows = false
  /// The greatest number of bytes in a row.
  package var maximumLineByteCount = CSVOptions.defaultMaximumLineByteCount
  /// The number of rows read before their values are; for tests.
  package var sliceRowCount = 4_096

  /// The number of rows at which types are looked for first.
  package static let defaultSampleRowCount = 2_048
  /// The greatest number of bytes in a row.
  package static let defaultMaximumLineByteCount = 64 << 20

  /// Creates options that leave everything to be found out.
  package init() {}
}

extension CSVOptions {
  /// The names of the options, the usual one of each first.
  package static let names: [[String]] = [
    ["delimiter", "delim", "sep"], ["quote"], ["escape"], ["comment"], ["header"], ["skip"],
    ["names", "column_names"], ["columns"], ["types", "dtypes", "column_types"], ["all_varchar"],
    ["nullstr", "null", "nullstring"], ["date_format", "dateformat"],
    ["timestamp_format", "timestampformat"], ["decimal", "decimal_separator"],
    ["thousands"], ["encoding"], ["locale"], ["sample_size"], ["on_error"], ["ignore_errors"],
    ["null_padding"], ["max_line_size", "maximum_line_size"], ["strict_mode"], ["auto_detect"],
    ["new_line"], ["format"],
  ]

  /// Creates options from names and values as a statement gives them.
  package init(values: [String: String]) throws(FormatError) {
    self.init()
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      try set(name.lowercased(), to: value)
    }
  }

  private mutating func set(_ name: String, to value: String) throws(FormatError) {
    switch name {
    case "delimiter", "delim", "sep": delimiter = try Self.byte(name, value)
    case "quote": quote = .some(try Self.optionalByte(name, value))
    case "escape": escape = .some(try Self.optionalByte(name, value))
    case "comment": comment = .some(try Self.optionalByte(name, value))
    case "header": hasHeader = try Self.boolean(name, value)
    case "skip": skippedLineCount = try Self.count(name, value)
    case "names", "column_names": names = Self.list(value)
    case "columns":
      let columns = try Self.typedColumns(name, value)
      names = columns.map(\.name)
      for column in columns { types[foldedKey(column.name)] = column.type }
    case "types", "dtypes", "column_types":
      for column in try Self.typedColumns(name, value) {
        types[foldedKey(column.name)] = column.type
      }
    case "all_varchar": readsAllAsText = try Self.boolean(name, value)
    case "nullstr", "null", "nullstring": nullTexts = Self.list(value)
    case "date_format", "dateformat": dateFormat = value
    case "timestamp_format", "timestampformat": timestampFormat = value
    case "decimal", "decimal_separator":
      let byte = try Self.byte(name, value)
      guard byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") else {
        throw .invalidOption(name, value, expected: "'.' or ','")
      }
      decimalMark = byte
    case "thousands":
      let byte = try Self.byte(name, value)
      if byte == UInt8(ascii: ".") { decimalMark = UInt8(ascii: ",") }
      if byte == UInt8(ascii: ",") { decimalMark = UInt8(ascii: ".") }
    case "encoding": encoding = value
    case "locale": locale = value
    case "sample_size":
      let isAll = value == "-1"
      sampleRowCount = isAll ? Int.max : max(1, try Self.count(name, value))
    case "on_error":
      guard let policy = ErrorPolicy(rawValue: value.lowercased()) else {
        throw .invalidOption(name, value, expected: "fail, skip or null")
      }
      errorPolicy = policy
    case "ignore_errors": if try Self.boolean(name, value) { errorPolicy = .skip }
    case "null_padding": padsShortRows = try Self.boolean(name, value)
    case "max_line_size", "maximum_line_size":
      maximumLineByteCount = min(1 << 30, max(1, try Self.count(name, value)))
    case "strict_mode", "auto_detect", "new_line", "format": break
    default: throw .unknownOption(name)
    }
  }

  private static func byte(_ name: String, _ value: String) throws(FormatError) -> UInt8 {
    switch value {
    case "\\t", "tab": return 0x09
    case "space": return 0x20
    default: break
    }
    guard value.utf8.count == 1, let byte = value.utf8.first, byte < 0x80, byte != 0x0A,
      byte != 0x0D, byte != 0
    else { throw .invalidOption(name, value, expected: "one ASCII character") }
    return byte
  }

  private static func optionalByte(_ name: String, _ value: String) throws(FormatError) -> UInt8? {
    value.isEmpty || value == "\\0" || value.lowercased() == "none" ? nil : try byte(name, value)
  }

  private static func boolean(_ name: String, _ value: String) throws(FormatError) -> Bool {
    switch value.lowercased() {
    case "true", "1", "on", "yes", "": return true
    case "false", "0", "off", "no": return false
    default: throw .invalidOption(name, value, expected: "true or false")
    }
  }

  private static func count(_ name: String, _ value: String) throws(FormatError) -> Int {
    guard let count = Int(value), count >= 0 else {
      throw .invalidOption(name, value, expected: "a whole number")
    }
    return count
  }

  /// Reads `['a', 'b']` or `a, b`, or one text.
  private static func list(_ value: String) -> [String] {
    guard let inner = enclosed(value, "[", "]") else { return [value] }
    return split(inner).map { unquoted($0) }
  }

  /// Reads `{'a': 'BIGINT', 'b': 'DATE'}`.
  private static func typedColumns(
    _ name: String,
    _ value: String
  ) throws(FormatError) -> [(name: String, type: DataType)] {
    let inner = enclosed(value, "{", "}") ?? value
    var columns: [(name: String, type: DataType)] = []
    for part in split(inner) {
      guard let colon = part.lastIndex(of: ":") else {
        throw .invalidOption(name, value, expected: "{'column': 'TYPE', ...}")
      }
      let type = unquoted(String(part[part.index(after: colon)...]))
      guard let type = TypeText.type(named: type) else {
        throw .invalidOption(name, type, expected: "a type such as BIGINT or DECIMAL(18,2)")
      }
      columns.append((name: unquoted(String(part[..<colon])), type: type))
    }
    return columns
  }

  private static func enclosed(_ value: String, _ open: Character, _ close: Character) -> String? {
    let value = trimmed(value)
    guard value.count >= 2, value.first == open, value.last == close else { return nil }
    return String(value.dropFirst().dropLast())
  }

  /// Splits at commas outside quotes and parentheses.
  private static func split(_ value: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var depth = 0
    var quote: Character?
    for character in value {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "(" {
        depth += 1
      } else if character == ")" {
        depth -= 1
      } else if character == ",", depth <= 0 {
        parts.append(part)
        part = ""
        continue
      }
      part.append(character)
    }
    if !trimmed(part).isEmpty { parts.append(part) }
    return parts
  }

  private static func unquoted(_ value: String) -> String {
    let value = trimmed(value)
    guard value.count >= 2, let first = value.first, first == value.last,
      first == "'" || first == "\""
    else { return value }
    return String(value.dropFirst().dropLast())
  }

  private static func trimmed(_ value: String) -> String {
    var value = Substring(value)
    while value.first?.isWhitespace == true { value.removeFirst() }
    while value.last?.isWhitespace == true { value.removeLast() }
    return String(value)
  }
}

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
    case "VARCHAR", "TEXT", "STRING": return .varchar
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
