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

  /// Whether a value that is not of the type that the user gave is an error.
  var stopsAtValues: Bool { self == .fail || self == .tolerate }
}

/// What the user says about a file of delimited text; nil is found out by looking.
package struct CSVOptions: Sendable {
  /// The byte between fields.
  package var delimiter: UInt8?
  /// What separates fields where it is not one byte.
  package var separator: Separator?
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
  /// By position, the units of columns of numbers whose texts do not say one.
  var units: [Int: Unit] = [:]
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
  /// Told how far the file is.
  package var progress: ReadingProgress?
  /// The columns, by folded name, whose empty values are empty texts.
  package var notNullColumns: Set<String> = []
  /// The types that columns may be found to have beside text; empty for all.
  package var typeCandidates: [DataType] = []
  /// The most rows and values that are kept as rejects.
  package var maximumRejectCount = Int.max
  /// What ends a row.
  package var lineEnding: CSVDialect.LineEnding?
  /// The types of the first columns, by position.
  package var positionalTypes: [DataType] = []
  /// Whether names become lower case with `_` for everything but letters and digits.
  package var normalizesNames = false
  /// Whether `NULLSTR` also counts inside quotes, and quotes around nothing are NULL; where it is not
  /// said, the latter goes by how the file is written.
  package var allowsQuotedNulls: Bool?
  /// The number of rows read before their values are; for tests.
  package var sliceRowCount = 4_096
  /// The number of threads that may read.
  package var threadCount = 1
  /// The bytes of each part that is read at once; nil for about those of a row group; for tests.
  package var chunkByteCount: Int?
  /// Whether every row is read by the general rules; for tests.
  package var usesGeneralRules = false

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
    ["new_line"], ["widths"], ["store_rejects"], ["rejects_limit"], ["allow_quoted_nulls"],
    ["force_not_null"], ["auto_type_candidates"],
    ["normalize_names"], ["union_by_name"], ["filename"], ["sheet"], ["range"],
    ["compression", "buffer_size", "parallel", "files_to_sniff"], ["format"],
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
    case "delimiter", "delim", "sep":
      if let several = Self.severalBytes(value) {
        separator = .text(several)
      } else {
        delimiter = try Self.byte(name, value)
      }
    case "widths":
      let widths = Self.list(value).map { Int($0) ?? 0 }
      guard widths.count > 1, widths.allSatisfy({ $0 > 0 && $0 < 1 << 20 }) else {
        throw .invalidOption(name, value, expected: "widths in characters such as [6, 9, 3]")
      }
      separator = .widths(widths)
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
    case "types", "dtypes", "column_types": try setTypes(name, value)
    case "all_varchar": readsAllAsText = try Self.boolean(name, value)
    case "nullstr", "null", "nullstring": nullTexts = Self.list(value)
    case "date_format", "dateformat": dateFormat = try Self.dateFormat(name, value)
    case "timestamp_format", "timestampformat":
      timestampFormat = try Self.dateFormat(name, value)
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
    case "strict_mode":
      if try Self.boolean(name, value), errorPolicy == .tolerate { errorPolicy = .fail }
    case "store_rejects":
      if try Self.boolean(name, value), errorPolicy == .tolerate { errorPolicy = .skip }
    case "auto_detect":
      guard try !Self.boolean(name, value) else { break }
      if delimiter == nil, separator == nil { delimiter = UInt8(ascii: ",") }
      if quote == nil { quote = .some(UInt8(ascii: "\"")) }
      if escape == nil { escape = .some(nil) }
      if comment == nil { comment = .some(nil) }
      if hasHeader == nil { hasHeader = false }
      if skippedLineCount == nil { skippedLineCount = 0 }
    case "new_line":
      switch value {
      case "\\n", "\n", "\\r\\n", "\r\n": lineEnding = .lineFeed
      case "\\r", "\r": lineEnding = .carriageReturn
      default: throw .invalidOption(name, value, expected: "'\\n', '\\r' or '\\r\\n'")
      }
    case "normalize_names": normalizesNames = try Self.boolean(name, value)
    case "force_not_null": notNullColumns = Set(Self.list(value).map { foldedKey($0) })
    case "auto_type_candidates": typeCandidates = try Self.types(name, value)
    case "rejects_limit":
      let count = try Self.count(name, value)
      maximumRejectCount = count == 0 ? Int.max : count
    case "rejects_table", "rejects_scan":
      throw .unreadOption(name, instead: "what was set aside is in the table rejects")
    case "hive_types":
      throw .unreadOption(name, instead: "HIVE_TYPES_AUTOCAST false leaves texts, which SQL casts")
    case "allow_quoted_nulls": allowsQuotedNulls = try Self.boolean(name, value)
    // What a file is compressed with shows in its bytes; the others set no meaning.
    case "compression", "buffer_size", "parallel", "files_to_sniff", "format": break
    default: throw .unknownOption(name)
    }
  }

  /// Takes types by name, `{'a': 'BIGINT'}`, or by position, `['BIGINT']`.
  private mutating func setTypes(_ name: String, _ value: String) throws(FormatError) {
    guard Self.enclosed(value, "[", "]") != nil else {
      for column in try Self.typedColumns(name, value) {
        types[foldedKey(column.name)] = column.type
      }
      return
    }
    positionalTypes += try Self.types(name, value)
  }
}
