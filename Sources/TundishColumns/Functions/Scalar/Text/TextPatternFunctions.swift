/// `LIKE` and its kin, as the binder calls them: text, pattern, escape character.
///
/// As in DuckDB, there is no escape character unless one is given, and `SIMILAR TO` takes a regular
/// expression that must match as a whole.
enum TextPatternFunctions {
  static let all: [ScalarFunction] = [
    like, caseInsensitiveLike, glob, similar, unlike, caseInsensitiveUnlike,
  ]

  private static let like = ScalarFunction(
    "like",
    aliases: ["~~", "like_escape"],
    summary: "Returns whether a text matches a pattern in which % stands for any text and _ for one"
      + " character.",
    examples: [
      FunctionExample("'GTX Pro' LIKE 'GTX%'", "true"),
      FunctionExample("'50%' LIKE '50!%' ESCAPE '!'", "true"),
    ],
    overloads: likeOverloads(ignoresCase: false)
  )

  private static let caseInsensitiveLike = ScalarFunction(
    "ilike",
    aliases: ["~~*", "ilike_escape"],
    summary: "Returns whether a text matches a LIKE pattern, without regard to case.",
    examples: [
      FunctionExample("'GTX Pro' ILIKE 'gtx%'", "true"),
      FunctionExample("'É' ILIKE 'é'", "true"),
    ],
    overloads: likeOverloads(ignoresCase: true)
  )

  private static let unlike = ScalarFunction(
    "not_like_escape",
    aliases: ["!~~"],
    summary: "Returns whether a text does not match a LIKE pattern.",
    examples: [
      FunctionExample("not_like_escape('GTX', 'G%', '!')", "false"),
      FunctionExample("not_like_escape('50%', '40!%', '!')", "true"),
    ],
    overloads: negated(likeOverloads(ignoresCase: false))
  )

  private static let caseInsensitiveUnlike = ScalarFunction(
    "not_ilike_escape",
    aliases: ["!~~*"],
    summary: "Returns whether a text does not match a LIKE pattern, without regard to case.",
    examples: [
      FunctionExample("not_ilike_escape('GTX', 'g%', '!')", "false"),
      FunctionExample("not_ilike_escape('GTX', 'h%', '!')", "true"),
    ],
    overloads: negated(likeOverloads(ignoresCase: true))
  )

  private static func negated(_ overloads: [ScalarOverload]) -> [ScalarOverload] {
    overloads.map { overload in
      ScalarOverload(overload.parameters, result: overload.result) {
        (input) throws(ExecutionError) -> Column in
        let matches = try overload.kernel(input)
        return try input.build { (row) throws(ExecutionError) -> Bool? in
          matches.isValid(at: row) ? !matches.booleanValue(at: row) : nil
        }
      }
    }
  }

  private static func likeOverloads(ignoresCase: Bool) -> [ScalarOverload] {
    [
      .exact([.varchar, .varchar], to: .boolean) { (input) throws(ExecutionError) -> Column in
        try matchLike(input, ignoresCase: ignoresCase)
      },
      .exact([.varchar, .varchar, .varchar], to: .boolean) {
        (input) throws(ExecutionError) -> Column in
        try matchLike(input, ignoresCase: ignoresCase)
      },
    ]
  }

  private static func matchLike(
    _ input: KernelInput,
    ignoresCase: Bool
  ) throws(ExecutionError) -> Column {
    let texts = input.text(0)
    let patterns = input.text(1)
    var escapes: TextArgument?
    if input.arguments.count > 2 { escapes = input.text(2) }
    let isConstant = input.arguments.dropFirst().allSatisfy(\.isConstant)
    var compiled: LikePattern?
    var source = ""
    let bytes = texts.bytes.span
    if isConstant, escapes == nil, input.rowCount > 0, input.arguments[1].isValid(at: 0) {
      let pattern = try LikePattern(patterns.string(0), escape: nil, ignoresCase: ignoresCase)
      return try match(input, pattern, ignoresCase: ignoresCase)
    }
    return try input.build { (row) throws(ExecutionError) -> Bool? in
      if compiled == nil || !isConstant {
        let pattern = patterns.string(row)
        let escape = escapes?.string(row) ?? ""
        guard escape.unicodeScalars.count <= 1 else {
          throw ExecutionError(
            .invalidArgument,
            "the escape of LIKE must be one character, not '\(escape)'"
          )
        }
        if compiled == nil || source != pattern || escapes != nil {
          compiled = try LikePattern(
            pattern,
            escape: escape.unicodeScalars.first,
            ignoresCase: ignoresCase
          )
          source = pattern
        }
      }
      return compiled?.matches(bytes.extracting(texts.range(row)))
    }
  }

  /// Matches all texts against one pattern.
  private static func match(
    _ input: KernelInput,
    _ pattern: LikePattern,
    ignoresCase: Bool
  ) throws(ExecutionError) -> Column {
    var input = input
    if ignoresCase {
      // All texts at once, as `lower` does it.
      let folded = try LetterCase.changed(input.replacing(resultType: .varchar), to: .lower)
      input = input.replacing(
        arguments: [folded] + input.arguments.dropFirst(),
        rowCount: input.rowCount
      ).replacing(validity: input.validity)
    }
    guard let single = pattern.single else {
      return try input.testTexts { bytes, range in
        pattern.matchesAsWritten(bytes.extracting(range))
      }
    }
    if single.place == .anywhere { return try input.testTexts(holding: single.text) }
    let needle = single.text.span
    let place = single.place
    return try input.testTexts { bytes, range in place.holds(needle, bytes.extracting(range)) }
  }

  private static let glob = ScalarFunction(
    "glob",
    aliases: ["~~~"],
    summary: "Returns whether a text matches a pattern in which * stands for any text, ? for one"
      + " character and [a-z] for one of several.",
    examples: [
      FunctionExample("'opps.csv' GLOB '*.csv'", "true"),
      FunctionExample("'b1' GLOB '[a-c]?'", "true"),
    ],
    overloads: [
      .exact([.varchar, .varchar], to: .boolean) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let patterns = input.text(1)
        var matcher: RegexMatcher?
        var source: String?
        return try input.build { (row) throws(ExecutionError) -> Bool? in
          if matcher == nil || !input.arguments[1].isConstant {
            let pattern = patterns.string(row)
            if source != pattern {
              matcher = RegexMatcher(
                try PatternCache.expression(
                  regex(ofGlob: pattern),
                  options: RegexOptions(),
                  isFullMatch: true
                )
              )
              source = pattern
            }
          }
          return matcher?.isMatch(texts.bytes, in: texts.range(row))
        }
      }
    ]
  )

  /// Returns the regular expression that matches what a glob pattern does.
  static func regex(ofGlob pattern: String) -> String {
    var regex = "(?s)"
    let scalars = Array(pattern.unicodeScalars)
    var position = 0
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      switch scalar {
      case "*": regex += ".*"
      case "?": regex += "."
      case "\\" where position < scalars.count:
        regex += quoted(scalars[position])
        position += 1
      case "[":
        // A first ] belongs to the class; a class that is never closed is plain text.
        var end = position
        if end < scalars.count, scalars[end] == "!" || scalars[end] == "^" { end += 1 }
        if end < scalars.count, scalars[end] == "]" { end += 1 }
        while end < scalars.count, scalars[end] != "]" { end += 1 }
        guard end < scalars.count else {
          regex += "\\["
          continue
        }
        regex += "["
        for (offset, member) in scalars[position..<end].enumerated() {
          if offset == 0, member == "!" || member == "^" {
            regex += "^"
          } else {
            regex += member == "-" ? "-" : quoted(member)
          }
        }
        regex += "]"
        position = end + 1
      default: regex += quoted(scalar)
      }
    }
    return regex
  }

  private static func quoted(_ scalar: Unicode.Scalar) -> String {
    let isWord =
      scalar.value >= 0x80 || CharacterClass.word.ranges.contains { $0.contains(scalar.value) }
    return isWord ? String(scalar) : "\\" + String(scalar)
  }

  private static let similar = ScalarFunction(
    "similar_to",
    summary: "Returns whether a text as a whole matches a regular expression.",
    examples: [
      FunctionExample("'abc' SIMILAR TO 'a.*'", "true"),
      FunctionExample("'abc' SIMILAR TO 'b'", "false"),
    ],
    overloads: [TextRegexFunctions.matching(isFullMatch: true, optionsAt: nil)]
  )
}
