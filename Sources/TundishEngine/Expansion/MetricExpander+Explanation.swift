internal import TundishColumns
internal import TundishSyntax

// What EXPLAIN prints of a metric statement: definitions, numerators and denominators with their
// numbers, and how many rows each rule dropped.
extension MetricExpander {
  /// The lines of EXPLAIN but for the SQL.
  func explanation() throws(StatementFailure) -> [FooterItem] {
    try bind()
    var items: [FooterItem] = []
    var told: Set<Int> = []
    for metric in metrics where !metric.isHidden {
      items.append(.text("\(metric.name) = \(metric.formula)"))
      if !metric.definition.meaning.isEmpty {
        items.append(.text("  \(metric.definition.meaning)"))
      }
      for index in metric.groups.sorted() {
        let group = binder.groups[index]
        items.append(
          .text(
            "  reads \(Self.noun(group.key.role)) (\(model.role(group.key.role)?.table.last ?? "")) \(Self.basisText(group.key, others: [], isCohort: metric.isCohort))"
              + (group.key.isMovement ? " the period" : "")
          )
        )
        items += try scoreLines(group)
        items += try partLines(group, of: metric)
        if told.insert(index).inserted { items += try droppedLines(group) }
      }
    }
    return items + (try footer())
  }

  // MARK: Numerator and denominator

  /// Each part with its definition and, over all rows that count, its number.
  private func partLines(
    _ group: MetricGroup,
    of metric: BoundMetric
  ) throws(StatementFailure) -> [FooterItem] {
    // Other metrics of the statement have parts of their own.
    let shown = group.parts.map { uses(metric, $0.column) }
    let texts = group.parts.map { part in
      "  \(place(of: part, in: metric))\(part.column) = \(Syntax.format(part.aggregate))"
    }
    if group.key.isMovement {
      let rows = try movementRows(group)
      return [numbered(texts, shown, zip(group.parts, rows.values).map(told), from: rows.relation)]
    }
    let rows = try classified(group)
    let counted = sql.query(
      sql.select(
        [sql.item(sql.star)],
        from: rows.relation,
        where: sql.equal(sql.name(rows.rule), sql.text(Self.countedRule))
      )
    )
    let relation = TableReference(
      .query(counted, isLateral: false),
      alias: sql.identifier("counted"),
      range: range
    )
    return [numbered(texts, shown, zip(group.parts, rows.values).map(told), from: relation)]
  }

  /// A part's number as it counts: sums of no rows are 0.
  private func told(_ part: MetricPart, _ value: Expression) -> Expression {
    part.isZeroWhenEmpty ? sql.call("coalesce", [value, sql.integer(0)]) : value
  }

  /// The parts that are shown, each with its number.
  private func numbered(
    _ texts: [String],
    _ shown: [Bool],
    _ values: [Expression],
    from relation: TableReference
  ) -> FooterItem {
    let query = sql.query(
      sql.select(
        values.enumerated().map {
          sql.item(sql.cast($0.element, "VARCHAR"), as: "part_\($0.offset + 1)")
        },
        from: relation
      )
    )
    return .computed(query) { rows in
      zip(zip(texts, shown), rows.first ?? []).filter(\.0.1).map { part, value in
        "\(part.0): \(Self.number(value))"
      }
    }
  }

  /// Whether a metric is computed from a column of a group.
  private func uses(_ metric: BoundMetric, _ column: String) -> Bool {
    ([metric.value] + metric.companions.map(\.value)).contains { value in
      value.contains { $0.simpleName?.text == column }
    }
  }

  /// Which part of a fraction a part is.
  private func place(of part: MetricPart, in metric: BoundMetric) -> String {
    guard case .rate = metric.definition.body, metric.companions.count >= 2 else { return "" }
    for (companion, word) in zip(metric.companions, ["numerator ", "denominator "])
    where companion.value.simpleName?.text == part.column {
      return word
    }
    return ""
  }

  /// A number with its digits in groups where it is whole; NULL where there is none.
  static func number(_ value: Value) -> String {
    if case .integer(let count) = value, let whole = Int(exactly: count) {
      return groupedDigits(whole)
    }
    if case .text(let text) = value { return text }
    return "NULL"
  }

  // MARK: Dropped rows

  private static let countedRule = "counted"

  /// The rules that are told only where they dropped something.
  private static let rareRules: Set<String> = [
    "open", "on hold", "disqualified", "won", "lost", "not as the definition says",
    "created after as-of",
  ]

  /// Each rule in the order in which it is applied, with the rows that it dropped: together with
  /// those that count they are the rows that were read.
  private func droppedLines(_ group: MetricGroup) throws(StatementFailure) -> [FooterItem] {
    if group.key.isMovement { return try movementLines(group) }
    let rows = try classified(group)
    let noun = Self.noun(group.key.role)
    let query = sql.query(
      sql.select(
        [sql.item(sql.call("count", [sql.star]), as: "read")]
          + (rows.rules + [Self.countedRule]).enumerated().map { offset, rule in
            sql.item(
              sql.call(
                "count",
                [sql.star],
                filter: sql.equal(sql.name(rows.rule), sql.text(rule))
              ),
              as: "rule_\(offset + 1)"
            )
          },
        from: rows.relation
      )
    )
    let rules = rows.rules
    var credited: [FooterItem] = []
    if let credits = credits(of: group.key) {
      let counted = sql.select(
        ["row_id", "touched_key", "credited_at"].map { sql.item(sql.name($0), as: $0) },
        from: rows.relation,
        where: sql.equal(sql.name(rows.rule), sql.text(Self.countedRule))
      )
      credited = try credits.explanation(
        of: TableReference(
          .query(sql.query(counted), isLateral: false),
          alias: sql.identifier("counted"),
          range: range
        )
      )
    }
    return [
      .computed(query) { rows in
        guard let row = rows.first, row.count == rules.count + 2 else { return [] }
        let dropped = zip(rules, row.dropFirst()).compactMap { rule, value -> String? in
          let count = Self.number(value)
          return count == "0" && Self.rareRules.contains(rule) ? nil : "    - \(count) \(rule)"
        }
        return ["    \(Self.number(row[0])) \(noun) read"] + dropped
          + ["    = \(Self.number(row[row.count - 1])) counted"]
      }
    ] + credited
  }

  /// The rows of a group, each with the first rule that drops it.
  private struct ClassifiedRows {
    var relation: TableReference
    /// The column with the rule.
    var rule: String
    var rules: [String]
    /// The aggregates of the parts over the columns.
    var values: [Expression]
  }

  private func classified(_ group: MetricGroup) throws(StatementFailure) -> ClassifiedRows {
    let scope = try scope(of: group.key)
    let compiler = try self.compiler(of: group, scope: scope, dimensions: [])
    let filter = compiler.filter
    compiler.conditions = []
    var branches: [(Expression, Expression)] = []
    var rules: [String] = []
    func drop(_ rule: String, _ condition: Expression, named name: String) {
      let column = compiler.project(condition, as: name)
      branches.append((sql.call("coalesce", [column, sql.boolean(true)]), sql.text(rule)))
      rules.append(rule)
    }
    if let filter { drop("left out by where", sql.not(sql.grouped(filter)), named: "is_left_out") }
    var aggregates: [(part: MetricPart, value: Expression)] = []
    for part in group.parts { aggregates.append((part, try compiler.aggregate(part))) }
    if let existence = compiler.existence(aggregates) {
      let isOther = sql.not(sql.call("coalesce", [existence, sql.boolean(false)]))
      if group.key.role == .opportunities, group.key.dateForm != "at",
        let value = try? scope.outcome()
      {
        let outcome = compiler.project(value, as: "outcome")
        for kind in ["open", "hold", "disqualified", "won", "lost"] {
          let isKind = sql.equal(outcome, sql.text(kind))
          let rule = kind == "hold" ? "on hold" : kind
          branches.append((sql.all([isOther, isKind]) ?? isOther, sql.text(rule)))
          rules.append(rule)
        }
      }
      branches.append((isOther, sql.text("not as the definition says")))
      rules.append("not as the definition says")
    }
    if let date = compiler.date {
      let dated = try self.window(of: group.key, window)
      let isDated = needsDate || dated != nil
      if isDated { drop("without a date", sql.isNull(date), named: "is_undated") }
      let later = sql.call(
        "coalesce",
        [sql.atLeast(date, sql.instant(asOf.instant)), sql.boolean(false)]
      )
      if !group.key.isPlanned { drop("dated after as-of", later, named: "is_later") }
    }
    if group.key.isSnapshot {
      let state = try stateConditions(compiler, until: nil)
      if clauses.closing == nil, let existed = sql.all(state) {
        drop("created after as-of", sql.not(sql.grouped(existed)), named: "is_outside")
      } else if let inside = sql.all(state) {
        drop(
          "not there at as-of or not closing in the period",
          sql.not(sql.grouped(inside)),
          named: "is_outside"
        )
      }
    } else if let dates = sql.all(try dateConditions(compiler, window: window)) {
      drop("outside the period", sql.not(sql.grouped(dates)), named: "is_outside")
    }
    branches.append((sql.boolean(true), sql.text(Self.countedRule)))
    try credits(of: group.key)?.prepare(compiler)
    let rule = "dropping_rule"
    let relation = TableReference(
      .query(compiler.rows(), isLateral: false),
      alias: sql.identifier("rows_read"),
      range: range
    )
    let told = sql.query(
      sql.select(
        [sql.item(sql.star), sql.item(sql.choose(branches), as: rule)],
        from: relation
      )
    )
    return ClassifiedRows(
      relation: TableReference(
        .query(told, isLateral: false),
        alias: sql.identifier("told"),
        range: range
      ),
      rule: rule,
      rules: rules,
      values: aggregates.map(\.value)
    )
  }
}
