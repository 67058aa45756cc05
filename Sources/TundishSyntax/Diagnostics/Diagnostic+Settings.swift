/// The wordings of statements.
extension Diagnostic {
  /// A setting that does not exist.
  package static func unknownSetting(
    _ name: String,
    at range: SourceRange,
    closest: String?
  ) -> Diagnostic {
    var message = "no setting named '\(name)'"
    if let closest {
      message += "; did you mean '\(closest)'?"
    } else {
      message += "; SHOW SETTINGS lists them"
    }
    return Diagnostic(
      code: .unknownSetting,
      message: message,
      range: range,
      fix: closest.map { Fix(range: range, replacement: $0) }
    )
  }

  /// A value that a setting does not take.
  package static func wrongSettingValue(
    _ name: String,
    expected: String,
    found: String,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .wrongSettingValue,
      message: "'\(name)' takes \(expected), found \(found)",
      range: range
    )
  }

  /// A statement that the state of the session does not allow.
  package static func wrongState(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .wrongState, message: message, range: range)
  }

  /// A condition of ASSERT that does not hold.
  package static func assertionFailed(_ message: String?, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .assertionFailed,
      message: message ?? "the asserted condition does not hold",
      range: range
    )
  }
}
