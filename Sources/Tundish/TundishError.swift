public import TundishSyntax

/// Why a call of the library failed.
///
/// Cases may be added: a `switch` over errors keeps a `default`.
public enum TundishError: Error, Sendable {
  /// A statement is wrong or failed while it ran: what is wrong, and the text it points into.
  case statement([Diagnostic], text: String)
  /// A file could not be read or written.
  case file(Diagnostic)
  /// A row does not fit the type that it was to be decoded as.
  case decoding(String)
  /// The library, the shell or the program was called in a way that makes no sense.
  case usage(Diagnostic)
}

extension TundishError {
  /// The codes of the diagnostics, such as `B001`.
  public var codes: [String] {
    diagnostics.map(\.code.rawValue)
  }

  /// What is wrong, one entry per independent error.
  public var diagnostics: [Diagnostic] {
    switch self {
    case .statement(let diagnostics, _): diagnostics
    case .file(let diagnostic), .usage(let diagnostic): [diagnostic]
    case .decoding(let message): [.decodingFailed(message)]
    }
  }

  /// The exit code of a program that stops because of this error: 1 query error, 2 usage, 3 file or data
  /// error, 4 failed assertion, 130 interrupted.
  public var exitCode: Int32 {
    let codes = codes
    if codes.contains(DiagnosticCode.cancelled.rawValue) { return 130 }
    if codes.contains(DiagnosticCode.assertionFailed.rawValue) { return 4 }
    if codes.contains(where: { $0.hasPrefix("F") }) { return 3 }
    if codes.contains(where: { $0.hasPrefix("U") }) { return 2 }
    return 1
  }

  /// The diagnostics as people read them: code, sentence, the line of the text and a caret.
  ///
  /// - Parameter firstLine: The number of the text's first line, where it is a part of a script.
  /// - Returns: Lines, each ending in a newline.
  public func rendered(firstLine: Int = 1) -> String {
    DiagnosticRenderer(text: text, firstLine: firstLine).render(diagnostics)
  }

  /// The diagnostics as a JSON array, for tools.
  ///
  /// - Parameter firstLine: The number of the text's first line, where it is a part of a script; byte
  ///   offsets count from the text's start.
  /// - Returns: One line without a newline.
  public func renderedJSON(firstLine: Int = 1) -> String {
    DiagnosticRenderer(text: text, firstLine: firstLine).json(diagnostics)
  }

  /// The text that ranges point into; empty where there is none.
  private var text: String {
    if case .statement(_, let text) = self { text } else { "" }
  }
}

extension TundishError: CustomStringConvertible {
  /// The diagnostics as people read them.
  public var description: String { rendered() }
}
