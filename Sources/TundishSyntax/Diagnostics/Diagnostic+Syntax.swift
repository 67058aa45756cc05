/// What can be wrong with the order of words.
extension Diagnostic {
  static func expected(
    _ what: String,
    found: String,
    at range: SourceRange,
    notes: [String] = [],
    fix: Fix? = nil
  ) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P001"),
      message: "expected \(what), found \(found)",
      range: range,
      notes: notes,
      fix: fix
    )
  }

  static func missingSeparator(
    before found: String,
    at range: SourceRange,
    previousEnd: Int
  )
    -> Diagnostic
  {
    Diagnostic(
      code: DiagnosticCode("P002"),
      message: "statements are separated by ';': expected one before \(found)",
      range: range,
      fix: Fix(range: SourceRange(previousEnd, previousEnd), replacement: ";")
    )
  }

  static func mistyped(_ word: String, keyword: Keyword, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P003"),
      message: "'\(word)' is no keyword; did you mean '\(keyword.spelling)'?",
      range: range,
      fix: Fix(range: range, replacement: keyword.spelling)
    )
  }

  static func nestedTooDeeply(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P004"),
      message: "the statement is nested too deeply; at most \(Parser.nestingLimit) levels are read",
      range: range,
      notes: ["name the inner parts with WITH"]
    )
  }

  static func chainTooLong(of what: String, limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P005"),
      message: "more than \(limit) \(what) in one chain",
      range: range,
      notes: ["group parts of the chain with parentheses"]
    )
  }

  static func clauseTwice(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P006"),
      message: "the clause '\(name)' is written twice",
      range: range
    )
  }

  static func clauseOutOfOrder(
    _ clause: Keyword,
    after earlier: Keyword,
    at range: SourceRange
  )
    -> Diagnostic
  {
    Diagnostic(
      code: DiagnosticCode("P007"),
      message: "\(clause.spelling) stands before \(earlier.spelling)",
      range: range
    )
  }

  static func commaBeforeClause(_ clause: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P008"),
      message: "no comma stands before the clause '\(clause)'",
      range: range,
      fix: Fix(range: range, replacement: "")
    )
  }

  static func reservedWord(_ word: String, what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P009"),
      message: "'\(word)' is a reserved word; as \(what) it is written \"\(word)\"",
      range: range,
      fix: Fix(range: range, replacement: "\"\(word)\"")
    )
  }

  static func chainedComparison(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P010"),
      message: "comparisons do not chain; join two of them with AND",
      range: range
    )
  }

  static func singleDay(_ date: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P011"),
      message: "a period of one day is written '\(date) .. \(date)'",
      range: range,
      fix: Fix(range: range, replacement: "\(date) .. \(date)")
    )
  }

  static func noSuchDate(_ what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P012"),
      message: "the calendar has no \(what)",
      range: range
    )
  }

  static func clauseNotHere(
    _ clause: String,
    in statement: String,
    at range: SourceRange
  )
    -> Diagnostic
  {
    Diagnostic(
      code: DiagnosticCode("P013"),
      message: "'\(clause)' has no meaning in \(statement)",
      range: range
    )
  }

  static func countTooLarge(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P014"),
      message: "this number is too large; a count has at most 18 digits",
      range: range
    )
  }

  static func metricNamedLikeStatement(
    _ word: String,
    expected what: String,
    found: String,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P001"),
      message: "expected \(what), found \(found)",
      range: range,
      notes: ["a metric named like the statement word is written \"\(word)\""]
    )
  }

  static func scriptParameter(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("P015"),
      message: message,
      range: range,
      notes: ["write '-- param region: text in (EMEA, AMER) = EMEA'"]
    )
  }

  static func missingStep(_ what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: DiagnosticCode("P016"), message: what, range: range)
  }
}
