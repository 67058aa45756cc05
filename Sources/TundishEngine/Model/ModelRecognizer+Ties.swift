internal import TundishColumns
internal import TundishSyntax

// What is said to lead from one role to another must do so: a column named like a key may hold names.
extension ModelRecognizer {
  /// Takes away LEAD of opportunities and OPPORTUNITY of leads where no row finds its other side.
  mutating func dropUntied() throws(StatementFailure) {
    for (role, attribute, other) in Self.ties {
      guard let source = given.first(where: { $0.role == role }), let target = model.role(other),
        let value = source.value(attribute), let key = target.value("key"),
        !foldedEqual(source.table.last, target.table.last)
      else { continue }
      let (own, wanted) = (Syntax.format(value), Syntax.format(key))
      let query =
        "SELECT count(*) FILTER (WHERE k IN (SELECT CAST(\(wanted) AS VARCHAR) FROM "
        + "\(quoted(target.table.last)))), count(*) FROM "
        + "(SELECT CAST(\(own) AS VARCHAR) AS k FROM \(quoted(source.table.last))) s "
        + "WHERE k IS NOT NULL"
      guard case .query(let parsed)? = Syntax.parse(query).script.statements.first?.kind,
        let row = try lookup.rows(of: parsed).first, row.count == 2,
        case .integer(0) = row[0], case .integer(let filled) = row[1], filled > 0
      else { continue }
      let attributes = source.attributes.filter {
        guard case .value(let name, _, _, _, _) = $0 else { return true }
        return !foldedEqual(name.text, attribute)
      }
      replace(source, by: .role(role, table: source.table, attributes: attributes, sql.range))
      tell(
        "\(source.table.last).\(own) holds no key of \(target.table.last), "
          + "so it does not tie \(role.rawValue.lowercasedASCII) to \(other.rawValue.lowercasedASCII)"
      )
    }
  }

  private static let ties: [(ModelRole, String, ModelRole)] = [
    (.opportunities, "lead", .leads), (.leads, "opportunity", .opportunities),
  ]

  /// Ties deals to leads by the address of the person, where no key does and every lead has an
  /// address of its own.
  mutating func tieByEmail() throws(StatementFailure) {
    guard let leads = given.first(where: { $0.role == .leads }),
      let deals = given.first(where: { $0.role == .opportunities }),
      !foldedEqual(leads.table.last, deals.table.last),
      deals.value("lead") == nil, leads.value("opportunity") == nil,
      model.role(.history, of: .leads) == nil, model.role(.touches) == nil,
      model.role(.activities) == nil,
      let own = email(of: leads), let other = email(of: deals),
      try lookup.isUnique(sql.name(own.name), in: leads.table)
    else { return }
    let (l, d) = (quoted(own.name), quoted(other.name))
    let rows = try lookup.rows(
      ofText: "SELECT count(\(d)) FILTER (WHERE \(d) IN (SELECT \(l) FROM "
        + "\(quoted(leads.table.last)))), (SELECT count(*) - count(\(l)) FROM "
        + "\(quoted(leads.table.last))) FROM \(quoted(deals.table.last))"
    )
    guard let row = rows.first, row.count == 2, case .integer(let matched) = row[0], matched > 0,
      row[1] == .integer(0)
    else { return }
    func value(_ name: String, _ column: String) -> ModelAttribute {
      .value(
        name: Identifier(name, range: sql.range),
        sql.name(column),
        currency: nil,
        maps: [],
        sql.range
      )
    }
    let kept = leads.attributes.filter {
      guard case .value(let name, _, _, _, _) = $0 else { return true }
      return !foldedEqual(name.text, "KEY")
    }
    let keyed = [value("KEY", own.name)] + kept
    replace(leads, by: .role(.leads, table: leads.table, attributes: keyed, sql.range))
    let tied = deals.attributes + [value("LEAD", other.name)]
    replace(deals, by: .role(.opportunities, table: deals.table, attributes: tied, sql.range))
    tell(
      "\(deals.table.last).\(other.name) ties opportunities to leads by \(own.name) "
        + "(\(groupedDigits(Int(matched))) rows find theirs)"
    )
  }

  /// Deals whose link leads to the key of the leads are of those leads.
  mutating func tieByLink(_ links: [LinkDefinition]) throws(StatementFailure) {
    guard let leads = given.first(where: { $0.role == .leads }),
      let deals = given.first(where: { $0.role == .opportunities }),
      deals.value("lead") == nil, leads.value("opportunity") == nil,
      let key = leads.value("key")?.simpleName?.text
    else { return }
    let found = links.filter { link in
      foldedEqual(link.source.parts.first?.text ?? "", deals.table.last)
        && foldedEqual(link.target.parts.first?.text ?? "", leads.table.last)
        && foldedEqual(link.target.last, key)
    }
    guard found.count == 1, let link = found.first else { return }
    let tied = deals.attributes + [attribute("LEAD", sql.name(link.source.last))]
    replace(deals, by: .role(.opportunities, table: deals.table, attributes: tied, sql.range))
    tell("\(deals.table.last).\(link.source.last) ties opportunities to leads")
  }

  /// Contacts and activities that name a lead by its address alone become rows of a view that has the
  /// lead's key.
  mutating func tieContactsByEmail() throws(StatementFailure) {
    guard let leads = model.role(.leads), let key = leads.value("key"), let own = email(of: leads),
      leads.value("count") == nil
    else { return }
    let l = quoted(own.name)
    let unique = try lookup.rows(
      ofText: "SELECT count(lower(\(l))), count(DISTINCT lower(\(l))) "
        + "FROM \(quoted(leads.table.last))"
    )
    guard let row = unique.first, row.count == 2, row[0] == row[1] else { return }
    for role in [ModelRole.touches, .activities] where model.role(role) == nil {
      let taken = Set(model.roles.map { foldedText($0.table.last) })
      var found: [(RoleCandidate, Field)] = []
      for entry in catalog.tables.values.sorted(by: { $0.name < $1.name })
      where !taken.contains(foldedText(entry.name)) && mayPlay(entry, role) {
        let candidate = try filled(RoleCandidate(role: role, table: entry, attributes: []))
        guard candidate.has("AT"), !candidate.has("LEAD"), !candidate.has("OPPORTUNITY"),
          let other = Self.email(in: entry), RoleCandidate.column(["leadkey"], of: entry) == nil
        else { continue }
        found.append((candidate, other))
      }
      guard found.count == 1, let (candidate, other) = found.first else { continue }
      let table = quoted(candidate.table.name)
      let joined =
        "FROM \(table) LEFT JOIN (SELECT lower(\(l)) AS address, \(Syntax.format(key)) AS lead_key "
        + "FROM \(quoted(leads.table.last)) WHERE \(l) IS NOT NULL) a "
        + "ON lower(\(table).\(quoted(other.name))) = a.address"
      let counts = try lookup.rows(ofText: "SELECT count(a.lead_key), count(*) \(joined)")
      let name = candidate.table.name + "_of_leads"
      guard let row = counts.first, row.count == 2, case .integer(let matched) = row[0],
        case .integer(let all) = row[1], matched * 2 >= all, matched > 0,
        catalog.tables[foldedText(name)] == nil, catalog.views[foldedText(name)] == nil,
        case .createView(let view)? = Syntax.parse(
          "CREATE VIEW \(quoted(name)) AS SELECT \(table).*, a.lead_key \(joined)"
        ).script.statements.first?.kind
      else { continue }
      add(view)
      let attributes =
        [attribute("LEAD", sql.name("lead_key"))]
        + candidate.attributes.map { attribute($0.name, $0.value) }
      let place = QualifiedName([sql.identifier(name)])
      model.items.append(.role(role, table: place, attributes: attributes, sql.range))
      tell(
        "\(role.rawValue.lowercasedASCII) = \(name), a view of \(candidate.table.name) that ties them "
          + "to leads by \(other.name) (\(groupedDigits(Int(matched))) rows find theirs)"
      )
    }
  }

  /// Leads whose answer is written nowhere but among the activities were answered by the first of them
  /// that did not come from the lead.
  mutating func readFirstResponse() throws(StatementFailure) {
    guard let leads = given.first(where: { $0.role == .leads }), leads.value("responded") == nil,
      let activities = model.role(.activities), let lead = activities.value("lead"),
      let at = activities.value("at"), let key = leads.value("key"),
      let created = leads.value("created"), leads.value("count") == nil,
      !foldedEqual(leads.table.last, activities.table.last),
      let first = lead.simpleName?.text, let own = key.simpleName?.text, at.simpleName != nil,
      created.simpleName != nil,
      // A day alone is when something is due, and too coarse for an answer.
      let moment = try lookup.type(of: at, in: activities.table), moment != .date,
      let start = try lookup.type(of: created, in: leads.table), start != .date
    else { return }
    var conditions = [
      "a.\(quoted(first)) = \(quoted(leads.table.last)).\(quoted(own))",
      "a.\(Syntax.format(at)) >= \(quoted(leads.table.last)).\(Syntax.format(created))",
    ]
    if let kind = activities.value("kind"), kind.simpleName != nil {
      let theirs = try lookup.texts(of: kind, in: activities.table).filter { label in
        let words = ColumnHints.label(label).split { !$0.isLetter }.map(String.init)
        return words.contains { word in Self.incoming.contains { word.hasPrefix($0) } }
      }
      if !theirs.isEmpty {
        let list = theirs.map { Syntax.format(sql.text($0)) }.joined(separator: ", ")
        conditions.append("a.\(Syntax.format(kind)) NOT IN (\(list))")
      }
    }
    let text =
      "(SELECT min(a.\(Syntax.format(at))) FROM \(quoted(activities.table.last)) a WHERE "
      + conditions.joined(separator: " AND ") + ")"
    guard let value = expression(text) else { return }
    let answered = leads.attributes + [attribute("RESPONDED", value)]
    replace(leads, by: .role(.leads, table: leads.table, attributes: answered, sql.range))
    tell("responded = the first of \(activities.table.last) of each lead from its creation on")
  }

  /// How labels of activities begin that a lead does of its own accord.
  private static let incoming = [
    "inbound", "incoming", "receiv", "open", "click", "visit", "view", "form", "submi", "web",
    "subscri", "unsub", "bounce", "reply", "replied", "ontvangen", "eingehend", "download", "note",
  ]

  /// The column of addresses of a role's table.
  private func email(of role: RoleDefinition) -> Field? {
    catalog.tables[foldedText(role.table.last)].flatMap { Self.email(in: $0) }
  }

  private static func email(in entry: TableEntry) -> Field? {
    let names = [
      "email", "emailaddress", "contactemail", "leademail", "primarycontactemail", "customeremail",
      "primaryemail", "personemail", "buyeremail", "workemail", "inviteeemail", "prospectemail",
      "recipientemail", "emailaddresses",
    ]
    return RoleCandidate.column(names, of: entry).flatMap { $0.type.isText ? $0 : nil }
  }
}
