internal import TundishSyntax

/// The shipped metrics, parsed once per process.
enum Prelude {
  /// The text of `sales.tnd`.
  static let text = String(decoding: PackageResources.sales_tnd, as: UTF8.self)

  /// The metrics by folded name.
  static let metrics: [String: CreateMetric] = {
    var metrics: [String: CreateMetric] = [:]
    for statement in Syntax.parse(text).script.statements {
      if case .createMetric(let metric) = statement.kind {
        metrics[foldedText(metric.name.text)] = metric
      }
    }
    return metrics
  }()

  /// What is wrong with the text; empty, as a test makes sure.
  static var diagnostics: [Diagnostic] { Syntax.parse(text).diagnostics }

  /// The metrics in the order of the text.
  static let names: [String] = Syntax.parse(text).script.statements.compactMap { statement in
    if case .createMetric(let metric) = statement.kind { metric.name.text } else { nil }
  }
}
