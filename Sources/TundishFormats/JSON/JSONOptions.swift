package import TundishColumns

/// What the user says about a JSON file.
package struct JSONOptions: Sendable {
  /// Where the records of a file are.
  package enum Format: Sendable {
    /// Found out by looking
    case found
    /// Elements of the outermost array
    case array
    /// One value after the other, as lines or not
    case sequence
  }

  /// Where the records are.
  package var format = Format.found
  /// Whether nested objects become columns `outer_inner`.
  package var flattens = false
  /// The member of the outermost object that holds the records; nil is found out.
  package var records: String?
  /// Whether the members of records become columns; if not, each record is one value.
  package var unpacksRecords = true
  /// The levels of values inside each other that get types of their own; what is deeper is text.
  package var maximumDepth = Int.max
  /// The columns to read, with their types; empty for all that there are.
  package var columns: [Field] = []
  /// What to do with lines that are no JSON and with records that are no objects.
  package var errorPolicy = ErrorPolicy.tolerate
  /// The columns that are read as text, by folded name.
  package var textColumns: Set<String> = []
  /// The number of records at which types are looked for first.
  package var sampleRecordCount = 2_048
  /// The records of each part that is read at once, where not those of a row group; for tests.
  package var pieceRecordCount = Int.max
  /// How many threads may read; changes nothing but the time.
  package var threadCount = 1
  /// Told how far the reading is.
  package var progress: ReadingProgress?

  /// Creates options that leave everything to be found out.
  package init() {}

  /// The names of the options.
  static let names = [
    "flatten", "records", "columns", "format", "maximum_depth", "on_error", "ignore_errors",
    "auto_detect", "sample_size", "maximum_object_size", "compression", "encoding", "locale",
    "field_appearance_threshold", "map_inference_threshold", "convert_strings_to_integers",
    "dateformat", "timestampformat", "filename", "union_by_name",
  ]

  /// Creates options from names and values as a statement gives them.
  package init(values: [String: String]) throws(FormatError) {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      try set(name.lowercased(), to: value)
    }
    if values["auto_detect"].map({ $0.lowercased() == "false" }) ?? false, columns.isEmpty {
      throw .unreadOption(
        "auto_detect = false without columns",
        instead: "COLUMNS {'name': 'TYPE', ...} says what to read"
      )
    }
  }

  private mutating func set(_ name: String, to value: String) throws(FormatError) {
    switch name {
    case "flatten": flattens = try CSVOptions.boolean(name, value)
    case "records": setRecords(value)
    case "columns":
      columns = try CSVOptions.typedColumns(name, value).map { Field(name: $0.name, type: $0.type) }
      textColumns.formUnion(columns.filter { $0.type == .varchar }.map { foldedKey($0.name) })
    case "maximum_depth":
      guard let depth = Int(value), depth >= -1, depth != 0 else {
        throw .invalidOption(name, value, expected: "a whole number above 0, or -1 for any depth")
      }
      maximumDepth = depth < 0 ? Int.max : depth
    case "on_error":
      guard let policy = ErrorPolicy(rawValue: value.lowercased()) else {
        throw .invalidOption(name, value, expected: "fail, skip or null")
      }
      errorPolicy = policy
    case "ignore_errors": if try CSVOptions.boolean(name, value) { errorPolicy = .skip }
    // The function or the file's ending says that this is JSON, the option where its records are.
    case "format", "records_format": try setFormat(value)
    case "convert_strings_to_integers":
      if try CSVOptions.boolean(name, value) {
        throw .unreadOption(name, instead: "x::BIGINT makes a number of the text x")
      }
    case "dateformat", "date_format", "timestampformat", "timestamp_format":
      throw .unreadOption(name, instead: "strptime(x, '\(value)') reads the text x")
    // All records are looked at, and there are no maps.
    case "auto_detect", "sample_size", "maximum_object_size", "compression", "encoding", "locale",
      "field_appearance_threshold", "map_inference_threshold", "maximum_sample_files", "threads":
      break
    default: throw .unknownJSONOption(name)
    }
  }

  /// The name of a member, or whether records are unpacked at all.
  private mutating func setRecords(_ value: String) {
    switch value.lowercased() {
    case "auto", "true", "1": break
    case "false", "0": unpacksRecords = false
    default: records = value
    }
  }

  private mutating func setFormat(_ value: String) throws(FormatError) {
    switch value.lowercased() {
    case "auto", "json": format = .found
    case "array": format = .array
    // Records that stand one behind the other need no newlines between them.
    case "newline_delimited", "nd", "unstructured": format = .sequence
    case "jsonl", "ndjson": format = .found
    default:
      throw .invalidOption(
        "format",
        value,
        expected: "auto, array, newline_delimited or unstructured"
      )
    }
  }
}
