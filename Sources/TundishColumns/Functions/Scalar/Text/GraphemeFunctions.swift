/// Functions that count characters as a reader does.
///
/// One character is a letter with its accents, or an emoji with its modifiers; `length`, `left`,
/// `right` and `substring` count code points.
enum GraphemeFunctions {
  static let all: [ScalarFunction] = [length, left, right, substring]

  private static let length = ScalarFunction(
    "length_grapheme",
    summary: "Returns the number of characters as a reader counts them.",
    examples: [
      FunctionExample("length_grapheme('🤦🏼‍♂️')", "1"),
      FunctionExample("length_grapheme('abc')", "3"),
    ],
    overloads: [
      .exact([.varchar], to: .bigint) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          Int64(texts.string(row).count)
        }
      }
    ]
  )

  private static let left = ScalarFunction(
    "left_grapheme",
    summary: "Returns the first characters as a reader counts them, or all but the last ones for a"
      + " negative number.",
    examples: [
      FunctionExample("left_grapheme('🤦🏼‍♂️ab', 2)", "🤦🏼‍♂️a"),
      FunctionExample("left_grapheme('abc', -1)", "ab"),
    ],
    overloads: [
      slicing([.varchar, .bigint]) { count, numbers in
        let end = numbers[0] < 0 ? count + numbers[0] : numbers[0]
        return 0..<min(max(0, end), count)
      }
    ]
  )

  private static let right = ScalarFunction(
    "right_grapheme",
    summary: "Returns the last characters as a reader counts them, or all but the first ones for a"
      + " negative number.",
    examples: [
      FunctionExample("right_grapheme('ab🤦🏼‍♂️', 2)", "b🤦🏼‍♂️"),
      FunctionExample("right_grapheme('abc', -1)", "bc"),
    ],
    overloads: [
      slicing([.varchar, .bigint]) { count, numbers in
        let start = numbers[0] < 0 ? -numbers[0] : count - numbers[0]
        return min(max(0, start), count)..<count
      }
    ]
  )

  private static let substring = ScalarFunction(
    "substring_grapheme",
    summary: "Returns characters from a position, counted from 1 as a reader counts them, or from"
      + " the end where negative.",
    examples: [
      FunctionExample("substring_grapheme('🤦🏼‍♂️abc', 2, 2)", "ab"),
      FunctionExample("substring_grapheme('abc', -2)", "bc"),
    ],
    overloads: [
      slicing([.varchar, .bigint]) { count, numbers in
        TextSliceFunctions.bounds(start: numbers[0], length: count + limit, count: count)
      },
      slicing([.varchar, .bigint, .bigint]) { count, numbers in
        TextSliceFunctions.bounds(start: numbers[0], length: numbers[1], count: count)
      },
    ]
  )

  /// What positions and lengths are cut to, so that their sums fit.
  private static let limit = 1 << 40

  /// An overload that keeps a range of the characters, given their number and the numeric
  /// arguments.
  private static func slicing(
    _ parameters: [DataType],
    _ range: @escaping @Sendable (Int, [Int]) -> Range<Int>
  ) -> ScalarOverload {
    .exact(parameters, to: .varchar) { (input) throws(ExecutionError) -> Column in
      let texts = input.text(0)
      let numbers = (1..<parameters.count).map { input.argument($0, of: Int64.self) }
      return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        let characters = Array(texts.string(row))
        let given = numbers.map { min(max(Int(clamping: $0[row]), -limit), limit) }
        output.append(String(characters[range(characters.count, given)]))
        return true
      }
    }
  }
}
