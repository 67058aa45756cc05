internal import TundishSyntax

/// Shows models, metrics and funnels as relations.
struct Inspection {
  let catalog: Catalog
  let range: SourceRange

  private var sql: SQLBuilder { SQLBuilder(range) }

  func show(_ target: ShowTarget) -> SalesOutcome? {
    switch target {
    case .model:
      guard !catalog.model.items.isEmpty else {
        return relation(["model"], [], footer: ["no sales model; CREATE MODEL makes one"])
      }
      return relation(["model"], [[modelText]])
    case .metrics:
      return relation(["group", "metric", "meaning", "formula", "synonyms"], metricRows())
    case .funnels:
      return relation(
        ["funnel", "definition"],
        catalog.funnels.values.sorted { foldedText($0.name.text) < foldedText($1.name.text) }.map {
          [$0.name.text, Syntax.format(Statement(.createFunnel($0), range: range))]
        }
      )
    case .targets:
      return relation(
        ["metric", "definition"],
        catalog.targets.map {
          [$0.metric.text, Syntax.format(Statement(.createTarget($0), range: range))]
        }
      )
    case .scores:
      return relation(
        ["score", "definition"],
        catalog.scores.values.sorted { foldedText($0.name.text) < foldedText($1.name.text) }.map {
          [$0.name.text, Syntax.format(Statement(.createScore($0), range: range))]
        }
      )
    case .tables, .settings, .views, .macros, .functions, .setting: return nil
    }
  }

  /// The model as the statement that makes it.
  var modelText: String {
    Syntax.format(
      Statement(
        .createModel(CreateModel(orReplace: true, items: catalog.model.items)),
        range: range
      )
    )
  }

  /// Metrics whose roles the model has come first, each part in the order of the prelude.
  private func metricRows() -> [[String]] {
    let shipped = Prelude.names.compactMap { catalog.metrics[foldedText($0)] }
    let own = catalog.metrics.values.filter { Prelude.metrics[foldedText($0.name.text)] == nil }
      .sorted { foldedText($0.name.text) < foldedText($1.name.text) }
    return (shipped + own).map {
      [
        Prelude.sections[foldedText($0.name.text)] ?? "Your own", $0.name.text, $0.meaning,
        $0.formula, $0.synonyms.joined(separator: ", "),
      ]
    }
  }

  func describe(metric name: Identifier) throws(StatementFailure) -> SalesOutcome {
    guard let metric = MetricBinder.definition(name.text, in: catalog) else {
      throw StatementFailure([.unknownMetric(name, catalog: catalog)])
    }
    var rows = [["metric", metric.name.text], ["formula", metric.formula]]
    if !metric.meaning.isEmpty { rows.append(["meaning", metric.meaning]) }
    if case .rate(_, let numerator, _, let denominator) = metric.body {
      rows.append(["numerator", numerator.text])
      rows.append(["denominator", denominator.text])
    }
    if !metric.denominators.isEmpty {
      rows.append(["of", metric.denominators.joined(separator: ", ")])
    }
    rows.append(["basis", basisText(metric)])
    if let role = metric.role { rows.append(["reads", role.rawValue.lowercasedASCII]) }
    if !metric.synonyms.isEmpty {
      rows.append(["synonyms", metric.synonyms.joined(separator: ", ")])
    }
    if let isHigher = metric.isHigherBetter {
      rows.append(["better", isHigher ? "higher" : "lower"])
    }
    rows.append(["example", "\(metric.name.text)\(metric.role == nil ? "" : " by owner")"])
    var source = metric
    source.orReplace = false
    rows.append(["source", Syntax.format(Statement(.createMetric(source), range: range))])
    return relation(["property", "value"], rows)
  }

  private func basisText(_ metric: CreateMetric) -> String {
    if case .derived(let expression) = metric.body {
      return "of its parts: \(Syntax.format(expression))"
    }
    let date = metric.date.map { " by \(Syntax.format($0))" } ?? ""
    return metric.basis.rawValue + (metric.basis == .snapshot ? "" : date)
  }

  func describe(funnel name: Identifier) throws(StatementFailure) -> SalesOutcome {
    guard let funnel = catalog.funnels[foldedText(name.text)] else {
      throw StatementFailure([
        .unknownFunnel(name, known: catalog.funnels.values.map(\.name.text))
      ])
    }
    return relation(
      ["step_number", "step"],
      funnel.steps.enumerated().map { ["\($0.offset + 1)", $0.element.name.name] }
    )
  }

  /// Texts as a relation.
  private func relation(
    _ columns: [String],
    _ rows: [[String]],
    footer: [String] = []
  ) -> SalesOutcome {
    let body: QueryBody =
      rows.isEmpty
      ? .select(
        sql.select(
          columns.map { sql.item(sql.cast(sql.null, "VARCHAR"), as: $0) },
          from: nil,
          where: sql.boolean(false)
        )
      )
      : .select(
        sql.select(
          [sql.item(sql.star)],
          from: TableReference(
            .query(
              sql.query(.values(rows.map { $0.map(sql.text) })),
              isLateral: false
            ),
            alias: sql.identifier("shown"),
            columnAliases: columns.map(sql.identifier),
            range: range
          )
        )
      )
    return .query(sql.query(body), footer: footer.map { .text($0) })
  }
}
