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
    var candidate = RoleCandidate(role: role, table: table, attributes: [])
    var used: Set<String> = []
    for (attribute, names) in ColumnHints.attributes(of: role) {
      for name in names {
        guard let found = try value(named: name, for: attribute, in: table, except: used) else {
          continue
        }
        candidate.attributes.append(found)
        used.insert(found.column.name)
        break
      }
    }
    return try qualified(candidate)
  }

  private func value(
    named name: String,
    for attribute: String,
    in table: TableEntry,
    except used: Set<String>
  ) throws(StatementFailure) -> RoleCandidate.Attribute? {
    for field in table.table.schema.fields
    where ColumnHints.plain(field.name) == name && !used.contains(field.name) {
      guard let value = try value(of: field, as: attribute, in: table) else { continue }
      return RoleCandidate.Attribute(name: attribute, column: field, value: value)
    }
    return nil
  }

  /// The column as an attribute; nil where its type or its texts do not allow that.
  func value(
    of field: Field,
    as attribute: String,
    in table: TableEntry
  ) throws(StatementFailure) -> Expression? {
    let column = sql.name(field.name)
    let isDate = RoleCandidate.isDate(field)
    switch attribute {
    case _ where RoleCandidate.dates.contains(attribute):
      return isDate ? column : try TextDates(recognizer: self).date(field, in: table)
    case "CONVERTED", "ACCEPTED":
      return isDate || field.type == .boolean
        ? column : try TextDates(recognizer: self).date(field, in: table)
    case "AMOUNT":
      if field.type.isNumeric { return column }
      return isEmpty(field, of: table) ? sql.cast(column, "DOUBLE") : nil
    default: return isDate || field.type == .boolean ? nil : column
    }
  }

  /// Whether a column of text has no value at all.
  func isEmpty(_ field: Field, of table: TableEntry) -> Bool {
    guard field.type.isText, table.table.rowCount > 0,
      let position = table.table.schema.fields.firstIndex(where: { $0.name == field.name })
    else { return false }
    return table.table.statistics(ofColumn: position).nullCount == table.table.rowCount
  }

  private func named(_ table: TableEntry, _ role: ModelRole) -> Bool {
    let name = ColumnHints.plainTable(table.name)
    return ColumnHints.tableWords(of: role).contains { name.contains($0) }
  }

  /// Whether a table's name lets it be asked at all.
  private func mayPlay(_ table: TableEntry, _ role: ModelRole) -> Bool {
    let name = ColumnHints.plainTable(table.name)
    switch role {
    case .opportunities:
      if named(table, .history) { return false }
      if ["stage", "property", "merged", "lineitem", "quota", "target"].contains(
        where: name.contains
      ) {
        return false
      }
      return !name.contains("lead") && !name.contains("contact") || named(table, .opportunities)
    case .leads:
      return named(table, .leads) && !named(table, .history) && !named(table, .touches)
        && !["call", "activit", "task", "property", "merge", "form", "list"]
          .contains(where: name.contains)
        && !named(table, .opportunities)
    case .history, .visits, .touches, .spend, .quotas, .activities, .customers, .subscriptions:
      return named(table, role) || (role == .spend && name == "campaign")
    case .mqls, .sqls:
      return ColumnHints.stageTables(of: role).contains(name)
    case .bookings:
      // Where deals say what was won, bookings would say it twice.
      let deals = model.role(.opportunities)
      let isKnown = deals?.condition("won") != nil || model.stages.contains { $0.kind == .won }
      return !isKnown && ColumnHints.stageTables(of: role).contains(name)
    }
  }

  private func qualified(_ candidate: RoleCandidate) throws(StatementFailure) -> RoleCandidate? {
    var candidate = candidate
    switch candidate.role {
    case .opportunities: return try qualifiedDeals(candidate)
    case .leads:
      let name = ColumnHints.plainTable(candidate.table.name)
      let milestones = candidate.fields.filter { ColumnHints.milestone($0.name) != nil }
      // Leads that marketing or sales qualified are the leads only where there are no others.
      if name.contains("qualified") { candidate.rank = -1 }
      if name.contains("contact"), !name.contains("lead") {
        // Contacts are leads only where they go through the stages of a life cycle.
        candidate.rank = -1
        let isLifecycle = candidate.column(["lifecyclestage"]) != nil || !milestones.isEmpty
        return isLifecycle && candidate.has("CREATED") ? candidate : nil
      }
      return candidate.has("CREATED") || candidate.has("CONVERTED") || !milestones.isEmpty
        ? candidate : nil
    case .history: return try qualifiedHistory(candidate)
    case .visits: return candidate.has("VISITOR", "AT") ? candidate : nil
    case .touches:
      return candidate.has("AT") && (candidate.has("LEAD") || candidate.has("OPPORTUNITY"))
        ? candidate : nil
    case .spend: return candidate.has("AT", "AMOUNT") ? candidate : nil
    case .quotas: return candidate.has("AMOUNT") ? candidate : nil
    case .activities:
      return candidate.has("AT") && (candidate.has("LEAD") || candidate.has("OPPORTUNITY"))
        ? candidate : nil
    case .customers: return candidate.has("KEY", "SINCE") ? candidate : nil
    case .subscriptions: return candidate.has("CUSTOMER", "START", "AMOUNT") ? candidate : nil
    case .mqls, .sqls, .bookings: return candidate.has("AT") ? candidate : nil
    }
  }

  /// Deals have a stage and a date or amount; without a telling name they need outcomes.
  private func qualifiedDeals(_ found: RoleCandidate) throws(StatementFailure) -> RoleCandidate? {
    var candidate = found
    let isNamed = named(candidate.table, .opportunities)
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
    if isStatus == nil { return try openedDeals(candidate) }
    guard isStatus == false || isNamed else { return nil }
    if isNamed {
      candidate.rank = 1
      return isDated && (isValued || candidate.has("KEY")) ? candidate : nil
    }
    return isDated && isValued ? candidate : nil
  }

  /// A table of the stage `opportunity` alone: when deals were opened, not what became of them.
  private func openedDeals(_ found: RoleCandidate) throws(StatementFailure) -> RoleCandidate? {
    var candidate = found
    let name = ColumnHints.plainTable(candidate.table.name)
    guard ColumnHints.stageTables(of: .opportunities).contains(name), !candidate.has("CLOSED")
    else { return nil }
    if !candidate.has("CREATED") {
      let names = ["date", "datum", "data", "day", "month"]
      guard let field = candidate.column(names),
        let value = try value(of: field, as: "CREATED", in: candidate.table)
      else { return nil }
      candidate.attributes.append(.init(name: "CREATED", column: field, value: value))
    }
    return candidate
  }

  /// Stage changes: rows of a stage each, or of a field each, of which one is the stage.
  private func qualifiedHistory(_ found: RoleCandidate) throws(StatementFailure) -> RoleCandidate? {
    var candidate = found
    guard candidate.has("KEY", "STAGE", "AT"), let key = candidate.attribute("KEY") else {
      return nil
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
    guard let field = candidate.column(["field", "fieldname", "name", "property", "propertyname"]),
      field.type.isText, ["newvalue", "value"].contains(ColumnHints.plain(stageName(candidate)))
    else { return candidate }
    // A history of all fields: only the rows of the stage speak of stages.
    let table = QualifiedName([sql.identifier(candidate.table.name)])
    let stages = try lookup.texts(of: sql.name(field.name), in: table).filter {
      ["stagename", "dealstage", "stage", "stageid", "status", "leadstatus"]
        .contains(ColumnHints.plain($0))
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
