// What can be wrong with the grain of plans and costs: code M041.

extension DiagnosticCode {
  static let grainTooFine = DiagnosticCode("M041")
}

extension Diagnostic {
  /// A question on a grain finer than that of the rows of SPEND or QUOTAS.
  package static func grainTooFine(
    _ asked: String,
    rows grain: String,
    of role: ModelRole,
    table: String,
    metric: String?,
    range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .grainTooFine,
      message: "the rows of \(role.rawValue) (\(table)) are by \(grain); "
        + "\(metric.map { "'\($0)'" } ?? "this") cannot be asked \(asked)",
      range: range,
      notes: [
        grain == "half-year"
          ? "ask of whole halves, such as 2026-01-01 .. 2026-06-30, or over year"
          : "ask by \(grain), or a longer grain"
      ]
    )
  }
}
