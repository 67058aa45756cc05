internal import TundishColumns
internal import TundishSyntax

// Sheets of what each rep won and lost: `Rep, Month, Target, Revenue, Won, Lost`.
extension ModelRecognizer {
  private static let wonCounts = [
    "won", "wins", "wondeals", "dealswon", "closedwon", "numberwon", "gewonnen", "gagnes",
    "ganadas",
  ]
  private static let lostCounts = [
    "lost", "losses", "lostdeals", "dealslost", "closedlost", "numberlost", "verloren", "perdus",
    "perdidas",
  ]
  private static let revenues = [
    "revenue", "bookings", "actual", "actuals", "wonamount", "wonrevenue", "sales", "omzet",
    "umsatz",
    "achieved", "realized",
  ]
  private static let targets = ["target", "quota", "goal", "targetrevenue", "salestarget", "doel"]

  /// Makes deals that ended of the counts of won and lost, where nothing else tells of deals.
  mutating func recognizeScorecard() throws(StatementFailure) {
    guard model.role(.opportunities) == nil, model.role(.leads) == nil,
      model.role(.bookings) == nil
    else { return }
    var sheets: [(entry: TableEntry, won: Field, lost: Field, at: RoleCandidate.Attribute)] = []
    for entry in catalog.tables.values.sorted(by: { $0.name < $1.name }) {
      guard let won = RoleCandidate.column(Self.wonCounts, of: entry), won.type.isInteger,
        let lost = RoleCandidate.column(Self.lostCounts, of: entry), lost.type.isInteger,
        let at = try period(of: entry)
      else { continue }
      sheets.append((entry, won, lost, at))
    }
    guard sheets.count == 1, let (entry, won, lost, at) = sheets.first else { return }
    let name = entry.name + "_outcomes"
    guard catalog.tables[foldedText(name)] == nil, catalog.views[foldedText(name)] == nil else {
      return
    }
    let texts = entry.table.schema.fields.filter { $0.type.isText && $0.name != at.column.name }
    let money = RoleCandidate.column(Self.revenues, of: entry).flatMap {
      $0.type.isNumeric ? $0 : nil
    }
    let own = (texts.map { quoted($0.name) } + ["\(Syntax.format(at.value)) AS period"])
      .joined(separator: ", ")
    let amount = money.map { quoted($0.name) } ?? "NULL"
    let table = quoted(entry.name)
    let text =
      "CREATE VIEW \(quoted(name)) AS SELECT \(own), 'Won' AS outcome, \(quoted(won.name)) AS deals, "
      + "\(amount) AS amount FROM \(table) UNION ALL SELECT \(own), 'Lost', \(quoted(lost.name)), NULL "
      + "FROM \(table)"
    guard case .createView(let view)? = Syntax.parse(text).script.statements.first?.kind else {
      return
    }
    add(view)
    var attributes = [
      attribute("COUNT", sql.name("deals")), attribute("CLOSED", sql.name("period")),
      attribute("STAGE", sql.name("outcome")),
    ]
    if money != nil { attributes.insert(attribute("AMOUNT", sql.name("amount")), at: 2) }
    for (name, names) in ColumnHints.stage where ["OWNER", "SOURCE", "CAMPAIGN"].contains(name) {
      if let field = RoleCandidate.column(names, of: entry), texts.contains(field) {
        attributes.append(attribute(name, sql.name(field.name)))
      }
    }
    let place = QualifiedName([sql.identifier(name)])
    model.items.append(.role(.opportunities, table: place, attributes: attributes, sql.range))
    let kinds = [("Won", StageKind.won), ("Lost", .lost)].map { label, kind in
      StageDefinition(
        label: Identifier(label, range: sql.range, isQuoted: true),
        kind: kind,
        probability: nil
      )
    }
    if model.stages.isEmpty { model.items.append(.stages(kinds, sql.range)) }
    tell(
      "opportunities = \(name), a view of \(entry.name): \(won.name) and \(lost.name) count the deals "
        + "that ended by \(at.column.name); of open ones nothing is known"
    )
    addTargets(of: entry, at)
  }

  /// The targets that stand beside what was reached.
  private mutating func addTargets(of entry: TableEntry, _ at: RoleCandidate.Attribute) {
    guard model.role(.quotas) == nil, let target = RoleCandidate.column(Self.targets, of: entry),
      target.type.isNumeric
    else { return }
    var attributes = [attribute("PERIOD", at.value), attribute("AMOUNT", sql.name(target.name))]
    let owners = ColumnHints.quotas.first { $0.attribute == "OWNER" }?.names ?? []
    if let owner = RoleCandidate.column(owners, of: entry), owner.type.isText {
      attributes.insert(attribute("OWNER", sql.name(owner.name)), at: 0)
    }
    let place = QualifiedName([sql.identifier(entry.name)])
    model.items.append(.role(.quotas, table: place, attributes: attributes, sql.range))
    tell("quotas = \(entry.name): \(target.name) of each \(at.column.name)")
  }
}
