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
      try LetterCase.changed(input, to: style)
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
