/// What is said about files.
extension Diagnostic {
  /// A file that cannot be read.
  package static func cannotRead(
    _ path: String,
    reason: String,
    closest: String? = nil,
    at range: SourceRange? = nil
  ) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("F001"),
      message: "cannot read '\(path)': \(reason)"
        + (closest.map { "; did you mean '\($0)'?" } ?? ""),
      range: range
    )
  }

  /// A file that cannot be written.
  package static func cannotWrite(
    _ path: String,
    reason: String,
    at range: SourceRange? = nil
  ) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("F002"),
      message: "cannot write '\(path)': \(reason)",
      range: range
    )
  }
}
