/// Parts of texts: substrings, trimming, padding.
enum TextSliceFunctions {
  static let all: [ScalarFunction] = [
    substring, left, right, trim, trimLeft, trimRight, padLeft, padRight,
  ]

  // MARK: - Substrings

  private static let substring = ScalarFunction(
    "substring",
    aliases: ["substr"],
    summary: "Returns the characters from a position on, at most a number of them; a negative"
      + " position counts from the end.",
    examples: [
      FunctionExample("substring('hello', 2)", "ello"),
      FunctionExample("substring('hello', 2, 3)", "ell"),
      FunctionExample("substring('hello', -3, 2)", "ll"),
    ],
    overloads: [
      .exact([.varchar, .bigint], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let starts = input.argument(1, of: Int64.self)
        return try slices(input) { row, count in
          let start = Int(clamping: starts[row])
          return bounds(start: start, length: nil, count: count)
        }
      },
      .exact([.varchar, .bigint, .bigint], to: .varchar) {
        (input) throws(ExecutionError) -> Column in
        let starts = input.argument(1, of: Int64.self)
        let lengths = input.argument(2, of: Int64.self)
        return try slices(input) { row, count in
          let length = Int(clamping: lengths[row])
          return bounds(start: Int(clamping: starts[row]), length: length, count: count)
        }
      },
    ]
  )

  /// Returns the scalars of a substring; a negative length reaches back.
  static func bounds(start: Int, length: Int?, count: Int) -> Range<Int> {
    let limit = 1 << 40
    let start = min(max(start, -limit), limit)
    let first = start < 0 ? count + start : start - 1
    guard let length else { return range(first, count, count) }
    let end = first + min(max(length, -limit), limit)
    return range(min(first, end), max(first, end), count)
  }

  private static func range(_ first: Int, _ end: Int, _ count: Int) -> Range<Int> {
    let lower = min(max(first, 0), count)
    return lower..<max(lower, min(end, count))
  }

  private static let left = ScalarFunction(
    "left",
    summary: "Returns the first characters; all but the last ones for a negative count.",
    examples: [FunctionExample("left('abc', 2)", "ab"), FunctionExample("left('abc', -1)", "ab")],
    overloads: [
      .exact([.varchar, .bigint], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let counts = input.argument(1, of: Int64.self)
        return try slices(input) { row, count in
          let wanted = Int(clamping: counts[row])
          return range(0, wanted < 0 ? max(wanted, -count) + count : wanted, count)
        }
      }
    ]
  )

  private static let right = ScalarFunction(
    "right",
    summary: "Returns the last characters; all but the first ones for a negative count.",
    examples: [
      FunctionExample("right('abc', 2)", "bc"), FunctionExample("right('abc', -1)", "bc"),
    ],
    overloads: [
      .exact([.varchar, .bigint], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let counts = input.argument(1, of: Int64.self)
        return try slices(input) { row, count in
          let wanted = Int(clamping: counts[row])
          let skipped = wanted < 0 ? -max(wanted, -count) : max(0, count - min(wanted, count))
          return range(skipped, count, count)
        }
      }
    ]
  )

  /// Computes views into the argument's own bytes, from ranges of scalars.
  private static func slices(
    _ input: KernelInput,
    _ bounds: (_ row: Int, _ scalarCount: Int) -> Range<Int>
  ) throws(ExecutionError) -> Column {
    let texts = input.text(0)
    let all = texts.bytes.span
    var views: [TextView] = []
    views.reserveCapacity(input.rowCount)
    for row in 0..<input.rowCount {
      if let validity = input.validity, !validity[row] {
        views.append(TextView(start: 0, length: 0))
        continue
      }
      let range = texts.range(row)
      let bytes = all.extracting(range)
      let count = ByteText.scalarCount(bytes)
      let scalars = bounds(row, count)
      let isASCII = count == range.count
      let first =
        isASCII ? scalars.lowerBound : ByteText.offset(ofScalar: scalars.lowerBound, in: bytes)
      let end =
        isASCII ? scalars.upperBound : ByteText.offset(ofScalar: scalars.upperBound, in: bytes)
      views.append(
        TextView(start: UInt32(range.lowerBound + first), length: UInt32(end - first))
      )
    }
    return input.column(.text(TextVector(views: views, bytes: texts.bytes)))
  }

  // MARK: - Trimming

  private static let trim = ScalarFunction(
    "trim",
    aliases: ["btrim"],
    summary: "Returns the text without spaces, or without any of the given characters, at both"
      + " ends.",
    examples: [
      FunctionExample("trim('  a b ')", "a b"),
      FunctionExample("trim('xyax', 'xy')", "a"),
    ],
    overloads: trimming(left: true, right: true)
  )

  private static let trimLeft = ScalarFunction(
    "ltrim",
    summary: "Returns the text without spaces, or without any of the given characters, at its"
      + " start.",
    examples: [
      FunctionExample("ltrim('  a')", "a"), FunctionExample("ltrim('xxa', 'x')", "a"),
    ],
    overloads: trimming(left: true, right: false)
  )

  private static let trimRight = ScalarFunction(
    "rtrim",
    summary: "Returns the text without spaces, or without any of the given characters, at its end.",
    examples: [
      FunctionExample("rtrim('a  ')", "a"), FunctionExample("rtrim('a..', '.')", "a"),
    ],
    overloads: trimming(left: false, right: true)
  )

  private static let spaces: Set<UInt32> = [
    0x20, 0xA0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008,
    0x2009, 0x200A, 0x202F, 0x205F, 0x3000,
  ]

  private static func trimming(left: Bool, right: Bool) -> [ScalarOverload] {
    [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        trimmed(input, left: left, right: right) { _ in spaces }
      },
      .exact([.varchar, .varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let members = input.text(1)
        let isConstant = input.arguments[1].isConstant
        let all = members.bytes.span
        let constant =
          isConstant && input.rowCount > 0 && input.arguments[1].isValid(at: 0)
          ? Set(ByteText.scalars(all.extracting(members.range(0)))) : []
        return trimmed(input, left: left, right: right) { row in
          isConstant ? constant : Set(ByteText.scalars(all.extracting(members.range(row))))
        }
      },
    ]
  }

  private static func trimmed(
    _ input: KernelInput,
    left: Bool,
    right: Bool,
    _ members: (Int) -> Set<UInt32>
  ) -> Column {
    let texts = input.text(0)
    let all = texts.bytes.span
    var views: [TextView] = []
    views.reserveCapacity(input.rowCount)
    for row in 0..<input.rowCount {
      if let validity = input.validity, !validity[row] {
        views.append(TextView(start: 0, length: 0))
        continue
      }
      let range = texts.range(row)
      let bytes = all.extracting(range)
      let members = members(row)
      var first = 0
      var end = bytes.count
      while left, first < end {
        let (scalar, width) = ByteText.scalar(at: first, in: bytes)
        guard members.contains(scalar) else { break }
        first += width
      }
      while right, end > first {
        var start = end - 1
        while start > first, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        guard members.contains(ByteText.scalar(at: start, in: bytes).value) else { break }
        end = start
      }
      views.append(
        TextView(start: UInt32(range.lowerBound + first), length: UInt32(end - first))
      )
    }
    return input.column(.text(TextVector(views: views, bytes: texts.bytes)))
  }

  // MARK: - Padding

  private static let padLeft = ScalarFunction(
    "lpad",
    summary:
      "Returns the text cut, or filled at its start with another, to a number of characters.",
    examples: [
      FunctionExample("lpad('7', 3, '0')", "007"), FunctionExample("lpad('abc', 2)", "ab"),
    ],
    overloads: [
      padding([.varchar, .bigint], atStart: true),
      padding([.varchar, .bigint, .varchar], atStart: true),
    ]
  )

  private static let padRight = ScalarFunction(
    "rpad",
    summary: "Returns the text cut, or filled at its end with another, to a number of characters.",
    examples: [
      FunctionExample("rpad('a', 3, '.')", "a.."), FunctionExample("rpad('abc', 2)", "ab"),
    ],
    overloads: [
      padding([.varchar, .bigint], atStart: false),
      padding([.varchar, .bigint, .varchar], atStart: false),
    ]
  )

  /// Without a text to fill with, spaces do.
  private static func padding(_ types: [DataType], atStart: Bool) -> ScalarOverload {
    .exact(types, to: .varchar) { (input) throws(ExecutionError) -> Column in
      let texts = input.text(0)
      let counts = input.argument(1, of: Int64.self)
      let fillers = types.count > 2 ? input.text(2) : nil
      return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        let text = texts.bytes.span.extracting(texts.range(row))
        let count = ByteText.scalarCount(text)
        let wanted = Int(clamping: max(counts[row], 0))
        try checkGrowth(wanted, "padding")
        guard wanted > count else {
          output.append(text.extracting(0..<ByteText.offset(ofScalar: wanted, in: text)))
          return true
        }
        let filler =
          fillers.map { ByteText.scalars($0.bytes.span.extracting($0.range(row))) } ?? [0x20]
        guard !filler.isEmpty else {
          throw ExecutionError(.invalidArgument, "a text cannot be padded with an empty text")
        }
        if !atStart { output.append(text) }
        for index in 0..<wanted - count { output.append(scalar: filler[index % filler.count]) }
        if atStart { output.append(text) }
        return true
      }
    }
  }
}
