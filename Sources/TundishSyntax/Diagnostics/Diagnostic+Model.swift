// What can be wrong with models, metrics and funnels: codes M001 and on, and B012.

extension Diagnostic {
  /// A construct that the expander does not know yet.
  package static func notYetExpanded(range: SourceRange? = nil) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode("M999"),
      message: "this sales query is not supported yet",
      range: range
    )
  }
}
