internal import TundishSyntax

/// The shipped metrics, parsed once per process.
enum Prelude {
  /// The text of `sales.tnd`.
  static let text = String(decoding: PackageResources.sales_tnd, as: UTF8.self)

  /// The metrics by folded name.
  static let metrics: [String: CreateMetric] = {
    var metrics: [String: CreateMetric] = [:]
    for statement in Syntax.parse(text).script.statements {
      if case .createMetric(let metric) = statement.kind,
        metrics[foldedText(metric.name.text)] == nil
      {
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
        // A second definition, for models of other roles, leaves the metric where it stands.
        let key = foldedText(String(name))
        if sections[key] == nil { sections[key] = section }
      }
    }
    return sections
  }()

  /// Second definitions of a metric: what it means where each stage has a table of its own.
  private static let variants: [String: [CreateMetric]] = {
    var variants: [String: [CreateMetric]] = [:]
    for statement in Syntax.parse(text).script.statements {
      if case .createMetric(let metric) = statement.kind {
        variants[foldedText(metric.name.text), default: []].append(metric)
      }
    }
    return variants.mapValues { Array($0.dropFirst()) }.filter { !$0.value.isEmpty }
  }()

  /// The definition of a shipped metric that the model's tables ask for; nil where the first one
  /// stands.
  static func variant(of metric: CreateMetric, in model: SalesModel) -> CreateMetric? {
    let key = foldedText(metric.name.text)
    guard let others = variants[key], metrics[key]?.range == metric.range else { return nil }
    return others.first { $0.applies(to: model) }
  }

  /// What is wrong with the text; empty, as a test makes sure.
  static var diagnostics: [Diagnostic] { Syntax.parse(text).diagnostics }

  /// The metrics in the order of the text.
  static let names: [String] = {
    var seen: Set<String> = []
    return Syntax.parse(text).script.statements.compactMap { statement in
      guard case .createMetric(let metric) = statement.kind,
        seen.insert(foldedText(metric.name.text)).inserted
      else { return nil }
      return metric.name.text
    }
  }()
}

extension CreateMetric {
  /// Whether the model has the roles that the definition requires, and the amounts that it sums.
  func applies(to model: SalesModel) -> Bool {
    for option in options {
      if case .requires(let role, _) = option, model.role(role) == nil { return false }
    }
    guard case .money(let value) = body, let role else { return true }
    let needsAmount = value.contains { part in
      if case .name(let parts) = part.kind { parts.last?.text == "amount" } else { false }
    }
    return !needsAmount || model.role(role)?.value("amount") != nil
  }
}
