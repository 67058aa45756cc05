internal import TundishColumns
internal import TundishSyntax

// What makes a table one of deals.
extension ModelRecognizer {
  /// Deals have a stage and a date or amount; without a telling name they need outcomes.
  func qualifiedDeals(_ found: RoleCandidate) throws(StatementFailure) -> RoleCandidate? {
    var candidate = found
    // Changes name their deal again and again; a deal is one of many rows of such a log.
    if isEventLog(candidate.table), let key = candidate.attribute("KEY")?.value,
      try !lookup.isUnique(key, in: QualifiedName([sql.identifier(candidate.table.name)]))
    {
      return nil
    }
    let kind = try kind("opportunity", of: candidate)
    if named(candidate.table, .leads), !named(candidate.table, .opportunities), kind == nil {
      return nil
    }
    candidate.counted = kind
    if kind == nil { candidate.counted = try withoutLeads(of: candidate) }
    try addStart(to: &candidate)
    let isNamed = named(candidate.table, .opportunities) || kind != nil
    let outcome = try OutcomeEvidence(recognizer: self, candidate: candidate)
    let isStatus = candidate.attribute("STAGE").map {
      ColumnHints.states.contains(ColumnHints.plain($0.column.name))
        || ["outcome", "result", "stare"].contains(ColumnHints.plain($0.column.name))
    }
    let isDated = candidate.has("CLOSED") || candidate.has("CREATED")
    let isValued = candidate.has("AMOUNT") || candidate.has("CLOSED")
    if outcome.isDecisive {
      candidate.rank = isNamed ? 2 : 1
      return candidate
    }
    // Won and lost are told, and some state beside them is not: that one is asked for.
    if outcome.tellsEnds, isDated, isValued {
      candidate.rank = isNamed ? 1 : 0
      return candidate
    }
    if isStatus == nil { return try openedDeals(candidate) }
    guard isStatus == false || isNamed else { return nil }
    if isNamed {
      candidate.rank = 1
      return isDated && (isValued || candidate.has("KEY")) ? candidate : nil
    }
    return isDated && isValued ? candidate : nil
  }

  /// A start of no deal after its end is when deals were created, where nothing else says that, and so
  /// is a date of which nothing more is said; when a service starts lies behind the end of the deal.
  private func addStart(to candidate: inout RoleCandidate) throws(StatementFailure) {
    guard !candidate.has("CREATED"), let closed = candidate.attribute("CLOSED")?.value,
      let field = candidate.fields.first(where: { field in
        RoleCandidate.isDate(field)
          && (ColumnWords(field.name).says("start", optional: ["date"])
            || ColumnWords(field.name).words == ["date"])
      })
    else { return }
    let start = sql.name(field.name)
    guard try holds(sql.isNull(start, not: true), in: candidate.table),
      try !holds(sql.binary(.greater, start, closed), in: candidate.table)
    else { return }
    candidate.attributes.insert(
      .init(name: "CREATED", column: field, value: start),
      at: candidate.has("KEY") ? 1 : 0
    )
  }

  /// A table of the stage `opportunity` alone: when deals were opened, not what became of them.
  private func openedDeals(_ found: RoleCandidate) throws(StatementFailure) -> RoleCandidate? {
    var candidate = found
    let name = ColumnHints.bareTable(candidate.table.name)
    let isQuotes = ColumnWords(candidate.table.name).words.contains("quote")
    guard ColumnHints.stageTables(of: .opportunities).contains(name) || isQuotes,
      !candidate.has("CLOSED")
    else { return nil }
    if isQuotes, !candidate.has("CREATED", "AMOUNT") { return nil }
    if !candidate.has("CREATED") {
      let names = ["date", "datum", "data", "day", "month"]
      let own = ColumnMeanings.entity(of: .opportunities)
      guard
        let field = candidate.column(names)
          ?? candidate.fields.first(where: { ColumnWords($0.name).says("date", optional: own) }),
        let value = try value(of: field, as: "CREATED", in: candidate.table)
      else { return nil }
      candidate.attributes.append(.init(name: "CREATED", column: field, value: value))
    }
    return candidate
  }

  /// The condition that a row is of the kind that a column `type` tells, where one table holds leads
  /// and opportunities.
  func kind(
    _ kind: String,
    of candidate: RoleCandidate
  ) throws(StatementFailure) -> Expression? {
    guard let field = candidate.column(["type", "recordtype", "leadtype"]), field.type.isText else {
      return nil
    }
    let table = QualifiedName([sql.identifier(candidate.table.name)])
    let labels = try lookup.texts(of: sql.name(field.name), in: table)
    guard !labels.isEmpty,
      labels.allSatisfy({ ["lead", "opportunity"].contains(ColumnHints.label($0)) })
    else { return nil }
    let own = labels.filter { ColumnHints.label($0) == kind }
    return sql.any(of: sql.name(field.name), own.isEmpty ? [kind] : own)
  }

  /// Whether some row satisfies a condition.
  func holds(
    _ condition: Expression,
    in table: TableEntry
  ) throws(StatementFailure) -> Bool {
    let rows = sql.select(
      [sql.item(sql.integer(1))],
      from: sql.table(table.name),
      where: condition
    )
    return try !lookup.rows(of: sql.query(rows, limit: 1)).isEmpty
  }
}
