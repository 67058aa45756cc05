internal import TundishColumns
internal import TundishSyntax

/// A sheet with a column per month, quarter or year: quotas with a row per rep, spend with a row per
/// channel.
struct WideSheet {
  let entry: TableEntry
  /// The columns of amounts and the periods that they are named after.
  let periods: [(column: Field, period: PeriodName)]
  /// The column of reps or channels, where there is one.
  let owner: Field?

  /// Reads a table's columns; nil where they are not at least two periods of one grain, or a year.
  init?(_ entry: TableEntry, role: ModelRole) {
    let fields = entry.table.schema.fields
    let named = fields.compactMap { field -> (Field, PeriodName)? in
      guard field.type.isNumeric, let period = PeriodName(field.name) else { return nil }
      return (field, period)
    }
    // Beside months there may be sums of quarters and of the year: the shortest count.
    let order: [Grain] = [.month, .quarter, .year]
    guard let grain = order.first(where: { grain in named.contains { $0.1.grain == grain } })
    else { return nil }
    periods = named.filter { $0.1.grain == grain }.map { ($0.0, $0.1) }
    guard periods.count >= 2 || grain == .year else { return nil }
    self.entry = entry
    let texts = fields.filter(\.type.isText)
    guard role == .quotas else {
      let hints = ColumnHints.attributes(of: role)
      let names = ["SOURCE", "CAMPAIGN"].flatMap { name in
        hints.first { $0.attribute == name }?.names ?? []
      }
      let found = RoleCandidate.column(names, of: entry).flatMap { $0.type.isText ? $0 : nil }
      owner = found ?? (texts.count == 1 ? texts.first : nil)
      return
    }
    let names = ColumnHints.attributes(of: role).first { $0.attribute == "OWNER" }?.names ?? []
    owner =
      RoleCandidate.column(names, of: entry).flatMap { $0.type.isText ? $0 : nil }
      ?? texts.first { ColumnWords($0.name).says("owner", optional: ["name", "sales"]) }
      ?? texts.first { ColumnHints.plain($0.name) == "name" }
  }

  /// What the column of rows is to the role.
  func attribute(of role: ModelRole) -> String {
    guard role != .quotas, let owner else { return role == .quotas ? "OWNER" : "SOURCE" }
    let names = ColumnHints.spend.first { $0.attribute == "CAMPAIGN" }?.names ?? []
    return names.contains(ColumnHints.plain(owner.name)) ? "CAMPAIGN" : "SOURCE"
  }

  var grain: Grain { periods.first?.period.grain ?? .year }
}

// Sheets with a column for each period become rows of a view.
extension ModelRecognizer {
  mutating func recognizeWideSheets() throws(StatementFailure) {
    for role in [ModelRole.quotas, .spend] { try recognizeWideSheet(role) }
  }

  private mutating func recognizeWideSheet(_ role: ModelRole) throws(StatementFailure) {
    guard model.role(role) == nil else { return }
    let word = role.rawValue.lowercasedASCII
    let sheets = catalog.tables.values.sorted { foldedText($0.name) < foldedText($1.name) }
      .filter { mayPlay($0, role) }
      .compactMap { WideSheet($0, role: role) }
    guard sheets.count == 1, let sheet = sheets.first else {
      if sheets.count > 1 {
        let names = sheets.map(\.entry.name).joined(separator: ", ")
        say("several tables have a column of \(word) per period: \(names); none was chosen")
      }
      return
    }
    let table = sheet.entry.name
    let isDated = sheet.periods.allSatisfy { $0.period.year != nil }
    let said = PeriodName.yearSaid(by: table)
    let isFiscal = sheet.periods.contains { $0.period.isFiscal } || said?.isFiscal ?? false
    if isFiscal, fiscalYearStart != 1 {
      return try ask(sheet, role, "whose fiscal years begin in month \(fiscalYearStart)")
    }
    guard isDated || said != nil, let text = try view(of: sheet, role, year: said?.year) else {
      return try ask(sheet, role, "of which year is not said")
    }
    let name = viewName(of: sheet)
    guard catalog.tables[foldedText(name)] == nil, catalog.views[foldedText(name)] == nil,
      case .createView(let view)? = Syntax.parse(text).script.statements.first?.kind
    else { return }
    add(view)
    let currencies = Set(sheet.periods.compactMap { ColumnHints.currency(inName: $0.column.name) })
    let attributes = attributes(of: sheet, role).map { attribute, column in
      ModelAttribute.value(
        name: Identifier(attribute, range: sql.range),
        sql.name(column),
        currency: attribute == "AMOUNT" && currencies.count == 1
          ? currencies.first.map { sql.text($0) } : nil,
        maps: [],
        sql.range
      )
    }
    let place = QualifiedName([sql.identifier(name)])
    model.items.append(.role(role, table: place, attributes: attributes, sql.range))
    let first = sheet.periods.first?.column.name ?? ""
    let last = sheet.periods.last?.column.name ?? ""
    tell(
      "\(word) = \(name), a view of \(table): a row per \(sheet.owner.map { $0.name + " and " } ?? "")"
        + "\(sheet.grain.rawValue), \(first) to \(last)"
        + (isDated ? "" : ", of \(said?.year ?? 0) as the table's name says")
    )
  }

  /// The attributes of the role and the view's columns.
  private func attributes(
    of sheet: WideSheet,
    _ role: ModelRole
  ) -> [(attribute: String, column: String)] {
    let attribute = sheet.attribute(of: role)
    let rows = sheet.owner == nil ? [] : [(attribute, attribute.lowercasedASCII)]
    return role == .quotas
      ? rows + [("PERIOD", "period"), ("AMOUNT", "quota")]
      : [("AT", "period"), ("AMOUNT", "cost")] + rows
  }

  /// What the column of figures is called in the view of a sheet.
  private static func amount(of role: ModelRole) -> String {
    switch role {
    case .quotas: "quota"
    case .spend: "cost"
    case .leads, .opportunities, .history, .visits, .touches, .activities, .customers,
      .subscriptions, .mqls, .sqls, .bookings:
      "figure"
    }
  }

  func viewName(of sheet: WideSheet) -> String {
    "\(sheet.entry.name)_by_\(sheet.grain.rawValue)"
  }

  /// Says which statement makes rows of a sheet, for a year that only the user knows.
  private mutating func ask(
    _ sheet: WideSheet,
    _ role: ModelRole,
    _ reason: String
  ) throws(StatementFailure) {
    guard let text = try view(of: sheet, role, year: nil) else { return }
    say(
      "\(sheet.entry.name) holds \(role.rawValue.lowercasedASCII) with a column per "
        + "\(sheet.grain.rawValue), \(reason). Say it, with the right dates:"
    )
    say("  " + text)
    let columns = attributes(of: sheet, role).map { "\($0) \($1)" }.joined(separator: ", ")
    say("  ALTER MODEL ADD \(role.rawValue) \(quoted(viewName(of: sheet))) (\(columns));")
  }

  /// The view that has a row for each row and period; periods without a year are of `year`.
  func view(
    of sheet: WideSheet,
    _ role: ModelRole,
    year: Int?
  ) throws(StatementFailure) -> String? {
    let table = quoted(sheet.entry.name)
    let owner = sheet.owner.map { quoted($0.name) }
    let own = sheet.attribute(of: role).lowercasedASCII
    let amount = Self.amount(of: role)
    let used = Set(sheet.periods.map(\.column.name) + [sheet.owner?.name].compactMap { $0 })
    let others = sheet.entry.table.schema.fields.filter {
      $0.type.isText && !used.contains($0.name)
        && ![own, "period", amount].contains(foldedText($0.name))
    }
    let ownName =
      [sheet.owner?.name].compactMap { $0 }
      .filter { ![own, "period", amount].contains(foldedText($0)) }.map { quoted($0) }
    // A row of sums would count everything twice.
    let totals = try sheet.owner.map { field throws(StatementFailure) in
      try lookup.texts(
        of: sql.name(field.name),
        in: QualifiedName([sql.identifier(sheet.entry.name)])
      ).filter(ReportTotals.isTotal)
    }
    let parts = sheet.periods.map { column, period in
      let year = period.year ?? year ?? 2000
      let month = period.month < 10 ? "0\(period.month)" : "\(period.month)"
      // The column keeps its own name too: `by channel` asks for it as the sheet writes it.
      let columns =
        (owner.map { ["\($0) AS \(own)"] } ?? []) + ownName
        + others.map { quoted($0.name) }
        + ["DATE '\(year)-\(month)-01' AS period", "\(quoted(column.name)) AS \(amount)"]
      let excluded = (totals ?? []).map {
        " AND \(owner ?? "") IS DISTINCT FROM \(Syntax.format(sql.text($0)))"
      }.joined()
      return "SELECT \(columns.joined(separator: ", ")) FROM \(table) "
        + "WHERE \(quoted(column.name)) IS NOT NULL\(excluded)"
    }
    return
      "CREATE VIEW \(quoted(viewName(of: sheet))) AS \(parts.joined(separator: " UNION ALL "));"
  }
}
