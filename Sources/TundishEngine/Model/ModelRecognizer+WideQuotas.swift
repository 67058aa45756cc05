internal import TundishColumns
internal import TundishSyntax

/// A sheet of quotas with a row per rep and a column per month, quarter or year.
struct WideQuotas {
  let entry: TableEntry
  /// The columns of amounts and the periods that they are named after.
  let periods: [(column: Field, period: PeriodName)]
  /// The column of reps, where there is one.
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
    let names = ColumnHints.attributes(of: role).first { $0.attribute == "OWNER" }?.names ?? []
    let texts = fields.filter(\.type.isText)
    owner =
      RoleCandidate.column(names, of: entry).flatMap { $0.type.isText ? $0 : nil }
      ?? texts.first { ColumnWords($0.name).says("owner", optional: ["name", "sales"]) }
      ?? texts.first { ColumnHints.plain($0.name) == "name" }
  }

  var grain: Grain { periods.first?.period.grain ?? .year }
}

// Quotas with a column for each period become rows of a view.
extension ModelRecognizer {
  mutating func recognizeWideQuotas() throws(StatementFailure) {
    guard model.role(.quotas) == nil else { return }
    let sheets = catalog.tables.values.sorted { foldedText($0.name) < foldedText($1.name) }
      .filter { mayPlay($0, .quotas) }
      .compactMap { WideQuotas($0, role: .quotas) }
    guard sheets.count == 1, let sheet = sheets.first else {
      if sheets.count > 1 {
        let names = sheets.map(\.entry.name).joined(separator: ", ")
        say("several tables have a column of quotas per period: \(names); none was chosen")
      }
      return
    }
    let table = sheet.entry.name
    let isDated = sheet.periods.allSatisfy { $0.period.year != nil }
    let said = PeriodName.yearSaid(by: table)
    let isFiscal = sheet.periods.contains { $0.period.isFiscal } || said?.isFiscal ?? false
    if isFiscal, fiscalYearStart != 1 {
      return try ask(sheet, "whose fiscal years begin in month \(fiscalYearStart)")
    }
    guard isDated || said != nil, let text = try view(of: sheet, year: said?.year) else {
      return try ask(sheet, "of which year is not said")
    }
    let name = viewName(of: sheet)
    guard catalog.tables[foldedText(name)] == nil, catalog.views[foldedText(name)] == nil,
      case .createView(let view)? = Syntax.parse(text).script.statements.first?.kind
    else { return }
    add(view)
    let currencies = Set(sheet.periods.compactMap { ColumnHints.currency(inName: $0.column.name) })
    let items =
      (sheet.owner == nil ? [] : [("OWNER", "owner")]) + [
        ("PERIOD", "period"), ("AMOUNT", "quota"),
      ]
    let attributes = items.map { attribute, column in
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
    model.items.append(.role(.quotas, table: place, attributes: attributes, sql.range))
    let first = sheet.periods.first?.column.name ?? ""
    let last = sheet.periods.last?.column.name ?? ""
    tell(
      "quotas = \(name), a view of \(table): a row per \(sheet.owner.map { $0.name + " and " } ?? "")"
        + "\(sheet.grain.rawValue), \(first) to \(last)"
        + (isDated ? "" : ", of \(said?.year ?? 0) as the table's name says")
    )
  }

  private func viewName(of sheet: WideQuotas) -> String {
    "\(sheet.entry.name)_by_\(sheet.grain.rawValue)"
  }

  /// Says which statement makes quotas of a sheet, for a year that only the user knows.
  private mutating func ask(_ sheet: WideQuotas, _ reason: String) throws(StatementFailure) {
    guard let text = try view(of: sheet, year: nil) else { return }
    say(
      "\(sheet.entry.name) holds quotas with a column per \(sheet.grain.rawValue), \(reason). "
        + "Say it, with the right dates:"
    )
    say("  " + text)
    let owner = sheet.owner == nil ? "" : "OWNER owner, "
    say(
      "  ALTER MODEL ADD QUOTAS \(quoted(viewName(of: sheet))) "
        + "(\(owner)PERIOD period, AMOUNT quota);"
    )
  }

  /// The view that has a row for each rep and period; periods without a year are of `year`.
  private func view(of sheet: WideQuotas, year: Int?) throws(StatementFailure) -> String? {
    let table = quoted(sheet.entry.name)
    let owner = sheet.owner.map { quoted($0.name) }
    let used = Set(sheet.periods.map(\.column.name) + [sheet.owner?.name].compactMap { $0 })
    let others = sheet.entry.table.schema.fields.filter {
      $0.type.isText && !used.contains($0.name)
        && !["owner", "period", "quota"].contains(foldedText($0.name))
    }
    // A row of sums would count everything twice.
    let totals = try sheet.owner.map { field throws(StatementFailure) in
      try lookup.texts(
        of: sql.name(field.name),
        in: QualifiedName([sql.identifier(sheet.entry.name)])
      ).filter { Self.totals.contains(ColumnHints.label($0)) }
    }
    let parts = sheet.periods.map { column, period in
      let year = period.year ?? year ?? 2000
      let month = period.month < 10 ? "0\(period.month)" : "\(period.month)"
      let columns =
        (owner.map { ["\($0) AS owner"] } ?? []) + others.map { quoted($0.name) }
        + ["DATE '\(year)-\(month)-01' AS period", "\(quoted(column.name)) AS quota"]
      let excluded = (totals ?? []).map { " AND \(owner ?? "") <> '\($0)'" }.joined()
      return "SELECT \(columns.joined(separator: ", ")) FROM \(table) "
        + "WHERE \(quoted(column.name)) IS NOT NULL\(excluded)"
    }
    return
      "CREATE VIEW \(quoted(viewName(of: sheet))) AS \(parts.joined(separator: " UNION ALL "));"
  }

  private static let totals: Set<String> = [
    "total", "totals", "grand total", "sum", "totaal", "gesamt", "summe", "somme", "suma",
    "team total",
    "total general", "totale",
  ]
}
