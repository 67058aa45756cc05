internal import TundishColumns
internal import TundishSyntax

/// Expands `flow pipeline`: what became of every visit to every stage of a history.
///
/// For each stage, entered = advanced + lost + disqualified + regressed + still there.
struct FlowExpander {
  let expander: Expander
  let name: Identifier
  let clauses: SalesClauses
  let range: SourceRange

  init(expander: Expander, name: Identifier, clauses: SalesClauses, range: SourceRange) {
    self.expander = expander
    self.name = name
    self.clauses = clauses.promotingGrain
    self.range = range
  }

  /// What a visit's next stage is, as a number below the steps, which count from 1.
  static let lost = -1
  static let disqualified = -2

  func expand() throws(StatementFailure) -> Expansion {
    guard let funnel = expander.catalog.funnels[foldedText(name.text)] else {
      throw StatementFailure([
        .unknownFunnel(name, known: expander.catalog.funnels.values.map(\.name.text))
      ])
    }
    guard case .role(.history, let subject) = funnel.source,
      let history = expander.catalog.model.role(.history, of: subject)
    else {
      throw StatementFailure([
        .clauseNeeds("'flow' follows a funnel ON HISTORY through its stages", range: name.range)
      ])
    }
    let host = try MetricExpander(
      expander: expander,
      statement: MetricStatement(metrics: [], clauses: clauses, range: range)
    )
    try host.prepareDimensions()
    try refuseUnread()
    let moves = try moves(of: funnel, history, host)
    let entities = try entities(of: history, host)
    let sql = host.sql
    let visits = host.commonName("visits")
    host.addCommon(visits, visitQuery(moves, clauses.filter == nil ? nil : entities, sql, host))
    let cells = addCells(funnel, visits, entities, host)
    var expansion = Expansion(
      query: answer(cells, hasOutcome: entities != nil, host),
      footer: [
        .text(
          "entered = advanced + lost + disqualified + regressed + still_there · \(host.asOf.text)"
        )
      ],
      chart: clauses.chart
    )
    expansion.drawn = DrawnColumns(labels: keys(host) + ["step"], value: "entered")
    return expansion
  }

  /// The lines of EXPLAIN but for the SQL: the law, with the numbers of all steps together.
  func explanation() throws(StatementFailure) -> [FooterItem] {
    var plain = clauses
    plain.dimensions = []
    plain.over = nil
    plain.having = nil
    plain.orderBy = []
    plain.limit = nil
    plain.withTotals = false
    let whole = try FlowExpander(expander: expander, name: name, clauses: plain, range: range)
      .expand()
    let sql = SQLBuilder(range)
    let parts = ["advanced", "lost", "disqualified", "regressed", "still_there"]
    let query = sql.query(
      sql.select(
        (["entered"] + parts).map { part in
          sql.item(sql.cast(sql.call("sum", [sql.name(part)]), "BIGINT"), as: part)
        },
        from: TableReference(
          .query(whole.query, isLateral: false),
          alias: sql.identifier("flow"),
          range: range
        )
      )
    )
    let counted = FooterItem.computed(query) { rows in
      guard let row = rows.first, row.count == parts.count + 1 else { return [] }
      let numbers = row.map(MetricExpander.number)
      return ["  \(numbers[0]) visits to its stages counted"]
        + zip(numbers.dropFirst(), parts).map { "    \($0) \($1.replacing("_", with: " "))" }
    }
    let footer = try expand().footer
    return [footer.first, counted].compactMap { $0 } + footer.dropFirst()
  }

  /// The columns that tell the cells of the answer apart, but for the step.
  private func keys(_ host: MetricExpander) -> [String] {
    (clauses.over.map { [$0.rawValue] } ?? []) + host.dimensions.map(\.name)
  }

  /// Adds each step for every bucket and every combination of dimensions, with the visits to it.
  private func addCells(
    _ funnel: CreateFunnel,
    _ visits: String,
    _ entities: String?,
    _ host: MetricExpander
  ) -> String {
    let sql = host.sql
    let names = host.dimensions.map(\.name)
    var items = names.map { sql.item(sql.name(entities ?? visits, $0), as: $0) }
    if let grain = clauses.over {
      items.append(
        sql.item(host.frame.bucket(sql.name(visits, "at"), grain, sql), as: grain.rawValue)
      )
    }
    items += ["code", "next_code"].map { sql.item(sql.name(visits, $0), as: $0) }
    var from = sql.table(visits)
    if let entities {
      items.append(sql.item(sql.name(entities, "outcome"), as: "outcome"))
      from = sql.join(
        from,
        names.isEmpty ? .left : .inner,
        sql.table(entities),
        on: sql.equal(sql.name(visits, "entity"), sql.name(entities, "entity"))
      )
    }
    let stays = host.commonName("stays")
    host.addCommon(stays, sql.query(sql.select(items, from: from)))
    var grid = TableReference(
      .query(
        sql.query(
          .values(
            funnel.steps.enumerated().map {
              [sql.integer($0.offset + 1), sql.text($0.element.name.name)]
            }
          )
        ),
        isLateral: false
      ),
      alias: sql.identifier("steps"),
      columnAliases: [sql.identifier("step_number"), sql.identifier("step")],
      range: range
    )
    for part in [clauses.over.map { [$0.rawValue] } ?? [], names] where !part.isEmpty {
      let distinct =
        part == names
        ? sql.query(
          sql.select(
            part.map { sql.item(sql.name($0), as: $0) },
            from: sql.table(stays),
            distinct: true
          )
        ) : host.everyBucket(of: stays, clauses.over ?? .month)
      grid = sql.join(
        TableReference(
          .query(distinct, isLateral: false),
          alias: sql.identifier(part == names ? "combinations" : "buckets"),
          range: range
        ),
        .cross,
        grid,
        on: nil
      )
    }
    let keys = keys(host)
    let cells = host.commonName("cells")
    let selected =
      keys.map { sql.item(sql.name(names.contains($0) ? "combinations" : "buckets", $0), as: $0) }
      + ["step_number", "step"].map { sql.item(sql.name("steps", $0), as: $0) }
      + (["code", "next_code"] + (entities == nil ? [] : ["outcome"]))
      .map { sql.item(sql.name(stays, $0), as: $0) }
    let conditions =
      keys.map {
        sql.same(
          sql.name(stays, $0),
          sql.name(names.contains($0) ? "combinations" : "buckets", $0)
        )
      } + [sql.equal(sql.name(stays, "code"), sql.name("steps", "step_number"))]
    host.addCommon(
      cells,
      sql.query(
        sql.select(
          selected,
          from: sql.join(grid, .left, sql.table(stays), on: sql.all(conditions))
        )
      )
    )
    return cells
  }

  /// What became of the visits to each step.
  private func answer(
    _ cells: String,
    hasOutcome: Bool,
    _ host: MetricExpander
  ) -> Query {
    let sql = host.sql
    let step = sql.name("step_number")
    let next = sql.name("next_code")
    func count(_ condition: Expression?) -> Expression {
      sql.call("count", [sql.name("code")], filter: condition)
    }
    func ended(_ word: String, _ code: Int) -> Expression {
      let told = sql.equal(next, sql.integer(code))
      guard hasOutcome,
        let silent = sql.all([sql.isNull(next), sql.equal(sql.name("outcome"), sql.text(word))])
      else { return told }
      return sql.either([told, silent]) ?? told
    }
    var isThere = sql.isNull(next)
    if hasOutcome {
      isThere =
        sql.all([
          isThere,
          sql.expression(
            .inList(
              sql.call("coalesce", [sql.name("outcome"), sql.text("open")]),
              ["lost", "disqualified"].map(sql.text),
              isNegated: true
            )
          ),
        ]) ?? isThere
    }
    let keys = keys(host)
    var items = keys.map { sql.item(sql.name($0), as: $0) }
    items += [
      sql.item(step), sql.item(sql.name("step")), sql.item(count(nil), as: "entered"),
      sql.item(count(sql.binary(.greater, next, step)), as: "advanced"),
      sql.item(count(ended("lost", Self.lost)), as: "lost"),
      sql.item(count(ended("disqualified", Self.disqualified)), as: "disqualified"),
      sql.item(
        count(sql.all([sql.less(next, step), sql.binary(.greater, next, sql.integer(0))])),
        as: "regressed"
      ),
      sql.item(count(isThere), as: "still_there"),
    ]
    let steps = [step, sql.name("step")]
    let columns = keys.map { sql.name($0) }
    var groups = GroupBy.elements((columns + steps).map { .expressions([$0]) })
    let hasTotals = clauses.withTotals && !keys.isEmpty
    if hasTotals {
      items.append(
        sql.item(
          sql.binary(.greater, sql.call("GROUPING", columns), sql.integer(0)),
          as: "is_total"
        )
      )
      groups = .elements([
        .groupingSets([.expressions(columns + steps), .expressions(steps)])
      ])
    }
    var select = sql.select(items, from: sql.table(cells), groupBy: groups)
    var order = hasTotals ? [sql.ascending(sql.name("is_total"))] : []
    order += keys.map { sql.ascending(sql.name($0)) } + [sql.ascending(step)]
    if !clauses.orderBy.isEmpty { order = clauses.orderBy + order }
    if let having = clauses.having {
      let counted = host.commonName("counted")
      host.addCommon(counted, sql.query(select))
      select = sql.select([sql.item(sql.star)], from: sql.table(counted), where: having)
    }
    return sql.query(select, with: host.commons, orderBy: order, limit: clauses.limit)
  }

  /// Refuses clauses that a flow would pass over in silence.
  private func refuseUnread() throws(StatementFailure) {
    let unread: [(Bool, String)] = [
      (clauses.compare != nil, "compare"), (clauses.versus != nil, "vs"),
      (clauses.attribution != nil, "attributed by"), (clauses.currency != nil, "currency"),
      (clauses.closing != nil, "closing"), (clauses.withShare, "with share"),
      (clauses.withRunning, "with running"),
      (clauses.withEmpty, "with empty"), (clauses.confidence != nil, "with ci"),
      (clauses.basis != nil, "a basis"), (clauses.list != nil, "list"),
      (clauses.ranking != nil, "top"), (!clauses.within.isEmpty, "within"),
      (clauses.excludesDisqualified, "excluding disqualified"),
      (clauses.usesCalendarDays, "calendar days"),
    ]
    let found = unread.filter(\.0)
    guard found.isEmpty else {
      throw StatementFailure(
        found.map { .clauseNeeds("a flow does not take '\($0.1)'", range: range) }
      )
    }
  }
}
