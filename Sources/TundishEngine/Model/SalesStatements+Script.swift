package import TundishSyntax

extension SalesStatements {
  /// The statements that make a catalog's model and definitions again; shipped metrics are left
  /// out unless they were replaced.
  package static func script(of catalog: Catalog) -> [Statement] {
    let nowhere = SourceRange(0, 0)
    var kinds: [Statement.Kind] = []
    if !catalog.model.items.isEmpty {
      kinds.append(.createModel(CreateModel(orReplace: true, items: catalog.model.items)))
    }
    let own = catalog.metrics.filter { name, metric in
      Prelude.metrics[name].map { $0.body != metric.body || $0.range != metric.range } ?? true
    }
    kinds += own.sorted { $0.key < $1.key }.map { .createMetric($0.value.replacing) }
    kinds += catalog.funnels.sorted { $0.key < $1.key }.map { .createFunnel($0.value) }
    kinds += catalog.scores.sorted { $0.key < $1.key }.map { .createScore($0.value) }
    kinds += catalog.targets.map { .createTarget($0) }
    return kinds.map { Statement($0, range: nowhere) }
  }
}

extension CreateMetric {
  /// The definition as CREATE OR REPLACE, so that a script can be run twice.
  var replacing: CreateMetric {
    var metric = self
    metric.orReplace = true
    return metric
  }
}
