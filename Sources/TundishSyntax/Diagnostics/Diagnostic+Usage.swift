/// What is said about the command line and the shell's commands.
extension Diagnostic {
  /// A dot-command that does not exist.
  package static func unknownCommand(_ name: String, closest: String?) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("U001"),
      message: "no command '\(name)'"
        + (closest.map { "; did you mean '\($0)'?" } ?? "; .help lists the commands"),
      range: nil
    )
  }

  /// An output format that does not exist.
  package static func unknownFormat(
    _ name: String,
    closest: String?,
    known: [String]
  ) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("U002"),
      message: "no format '\(name)'"
        + (closest.map { "; did you mean '\($0)'?" } ?? ""),
      range: nil,
      notes: ["formats: " + known.joined(separator: ", ")]
    )
  }

  /// A command without what it needs.
  package static func missingArgument(_ usage: String) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("U003"),
      message: "an argument is missing: \(usage)",
      range: nil
    )
  }

  /// A name that `.help` does not know.
  package static func noHelp(_ name: String) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("U004"),
      message: "no command, function or metric is named '\(name)'",
      range: nil
    )
  }

  /// `.read` files that read each other.
  package static func readTooDeep(_ path: String) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("U005"),
      message: "'\(path)' is read by a file that it reads itself, or files are nested too deep",
      range: nil
    )
  }

  /// An editor that ended with an error.
  package static func editorFailed(_ editor: String) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("U006"),
      message: "'\(editor)' ended with an error; the statement was not run",
      range: nil
    )
  }

  /// A script parameter without a value.
  package static func missingScriptParameter(_ name: String, type: String) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("U007"),
      message: "the script needs --\(name) (\(type))",
      range: nil
    )
  }

  /// A script parameter whose value is not allowed.
  package static func wrongScriptParameter(
    _ name: String,
    value: String,
    expected: String
  ) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("U008"),
      message: "--\(name) is '\(value)', expected \(expected)",
      range: nil
    )
  }

  /// An option that the script does not declare.
  package static func unknownScriptParameter(_ name: String, closest: String?) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("U009"),
      message: "the script has no parameter '\(name)'"
        + (closest.map { "; did you mean '\($0)'?" } ?? ""),
      range: nil
    )
  }

  /// A text that should hold one statement.
  package static func needsOneStatement(_ count: Int) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("U011"),
      message: "expected one statement, found \(count); run(script:) takes several",
      range: nil
    )
  }

  /// A row that does not fit the type that it was to be decoded as.
  package static func decodingFailed(_ message: String) -> Diagnostic {
    Diagnostic(code: DiagnosticCode("U010"), message: message, range: nil)
  }
}
