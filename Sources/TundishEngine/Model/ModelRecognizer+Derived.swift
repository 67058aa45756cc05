internal import TundishColumns
internal import TundishSyntax

// Opportunities without a table of their own: rows of the leads table, or the last row of each deal
// in a history of stages.
extension ModelRecognizer {
  mutating func deriveOpportunities() throws(StatementFailure) {
    guard model.role(.opportunities) == nil else { return }
    let others = try candidates(for: .opportunities)
    guard others.isEmpty else { return }
    if try deriveFromLeads() { return }
    try deriveFromHistory()
  }

  /// Leads whose row also holds the opportunity: its date, what became of it, its amount.
  private mutating func deriveFromLeads() throws(StatementFailure) -> Bool {
    guard let leads = model.role(.leads), leads.value("count") == nil,
      let entry = catalog.tables[foldedText(leads.table.last)]
    else { return false }
    let endings = ["at", "date", "created", "createdat", "createddate", ""]
    let opened: [String] = ["opportunity", "opp", "deal"].flatMap { (word: String) -> [String] in
      endings.map { (ending: String) -> String in word + ending }
    }
    var candidate = RoleCandidate(role: .opportunities, table: entry, attributes: [])
    if let isDeal = try kind("opportunity", of: candidate) {
      candidate = try filled(candidate)
      candidate.counted = isDeal
      try take(candidate)
      return true
    }
    if let key = leads.value("key"), let keyName = key.simpleName?.text,
      let field = candidate.fields.first(where: { foldedEqual($0.name, keyName) })
    {
      candidate.attributes.append(.init(name: "KEY", column: field, value: key))
    }
    let begins = candidate.fields.filter {
      RoleCandidate.isDate($0) && ColumnHints.milestone($0.name) == "opportunity"
    }
    let told = candidate.column(opened + ["becameanopportunitydate"])
    let created =
      told.flatMap { RoleCandidate.isDate($0) ? $0 : nil } ?? begins.first
      ?? candidate.fields.first {
        ColumnHints.milestone($0.name) == "proposal" && RoleCandidate.isDate($0)
      }
    if let created, RoleCandidate.isDate(created) {
      candidate.attributes.append(
        .init(name: "CREATED", column: created, value: sql.name(created.name))
      )
    }
    let named: Set<String> = ["KEY", "CREATED", "LEAD"]
    candidate = try filled(candidate, except: named)
    let outcome = try OutcomeEvidence(recognizer: self, candidate: candidate)
    var flag: Expression?
    for field in candidate.fields
    where Self.saysBecameDeal(field.name) {
      if flag == nil { flag = try isSet(field, in: candidate.table) }
    }
    guard outcome.isDecisive,
      created != nil || outcome.closed != nil || candidate.has("CLOSED") || flag != nil
    else { return false }
    if let field = candidate.attributes.first(where: { $0.name == "KEY" }) {
      candidate.attributes.append(.init(name: "LEAD", column: field.column, value: field.value))
    }
    // Where no date says which leads became deals, those did that were won or lost.
    let begun =
      candidate.attribute("CREATED")?.value ?? outcome.closed
      ?? candidate.attribute("CLOSED")?.value
    var conditions = begun.map { [sql.isNull($0, not: true)] } ?? []
    let ended = outcome.stages.filter { $0.kind == .won || $0.kind == .lost }.map(\.label)
    if !candidate.has("CREATED"), let stage = candidate.attribute("STAGE")?.value, !ended.isEmpty {
      // Those that are offered or negotiated are deals, too, though they have not ended.
      let offered = outcome.stages.filter { $0.kind == .open }.map(\.label)
        .filter(ColumnHints.isDealStage)
      conditions.append(sql.any(of: sql.cast(stage, "VARCHAR"), ended + offered))
    }
    if created == nil, let flag { conditions.append(flag) }
    // A sheet that says only when deals ended has an amount for those that did not, too.
    if created == nil, flag == nil, ended.isEmpty, let closed = outcome.closed,
      let amount = candidate.attribute("AMOUNT")?.value,
      let isUnvalued = sql.all([sql.isNull(closed, not: true), sql.isNull(amount)]),
      try !holds(isUnvalued, in: entry)
    {
      conditions.append(sql.isNull(amount, not: true))
    }
    if flag == nil, try isAllDeals(candidate, outcome, leads) {
      conditions = []
      if let start = leads.value("created"), let name = start.simpleName?.text,
        let field = candidate.fields.first(where: { foldedEqual($0.name, name) })
      {
        candidate.attributes.append(.init(name: "CREATED", column: field, value: start))
      }
      tell("every row of \(entry.name) is a deal too: the open ones have an amount and a date")
    }
    candidate.counted = conditions.dropFirst().reduce(conditions.first) { all, other in
      all.map { sql.binary(.or, $0, other) }
    }
    try take(candidate)
    return true
  }

  /// Whether a column asks if a lead became a deal: `Opportunity?`, `Converted to opportunity`.
  private static func saysBecameDeal(_ column: String) -> Bool {
    let name = column.replacing("?", with: "")
    if ColumnHints.milestone(name) == "opportunity" { return true }
    let words = Set(ColumnWords(name).words)
    return words.contains("deal")
      && words.isSubset(of: ["deal", "convert", "to", "is", "became", "an", "create", "has"])
  }

  /// Whether all rows of a table of leads are deals: their state says no more than open, won and lost,
  /// and the open ones have an amount and an expected date, too.
  private func isAllDeals(
    _ candidate: RoleCandidate,
    _ outcome: OutcomeEvidence,
    _ leads: RoleDefinition
  ) throws(StatementFailure) -> Bool {
    guard !candidate.has("CREATED"), leads.milestones.isEmpty,
      let stage = candidate.attribute("STAGE")?.value,
      let amount = candidate.attribute("AMOUNT")?.value,
      let expected = candidate.attribute("EXPECTED")?.value
    else { return false }
    let open = outcome.stages.filter { $0.kind == .open }.map(\.label)
    guard !open.isEmpty, open.allSatisfy(ColumnHints.isState),
      let isBare = sql.all([
        sql.any(of: sql.cast(stage, "VARCHAR"), open),
        sql.grouped(sql.binary(.or, sql.isNull(amount), sql.isNull(expected))),
      ])
    else { return false }
    return try !holds(isBare, in: candidate.table)
  }

  /// One row per deal, made of the history: first and last row, and the outcome's date.
  private mutating func deriveFromHistory() throws(StatementFailure) {
    // What became of leads is no history of deals, though some of them were lost.
    guard let history = model.role(.history), history.of != .leads, let key = history.value("key"),
      let stage = history.value("stage"), let at = history.value("at"),
      history.condition("counted") == nil
    else { return }
    let labels = try lookup.texts(of: stage, in: history.table)
    let ended = labels.filter { [.won, .lost].contains(ColumnHints.kind(ofLabel: $0)) }
    guard !ended.isEmpty else { return }
    let name = history.table.last + "_deals"
    guard catalog.tables[foldedText(name)] == nil, catalog.views[foldedText(name)] == nil else {
      return
    }
    let texts = ended.map { "'" + $0.replacing("'", with: "''") + "'" }.joined(separator: ", ")
    let (k, s, a) = (Syntax.format(key), Syntax.format(stage), Syntax.format(at))
    let owner =
      history.value("owner").map { ", arg_max(\(Syntax.format($0)), \(a)) AS owner" } ?? ""
    let others = try details(of: history, at: a)
    let text =
      "CREATE VIEW \(quoted(name)) AS SELECT \(k) AS deal_id, min(\(a)) AS created_at, "
      + "CASE WHEN arg_max(\(s), \(a)) IN (\(texts)) THEN max(\(a)) END AS closed_at, "
      + "arg_max(\(s), \(a)) AS stage\(owner)\(others.map(\.text).joined()) FROM \(quoted(history.table.last)) GROUP BY \(k)"
    guard case .createView(let view)? = Syntax.parse(text).script.statements.first?.kind else {
      return
    }
    add(view)
    func column(_ name: String) -> ModelAttribute {
      .value(
        name: Identifier(Self.roles[name] ?? name, range: sql.range),
        sql.name(name),
        currency: nil,
        maps: [],
        sql.range
      )
    }
    let columns =
      ["deal_id", "created_at", "closed_at", "stage"] + (owner.isEmpty ? [] : ["owner"])
      + others.map(\.name)
    model.items.append(
      .role(
        .opportunities,
        table: QualifiedName([sql.identifier(name)]),
        attributes: columns.map(column),
        sql.range
      )
    )
    let stages = labels.map { label in
      StageDefinition(
        label: Identifier(label, range: sql.range, isQuoted: true),
        kind: ColumnHints.kind(ofLabel: label) ?? .open,
        probability: nil
      )
    }
    if model.stages.isEmpty { model.items.append(.stages(stages, sql.range)) }
    tell(
      "opportunities = \(name), a view of \(history.table.last): a row per \(k), its first and last stage"
    )
  }

  /// What else each row of a history says of its deal; the last that it says holds.
  private func details(
    of history: RoleDefinition,
    at time: String
  ) throws(StatementFailure) -> [(name: String, text: String)] {
    guard let entry = catalog.tables[foldedText(history.table.last)] else { return [] }
    return ["AMOUNT", "SOURCE", "ACCOUNT", "PRODUCT", "CAMPAIGN"].compactMap { attribute in
      let names = ColumnHints.opportunities.first { $0.attribute == attribute }?.names ?? []
      guard let field = RoleCandidate.column(names, of: entry),
        attribute == "AMOUNT" ? field.type.isNumeric : field.type.isText
      else { return nil }
      let name = attribute.lowercasedASCII
      return (
        name,
        ", arg_max(\(quoted(field.name)), \(time)) FILTER (WHERE \(quoted(field.name)) IS NOT NULL) "
          + "AS \(name)"
      )
    }
  }

  private static let roles = [
    "deal_id": "KEY", "created_at": "CREATED", "closed_at": "CLOSED", "stage": "STAGE",
    "owner": "OWNER", "amount": "AMOUNT", "source": "SOURCE", "account": "ACCOUNT",
    "product": "PRODUCT", "campaign": "CAMPAIGN",
  ]
}
