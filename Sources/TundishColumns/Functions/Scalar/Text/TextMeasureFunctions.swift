/// Lengths of texts and lists, and numbers of scalars.
enum TextMeasureFunctions {
  static let all: [ScalarFunction] = [
    length, byteLength, bitLength, ascii, unicode, character,
  ]

  private static let length = ScalarFunction(
    "length",
    aliases: ["len", "char_length", "character_length", "array_length"],
    summary: "Returns the number of characters (Unicode scalars) of a text, of bytes of a blob, or"
      + " of elements of a list.",
    examples: [
      FunctionExample("length('né')", "2"),
      FunctionExample("length([1, NULL, 3])", "3"),
    ],
    overloads: [
      .exact([.varchar], to: .bigint) { (input) throws(ExecutionError) -> Column in
        if let lengths = lengthsOfASCII(input.arguments[0]) { return input.column(.int64(lengths)) }
        return try input.mapText { Int64(ByteText.scalarCount($0)) }
      },
      ScalarOverload([.list], result: { _ in .bigint }, kernel: lengthOfList),
      ScalarOverload(
        [.list, .exact(.bigint)],
        result: { _ in .bigint },
        kernel: { (input) throws(ExecutionError) -> Column in
          let lists = ListArgument(input.arguments[0])
          let dimensions = input.argument(1, of: Int64.self)
          return try input.build { (row) throws(ExecutionError) -> Int64? in
            guard dimensions[row] == 1 else {
              throw ExecutionError(
                .invalidArgument,
                "lists have one dimension, so that there is no length of \(dimensions[row])"
              )
            }
            return Int64(lists.range(row).count)
          }
        }
      ),
      .exact([.blob], to: .bigint) { (input) throws(ExecutionError) -> Column in
        try input.mapText { Int64($0.count) }
      },
    ]
  )

  /// The lengths of texts that are all ASCII and lie together; nil otherwise.
  private static func lengthsOfASCII(_ column: Column) -> [Int64]? {
    guard case .text(let texts) = column.data, !column.isConstant,
      let region = TextSweep.region(of: texts.views.span),
      ByteText.isASCII(texts.bytes.span.extracting(region))
    else { return nil }
    return texts.views.map { Int64($0.length) }
  }

  static func lengthOfList(_ input: KernelInput) throws(ExecutionError) -> Column {
    guard case .list(let lists) = input.arguments[0].data else {
      return .nulls(type: .bigint, count: input.rowCount)
    }
    return input.column(
      .int64(lists.ranges.map { Int64($0.count) }),
      isConstant: input.arguments[0].isConstant
    )
  }

  private static let byteLength = ScalarFunction(
    "strlen",
    aliases: ["octet_length"],
    summary: "Returns the number of bytes of a text or blob.",
    examples: [
      FunctionExample("strlen('né')", "3"),
      FunctionExample("strlen('')", "0"),
    ],
    overloads: [
      .exact([.varchar], to: .bigint) { (input) throws(ExecutionError) -> Column in
        try input.mapText { Int64($0.count) }
      },
      .exact([.blob], to: .bigint) { (input) throws(ExecutionError) -> Column in
        try input.mapText { Int64($0.count) }
      },
    ]
  )

  private static let bitLength = ScalarFunction(
    "bit_length",
    summary: "Returns the number of bits of a text.",
    examples: [
      FunctionExample("bit_length('é')", "16"),
      FunctionExample("bit_length('abc')", "24"),
    ],
    overloads: [
      .exact([.varchar], to: .bigint) { (input) throws(ExecutionError) -> Column in
        try input.mapText { Int64($0.count * 8) }
      }
    ]
  )

  private static let ascii = ScalarFunction(
    "ascii",
    summary: "Returns the number of the first character; 0 for an empty text.",
    examples: [FunctionExample("ascii('A')", "65"), FunctionExample("ascii('')", "0")],
    overloads: [firstScalar(ofEmpty: 0)]
  )

  private static let unicode = ScalarFunction(
    "unicode",
    aliases: ["ord"],
    summary: "Returns the number of the first character; -1 for an empty text.",
    examples: [FunctionExample("unicode('é')", "233"), FunctionExample("unicode('')", "-1")],
    overloads: [firstScalar(ofEmpty: -1)]
  )

  private static func firstScalar(ofEmpty empty: Int64) -> ScalarOverload {
    .exact([.varchar], to: .integer) { (input) throws(ExecutionError) -> Column in
      try input.mapText { (bytes) -> Int64? in
        bytes.count == 0 ? empty : Int64(ByteText.scalar(at: 0, in: bytes).value)
      }
    }
  }

  private static let character = ScalarFunction(
    "chr",
    summary: "Returns the character with a number.",
    examples: [FunctionExample("chr(65)", "A"), FunctionExample("chr(233)", "é")],
    overloads: [
      .exact([.bigint], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let numbers = input.argument(0, of: Int64.self)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          guard let value = UInt32(exactly: numbers[row]), Unicode.Scalar(value) != nil else {
            throw ExecutionError(.invalidArgument, "no character has the number \(numbers[row])")
          }
          output.append(scalar: value)
          return true
        }
      }
    ]
  )
}
