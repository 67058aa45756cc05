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
      guard !candidates.isEmpty else { return nil }
    }
    let metric = try binder.bind(MetricReference(name: name, range: range))
    let needsMore =
      metric.value.contains {
        guard case .call(let call) = $0.kind else { return false }
        return [MetricBinder.earlierForm, MetricBinder.wholeForm].contains(call.name.last)
      } || binder.groups.contains { ["left_stage", "pushed_at"].contains($0.key.dateForm ?? "") }
    if needsMore {
      throw StatementFailure([
        .clauseNeeds(
          "'\(definition.name.text)' is of more than the rows given; write FROM (MEASURE \(definition.name.text) ...)",
          range: range
        )
      ])
    }
    let isJoined = relations.count > 1
    let lookup = SchemaLookup(catalog: catalog, runner: runner)
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
      for part in group.parts {
        parts[part.column] = try aggregate(
          part,
          relation: relation,
          role: role,
          isJoined: isJoined,
          lookup: lookup,
          range: range
        )
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

  /// The aggregate of one part over the columns of a relation.
  private func aggregate(
    _ part: MetricPart,
    relation: MetricScopeRelation,
    role: RoleDefinition,
    isJoined: Bool,
    lookup: SchemaLookup,
    range: SourceRange
  ) throws(StatementFailure) -> Expression {
    let scope = RoleScope(
      lookup: lookup,
      model: catalog.model,
      definition: role,
      asOf: nil,
      range: range
    )
    let sql = scope.sql
    let isView = relation.source.map { $0.parts.count == 2 } ?? false
    func moved(_ value: Expression, _ name: String) throws(StatementFailure) -> Expression {
      if isView, relation.columns.contains(where: { foldedEqual($0, name) }) {
        return sql.name(relation.alias.text, name)
      }
      return try value.rewritten {
        (inner: Expression) throws(StatementFailure) -> Expression? in
        guard case .name(let parts) = inner.kind, let last = parts.last else { return nil }
        return sql.name(relation.alias.text, last.text)
      }
    }
    func resolved(_ expression: Expression) throws(StatementFailure) -> Expression {
      try expression.rewritten(at: range) {
        (inner: Expression) throws(StatementFailure) -> Expression? in
        switch inner.kind {
        case .name(let parts):
          let name = parts.last?.text ?? ""
          if let value = try scope.attribute(name)?.value { return try moved(value, name) }
          return sql.name(relation.alias.text, name)
        case .call(var call):
          if foldedEqual(call.name.last, "ended"), call.arguments.count == 1 {
            let word = call.arguments[0].value.simpleName?.text ?? "won"
            let outcome = try moved(try scope.outcome(), "outcome")
            return foldedEqual(word, "closed")
              ? sql.any(of: outcome, ["won", "lost"])
              : sql.equal(outcome, sql.text(foldedText(word)))
          }
          if foldedEqual(call.name.last, "days_between"), call.arguments.count == 2 {
            let start = try resolved(call.arguments[0].value)
            let end = try resolved(call.arguments[1].value)
            let days = sql.binary(
              .divide,
              sql.call(
                "date_diff",
                [sql.text("microsecond"), sql.cast(start, "TIMESTAMP"), sql.cast(end, "TIMESTAMP")]
              ),
              sql.expression(.literal(.double("86400000000e0")))
            )
            return sql.choose([(sql.atLeast(end, start), days)])
          }
          guard foldedEqual(call.name.last, "count"), call.arguments.count == 1,
            case .star = call.arguments[0].value.kind
          else { return nil }
          call.filter = try call.filter.map {
            (filter: Expression) throws(StatementFailure) -> Expression in try resolved(filter)
          }
          let counted: Expression
          var needsKey = isJoined
          if let key = role.value("key"), !needsKey {
            needsKey = try !lookup.isUnique(key, in: role.table)
          }
          if let key = role.value("key"), needsKey {
            counted = try moved(scope.qualified(key), "key")
            call.isDistinct = true
          } else {
            counted = sql.star
          }
          call.arguments = [FunctionArgument(value: counted)]
          return Expression(.call(call), range: range)
        default: return nil
        }
      }
    }
    return try resolved(part.aggregate)
  }
}
