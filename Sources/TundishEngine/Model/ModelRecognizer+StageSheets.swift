internal import TundishColumns
internal import TundishSyntax

// Sheets that hold one stage each, with a row per channel and a column per month: `Leads`, `MQLs`,
// `Bookings` of one workbook.
extension ModelRecognizer {
  mutating func recognizeStageSheets() throws(StatementFailure) {
    let roles: [ModelRole] = [.leads, .mqls, .sqls, .opportunities, .bookings, .visits]
    for role in roles where model.role(role) == nil { try recognizeStageSheet(role) }
  }

  private mutating func recognizeStageSheet(_ role: ModelRole) throws(StatementFailure) {
    let taken = Set(model.roles.map { foldedText($0.table.last) })
    let sheets = catalog.tables.values.sorted { foldedText($0.name) < foldedText($1.name) }
      .filter { !taken.contains(foldedText($0.name)) && Self.isStage($0.name, role) }
      .compactMap { WideSheet($0, role: role) }
    guard sheets.count == 1, let sheet = sheets.first else { return }
    let said = PeriodName.yearSaid(by: sheet.entry.name)
    let isDated = sheet.periods.allSatisfy { $0.period.year != nil }
    guard isDated || said != nil, !sheet.periods.contains(where: { $0.period.isFiscal }),
      let text = try view(of: sheet, role, year: said?.year),
      case .createView(let view)? = Syntax.parse(text).script.statements.first?.kind
    else { return }
    let name = viewName(of: sheet)
    guard catalog.tables[foldedText(name)] == nil, catalog.views[foldedText(name)] == nil else {
      return
    }
    add(view)
    let isMoney = role == .bookings && Self.isMoney(sheet)
    var attributes = [
      attribute("COUNT", isMoney ? sql.null : sql.name("figure")),
      attribute(
        role == .leads || role == .opportunities ? "CREATED" : "AT",
        sql.name("period")
      ),
    ]
    if isMoney { attributes.append(attribute("AMOUNT", sql.name("figure"))) }
    if sheet.owner != nil {
      let own = sheet.attribute(of: role)
      attributes.append(attribute(own, sql.name(own.lowercasedASCII)))
    }
    let place = QualifiedName([sql.identifier(name)])
    model.items.append(.role(role, table: place, attributes: attributes, sql.range))
    tell(
      "\(role.rawValue.lowercasedASCII) = \(name), a view of \(sheet.entry.name): "
        + (isMoney ? "money, not a count, " : "a count ")
        + "per \(sheet.owner.map { $0.name + " and " } ?? "")\(sheet.grain.rawValue)"
    )
  }

  /// Whether a table is called after a stage and nothing else.
  private static func isStage(_ name: String, _ role: ModelRole) -> Bool {
    let bare = ColumnHints.bareTable(name)
    switch role {
    case .leads:
      return ["leads", "lead", "newleads", "prospects", "aanvragen", "anfragen"].contains(bare)
    case .visits: return ["sessions", "visits", "sessies", "bezoeken", "besuche"].contains(bare)
    case .opportunities, .history, .touches, .spend, .quotas, .activities, .customers,
      .subscriptions, .mqls, .sqls, .bookings:
      return ColumnHints.stageTables(of: role).contains(bare)
    }
  }

  /// Whether the figures are amounts: they have cents, or are too large for numbers of deals.
  private static func isMoney(_ sheet: WideSheet) -> Bool {
    let bare = ColumnHints.bareTable(sheet.entry.name)
    if ["wins", "wondeals", "dealswon", "closedwon"].contains(bare) { return false }
    let fields = sheet.entry.table.schema.fields
    return sheet.periods.contains { period in
      guard period.column.type.isInteger,
        let position = fields.firstIndex(where: { $0.name == period.column.name }),
        case .integer(let most)? = sheet.entry.table.statistics(ofColumn: position).maximum
      else { return true }
      return most >= 1_000
    }
  }
}
