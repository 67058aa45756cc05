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

  /// The scores by folded name.
  static let scores: [String: CreateScore] = {
    var scores: [String: CreateScore] = [:]
    for statement in Syntax.parse(text).script.statements {
      if case .createScore(let score) = statement.kind {
        scores[foldedText(score.name.text)] = score
      }
    }
    return scores
  }()

  /// The part of the text in which each metric stands, such as `Winning`, by folded name.
  static let sections: [String: String] = {
    var sections: [String: String] = [:]
    var section = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("-- "), line.utf8.count < 30, !line.hasSuffix(".") {
        section = String(line.dropFirst(3))
      } else if line.hasPrefix("CREATE METRIC ") {
        let name = line.dropFirst(14).prefix { $0 != " " && $0 != "(" }
        sections[foldedText(String(name))] = section
      }
    }
    return sections
  }()

  /// What is wrong with the text; empty, as a test makes sure.
  static var diagnostics: [Diagnostic] { Syntax.parse(text).diagnostics }

  /// The metrics in the order of the text.
  static let names: [String] = Syntax.parse(text).script.statements.compactMap { statement in
    if case .createMetric(let metric) = statement.kind { metric.name.text } else { nil }
  }
}
