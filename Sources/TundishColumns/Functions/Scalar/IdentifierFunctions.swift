/// UUIDs as text: new ones, and what is written in them.
enum IdentifierFunctions {
  static let all: [ScalarFunction] = [timeOrdered, version, timestamp]

  private static let timeOrdered = ScalarFunction(
    "uuidv7",
    summary: "Returns a new UUID (version 7) that begins with the current time.",
    examples: [
      FunctionExample("uuid_extract_version(uuidv7())", "7"),
      FunctionExample("length(uuidv7())", "36"),
    ],
    overloads: [
      .exact([], to: .varchar, isDeterministic: false) { (input) throws(ExecutionError) -> Column in
        let milliseconds = UInt64(max(0, input.context.nowMicroseconds / 1_000)) & 0xFFFF_FFFF_FFFF
        return try input.buildText { (_, output) throws(ExecutionError) -> Bool in
          let chance = UInt64.random(in: .min ... .max)
          append(milliseconds << 16 | 0x7000 | chance & 0x0FFF, [8, 12], to: &output)
          let low = UInt64.random(in: .min ... .max) & ~(3 << 62) | 1 << 63
          append(low, [0, 4], to: &output)
          return true
        }
      }
    ]
  )

  /// Appends a UUID in its usual form.
  static func append(_ bits: UInt128, to output: inout TextOutput) {
    append(UInt64(truncatingIfNeeded: bits >> 64), [8, 12], to: &output)
    append(UInt64(truncatingIfNeeded: bits), [0, 4], to: &output)
  }

  /// Appends 16 digits with dashes before some of them.
  private static func append(_ word: UInt64, _ dashes: [Int], to output: inout TextOutput) {
    for digit in 0..<16 {
      if dashes.contains(digit) { output.append(UInt8(ascii: "-")) }
      let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * digit)) & 15
      output.append(BlobText.hexadecimalDigit(value) | 0x20)
    }
  }

  private static let version = ScalarFunction(
    "uuid_extract_version",
    summary: "Returns the version of a UUID.",
    examples: [
      FunctionExample("uuid_extract_version('0194ed3d-9dd8-7b9f-8b1d-2d1a5a1f0f0f')", "7"),
      FunctionExample("uuid_extract_version(gen_random_uuid())", "4"),
    ],
    overloads: [
      .exact([.varchar], to: .integer) { (input) throws(ExecutionError) -> Column in
        try input.mapText { (text) throws(ExecutionError) -> Int64? in
          Int64(try bits(of: text) >> 76 & 15)
        }
      }
    ]
  )

  private static let timestamp = ScalarFunction(
    "uuid_extract_timestamp",
    summary: "Returns the instant that a UUID of version 7 begins with.",
    examples: [
      FunctionExample(
        "uuid_extract_timestamp('0194ed3d-9dd8-7b9f-8b1d-2d1a5a1f0f0f')",
        "2025-02-10 00:23:45.88+00"
      ),
      FunctionExample("uuid_extract_timestamp(NULL)", "NULL"),
    ],
    overloads: [
      .exact([.varchar], to: .timestampTZ) { (input) throws(ExecutionError) -> Column in
        try input.mapText { (text) throws(ExecutionError) -> Int64? in
          let value = try bits(of: text)
          guard value >> 76 & 15 == 7 else {
            throw ExecutionError(.invalidArgument, "only a UUID of version 7 holds a timestamp")
          }
          let microseconds = Int64(value >> 80) * 1_000
          guard Calendar.isValid(microseconds: microseconds) else {
            throw TemporalArithmetic.outOfRange("timestamp")
          }
          return microseconds
        }
      }
    ]
  )

  /// The 128 bits that a text names; braces around it and dashes in it do not matter.
  static func bits(of text: Span<UInt8>) throws(ExecutionError) -> UInt128 {
    var value: UInt128 = 0
    var digits = 0
    let isBraced =
      text.count > 1 && text[0] == UInt8(ascii: "{")
      && text[text.count - 1] == UInt8(ascii: "}")
    let inner = isBraced ? text.extracting(1..<text.count - 1) : text
    for i in inner.indices where inner[i] != UInt8(ascii: "-") {
      guard let digit = IntegerText.hexadecimalValue(inner[i]), digits < 32 else {
        digits = 0
        break
      }
      value = value << 4 | UInt128(digit)
      digits += 1
    }
    guard digits == 32 else {
      throw ExecutionError(
        .invalidArgument,
        "a UUID has 32 digits: '0194ed3d-9dd8-7b9f-8b1d-2d1a5a1f0f0f'"
      )
    }
    return value
  }
}
