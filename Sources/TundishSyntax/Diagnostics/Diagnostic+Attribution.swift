// What can be wrong with attribution: codes M040 and on.

extension DiagnosticCode {
  static let unknownAttribution = DiagnosticCode("M040")
}

extension Diagnostic {
  /// `attributed by` a model that there is not.
  package static func unknownAttribution(_ name: Identifier, known: [String]) -> Diagnostic {
    let closest = Suggestion.closest(to: name.text, in: known)
    return Diagnostic(
      code: .unknownAttribution,
      message: "no attribution model named '\(name.text)'"
        + (closest.map { "; did you mean '\($0)'?" } ?? ""),
      range: name.range,
      notes: ["known: \(known.joined(separator: ", "))"],
      fix: closest.map { Fix(range: name.range, replacement: $0) }
    )
  }
}
