/// What several paths, or a path with wildcards, lead to in JSON: lists.
///
/// The binder calls the functions that end in `_all` where the path of `json_extract` and its like is
/// a constant with wildcards.
enum JSONPathFunctions {
  static let all: [ScalarFunction] = [
    make(
      "json_extract_all",
      summary:
        "Returns a list of the JSON that a path with wildcards ($[*].a, $.*, $..a) leads to.",
      examples: [
        FunctionExample(#"json_extract_all('[{"a": 1}, {"a": 2}]', '$[*].a')"#, "[1, 2]"),
        FunctionExample(#"json_extract('{"a": {"b": 1}, "b": 2}', '$..b')"#, "[2, 1]"),
      ]
    ) { json, value in text(of: value, in: json) },
    make(
      "json_extract_string_all",
      summary: "Returns a list of the JSON that a path with wildcards leads to, texts without their"
        + " quotes, NULL for null.",
      examples: [
        FunctionExample(#"json_extract_string_all('["x", null]', '$[*]')"#, "[x, NULL]"),
        FunctionExample(#"'{"a": "x"}' ->> '$.*'"#, "[x]"),
      ]
    ) { json, value in plainText(of: value, in: json) },
    make(
      "json_type_all",
      summary: "Returns a list of what the values are that a path with wildcards leads to.",
      examples: [
        FunctionExample("json_type_all('[1, true]', '$[*]')", "[UBIGINT, BOOLEAN]"),
        FunctionExample(#"json_type('{"a": "x"}', '$.*')"#, "[VARCHAR]"),
      ]
    ) { json, value in JSONFunctions.name(of: value, in: json) },
    make(
      "json_exists_all",
      summary: "Returns a list with true for each value that a path with wildcards leads to.",
      examples: [
        FunctionExample("json_exists_all('[1, 2]', '$[*]')", "[true, true]"),
        FunctionExample(#"json_exists('{"a": 1}', '$.b[*]')"#, "[]"),
      ]
    ) { _, _ in "true" },
  ]

  /// `json_extract(json, ['$.a', '$.b'])`: a value or NULL for each path.
  static func ofPaths(nullsAreMissing: Bool) -> ScalarOverload {
    ofPaths { json, value in
      nullsAreMissing ? plainText(of: value, in: json) : text(of: value, in: json)
    }
  }

  /// What a function tells of the value at each of several paths, NULL where there is none.
  static func ofPaths(
    _ describe: @escaping @Sendable (JSONText, Range<Int>) -> String?
  ) -> ScalarOverload {
    .exact([.varchar, .list(.varchar)], to: .list(.varchar)) {
      (input) throws(ExecutionError) -> Column in
      let texts = input.text(0)
      let json = JSONText(bytes: texts.bytes)
      let wanted = input.arguments[1]
      return try lists(of: input) { (row) throws(ExecutionError) -> [String?]? in
        guard let whole = json.value(in: texts.range(row)),
          case .list(let paths) = wanted.value(at: row)
        else { return nil }
        var found: [String?] = []
        for path in paths {
          guard case .text(let text) = path else {
            found.append(nil)
            continue
          }
          let parsed = try JSONPath(text)
          guard !parsed.hasWildcard else {
            throw ExecutionError(
              .invalidArgument,
              "the JSON path '\(text)' leads to several values, which a list of paths does not take"
            )
          }
          found.append(json.find(parsed, in: whole).flatMap { describe(json, $0) })
        }
        return found
      }
    }
  }

  private static func make(
    _ name: String,
    summary: String,
    examples: [FunctionExample],
    _ describe: @escaping @Sendable (JSONText, Range<Int>) -> String?
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      summary: summary,
      examples: examples,
      overloads: [
        .exact([.varchar, .varchar], to: .list(.varchar)) {
          (input) throws(ExecutionError) -> Column in
          let texts = input.text(0)
          let json = JSONText(bytes: texts.bytes)
          let paths = input.text(1)
          var parsed: (text: String, path: JSONPath)?
          return try lists(of: input) { (row) throws(ExecutionError) -> [String?]? in
            let text = paths.string(row)
            if parsed?.text != text { parsed = (text, try JSONPath(text)) }
            guard let path = parsed?.path, let whole = json.value(in: texts.range(row)) else {
              return nil
            }
            return json.findAll(path, in: whole).map { describe(json, $0) }
          }
        }
      ]
    )
  }

  /// A list of texts per row; NULL where there is none.
  private static func lists(
    of input: KernelInput,
    _ make: (Int) throws(ExecutionError) -> [String?]?
  ) throws(ExecutionError) -> Column {
    var ranges: [Range<Int32>] = []
    var elements: [String?] = []
    var validity = input.validity ?? [Bool](repeating: true, count: input.rowCount)
    for row in 0..<input.rowCount {
      let start = Int32(clamping: elements.count)
      if validity[row] {
        if let found = try make(row) {
          elements += found
        } else {
          validity[row] = false
        }
      }
      ranges.append(start..<Int32(clamping: elements.count))
    }
    let child = Column.strings(elements).flattened()
    return input.column(.list(ListVector(ranges: ranges, child: child)), validity: validity)
  }

  private static func text(of value: Range<Int>, in json: JSONText) -> String {
    var output = TextOutput(rowCapacity: 1)
    json.append(value, to: &output)
    return String(decoding: output.bytes, as: UTF8.self)
  }

  private static func plainText(of value: Range<Int>, in json: JSONText) -> String? {
    switch json.kind(of: value) {
    case .null: return nil
    case .text: return String(decoding: json.text(value), as: UTF8.self)
    case .boolean, .number, .array, .object: return text(of: value, in: json)
    }
  }
}
