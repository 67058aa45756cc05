/// Digests, encodings and identifiers.
enum HashFunctions {
  static let all: [ScalarFunction] = [
    md5, sha1, sha256, hash, toBase64, fromBase64, uuid,
  ]

  private static let md5 = ScalarFunction(
    "md5",
    summary: "Returns the MD5 digest in hexadecimal.",
    examples: [
      FunctionExample("md5('a')", "0cc175b9c0f1b6a831c399e269772661"),
      FunctionExample("md5('')", "d41d8cd98f00b204e9800998ecf8427e"),
    ],
    overloads: digest { Digests.md5($0) }
  )

  private static let sha1 = ScalarFunction(
    "sha1",
    summary: "Returns the SHA-1 digest in hexadecimal.",
    examples: [
      FunctionExample("sha1('abc')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      FunctionExample("sha1('')", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ],
    overloads: digest { Digests.sha1($0) }
  )

  private static let sha256 = ScalarFunction(
    "sha256",
    summary: "Returns the SHA-256 digest in hexadecimal.",
    examples: [
      FunctionExample(
        "sha256('a')",
        "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
      ),
      FunctionExample(
        "sha256('')",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      ),
    ],
    overloads: digest { Digests.sha256($0) }
  )

  private static func digest(
    _ function: @escaping @Sendable (Span<UInt8>) -> [UInt8]
  ) -> [ScalarOverload] {
    textOrBlob(to: .varchar) { bytes, output in
      for byte in function(bytes) {
        output.append(BlobText.hexadecimalDigit(byte >> 4) | 0x20)
        output.append(BlobText.hexadecimalDigit(byte & 15) | 0x20)
      }
    }
  }

  private static func textOrBlob(
    to type: DataType,
    _ body: @escaping @Sendable (Span<UInt8>, inout TextOutput) throws(ExecutionError) -> Void
  ) -> [ScalarOverload] {
    [DataType.varchar, .blob].map { parameter in
      .exact([parameter], to: type) { (input) throws(ExecutionError) -> Column in
        try input.mapTextToText { (bytes, output) throws(ExecutionError) -> Bool in
          try body(bytes, &output)
          return true
        }
      }
    }
  }

  private static let hash = ScalarFunction(
    "hash",
    summary:
      "Returns a 64-bit hash of its arguments; equal ones have equal hashes in this version.",
    examples: [
      FunctionExample("hash('a') = hash('a')", "true"),
      FunctionExample("hash(1, 'a') = hash(1, 'b')", "false"),
    ],
    overloads: [
      ScalarOverload(
        [.any],
        variadic: .any,
        propagatesNull: false,
        result: { _ in .bigint },
        kernel: { input in
          input.column(
            .int64(
              Column.rowHashes(input.arguments.map { $0.expanded() }, rowCount: input.rowCount)
                .map { Int64(bitPattern: $0) }
            )
          )
        }
      )
    ]
  )

  // MARK: - Encodings

  private static let toBase64 = ScalarFunction(
    "base64",
    aliases: ["to_base64"],
    summary: "Returns the bytes in base 64.",
    examples: [FunctionExample("base64('ab')", "YWI="), FunctionExample("base64('')", "")],
    overloads: textOrBlob(to: .varchar) { bytes, output in
      var position = 0
      while position < bytes.count {
        var group = UInt32(bytes[position]) << 16
        if position + 1 < bytes.count { group |= UInt32(bytes[position + 1]) << 8 }
        if position + 2 < bytes.count { group |= UInt32(bytes[position + 2]) }
        for digit in 0..<4 {
          let isPadding = position + digit > bytes.count
          let value = Int(group >> UInt32(18 - 6 * digit) & 63)
          output.append(isPadding ? UInt8(ascii: "=") : base64Digits[value])
        }
        position += 3
      }
    }
  )

  private static let base64Digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
  )

  private static let fromBase64 = ScalarFunction(
    "from_base64",
    summary: "Returns the bytes that a text in base 64 stands for.",
    examples: [
      FunctionExample("from_base64('YWI=')", "ab"), FunctionExample("from_base64('')", ""),
    ],
    overloads: [
      .exact([.varchar], to: .blob) { (input) throws(ExecutionError) -> Column in
        var values: [Int] = Array(repeating: -1, count: 256)
        for (value, digit) in base64Digits.enumerated() { values[Int(digit)] = value }
        return try input.mapTextToText { (bytes, output) throws(ExecutionError) -> Bool in
          var group: UInt32 = 0
          var digits = 0
          var end = bytes.count
          while end > 0, bytes[end - 1] == UInt8(ascii: "="), bytes.count - end < 2 { end -= 1 }
          for position in 0..<end {
            let value = values[Int(bytes[position])]
            guard value >= 0 else {
              throw ExecutionError(
                .invalidArgument,
                "from_base64 was given a text that is not base 64"
              )
            }
            group = group << 6 | UInt32(value)
            digits += 1
            if digits == 4 {
              for shift: UInt32 in [16, 8, 0] {
                output.append(UInt8(truncatingIfNeeded: group >> shift))
              }
              (group, digits) = (0, 0)
            }
          }
          guard digits != 1, bytes.count % 4 == 0 else {
            throw ExecutionError(
              .invalidArgument,
              "from_base64 was given a text whose length is no multiple of 4"
            )
          }
          if digits > 1 {
            output.append(UInt8(truncatingIfNeeded: group >> UInt32(6 * digits - 8)))
          }
          if digits > 2 {
            output.append(UInt8(truncatingIfNeeded: group >> UInt32(6 * digits - 16)))
          }
          return true
        }
      }
    ]
  )

  private static let uuid = ScalarFunction(
    "gen_random_uuid",
    aliases: ["uuid", "uuidv4"],
    summary: "Returns a new random UUID (version 4).",
    examples: [
      FunctionExample("length(gen_random_uuid())", "36"),
      FunctionExample("gen_random_uuid() = gen_random_uuid()", "false"),
    ],
    overloads: [
      .exact([], to: .varchar, isDeterministic: false) { (input) throws(ExecutionError) -> Column in
        try input.buildText { (_, output) throws(ExecutionError) -> Bool in
          let high = UInt64.random(in: .min ... .max) & ~0xF000 | 0x4000
          let low = UInt64.random(in: .min ... .max) & ~(3 << 62) | 1 << 63
          for (index, word) in [high, low].enumerated() {
            for digit in 0..<16 {
              if [8, 12].contains(digit) && index == 0 || [0, 4].contains(digit) && index == 1 {
                output.append(UInt8(ascii: "-"))
              }
              let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * digit)) & 15
              output.append(BlobText.hexadecimalDigit(value) | 0x20)
            }
          }
          return true
        }
      }
    ]
  )
}
