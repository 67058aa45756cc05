internal import TundishColumns
internal import TundishSyntax

// Leads and deals in one table whose stage runs from lead to won: `Lead`, `MQL`, `SQL`, `Opportunity`,
// `Closed Won`.
extension ModelRecognizer {
  /// What stages are called in which a row is no opportunity yet, and the milestone that was reached.
  private static let leadStages: [String: String] = [
    "lead": "lead", "new lead": "lead", "raw lead": "lead", "prospect lead": "lead",
    "subscriber": "lead", "inquiry": "lead", "mql": "mql", "marketing qualified lead": "mql",
    "marketing qualified": "mql", "sal": "mql", "sales accepted lead": "mql", "sql": "sql",
    "sales qualified lead": "sql", "sales qualified": "sql",
  ]

  /// The labels of a candidate's stage that are of leads; empty unless one of them is `lead` or `mql`
  /// in name, so that a pipeline that begins with `SQL` stays one of deals.
  private func leadLabels(
    stage: Expression,
    in table: QualifiedName
  ) throws(StatementFailure) -> [(label: String, milestone: String)] {
    let labels = try lookup.texts(of: sql.cast(stage, "VARCHAR"), in: table)
    let found = labels.compactMap { label in
      Self.leadStages[ColumnHints.label(label)].map { (label: label, milestone: $0) }
    }
    let kinds = Set(labels.compactMap(ColumnHints.kind(ofLabel:)))
    guard found.count >= 2, found.contains(where: { $0.milestone != "sql" }),
      kinds.contains(.won) || labels.contains(where: { ColumnHints.label($0) == "customer" })
    else { return [] }
    return found
  }

  /// The condition that a row is a deal already; nil where the stages are of deals alone.
  func withoutLeads(of candidate: RoleCandidate) throws(StatementFailure) -> Expression? {
    guard model.role(.leads) == nil, let stage = candidate.attribute("STAGE")?.value,
      let name = candidate.attribute("STAGE")?.column.name,
      SchemaLookup.mayHaveFewTexts(name, in: candidate.table.table)
    else { return nil }
    let place = QualifiedName([sql.identifier(candidate.table.name)])
    let labels = try leadLabels(stage: stage, in: place).map(\.label)
    guard !labels.isEmpty else { return nil }
    return sql.not(sql.any(of: sql.cast(stage, "VARCHAR"), labels))
  }

  /// Makes leads of all rows of a table whose later rows are the opportunities.
  mutating func deriveLeads() throws(StatementFailure) {
    guard model.role(.leads) == nil, let deals = given.first(where: { $0.role == .opportunities }),
      deals.condition("counted") != nil, let stage = deals.value("stage"),
      let entry = catalog.tables[foldedText(deals.table.last)]
    else { return }
    let early = try leadLabels(stage: stage, in: deals.table)
    guard !early.isEmpty else { return }
    var candidate = try filled(RoleCandidate(role: .leads, table: entry, attributes: []))
    // One row is one lead, and its own deal.
    candidate.attributes.removeAll { ["KEY", "OPPORTUNITY", "CONVERTED"].contains($0.name) }
    guard candidate.has("CREATED") else { return }
    try take(candidate)
    guard let leads = model.role(.leads) else { return }
    let bad = model.stages.filter { $0.kind == .disqualified }.map(\.label.text)
    var attributes = leads.attributes
    for milestone in ["mql", "sql"] where early.contains(where: { $0.milestone == milestone }) {
      let before = early.filter { stage in
        stage.milestone == "lead" || milestone == "sql" && stage.milestone == "mql"
      }
      let isReached = sql.not(sql.any(of: sql.cast(stage, "VARCHAR"), before.map(\.label) + bad))
      attributes.append(
        .milestone(
          name: sql.identifier(milestone),
          at: before.isEmpty && bad.isEmpty ? sql.boolean(true) : isReached,
          sql.range
        )
      )
    }
    replace(leads, by: .role(.leads, table: leads.table, attributes: attributes, sql.range))
    tell(
      "every row of \(entry.name) is a lead; later stages imply the earlier ones, without dates of "
        + "their own"
    )
  }
}
