/// Paths taken apart and put together, and sizes that people wrote.
///
/// What parts a path is `/` or `\`, unless an argument says which: `system`, `both_slash`,
/// `forward_slash` or `backslash`.
enum PathFunctions {
  static let all: [ScalarFunction] = [
    fileName, directoryName, directoryPath, parts, join, formattedBytes,
  ]

  // MARK: - Parts

  private static let fileName = ScalarFunction(
    "parse_filename",
    summary: "Returns the last part of a path; with true without its extension.",
    examples: [
      FunctionExample("parse_filename('exports/opps.csv')", "opps.csv"),
      FunctionExample("parse_filename('exports/opps.csv', true)", "opps"),
      FunctionExample(#"parse_filename('a/b\c', false, 'forward_slash')"#, #"b\c"#),
    ],
    overloads: [
      fileNames([.varchar]), fileNames([.varchar, .boolean]), fileNames([.varchar, .varchar]),
      fileNames([.varchar, .boolean, .varchar]),
    ]
  )

  private static func fileNames(_ parameters: [DataType]) -> ScalarOverload {
    .exact(parameters, to: .varchar, propagatesNull: false) {
      (input) throws(ExecutionError) -> Column in
      let texts = TextArgument(input.arguments[0])
      let trims = parameters.contains(.boolean) ? input.argument(1, of: Bool.self) : nil
      let separators = SeparatorArgument(input, parameters.lastIndex(of: .varchar) ?? 0)
      return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        guard input.arguments[0].isValid(at: row) else { return false }
        var name = texts.bytes[texts.range(row)]
        if let slash = name.lastIndex(where: { separators.contains($0, row) }) {
          name = name[(slash + 1)...]
        }
        if input.arguments.count > 1, trims?[row] ?? false, input.arguments[1].isValid(at: row),
          let dot = name.lastIndex(of: UInt8(ascii: "."))
        {
          name = name[..<dot]
        }
        output.append(contentsOf: name)
        return true
      }
    }
  }

  private static let directoryName = ScalarFunction(
    "parse_dirname",
    summary: "Returns the first part of a path.",
    examples: [
      FunctionExample("parse_dirname('exports/2026/opps.csv')", "exports"),
      FunctionExample("parse_dirname('opps.csv')", ""),
    ],
    overloads: directories { $0.firstIndex(where: $1) }
  )

  private static let directoryPath = ScalarFunction(
    "parse_dirpath",
    summary: "Returns a path without its last part.",
    examples: [
      FunctionExample("parse_dirpath('exports/2026/opps.csv')", "exports/2026"),
      FunctionExample("parse_dirpath('opps.csv')", ""),
    ],
    overloads: directories { $0.lastIndex(where: $1) }
  )

  private static func directories(
    _ end: @escaping @Sendable (ArraySlice<UInt8>, (UInt8) -> Bool) -> Int?
  ) -> [ScalarOverload] {
    [[DataType.varchar], [.varchar, .varchar]].map { parameters in
      .exact(parameters, to: .varchar) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let separators = SeparatorArgument(input, parameters.count - 1)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let path = texts.bytes[texts.range(row)]
          if let slash = end(path, { separators.contains($0, row) }) {
            // The root is a directory of its own.
            output.append(contentsOf: slash == path.startIndex ? path.prefix(1) : path[..<slash])
          }
          return true
        }
      }
    }
  }

  private static let parts = ScalarFunction(
    "parse_path",
    summary: "Returns the parts of a path as a list, a leading separator as a part of its own.",
    examples: [
      FunctionExample("parse_path('/exports/opps.csv')", "[/, exports, opps.csv]"),
      FunctionExample("parse_path('a')", "[a]"),
    ],
    overloads: [[DataType.varchar], [.varchar, .varchar]].map { parameters in
      .exact(parameters, to: .list(.varchar)) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let separators = SeparatorArgument(input, parameters.count - 1)
        return try input.buildTextLists { (row) throws(ExecutionError) -> [Range<Int>] in
          let path = texts.bytes[texts.range(row)]
          let names = path.split(whereSeparator: { separators.contains($0, row) })
            .map { $0.startIndex..<$0.endIndex }
          guard let first = path.first, separators.contains(first, row) else { return names }
          return [path.startIndex..<path.startIndex + 1] + names
        }
      }
    }
  )

  // MARK: - Joining

  private static let join = ScalarFunction(
    "path_join",
    summary: "Returns the parts of a path joined by one / each.",
    examples: [
      FunctionExample("path_join('exports', '2026', 'opps.csv')", "exports/2026/opps.csv"),
      FunctionExample("path_join('exports/', 'opps.csv')", "exports/opps.csv"),
    ],
    overloads: [
      ScalarOverload(
        [.exact(.varchar)],
        variadic: .exact(.varchar),
        result: { _ in .varchar },
        kernel: { (input) throws(ExecutionError) -> Column in
          let parts = input.arguments.indices.map { input.text($0) }
          return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
            var last: UInt8?
            for (position, part) in parts.enumerated() {
              let bytes = part.bytes[part.range(row)]
              guard let first = bytes.first else { continue }
              if position > 0, first == slash {
                throw ExecutionError(
                  .invalidArgument,
                  "the part '\(part.string(row))' of a path must not begin with '/'"
                )
              }
              if let last, last != slash { output.append(slash) }
              output.append(contentsOf: bytes)
              last = bytes.last
            }
            return true
          }
        }
      )
    ]
  )

  private static let slash = UInt8(ascii: "/")

  private static let formattedBytes = ScalarFunction(
    "parse_formatted_bytes",
    summary: "Returns the number of bytes that a text like '16 KiB' or '1.5 GB' says.",
    examples: [
      FunctionExample("parse_formatted_bytes('16 KiB')", "16384"),
      FunctionExample("parse_formatted_bytes('1.5 GB')", "1500000000"),
    ],
    overloads: [
      .exact([.varchar], to: .bigint) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          let text = texts.string(row)
          guard let bytes = byteCount(text) else {
            throw ExecutionError(
              .invalidArgument,
              "'\(text)' is no number of bytes; '10 bytes', '16 KiB' and '1.5 GB' are"
            )
          }
          return bytes
        }
      }
    ]
  )

  private static let units: [String: Int] = [
    "b": 0, "byte": 0, "bytes": 0, "k": 3, "kb": 3, "m": 6, "mb": 6, "g": 9, "gb": 9, "t": 12,
    "tb": 12,
  ]
  private static let binaryUnits: [String: Int] = ["kib": 10, "mib": 20, "gib": 30, "tib": 40]

  private static func byteCount(_ text: String) -> Int64? {
    let trimmed = text.drop { $0 == " " }
    let number = trimmed.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    var unit = foldedKey(String(trimmed.dropFirst(number.count).drop { $0 == " " }))
    while unit.hasSuffix(" ") { unit.removeLast() }
    guard let count = Double(String(number)), count >= 0 else { return nil }
    let factor: Double
    if let power = units[unit] {
      factor = Maths.power(10, Double(power))
    } else if let power = binaryUnits[unit] {
      factor = Maths.power(2, Double(power))
    } else {
      return nil
    }
    return Int64(exactly: Maths.truncated(count * factor))
  }
}

/// The argument that says what parts a path; where there is none, either slash does.
private struct SeparatorArgument {
  private let words: TextArgument?

  /// Position 0 is the path, so that there is no such argument.
  init(_ input: KernelInput, _ position: Int) {
    words = position > 0 && input.arguments[position].validity == nil ? input.text(position) : nil
  }

  /// Whether a byte parts the path of a row.
  func contains(_ byte: UInt8, _ row: Int) -> Bool {
    switch words.map({ foldedKey($0.string(row)) }) {
    case "backslash": byte == UInt8(ascii: "\\")
    case "forward_slash", "system": byte == UInt8(ascii: "/")
    default: byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
    }
  }
}
