package import TundishSyntax

/// Executes the statements that define or show what sales data mean.
package enum SalesStatements {
  /// Executes CREATE / ALTER / DROP / SHOW MODEL, CREATE / DROP / SHOW / DESCRIBE METRIC and their
  /// kin; nil where the statement is of another kind.
  package static func execute(
    _ statement: Statement,
    catalog: inout Catalog,
    settings: SalesSettings,
    runner: any QueryRunner
  ) throws(StatementFailure) -> SalesOutcome? {
    switch statement.kind {
    case .createModel(let create):
      guard create.orReplace || catalog.model.items.isEmpty else {
        throw StatementFailure([.modelExists(range: statement.range)])
      }
      try validate(create.items, catalog, runner)
      catalog.model = SalesModel(items: create.items)
      return .done(messages: ["created the sales model"])
    case .alterModel(let edit, let item):
      let item = try catalog.model.completed(item)
      try validate([item], catalog, runner)
      alter(edit, item, &catalog.model)
      return .done(messages: ["changed the sales model"])
    case .dropModelItem(let reference):
      remove(reference, from: &catalog.model)
      return .done(messages: ["changed the sales model"])
    case .createMetric(let metric):
      return try create(metric, catalog: &catalog)
    case .createFunnel(let funnel):
      let key = foldedText(funnel.name.text)
      guard funnel.orReplace || catalog.funnels[key] == nil else {
        throw StatementFailure([.metricExists("FUNNEL", funnel.name)])
      }
      catalog.funnels[key] = funnel
      return .done(messages: ["created funnel \(funnel.name.text)"])
    case .createTarget(let target):
      guard MetricBinder.definition(target.metric.text, in: catalog) != nil else {
        throw StatementFailure([.unknownMetric(target.metric, catalog: catalog)])
      }
      catalog.targets.append(target)
      return .done(messages: ["created a target for \(target.metric.text)"])
    case .createScore(let score):
      let key = foldedText(score.name.text)
      guard score.orReplace || catalog.scores[key] == nil else {
        throw StatementFailure([.metricExists("SCORE", score.name)])
      }
      catalog.scores[key] = score
      return .done(messages: ["created score \(score.name.text)"])
    case .why(let metric):
      let expansion = try Expander(catalog: catalog, settings: settings, runner: runner)
        .expand(why: metric)
      return .query(expansion.query, footer: expansion.footer)
    case .drop(let drop): return try self.drop(drop, catalog: &catalog)
    case .show(let target):
      return Inspection(catalog: catalog, range: statement.range).show(target)
    case .describe(.metric(let name)):
      return try Inspection(catalog: catalog, range: statement.range).describe(metric: name)
    case .describe(.funnel(let name)):
      return try Inspection(catalog: catalog, range: statement.range).describe(funnel: name)
    case .query, .explain, .createTable, .createView, .createMacro, .createType, .createSchema,
      .createIndex, .createSequence,
      .alterTable, .insert, .update, .delete, .merge, .truncate, .load, .sniff, .copy,
      .exportDatabase,
      .importDatabase, .set, .reset, .setVariable, .resetVariable, .describe, .summarize, .assert,
      .check, .dedupe, .prepare,
      .execute, .deallocate, .begin, .commit, .rollback:
      return nil
    }
  }

  /// Fills roles of the model that are still unset from tables whose shape is known.
  ///
  /// Called after LOAD. Returns what was recognised, one line each. `publish` lets the runner see views
  /// that recognition asks about.
  package static func recognize(
    catalog: inout Catalog,
    settings: SalesSettings,
    runner: any QueryRunner,
    publish: (Catalog) -> Void
  ) throws(StatementFailure) -> [String] {
    let reshaped = try ReshapedTables(catalog: &catalog, runner: runner, publish: publish)
    var seen = reshaped.seen(in: catalog)
    // What LOAD set aside is no data of sales.
    seen.tables["rejects"] = nil
    var recognizer = ModelRecognizer(
      catalog: seen,
      lookup: SchemaLookup(catalog: seen, runner: runner),
      fiscalYearStart: settings.fiscalYearStart
    )
    try recognizer.recognize()
    for view in recognizer.views { catalog.views[foldedText(view.name.last)] = view }
    if recognizer.model != catalog.model {
      catalog.model = recognizer.model
    }
    return reshaped.settle(&catalog, made: recognizer.views) + recognizer.messages
  }

  // MARK: Models

  private static func validate(
    _ items: [ModelItem],
    _ catalog: Catalog,
    _ runner: any QueryRunner
  ) throws(StatementFailure) {
    let lookup = SchemaLookup(catalog: catalog, runner: runner)
    let diagnostics = try ModelValidator(catalog: catalog, lookup: lookup).check(items)
    if !diagnostics.isEmpty { throw StatementFailure(diagnostics) }
  }

  private static func alter(_ edit: ModelEdit, _ item: ModelItem, _ model: inout SalesModel) {
    switch item {
    case .links(let links, let range):
      let sources = Set(
        links.map { foldedText($0.source.parts.map(\.text).joined(separator: ".")) }
      )
      if edit == .set { removeLinks(from: &model) { sources.contains($0) } }
      model.add(links, range: range)
    case .stages(let stages, let range) where edit == .add:
      let labels = Set(stages.map(\.label.text))
      let kept = model.stages.filter { !labels.contains($0.label.text) }
      model.set(.stages(kept + stages, range))
    case .role, .stages:
      model.set(item)
    }
  }

  private static func remove(_ reference: ModelItemReference, from model: inout SalesModel) {
    switch reference {
    case .role(let role, let subject, _):
      model.items.removeAll { item in
        guard case .role(let other, _, let attributes, _) = item, other == role else {
          return false
        }
        guard let subject else { return true }
        return attributes.contains {
          if case .of(let of, _) = $0 { of == subject } else { false }
        }
      }
    case .stages:
      model.items.removeAll { if case .stages = $0 { true } else { false } }
    case .link(let source):
      let wanted = foldedText(source.parts.map(\.text).joined(separator: "."))
      removeLinks(from: &model) { $0 == wanted }
    }
  }

  private static func removeLinks(
    from model: inout SalesModel,
    where isRemoved: (String) -> Bool
  ) {
    model.items = model.items.compactMap { item in
      guard case .links(let links, let range) = item else { return item }
      let kept = links.filter {
        !isRemoved(foldedText($0.source.parts.map(\.text).joined(separator: ".")))
      }
      return kept.isEmpty ? nil : .links(kept, range)
    }
  }

  // MARK: Metrics

  private static func create(
    _ metric: CreateMetric,
    catalog: inout Catalog
  ) throws(StatementFailure) -> SalesOutcome {
    let key = foldedText(metric.name.text)
    guard metric.orReplace || catalog.metrics[key] == nil else {
      throw StatementFailure([.metricExists("METRIC", metric.name)])
    }
    var changed = catalog
    changed.metrics[key] = metric
    // A definition that refers to itself, or to what does not exist, is refused now. Roles may be
    // missing: the metric then waits for them.
    if case .derived = metric.body {
      let binder = MetricBinder(catalog: changed, clauses: SalesClauses(), reserved: [])
      do throws(StatementFailure) {
        _ = try binder.bind(MetricReference(name: metric.name, range: metric.name.range))
      } catch {
        let serious = error.diagnostics.filter { $0.code.rawValue != "M001" }
        if !serious.isEmpty { throw StatementFailure(serious) }
      }
    }
    catalog = changed
    return .done(messages: ["created metric \(metric.name.text)"])
  }

  private static func drop(
    _ drop: Drop,
    catalog: inout Catalog
  ) throws(StatementFailure) -> SalesOutcome? {
    switch drop.kind {
    case .model:
      catalog.model = SalesModel()
      return .done(messages: ["dropped the sales model"])
    case .metric:
      for name in drop.names
      where catalog.metrics.removeValue(forKey: foldedText(name.last)) == nil
        && !drop.ifExists
      {
        throw StatementFailure([
          .unknownMetric(Identifier(name.last, range: name.range), catalog: catalog)
        ])
      }
    case .funnel:
      for name in drop.names { catalog.funnels.removeValue(forKey: foldedText(name.last)) }
    case .target:
      for name in drop.names {
        catalog.targets.removeAll { foldedEqual($0.metric.text, name.last) }
      }
    case .score:
      for name in drop.names { catalog.scores.removeValue(forKey: foldedText(name.last)) }
    case .table, .view, .macro, .type, .schema, .index, .sequence: return nil
    }
    let names = drop.names.map(\.last).joined(separator: ", ")
    return .done(messages: ["dropped \(foldedText(drop.kind.rawValue)) \(names)"])
  }
}
