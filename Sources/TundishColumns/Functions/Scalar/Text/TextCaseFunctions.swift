/// Case, order and repetition of characters.
enum TextCaseFunctions {
  static let all: [ScalarFunction] = [lower, upper, capitalize, reverse, repeatText]

  private static let lower = ScalarFunction(
    "lower",
    aliases: ["lcase"],
    summary: "Returns the text in lower case.",
    examples: [FunctionExample("lower('ÀB')", "àb"), FunctionExample("lower('Won')", "won")],
    overloads: [changingCase(.lower)]
  )

  private static let upper = ScalarFunction(
    "upper",
    aliases: ["ucase"],
    summary: "Returns the text in upper case.",
    examples: [FunctionExample("upper('é')", "É"), FunctionExample("upper('won')", "WON")],
    overloads: [changingCase(.upper)]
  )

  private static let capitalize = ScalarFunction(
    "initcap",
    summary:
      "Returns the text with the first letter of each word in upper case, the rest in lower.",
    examples: [
      FunctionExample("initcap('hello WORLD')", "Hello World"),
      FunctionExample("initcap('o''neil')", "O'Neil"),
    ],
    overloads: [changingCase(.capitalized)]
  )

  private static func changingCase(_ style: LetterCase.Style) -> ScalarOverload {
    .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
      try input.mapTextToText { (bytes, output) in
        LetterCase.append(bytes, as: style, to: &output)
        return true
      }
    }
  }

  private static let reverse = ScalarFunction(
    "reverse",
    summary: "Returns the characters of a text, as a reader sees them, in reverse order.",
    examples: [FunctionExample("reverse('abc')", "cba"), FunctionExample("reverse('né')", "én")],
    overloads: [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        try input.mapTextToText { (bytes, output) in
          if ByteText.isASCII(bytes) {
            for i in bytes.indices.reversed() { output.append(bytes[i]) }
          } else {
            var text = String.UnicodeScalarView()
            for scalar in ByteText.scalars(bytes) {
              text.append(Unicode.Scalar(scalar) ?? "\u{FFFD}")
            }
            output.append(String(String(text).reversed()))
          }
          return true
        }
      }
    ]
  )

  private static let repeatText = ScalarFunction(
    "repeat",
    summary: "Returns a text, blob or list repeated some times; empty where the count is not"
      + " positive.",
    examples: [
      FunctionExample("repeat('ab', 3)", "ababab"), FunctionExample("repeat('a', 0)", ""),
      FunctionExample("repeat([1, 2], 2)", "[1, 2, 1, 2]"),
    ],
    overloads: [repeating(.varchar), repeating(.blob), ofList]
  )

  private static func repeating(_ type: DataType) -> ScalarOverload {
    .exact([type, .bigint], to: type) { (input) throws(ExecutionError) -> Column in
      let texts = input.text(0)
      let counts = input.argument(1, of: Int64.self)
      return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        let range = texts.range(row)
        let count = Int(min(max(counts[row], 0), Int64(maximumGrownByteCount) + 1))
        guard !range.isEmpty else { return true }
        try checkGrowth(range.count * count, "repeat")
        for _ in 0..<count { output.append(contentsOf: texts.bytes[range]) }
        return true
      }
    }
  }

  private static let ofList = ScalarOverload(
    [.list, .exact(.bigint)],
    result: { $0[0] },
    kernel: { (input) throws(ExecutionError) -> Column in
      let lists = ListArgument(input.arguments[0])
      let counts = input.argument(1, of: Int64.self)
      var total = 0
      return try input.listsWithGaps(of: lists.child) { (row) throws(ExecutionError) in
        let range = lists.range(row)
        guard !range.isEmpty, counts[row] > 0 else { return [] }
        let count = Int(min(counts[row], Int64(ListSeriesFunctions.maximumCount) + 1))
        total += range.count * count
        guard total <= ListSeriesFunctions.maximumCount else {
          throw ExecutionError(
            .limit,
            "repeat makes at most \(ListSeriesFunctions.maximumCount) elements"
          )
        }
        return (0..<count).flatMap { _ in Array(range) }
      }
    }
  )
}

/// Simple case mapping: one scalar to one scalar, as SQL engines do.
enum LetterCase {
  enum Style: Sendable {
    case lower
    case upper
    case capitalized
  }

  /// Appends a text in another case.
  static func append(_ bytes: Span<UInt8>, as style: Style, to output: inout TextOutput) {
    var startsWord = true
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      let isUpper = style == .upper || (style == .capitalized && startsWord)
      if byte < 0x80 {
        let isLetter = byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A
        output.append(isLetter ? (isUpper ? byte & 0xDF : byte | 0x20) : byte)
        startsWord = !isLetter && !(byte >= 0x30 && byte <= 0x39)
        position &+= 1
        continue
      }
      let (value, width) = ByteText.scalar(at: position, in: bytes)
      output.append(scalar: isUpper ? upper(value) : lower(value))
      startsWord = Unicode.Scalar(value).map { !$0.properties.isAlphabetic } ?? false
      position &+= width
    }
  }

  /// Returns the scalar in lower case; itself where that is no single scalar.
  ///
  /// `İ` is `i`: the dot that Unicode would add is a scalar of its own.
  static func lower(_ value: UInt32) -> UInt32 {
    if value == 0x130 { return 0x69 }
    if value < 0x80 { return value >= 0x41 && value <= 0x5A ? value | 0x20 : value }
    guard let scalar = Unicode.Scalar(value) else { return value }
    return single(scalar.properties.lowercaseMapping) ?? value
  }

  /// Returns the scalar in upper case; itself where that is no single scalar.
  ///
  /// `ß` is `ẞ`, its capital letter since 2017, so that a text keeps its length.
  static func upper(_ value: UInt32) -> UInt32 {
    if value == 0xDF { return 0x1E9E }
    guard let scalar = Unicode.Scalar(value) else { return value }
    // Unicode writes ß as SS; the capital letter keeps it one.
    if value == 0xDF { return 0x1E9E }
    return single(scalar.properties.uppercaseMapping) ?? value
  }

  private static func single(_ text: String) -> UInt32? {
    let scalars = text.unicodeScalars
    return scalars.count == 1 ? scalars.first?.value : nil
  }
}
