package import TundishSyntax

// Metrics as aggregates in a SELECT: `win_rate()`, `win_rate(o)`.
extension Expander {
  /// Expands a metric that is called as an aggregate: it covers the rows given, without period or
  /// as-of rules.
  ///
  /// Nil where no metric has that name.
  package func expandCall(
    _ call: FunctionCall,
    range: SourceRange,
    scope relations: [MetricScopeRelation]
  ) throws(StatementFailure) -> Expression? {
    guard call.name.parts.count == 1, let name = call.name.parts.first,
      let definition = MetricBinder.definition(name.text, in: catalog)
    else { return nil }
    let binder = MetricBinder(catalog: catalog, clauses: SalesClauses(), reserved: [])
    let wanted = call.arguments.first?.value.simpleName
    var candidates = relations
    if let wanted {
      candidates = relations.filter { foldedEqual($0.alias.text, wanted.text) }
      guard !candidates.isEmpty else {
        let name = definition.name.text
        let known = relations.map { "\(name)(\($0.alias.text))" }
        throw StatementFailure([
          .clauseNeeds(
            "\(name)(\(wanted.text)) is of the rows of one table in FROM, and none is named"
              + " '\(wanted.text)'"
              + (known.isEmpty ? "" : "; write \(known.joined(separator: " or "))"),
            range: wanted.range
          )
        ])
      }
    }
    let metric = try binder.bind(MetricReference(name: name, range: range))
    if Self.needsMoreRows(metric, binder.groups) {
      throw StatementFailure([
        .clauseNeeds(
          "'\(definition.name.text)' is of more than the rows given; write FROM (MEASURE \(definition.name.text) ...)",
          range: range
        )
      ])
    }
    let isJoined = relations.count > 1
    var parts: [String: Expression] = [:]
    for group in binder.groups {
      guard let role = catalog.model.role(group.key.role) else { continue }
      let fitting = candidates.filter { fits($0, role) }
      guard fitting.count == 1, let relation = fitting.first else {
        throw StatementFailure([
          .metricCallNeedsRelation(
            definition.name.text,
            role: role.role,
            table: role.table.last,
            candidates: fitting.map(\.alias.text),
            range: range
          )
        ])
      }
      let compiler = try CallCompiler(
        expander: self,
        group: group,
        role: role,
        relation: relation,
        isJoined: isJoined,
        range: range
      )
      for part in group.parts {
        let value = try compiler.aggregate(part)
        let isSum = part.isZeroWhenEmpty && !MetricBinder.isCount(value)
        let sql = SQLBuilder(range)
        // A sum of no rows is 0, as in the answer of a metric statement.
        parts[part.column] = isSum ? sql.call("coalesce", [value, sql.integer(0)]) : value
      }
    }
    let sql = SQLBuilder(range)
    let value = try metric.value.rewritten {
      (part: Expression) throws(StatementFailure) -> Expression? in
      guard let name = part.simpleName, let aggregate = parts[name.text] else { return nil }
      return sql.grouped(aggregate)
    }
    return sql.unit(value, metric.unit.name)
  }

  /// Whether a metric counts other rows than those of its role, or sets them against others.
  private static func needsMoreRows(_ metric: BoundMetric, _ groups: [MetricGroup]) -> Bool {
    let isOfOthers = metric.value.contains {
      guard case .call(let call) = $0.kind else { return false }
      return [MetricBinder.earlierForm, MetricBinder.wholeForm].contains(call.name.last)
    }
    return isOfOthers
      || groups.contains { group in
        group.key.isMovement || group.key.isWhole
          || ["left_stage", "pushed_at", "joined_at"].contains(group.key.dateForm ?? "")
      }
  }

  /// Whether a relation has the rows of a role: its table, its view, or all its columns unrenamed.
  private func fits(_ relation: MetricScopeRelation, _ role: RoleDefinition) -> Bool {
    if let source = relation.source {
      if source.parts.count == 1, foldedEqual(source.last, role.table.last) { return true }
      if source.parts.count == 2, foldedEqual(source.parts[0].text, "model") {
        return foldedEqual(source.last, role.role.rawValue)
      }
    }
    let columns = Set(relation.columns.map(foldedText))
    let needed = role.attributes.compactMap { attribute -> String? in
      guard case .value(let name, let value, _, _, _) = attribute,
        ["key", "stage", "closed", "amount"].contains(foldedText(name.text))
      else { return nil }
      return value.simpleName.map { foldedText($0.text) }
    }
    return relation.source == nil && !needed.isEmpty && needed.allSatisfy(columns.contains)
  }
}
