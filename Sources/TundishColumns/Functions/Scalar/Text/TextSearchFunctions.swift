/// Finding and replacing plain text.
enum TextSearchFunctions {
  static let all: [ScalarFunction] = [
    position, contains, startsWith, endsWith, replace, translate, splitPart, split,
  ]

  private static let position = ScalarFunction(
    "strpos",
    aliases: ["instr", "position"],
    summary: "Returns where a text first occurs in another, counted from 1; 0 where it does not.",
    examples: [
      FunctionExample("strpos('hello', 'l')", "3"), FunctionExample("strpos('hello', 'z')", "0"),
    ],
    overloads: [
      .exact([.varchar, .varchar], to: .bigint) { (input) throws(ExecutionError) -> Column in
        try pairs(input) { (text, needle) -> Int64 in
          guard let offset = ByteText.firstIndex(of: needle, in: text) else { return 0 }
          return Int64(ByteText.scalarCount(text.extracting(0..<offset)) + 1)
        }
      }
    ]
  )

  private static let contains = ScalarFunction(
    "contains",
    summary: "Returns whether a text occurs in another, or a value in a list.",
    examples: [
      FunctionExample("contains('hello', 'ell')", "true"),
      FunctionExample("contains([1, 2], 3)", "false"),
    ],
    overloads: [
      .exact([.varchar, .varchar], to: .boolean) { (input) throws(ExecutionError) -> Column in
        if input.arguments[1].isConstant, input.rowCount > 0, input.arguments[1].isValid(at: 0) {
          return try input.testTexts(holding: Array(input.text(1).string(0).utf8))
        }
        return try pairs(input) { ByteText.firstIndex(of: $1, in: $0) != nil }
      },
      ListSearchFunctions.containing,
    ]
  )

  private static let startsWith = ScalarFunction(
    "starts_with",
    aliases: ["prefix", "^@"],
    summary: "Returns whether a text begins with another.",
    examples: [
      FunctionExample("starts_with('hello', 'he')", "true"),
      FunctionExample("starts_with('hello', 'lo')", "false"),
    ],
    overloads: [
      .exact([.varchar, .varchar], to: .boolean) { (input) throws(ExecutionError) -> Column in
        try pairs(input) { ByteText.hasBytes($1, in: $0, at: 0) }
      }
    ]
  )

  private static let endsWith = ScalarFunction(
    "ends_with",
    aliases: ["suffix"],
    summary: "Returns whether a text ends with another.",
    examples: [
      FunctionExample("ends_with('hello', 'lo')", "true"),
      FunctionExample("ends_with('hello', 'he')", "false"),
    ],
    overloads: [
      .exact([.varchar, .varchar], to: .boolean) { (input) throws(ExecutionError) -> Column in
        try pairs(input) { ByteText.hasBytes($1, in: $0, at: $0.count - $1.count) }
      }
    ]
  )

  private static func pairs<R: KernelValue>(
    _ input: KernelInput,
    _ body: (Span<UInt8>, Span<UInt8>) -> R
  ) throws(ExecutionError) -> Column {
    let texts = input.text(0)
    let others = input.text(1)
    let left = texts.bytes.span
    let right = others.bytes.span
    return try input.build { (row) throws(ExecutionError) -> R? in
      body(left.extracting(texts.range(row)), right.extracting(others.range(row)))
    }
  }

  private static let replace = ScalarFunction(
    "replace",
    summary: "Returns the text with every occurrence of one text replaced by another.",
    examples: [
      FunctionExample("replace('hello', 'l', 'L')", "heLLo"),
      FunctionExample("replace('GTXPro', 'GTX', 'GTX ')", "GTX Pro"),
    ],
    overloads: [
      .exact([.varchar, .varchar, .varchar], to: .varchar) {
        (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let needles = input.text(1)
        let others = input.text(2)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let text = texts.bytes.span.extracting(texts.range(row))
          let needle = needles.bytes.span.extracting(needles.range(row))
          let other = others.bytes.span.extracting(others.range(row))
          guard needle.count > 0 else {
            output.append(text)
            return true
          }
          var start = 0
          while let found = ByteText.firstIndex(of: needle, in: text, from: start) {
            output.append(text.extracting(start..<found))
            output.append(other)
            start = found + needle.count
          }
          output.append(text.extracting(start..<text.count))
          try checkGrowth(output.currentCount, "replace")
          return true
        }
      }
    ]
  )

  private static let translate = ScalarFunction(
    "translate",
    summary: "Returns the text with each character of one text replaced by the character at the"
      + " same place in another, or removed where there is none.",
    examples: [
      FunctionExample("translate('12.345,6', '.,', ',.')", "12,345.6"),
      FunctionExample("translate('a-b-c', '-', '')", "abc"),
    ],
    overloads: [
      .exact([.varchar, .varchar, .varchar], to: .varchar) {
        (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let sources = input.text(1)
        let targets = input.text(2)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let from = ByteText.scalars(sources.bytes.span.extracting(sources.range(row)))
          let to = ByteText.scalars(targets.bytes.span.extracting(targets.range(row)))
          var mapping: [UInt32: UInt32?] = [:]
          for (index, scalar) in from.enumerated() where mapping[scalar] == nil {
            mapping[scalar] = .some(index < to.count ? to[index] : nil)
          }
          for scalar in ByteText.scalars(texts.bytes.span.extracting(texts.range(row))) {
            if let mapped = mapping[scalar] {
              if let mapped { output.append(scalar: mapped) }
            } else {
              output.append(scalar: scalar)
            }
          }
          return true
        }
      }
    ]
  )

  private static let splitPart = ScalarFunction(
    "split_part",
    summary: "Returns one of the parts between a separator, counted from 1, or from the end where"
      + " negative; empty where there is none.",
    examples: [
      FunctionExample("split_part('a,b,c', ',', 2)", "b"),
      FunctionExample("split_part('a,b,c', ',', -1)", "c"),
    ],
    overloads: [
      .exact([.varchar, .varchar, .bigint], to: .varchar) {
        (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let separators = input.text(1)
        let positions = input.argument(2, of: Int64.self)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let text = texts.bytes.span.extracting(texts.range(row))
          let separator = separators.bytes.span.extracting(separators.range(row))
          let parts = ByteText.parts(text, separatedBy: separator)
          let position = Int(clamping: positions[row])
          let index = position < 0 ? parts.count + max(position, -parts.count - 1) : position - 1
          if parts.indices.contains(index) { output.append(text.extracting(parts[index])) }
          return true
        }
      }
    ]
  )

  private static let split = ScalarFunction(
    "string_split",
    aliases: ["str_split", "string_to_array", "split"],
    summary: "Returns the parts between a separator as a list.",
    examples: [
      FunctionExample("string_split('a,b,', ',')", "[a, b, '']"),
      FunctionExample("string_split('ab', '')", "[a, b]"),
    ],
    overloads: [
      .exact([.varchar, .varchar], to: .list(.varchar)) {
        (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let separators = input.text(1)
        return try input.buildTextLists { (row) throws(ExecutionError) -> [Range<Int>] in
          let range = texts.range(row)
          let separator = separators.bytes.span.extracting(separators.range(row))
          if range.isEmpty, separator.isEmpty { return [] }  // no characters, no parts
          return ByteText.parts(texts.bytes.span.extracting(range), separatedBy: separator)
            .map { $0.lowerBound + range.lowerBound..<$0.upperBound + range.lowerBound }
        }
      }
    ]
  )
}

extension KernelInput {
  /// Writes a list of parts of the first argument, as ranges of its buffer, for each row where no
  /// argument is NULL; nil is an element that is NULL.
  func buildTextLists(
    _ body: (Int) throws(ExecutionError) -> [Range<Int>?]
  ) throws(ExecutionError) -> Column {
    let texts = text(0)
    var views: [TextView] = []
    var areValid: [Bool]?
    var ranges: [Range<Int32>] = []
    for row in 0..<rowCount {
      let start = views.count
      if validity?[row] ?? true {
        for range in try body(row) {
          if range == nil, areValid == nil { areValid = views.map { _ in true } }
          areValid?.append(range != nil)
          views.append(
            TextView(start: UInt32(range?.lowerBound ?? 0), length: UInt32(range?.count ?? 0))
          )
        }
      }
      guard views.count <= Int(Int32.max) else {
        throw ExecutionError(.limit, "more than \(Int32.max) list elements in one batch")
      }
      ranges.append(Int32(start)..<Int32(views.count))
    }
    let child = Column(
      type: .varchar,
      data: Column.text(TextVector(views: views, bytes: texts.bytes)).data,
      validity: areValid,
      count: views.count
    )
    return column(.list(ListVector(ranges: ranges, child: child)))
  }
}
