internal import TundishColumns
package import TundishSyntax

/// Turns sales queries into plain syntax trees, which the binder then binds like any other.
package struct Expander {
  let catalog: Catalog
  let settings: SalesSettings
  let runner: any QueryRunner

  /// Creates an expander for one statement.
  package init(catalog: Catalog, settings: SalesSettings, runner: any QueryRunner) {
    self.catalog = catalog
    self.settings = settings
    self.runner = runner
  }

  /// Expands a sales query; with `isScalar`, where one column is required, only the first metric's
  /// own column remains.
  package func expand(
    _ query: SalesQuery,
    isScalar: Bool = false
  ) throws(StatementFailure) -> Expansion {
    switch query {
    case .measure(let statement):
      return try MetricExpander(expander: self, statement: statement).expand(isScalar: isScalar)
    case .funnel(let statement):
      return try FunnelExpander(expander: self, statement: statement).expand()
    case .flow(let name, let clauses, let range):
      return try FlowExpander(expander: self, name: name, clauses: clauses, range: range).expand()
    case .survival(let statement):
      return try SurvivalExpander(expander: self, statement: statement).expand()
    }
  }

  /// Expands `funnel_paths('sales')`: the paths of a funnel with the time of each step.
  package func expandPaths(funnel name: Identifier) throws(StatementFailure) -> Query {
    try FunnelExpander(
      expander: self,
      statement: FunnelStatement(
        subject: .named(name),
        clauses: SalesClauses(),
        policies: FunnelPolicies(),
        amountPerStep: false,
        range: name.range
      )
    ).expandPaths()
  }

  /// Expands `model.<role>`: the role's attributes as columns, then the columns of its table; nil
  /// where no role has that name.
  package func expandView(role name: Identifier) throws(StatementFailure) -> Query? {
    let word = foldedText(name.text)
    guard let role = ModelRole.allCases.first(where: { $0.rawValue.lowercasedASCII == word }) else {
      return nil
    }
    guard let definition = catalog.model.role(role) else {
      throw StatementFailure([
        .missingRole(
          role,
          metric: "model.\(word)",
          message: nil,
          catalog: catalog,
          range: name.range
        )
      ])
    }
    let lookup = SchemaLookup(catalog: catalog, runner: runner)
    let scope = RoleScope(
      lookup: lookup,
      model: catalog.model,
      definition: definition,
      asOf: nil,
      range: name.range
    )
    let sql = scope.sql
    var items: [SelectItem] = []
    var names: Set<String> = []
    var attributes =
      definition.attributeNames + definition.milestones.map { foldedText($0.name.text) }
    attributes.removeAll { ["won", "lost"].contains($0) }
    let columns = try lookup.columns(of: definition.table) ?? []
    // The attribute is a fraction; a column `Probability` of percentages stays what its table says.
    attributes.removeAll { attribute in
      attribute == "probability" && definition.value(attribute)?.simpleName == nil
        && columns.contains { foldedEqual($0.name, attribute) }
    }
    if role == .opportunities,
      definition.value("stage") != nil || definition.condition("won") != nil
    {
      attributes.append("outcome")
    }
    for attribute in attributes where names.insert(attribute).inserted {
      guard let value = try scope.attribute(attribute)?.value else { continue }
      items.append(sql.item(value, as: attribute))
    }
    for column in columns {
      var unique = column.name
      var number = 1
      while !names.insert(foldedText(unique)).inserted {
        unique = "\(column.name)_\(number)"
        number += 1
      }
      items.append(
        SelectItem(expression: scope.qualified(column.name), alias: sql.identifier(unique))
      )
    }
    for word in scope.scoreColumnNames where names.insert(word).inserted {
      guard let value = try scope.scoreColumn(word)?.value else { continue }
      items.append(sql.item(value, as: word))
    }
    return sql.query(sql.select(items, from: scope.from))
  }

  /// The SQL that a sales query stands for, as lines of its explanation.
  private func sqlLines(of query: SalesQuery) throws(StatementFailure) -> [FooterItem] {
    let text = Syntax.format(try expand(query).query)
    return [.text("as SQL:")]
      + text.split(separator: "\n", omittingEmptySubsequences: false).map { .text("  \($0)") }
  }

  /// Explains a metric statement: definition, counts, rows dropped by each rule.
  package func explain(_ query: SalesQuery) throws(StatementFailure) -> [FooterItem] {
    switch query {
    case .measure(let statement):
      return try MetricExpander(expander: self, statement: statement).explanation()
        + sqlLines(of: query)
    case .funnel(let statement):
      return try FunnelExpander(expander: self, statement: statement).explanation()
        + sqlLines(of: query)
    case .flow(let name, let clauses, let range):
      return try FlowExpander(expander: self, name: name, clauses: clauses, range: range)
        .explanation() + sqlLines(of: query)
    case .survival(let statement):
      return try SurvivalExpander(expander: self, statement: statement).explanation()
        + sqlLines(of: query)
    }
  }

  /// What `why` stands for.
  package func expand(why statement: MetricStatement) throws(StatementFailure) -> Expansion {
    try ChangeExplainer(expander: self, statement: statement).expand()
  }

  /// Explains `why`: how a change is split, the metric behind it, and the SQL.
  package func explain(why statement: MetricStatement) throws(StatementFailure) -> [FooterItem] {
    let expansion = try expand(why: statement)
    var metric = statement
    metric.clauses.dimensions = []
    metric.clauses.limit = nil
    return [
      .text("mix effect = change of a segment's share x (its mean rate - mean rate of all)"),
      .text("rate effect = mean share of a segment x change of its rate"),
    ] + (try MetricExpander(expander: self, statement: metric).explanation())
      + [.text("mix and rate effects of a dimension add up to the change"), .text("as SQL:")]
      + Syntax.format(expansion.query)
      .split(separator: "\n", omittingEmptySubsequences: false).map { .text("  \($0)") }
  }
}
