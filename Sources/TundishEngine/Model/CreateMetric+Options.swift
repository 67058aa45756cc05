internal import TundishSyntax

// What the options of a metric say, each asked for by name.
extension CreateMetric {
  /// The other names.
  var synonyms: [String] {
    options.flatMap { option -> [String] in
      if case .synonyms(let names) = option { names } else { [] }
    }
  }

  /// The text of COMMENT.
  var comment: String? {
    for option in options {
      if case .comment(let text) = option { return text }
    }
    return nil
  }

  /// The part of the comment before its first semicolon, where there is one: the formula in words;
  /// else what the body says.
  var formula: String {
    if let comment, let end = comment.firstIndex(of: ";") {
      return String(comment[..<end])
    }
    switch body {
    case .rate(_, let numerator, _, let denominator):
      return "\(numerator.text) / \(denominator.text)"
    case .derived(let expression): return Syntax.format(expression)
    case .count(let expression), .money(let expression), .days(let expression),
      .value(let expression):
      return Syntax.format(expression)
    }
  }

  /// The part of the comment after the formula.
  var meaning: String {
    guard let comment else { return "" }
    guard let end = comment.firstIndex(of: ";") else { return comment }
    return String(comment[comment.index(after: end)...].drop { $0 == " " })
  }

  /// The default basis.
  var basis: MetricBasis {
    for option in options {
      switch option {
      case .cohort: return .cohort
      case .period: return .period
      case .snapshot: return .snapshot
      case .filter, .of, .to, .nullWhen, .requires, .synonyms, .better, .comment: continue
      }
    }
    return .period
  }

  /// The date by which rows are counted.
  var date: Expression? {
    for option in options {
      switch option {
      case .cohort(let date), .period(let date): return date
      case .snapshot: return nil
      case .filter, .of, .to, .nullWhen, .requires, .synonyms, .better, .comment: continue
      }
    }
    return role.map { MetricBinder.ownDate(of: $0) }
  }

  /// The names after `of` that the metric knows.
  var denominators: [String] {
    options.compactMap {
      if case .of(let name, _, _) = $0 { name.text } else { nil }
    }
  }

  /// Whether more is better; nil where that was not said.
  var isHigherBetter: Bool? {
    for option in options {
      if case .better(let isHigher) = option { return isHigher }
    }
    return nil
  }

  /// The conditions of WHERE.
  var filters: [Expression] {
    options.compactMap {
      if case .filter(let condition) = $0 { condition } else { nil }
    }
  }
}
