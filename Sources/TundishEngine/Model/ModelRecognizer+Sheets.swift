internal import TundishColumns
internal import TundishSyntax

// Sheets of counts: a row per month and channel, with a column for each stage.
extension ModelRecognizer {
  /// What a column of a sheet counts.
  private static let columns: [(role: ModelRole, names: [String])] = [
    (.leads, ["leads", "newleads", "leadcount", "numberofleads"]),
    (.mqls, ["mqls", "mql", "marketingqualifiedleads"]),
    (.sqls, ["sqls", "sql", "salesqualifiedleads"]),
    (
      .opportunities,
      [
        "opportunities", "opps", "newopportunities", "deals", "dealscreated", "kansen",
        "oportunitati", "verkaufschancen",
      ]
    ),
    (
      .bookings,
      ["won", "wondeals", "dealswon", "wins", "closedwon", "customers", "newcustomers", "gewonnen"]
    ),
    (.visits, ["sessions", "visits", "sessies", "bezoeken"]),
  ]
  private static let amounts = [
    "bookings", "revenue", "bookingsamount", "bookingamount", "wonamount", "omzet", "venituri",
    "umsatz", "sales",
  ]

  private static let costs = [
    "spend", "cost", "adspend", "costs", "marketingspend", "budget", "budget cost",
  ]

  /// The column of numbers with one of some names, or that says the same in other words.
  private static func number(_ names: [String], of entry: TableEntry) -> Field? {
    if let field = RoleCandidate.column(names, of: entry), field.type.isNumeric { return field }
    let wanted = names.map { Set(ColumnWords($0).words).subtracting(noise) }
    return entry.table.schema.fields.first { field in
      let words = Set(ColumnWords(field.name).words).subtracting(noise)
      return field.type.isNumeric && !words.isEmpty && wanted.contains(words)
    }
  }

  /// `New leads`, `Opps created` and `# deals` count the same rows.
  private static let noise: Set<String> = ["new", "create", "total", "id", "marketing"]

  /// The labels that name figures, each figure by its first label.
  static func figures(_ labels: [String]) -> [(label: String, name: String)] {
    var figures: [(label: String, name: String)] = []
    for label in labels {
      guard let name = figure(label), !figures.contains(where: { $0.name == name }) else {
        continue
      }
      figures.append((label, name))
    }
    return figures
  }

  /// What a row of a sheet counts that has its figures down and its months across; nil for others.
  static func figure(_ label: String) -> String? {
    let said = ColumnHints.plain(label)
    let words = Set(ColumnWords(label).words).subtracting(noise)
    for (_, names) in columns + [(.bookings, amounts), (.spend, costs)] {
      guard let name = names.first else { continue }
      if names.contains(said) { return name }
      if !words.isEmpty,
        names.contains(where: { Set(ColumnWords($0).words).subtracting(noise) == words })
      {
        return name
      }
    }
    return nil
  }

  /// Whether a figure counts rows, and is no money.
  static func isCount(_ figure: String) -> Bool {
    figure != amounts.first && figure != costs.first
  }

  /// A report of traffic, with the sessions of a day and channel in a row, beside other tables.
  mutating func recognizeTraffic() throws(StatementFailure) {
    guard model.role(.visits) == nil else { return }
    let taken = Set(model.roles.map { foldedText($0.table.last) })
    var reports: [(TableEntry, RoleCandidate.Attribute, Field)] = []
    for entry in catalog.tables.values.sorted(by: { $0.name < $1.name })
    where !taken.contains(foldedText(entry.name)) {
      guard let names = Self.columns.first(where: { $0.role == .visits })?.names,
        let sessions = Self.number(names, of: entry), sessions.type.isInteger,
        let at = try period(of: entry)
      else { continue }
      reports.append((entry, at, sessions))
    }
    guard reports.count == 1, let (entry, at, sessions) = reports.first else { return }
    add(
      .visits,
      entry,
      [attribute("COUNT", sql.name(sessions.name)), attribute("AT", at.value)]
    )
    tell("visits = \(entry.name), a report of traffic: sessions = sum of \(sessions.name)")
  }

  /// Gives the roles that are still unset to the columns of the only sheet there is.
  mutating func recognizeSheet() throws(StatementFailure) {
    let counted = ModelRole.allCases.filter { model.role($0)?.value("count") != nil }
    guard counted.isEmpty, model.role(.leads) == nil, model.role(.opportunities) == nil else {
      return
    }
    var sheets: [(TableEntry, RoleCandidate.Attribute, [(ModelRole, Field)])] = []
    for entry in catalog.tables.values.sorted(by: { $0.name < $1.name }) {
      guard let at = try period(of: entry) else { continue }
      let found = Self.columns.compactMap { role, names -> (ModelRole, Field)? in
        Self.number(names, of: entry).map { (role, $0) }
      }
      if found.filter({ $0.0 != .visits }).count >= 2 { sheets.append((entry, at, found)) }
    }
    guard sheets.count == 1, let (entry, at, found) = sheets.first else {
      if sheets.count > 1 {
        let names = sheets.map(\.0.name).joined(separator: ", ")
        say("several tables could be the sheet of counts: \(names); none was chosen")
      }
      return
    }
    try take(entry, at, found)
  }

  /// The column of the period: the first that is one.
  func period(
    of entry: TableEntry
  ) throws(StatementFailure) -> RoleCandidate.Attribute? {
    for (attribute, names) in ColumnHints.spend where attribute == "AT" {
      for name in names {
        guard let field = RoleCandidate.column([name], of: entry),
          let value = try value(of: field, as: "AT", in: entry)
        else { continue }
        return RoleCandidate.Attribute(name: "AT", column: field, value: value)
      }
    }
    return try value(meaning: "AT", of: .spend, in: entry, except: [])
  }

  private mutating func take(
    _ entry: TableEntry,
    _ at: RoleCandidate.Attribute,
    _ found: [(ModelRole, Field)]
  ) throws(StatementFailure) {
    var told: [String] = []
    var counts = found
    let named = Self.dimensions(of: entry).map(\.field)
    let counted = try withoutTotals(of: entry, beside: [at.column] + named)
    var amount = Self.number(Self.amounts, of: entry)
    if let money = amount, !counts.contains(where: { $0.0 == .bookings }),
      let deals = counts.last(where: { $0.0 == .opportunities || $0.0 == .leads })?.1,
      try isNeverMore(money, than: deals, in: entry)
    {
      // Money would be more than the number of deals; so this is a number of deals itself.
      counts.append((.bookings, money))
      amount = nil
      told.append("\(money.name) is never more than \(deals.name), so it counts deals")
    }
    for (role, field) in counts where model.role(role) == nil {
      let date = role == .leads || role == .opportunities ? "CREATED" : "AT"
      var attributes = [attribute("COUNT", sql.name(field.name)), attribute(date, at.value)]
      if role == .bookings, let amount {
        attributes.append(attribute("AMOUNT", sql.name(amount.name)))
      }
      add(role, entry, attributes, counted: counted)
      told.append("\(role.rawValue.lowercasedASCII) = sum of \(field.name)")
    }
    if let cost = Self.number(Self.costs, of: entry), model.role(.spend) == nil {
      add(
        .spend,
        entry,
        [attribute("AT", at.value), attribute("AMOUNT", sql.name(cost.name))],
        counted: counted
      )
      told.append("spend = sum of \(cost.name)")
    }
    if counted != nil { told.append("rows of sums left out") }
    let place = at.column.name
    tell("\(entry.name), a sheet of counts by \(place): \(told.joined(separator: ", "))")
    tell("its rows have no keys: conversion of single leads and their times are not known")
  }

  /// The columns of texts that rows of a sheet are cut by.
  private static func dimensions(of entry: TableEntry) -> [(name: String, field: Field)] {
    ColumnHints.stage.filter { ["SOURCE", "CAMPAIGN", "OWNER"].contains($0.attribute) }
      .compactMap { name, names in
        guard let field = RoleCandidate.column(names, of: entry), field.type.isText else {
          return nil
        }
        return (name, field)
      }
  }

  private func isNeverMore(
    _ field: Field,
    than other: Field,
    in entry: TableEntry
  ) throws(StatementFailure) -> Bool {
    guard field.type.isInteger else { return false }
    let larger = sql.binary(.greater, sql.name(field.name), sql.name(other.name))
    let query = sql.query(
      sql.select(
        [sql.item(sql.call("count", [sql.star]))],
        from: sql.table(entry.name),
        where: larger
      )
    )
    return try lookup.rows(of: query).first?.first == .integer(0)
  }

  /// `NAME <value>`, an attribute that says no more.
  func attribute(_ name: String, _ value: Expression) -> ModelAttribute {
    .value(
      name: Identifier(name, range: sql.range),
      value,
      currency: nil,
      maps: [],
      sql.range
    )
  }

  private mutating func add(
    _ role: ModelRole,
    _ entry: TableEntry,
    _ attributes: [ModelAttribute],
    counted: Expression? = nil
  ) {
    var all = attributes
    all += Self.dimensions(of: entry).map { attribute($0.name, sql.name($0.field.name)) }
    if let counted {
      all.append(
        .condition(name: Identifier("COUNTED", range: sql.range), counted, sql.range)
      )
    }
    model.items.append(
      .role(
        role,
        table: QualifiedName([sql.identifier(entry.name)]),
        attributes: all,
        sql.range
      )
    )
  }
}
