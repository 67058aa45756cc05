/// Joining values as text, and joining lists.
enum TextJoinFunctions {
  static let all: [ScalarFunction] = [concatenation, concat, concatWithSeparator]

  private static let concatenation = ScalarFunction(
    "||",
    summary: "Returns two texts, or two lists, one after the other; NULL where either is.",
    examples: [
      FunctionExample("'a' || 'b'", "ab"),
      FunctionExample("[1] || [2]", "[1, 2]"),
      FunctionExample("'n' || 1", "n1"),
    ],
    overloads: [
      .exact([.varchar, .varchar], to: .varchar, kernel: joinTwoTexts),
      ScalarOverload([.common, .common], result: listType, kernel: joinLists),
      ScalarOverload([.any, .any], result: printableType, kernel: joinTexts),
    ]
  )

  private static let concat = ScalarFunction(
    "concat",
    summary: "Returns all arguments as text, one after the other, leaving out NULLs; lists give one"
      + " list.",
    examples: [
      FunctionExample("concat('a', NULL, 1)", "a1"),
      FunctionExample("concat([1], [2])", "[1, 2]"),
    ],
    overloads: [
      ScalarOverload(
        [.common],
        variadic: .common,
        propagatesNull: false,
        result: listType,
        kernel: joinLists
      ),
      ScalarOverload(
        [.any],
        variadic: .any,
        propagatesNull: false,
        result: printableType,
        kernel: joinTexts
      ),
    ]
  )

  private static let concatWithSeparator = ScalarFunction(
    "concat_ws",
    summary: "Returns all but the first argument as text with the first between them, leaving out"
      + " NULLs.",
    examples: [
      FunctionExample("concat_ws(', ', 'a', NULL, 'b')", "a, b"),
      FunctionExample("concat_ws('-', 2026, 1)", "2026-1"),
    ],
    overloads: [
      ScalarOverload(
        [.exact(.varchar), .any],
        variadic: .any,
        propagatesNull: false,
        result: printableType,
        kernel: { (input) throws(ExecutionError) -> Column in
          let separators = TextArgument(input.arguments[0])
          let values = input.arguments.dropFirst().map { PrintedArgument($0, input.context) }
          return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
            guard input.arguments[0].isValid(at: row) else { return false }
            var isFirst = true
            for i in values.indices where values[i].isValid(row) {
              if !isFirst {
                output.append(separators.bytes.span.extracting(separators.range(row)))
              }
              values[i].append(row, to: &output)
              isFirst = false
            }
            return true
          }
        }
      )
    ]
  )

  @Sendable private static func printableType(_ types: [DataType]) -> DataType? {
    for type in types where !type.isMap {
      if case .list = type { return nil }
    }
    return .varchar
  }

  @Sendable private static func listType(_ types: [DataType]) -> DataType? {
    guard types.first?.listElement != nil else { return nil }
    return types[0]
  }

  @Sendable private static func joinTwoTexts(
    _ input: KernelInput
  ) throws(ExecutionError) -> Column {
    let left = input.text(0)
    let right = input.text(1)
    let leftBytes = left.bytes.span
    let rightBytes = right.bytes.span
    return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
      output.append(leftBytes.extracting(left.range(row)))
      output.append(rightBytes.extracting(right.range(row)))
      return true
    }
  }

  @Sendable private static func joinTexts(_ input: KernelInput) throws(ExecutionError) -> Column {
    let values = input.arguments.map { PrintedArgument($0, input.context) }
    return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
      // By index: a copy of each would be counted as a reference.
      for i in values.indices where values[i].isValid(row) { values[i].append(row, to: &output) }
      return true
    }
  }

  /// Joins lists; a NULL among them counts as empty.
  @Sendable static func joinLists(_ input: KernelInput) throws(ExecutionError) -> Column {
    guard case .list(let elementType) = input.resultType else {
      return .nulls(type: input.resultType, count: input.rowCount)
    }
    let all = input.arguments.map { $0.expanded() }
    var children: [Column] = []
    var starts: [Int32] = []
    var childCount: Int32 = 0
    var lists: [ListVector?] = []
    for column in all {
      starts.append(childCount)
      guard case .list(let vector) = column.data else {
        lists.append(nil)
        continue
      }
      lists.append(vector)
      children.append(vector.child)
      childCount += Int32(vector.child.count)
    }
    let child = try Column.concatenated(children, type: elementType)
    var rows: [Int32] = []
    var ranges: [Range<Int32>] = []
    try Cancellation.check()
    for row in 0..<input.rowCount {
      let start = Int32(rows.count)
      for (position, vector) in lists.enumerated() {
        guard let vector, all[position].isValid(at: row) else { continue }
        let range = vector.ranges[row]
        for element in range { rows.append(starts[position] + element) }
      }
      guard rows.count <= Int(Int32.max) else {
        throw ExecutionError(.limit, "more than \(Int32.max) list elements in one batch")
      }
      ranges.append(start..<Int32(rows.count))
    }
    return input.column(.list(ListVector(ranges: ranges, child: child.gathered(rows))))
  }
}

/// An argument of any type, appended as text.
struct PrintedArgument {
  private let column: Column
  private let texts: TextArgument?
  private let printer: ColumnPrinter?

  init(_ column: Column, _ context: FunctionContext) {
    self.column = column
    switch column.data {
    case .text where column.type != .blob, .dictionary:
      texts = TextArgument(column)
      printer = nil
    case .boolean, .int64, .int128, .float64, .text, .interval, .list, .structure:
      texts = nil
      printer = ColumnPrinter(column, zone: context.timeZone)
    }
  }

  /// Whether a row has a value.
  func isValid(_ row: Int) -> Bool { column.isValid(at: row) }

  /// Appends the value of a row that has one.
  func append(_ row: Int, to output: inout TextOutput) {
    if let texts {
      output.append(texts.bytes.span.extracting(texts.range(row)))
    } else {
      var bytes: [UInt8] = []
      printer?.append(row, to: &bytes)
      output.append(contentsOf: bytes)
    }
  }

  /// Returns the value of a row that has one.
  func string(_ row: Int) -> String {
    if let texts { return texts.string(row) }
    var bytes: [UInt8] = []
    printer?.append(row, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
