internal import TundishColumns
internal import TundishSyntax

// Clauses that the metrics of a statement cannot heed.
extension MetricExpander {
  /// Refuses clauses whose meaning would otherwise be passed over in silence.
  func rejectUnsupported() throws(StatementFailure) {
    var diagnostics: [Diagnostic] = []
    if let closing = clauses.closing, binder.groups.allSatisfy({ !$0.key.isSnapshot }) {
      diagnostics.append(
        .clauseNeeds(
          "'closing' selects open opportunities by expected close date; these metrics have their own dates",
          range: closing.range
        )
      )
    }
    if clauses.withShare, !metrics.isEmpty, !metrics.contains(where: \.isAdditive) {
      diagnostics.append(
        .clauseNeeds(
          "'with share' needs a metric whose parts add up, such as a count or a sum; rates and"
            + " averages have no shares",
          range: range
        )
      )
    }
    diagnostics += unheeded()
    if clauses.withRunning, clauses.over == nil {
      diagnostics.append(
        .clauseNeeds("'with running' needs an axis, such as 'over month'", range: range)
      )
    }
    if clauses.withRunning, !metrics.isEmpty, !metrics.contains(where: addsUp) {
      diagnostics.append(
        .clauseNeeds(
          "'with running' adds up buckets, and averages, medians, distinct counts and states at one"
            + " instant do not add up; it takes counts, sums and rates of them",
          range: range
        )
      )
    }
    if clauses.withRunning,
      let metric = metrics.first(where: { !$0.isHidden && AnswerBuilder.hasForms($0.value) })
    {
      diagnostics.append(
        .clauseNeeds(
          "'with running' adds up what a metric is computed from; '\(metric.name)' compares rows of"
            + " the answer with each other, and has none",
          range: range
        )
      )
    }
    if let attribution = clauses.attribution {
      if model.role(.touches) == nil {
        diagnostics.append(
          .missingRole(
            .touches,
            metric: "attributed by",
            message: nil,
            catalog: expander.catalog,
            range: attribution.model.range
          )
        )
      } else if !CreditSlots.models.contains(foldedText(attribution.model.text)) {
        diagnostics.append(.unknownAttribution(attribution.model, known: CreditSlots.models))
      }
    }
    if !diagnostics.isEmpty { throw StatementFailure(diagnostics) }
  }

  /// Clauses that no metric of the statement would heed.
  private func unheeded() -> [Diagnostic] {
    let visible = metrics.filter { !$0.isHidden }
    guard let first = visible.first else { return [] }
    var sentences: [String] = []
    let groups = visible.flatMap(\.groups).map { binder.groups[$0] }
    if !clauses.within.isEmpty, !groups.contains(where: heedsWithin) {
      sentences.append(
        "'within' limits how long after its start an entity may reach its end, and"
          + " '\(first.definition.name.text)' has no such end; a cohort has, such as"
          + " lead_conversion_rate or conversion_rate from lead to customer"
      )
    }
    if let ranking = clauses.ranking, clauses.dimensions.isEmpty {
      sentences.append(
        "'\(ranking.isBottom ? "bottom" : "top") \(ranking.count)' chooses among the values of 'by', such as by owner"
      )
    }
    if let level = clauses.confidence.flatMap(Double.init), !(level > 0 && level < 100) {
      sentences.append("'with ci' takes a level between 0% and 100%, such as 95%")
    }
    if let basis = clauses.basis, basis != .snapshot, groups.allSatisfy(\.key.isSnapshot) {
      sentences.append(
        "'\(first.definition.name.text)' is the state at one instant; it has no basis '\(basis.rawValue)'"
      )
    }
    return sentences.map { .clauseNeeds($0, range: range) }
  }

  /// Whether what a group counts depends on the window of `within`.
  private func heedsWithin(_ group: MetricGroup) -> Bool {
    group.key.isWhole
      || group.parts.contains { part in
        part.aggregate.contains { inner in
          if group.key.isCreation, foldedEqual(inner.simpleName?.text ?? "", "outcome") {
            return true
          }
          guard case .call(let call) = inner.kind else { return false }
          switch foldedText(call.name.last) {
          case "reached": return call.arguments.count == 2
          case "followed": return true
          case "ended": return group.key.isCreation
          default: return false
          }
        }
      }
  }

  /// Whether a metric over several buckets follows from what it is made of in each.
  func addsUp(_ metric: BoundMetric) -> Bool {
    let used = metric.groups.map { binder.groups[$0] }.flatMap { group in
      group.parts.filter { part in
        metric.value.contains { $0.simpleName?.text == part.column }
      }.map { (group.key, $0.aggregate) }
    }
    return used.allSatisfy { key, aggregate in
      !key.isSnapshot && MetricBinder.isAdditive(aggregate)
        && !MetricBinder.countsDistinct(aggregate)
    }
  }
}
