/// Functions on regular expressions of RE2's syntax, matched in linear time.
enum TextRegexFunctions {
  static let all: [ScalarFunction] = [
    matches, fullMatch, extract, extractAll, replace, split, escape,
  ]

  private static let matches = ScalarFunction(
    "regexp_matches",
    aliases: ["regexp_like"],
    summary: "Returns whether a regular expression matches somewhere in a text; options: i without"
      + " regard to case, s with . also for line breaks, m line by line, l plain text.",
    examples: [
      FunctionExample(#"regexp_matches('deal 42', '\d+')"#, "true"),
      FunctionExample("regexp_matches('ABC', 'b', 'i')", "true"),
    ],
    overloads: [
      matching(isFullMatch: false, optionsAt: nil), matching(isFullMatch: false, optionsAt: 2),
    ]
  )

  private static let fullMatch = ScalarFunction(
    "regexp_full_match",
    summary: "Returns whether a regular expression matches a text as a whole.",
    examples: [
      FunctionExample("regexp_full_match('abc', 'a.c')", "true"),
      FunctionExample("regexp_full_match('abcd', 'a.c')", "false"),
    ],
    overloads: [
      matching(isFullMatch: true, optionsAt: nil), matching(isFullMatch: true, optionsAt: 2),
    ]
  )

  static func matching(isFullMatch: Bool, optionsAt position: Int?) -> ScalarOverload {
    .exact(
      Array(repeating: .varchar, count: position == nil ? 2 : 3),
      to: .boolean
    ) { (input) throws(ExecutionError) -> Column in
      var patterns = PatternArgument(
        input,
        pattern: 1,
        options: position,
        isFullMatch: isFullMatch
      )
      guard patterns.isConstant else {
        let texts = input.text(0)
        return try input.build { (row) throws(ExecutionError) -> Bool? in
          try patterns.matcher(row).isMatch(texts.bytes, in: texts.range(row))
        }
      }
      // Where no row is to be computed, the pattern may be NULL and have no expression.
      guard input.rowCount > 0, input.arguments.dropFirst().allSatisfy({ $0.isValid(at: 0) })
      else { return try input.build { (_) throws(ExecutionError) -> Bool? in nil } }
      let expression = try patterns.expression(0)
      var test = expression.takeTest()
      defer { expression.giveBack(test) }
      return try input.testTexts { bytes, range in test.isMatch(bytes, in: range) }
    }
  }

  private static let extract = ScalarFunction(
    "regexp_extract",
    summary: "Returns what a regular expression, or one of its groups, first matches; empty where"
      + " nothing does.",
    examples: [
      FunctionExample(#"regexp_extract('deal 42', '\d+')"#, "42"),
      FunctionExample(#"regexp_extract('a-b', '(\w)-(\w)', 2)"#, "b"),
      FunctionExample(
        #"regexp_extract('2026-01', '(\d+)-(\d+)', ['year', 'month'])"#,
        "{'year': 2026, 'month': 01}"
      ),
    ],
    overloads: [
      extracting([.varchar, .varchar]), extracting([.varchar, .varchar, .bigint]),
      extracting([.varchar, .varchar, .bigint, .varchar]),
    ] + RegexGroupFunctions.first
  )

  private static func extracting(_ parameters: [DataType]) -> ScalarOverload {
    .exact(parameters, to: .varchar) { (input) throws(ExecutionError) -> Column in
      let texts = input.text(0)
      var groups: Argument<Int64>?
      if parameters.count > 2 { groups = input.argument(2) }
      var patterns = PatternArgument(input, pattern: 1, options: parameters.count > 3 ? 3 : nil)
      return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        let matcher = try patterns.matcher(row)
        let group = try group(groups?[row] ?? 0, of: matcher)
        if let match = matcher.firstMatch(texts.bytes, in: texts.range(row)),
          group < match.count, let range = match[group]
        {
          output.append(contentsOf: texts.bytes[range])
        }
        return true
      }
    }
  }

  private static func group(
    _ number: Int64,
    of matcher: RegexMatcher
  ) throws(ExecutionError) -> Int {
    guard number >= 0, number < 1_000 else {
      throw ExecutionError(.invalidArgument, "a group is counted from 0, not \(number)")
    }
    return Int(number)
  }

  private static let extractAll = ScalarFunction(
    "regexp_extract_all",
    summary: "Returns all that a regular expression, or one of its groups, matches as a list.",
    examples: [
      FunctionExample(#"regexp_extract_all('a1b22', '\d+')"#, "[1, 22]"),
      FunctionExample(#"regexp_extract_all('a1b2', '([a-z])(\d)', 1)"#, "[a, b]"),
    ],
    overloads: [
      extractingAll([.varchar, .varchar]), extractingAll([.varchar, .varchar, .bigint]),
      extractingAll([.varchar, .varchar, .bigint, .varchar]),
    ] + RegexGroupFunctions.all
  )

  private static func extractingAll(_ parameters: [DataType]) -> ScalarOverload {
    .exact(parameters, to: .list(.varchar)) { (input) throws(ExecutionError) -> Column in
      let texts = input.text(0)
      var groups: Argument<Int64>?
      if parameters.count > 2 { groups = input.argument(2) }
      var patterns = PatternArgument(input, pattern: 1, options: parameters.count > 3 ? 3 : nil)
      return try input.buildTextLists { (row) throws(ExecutionError) -> [Range<Int>?] in
        let matcher = try patterns.matcher(row)
        let group = try group(groups?[row] ?? 0, of: matcher)
        let range = texts.range(row)
        let matches = try matcher.allMatches(texts.bytes, in: range)
        if let first = matches.first, group >= first.count {
          throw ExecutionError(
            .invalidArgument,
            "the pattern has \(first.count - 1) groups, not \(group)"
          )
        }
        return matches.map { $0[group] }
      }
    }
  }

  private static let replace = ScalarFunction(
    "regexp_replace",
    summary: #"Returns the text with the first match replaced, all with option g; \1 in the"#
      + #" replacement is group 1, \0 the match."#,
    examples: [
      FunctionExample(#"regexp_replace('a1b2', '\d', '#', 'g')"#, "a#b#"),
      FunctionExample(#"regexp_replace('2026-01', '(\d+)-(\d+)', '\2/\1')"#, "01/2026"),
    ],
    overloads: [
      replacing([.varchar, .varchar, .varchar]),
      replacing([.varchar, .varchar, .varchar, .varchar]),
    ]
  )

  private static func replacing(_ parameters: [DataType]) -> ScalarOverload {
    .exact(parameters, to: .varchar) { (input) throws(ExecutionError) -> Column in
      let texts = input.text(0)
      let replacements = input.text(2)
      var options: TextArgument?
      if parameters.count > 3 { options = input.text(3) }
      var patterns = PatternArgument(input, pattern: 1, options: parameters.count > 3 ? 3 : nil)
      return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        let matcher = try patterns.matcher(row)
        let range = texts.range(row)
        let isGlobal = options?.string(row).unicodeScalars.contains("g") ?? false
        let replacement = replacements.bytes[replacements.range(row)]
        var position = range.lowerBound
        func replace(_ match: [Range<Int>?]) throws(ExecutionError) {
          guard let whole = match[0] else { return }
          output.append(contentsOf: texts.bytes[position..<whole.lowerBound])
          append(replacement, of: match, in: texts.bytes, to: &output)
          position = whole.upperBound
          try checkGrowth(output.currentCount, "regexp_replace")
        }
        if isGlobal {
          try matcher.eachMatch(texts.bytes, in: range, replace)
        } else if let first = matcher.firstMatch(texts.bytes, in: range) {
          try replace(first)
        }
        output.append(contentsOf: texts.bytes[position..<range.upperBound])
        return true
      }
    }
  }

  private static func append(
    _ replacement: ArraySlice<UInt8>,
    of match: [Range<Int>?],
    in bytes: [UInt8],
    to output: inout TextOutput
  ) {
    var position = replacement.startIndex
    while position < replacement.endIndex {
      let byte = replacement[position]
      let next = position + 1
      guard byte == UInt8(ascii: "\\"), next < replacement.endIndex else {
        output.append(byte)
        position = next
        continue
      }
      let escaped = replacement[next]
      if escaped >= 0x30, escaped <= 0x39 {
        let group = Int(escaped - 0x30)
        if group < match.count, let range = match[group] {
          output.append(contentsOf: bytes[range])
        }
      } else {
        output.append(escaped)
      }
      position = next + 1
    }
  }

  private static let split = ScalarFunction(
    "regexp_split_to_array",
    aliases: ["string_split_regex", "str_split_regex"],
    summary: "Returns the parts between the matches of a regular expression as a list.",
    examples: [
      FunctionExample(#"regexp_split_to_array('a1b22c', '\d+')"#, "[a, b, c]"),
      FunctionExample("regexp_split_to_array('ab', '')", "[a, b]"),
    ],
    overloads: [
      .exact([.varchar, .varchar], to: .list(.varchar)) {
        (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        var patterns = PatternArgument(input, pattern: 1)
        return try input.buildTextLists { (row) throws(ExecutionError) -> [Range<Int>] in
          let range = texts.range(row)
          var parts: [Range<Int>] = []
          var start = range.lowerBound
          try patterns.matcher(row).eachMatch(texts.bytes, in: range) { match in
            guard let whole = match[0],
              !whole.isEmpty
                || (whole.lowerBound > start && whole.lowerBound < range.upperBound)
            else { return }
            parts.append(start..<whole.lowerBound)
            start = whole.upperBound
          }
          parts.append(start..<range.upperBound)
          return parts
        }
      }
    ]
  )

  private static let escape = ScalarFunction(
    "regexp_escape",
    summary: "Returns the regular expression that matches exactly a text.",
    examples: [
      FunctionExample("regexp_escape('1.5')", #"1\.5"#),
      FunctionExample("regexp_escape('a+b')", #"a\+b"#),
    ],
    overloads: [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        try input.mapTextToText { (bytes, output) in
          for i in bytes.indices {
            let byte = bytes[i]
            let isWord = CharacterClass.word.ranges.contains { $0.contains(UInt32(byte)) }
            if byte < 0x80, !isWord { output.append(UInt8(ascii: "\\")) }
            output.append(byte)
          }
          return true
        }
      }
    ]
  )
}
