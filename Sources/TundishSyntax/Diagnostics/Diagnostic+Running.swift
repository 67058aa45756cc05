extension Diagnostic {
  /// A failure while a statement runs; the code names the kind of failure.
  package static func running(code: String, message: String, at range: SourceRange?) -> Diagnostic {
    Diagnostic(code: DiagnosticCode(code), message: message, range: range)
  }
}
