internal import TundishColumns
internal import TundishSyntax

// Which tables could play a role.
extension ModelRecognizer {
  func candidates(for role: ModelRole) throws(StatementFailure) -> [RoleCandidate] {
    let taken = Set(model.roles.map { foldedText($0.table.last) })
    let tables = catalog.tables.values.sorted { foldedText($0.name) < foldedText($1.name) }
    var found: [RoleCandidate] = []
    for table in tables where !taken.contains(foldedText(table.name)) {
      guard let candidate = try candidate(table, role) else { continue }
      found.append(candidate)
    }
    return found
  }

  /// The attributes that a table's columns could be; nil where they do not make the role.
  func candidate(
    _ table: TableEntry,
    _ role: ModelRole
  ) throws(StatementFailure) -> RoleCandidate? {
    guard mayPlay(table, role) else { return nil }
    return try qualified(filled(RoleCandidate(role: role, table: table, attributes: [])))
  }

  /// The candidate with each attribute that some column tells: by its name, else by its words.
  func filled(
    _ empty: RoleCandidate,
    except left: Set<String> = []
  ) throws(StatementFailure) -> RoleCandidate {
    let (role, table) = (empty.role, empty.table)
    let hints = ColumnHints.attributes(of: role).filter { !left.contains($0.attribute) }
    var used = Set(empty.attributes.map(\.column.name))
    var found = empty.attributes
    for (attribute, names) in hints where !empty.has(attribute) {
      for name in names {
        guard let value = try value(named: name, for: attribute, in: table, except: used) else {
          continue
        }
        found.append(value)
        used.insert(value.column.name)
        break
      }
    }
    for (attribute, _) in hints where !found.contains(where: { $0.name == attribute }) {
      guard let value = try value(meaning: attribute, of: role, in: table, except: used) else {
        continue
      }
      found.append(value)
      used.insert(value.column.name)
    }
    var candidate = empty
    let order = ColumnHints.attributes(of: role).map(\.attribute)
    candidate.attributes = order.compactMap { name in found.first { $0.name == name } }
    return candidate
  }

  /// The first column whose words say what the attribute means.
  func value(
    meaning attribute: String,
    of role: ModelRole,
    in table: TableEntry,
    except used: Set<String>
  ) throws(StatementFailure) -> RoleCandidate.Attribute? {
    let optional = ColumnMeanings.optional(for: attribute, in: role)
    var meanings = ColumnMeanings.meanings(of: attribute, in: role)
    // Among quotes the date of the quote is when it was made; among deals it is one date of several.
    if role == .opportunities, attribute == "CREATED",
      ColumnWords(table.name).words.contains("quote")
    {
      meanings += ["quote date", "quote create date", "sent date", "quote sent date", "sent"]
    }
    for meaning in meanings {
      for field in table.table.schema.fields
      where !used.contains(field.name)
        && ColumnWords(field.name).says(meaning, optional: optional)
      {
        guard let value = try value(of: field, as: attribute, in: table) else { continue }
        return RoleCandidate.Attribute(name: attribute, column: field, value: value)
      }
    }
    return nil
  }

  private func value(
    named name: String,
    for attribute: String,
    in table: TableEntry,
    except used: Set<String>
  ) throws(StatementFailure) -> RoleCandidate.Attribute? {
    let named = table.table.schema.fields.filter { field in
      guard !used.contains(field.name) else { return false }
      return ColumnHints.plain(field.name) == name
        || (attribute == "AMOUNT" && MinorUnits.split(field.name)?.name == name)
    }
    // Beside a code stands what it means: `statuscode@OData.Community.Display.V1.FormattedValue`.
    for field in named.filter({ $0.name.contains("@") }) + named.filter({ !$0.name.contains("@") })
    {
      guard let value = try value(of: field, as: attribute, in: table) else { continue }
      return RoleCandidate.Attribute(name: attribute, column: field, value: value)
    }
    return nil
  }

  func named(_ table: TableEntry, _ role: ModelRole) -> Bool {
    ColumnHints.tableWords(of: role).contains { ColumnHints.names(table.name, word: $0) }
  }

  /// A report of advertisements has its figures beside the cost, whatever its name is.
  private func isAdvertising(_ table: TableEntry) -> Bool {
    let names = Set(table.table.schema.fields.map { ColumnHints.plain($0.name) })
    return !names.isDisjoint(with: ["impressions", "impr", "views", "reach"])
      || !names.isDisjoint(with: ["clicks", "linkclicks", "klicks", "clics", "ctr", "cpc", "cpm"])
  }

  /// A budget by channel or campaign is spend; a budget by rep is a quota.
  private func isBudget(_ table: TableEntry) -> Bool {
    ["budget", "budgets"].contains(ColumnHints.bareTable(table.name))
      && table.table.schema.fields.contains { field in
        ["source", "campaign"].contains {
          ColumnWords(field.name).says($0, optional: ["name", "original"])
        }
      }
  }

  /// A log of what happened to deals, one event per row: `deal_id`, `event_type`, `occurred_at`.
  func isEventLog(_ table: TableEntry) -> Bool {
    ["event", "log", "activit"].contains { ColumnHints.plainTable(table.name).contains($0) }
      && RoleCandidate.column(["opportunityid", "dealid", "oppid"], of: table) != nil
      && RoleCandidate.column(
        ColumnHints.eventNames + ["tostage", "newstage", "stage"],
        of: table
      )?
      .type.isText ?? false
  }

  /// Events of visitors as analytics write them, of which one begins a session.
  private func isWebEvents(_ table: TableEntry) -> Bool {
    RoleCandidate.column(["userpseudoid"], of: table) != nil
      && RoleCandidate.column(["eventname"], of: table)?.type.isText ?? false
  }

  /// Whether a table has dates of a lead, of its qualification and of its opportunity, whatever it is
  /// called.
  private func isLeadSheet(_ table: TableEntry) -> Bool {
    let fields = table.table.schema.fields
    let begun = ["leaddate", "leadat", "leadcreated", "leadcreatedat", "datereceived", "leadin"]
    // Dates of both qualifications are those of leads on their way, in a table that is not of deals.
    if fields.contains(where: { Self.dates($0, "mql") }),
      fields.contains(where: { Self.dates($0, "sql") }), !named(table, .opportunities)
    {
      return true
    }
    return RoleCandidate.column(begun, of: table) != nil
      && fields.contains { Self.dates($0, "opportunity") }
      && fields.contains { Self.dates($0, "mql") || Self.dates($0, "sql") }
  }

  /// What people filled in on a site: a row for each who left an address there.
  private func isForm(_ table: TableEntry) -> Bool {
    let name = ColumnHints.plainTable(table.name)
    return ["formsubmission", "submission", "inquir", "enquir", "demorequest", "formfill"]
      .contains(where: name.contains)
      && RoleCandidate.column(["email", "emailaddress", "workemail"], of: table) != nil
  }

  /// A row for each who signed up, began a trial or applied.
  private func isIntake(_ table: TableEntry) -> Bool {
    let name = ColumnHints.plainTable(table.name)
    return [
      "signup", "trial", "admission", "applicant", "application", "candidate", "enquir", "inquir",
    ]
    .contains(where: name.contains)
      && !named(table, .opportunities) && !named(table, .history) && !isAdvertising(table)
      && !isWebEvents(table)
      && RoleCandidate.column(ColumnHints.eventNames, of: table) == nil
  }

  /// People of whom a column says how they are as leads: `Lead status` beside an address.
  private func isLeadsAmongPeople(_ table: TableEntry) -> Bool {
    ["people", "person", "persons", "individuals"].contains(ColumnHints.bareTable(table.name))
      && RoleCandidate.column(
        ["leadstatus", "leadsource", "leadstage", "lifecyclestage"],
        of: table
      )
        != nil
  }

  /// Whether a column is the date of a milestone.
  private static func dates(_ field: Field, _ milestone: String) -> Bool {
    RoleCandidate.isDate(field) && ColumnHints.milestone(field.name) == milestone
  }

  /// Whether a table's name lets it be asked at all.
  func mayPlay(_ table: TableEntry, _ role: ModelRole) -> Bool {
    let name = ColumnHints.plainTable(table.name)
    let bare = ColumnHints.bareTable(table.name)
    switch role {
    case .opportunities:
      if named(table, .history) || isAdvertising(table) || ChangeLog(table) != nil { return false }
      if ["stage", "property", "merged", "lineitem", "quota", "target"].contains(
        where: name.contains
      ) {
        return false
      }
      // `crm_lead` of Odoo holds both, and says which by its type.
      let isMixed = RoleCandidate.column(["type"], of: table)?.type.isText ?? false
      return !named(table, .leads) || named(table, .opportunities) || isMixed
    case .leads where ChangeLog(table) != nil: return false
    case .leads:
      if isLeadSheet(table) || isForm(table) || isIntake(table) || isLeadsAmongPeople(table) {
        return true
      }
      return (named(table, .leads) || ColumnHints.stageTables(of: .mqls).contains(bare))
        && !named(table, .history) && !named(table, .touches)
        && !isAdvertising(table)
        && ![
          "call", "activit", "task", "property", "merge", "form", "contactlist", "listmember",
          "marketinglist", "listimport",
        ].contains(where: name.contains)
        && !named(table, .opportunities)
    case .history where isEventLog(table) || ChangeLog(table) != nil: return true
    case .visits where isWebEvents(table): return true
    case .history, .visits, .touches, .spend, .quotas, .activities, .customers, .subscriptions:
      return named(table, role)
        || (role == .spend
          && (["campaign", "campaigns"].contains(bare) || isAdvertising(table) || isBudget(table)))
    case .mqls, .sqls:
      return ColumnHints.stageTables(of: role).contains(bare)
    case .bookings:
      // Where deals say what was won, bookings would say it twice.
      let deals = model.role(.opportunities)
      let isKnown = deals?.condition("won") != nil || model.stages.contains { $0.kind == .won }
      return !isKnown && ColumnHints.stageTables(of: role).contains(bare)
    }
  }

  private func qualified(_ candidate: RoleCandidate) throws(StatementFailure) -> RoleCandidate? {
    var candidate = candidate
    switch candidate.role {
    case .opportunities:
      guard let deals = try qualifiedDeals(candidate) else { return nil }
      return try withReadAmount(deals)
    case .leads:
      let name = ColumnHints.plainTable(candidate.table.name)
      let milestones = candidate.fields.filter { ColumnHints.milestone($0.name) != nil }
      // Leads that marketing or sales qualified are the leads only where there are no others.
      if name.contains("qualified") { candidate.rank = -1 }
      if isForm(candidate.table) || isIntake(candidate.table), !named(candidate.table, .leads) {
        candidate.rank = -2
      }
      if isLeadSheet(candidate.table), !named(candidate.table, .leads) {
        // Deals have all become one; where some row has not, the rows are leads.
        let later =
          candidate.fields.first { Self.dates($0, "opportunity") }
          ?? candidate.fields.first { Self.dates($0, "sql") }
        guard let deal = later,
          try holds(sql.isNull(sql.name(deal.name)), in: candidate.table)
        else { return nil }
        candidate.rank = -1
      }
      if ColumnHints.stageTables(of: .mqls).contains(ColumnHints.bareTable(candidate.table.name)) {
        candidate.rank = -1
        guard let key = candidate.attribute("KEY")?.column.name else { return nil }
        guard ["mqlid", "leadid"].contains(ColumnHints.plain(key)) else { return nil }
      }
      if name.contains("contact"), !name.contains("lead") {
        // Contacts are leads only where they go through the stages of a life cycle.
        candidate.rank = -1
        let isLifecycle =
          candidate.column(["lifecyclestage", "leadstatus", "leadstage"]) != nil
          || !milestones.isEmpty
        if isLifecycle { return candidate.has("CREATED") ? candidate : nil }
        // Contacts of firms that buy say whose they are; those of whom it is said where they came from
        // as leads, and not of which account they are, are the leads themselves.
        candidate.rank = -2
        let isSourced = candidate.column(["leadsource", "originalsource"]) != nil
        let isOfAccount = candidate.column(["accountid", "accountname", "reportstoid"]) != nil
        return isSourced && !isOfAccount && candidate.has("CREATED", "KEY") ? candidate : nil
      }
      if let isLead = try kind("lead", of: candidate) {
        guard try holds(isLead, in: candidate.table) else { return nil }
        candidate.counted = isLead
      }
      return candidate.has("CREATED") || candidate.has("CONVERTED") || !milestones.isEmpty
        ? candidate : nil
    case .history: return try qualifiedHistory(candidate)
    case .visits:
      if isWebEvents(candidate.table), let event = candidate.column(["eventname"]) {
        let begins = sql.equal(sql.name(event.name), sql.text("session_start"))
        guard try holds(begins, in: candidate.table) else { return nil }
        candidate.counted = begins
      }
      return candidate.has("VISITOR", "AT") ? candidate : nil
    case .touches:
      return candidate.has("AT") && (candidate.has("LEAD") || candidate.has("OPPORTUNITY"))
        ? candidate : nil
    case .spend:
      guard candidate.has("AT", "AMOUNT"), WideSheet(candidate.table, role: .spend) == nil else {
        return nil
      }
      // A table of campaigns calls them by their names, as deals linked to it show them.
      if !candidate.has("CAMPAIGN"),
        ["campaign", "campaigns"].contains(ColumnHints.tableStem(candidate.table.name)),
        let name = candidate.column(["name"]), name.type.isText
      {
        candidate.attributes.append(
          .init(name: "CAMPAIGN", column: name, value: sql.name(name.name))
        )
      }
      candidate.counted = try withoutTotals(of: candidate)
      return candidate
    case .quotas:
      // A column for each period: `recognizeWideSheets`.
      guard candidate.has("AMOUNT"), WideSheet(candidate.table, role: .quotas) == nil else {
        return nil
      }
      candidate.counted = try withoutTotals(of: candidate)
      return candidate
    case .activities:
      return candidate.has("AT") && (candidate.has("LEAD") || candidate.has("OPPORTUNITY"))
        ? candidate : nil
    case .customers: return candidate.has("KEY", "SINCE") ? candidate : nil
    case .subscriptions:
      if let interval = candidate.attribute("INTERVAL")?.column {
        let table = QualifiedName([sql.identifier(candidate.table.name)])
        let labels = try lookup.texts(of: sql.name(interval.name), in: table)
        if labels.isEmpty || labels.contains(where: { BillingInterval.months(of: $0) == nil }) {
          candidate.attributes.removeAll { $0.name == "INTERVAL" }
        }
      }
      guard candidate.has("CUSTOMER", "START", "AMOUNT") else { return nil }
      return try withPayingSeats(candidate)
    case .mqls, .sqls, .bookings:
      // Orders that take a row for each of their lines, as Shopify writes them: `Name` is the order.
      if !candidate.has("KEY"), let name = candidate.column(["name"]), name.type.isText,
        candidate.column(["lineitemname"]) != nil, let at = candidate.fields.firstIndex(of: name)
      {
        let key = RoleCandidate.Attribute(
          name: "KEY",
          column: candidate.fields[at],
          value: sql.name(name.name)
        )
        candidate.attributes.insert(key, at: 0)
      }
      return candidate.has("AT") ? candidate : nil
    }
  }

  /// The condition that leaves out the rows of sums that a report ends with; nil where it has none.
  private func withoutTotals(
    of candidate: RoleCandidate
  ) throws(StatementFailure) -> Expression? {
    let period = candidate.attributes.first { RoleCandidate.dates.contains($0.name) }?.column
    return try withoutTotals(of: candidate.table, beside: [period].compactMap { $0 })
  }

  /// The condition that leaves out rows of sums of a table, which say so in its first text or in one
  /// of some columns; nil where it has none.
  func withoutTotals(
    of table: TableEntry,
    beside columns: [Field]
  ) throws(StatementFailure) -> Expression? {
    let texts = table.table.schema.fields.filter(\.type.isText)
    var conditions: [Expression] = []
    for field in texts
    where field.name == texts.first?.name || columns.contains(where: { $0.name == field.name }) {
      guard SchemaLookup.mayHaveFewTexts(field.name, in: table.table) else { continue }
      let place = QualifiedName([sql.identifier(table.name)])
      let sums = try lookup.texts(of: sql.name(field.name), in: place).filter(ReportTotals.isTotal)
      guard !sums.isEmpty else { continue }
      let isSum = sql.any(of: sql.name(field.name), sums)
      conditions.append(sql.not(sql.call("coalesce", [isSum, sql.boolean(false)])))
    }
    return sql.all(conditions)
  }

  /// Stage changes: rows of a stage each, or of a field each, of which one is the stage.
  private func qualifiedHistory(_ found: RoleCandidate) throws(StatementFailure) -> RoleCandidate? {
    var candidate = found
    let log = ChangeLog(candidate.table)
    let moments = candidate.fields.filter(RoleCandidate.isDate)
    if !candidate.has("AT"), moments.count == 1, let at = moments.first {
      candidate.attributes.append(.init(name: "AT", column: at, value: sql.name(at.name)))
    }
    guard candidate.has("KEY", "STAGE", "AT"), let key = candidate.attribute("KEY") else {
      return nil
    }
    // Rows that say nothing of what became of the stage are of something else, such as notes.
    if let log, stageName(candidate) == log.after.name {
      let isMissing = sql.isNull(sql.name(log.after.name))
      if try holds(isMissing, in: candidate.table) { candidate.counted = sql.not(isMissing) }
    }
    let name = ColumnHints.plainTable(candidate.table.name)
    let keyName = ColumnHints.plain(key.column.name)
    let isLead = keyName == "leadid" || name.contains("lead")
    let isDeal = ["opportunityid", "dealid", "oppid", "kansnummer"].contains(keyName)
    guard
      isLead || isDeal || ColumnHints.tableWords(of: .opportunities).contains(where: name.contains)
    else { return nil }
    candidate.subject = isLead && !isDeal ? .leads : .opportunities
    candidate.rank = 1
    if ColumnHints.eventNames.contains(ColumnHints.plain(stageName(candidate))) {
      // Events are a history of stages where they say how deals end.
      let place = QualifiedName([sql.identifier(candidate.table.name)])
      let kinds = try lookup.texts(of: sql.name(stageName(candidate)), in: place)
        .map(ColumnHints.kind(ofLabel:))
      guard kinds.contains(.won), kinds.contains(.lost) else { return nil }
      candidate.rank = 0
      return candidate
    }
    let fieldNames = ["field", "fieldname", "fieldevent", "name", "property", "propertyname"]
    let values = ["newvalue", "value", "aftervalue", "aftervaluestring", "tovalue", "to", "after"]
    guard let field = candidate.column(fieldNames),
      field.type.isText, values.contains(ColumnHints.plain(stageName(candidate)))
    else { return candidate }
    // A history of all fields: only the rows of the stage speak of stages.
    let table = QualifiedName([sql.identifier(candidate.table.name)])
    let stages = try lookup.texts(of: sql.name(field.name), in: table).filter {
      [
        "stagename", "dealstage", "stage", "stageid", "status", "leadstatus", "salesstage",
        "opportunitystage", "pipelinestage", "phase", "fase", "dealstageid",
      ].contains(ColumnHints.plain($0))
    }
    guard !stages.isEmpty else { return nil }
    candidate.counted = sql.any(of: sql.name(field.name), stages)
    candidate.rank = 0
    return candidate
  }

  private func stageName(_ candidate: RoleCandidate) -> String {
    candidate.attribute("STAGE")?.column.name ?? ""
  }
}
