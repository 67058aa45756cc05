/// Reading and writing JSON in `VARCHAR`.
///
/// Text that is not JSON gives NULL where something is asked of it, and false for `json_valid`.
enum JSONFunctions {
  static let all: [ScalarFunction] = [
    extract, extractText, isValid, arrayLength, type, keys, minify, toJSON, array, object,
  ]

  private static let extract = ScalarFunction(
    "json_extract",
    aliases: ["->", "json_extract_path"],
    summary: "Returns the JSON that a path ($.a[0], a member's name, a position) leads to.",
    examples: [
      FunctionExample(#"json_extract('{"a": [1, {"b": 2}]}', '$.a[1].b')"#, "2"),
      FunctionExample(#"'{"a": "x"}' -> 'a'"#, #""x""#),
    ],
    overloads: extracting { json, value, output in json.append(value, to: &output) }
  )

  private static let extractText = ScalarFunction(
    "json_extract_string",
    aliases: ["->>", "json_extract_path_text"],
    summary: "Returns the JSON that a path leads to, a text without its quotes; NULL for null.",
    examples: [
      FunctionExample(#"'{"a": "x"}' ->> '$.a'"#, "x"),
      FunctionExample(#"json_extract_string('[1, null]', 1)"#, "NULL"),
    ],
    overloads: extracting(nullsAreMissing: true) { json, value, output in
      if json.kind(of: value) == .text {
        output.append(contentsOf: json.text(value))
      } else {
        json.append(value, to: &output)
      }
    }
  )

  private static func extracting(
    nullsAreMissing: Bool = false,
    _ write: @escaping @Sendable (JSONText, Range<Int>, inout TextOutput) -> Void
  ) -> [ScalarOverload] {
    [JSONPathFunctions.ofPaths(nullsAreMissing: nullsAreMissing)]
      + [DataType.varchar, .bigint].map { pathType in
        .exact([.varchar, pathType], to: .varchar) { (input) throws(ExecutionError) -> Column in
          let texts = input.text(0)
          let json = JSONText(bytes: texts.bytes)
          var paths = JSONPathArgument(input, at: 1)
          return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
            let path = try paths.path(row)
            guard let whole = json.value(in: texts.range(row)),
              let value = json.find(path, in: whole),
              !nullsAreMissing || json.kind(of: value) != .null
            else { return false }
            write(json, value, &output)
            return true
          }
        }
      }
  }

  private static let isValid = ScalarFunction(
    "json_valid",
    summary: "Returns whether a text is JSON.",
    examples: [
      FunctionExample(#"json_valid('{"a": 1}')"#, "true"),
      FunctionExample("json_valid('{a: 1}')", "false"),
    ],
    overloads: [
      .exact([.varchar], to: .boolean) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let json = JSONText(bytes: texts.bytes)
        return try input.build { (row) throws(ExecutionError) -> Bool? in
          json.value(in: texts.range(row)) != nil
        }
      }
    ]
  )

  private static let arrayLength = ScalarFunction(
    "json_array_length",
    summary: "Returns the number of elements of a JSON array, perhaps behind a path; 0 for others.",
    examples: [
      FunctionExample("json_array_length('[1, 2]')", "2"),
      FunctionExample(#"json_array_length('{"a": [1]}', '$.a')"#, "1"),
    ],
    overloads: asking(to: .bigint) { json, value -> Int64 in
      json.kind(of: value) == .array ? Int64(json.count(of: value)) : 0
    }
  )

  private static let type = ScalarFunction(
    "json_type",
    summary:
      "Returns what a JSON value is: OBJECT, ARRAY, VARCHAR, UBIGINT, BIGINT, DOUBLE, BOOLEAN"
      + " or NULL.",
    examples: [
      FunctionExample("json_type('[1]')", "ARRAY"),
      FunctionExample(#"json_type('{"a": 1.5}', '$.a')"#, "DOUBLE"),
    ],
    overloads: located { (input, json, locate) throws(ExecutionError) -> Column in
      try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        guard let value = try locate(row) else { return false }
        output.append(name(of: value, in: json))
        return true
      }
    } + [JSONPathFunctions.ofPaths { json, value in name(of: value, in: json) }]
  )

  /// The name of a checked value's type.
  static func name(of value: Range<Int>, in json: JSONText) -> String {
    switch json.kind(of: value) {
    case .null: return "NULL"
    case .boolean: return "BOOLEAN"
    case .text: return "VARCHAR"
    case .array: return "ARRAY"
    case .object: return "OBJECT"
    case .number:
      let number = json.bytes[value]
      if number.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }) {
        return "DOUBLE"
      }
      let text = String(decoding: number, as: UTF8.self)
      if number.first == UInt8(ascii: "-") { return Int64(text) == nil ? "DOUBLE" : "BIGINT" }
      return UInt64(text) == nil ? "DOUBLE" : "UBIGINT"
    }
  }

  private static let keys = ScalarFunction(
    "json_keys",
    summary: "Returns the names of a JSON object's members as a list.",
    examples: [
      FunctionExample(#"json_keys('{"a": 1, "b": 2}')"#, "[a, b]"),
      FunctionExample("json_keys('[1]')", "[]"),
    ],
    overloads: [
      .exact([.varchar], to: .list(.varchar)) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let json = JSONText(bytes: texts.bytes)
        var names = TextVector.empty
        var ranges: [Range<Int32>] = []
        for row in 0..<input.rowCount {
          let start = Int32(names.views.count)
          if input.validity?[row] ?? true, let value = json.value(in: texts.range(row)),
            json.kind(of: value) == .object
          {
            json.forEach(in: value) { name, _ in
              if let name {
                let text = json.text(name)
                names.views.append(
                  TextView(start: UInt32(names.bytes.count), length: UInt32(text.count))
                )
                names.bytes.append(contentsOf: text)
              }
              return true
            }
          }
          ranges.append(start..<Int32(names.views.count))
        }
        return input.column(.list(ListVector(ranges: ranges, child: .text(names))))
      }
    ]
  )

  private static let minify = ScalarFunction(
    "json",
    summary: "Returns JSON without spaces between its parts; fails where the text is not JSON.",
    examples: [
      FunctionExample(#"json('{ "a" : 1 }')"#, #"{"a":1}"#),
      FunctionExample("json('[1, 2]')", "[1,2]"),
    ],
    overloads: [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let json = JSONText(bytes: texts.bytes)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let value = try json.checkedValue(in: texts.range(row))
          json.append(value, to: &output)
          return true
        }
      }
    ]
  )

  // MARK: - Shared

  private typealias Locate = (Int) throws(ExecutionError) -> Range<Int>?

  private static func located(
    to type: DataType = .varchar,
    _ body:
      @escaping @Sendable (KernelInput, JSONText, Locate) throws(ExecutionError) -> Column
  ) -> [ScalarOverload] {
    [1, 2].map { count in
      .exact(Array(repeating: .varchar, count: count), to: type) {
        (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let json = JSONText(bytes: texts.bytes)
        var paths: JSONPathArgument?
        if count > 1 { paths = JSONPathArgument(input, at: 1) }
        return try body(input, json) { (row) throws(ExecutionError) -> Range<Int>? in
          guard let whole = json.value(in: texts.range(row)) else { return nil }
          guard let path = try paths?.path(row) else { return whole }
          return json.find(path, in: whole)
        }
      }
    }
  }

  private static func asking<R: KernelValue>(
    to type: DataType,
    _ answer: @escaping @Sendable (JSONText, Range<Int>) -> R
  ) -> [ScalarOverload] {
    located(to: type) { (input, json, locate) throws(ExecutionError) -> Column in
      try input.build { (row) throws(ExecutionError) -> R? in
        try locate(row).map { answer(json, $0) }
      }
    }
  }

  // MARK: - Writing

  private static let toJSON = ScalarFunction(
    "to_json",
    aliases: ["json_quote", "array_to_json", "row_to_json"],
    summary: "Returns a value as JSON.",
    examples: [
      FunctionExample("to_json({'a': 1, 'b': [1, NULL]})", #"{"a":1,"b":[1,null]}"#),
      FunctionExample("to_json('x')", #""x""#),
    ],
    overloads: [
      ScalarOverload(
        [.any],
        result: { _ in .varchar },
        kernel: { (input) throws(ExecutionError) -> Column in
          let printer = JSONPrinter(input.arguments[0], input.context)
          return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
            var bytes: [UInt8] = []
            printer.append(row, to: &bytes)
            output.append(contentsOf: bytes)
            return true
          }
        }
      )
    ]
  )

  private static let array = ScalarFunction(
    "json_array",
    summary: "Returns its arguments as a JSON array.",
    examples: [
      FunctionExample("json_array(1, 'a', NULL)", #"[1,"a",null]"#),
      FunctionExample("json_array(true)", "[true]"),
    ],
    overloads: [
      ScalarOverload(
        [],
        variadic: .any,
        propagatesNull: false,
        result: { _ in .varchar },
        kernel: { (input) throws(ExecutionError) -> Column in
          let printers = input.arguments.map { JSONPrinter($0, input.context) }
          return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
            var bytes = [UInt8(ascii: "[")]
            for (position, printer) in printers.enumerated() {
              if position > 0 { bytes.append(UInt8(ascii: ",")) }
              printer.append(row, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
            output.append(contentsOf: bytes)
            return true
          }
        }
      )
    ]
  )

  private static let object = ScalarFunction(
    "json_object",
    summary: "Returns names and values, in turn, as a JSON object.",
    examples: [
      FunctionExample("json_object('a', 1, 'b', 'x')", #"{"a":1,"b":"x"}"#),
      FunctionExample("json_object()", "{}"),
    ],
    overloads: [
      ScalarOverload(
        [],
        variadic: .any,
        propagatesNull: false,
        result: { types in
          let names = types.indices.filter { $0 % 2 == 0 }.map { types[$0] }
          return types.count % 2 == 0 && names.allSatisfy { $0.isText } ? .varchar : nil
        },
        kernel: { (input) throws(ExecutionError) -> Column in
          let printers = input.arguments.map { JSONPrinter($0, input.context) }
          return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
            var bytes = [UInt8(ascii: "{")]
            for (position, printer) in printers.enumerated() {
              // A member without a name leaves no object to speak of.
              if position % 2 == 0, !input.arguments[position].isValid(at: row) { return false }
              if position > 0 { bytes.append(UInt8(ascii: position % 2 == 0 ? "," : ":")) }
              printer.append(row, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
            output.append(contentsOf: bytes)
            return true
          }
        }
      )
    ]
  )
}

/// A path argument; a constant one is parsed once.
struct JSONPathArgument {
  private let texts: TextArgument?
  private let positions: Argument<Int64>?
  private var parsed: (text: String, path: JSONPath)?

  init(_ input: KernelInput, at position: Int) {
    let isText = input.arguments[position].type == .varchar
    texts = isText ? input.text(position) : nil
    positions = isText ? nil : input.argument(position)
  }

  /// Returns the path of a row in which it is not NULL.
  mutating func path(_ row: Int) throws(ExecutionError) -> JSONPath {
    if let positions { return JSONPath(element: Int(clamping: positions[row])) }
    let text = texts?.string(row) ?? "$"
    if let parsed, parsed.text == text { return parsed.path }
    let path = try JSONPath(text)
    guard !path.hasWildcard else {
      throw ExecutionError(
        .invalidArgument,
        "the JSON path '\(text)' leads to several values; such a path must be a constant of"
          + " json_extract, json_extract_string or json_type"
      )
    }
    parsed = (text, path)
    return path
  }
}
