internal import TundishSyntax

// `list won`: the rows behind a count, as many as the count says.
extension MetricExpander {
  /// Expands to the rows of the first metric's table, with the dimensions before their columns.
  func expandList(_ list: MetricList) throws(StatementFailure) -> Expansion {
    guard let metric = metrics.first,
      let index = metric.groups.min(), binder.groups.indices.contains(index)
    else {
      throw StatementFailure([.clauseNeeds("'list' needs a metric that counts rows", range: range)])
    }
    let group = binder.groups[index]
    guard !group.key.isMovement else {
      throw StatementFailure([
        .clauseNeeds(
          "'list' gives rows, and '\(metric.name)' compares what customers pay at two moments",
          range: range
        )
      ])
    }
    let scope = try scope(of: group.key)
    let compiler = try self.compiler(of: group, scope: scope, dimensions: dimensions)
    let leading = compiler.columns
    let inside =
      group.key.isSnapshot
      ? try stateConditions(compiler, until: nil) : try dateConditions(compiler, window: window)
    // The aggregates are compiled only for their conditions, whose columns are put back in place.
    var aggregates: [(part: MetricPart, value: Expression)] = []
    for part in group.parts { aggregates.append((part, try compiler.aggregate(part))) }
    let counted = try compiler.inPlace(compiler.existence(aggregates))
    var conditions: [Expression] = []
    switch list {
    case .won, .lost, .open:
      let word: String =
        switch list {
        case .lost: "lost"
        case .open: "open"
        case .won, .counted, .leftOut, .atStep: "won"
        }
      if group.key.role == .opportunities {
        conditions.append(sql.equal(try scope.outcome(), sql.text(word)))
        conditions += list == .open ? try stateConditions(compiler, until: nil) : inside
      } else {
        let numerator = aggregates.first { !$0.part.definesRows } ?? aggregates.first
        var filter: Expression?
        if case .call(let call)? = numerator?.value.kind {
          filter = try compiler.inPlace(call.filter)
        }
        guard let reached = filter else {
          throw StatementFailure([
            .clauseNeeds(
              "'\(metric.name)' counts every row, so none of them is won, lost or open; 'list counted' gives them",
              range: range
            )
          ])
        }
        conditions.append(
          list == .won ? reached : sql.not(sql.call("coalesce", [reached, sql.boolean(false)]))
        )
        conditions += inside
      }
    case .counted:
      conditions += inside + [counted].compactMap { $0 }
    case .leftOut:
      let all = sql.all(inside + [counted].compactMap { $0 })
      conditions.append(
        all.map { sql.not(sql.call("coalesce", [$0, sql.boolean(false)])) } ?? sql.boolean(false)
      )
    case .atStep:
      throw StatementFailure([.listAtStepOutsideFunnel(range: range)])
    }
    let items =
      leading.map { sql.item($0.value, as: $0.name) }
      + [
        SelectItem(
          expression: sql.expression(
            .star(Star(qualifier: [sql.identifier(scope.alias)]))
          )
        )
      ]
    let filter = sql.all([compiler.filter].compactMap { $0 } + conditions)
    let query = sql.query(
      sql.select(items, from: scope.from, where: filter),
      orderBy: dimensions.map { sql.ascending(sql.name($0.name)) },
      limit: clauses.limit
    )
    return Expansion(query: query, footer: [.text(asOf.text)])
  }
}
