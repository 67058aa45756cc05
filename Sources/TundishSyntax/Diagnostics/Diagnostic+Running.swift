extension Diagnostic {
  /// A failure while a statement runs; the code names the kind of failure.
  package static func running(code: String, message: String, at range: SourceRange?) -> Diagnostic {
    Diagnostic(code: DiagnosticCode(code), message: message, range: range)
  }
}

extension DiagnosticCode {
  /// A constraint of a table does not hold.
  package static let constraintFailed = DiagnosticCode("R006")
  /// The query was cancelled.
  package static let cancelled = DiagnosticCode("R008")
}

extension Diagnostic {
  /// A constraint of a table that rows do not satisfy.
  package static func constraintFailed(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .constraintFailed, message: message, range: range)
  }
}
