/// What can be wrong with the characters of a text.
extension Diagnostic {
  static func textTooLong(_ count: Int, limit: Int) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("L001"),
      message: "the text has \(count) bytes; at most \(limit) are read",
      range: nil
    )
  }

  /// The bytes of a file or pipe are not UTF-8.
  package static func invalidUTF8(at offset: Int) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("L002"),
      message: "byte \(offset) of the text is not UTF-8",
      range: SourceRange(offset, offset + 1),
      notes: ["save the text as UTF-8; options of LOAD name the encoding of data files"]
    )
  }

  static func unclosedString(at range: SourceRange) -> Diagnostic {
    Diagnostic(code: DiagnosticCode("L003"), message: "this string is never closed", range: range)
  }

  static func unclosedName(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("L004"),
      message: "this quoted name is never closed",
      range: range,
      notes: ["double quotes are for names; text stands in single quotes"]
    )
  }

  static func emptyName(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("L005"),
      message: "a quoted name needs at least one character",
      range: range,
      notes: ["the empty text is ''"]
    )
  }

  static func unclosedComment(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("L006"),
      message: "this comment is never closed",
      range: range,
      notes: ["comments nest: each '/*' needs its own '*/'"]
    )
  }

  static func unknownCharacter(_ scalar: Unicode.Scalar, at range: SourceRange) -> Diagnostic {
    let shown =
      scalar.value < 0x20 || scalar.value == 0x7F
      ? "the control character \(scalar.value)" : "'\(scalar)'"
    return Diagnostic(
      code: DiagnosticCode("L007"),
      message: "\(shown) has no meaning here",
      range: range
    )
  }

  static func curlyQuote(_ straight: Character, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("L008"),
      message: "typographic quotes do not delimit text or names",
      range: range,
      fix: Fix(range: range, replacement: String(straight))
    )
  }

  static func wordTouchesNumber(at range: SourceRange, insertAt offset: Int) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("L009"),
      message: "a number and a word need a space between them",
      range: range,
      fix: Fix(range: SourceRange(offset, offset), replacement: " ")
    )
  }

  static func malformedBlob(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("L010"),
      message: "expected an even number of hexadecimal digits between the quotes",
      range: range
    )
  }

  static func loneDollar(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("L011"),
      message: "expected a parameter such as '$region' or '$1'",
      range: range
    )
  }

  static func numberTooLarge(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("L012"),
      message: "this number does not fit in 128 bits",
      range: range
    )
  }
}
