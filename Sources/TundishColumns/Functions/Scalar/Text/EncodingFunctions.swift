/// Text as bytes, in addresses of the web, and laid over other text.
enum EncodingFunctions {
  static let all: [ScalarFunction] = [encode, decode, urlEncode, urlDecode, overlay]

  // MARK: - Bytes

  private static let encode = ScalarFunction(
    "encode",
    summary: "Returns the bytes of a text in UTF-8.",
    examples: [
      FunctionExample("encode('abc')", "abc"),
      FunctionExample("encode('ä')", #"\xC3\xA4"#),
    ],
    overloads: [
      .exact([.varchar], to: .blob) { (input) throws(ExecutionError) -> Column in
        try input.mapTextToText { (bytes, output) in
          output.append(bytes)
          return true
        }
      }
    ]
  )

  private static let decode = ScalarFunction(
    "decode",
    summary:
      "Returns the text that bytes spell in UTF-8; others are an error, or ? with 'replace'.",
    examples: [
      FunctionExample(#"decode('\xC3\xA4'::BLOB)"#, "ä"),
      FunctionExample("decode(encode('abc'))", "abc"),
    ],
    overloads: [
      .exact([.blob], to: .varchar) { (input) throws(ExecutionError) -> Column in
        try input.mapTextToText { (bytes, output) throws(ExecutionError) -> Bool in
          guard isUTF8(bytes) else {
            throw ExecutionError(.invalidArgument, "decode was given bytes that are not UTF-8")
          }
          output.append(bytes)
          return true
        }
      },
      .exact([.blob, .varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let behaviours = input.text(1)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let bytes = texts.bytes[texts.range(row)]
          switch foldedKey(behaviours.string(row)) {
          case "strict":
            guard isUTF8(bytes.span) else {
              throw ExecutionError(.invalidArgument, "decode was given bytes that are not UTF-8")
            }
            output.append(contentsOf: bytes)
          case "replace":
            for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
              output.append(scalar == "\u{FFFD}" ? "?" : String(scalar))
            }
          default:
            throw ExecutionError(
              .invalidArgument,
              "decode takes 'strict' or 'replace', not '\(behaviours.string(row))'"
            )
          }
          return true
        }
      },
    ]
  )

  private static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
    var copy: [UInt8] = []
    copy.reserveCapacity(bytes.count)
    for i in bytes.indices { copy.append(bytes[i]) }
    return String(validating: copy, as: UTF8.self) != nil
  }

  // MARK: - Addresses

  private static let urlEncode = ScalarFunction(
    "url_encode",
    summary: "Returns the text with all but letters, digits and - _ . ~ as %XX, for use in an"
      + " address.",
    examples: [
      FunctionExample("url_encode('a b/ä')", "a%20b%2F%C3%A4"),
      FunctionExample("url_encode('a-b_c.d~e')", "a-b_c.d~e"),
    ],
    overloads: [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        try input.mapTextToText { (bytes, output) in
          for i in bytes.indices {
            if isUnreserved(bytes[i]) {
              output.append(bytes[i])
            } else {
              output.append(UInt8(ascii: "%"))
              output.append(BlobText.hexadecimalDigit(bytes[i] >> 4))
              output.append(BlobText.hexadecimalDigit(bytes[i] & 15))
            }
          }
          return true
        }
      }
    ]
  )

  /// The characters that RFC 3986 leaves as they are.
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static let urlDecode = ScalarFunction(
    "url_decode",
    summary: "Returns the text with each %XX as the byte it stands for.",
    examples: [
      FunctionExample("url_decode('a%20b%2F%C3%A4')", "a b/ä"),
      FunctionExample("url_decode('100%')", "100%"),
    ],
    overloads: [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        try input.mapTextToText { (bytes, output) throws(ExecutionError) -> Bool in
          var decoded: [UInt8] = []
          var i = 0
          while i < bytes.count {
            if bytes[i] == UInt8(ascii: "%"), i + 2 < bytes.count,
              let high = IntegerText.hexadecimalValue(bytes[i + 1]),
              let low = IntegerText.hexadecimalValue(bytes[i + 2])
            {
              decoded.append(high << 4 | low)
              i += 3
            } else {
              decoded.append(bytes[i])
              i += 1
            }
          }
          guard isUTF8(decoded.span) else {
            throw ExecutionError(
              .invalidArgument,
              "url_decode was given an address whose bytes are not UTF-8"
            )
          }
          output.append(contentsOf: decoded)
          return true
        }
      }
    ]
  )

  // MARK: - Replacing by position

  private static let overlay = ScalarFunction(
    "overlay",
    summary: "Returns the text with another one laid over it from a position on, in place of as"
      + " many characters as it has, or as are given.",
    examples: [
      FunctionExample("overlay('abcdef', 'XX', 2)", "aXXdef"),
      FunctionExample("overlay('abcdef', 'XX', 2, 3)", "aXXef"),
    ],
    overloads: [
      laying([.varchar, .varchar, .bigint]), laying([.varchar, .varchar, .bigint, .bigint]),
    ]
  )

  private static func laying(_ parameters: [DataType]) -> ScalarOverload {
    .exact(parameters, to: .varchar) { (input) throws(ExecutionError) -> Column in
      let texts = input.text(0)
      let patches = input.text(1)
      let starts = input.argument(2, of: Int64.self)
      let counts = parameters.count > 3 ? input.argument(3, of: Int64.self) : nil
      return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        let text = texts.bytes.span.extracting(texts.range(row))
        let patch = patches.bytes.span.extracting(patches.range(row))
        let length = ByteText.scalarCount(text)
        let start = min(max(Int(clamping: starts[row]), -(1 << 40)), 1 << 40)
        let given = counts.map { Int(clamping: $0[row]) } ?? ByteText.scalarCount(patch)
        let resumed = start + min(max(given, -(1 << 40)), 1 << 40) - 1
        let head = ByteText.offset(ofScalar: min(max(start - 1, 0), length), in: text)
        let tail = ByteText.offset(ofScalar: min(max(resumed, 0), length), in: text)
        output.append(text.extracting(0..<head))
        output.append(patch)
        output.append(text.extracting(tail..<text.count))
        return true
      }
    }
  }
}
