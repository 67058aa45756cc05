/// Paths put together, and sizes that people wrote.
enum PathFunctions {
  static let all: [ScalarFunction] = [join, formattedBytes]

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
